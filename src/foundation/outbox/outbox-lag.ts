import type { Database } from '../runtime/database.ts';

/** Seconds since the oldest event that no relay has taken was written; 0 when all are taken. By the time
 * in its id, since what it tells of may lie further back. For health and metrics. */
export async function outboxLagSeconds(database: Pick<Database, 'pool'>): Promise<number> {
  const { rows } = await database.pool.query<{ lag: number | null }>(
    `SELECT extract(epoch FROM clock_timestamp() - uuid_extract_timestamp(id))::float8 AS lag
       FROM platform.outbox_event WHERE published_at IS NULL ORDER BY id LIMIT 1`,
  );
  return Math.max(0, rows[0]?.lag ?? 0);
}
