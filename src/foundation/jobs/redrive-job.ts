import { z } from 'zod';
import { outboxEventSchema } from '../outbox/outbox-event.ts';
import { defineJob, type EventSubscription, type JobDefinition } from './job.ts';
import { deadLetterQueueOf } from './queue-plan.ts';

/** Emitted by whoever presses "retry" on dead letters; payload `{queue, jobId}` or `{queue, jobIds}`, the queue they failed on and their ids. */
export const redriveRequested = 'platform.dead_letter.retry_requested';

export const redriveSubscription: EventSubscription = { queue: 'platform.redrive', events: [redriveRequested] };

const queue = z.string().max(200);
const wish = z.union([z.object({ queue, jobId: z.uuid() }), z.object({ queue, jobIds: z.array(z.uuid()).max(1_000) })]);
const payload = z.object({ event: outboxEventSchema(wish) });

/**
 * Puts a dead letter back on its queue. The web process cannot write to the queues, so the wish travels by the outbox.
 * Repeating is harmless: the letter is gone after the first time.
 */
export function redriveJob(
  redrive: (deadLetterQueue: string, ids: readonly string[]) => Promise<unknown>,
): JobDefinition<z.infer<typeof payload>> {
  return defineJob({
    queue: redriveSubscription.queue,
    payload,
    async handle({ event }) {
      const ids = 'jobIds' in event.payload ? event.payload.jobIds : [event.payload.jobId];
      await redrive(deadLetterQueueOf(event.payload.queue), ids);
    },
  });
}
