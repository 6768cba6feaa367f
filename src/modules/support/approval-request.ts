import type { ApprovalRequest } from '@prisma/client';

export type ApprovalKind = ApprovalRequest['kind'];
export type ApprovalStatus = ApprovalRequest['status'];

/** What can be done with a request that exists. Opening one is openApproval(). */
export const approvalSteps = ['approve', 'deny', 'cancel', 'expire', 'ask_proof', 'execute', 'fail', 'undo'] as const;
export type ApprovalStep = (typeof approvalSteps)[number];

export const approvalKinds = [
  'mfa_reset',
  'contact_change',
  'erasure',
  'bank_change',
  'staff_grant',
  'passkey_removal',
] as const satisfies readonly ApprovalKind[];

/** While a request is in one of these there is no second of its kind and subject. */
export const openStatuses = ['requested', 'approved', 'awaiting_proof'] as const satisfies readonly ApprovalStatus[];

/** A request that nobody decided lapses after 48 hours (product.md 4.7). */
export const requestSeconds = 48 * 3600;

/**
 * The table of product.md 4.7: what each step makes of a request, and from where; everything else is 409
 * `transition_not_allowed`. Two lines follow auth-api.md 2.6: a contact change and an erasure can be called off until they are
 * carried out, not only until they are decided.
 */
export function transitionOf(kind: ApprovalKind, step: ApprovalStep): { from: readonly ApprovalStatus[]; to: ApprovalStatus } {
  const isProved = kind === 'contact_change';
  switch (step) {
    case 'approve':
      return { from: ['requested'], to: 'approved' };
    case 'deny':
      return { from: ['requested'], to: 'denied' };
    case 'cancel':
      return { from: cancellable(kind), to: 'cancelled' };
    case 'expire':
      return { from: ['requested'], to: 'expired' };
    case 'ask_proof':
      return { from: isProved ? ['approved'] : [], to: 'awaiting_proof' };
    case 'execute':
      return { from: isProved ? ['awaiting_proof'] : ['approved'], to: 'executed' };
    case 'fail':
      return { from: isProved ? ['approved', 'awaiting_proof'] : ['approved'], to: 'failed' };
    case 'undo':
      return { from: isProved ? ['executed'] : [], to: 'undone' };
    default:
      return step satisfies never;
  }
}

function cancellable(kind: ApprovalKind): readonly ApprovalStatus[] {
  if (kind === 'contact_change') return openStatuses;
  return kind === 'erasure' ? ['requested', 'approved'] : ['requested'];
}

export function mayStep({ kind, status }: Pick<ApprovalRequest, 'kind' | 'status'>, step: ApprovalStep): boolean {
  return transitionOf(kind, step).from.includes(status);
}

/** Whether the clock has ended a request before the worker came to say so. */
export function isLapsed({ status, expiresAt }: Pick<ApprovalRequest, 'status' | 'expiresAt'>, now: Date): boolean {
  return (status === 'requested' || status === 'awaiting_proof') && expiresAt <= now;
}
