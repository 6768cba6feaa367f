import type { VendorSettings } from '@prisma/client';
import { z } from 'zod';
import { defineCommand } from '../../../foundation/command/command.ts';
import { fail } from '../../../foundation/errors/app-error.ts';
import type { AccountRow } from '../account.ts';
import type { QueryDeps } from '../query-deps.ts';
import { lockOwnRole } from './own-role.ts';

/** How a store takes orders and what its owner is told of (auth-api.md 2.7). Days are ISO 8601 dates. */
export type VendorSettingsView = {
  orderMode: 'auto' | 'manual';
  notifyOrders: boolean;
  notifyReviews: boolean;
  holidayFrom: string | null;
  holidayTo: string | null;
  returnDays: number;
  version: number;
};

const input = z
  .object({
    orderMode: z.enum(['auto', 'manual']),
    notifyOrders: z.boolean(),
    notifyReviews: z.boolean(),
    holidayFrom: z.iso.date().nullish(),
    holidayTo: z.iso.date().nullish(),
    returnDays: z.int(),
  })
  .superRefine(({ holidayFrom, holidayTo, returnDays }, ctx) => {
    const refuse = (path: string) => ctx.addIssue({ code: 'custom', path: [path], params: { code: 'invalid_value' }, input: path });
    if (returnDays < 0 || returnDays > 30) refuse('returnDays');
    // A holiday has both ends, in that order.
    if (Boolean(holidayFrom) !== Boolean(holidayTo) || (holidayFrom && holidayTo && holidayTo < holidayFrom)) refuse('holidayTo');
  });
type Input = z.infer<typeof input>;
type Loaded = { account: AccountRow; settings: VendorSettings };

/**
 * Replaces the settings of the own store, compare-and-set on their version; what is left out of the holiday is none.
 * @throws AppError 403 `role_required`, 412 `version_conflict`, 428 `if_match_required`, 422 `invalid_value`
 */
export const replaceVendorSettings = defineCommand<Input, VendorSettingsView, undefined, Loaded>({
  name: 'replace-vendor-settings',
  resource: 'vendor_settings',
  access: 'owner',
  input,
  isIdempotent: false,
  async load(scope) {
    const account = await lockOwnRole(scope, 'vendor');
    const settings = await scope.tx.vendorSettings.findFirst({ where: { vendor: { userId: account.id } } });
    return { account, settings: settings ?? fail('not_found') };
  },
  version: ({ settings }) => settings.version,
  async run(scope, body, { account, settings }) {
    const day = (text: string | null | undefined) => (text ? new Date(`${text}T00:00:00Z`) : null);
    scope.touched(account.id, settings.id);
    const saved = await scope.tx.vendorSettings.update({
      where: { id: settings.id },
      data: { ...body, holidayFrom: day(body.holidayFrom), holidayTo: day(body.holidayTo), version: { increment: 1 } },
    });
    return settingsView(saved);
  },
});

/** Settings of the own store. @throws AppError 403 `role_required` for a client */
export async function readVendorSettings({ database }: QueryDeps, userId: string): Promise<VendorSettingsView> {
  const settings = await database.prisma.vendorSettings.findFirst({ where: { vendor: { userId } } });
  return settingsView(settings ?? fail('role_required'));
}

function settingsView({
  orderMode,
  notifyOrders,
  notifyReviews,
  holidayFrom,
  holidayTo,
  returnDays,
  version,
}: VendorSettings): VendorSettingsView {
  const day = (at: Date | null) => at?.toISOString().slice(0, 10) ?? null;
  return { orderMode, notifyOrders, notifyReviews, holidayFrom: day(holidayFrom), holidayTo: day(holidayTo), returnDays, version };
}
