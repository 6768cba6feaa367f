import type { CommandDeps } from '../../foundation/command/command.ts';

type ListExportStatus = 'waiting' | 'running' | 'ready' | 'fetched' | 'expired' | 'failed';

/** An export in the list of whoever asked for it. */
type ListExportEntry = {
  id: string;
  createdAt: Date;
  expiresAt: Date | null;
  fetchedAt: Date | null;
  actionId: string;
  resource: string;
  format: string;
  filterNote: string;
  columns: readonly string[];
  status: ListExportStatus;
  rowsDone: number;
  rowsWanted: number;
  bytes: number | null;
  /** SHA-256 of the file, hex. */
  sha256: string | null;
  errorCode: string | null;
};

/** The last exports of one person, newest first. */
export async function listExportsOf(deps: CommandDeps, actorId: string): Promise<readonly ListExportEntry[]> {
  const { rows } = await deps.database.pool.query<ListExportEntry>(
    `SELECT e.id, e.created_at AS "createdAt", e.expires_at AS "expiresAt", e.fetched_at AS "fetchedAt", e.action_id AS "actionId", e.resource,
            e.format, e.filter_note AS "filterNote", e.columns, e.rows_done AS "rowsDone", e.rows_wanted AS "rowsWanted", e.bytes,
            encode(e.sha256, 'hex') AS sha256, e.error_code AS "errorCode",
            CASE WHEN e.status = 'ready' AND e.expires_at <= $2 THEN 'expired' ELSE e.status END AS status
       FROM platform.list_export AS e WHERE e.actor_id = $1 ORDER BY e.created_at DESC, e.id DESC LIMIT 20`,
    [actorId, deps.clock.now()],
  );
  return rows;
}

/** What the worker needs to make one. */
export type ListExportOrder = {
  id: string;
  actorId: string;
  actorName: string;
  actionId: string;
  resource: string;
  format: string;
  columns: string[];
  queryBox: Uint8Array | null;
  wrappedKey: Uint8Array | null;
  kekKid: string | null;
  rowCap: number;
  filterNote: string;
};

/** Takes an order up, or takes it up anew after an attempt that died: without the pieces of that one. Null where it is over. */
export async function beginListExport({ database, clock }: CommandDeps, id: string): Promise<ListExportOrder | null> {
  const { prisma } = database;
  const { count } = await prisma.listExport.updateMany({
    where: { id, status: { in: ['waiting', 'running'] } },
    data: { status: 'running', begunAt: clock.now(), rowsDone: 0 },
  });
  if (count === 0) return null;
  await prisma.listExportPart.deleteMany({ where: { exportId: id } });
  return prisma.listExport.findUnique({ where: { id } });
}
