import type { Vendor } from '@prisma/client';
import { z } from 'zod';
import { defineCommand } from '../../../foundation/command/command.ts';
import { loadVendor, storeColumns, storeFields, vendorSubject, writeVendor } from '../store-profile.ts';

const input = z.strictObject({ id: z.uuid(), ...z.object(storeFields).partial().shape });
type Input = z.infer<typeof input>;

/**
 * Staff correct a shop's name, texts, place or links, on the version they saw.
 * @throws AppError 404 `not_found`, 409 `version_conflict`, `store_name_taken`, 422 `store_name_reserved`, `invalid_value`, `too_long`
 */
export const editVendor = defineCommand<Input, { version: number; fields: readonly string[] }, undefined, Vendor>({
  name: 'edit-vendor',
  resource: 'vendor',
  access: 'vendor.edit',
  input,
  load: loadVendor,
  subject: vendorSubject,
  version: (vendor) => vendor.version,
  async preview(_scope, { id: _, ...profile }, vendor) {
    const { fields } = storeColumns(vendor, profile);
    return fields.length === 0 ? ['Changes nothing.'] : [`Changes ${fields.join(', ')}.`];
  },
  async run(scope, { id, ...profile }, vendor) {
    const { data, fields } = storeColumns(vendor, profile);
    scope.touched(id);
    if (fields.length === 0) return { version: vendor.version, fields };
    const version = await writeVendor(scope, vendor, data);
    scope.emit({ name: 'identity.vendor.profile_changed', aggregateId: id, payload: { vendorId: id, userId: vendor.userId, fields } });
    return { version, fields };
  },
});
