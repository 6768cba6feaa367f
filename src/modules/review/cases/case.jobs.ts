import { z } from 'zod';
import type { CommandDeps } from '../../../foundation/command/command.ts';
import { runCommand } from '../../../foundation/command/run-command.ts';
import { defineJob, type EventSubscription } from '../../../foundation/jobs/job.ts';
import { outboxEventSchema } from '../../../foundation/outbox/outbox-event.ts';
import { staffQueries, vendorOfUser } from '../../identity/index.ts';
import type { CaseKind } from '../checklists.ts';
import { reviewerOf } from './hand-over.ts';
import { releaseCasesOf } from './lapse.ts';
import { openCase } from './open-case.ts';
import { followStore } from './pause.ts';
import { lapseClaimsJob, sampleApprovalsJob, tendReviewSlaJob } from './ticks.jobs.ts';
import { withdrawCase } from './withdraw.ts';

const vendorEvent = z.object({ event: outboxEventSchema(z.object({ vendorId: z.uuid() })) });
const productEvent = z.object({ event: outboxEventSchema(z.object({ productId: z.uuid() })) });
const revisionEvent = z.object({ event: outboxEventSchema(z.object({ revisionId: z.uuid() })) });
const userEvent = z.object({ event: outboxEventSchema(z.object({ userId: z.uuid() })) });

type Opening = { kind: CaseKind; subjectId: string; eventId: string; consumer: string };
const open = async (deps: CommandDeps, input: Opening) => void (await runCommand(deps, openCase, { input }));
const withdraw = async (deps: CommandDeps, input: { kind: CaseKind; subjectId: string }) =>
  void (await runCommand(deps, withdrawCase, { input }));

/** Opens the case of a store, also of one whose appeal was accepted. Repeating is harmless: an event opens one case. */
export const onVendorSubmitted = defineJob({
  queue: 'review.on-vendor-submitted',
  payload: vendorEvent,
  handle: ({ event: { eventId, payload } }, deps) =>
    open(deps, { kind: 'vendor', subjectId: payload.vendorId, eventId, consumer: 'review.on-vendor-submitted' }),
});

/** Opens the case of proofs of identity. Repeating is harmless: an event opens one case. */
export const onKycSubmitted = defineJob({
  queue: 'review.on-kyc-submitted',
  payload: vendorEvent,
  async handle({ event: { eventId, payload } }, deps) {
    const handedIn = await deps.database.prisma.kycSubmission.findUnique({ where: { vendorId: payload.vendorId }, select: { id: true } });
    if (handedIn) await open(deps, { kind: 'kyc', subjectId: handedIn.id, eventId, consumer: 'review.on-kyc-submitted' });
  },
});

/** Opens the case of a product. Repeating is harmless: an event opens one case. */
export const onProductSubmitted = defineJob({
  queue: 'review.on-product-submitted',
  payload: productEvent,
  handle: ({ event: { eventId, payload } }, deps) =>
    open(deps, { kind: 'product', subjectId: payload.productId, eventId, consumer: 'review.on-product-submitted' }),
});

/** Opens the case of a proposed change. Repeating is harmless: an event opens one case. */
export const onRevisionProposed = defineJob({
  queue: 'review.on-revision-proposed',
  payload: revisionEvent,
  handle: ({ event: { eventId, payload } }, deps) =>
    open(deps, { kind: 'product_revision', subjectId: payload.revisionId, eventId, consumer: 'review.on-revision-proposed' }),
});

/** Ends the case of a product that its owner took back or that was deleted. Repeating finds nothing more. */
export const onProductWithdrawn = defineJob({
  queue: 'review.on-product-withdrawn',
  payload: productEvent,
  handle: ({ event: { payload } }, deps) => withdraw(deps, { kind: 'product', subjectId: payload.productId }),
});

/** Ends the case of a proposed change that was decided by the owner, superseded or taken back. Repeating finds nothing more. */
export const onRevisionEnded = defineJob({
  queue: 'review.on-revision-ended',
  payload: revisionEvent,
  handle: ({ event: { payload } }, deps) => withdraw(deps, { kind: 'product_revision', subjectId: payload.revisionId }),
});

/** Lets the products of a store wait or go on, by what the store is now; a closed one ends its own case. Repeating finds nothing more. */
export const onStoreChanged = defineJob({
  queue: 'review.on-store-changed',
  payload: vendorEvent,
  async handle({ event: { name, payload } }, deps) {
    await runCommand(deps, followStore, { input: { vendorId: payload.vendorId } });
    if (name === 'identity.vendor.closed') await withdraw(deps, { kind: 'vendor', subjectId: payload.vendorId });
  },
});

/** The same where the account of its owner changed. Repeating finds nothing more. */
export const onOwnerChanged = defineJob({
  queue: 'review.on-owner-changed',
  payload: userEvent,
  async handle({ event: { payload } }, deps) {
    const vendorId = await vendorOfUser(deps.database.prisma, payload.userId);
    if (vendorId) await runCommand(deps, followStore, { input: { vendorId } });
  },
});

/** Returns the cases of somebody who was disabled, or who lost the last role that reviews. Repeating finds nothing more. */
export const onReviewerLeft = defineJob({
  queue: 'review.on-reviewer-left',
  payload: userEvent,
  async handle({ event: { payload } }, deps) {
    const { userId } = payload;
    const held = await deps.database.prisma.reviewCase.findFirst({ where: { claimedBy: userId, status: 'claimed' }, select: { id: true } });
    if (!held) return;
    const grants = await staffQueries.activeGrantsOf(deps, userId);
    if (!reviewerOf(userId, grants, deps.clock.now())) await runCommand(deps, releaseCasesOf, { input: { userId } });
  },
});

export const caseJobs = [
  ...[onVendorSubmitted, onKycSubmitted, onProductSubmitted, onRevisionProposed, onProductWithdrawn, onRevisionEnded],
  ...[onStoreChanged, onOwnerChanged, onReviewerLeft, lapseClaimsJob, tendReviewSlaJob, sampleApprovalsJob],
];

export const caseSubscriptions: readonly EventSubscription[] = [
  { queue: onVendorSubmitted.queue, events: ['identity.vendor.submitted', 'identity.vendor.appealed'] },
  { queue: onKycSubmitted.queue, events: ['review.kyc.submitted'] },
  { queue: onProductSubmitted.queue, events: ['catalog.product.submitted'] },
  { queue: onRevisionProposed.queue, events: ['catalog.revision.proposed'] },
  { queue: onProductWithdrawn.queue, events: ['catalog.product.withdrawn', 'catalog.product.deleted'] },
  {
    queue: onRevisionEnded.queue,
    events: ['catalog.revision.accepted', 'catalog.revision.rejected', 'catalog.revision.superseded', 'catalog.revision.withdrawn'],
  },
  {
    queue: onStoreChanged.queue,
    events: ['identity.vendor.approved', 'identity.vendor.suspended', 'identity.vendor.reactivated', 'identity.vendor.closed'],
  },
  {
    queue: onOwnerChanged.queue,
    events: ['identity.user.suspended', 'identity.user.reactivated', 'identity.user.closed', 'identity.user.reopened'],
  },
  {
    queue: onReviewerLeft.queue,
    events: ['identity.staff.disabled', 'identity.grant.revoked', 'identity.grant.expired', 'identity.grant.unconfirmed'],
  },
];
