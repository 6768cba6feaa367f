import { readBounded } from '../runtime/bounded-read.ts';
import type { Database } from '../runtime/database.ts';
import { errorOf, type PayloadValue, payloadValues } from './job-detail.ts';
import { deadLetterQueueOf, deadLettersTable, jobsTable } from './queue-plan.ts';

/** What people look at: waiting includes jobs between two attempts. */
export const jobStates = ['waiting', 'active', 'failed', 'dead', 'done'] as const;
export type JobState = (typeof jobStates)[number];

/** A job as staff see it: what it is about by ids, never more. */
export type JobItem = {
  id: string;
  state: JobState;
  /** Attempts it had. */
  attempts: number;
  createdAt: Date;
  startedAt: Date | null;
  endedAt: Date | null;
  /** When it runs next, while it waits. */
  dueAt: Date | null;
  error: { type: string | null; message: string } | null;
  values: readonly PayloadValue[];
};

/** Dead letters that failed alike. */
export type DeadGroup = { error: string | null; count: number };

const statesSql: Readonly<Record<JobState, string>> = {
  waiting: `state IN ('created', 'retry')`,
  active: `state = 'active'`,
  failed: `state IN ('failed', 'cancelled')`,
  dead: `state = 'created'`,
  done: `state = 'completed'`,
};

type Row = {
  id: string;
  attempts: number;
  created: Date;
  started_on: Date | null;
  completed_on: Date | null;
  start_after: Date | null;
  output: unknown;
  data: unknown;
};

/** Newest first, 50 a page; `before` is the last id of the page before. @throws AppError `query_too_broad` */
export async function listJobs(
  { pool }: Pick<Database, 'pool'>,
  { queue, state, before, error }: { queue: string; state: JobState; before?: string | undefined; error?: string | undefined },
): Promise<{ items: JobItem[]; next: string | null }> {
  const isDead = state === 'dead';
  const sql = `
    SELECT id, COALESCE(source_retry_count, retry_count) + CASE WHEN started_on IS NULL AND source_retry_count IS NULL THEN 0 ELSE 1 END AS attempts,
           COALESCE(source_created_on, created_on) AS created, started_on, CASE WHEN $4 THEN created_on ELSE completed_on END AS completed_on, start_after,
           COALESCE(source_output, output) AS output, data
      FROM ${isDead ? deadLettersTable : jobsTable}
     WHERE name = $1 AND ${statesSql[state]}
       AND ($2::uuid IS NULL OR (created_on, id) < (SELECT created_on, id FROM ${isDead ? deadLettersTable : jobsTable} WHERE name = $1 AND id = $2::uuid))
       AND ($3::text IS NULL OR source_output #>> '{error,message}' = $3)
     ORDER BY created_on DESC, id DESC LIMIT ${pageSize + 1}`;
  const values = [isDead ? deadLetterQueueOf(queue) : queue, before ?? null, error ?? null, isDead];
  const rows = await readBounded(pool, (read) => read<Row>(sql, values));
  const items = rows.slice(0, pageSize).map((row) => itemOf(row, state));
  const last = items.at(-1);
  return { items, next: last && rows.length > pageSize ? last.id : null };
}

const pageSize = 50;

function itemOf(row: Row, state: JobState): JobItem {
  return {
    id: row.id,
    state,
    attempts: row.attempts,
    createdAt: row.created,
    startedAt: row.started_on,
    endedAt: row.completed_on,
    dueAt: state === 'waiting' ? row.start_after : null,
    error: errorOf(row.output),
    values: payloadValues(row.data),
  };
}

/** The dead letters of a queue by their error, most first: so that a hundred of one cause are one decision. */
export async function deadGroups({ pool }: Pick<Database, 'pool'>, queue: string): Promise<DeadGroup[]> {
  const sql = `
    SELECT source_output #>> '{error,message}' AS error, count(*)::int AS count FROM ${deadLettersTable}
     WHERE name = $1 AND state = 'created' GROUP BY 1 ORDER BY 2 DESC, 1 LIMIT 20`;
  return readBounded(pool, (read) => read<DeadGroup>(sql, [deadLetterQueueOf(queue)]));
}
