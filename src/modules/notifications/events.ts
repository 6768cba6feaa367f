import { z } from 'zod';

/** A delivery row waits to be sent; consumed by `notifications.deliver`. Payload: deliveryId. */
export const deliveryQueued = 'notifications.delivery.queued';

/** A message could not be delivered. Payload: deliveryId, template. */
export const deliveryFailed = 'notifications.delivery.failed';

export const deliveryQueuedPayload = z.object({ deliveryId: z.uuid() });
