import type { VendorSettings } from '@prisma/client';
import { z } from 'zod';
import { fail } from '../../../foundation/errors/app-error.ts';
import { lockAccount } from '../account.ts';
import { defineRestore } from './restore-record.ts';

export const vendorSettingsColumns = {
  order_mode: 'orderMode',
  notify_orders: 'notifyOrders',
  notify_reviews: 'notifyReviews',
  return_days: 'returnDays',
} as const;

const schema = z
  .object({
    orderMode: z.enum(['auto', 'manual']),
    notifyOrders: z.boolean(),
    notifyReviews: z.boolean(),
    returnDays: z.int().min(0).max(365),
  })
  .partial();

/** Chosen fields of an earlier version of a shop's settings. */
export const restoreVendorSettings = defineRestore<z.infer<typeof schema>, VendorSettings>('restore-vendor-settings', {
  table: 'identity.vendor_settings',
  resource: 'vendor_settings',
  columns: vendorSettingsColumns,
  schema,
  async load(scope, id) {
    const found = await scope.tx.vendorSettings.findUnique({ where: { id }, select: { vendor: { select: { userId: true } } } });
    if (!found) return fail('not_found');
    const { userId } = found.vendor;
    await lockAccount(scope.tx, { userId });
    const row = await scope.tx.vendorSettings.findUniqueOrThrow({ where: { id } });
    return { row, version: row.version, subject: { userId, kind: 'vendor', rank: 0 } };
  },
  async write(scope, settings, changed) {
    await scope.tx.vendorSettings.update({ where: { id: settings.id }, data: { ...changed, version: { increment: 1 } } });
    return settings.version + 1;
  },
});
