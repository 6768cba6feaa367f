import { type BoundedRead, readBounded } from '../runtime/bounded-read.ts';
import type { Database } from '../runtime/database.ts';
import { jobsTable, queueSchema, queuesTable } from './queue-plan.ts';

/** How a queue does at this moment. Failed and done count the last 24 hours, which is how long finished jobs are kept. */
export type QueueFigures = {
  queue: string;
  /** `exclusive` queues hold one job at a time. */
  policy: string;
  /** Cron expression in UTC, where there is a schedule. */
  schedule: string | null;
  waiting: number;
  /** Failed and waiting for their next attempt. */
  retrying: number;
  active: number;
  done: number;
  failed: number;
  dead: number;
  /** Seconds since the oldest job that could run was ready; null when none waits. */
  oldestSeconds: number | null;
  /** Jobs done a minute, over the last five. */
  perMinute: number;
  /** Milliseconds of the jobs done within the last hour. */
  p95Ms: number | null;
};

const figuresSql = `
  SELECT q.name AS queue, q.policy, s.cron AS schedule,
         count(*) FILTER (WHERE j.state = 'created')::int AS waiting,
         count(*) FILTER (WHERE j.state = 'retry')::int AS retrying,
         count(*) FILTER (WHERE j.state = 'active')::int AS active,
         count(*) FILTER (WHERE j.state = 'completed')::int AS done,
         count(*) FILTER (WHERE j.state = 'failed')::int AS failed,
         extract(epoch FROM now() - min(j.start_after) FILTER (WHERE j.state IN ('created', 'retry') AND j.start_after <= now()))::float8 AS "oldestSeconds",
         round(count(*) FILTER (WHERE j.state = 'completed' AND j.completed_on > now() - interval '5 minutes') / 5.0, 1)::float8 AS "perMinute",
         percentile_disc(0.95) WITHIN GROUP (ORDER BY extract(epoch FROM j.completed_on - j.started_on) * 1000)
           FILTER (WHERE j.state = 'completed' AND j.completed_on > now() - interval '1 hour')::float8 AS "p95Ms"
    FROM ${queuesTable} AS q
    LEFT JOIN ${jobsTable} AS j ON j.name = q.name
    LEFT JOIN ${queueSchema}.schedule AS s ON s.name = q.name AND s.key = ''
   WHERE q.name NOT LIKE '%.dead' AND q.name NOT LIKE '\\_\\_pgboss%'
   GROUP BY q.name, q.policy, s.cron ORDER BY q.name COLLATE "C"`;

const deadSql = `
  SELECT name, count(*)::int AS dead FROM ${queueSchema}.job_common WHERE name LIKE '%.dead' AND state = 'created' GROUP BY name`;

/** Every queue: what wants a person first, then what is busy, then by name. @throws AppError `query_too_broad` after three seconds */
export async function queueFigures({ pool }: Pick<Database, 'pool'>): Promise<QueueFigures[]> {
  return readBounded(pool, async (read) => {
    const [rows, dead] = [await read<Omit<QueueFigures, 'dead'>>(figuresSql, []), await deadCounts(read)];
    return rows
      .map((row) => ({
        ...row,
        dead: dead.get(`${row.queue}.dead`) ?? 0,
        oldestSeconds: row.oldestSeconds === null ? null : Math.max(0, Math.round(row.oldestSeconds)),
        p95Ms: row.p95Ms === null ? null : Math.round(row.p95Ms),
      }))
      .sort((left, right) => right.dead - left.dead || right.waiting + right.retrying - (left.waiting + left.retrying));
  });
}

async function deadCounts(read: BoundedRead): Promise<ReadonlyMap<string, number>> {
  const rows = await read<{ name: string; dead: number }>(deadSql, []);
  return new Map(rows.map(({ name, dead }) => [name, dead]));
}
