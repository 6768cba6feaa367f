import { z } from 'zod';
import type { CommandDeps } from '../../foundation/command/command.ts';
import { readWorkflow, type WorkflowProgress } from '../../foundation/jobs/workflow-run.ts';

/** Name of these runs in platform.workflow_run. */
export const verificationWorkflow = 'audit.verify';

const shownFault = z.object({
  kind: z.string(),
  seq: z.number().nullable(),
  table: z.string().nullable(),
  id: z.string().nullable(),
  at: z.string().nullable(),
  detail: z.string(),
});

const stateShape = z.object({
  done: z.number().default(0),
  total: z.number().default(0),
  outcome: z.enum(['valid', 'faults']).nullable().default(null),
  faultCount: z.number().default(0),
  faults: z.array(shownFault).default([]),
  warnings: z.array(z.string()).default([]),
  seconds: z.number().nullable().default(null),
});

/** A verification that staff asked for, for the page that waits for it. */
export type Verification = z.infer<typeof stateShape> & {
  runId: string;
  /** `stalled`: nothing was heard of it for two minutes; ask again. */
  status: 'waiting' | 'running' | 'stalled' | 'valid' | 'faults' | 'failed';
  /** 0 to 100. */
  percent: number;
  startedAt: Date;
  completedAt: Date | null;
};

/** The verification with this id, or the newest one that anybody asked for. The caller has checked `audit.verify`. */
export async function readVerification(deps: Pick<CommandDeps, 'database' | 'clock'>, runId?: string): Promise<Verification | null> {
  const run = await readWorkflow(deps.database, { name: verificationWorkflow, ...(runId ? { id: runId } : {}) });
  if (!run) return null;
  const state = stateShape.parse(run.state);
  const share = state.total === 0 ? 0 : Math.floor((100 * state.done) / state.total);
  return {
    ...state,
    runId: run.id,
    status: statusOf(run, state.outcome, deps.clock.now()),
    percent: state.outcome ? 100 : share,
    startedAt: run.startedAt,
    completedAt: run.completedAt,
  };
}

function statusOf(run: WorkflowProgress, outcome: 'valid' | 'faults' | null, now: Date): Verification['status'] {
  if (run.status === 'completed' && outcome) return outcome;
  if (run.status === 'waiting' || run.status === 'running') return isStalled(run, now) ? 'stalled' : run.status;
  return 'failed';
}

const stalledAfterMs = 120_000;

/** A worker reports twice a second; one that has been silent for long is gone. */
export function isStalled(run: Pick<WorkflowProgress, 'updatedAt'>, now: Date): boolean {
  return now.getTime() - run.updatedAt.getTime() > stalledAfterMs;
}

const noteShape = z.object({
  scope: z.enum(['full', 'from', 'since_anchor']),
  outcome: z.literal('valid'),
  from: z.string(),
  to: z.string().regex(/^\d{1,15}$/),
});

/**
 * How far verify runs reach that found nothing and were themselves sealed, from the first leaf on without a hole: where the next
 * one may go on from.
 */
export async function verifiedUpTo(deps: Pick<CommandDeps, 'database'>): Promise<number> {
  const { rows } = await deps.database.pool.query<{ body: string }>(
    `SELECT c.body FROM audit.control AS c JOIN audit.leaf AS l ON l.row_id = c.id WHERE c.type = 'verify' ORDER BY c.occurred_at`,
  );
  const runs = rows.flatMap(({ body }) => reachOf(body) ?? []);
  runs.sort((left, right) => left.from - right.from);
  return runs.reduce((reached, run) => (run.from <= reached && run.to > reached ? run.to : reached), 0);
}

/** Null for a run that proves nothing, and for a body that was altered: finding that is the next run's work, not the end of it. */
function reachOf(body: string): { from: number; to: number } | null {
  try {
    const { from, to } = noteShape.parse(JSON.parse(body));
    return { from: Number(from), to: Number(to) };
  } catch {
    return null;
  }
}
