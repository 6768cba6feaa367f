import { z } from 'zod';
import { defineJob } from '../../foundation/jobs/job.ts';
import { addSeconds } from '../../foundation/runtime/clock.ts';

const keptSeconds = 35 * 86_400;

/** Forgets counts of SMS after 35 days: the rules look back one day, the monthly bill one month. Repeating it finds nothing more. */
export const tidySmsJob = defineJob({
  queue: 'notifications.tidy-sms',
  payload: z.object({}),
  policy: 'exclusive',
  schedule: '41 3 * * *',
  async handle(_payload, { database, clock }) {
    const before = addSeconds(clock.now(), -keptSeconds);
    await database.prisma.smsAttempt.deleteMany({ where: { at: { lt: before } } });
    await database.prisma.smsAlarm.deleteMany({ where: { until: { lt: before } } });
  },
});
