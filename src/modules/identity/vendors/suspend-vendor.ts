import type { Vendor } from '@prisma/client';
import { defineCommand } from '../../../foundation/command/command.ts';
import { actorIdOf } from '../../../foundation/runtime/actor.ts';
import { addSeconds } from '../../../foundation/runtime/clock.ts';
import { decidedBy, type OneVendor, oneVendor, onVendor, type VendorMoved } from './vendor-record.ts';
import { vendorStep } from './vendor-step.ts';

/** A slip of the hand can be taken back for so long by whoever made it (F93). */
const undoSuspensionSeconds = 900;

/**
 * approved -> suspended (product.md 4.2): its products are not sold from the next request on. The owner can still sign in.
 * @throws AppError 403 `forbidden`, 404 `not_found`, 409 `transition_not_allowed`
 */
export const suspendVendor = defineCommand<OneVendor, VendorMoved, undefined, Vendor>({
  ...onVendor,
  name: 'suspend-vendor',
  access: 'vendor.suspend',
  input: oneVendor,
  async preview() {
    return ['The store and its products are gone from the shop at once.', 'The owner is told why and can still sign in.'];
  },
  async run(scope, { id }) {
    const { status, version } = await vendorStep(scope, { vendorId: id, step: 'suspend', ...decidedBy(scope) });
    return { status, version };
  },
});

/**
 * suspended -> approved by somebody else than who suspended it (product.md 4.2).
 * @throws AppError 403 `four_eyes`, `forbidden`, 404 `not_found`, 409 `transition_not_allowed`, `vendor_incomplete`
 */
export const reactivateVendor = defineCommand<OneVendor, VendorMoved, undefined, Vendor>({
  ...onVendor,
  name: 'reactivate-vendor',
  access: 'vendor.reactivate',
  input: oneVendor,
  async preview() {
    return ['The store and its published products are back in the shop at once.', 'The owner is told.'];
  },
  async run(scope, { id }) {
    const { status, version } = await vendorStep(scope, { vendorId: id, step: 'reactivate', ...decidedBy(scope) });
    return { status, version };
  },
});

/**
 * Takes an own suspension of the last 15 minutes back (F93); later, or of somebody else's, it is a reactivation. The version that the
 * suspension left is asked by the undo button: a store that changed since is not touched.
 * @throws AppError 403 `forbidden` for somebody else's, 404 `not_found`, 409 `transition_not_allowed`, `version_conflict`, 410 `undo_expired`
 */
export const undoSuspension = defineCommand<OneVendor, VendorMoved, undefined, Vendor>({
  ...onVendor,
  name: 'undo-vendor-suspension',
  access: 'vendor.suspend',
  input: oneVendor,
  async preview() {
    return ['The store and its published products are back in the shop at once.', 'The owner is told.'];
  },
  async run(scope, { id }, vendor) {
    if (vendor.status !== 'suspended' || !vendor.suspendedAt) return { refused: 'transition_not_allowed' };
    if (vendor.suspendedBy !== actorIdOf(scope.actor)) return { refused: 'forbidden', details: { extra: { rule: 'not_yours' } } };
    if (scope.now >= addSeconds(vendor.suspendedAt, undoSuspensionSeconds)) return { refused: 'undo_expired' };
    const move = { vendorId: id, step: 'reactivate', ...decidedBy(scope), isUndo: true } as const;
    const { status, version } = await vendorStep(scope, move);
    return { status, version };
  },
});
