import { z } from 'zod';
import { defineJob } from '../../../foundation/jobs/job.ts';
import { addSeconds } from '../../../foundation/runtime/clock.ts';

/** As long as the events themselves: later nothing could be sent again. */
const keptSeconds = 30 * 86_400;

/** Daily: forgets calls after 30 days. Repeating it finds nothing more. */
export const tidyWebhooksJob = defineJob({
  queue: 'notifications.tidy-webhooks',
  payload: z.object({}),
  policy: 'exclusive',
  schedule: '47 3 * * *',
  async handle(_payload, { database, clock }) {
    await database.prisma.webhookAttempt.deleteMany({ where: { createdAt: { lt: addSeconds(clock.now(), -keptSeconds) } } });
  },
});
