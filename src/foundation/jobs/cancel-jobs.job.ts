import { z } from 'zod';
import { outboxEventSchema } from '../outbox/outbox-event.ts';
import { defineJob, type EventSubscription, type JobDefinition } from './job.ts';

/** Emitted by whoever drops jobs; payload `{queue, jobIds}`, the queue they lie in. */
export const cancelRequested = 'platform.job.cancel_requested';

export const cancelSubscription: EventSubscription = { queue: 'platform.cancel-jobs', events: [cancelRequested] };

const payload = z.object({ event: outboxEventSchema(z.object({ queue: z.string().max(200), jobIds: z.array(z.uuid()).max(1_000) })) });

/** Drops jobs that wait. Repeating is harmless: what is dropped or done stays so. */
export function cancelJobsJob(cancel: (queue: string, ids: readonly string[]) => Promise<unknown>): JobDefinition<z.infer<typeof payload>> {
  return defineJob({
    queue: cancelSubscription.queue,
    payload,
    async handle({ event }) {
      await cancel(event.payload.queue, event.payload.jobIds);
    },
  });
}
