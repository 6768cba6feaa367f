import type { VendorStatus } from '../sign-in-shapes.ts';

/** What the owner of a store may do to its state (product.md 4.2); every other step is a reviewer's or an administrator's. */
export const ownerTransitions = {
  'submit-vendor': { from: ['draft', 'changes_requested'], to: 'submitted' },
} as const satisfies Record<string, { from: readonly VendorStatus[]; to: VendorStatus }>;

/** Whether the owner may take this step from here. */
export function mayStep(step: keyof typeof ownerTransitions, from: VendorStatus): boolean {
  return ownerTransitions[step].from.some((status) => status === from);
}

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
