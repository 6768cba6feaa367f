import type { Prisma, Vendor } from '@prisma/client';
import type { CommandScope } from '../../../foundation/command/command.ts';
import { mayTake } from '../../../foundation/command/state-machine.ts';
import { fail } from '../../../foundation/errors/app-error.ts';
import { type VendorStep, vendorStates } from '../profiles/vendor-states.ts';
import { loadVendor } from '../store-profile.ts';
import { requireApprovable } from './approvable.ts';

export type FieldNote = { field: string; note: string };

export type VendorMove = {
  vendorId: string;
  step: VendorStep;
  /** The version that was looked at; a store that changed since is not decided on. */
  version?: number;
  /** Who takes the step; null for the worker. */
  by: string | null;
  /** The second person of an approval. */
  secondBy?: string | null;
  /** Reason code, as the event names it. */
  code?: string;
  /** The words that the owner reads, or why it was suspended. */
  text?: string;
  /** What has to be changed, field by field. */
  notes?: readonly FieldNote[];
  /** The review case behind the step. */
  caseId?: string;
  /** Of `reactivate`: takes back a suspension that was a slip of the hand; the caller has checked whose it was, and when. */
  isUndo?: boolean;
};

/**
 * One step of the state machine of product.md 4.2 inside a running command: the owner's account is locked, the step looked up in
 * `vendorStates`, the row written by compare-and-set on id, version and status, and the event queued. Claiming and releasing leave the
 * version alone: they change nothing that a decision rests on.
 * @returns the store as it is afterwards
 * @throws AppError 404 `not_found`, 409 `transition_not_allowed`, `subject_changed` where `version` is given and differs,
 *   `vendor_incomplete` for an approval without KYC or collections, 403 `four_eyes` where both people are one, or who suspended would lift it
 */
export async function vendorStep(scope: CommandScope, move: VendorMove): Promise<Vendor> {
  const vendor = await loadVendor(scope, { id: move.vendorId });
  if (!mayTake(vendorStates, move.step, vendor.status)) fail('transition_not_allowed', { extra: { status: vendor.status } });
  if (move.version !== undefined && move.version !== vendor.version) {
    fail('subject_changed', { extra: { expectedVersion: move.version, currentVersion: vendor.version } });
  }
  await requireStep(scope, vendor, move);
  const moved = await writeStep(scope, vendor, move);
  scope.touched(vendor.id, vendor.userId);
  emitStep(scope, moved, move);
  return moved;
}

/** What a step asks beyond its state. @throws AppError 403 `four_eyes`, 409 `vendor_incomplete` */
async function requireStep(scope: CommandScope, vendor: Vendor, { step, by, secondBy, isUndo }: VendorMove): Promise<void> {
  if (step === 'approve') {
    if (secondBy && secondBy === by) fail('four_eyes', { extra: { rule: 'four_eyes' } });
    await requireApprovable(scope.tx, vendor);
  }
  if (step === 'reactivate' && !isUndo && by !== null && vendor.suspendedBy === by)
    fail('four_eyes', { extra: { rule: 'suspended_by_self' } });
}

/** Compare-and-set; the owner's lock is held, so only SQL from outside could have been faster. */
async function writeStep(scope: CommandScope, vendor: Vendor, move: VendorMove): Promise<Vendor> {
  const isClaim = move.step === 'claim' || move.step === 'release';
  const { count } = await scope.tx.vendor.updateMany({
    where: { id: vendor.id, version: vendor.version, status: vendor.status },
    data: { ...columnsOf(scope, move), status: vendorStates.steps[move.step].to, ...(isClaim ? {} : { version: { increment: 1 } }) },
  });
  if (count === 0) fail('transition_not_allowed');
  return scope.tx.vendor.findUniqueOrThrow({ where: { id: vendor.id } });
}

/** What a step writes besides the status. */
function columnsOf({ now }: CommandScope, move: VendorMove): Prisma.VendorUncheckedUpdateManyInput {
  switch (move.step) {
    case 'submit':
    case 'accept_appeal':
      return { submittedAt: now, decisionNotes: [] };
    case 'approve':
      return { ...decisionOf(now, move), decisionReason: null, verifiedAt: now };
    case 'request_changes':
      return decisionOf(now, move);
    case 'reject':
      return { ...decisionOf(now, move), rejectedAt: now };
    case 'suspend':
      return { suspendedAt: now, suspendedBy: move.by, suspendedReason: move.text?.slice(0, 500) || move.code || null };
    case 'reactivate':
      return { suspendedAt: null, suspendedBy: null, suspendedReason: null };
    case 'claim':
    case 'release':
    case 'close':
      return {};
    default:
      return move.step satisfies never;
  }
}

function decisionOf(now: Date, { step, by, secondBy, code, text, notes }: VendorMove): Prisma.VendorUncheckedUpdateManyInput {
  return {
    reviewedAt: now,
    reviewedBy: by,
    secondReviewedBy: secondBy ?? null,
    decisionCode: code ?? step,
    decisionReason: text?.slice(0, 1000) || null,
    decisionNotes: (notes ?? []).map(({ field, note }) => ({ field, note })),
  };
}

/** Events of product.md 8: ids and codes, never words. */
function emitStep(scope: CommandScope, vendor: Vendor, { step, code, caseId }: VendorMove): void {
  const { event } = vendorStates.steps[step];
  if (event === null) return;
  const facts =
    step === 'submit'
      ? { userId: vendor.userId, version: vendor.version }
      : { ...(caseId === undefined ? {} : { caseId }), code: code ?? step };
  scope.emit({ name: event, aggregateId: vendor.id, payload: { vendorId: vendor.id, ...facts } });
}
