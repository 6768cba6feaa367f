import type { ClientAddress } from '@prisma/client';
import { z } from 'zod';
import type { CommandScope } from '../../../foundation/command/command.ts';
import { fail } from '../../../foundation/errors/app-error.ts';
import { lockAccount } from '../account.ts';
import { bytesOf } from '../bytes.ts';
import { personBox } from '../person-box.ts';
import { lockClient } from './restore-client.ts';
import { defineRestore } from './restore-record.ts';

export const clientAddressColumns = {
  label: 'label',
  full_name_enc: 'fullNameEnc',
  phone_enc: 'phoneEnc',
  phone_masked: 'phoneMasked',
  street_enc: 'streetEnc',
  city: 'city',
  state: 'state',
  country_code: 'countryCode',
  postal_code: 'postalCode',
} as const;

const box = z.string().transform((hex) => bytesOf(Buffer.from(hex, 'hex')));
const whole = z.object({
  label: z.string().max(40),
  fullNameEnc: box,
  phoneEnc: box.nullable(),
  phoneMasked: z.string().nullable(),
  streetEnc: box,
  city: z.string().max(100),
  state: z.string().nullable(),
  countryCode: z.string().length(2),
  postalCode: z.string().nullable(),
});
const schema = whole.partial();

/** Chosen fields of an earlier version of a delivery address, or a deleted address under its old id. */
export const restoreClientAddress = defineRestore<z.infer<typeof schema>, ClientAddress>('restore-client-address', {
  table: 'identity.client_address',
  resource: 'client_address',
  columns: clientAddressColumns,
  schema,
  async load(scope, id) {
    const found = await scope.tx.clientAddress.findUnique({ where: { id }, select: { client: { select: { userId: true } } } });
    if (!found) return null;
    await lockAccount(scope.tx, { userId: found.client.userId });
    const row = await scope.tx.clientAddress.findUnique({ where: { id } });
    return row && { row, version: row.version, subject: { userId: found.client.userId, kind: 'client', rank: 0 } };
  },
  async write(scope, address, changed) {
    await scope.tx.clientAddress.update({ where: { id: address.id }, data: { ...changed, version: { increment: 1 } } });
    return address.version + 1;
  },
  recover,
});

/**
 * The address as it was, never as the default one: another may have taken its place. Two people who bring back the same address
 * at once clash on its id, and the second is refused.
 */
async function recover(scope: CommandScope, id: string, deleted: ReadonlyMap<string, unknown>): Promise<number> {
  const client = await lockClient(scope, String(deleted.get('client_id')));
  // Without the person's key the encrypted parts would be rubbish.
  if (!(await personBox(scope.deps, scope.tx, client.userId))) fail('version_not_kept');
  const stored = Object.entries(clientAddressColumns).map(([column, property]) => [property, deleted.get(column) ?? null]);
  const data = whole.parse(Object.fromEntries(stored));
  await scope.tx.clientAddress.create({ data: { ...data, id, clientId: client.id, isDefault: false } });
  return 1;
}
