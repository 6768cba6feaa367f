import { z } from 'zod';
import { defineJob } from '../../foundation/jobs/job.ts';
import { addSeconds } from '../../foundation/runtime/clock.ts';

/** Three whole months: a worker that is down for weeks must not stop audited writes. */
const aheadSeconds = 100 * 86_400;

/**
 * Daily and when a worker starts: makes the coming months of the history, each protected in the transaction that makes it, and
 * indexes the changed fields of months that are over. Repeating is harmless: what exists is left alone.
 */
export const partitionsJob = defineJob({
  queue: 'audit.partitions',
  payload: z.object({}),
  policy: 'exclusive',
  schedule: '11 1 * * *',
  isSentAtStart: true,
  async handle(_payload, deps) {
    const now = deps.clock.now();
    await deps.database.pool.query('SELECT audit.make_partitions($1::date, $2::date)', [dayOf(now), dayOf(addSeconds(now, aheadSeconds))]);
    await deps.database.pool.query('SELECT audit.index_closed_months()');
  },
});

const dayOf = (at: Date) => at.toISOString().slice(0, 10);
