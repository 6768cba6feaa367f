import type { CommandDeps } from '../../../foundation/command/command.ts';
import type { ExportFormat } from './export-filter.ts';

export type ExportStatus = 'waiting' | 'running' | 'ready' | 'fetched' | 'expired' | 'failed';

/** An export in the list of whoever asked for it. */
export type ExportEntry = {
  id: string;
  askedAt: Date;
  finishedAt: Date | null;
  expiresAt: Date | null;
  fetchedAt: Date | null;
  actionId: string;
  status: ExportStatus;
  format: string;
  filter: Readonly<Record<string, unknown>>;
  rowsDone: number;
  rowsWanted: number;
  unsealed: number;
  bytes: number | null;
  /** SHA-256 of the .zip, hex. */
  sha256: string | null;
  errorCode: string | null;
};

const columns = `e.id, e.asked_at AS "askedAt", e.finished_at AS "finishedAt", e.expires_at AS "expiresAt", e.fetched_at AS "fetchedAt",
  e.action_id AS "actionId", CASE WHEN e.status = 'ready' AND e.expires_at <= $2 THEN 'expired' ELSE e.status END AS status, e.format, e.filter,
  e.rows_done AS "rowsDone", e.rows_wanted AS "rowsWanted", e.unsealed, e.bytes::float8 AS bytes, encode(e.sha256, 'hex') AS sha256,
  e.error_code AS "errorCode"`;

/** The last exports of one person, newest first. */
export async function listExports(deps: CommandDeps, actorId: string, limit = 20): Promise<readonly ExportEntry[]> {
  const { rows } = await deps.database.pool.query<ExportEntry>(
    `SELECT ${columns} FROM audit.export AS e WHERE e.actor_id = $1 ORDER BY e.asked_at DESC, e.id DESC LIMIT ${limit}`,
    [actorId, deps.clock.now()],
  );
  return rows;
}

/** What the worker needs to make one. */
export type ExportOrder = {
  id: string;
  actorId: string;
  actorName: string;
  actionId: string;
  format: ExportFormat;
  filter: unknown;
  rowCap: number;
};

export async function findExportOrder(deps: CommandDeps, id: string): Promise<ExportOrder | null> {
  const { rows } = await deps.database.pool.query<ExportOrder>(
    `SELECT e.id, e.actor_id AS "actorId", e.actor_name AS "actorName", e.action_id AS "actionId", e.format, e.filter, e.row_cap AS "rowCap"
       FROM audit.export AS e WHERE e.id = $1`,
    [id],
  );
  return rows[0] ?? null;
}
