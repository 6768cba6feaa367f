import { z } from 'zod';
import { defineJob } from './job.ts';

const batchSize = 5_000;

/**
 * Hourly: forgets counters, idempotency keys and presence whose time is over, which nothing reads any more. Repeating is harmless. Works
 * in batches, so that no statement holds many rows for long.
 */
export const tidyCountersJob = defineJob({
  queue: 'platform.tidy-counters',
  payload: z.object({}),
  policy: 'exclusive',
  schedule: '37 * * * *',
  async handle(_payload, deps, run) {
    for (const sql of [tidyBucketsSql, tidyKeysSql, tidyPresenceSql]) {
      let removed = batchSize;
      while (removed === batchSize && !run.signal.aborted) {
        const result = await deps.database.pool.query(sql, [deps.clock.now(), batchSize]);
        removed = Number(result.rowCount);
      }
    }
  },
});

const tidyBucketsSql = `DELETE FROM platform.rate_bucket WHERE key IN (
  SELECT key FROM platform.rate_bucket WHERE expires_at < $1::timestamptz AND (locked_until IS NULL OR locked_until < $1::timestamptz) LIMIT $2)`;

const tidyKeysSql = `DELETE FROM platform.idempotency_key WHERE (scope, key) IN (
  SELECT scope, key FROM platform.idempotency_key WHERE expires_at < $1::timestamptz LIMIT $2)`;

const tidyPresenceSql = `DELETE FROM platform.presence WHERE (resource, record_id, staff_user_id) IN (
  SELECT resource, record_id, staff_user_id FROM platform.presence WHERE seen_at < $1::timestamptz - interval '1 hour' LIMIT $2)`;
