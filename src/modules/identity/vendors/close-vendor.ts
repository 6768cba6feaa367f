import type { Vendor } from '@prisma/client';
import { defineCommand } from '../../../foundation/command/command.ts';
import { decidedBy, type OneVendor, oneVendor, onVendor, type VendorMoved } from './vendor-record.ts';
import { vendorStep } from './vendor-step.ts';

/**
 * Any state but `submitted` and `in_review` -> closed (product.md 4.2), for good. What it sold is archived by the module of products.
 * @throws AppError 403 `forbidden`, 404 `not_found`, 409 `transition_not_allowed`
 */
export const closeVendor = defineCommand<OneVendor, VendorMoved, undefined, Vendor>({
  ...onVendor,
  name: 'close-vendor',
  access: 'vendor.close',
  input: oneVendor,
  async preview() {
    return ['The store is closed for good and its products are archived. A closed store is not opened again.', 'The owner is told.'];
  },
  async run(scope, { id }) {
    const { status, version } = await vendorStep(scope, { vendorId: id, step: 'close', ...decidedBy(scope) });
    return { status, version };
  },
});

/**
 * rejected -> submitted (product.md 4.2): the store is reviewed again, one round later, by two people whatever its risk.
 * @throws AppError 403 `forbidden`, 404 `not_found`, 409 `transition_not_allowed`
 */
export const acceptAppeal = defineCommand<OneVendor, VendorMoved, undefined, Vendor>({
  ...onVendor,
  name: 'accept-appeal',
  access: 'vendor.accept_appeal',
  input: oneVendor,
  async preview() {
    return ['The store goes back to the reviewers as a new round.', 'Two people have to approve it this time.'];
  },
  async run(scope, { id }) {
    const { by, code } = decidedBy(scope);
    const { status, version } = await vendorStep(scope, { vendorId: id, step: 'accept_appeal', by, code });
    return { status, version };
  },
});
