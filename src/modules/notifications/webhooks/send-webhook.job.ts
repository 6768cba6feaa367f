import { z } from 'zod';
import { defineJob, type EventSubscription } from '../../../foundation/jobs/job.ts';
import { outboxEventSchema } from '../../../foundation/outbox/outbox-event.ts';
import { sendAttempt } from './send-attempt.ts';
import { webhookRequested } from './webhook-events.ts';

const byId = z.object({ attemptId: z.uuid() });

/** Makes one call; see sendAttempt() for why repeating is harmless. A call that failed waits in its row, not in the queue. */
export const sendWebhookJob = defineJob({
  queue: 'notifications.send-webhook',
  payload: z.union([byId, z.object({ event: outboxEventSchema(byId) })]),
  batchSize: 3,
  // A receiver that hangs holds up one lane, not all calls.
  lanes: 4,
  handle: (payload, deps, run) => sendAttempt(deps, 'event' in payload ? payload.event.payload.attemptId : payload.attemptId, run.signal),
});

export const sendWebhookSubscription: EventSubscription = { queue: sendWebhookJob.queue, events: [webhookRequested] };
