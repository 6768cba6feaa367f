import type { Product, ProductRevision } from '@prisma/client';
import { defineStates } from '../../foundation/command/state-machine.ts';

export type ProductStatus = Product['status'];
export type RevisionStatus = ProductRevision['status'];

/** product.md 4.3. Deleting is no state: see mayDelete(). */
export const productStates = defineStates({
  title: 'Product',
  statuses: ['draft', 'pending', 'in_review', 'changes_requested', 'published', 'rejected', 'suspended', 'archived'],
  initial: 'draft',
  steps: {
    submit: {
      from: ['draft', 'changes_requested', 'rejected', 'archived', 'suspended'],
      to: 'pending',
      who: 'owner',
      event: 'catalog.product.submitted',
    },
    withdraw: { from: ['pending'], to: 'draft', who: 'owner', event: 'catalog.product.withdrawn' },
    claim: { from: ['pending'], to: 'in_review', who: 'reviewer', event: null },
    release: { from: ['in_review'], to: 'pending', who: 'reviewer, lead, worker', event: null },
    approve: { from: ['in_review'], to: 'published', who: 'claiming reviewer', event: 'catalog.product.published' },
    request_changes: {
      from: ['in_review'],
      to: 'changes_requested',
      who: 'claiming reviewer',
      event: 'catalog.product.changes_requested',
    },
    reject: { from: ['in_review'], to: 'rejected', who: 'claiming reviewer', event: 'catalog.product.rejected' },
    take_down: { from: ['published'], to: 'suspended', who: 'reviewer, moderator, admin', event: 'catalog.product.suspended' },
    put_back: {
      from: ['suspended', 'archived'],
      to: 'published',
      who: 'the member of staff who took it down or archived it, for 15 minutes',
      event: 'catalog.product.published',
    },
    archive: { from: ['published'], to: 'archived', who: 'owner, reviewer, moderator, admin', event: 'catalog.product.archived' },
  },
});
export type ProductStep = keyof typeof productStates.steps;

/** An owner deletes drafts, an administrator anything that no customer can see (product.md 4.3). */
export function mayDelete(status: ProductStatus, by: 'owner' | 'admin'): boolean {
  return by === 'owner' ? status === 'draft' : status !== 'published';
}

/** product.md 4.3, last line: a proposal to change a live product. */
export const revisionStates = defineStates({
  title: 'Product revision',
  statuses: ['draft', 'proposed', 'accepted', 'partly_accepted', 'rejected', 'withdrawn', 'superseded'],
  initial: 'draft',
  steps: {
    propose: { from: ['draft'], to: 'proposed', who: 'author', event: 'catalog.revision.proposed' },
    accept: { from: ['proposed'], to: 'accepted', who: 'owner, claiming reviewer', event: 'catalog.revision.accepted' },
    accept_partly: { from: ['proposed'], to: 'partly_accepted', who: 'owner, claiming reviewer', event: 'catalog.revision.accepted' },
    reject: { from: ['proposed'], to: 'rejected', who: 'owner, claiming reviewer', event: 'catalog.revision.rejected' },
    withdraw: { from: ['draft', 'proposed'], to: 'withdrawn', who: 'author', event: 'catalog.revision.withdrawn' },
    supersede: { from: ['draft', 'proposed'], to: 'superseded', who: 'worker', event: 'catalog.revision.superseded' },
  },
});
export type RevisionStep = keyof typeof revisionStates.steps;
