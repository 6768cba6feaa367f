import type { Vendor } from '@prisma/client';
import { z } from 'zod';
import { type CommandScope, defineCommand } from '../../../foundation/command/command.ts';
import { writeVendor } from '../store-profile.ts';
import { emitTerms, oneVendor, onVendor } from './vendor-record.ts';

type Changed = { version: number };

const commission = oneVendor.extend({
  /** Basis points: 1000 is 10 %. */
  commissionBps: z.custom<number>((value) => Number.isInteger(value) && Number(value) >= 0 && Number(value) <= 5000, {
    params: { code: 'commission_invalid' },
  }),
});

/**
 * The share of each sale, in whole basis points.
 * @throws AppError 403 `forbidden`, `step_up_required`, 404 `not_found`, 409 `transition_not_allowed`, `version_conflict`, 422
 * `commission_invalid`
 */
export const setCommission = defineCommand<z.infer<typeof commission>, Changed, undefined, Vendor>({
  ...onVendor,
  name: 'set-commission',
  access: 'vendor.set_commission',
  input: commission,
  async preview(_scope, { commissionBps }, vendor) {
    return [`Commission ${percent(vendor.commissionBps)} becomes ${percent(commissionBps)}, for sales from now on.`, 'The owner is told.'];
  },
  async run(scope, { commissionBps }, vendor) {
    if (vendor.status === 'closed') return { refused: 'transition_not_allowed' };
    return write(scope, vendor, { commissionBps }, 'commission');
  },
});

const tier = oneVendor.extend({ tier: z.enum(['free', 'pro', 'elite']) });

/**
 * The plan of a store. One of the highest tier needs two people to be approved.
 * @throws AppError 403 `forbidden`, `step_up_required`, 404 `not_found`, 409 `transition_not_allowed`, `version_conflict`
 */
export const setTier = defineCommand<z.infer<typeof tier>, Changed, undefined, Vendor>({
  ...onVendor,
  name: 'set-tier',
  access: 'vendor.set_tier',
  input: tier,
  async preview(_scope, { tier: wanted }, vendor) {
    return [`The tier ${vendor.subscriptionTier} becomes ${wanted}.`, 'The owner is told.'];
  },
  async run(scope, { tier: wanted }, vendor) {
    if (vendor.status === 'closed') return { refused: 'transition_not_allowed' };
    return write(scope, vendor, { subscriptionTier: wanted }, 'tier');
  },
});

const featured = oneVendor.extend({ isFeatured: z.boolean() });

/**
 * Puts a store forward in the shop, or takes it back. Only approved stores are put forward.
 * @throws AppError 403 `forbidden`, 404 `not_found`, 409 `transition_not_allowed`
 */
export const setFeatured = defineCommand<z.infer<typeof featured>, Changed & { isFeatured: boolean }, undefined, Vendor>({
  ...onVendor,
  name: 'set-featured',
  access: 'vendor.set_featured',
  input: featured,
  async preview(_scope, { isFeatured }) {
    return [isFeatured ? 'The store is put forward in the shop.' : 'The store is not put forward any more.'];
  },
  async run(scope, { isFeatured }, vendor) {
    if (isFeatured && vendor.status !== 'approved') return { refused: 'transition_not_allowed' };
    scope.touched(vendor.id);
    if (vendor.isFeatured === isFeatured) return { version: vendor.version, isFeatured };
    const version = await writeVendor(scope, vendor, { isFeatured });
    const payload = { vendorId: vendor.id, userId: vendor.userId, fields: ['isFeatured'] };
    scope.emit({ name: 'identity.vendor.profile_changed', aggregateId: vendor.id, payload });
    return { version, isFeatured };
  },
});

async function write(scope: CommandScope, vendor: Vendor, data: Partial<Vendor>, field: string): Promise<Changed> {
  const version = await writeVendor(scope, vendor, data);
  emitTerms(scope, vendor, [field]);
  return { version };
}

const percent = (basisPoints: number) => `${(basisPoints / 100).toFixed(2)} %`;
