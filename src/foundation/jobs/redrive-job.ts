import { z } from 'zod';
import { outboxEventSchema } from '../outbox/outbox-event.ts';
import { defineJob, type EventSubscription, type JobDefinition } from './job.ts';
import { deadLetterQueueOf } from './queue-plan.ts';

/** Emitted by whoever presses "retry" on a dead letter; payload `{queue, jobId}`, the queue it failed on and the dead letter's id. */
export const redriveRequested = 'platform.dead_letter.retry_requested';

export const redriveSubscription: EventSubscription = { queue: 'platform.redrive', events: [redriveRequested] };

const payload = z.object({ event: outboxEventSchema(z.object({ queue: z.string().max(200), jobId: z.uuid() })) });

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
      await redrive(deadLetterQueueOf(event.payload.queue), [event.payload.jobId]);
    },
  });
}
