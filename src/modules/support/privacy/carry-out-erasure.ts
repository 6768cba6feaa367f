import type { ApprovalRequest, PrivacyRequest } from '@prisma/client';
import { z } from 'zod';
import { type CommandScope, defineCommand, isRefusal, type Refusal } from '../../../foundation/command/command.ts';
import { AppError, fail } from '../../../foundation/errors/app-error.ts';
import { eraseByTwo, isPersonHeld, loadCustomer } from '../../identity/index.ts';
import { changedSinceAsked } from '../approval-evidence.ts';
import { moveApproval } from '../move-approval.ts';
import { finishApproval } from '../open-approval.ts';
import { movePrivacy, requireStep } from './privacy-request.ts';

const input = z.strictObject({ id: z.uuid() });

type Approved = { request: PrivacyRequest; approval: ApprovalRequest };

/** The erasure with what staff decided about it; null for anything else. */
async function approvedErasure({ tx }: CommandScope, id: string): Promise<Approved | null> {
  const request = await tx.privacyRequest.findUnique({ where: { id }, include: { approval: true } });
  const isErasure = request?.kind === 'erase' && request.approval !== null;
  return isErasure && request.approval ? { request, approval: request.approval } : null;
}

export type ErasureProgress = 'waiting' | 'approved' | 'refused' | 'telling';

/**
 * Takes over what staff decided. Approved: identity_verified -> approved and, once the grace is over and no legal hold stands,
 * -> processing, whose event sends the receipt. Denied: refused. Called off, lapsed or failed: waits for another pair of people.
 */
export const advanceErasure = defineCommand<z.infer<typeof input>, { progress: ErasureProgress }>({
  name: 'advance-erasure',
  resource: 'privacy_request',
  access: 'system',
  input,
  isIdempotent: false,
  async run(scope, { id }) {
    const found = await approvedErasure(scope, id);
    if (!found) return { progress: 'waiting' };
    const { approval, request } = found;
    if (approval.status === 'denied') {
      const refused = await movePrivacy(scope, request, 'refuse', { refusalCode: 'denied', handledBy: approval.decidedBy });
      return { progress: refused ? 'refused' : 'waiting' };
    }
    if (approval.status !== 'approved') {
      if (approval.status !== 'requested') await release(scope, found);
      return { progress: 'waiting' };
    }
    const approved = request.status === 'identity_verified' ? await movePrivacy(scope, request, 'approve') : request;
    if (approved?.status !== 'approved') return { progress: approved?.status === 'processing' ? 'telling' : 'waiting' };
    const isDue = approved.cancelUntil !== null && approved.cancelUntil <= scope.now;
    if (!isDue || (await isPersonHeld(scope.tx, approved.subjectUserId))) return { progress: 'approved' };
    await requireStep(scope, approved, 'process', { handledBy: approval.decidedBy });
    return { progress: 'telling' };
  },
});

/** An approval that came to nothing makes way for the next. */
async function release({ tx }: CommandScope, { request }: Approved): Promise<void> {
  await tx.privacyRequest.updateMany({ where: { id: request.id }, data: { approvalId: null, version: { increment: 1 } } });
}

type Carried = { isErased: boolean };

/**
 * processing -> completed: erases the person in the transaction that says so. Whoever calls has seen that the receipt went out. The
 * person is locked first, as by everyone who calls the request off. Where one of the two may not any more, or the contact is not the
 * one that asked, the approval fails and another pair may be asked.
 * @throws AppError 404 `not_found`, 409 `legal_hold`, `transition_not_allowed`
 */
export const carryOutErasure = defineCommand<z.infer<typeof input>, Carried>({
  name: 'carry-out-erasure',
  resource: 'privacy_request',
  access: 'system',
  input,
  isIdempotent: false,
  async run(scope, { id }) {
    const before = await approvedErasure(scope, id);
    if (!before) return { refused: 'not_found' };
    const customer = await loadCustomer(scope, { id: before.request.subjectUserId });
    // Read again behind the lock: it may have been called off a moment ago.
    const found = await approvedErasure(scope, id);
    if (found?.request.status !== 'processing' || found.approval.status !== 'approved') return { refused: 'transition_not_allowed' };
    try {
      return await eraseAndFinish(scope, found, customer);
    } catch (error) {
      // Whoever erases asks everything before it writes: nothing is half done.
      if (!(error instanceof AppError) || (error.status !== 403 && error.code !== 'subject_changed')) throw error;
      await moveApproval(scope, found.approval, { step: 'fail', data: { errorCode: error.code } });
      await release(scope, found);
      return { isErased: false };
    }
  },
});

async function eraseAndFinish(
  scope: CommandScope,
  { request, approval }: Approved,
  customer: Awaited<ReturnType<typeof loadCustomer>>,
): Promise<Carried | Refusal> {
  const { id: approvalId, requestedBy, decidedBy } = approval;
  const changed = await changedSinceAsked(scope, customer, approval);
  if (changed.length > 0) fail('subject_changed', { extra: { changed } });
  const people = { requestedBy, approvedBy: decidedBy ?? fail('four_eyes') };
  const erased = await eraseByTwo(scope, { id: request.subjectUserId, ...people, approvalId, reasonCode: 'customer_request' }, customer);
  if (isRefusal(erased)) return erased;
  if (!(await finishApproval(scope, approvalId))) throw new Error('The approval changed while it was carried out');
  await requireStep(scope, request, 'complete', { completedAt: scope.now, counts: erased.rows });
  return { isErased: true };
}
