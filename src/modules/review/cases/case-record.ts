import type { Prisma, ReviewCase } from '@prisma/client';
import { gradesOf } from '../../../foundation/access/evaluate.ts';
import type { CommandScope } from '../../../foundation/command/command.ts';
import { mayTake } from '../../../foundation/command/state-machine.ts';
import { fail } from '../../../foundation/errors/app-error.ts';
import type { StaffActor } from '../../../foundation/runtime/actor.ts';
import { addSeconds } from '../../../foundation/runtime/clock.ts';
import { leaseSeconds } from '../case-rules.ts';
import { type CaseStep, caseStates } from '../case-states.ts';

/** A case as it is stored. */
export type StoredCase = ReviewCase;

type Change = Prisma.ReviewCaseUncheckedUpdateManyInput;

/** The caller, who is a member of staff. @throws AppError 403 `forbidden` */
export function staffIn({ actor }: Pick<CommandScope, 'actor'>): StaffActor {
  return actor.kind === 'staff' ? actor : fail('forbidden');
}

/** Whether somebody leads the reviewers or stands above them: picks by hand, decides what needs a lead, gives second answers. */
export function leadsReview(staff: StaffActor, now: Date): boolean {
  return gradesOf(staff, now).some((grade) => grade === 'reviewer_lead' || grade === 'admin' || grade === 'super_admin');
}

/** The row, locked until the command ends. @throws AppError 404 `not_found` */
export async function loadCase({ tx }: Pick<CommandScope, 'tx'>, id: string): Promise<ReviewCase> {
  await tx.$queryRaw`SELECT 1 AS locked FROM review.review_case WHERE id = ${id}::uuid FOR UPDATE`;
  return (await tx.reviewCase.findUnique({ where: { id } })) ?? fail('not_found');
}

/** Whether somebody holds the case and was active in the last half hour. */
export function isHeld({ status, claimExpiresAt }: Pick<ReviewCase, 'status' | 'claimExpiresAt'>, now: Date): boolean {
  return status === 'claimed' && claimExpiresAt !== null && claimExpiresAt > now;
}

/** Whether it is in this person's hands now. A claim that is over is nobody's, also before the worker came to put the case back. */
export function holds(reviewCase: Pick<ReviewCase, 'status' | 'claimedBy' | 'claimExpiresAt'>, staffId: string, now: Date): boolean {
  return reviewCase.claimedBy === staffId && isHeld(reviewCase, now);
}

/**
 * Writes a case by compare-and-set on id, version and status: of n writers that read the same version one wins. Whatever its holder
 * does starts the half hour again.
 * @throws AppError 409 `transition_not_allowed` where another call was faster
 */
export async function changeCase(scope: CommandScope, before: ReviewCase, change: Change): Promise<ReviewCase> {
  const { id, version, status } = before;
  const [written] = await scope.tx.reviewCase.updateManyAndReturn({
    where: { id, version, status },
    data: { ...change, version: { increment: 1 } },
  });
  if (!written) fail('transition_not_allowed');
  scope.touched(id, before.subjectId, before.vendorId, before.ownerUserId);
  return written;
}

/**
 * One step of the table of product.md 4.4, with what follows from it for the claim.
 * @throws AppError 409 `transition_not_allowed` where the table has no such step from the present state
 */
export async function moveCase(scope: CommandScope, before: ReviewCase, step: CaseStep, change: Change = {}): Promise<ReviewCase> {
  if (!mayTake(caseStates, step, before.status)) fail('transition_not_allowed', { extra: { status: before.status } });
  const status = caseStates.steps[step].to;
  const isClaimed = status === 'claimed';
  return changeCase(scope, before, { ...(isClaimed ? {} : noClaim), pausedAt: null, ...change, status });
}

const noClaim = { claimedBy: null, claimedAt: null, claimExpiresAt: null } as const;

/** The columns of a claim that begins now. */
export function claimOf({ now }: Pick<CommandScope, 'now'>, staffId: string): Change {
  return { claimedBy: staffId, claimedAt: now, claimExpiresAt: addSeconds(now, leaseSeconds), lapseToldAt: null };
}

const names = {
  opened: 'review.case.opened',
  claimed: 'review.case.claimed',
  released: 'review.case.released',
  second_asked: 'review.case.second_asked',
  second_disagreed: 'review.case.second_disagreed',
  decided: 'review.case.decided',
  sla_at_risk: 'review.case.sla_at_risk',
  sla_breached: 'review.case.sla_breached',
  claim_lapsing: 'review.case.claim_lapsing',
} as const;

/** Why a claim ended, for the inbox of whoever held it. */
export type ReleaseCause = 'released' | 'lapsed' | 'reassigned' | 'escalated' | 'withdrawn' | 'left';

/** An event of product.md section 8: ids and codes only. `staffId` is whom it concerns: the holder, or whoever held it. */
export function emitCase(
  scope: CommandScope,
  event: keyof typeof names,
  { id, kind }: Pick<ReviewCase, 'id' | 'kind'>,
  more: { staffId?: string | null; cause?: ReleaseCause; decision?: string } = {},
): void {
  const { staffId, ...facts } = more;
  scope.emit({ name: names[event], aggregateId: id, payload: { caseId: id, kind, ...(staffId ? { staffId } : {}), ...facts } });
}
