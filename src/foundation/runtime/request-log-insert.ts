import type pg from 'pg';
import type { RequestRow } from './request-log-row.ts';

const columns = `occurred_at, id, request_id, actor_id, status, ms, req_bytes, res_bytes, method, path_template, door, error_code,
   slow, sampled, headers, body, ip, weight`;

/** One statement whose text never changes, however many rows: planned once per connection. */
const insertSql = `
  INSERT INTO platform.api_log (${columns})
  SELECT ${columns}
  FROM jsonb_to_recordset($1::jsonb) AS entry (
    occurred_at timestamptz, id uuid, request_id text, actor_id uuid, status smallint, ms int, req_bytes int, res_bytes int, method text,
    path_template text, door text, error_code text, slow boolean, sampled boolean, headers jsonb, body jsonb, ip inet, weight real)`;

/** Writes rows of the request log in one statement. */
export async function insertRequests(pool: pg.Pool, rows: readonly RequestRow[]): Promise<void> {
  await pool.query({ name: 'request-log-insert', text: insertSql, values: [JSON.stringify(rows)] });
}

const insertLossSql = `
  INSERT INTO platform.api_log_loss (occurred_at, lost, cause)
  SELECT $1::timestamptz, lost, cause FROM jsonb_to_recordset($2::jsonb) AS entry (lost int, cause text)`;

export async function insertLosses(pool: pg.Pool, losses: readonly { cause: string; lost: number }[], at: Date): Promise<void> {
  await pool.query({ name: 'request-log-losses', text: insertLossSql, values: [at, JSON.stringify(losses)] });
}

/** Data exceptions (22) and violated constraints (23): the fault of a row, which another try of the same batch would meet again. */
export function isBadRow(error: unknown): boolean {
  return error instanceof Error && 'code' in error && typeof error.code === 'string' && /^2[23]/.test(error.code);
}
