import { z } from 'zod';
import { grantFor } from '../../foundation/access/evaluate.ts';
import type { CommandDeps, Envelope } from '../../foundation/command/command.ts';
import type { StaffActor } from '../../foundation/runtime/actor.ts';
import { addSeconds } from '../../foundation/runtime/clock.ts';
import type { CommandParts } from '../command-handlers.ts';
import type { StaffIdentityPort } from '../sign-in/port.ts';
import { findRun, nextRow, type RunOrder } from './bulk-run.queries.ts';
import { type BulkTarget, findTarget, proofSeconds } from './bulk-run.ts';
import { beginRun, endRun } from './move-bulk-run.ts';
import { runRow } from './run-row.ts';

/** What of the frame a run needs, in the web role and in the worker. */
type RunParts = Pick<CommandParts, 'deps' | 'runCommand'> & { identity: Pick<StaffIdentityPort, 'loadStaff'> };

const formShape = z.record(z.string(), z.unknown());

/**
 * Goes through the rows of a run that are not done. Safe to repeat and to be killed: one process at a time holds the run by a lock
 * of its connection, and each row is marked in the transaction of its change. Before each row the requester's rights are read anew;
 * without them the run ends as failed, its remaining rows refused.
 */
export async function executeRun(parts: RunParts, runId: string, signal?: AbortSignal): Promise<void> {
  const { deps } = parts;
  const run = await findRun(deps, runId);
  if (!run || !(await beginRun(deps, run))) return;
  await holding(deps, runId, async () => {
    const target = findTarget(deps, run);
    if (!target) return endRun(deps, { id: run.id, status: 'failed', reason: 'There is no such action any more.' });
    for (let row = await nextRow(deps, run.id); row; row = await nextRow(deps, run.id)) {
      // Handed back while the worker stops: another one goes on.
      signal?.throwIfAborted();
      const staff = await requesterOf(parts, run, target);
      if (!staff)
        return endRun(deps, { id: run.id, status: 'failed', reason: 'The right to do this was taken away while the run went on.' });
      await runRow(parts, target, { staff, row, envelope: envelopeOf(run), form: formShape.parse(run.input) });
    }
    return endRun(deps, { id: run.id, status: 'completed' });
  });
}

/** The requester with the rights of this moment; null once they may not do this any more. */
async function requesterOf({ deps, identity }: RunParts, run: RunOrder, { action }: BulkTarget): Promise<StaffActor | null> {
  const now = deps.clock.now();
  const profile = await identity.loadStaff(run.requestedBy);
  if (!profile || profile.isDisabled) return null;
  const isProofFresh = run.provedAt !== null && now < addSeconds(run.createdAt, proofSeconds);
  const staff: StaffActor = {
    kind: 'staff',
    id: run.requestedBy,
    displayName: profile.displayName,
    grants: profile.grants,
    sessionHash: Buffer.from(run.askedSession ?? new Uint8Array(32)),
    hasMfa: profile.hasMfa,
    // The factor was fresh when the run was asked for; for an hour it stands for all its rows.
    factorAt: isProofFresh ? now : run.provedAt,
  };
  const mayStill = (['bulk_run.start', action.permission] as const).every((permission) => grantFor(staff, permission, { now }) !== null);
  return mayStill ? staff : null;
}

function envelopeOf({ reasonCode, reasonText, ticketId }: RunOrder): Omit<Envelope, 'input'> {
  return {
    ...(reasonCode === null ? {} : { reason: { code: reasonCode, ...(reasonText === null ? {} : { text: reasonText }) } }),
    ...(ticketId === null ? {} : { ticketId }),
  };
}

/** Work under a lock that ends with its connection, so that the lock of a killed process is free at once. Not done where another has it. */
async function holding(deps: CommandDeps, runId: string, work: () => Promise<void>): Promise<void> {
  const client = await deps.database.pool.connect();
  try {
    const { rows } = await client.query<{ held: boolean }>('SELECT pg_try_advisory_lock($1, hashtext($2)) AS held', [lockSpace, runId]);
    if (!rows[0]?.held) return;
    try {
      await work();
    } finally {
      await client.query('SELECT pg_advisory_unlock($1, hashtext($2))', [lockSpace, runId]);
    }
  } finally {
    client.release();
  }
}

/** First half of the two numbers of the lock: bulk runs. */
const lockSpace = 540_030;
