import type { Vendor } from '@prisma/client';
import { z } from 'zod';
import type { AccessSubject } from '../../foundation/access/decide.ts';
import type { CommandScope } from '../../foundation/command/command.ts';
import { fail } from '../../foundation/errors/app-error.ts';
import { lockAccount } from './account.ts';
import { foldStoreName, requireOneScript, storeNameSchema } from './store-name.ts';
import { withoutMarkup } from './without-markup.ts';

/** NFC, without markup, trimmed; "" means none. */
const text = (longest: number) =>
  z
    .string()
    .transform((typed) => withoutMarkup(typed.normalize('NFC')).trim())
    .pipe(z.string().max(longest))
    .nullable()
    .transform((value) => value || null);

const link = text(300).refine((value) => value === null || /^https:\/\/[^\s/]+\.[^\s]+$/.test(value), {
  params: { code: 'invalid_value' },
});

/** What staff may correct of a shop, by the names of the model. Absent means unchanged, null means removed. */
export const storeFields = {
  storeName: storeNameSchema.nullable(),
  tagline: text(200),
  description: text(2000),
  collections: z
    .array(
      z
        .string()
        .transform((typed) => withoutMarkup(typed).trim())
        .pipe(z.string().min(1).max(60)),
    )
    .max(15),
  countryCode: z
    .string()
    .regex(/^[A-Z]{2}$/)
    .nullable(),
  state: text(100),
  city: text(100),
  address: text(300),
  instagramUrl: link,
  tiktokUrl: link,
  websiteUrl: link,
};

const storeInput = z.object(storeFields).partial();
export type StoreInput = z.infer<typeof storeInput>;

/** Columns to write, and the fields that really change. The folded name follows the name. */
export function storeColumns(vendor: Vendor, profile: StoreInput): { data: Partial<Vendor>; fields: readonly string[] } {
  const changed = Object.entries(profile).filter(
    ([field, value]) => value !== undefined && JSON.stringify(value) !== JSON.stringify(Reflect.get(vendor, field)),
  );
  const data: Partial<Vendor> = Object.fromEntries(changed);
  if (data.storeName !== undefined) data.storeNameFolded = data.storeName === null ? null : foldStoreName(data.storeName);
  return { data, fields: changed.map(([field]) => field) };
}

/** A shop, its owner locked: every change of a person's rows waits there. @throws AppError 404 `not_found` */
export async function loadVendor(scope: CommandScope, { id }: { id: string }): Promise<Vendor> {
  const owner = await scope.tx.vendor.findUnique({ where: { id }, select: { userId: true } });
  if (!owner) return fail('not_found');
  await lockAccount(scope.tx, { userId: owner.userId });
  return scope.tx.vendor.findUniqueOrThrow({ where: { id } });
}

export function vendorSubject(vendor: Vendor): AccessSubject {
  return { userId: vendor.userId, kind: 'vendor', rank: 0 };
}

/** Writes a new version of a shop. @throws AppError 409 `store_name_taken`, 422 `invalid_value` for a name of mixed scripts */
export async function writeVendor(scope: CommandScope, vendor: Vendor, data: Partial<Vendor>): Promise<number> {
  if (data.storeNameFolded) {
    const taken = await scope.tx.vendor.count({ where: { storeNameFolded: data.storeNameFolded, id: { not: vendor.id } } });
    if (taken > 0) fail('store_name_taken');
  }
  if (data.storeName) requireOneScript(data.storeName);
  const { businessHours: _, decisionNotes: _notes, ...columns } = data;
  await scope.tx.vendor.update({ where: { id: vendor.id }, data: { ...columns, version: { increment: 1 } } });
  return vendor.version + 1;
}
