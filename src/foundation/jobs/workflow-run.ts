import type { Tx } from '../runtime/database.ts';

/** A database or, within a command, its transaction. */
type Runs = { prisma: Pick<Tx, 'workflowRun'> };

/** How far a long job has come, for whoever waits for it. */
export type WorkflowProgress = {
  id: string;
  status: 'running' | 'waiting' | 'completed' | 'failed' | 'cancelled';
  step: string;
  /** What the job keeps about itself: counts, ids and codes, never values of people. */
  state: unknown;
  errorCode: string | null;
  startedAt: Date;
  updatedAt: Date;
  completedAt: Date | null;
};

type JsonObject = { [key: string]: string | number | boolean | null | JsonObject[] | string[] };

/** Notes a run that a job will take up; `key` names it among the runs of this name. Returns its id. */
export async function beginWorkflow(tx: Tx, run: { name: string; key: string; step: string }): Promise<string> {
  const { id } = await tx.workflowRun.create({ data: { ...run, status: 'waiting' }, select: { id: true } });
  return id;
}

/** Tells how far it is. A run that ended stays as it ended. */
export async function reportWorkflow(
  database: Runs,
  id: string,
  change: { status: WorkflowProgress['status']; step: string; state: JsonObject; errorCode?: string; completedAt?: Date },
): Promise<void> {
  await database.prisma.workflowRun.updateMany({
    where: { id, status: { in: ['waiting', 'running'] } },
    data: { ...change, version: { increment: 1 } },
  });
}

const shown = {
  id: true,
  status: true,
  step: true,
  state: true,
  errorCode: true,
  createdAt: true,
  updatedAt: true,
  completedAt: true,
} as const;

/** A run by its id, or the newest of a name. */
export async function readWorkflow(database: Runs, of: { id: string; name: string } | { name: string }): Promise<WorkflowProgress | null> {
  const row = await database.prisma.workflowRun.findFirst({ where: of, orderBy: { createdAt: 'desc' }, select: shown });
  if (!row) return null;
  const { createdAt, ...rest } = row;
  return { ...rest, startedAt: createdAt };
}
