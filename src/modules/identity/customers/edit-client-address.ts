import type { ClientAddress, Prisma } from '@prisma/client';
import { z } from 'zod';
import { type CommandDeps, type CommandScope, defineCommand } from '../../../foundation/command/command.ts';
import { fail, validationError } from '../../../foundation/errors/app-error.ts';
import { requireDataKey } from '../account.ts';
import { bytesOf } from '../bytes.ts';
import { addressOf, sealedAddressOf } from '../profiles/client-view.ts';
import { type Address, addressFields, readAddress } from './client-address-fields.ts';
import { type ClientOfCustomer, loadClient, tellChanged } from './client-record.ts';
import { customerSubject, sendsTo } from './customer-record.ts';

const longestAddress = 500;

const input = z.strictObject({
  /** Of the client row. */
  id: z.uuid(),
  /** An entry of the address book; without it, the one default delivery address. */
  addressId: z.uuid().optional(),
  /** The default delivery address in one text; null removes it. */
  address: z.string().nullable().optional(),
  ...addressFields,
});
type Input = z.infer<typeof input>;
type Loaded = ClientOfCustomer & { entry: ClientAddress | null };

/** Where the box of an address belongs, under the data key of its person. */
export const addressBox = (column: string, addressId: string) => `client_address.${column}:${addressId}`;

/**
 * Corrects where a shopper's parcels go, on the version staff saw: the default delivery address or one entry of the address book.
 * What stood there before is shown to nobody; the person is told which fields changed.
 * @throws AppError 404 `not_found`, 409 `version_conflict`, 422 `required`, `too_long`, `country_unknown`, `phone_invalid`
 */
export const editClientAddress = defineCommand<Input, { version: number; fields: readonly string[] }, Address, Loaded>({
  name: 'edit-client-address',
  resource: 'client_address',
  access: 'client_address.edit',
  input,
  // Once, before anything is locked: what holds a lock must not wait for a second connection.
  prepare: (deps: CommandDeps, body: Input) => readAddress(deps, body),
  async load(scope, { id, addressId }) {
    const loaded = await loadClient(scope, id);
    if (addressId === undefined) return { ...loaded, entry: null };
    const entry = await scope.tx.clientAddress.findFirst({ where: { id: addressId, clientId: id } });
    return { ...loaded, entry: entry ?? fail('not_found') };
  },
  subject: customerSubject,
  version: ({ client, entry }) => entry?.version ?? client.version,
  conflict: ({ client, entry }) => ({ current: shownOf(client, entry) }),
  async preview(scope, body, loaded) {
    const fields = loaded.entry ? Object.keys(columnsOf(scope, loaded.entry, await readAddress(scope.deps, body), loaded)) : [];
    const what = loaded.entry ? `Changes ${fields.join(', ')} of "${loaded.entry.label}".` : 'Replaces the default delivery address.';
    return loaded.entry && fields.length === 0 ? ['Changes nothing.'] : [what, sendsTo(loaded)];
  },
  run: (scope, body, loaded, address) =>
    loaded.entry ? editEntry(scope, { loaded, entry: loaded.entry, address }) : editDefault(scope, body, loaded),
});

/** The default delivery address: free text on the client's own row. */
async function editDefault(scope: CommandScope, { address }: Input, { account, client, user }: Loaded) {
  if (address === undefined) throw validationError([{ path: 'address', code: 'required' }]);
  const text = address?.normalize('NFC').trim() || null;
  if (text !== null && [...text].length > longestAddress) throw validationError([{ path: 'address', code: 'too_long' }]);
  const { keyring } = scope.deps;
  scope.touched(user.id, client.id);
  if (text === addressOf(keyring, account, client)) return { version: client.version, fields: [] };
  const defaultAddressEnc = text === null ? null : sealedAddressOf(keyring, account, client.id, text);
  await scope.tx.client.update({ where: { id: client.id }, data: { defaultAddressEnc, version: { increment: 1 } } });
  tellChanged(scope, user.id, ['defaultShippingAddress']);
  return { version: client.version + 1, fields: ['defaultShippingAddress'] };
}

async function editEntry(scope: CommandScope, { loaded, entry, address }: { loaded: Loaded; entry: ClientAddress; address: Address }) {
  const data = columnsOf(scope, entry, address, loaded);
  const fields = Object.keys(data);
  scope.touched(loaded.user.id, entry.id);
  if (fields.length === 0) return { version: entry.version, fields };
  await scope.tx.clientAddress.update({ where: { id: entry.id }, data: { ...data, version: { increment: 1 } } });
  tellChanged(scope, loaded.user.id, ['deliveryAddress']);
  return { version: entry.version + 1, fields };
}

/** Columns to write: plain ones that really change, encrypted ones whenever something was typed. */
function columnsOf({ deps }: CommandScope, entry: ClientAddress, address: Address, { account }: Loaded): Prisma.ClientAddressUpdateInput {
  const seal = (column: string, clear: string) =>
    bytesOf(deps.keyring.encryptField(requireDataKey(deps.keyring, account), addressBox(column, entry.id), clear));
  const data: Record<string, unknown> = {};
  for (const field of ['label', 'city', 'state', 'countryCode', 'postalCode'] as const) {
    if (address[field] !== undefined && address[field] !== entry[field]) data[field] = address[field];
  }
  if (address.fullName) data['fullNameEnc'] = seal('full_name_enc', address.fullName);
  if (address.street) data['streetEnc'] = seal('street_enc', address.street);
  if (address.phone !== undefined) {
    data['phoneEnc'] = address.phone ? seal('phone_enc', address.phone) : null;
    data['phoneMasked'] = address.phoneMasked ?? null;
  }
  return data;
}

/** What a conflict may show of the version of now: nothing of it in clear. */
function shownOf(client: ClientOfCustomer['client'], entry: ClientAddress | null): Readonly<Record<string, unknown>> {
  if (!entry) return { address: client.defaultAddressEnc ? 'set, not shown' : null };
  const { label, city, state, countryCode, postalCode } = entry;
  return { label, city, state, countryCode, postalCode, phone: entry.phoneMasked, fullName: 'not shown', street: 'not shown' };
}
