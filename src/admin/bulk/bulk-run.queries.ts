import type { CommandDeps } from '../../foundation/command/command.ts';
import type { RowOutcome, RowResult } from './bulk-run.ts';

type RunStatus = 'queued' | 'running' | 'completed' | 'cancelled' | 'failed';

/** A run as its executor needs it. */
export type RunOrder = {
  id: string;
  resource: string;
  command: string;
  requestedBy: string;
  reasonCode: string | null;
  reasonText: string | null;
  ticketId: string | null;
  input: unknown;
  status: RunStatus;
  createdAt: Date;
  undoOf: string | null;
  askedSession: Uint8Array | null;
  provedAt: Date | null;
};

/** A run in a list or on its page. */
export type RunEntry = RunOrder & {
  total: number;
  finishedAt: Date | null;
  startedAt: Date | null;
  actionId: string | null;
  undoAction: string | null;
  /** The run that took this one back. */
  undoneBy: string | null;
  counts: Readonly<Record<RowOutcome, number>>;
};

/** A row that is still to be done. `expectedVersion`: what the record must be at, for a run that takes another one back. */
export type OpenRow = { id: string; recordId: string; expectedVersion: number | null };

const orderColumns = {
  id: true,
  resource: true,
  command: true,
  requestedBy: true,
  reasonCode: true,
  reasonText: true,
  ticketId: true,
  input: true,
  status: true,
  createdAt: true,
  undoOf: true,
  askedSession: true,
  provedAt: true,
} as const;

const entryColumns = { ...orderColumns, total: true, finishedAt: true, startedAt: true, actionId: true, undoAction: true } as const;

export function findRun(deps: CommandDeps, id: string): Promise<RunOrder | null> {
  return deps.database.prisma.bulkRun.findUnique({ where: { id }, select: orderColumns });
}

/** The next row that is not done, while the run goes on; null once there is none or somebody cancelled it. */
export async function nextRow(deps: CommandDeps, runId: string): Promise<OpenRow | null> {
  const { rows } = await deps.database.pool.query<OpenRow>({
    name: 'bulk-next-row',
    text: `SELECT w.id, w.record_id AS "recordId", b.version_after AS "expectedVersion"
             FROM platform.bulk_run AS r
             JOIN platform.bulk_row AS w ON w.run_id = r.id AND w.outcome = 'waiting'
             LEFT JOIN platform.bulk_row AS b ON b.run_id = r.undo_of AND b.record_id = w.record_id
            WHERE r.id = $1 AND r.status = 'running' ORDER BY w.position LIMIT 1`,
    values: [runId],
  });
  return rows[0] ?? null;
}

/** The rows of a run in their order. */
export async function rowsOf(deps: CommandDeps, runId: string): Promise<readonly (RowResult & { doneAt: Date | null })[]> {
  const rows = await deps.database.prisma.bulkRow.findMany({ where: { runId }, orderBy: { position: 'asc' } });
  return rows.map(({ recordId, outcome, reason, errorCode, actionId, doneAt }) => ({
    id: recordId,
    outcome,
    doneAt,
    ...(reason === null ? {} : { reason }),
    ...(errorCode === null ? {} : { code: errorCode }),
    ...(actionId === null ? {} : { actionId }),
  }));
}

/** Runs, newest first: one person's, or everybody's. `before` is the id of the last one seen. */
export async function listRuns(
  deps: CommandDeps,
  asked: { requestedBy: string | null; before?: string | undefined; take: number },
): Promise<readonly RunEntry[]> {
  const { requestedBy, before, take } = asked;
  const runs = await deps.database.prisma.bulkRun.findMany({
    where: { ...(requestedBy === null ? {} : { requestedBy }), ...(before ? { id: { lt: before } } : {}) },
    select: entryColumns,
    orderBy: { id: 'desc' },
    take,
  });
  return withCounts(deps, runs);
}

export async function findRunEntry(deps: CommandDeps, id: string): Promise<RunEntry | null> {
  const run = await deps.database.prisma.bulkRun.findUnique({ where: { id }, select: entryColumns });
  const [entry] = run ? await withCounts(deps, [run]) : [];
  return entry ?? null;
}

type BareEntry = Omit<RunEntry, 'counts' | 'undoneBy'>;

async function withCounts(deps: CommandDeps, runs: readonly BareEntry[]): Promise<readonly RunEntry[]> {
  const { prisma } = deps.database;
  const ids = runs.map((run) => run.id);
  const counted = await prisma.bulkRow.groupBy({ by: ['runId', 'outcome'], where: { runId: { in: ids } }, _count: true });
  const undone = await prisma.bulkRun.findMany({ where: { undoOf: { in: ids } }, select: { id: true, undoOf: true } });
  return runs.map((run) => {
    const count = (outcome: RowOutcome) => counted.find((row) => row.runId === run.id && row.outcome === outcome)?._count ?? 0;
    return {
      ...run,
      undoneBy: undone.find((other) => other.undoOf === run.id)?.id ?? null,
      counts: { waiting: count('waiting'), changed: count('changed'), unchanged: count('unchanged'), refused: count('refused') },
    };
  });
}

const staleSeconds = 60;

/** Runs that nobody is working on: their process died, or never began. */
export async function staleRuns(deps: CommandDeps): Promise<readonly string[]> {
  const { rows } = await deps.database.pool.query<{ id: string }>(
    `SELECT r.id FROM platform.bulk_run AS r
      WHERE r.status IN ('queued', 'running')
        AND greatest(r.created_at, r.started_at, (SELECT max(w.done_at) FROM platform.bulk_row AS w WHERE w.run_id = r.id)) < $1::timestamptz - make_interval(secs => $2)
      ORDER BY r.created_at LIMIT 100`,
    [deps.clock.now(), staleSeconds],
  );
  return rows.map((row) => row.id);
}
