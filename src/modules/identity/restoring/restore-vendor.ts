import type { Vendor } from '@prisma/client';
import { z } from 'zod';
import { loadVendor, type StoreInput, storeColumns, storeFields, vendorSubject, writeVendor } from '../store-profile.ts';
import { defineRestore } from './restore-record.ts';

/** Not the address of the shop, its tax id, status, tier or commission: those have commands with rules of their own. */
export const vendorColumns = {
  store_name: 'storeName',
  tagline: 'tagline',
  description: 'description',
  collections: 'collections',
  country_code: 'countryCode',
  state: 'state',
  city: 'city',
  address: 'address',
  instagram_url: 'instagramUrl',
  tiktok_url: 'tiktokUrl',
  website_url: 'websiteUrl',
} as const;

/** Chosen fields of an earlier version of a shop. */
export const restoreVendor = defineRestore<StoreInput, Vendor>('restore-vendor', {
  table: 'identity.vendor',
  resource: 'vendor',
  columns: vendorColumns,
  schema: z.object(storeFields).partial(),
  async load(scope, id) {
    const row = await loadVendor(scope, { id });
    return { row, version: row.version, subject: vendorSubject(row) };
  },
  async write(scope, vendor, changed) {
    const { data, fields } = storeColumns(vendor, changed);
    const version = await writeVendor(scope, vendor, data);
    scope.emit({
      name: 'identity.vendor.profile_changed',
      aggregateId: vendor.id,
      payload: { vendorId: vendor.id, userId: vendor.userId, fields },
    });
    return version;
  },
});
