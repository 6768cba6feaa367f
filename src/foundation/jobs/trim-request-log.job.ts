import { z } from 'zod';
import { recordAction } from '../command/action-row.ts';
import type { CommandDeps } from '../command/command.ts';
import { addSeconds } from '../runtime/clock.ts';
import { defineJob, type JobRun } from './job.ts';

const batchSize = 5_000;
const day = 86_400;

/**
 * Daily: empties the bodies of the request log after API_LOG_BODY_DAYS, drops the months and deletes the rows that are older than
 * API_LOG_DAYS. What a legal hold names stays. Repeating finds nothing more to do. Leaves one action that says how much went.
 */
export const trimRequestLogJob = defineJob({
  queue: 'platform.trim-request-log',
  payload: z.object({}),
  policy: 'exclusive',
  schedule: '23 2 * * *',
  async handle(_payload, deps, run) {
    const { apiLogDays, apiLogBodyDays } = deps.config;
    const now = deps.clock.now();
    const keepFrom = addSeconds(now, -apiLogDays * day);
    const bodies = await inBatches(deps, run, forgetBodiesSql, addSeconds(now, -apiLogBodyDays * day));
    const months = await dropMonths(deps, keepFrom);
    const rows = await inBatches(deps, run, deleteRowsSql, keepFrom);
    const losses = await inBatches(deps, run, deleteLossesSql, keepFrom);
    if (bodies + rows + losses + months.length === 0) return;
    await recordAction(deps, {
      resource: 'api_log',
      action: 'trim-request-log',
      outcome: 'ok',
      recordCount: rows,
      note: [`bodies ${bodies}`, `rows ${rows}`, `losses ${losses}`, ...months].join(', '),
    });
  },
});

async function inBatches(deps: CommandDeps, run: JobRun, sql: string, before: Date): Promise<number> {
  let sum = 0;
  let changed = batchSize;
  while (changed === batchSize && !run.signal.aborted) {
    const result = await deps.database.pool.query(sql, [before, batchSize]);
    changed = Number(result.rowCount);
    sum += changed;
  }
  return sum;
}

async function dropMonths(deps: CommandDeps, keepFrom: Date): Promise<string[]> {
  const { rows } = await deps.database.pool.query<{ part: string; is_dropped: boolean }>(
    "SELECT part, is_dropped FROM platform.drop_months('platform.api_log', $1::date)",
    [keepFrom.toISOString().slice(0, 10)],
  );
  return rows.map((row) => `${row.part} ${row.is_dropped ? 'dropped' : 'on hold'}`);
}

/** True of a row that no hold names: neither its person nor its month. */
const isFree = `NOT EXISTS (SELECT FROM audit.hold AS h WHERE h.released_at IS NULL AND (h.subject_id = l.actor_id
  OR date_trunc('month', h.month::timestamp) = date_trunc('month', l.occurred_at AT TIME ZONE 'UTC')))`;

const forgetBodiesSql = `UPDATE platform.api_log SET body = NULL WHERE body IS NOT NULL AND occurred_at < $1::timestamptz AND (occurred_at, id) IN (
  SELECT l.occurred_at, l.id FROM platform.api_log AS l WHERE l.body IS NOT NULL AND l.occurred_at < $1::timestamptz AND ${isFree}
   ORDER BY l.occurred_at LIMIT $2)`;

const deleteRowsSql = `DELETE FROM platform.api_log WHERE occurred_at < $1::timestamptz AND (occurred_at, id) IN (
  SELECT l.occurred_at, l.id FROM platform.api_log AS l WHERE l.occurred_at < $1::timestamptz AND ${isFree} ORDER BY l.occurred_at LIMIT $2)`;

const deleteLossesSql = `DELETE FROM platform.api_log_loss WHERE id IN (
  SELECT id FROM platform.api_log_loss WHERE occurred_at < $1::timestamptz LIMIT $2)`;
