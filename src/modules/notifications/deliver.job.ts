import { z } from 'zod';
import { defineJob } from '../../foundation/jobs/job.ts';
import { outboxEventSchema } from '../../foundation/outbox/outbox-event.ts';
import { deliverMessage } from './deliver-message.ts';
import { deliveryQueued, deliveryQueuedPayload } from './events.ts';

/** Sends one delivery; see deliverMessage() for why repeating is harmless. A code lives for minutes, so the five retries are over after two. */
export const deliverJob = defineJob({
  queue: 'notifications.deliver',
  payload: z.object({ event: outboxEventSchema(deliveryQueuedPayload) }),
  retryLimit: 5,
  retryDelaySeconds: 4,
  batchSize: 3,
  // A provider that hangs holds up one lane, not all messages.
  lanes: 4,
  handle: ({ event }, deps, run) => deliverMessage(deps, event.payload.deliveryId, run),
});

export const deliverSubscription = { queue: deliverJob.queue, events: [deliveryQueued] };
