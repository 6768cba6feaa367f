import type { KycSubmission, ReviewCase } from '@prisma/client';
import { defineStates } from '../../foundation/command/state-machine.ts';

export type CaseStatus = ReviewCase['status'];
export type KycStatus = KycSubmission['status'];

/** product.md 4.4. */
export const caseStates = defineStates({
  title: 'Review case',
  statuses: ['queued', 'claimed', 'pending_second', 'changes_requested', 'approved', 'rejected', 'withdrawn'],
  initial: 'queued',
  steps: {
    claim: { from: ['queued'], to: 'claimed', who: 'reviewer by "take next", lead by hand', event: 'review.case.claimed' },
    release: { from: ['claimed'], to: 'queued', who: 'claimer, lead, worker when the lease ends', event: 'review.case.released' },
    ask_second: { from: ['claimed'], to: 'pending_second', who: 'claimer who approves', event: 'review.case.second_asked' },
    second_approve: {
      from: ['pending_second'],
      to: 'approved',
      who: 'reviewer lead, admin; not the first person',
      event: 'review.case.decided',
    },
    second_disagree: {
      from: ['pending_second'],
      to: 'claimed',
      who: 'reviewer lead, admin; not the first person',
      event: 'review.case.second_disagreed',
    },
    approve: { from: ['claimed'], to: 'approved', who: 'claimer', event: 'review.case.decided' },
    reject: { from: ['claimed'], to: 'rejected', who: 'claimer', event: 'review.case.decided' },
    request_changes: { from: ['claimed'], to: 'changes_requested', who: 'claimer', event: 'review.case.decided' },
    withdraw: { from: ['queued', 'claimed', 'pending_second'], to: 'withdrawn', who: 'owner, worker', event: 'review.case.released' },
  },
});
export type CaseStep = keyof typeof caseStates.steps;

/** product.md 4.5. Always two people: `approve` is the second one's. */
export const kycStates = defineStates({
  title: 'KYC submission',
  statuses: ['draft', 'submitted', 'in_review', 'resubmit', 'approved', 'rejected'],
  initial: 'draft',
  steps: {
    submit: { from: ['draft', 'resubmit'], to: 'submitted', who: 'owner', event: 'review.kyc.submitted' },
    claim: { from: ['submitted'], to: 'in_review', who: 'reviewer', event: null },
    release: { from: ['in_review'], to: 'submitted', who: 'reviewer, lead, worker', event: null },
    approve: { from: ['in_review'], to: 'approved', who: 'reviewer, then reviewer lead or admin', event: 'review.kyc.approved' },
    request_resubmission: { from: ['in_review'], to: 'resubmit', who: 'claiming reviewer', event: 'review.kyc.resubmit_requested' },
    reject: { from: ['in_review'], to: 'rejected', who: 'claiming reviewer', event: 'review.kyc.rejected' },
    reopen: { from: ['rejected'], to: 'resubmit', who: 'admin', event: 'review.kyc.resubmit_requested' },
  },
});
export type KycStep = keyof typeof kycStates.steps;
