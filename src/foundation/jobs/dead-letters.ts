import type { Database } from '../runtime/database.ts';
import { sourceQueueOf } from './queue-plan.ts';

/** A job that failed for good and waits for a person. What it was about is named by ids only. */
export type DeadLetter = {
  /** Pass with `queue` to ask for another try. */
  id: string;
  /** The queue it failed on. */
  queue: string;
  /** Attempts it had. */
  attempts: number;
  /** The last error, redacted. */
  error: string | null;
  createdAt: Date;
  failedAt: Date;
};

type Row = { id: string; name: string; attempts: number; message: string | null; created_on: Date; failed_on: Date };

const listSql = `
  SELECT id, name, COALESCE(source_retry_count, 0) + 1 AS attempts, source_output #>> '{error,message}' AS message,
         COALESCE(source_created_on, created_on) AS created_on, created_on AS failed_on
    FROM pgboss.job_common
   WHERE name LIKE '%.dead' AND state = 'created' AND ($1::text IS NULL OR name = $1 || '.dead')
   ORDER BY failed_on DESC, id DESC LIMIT $2`;

/** Newest first, 200 at most; of one queue, or of all. Readable by the web role. */
export async function listDeadLetters(
  database: Pick<Database, 'pool'>,
  filter: { queue?: string; limit?: number } = {},
): Promise<DeadLetter[]> {
  const { rows } = await database.pool.query<Row>(listSql, [filter.queue ?? null, Math.min(filter.limit ?? 50, 200)]);
  return rows.map((row) => ({
    id: row.id,
    queue: sourceQueueOf(row.name),
    attempts: row.attempts,
    error: row.message,
    createdAt: row.created_on,
    failedAt: row.failed_on,
  }));
}

/** How many wait, for the dashboard and the health page; counts 1,000 at most. */
export async function countDeadLetters(database: Pick<Database, 'pool'>): Promise<number> {
  const { rows } = await database.pool.query<{ count: number }>(
    `SELECT count(*)::int AS count FROM (SELECT 1 FROM pgboss.job_common WHERE name LIKE '%.dead' AND state = 'created' LIMIT 1000) AS waiting`,
  );
  return rows[0]?.count ?? 0;
}
