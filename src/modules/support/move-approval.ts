import type { ApprovalRequest, Prisma } from '@prisma/client';
import type { CommandScope } from '../../foundation/command/command.ts';
import { failBankAccount } from '../identity/index.ts';
import { type ApprovalStep, isLapsed, mayStep, transitionOf } from './approval-request.ts';

const events: Readonly<Record<ApprovalStep, string | null>> = {
  approve: 'support.approval.approved',
  deny: 'support.approval.denied',
  cancel: 'support.approval.cancelled',
  expire: 'support.approval.expired',
  ask_proof: null,
  execute: 'support.approval.executed',
  fail: 'support.approval.failed',
  undo: 'support.approval.undone',
};

/**
 * One step of the state machine: compare-and-set on id, version and status, with its event. Of n parallel steps from one state one
 * wins.
 * @returns false where the table has no such step from the present state, or another call was faster: then nothing is written
 */
export async function moveApproval(
  scope: CommandScope,
  request: ApprovalRequest,
  { step, data = {} }: { step: ApprovalStep; data?: Prisma.ApprovalRequestUpdateManyMutationInput },
): Promise<boolean> {
  if (!mayStep(request, step)) return false;
  const { id, version, status, kind, subjectUserId } = request;
  const { count } = await scope.tx.approvalRequest.updateMany({
    where: { id, version, status },
    data: { ...data, status: transitionOf(kind, step).to, version: { increment: 1 } },
  });
  if (count === 0) return false;
  scope.touched(id, subjectUserId);
  emitApproval(scope, { name: events[step], id, kind });
  await endOf(scope, request, step);
  return true;
}

const deadEnds: ReadonlySet<ApprovalStep> = new Set(['deny', 'cancel', 'expire', 'fail']);

/** A payout account that its owner named and nobody agreed to does not wait any longer. */
async function endOf(
  scope: CommandScope,
  { kind, requestedBy, subjectUserId, subjectId }: ApprovalRequest,
  step: ApprovalStep,
): Promise<void> {
  if (kind === 'bank_change' && requestedBy === subjectUserId && deadEnds.has(step)) await failBankAccount(scope, subjectId);
}

/**
 * The same where the caller holds the lock that every step of this request takes.
 * @throws Error when another step was faster all the same: what the caller wrote must go with it
 */
export async function requireMove(...given: Parameters<typeof moveApproval>): Promise<void> {
  if (!(await moveApproval(...given))) throw new Error('The request changed while it was carried out');
}

export function emitApproval(
  scope: CommandScope,
  { name, id, kind }: { name: string | null; id: string; kind: ApprovalRequest['kind'] },
): void {
  if (name) scope.emit({ name, aggregateId: id, payload: { approvalId: id, kind } });
}

/**
 * Ends a request whose time is over: one that nobody decided expires, one whose code nobody gave back fails.
 * @returns whether it was over
 */
export async function endLapsed(scope: CommandScope, request: ApprovalRequest): Promise<boolean> {
  if (!isLapsed(request, scope.now)) return false;
  return request.status === 'requested'
    ? moveApproval(scope, request, { step: 'expire' })
    : moveApproval(scope, request, { step: 'fail', data: { errorCode: 'flow_expired' } });
}
