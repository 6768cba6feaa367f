import { z } from 'zod';
import { defineJob } from '../../../foundation/jobs/job.ts';
import { addSeconds } from '../../../foundation/runtime/clock.ts';

const keptSeconds = 90 * 86_400;
const batchSize = 5_000;

/** Forgets notices after 90 days, read or not: what they tell of is in the history. Repeating it finds nothing more. */
export const tidyNoticesJob = defineJob({
  queue: 'notifications.tidy-notices',
  payload: z.object({}),
  policy: 'exclusive',
  schedule: '53 3 * * *',
  async handle(_payload, { database, clock }, { signal }) {
    const before = addSeconds(clock.now(), -keptSeconds);
    let removed = batchSize;
    while (removed === batchSize && !signal.aborted) {
      const old = await database.prisma.staffNotice.findMany({
        where: { createdAt: { lt: before } },
        select: { id: true },
        take: batchSize,
      });
      removed = old.length;
      await database.prisma.staffNotice.deleteMany({ where: { id: { in: old.map(({ id }) => id) } } });
    }
  },
});
