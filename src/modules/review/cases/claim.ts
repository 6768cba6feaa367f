import type { ReviewCase } from '@prisma/client';
import { newestEventId } from '../../../audit/index.ts';
import { actionPayload } from '../../../foundation/command/action-row.ts';
import type { CommandScope } from '../../../foundation/command/command.ts';
import { newId } from '../../../foundation/runtime/new-id.ts';
import { claimsAtMost } from '../case-rules.ts';
import { claimOf, emitCase, moveCase, type ReleaseCause } from './case-record.ts';
import { isSecondNeeded } from './second-needed.ts';
import { moveSubject, subjectFacts, subjectTables } from './subject.ts';

/** Whether somebody may hold one more. Their own takings wait for one another, so that two tabs cannot both take the last one. */
export async function mayHoldMore({ tx, now }: CommandScope, staffId: string): Promise<boolean> {
  await tx.$queryRaw`SELECT 1 AS held FROM (SELECT pg_advisory_xact_lock(hashtext('review.claim'), hashtext(${staffId}))) AS l`;
  const held = await tx.reviewCase.count({ where: { claimedBy: staffId, status: 'claimed', claimExpiresAt: { gt: now } } });
  return held < claimsAtMost;
}

/**
 * Gives a locked, waiting case to somebody: half an hour, the subject in review in the same transaction, the event, and a recorded read,
 * for from here on they see what a customer handed in. The version under review is the one they are about to see.
 * @throws AppError 409 `transition_not_allowed` where the case or its subject is not waiting any more
 */
export async function giveCase(scope: CommandScope, waiting: ReviewCase, staffId: string): Promise<ReviewCase> {
  if (!waiting.sampleOfId) await moveSubject(scope, waiting, { step: 'claim', by: staffId });
  const claimed = await moveCase(scope, waiting, 'claim', { ...claimOf(scope, staffId), ...(await seenNow(scope, waiting)) });
  emitCase(scope, 'claimed', claimed, { staffId });
  await recordOpening(scope, claimed);
  return claimed;
}

/** The version that somebody is about to look at: what they decide on, the state of the history that shows it, and whether two people decide. */
export async function seenNow(
  { tx }: CommandScope,
  reviewCase: Pick<ReviewCase, 'kind' | 'subjectId' | 'vendorId' | 'needsSecond' | 'sampleOfId'>,
): Promise<{ snapshotId: string | null; subjectVersion?: number; needsSecond: boolean }> {
  const { kind, subjectId } = reviewCase;
  const facts = await subjectFacts(tx, { kind, subjectId });
  const snapshotId = await newestEventId(tx, { table: subjectTables[kind], recordId: subjectId });
  const needsSecond = await isSecondNeeded(tx, reviewCase);
  return { snapshotId, needsSecond, ...(facts ? { subjectVersion: facts.version } : {}) };
}

/**
 * Back into the queue, with the subject, which goes first: where it cannot, nothing is written.
 * @throws AppError 409 `transition_not_allowed`
 */
export async function giveBack(
  scope: CommandScope,
  held: ReviewCase,
  cause: ReleaseCause,
  change: Parameters<typeof moveCase>[3] = {},
): Promise<ReviewCase> {
  if (!held.sampleOfId) await moveSubject(scope, held, { step: 'release', by: null });
  const waiting = await moveCase(scope, held, 'release', change);
  emitCase(scope, 'released', waiting, { staffId: held.claimedBy, cause });
  return waiting;
}

/** One row "read" of the case and whose it is, in the transaction of the claim: no opening without its trace. */
async function recordOpening(
  { tx, deps, context }: CommandScope,
  { id, kind, subjectId, vendorId, ownerUserId }: ReviewCase,
): Promise<void> {
  const payload = actionPayload(deps.config, context, {
    id: newId(),
    resource: 'review_case',
    action: 'open',
    outcome: 'read',
    recordIds: [...new Set([id, subjectId, vendorId, ownerUserId])],
    recordCount: 1,
    note: `${kind} case opened by its claim`,
  });
  await tx.$queryRaw`SELECT audit.record_action(${payload}::jsonb)`;
}
