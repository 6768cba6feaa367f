import { z } from 'zod';
import { defineJob } from '../jobs/job.ts';

const keepDays = 30;
const batchSize = 5_000;

/**
 * Daily: forgets events and consumption marks that are older than any retry or dead letter could need. Repeating is
 * harmless. Works in batches, so that no statement holds many rows for long.
 */
export const tidyOutboxJob = defineJob({
  queue: 'platform.tidy-outbox',
  payload: z.object({}),
  policy: 'exclusive',
  schedule: '17 2 * * *',
  async handle(_payload, deps, run) {
    for (const sql of [tidyEventsSql, tidyMarksSql]) {
      let removed = batchSize;
      while (removed === batchSize && !run.signal.aborted) {
        const result = await deps.database.pool.query(sql, [batchSize]);
        removed = Number(result.rowCount);
      }
    }
  },
});

const tidyEventsSql = `DELETE FROM platform.outbox_event WHERE id IN (
  SELECT id FROM platform.outbox_event WHERE published_at < now() - interval '${keepDays} days' AND occurred_at < now() - interval '${keepDays} days' LIMIT $1)`;

/** Marks outlive the 90 days of a dead letter: one that is tried again must still find its mark. */
const tidyMarksSql = `DELETE FROM platform.outbox_consumed WHERE (consumer, event_id) IN (
  SELECT consumer, event_id FROM platform.outbox_consumed WHERE consumed_at < now() - interval '100 days' LIMIT $1)`;
