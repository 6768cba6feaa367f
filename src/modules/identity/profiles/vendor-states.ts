import type { Vendor } from '@prisma/client';
import { defineStates } from '../../../foundation/command/state-machine.ts';

export type VendorStatus = Vendor['status'];

/** product.md 4.2. */
export const vendorStates = defineStates({
  title: 'Vendor',
  statuses: ['draft', 'submitted', 'in_review', 'changes_requested', 'approved', 'rejected', 'suspended', 'closed'],
  initial: 'draft',
  steps: {
    submit: { from: ['draft', 'changes_requested'], to: 'submitted', who: 'owner', event: 'identity.vendor.submitted' },
    claim: { from: ['submitted'], to: 'in_review', who: 'reviewer', event: null },
    release: { from: ['in_review'], to: 'submitted', who: 'reviewer, lead, worker', event: null },
    request_changes: {
      from: ['in_review'],
      to: 'changes_requested',
      who: 'claiming reviewer',
      event: 'identity.vendor.changes_requested',
    },
    approve: {
      from: ['in_review'],
      to: 'approved',
      who: 'claiming reviewer, and a second where needed',
      event: 'identity.vendor.approved',
    },
    reject: { from: ['in_review'], to: 'rejected', who: 'claiming reviewer', event: 'identity.vendor.rejected' },
    accept_appeal: { from: ['rejected'], to: 'submitted', who: 'admin', event: 'identity.vendor.appealed' },
    suspend: { from: ['approved'], to: 'suspended', who: 'reviewer lead, moderator, admin', event: 'identity.vendor.suspended' },
    reactivate: {
      from: ['suspended'],
      to: 'approved',
      who: 'reviewer lead, admin; not whoever suspended it',
      event: 'identity.vendor.reactivated',
    },
    close: {
      from: ['draft', 'changes_requested', 'approved', 'suspended', 'rejected'],
      to: 'closed',
      who: 'owner, admin',
      event: 'identity.vendor.closed',
    },
  },
});
export type VendorStep = keyof typeof vendorStates.steps;

/** What a store's profile allows its owner: everything, everything but what was reviewed, or nothing (auth-api.md 2.6). */
export function editableBy(status: VendorStatus): 'all' | 'unreviewed' | 'nothing' {
  switch (status) {
    case 'draft':
    case 'changes_requested':
      return 'all';
    case 'approved':
      return 'unreviewed';
    case 'submitted':
    case 'in_review':
    case 'rejected':
    case 'suspended':
    case 'closed':
      return 'nothing';
    default:
      return status satisfies never;
  }
}
