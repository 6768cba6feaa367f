import { z } from 'zod';
import { readStoredValue } from '../../../audit/index.ts';
import { type CommandScope, defineCommand } from '../../../foundation/command/command.ts';
import { useDailyQuota } from '../../../foundation/command/daily-quota.ts';
import { actorIdOf } from '../../../foundation/runtime/actor.ts';
import { type AccountRow, contactInClear, dataKeyOf, userField } from '../account.ts';
import { addressInClear } from '../profile.ts';
import { addressOf } from '../profiles/client-view.ts';
import { type Customer, customerSubject, loadCustomer } from './customer-record.ts';
import { addressBox } from './edit-client-address.ts';

const input = z.strictObject({
  id: z.uuid(),
  /** `shipping_address`: a shopper's default delivery address. */
  field: z.enum(['email', 'phone', 'address', 'shipping_address']),
  /** With `address`: an entry of the address book instead of the address of the profile. */
  addressId: z.uuid().optional(),
  /** The value of an earlier version instead of the live one: what a change replaced, wrote, or left standing. */
  version: z.strictObject({ eventId: z.uuid(), side: z.enum(['before', 'after', 'state']) }).optional(),
});
type Input = z.infer<typeof input>;

/** The ciphertext of an earlier version in hex, as the history holds it; null for the live value. */
type Stored = unknown;

/** `value` is shown for `shownSeconds` and kept nowhere: not in the audit, not for replays. */
export type RevealedContact = { field: Input['field']; value: string; quotaLeft: number; shownSeconds: number };

const shownSeconds = 60;

/**
 * One contact field of a customer in clear (F83): reason, ticket and fresh factor by the matrix, one of the day's reveals
 * here. The action row names field and person, never the value. Earlier values open under the same rules.
 * @throws AppError 403 `quota_exceeded`, 404 `not_found` also for a field the person does not have, 409 `version_not_kept`
 */
export const revealContact = defineCommand<Input, RevealedContact, Stored, Customer>({
  name: 'reveal-contact',
  resource: 'user',
  access: 'user.reveal_contact',
  input,
  isIdempotent: false,
  prepare: async (deps, { id, field, version }) =>
    version && field !== 'shipping_address'
      ? readStoredValue(deps, { table: 'identity.user', recordId: id }, { ...version, field: `${field}_enc` })
      : null,
  load: loadCustomer,
  subject: customerSubject,
  async preview() {
    return [
      `Shows one field for ${shownSeconds} seconds.`,
      "Uses one of today's reveals. Your name, the reason and the field are recorded.",
    ];
  },
  async run(scope, { id, field, addressId, version }, customer, stored) {
    const value = version ? earlierValue(scope, customer, { field, stored }) : await clearValue(scope, customer, { field, addressId });
    if (value === null) return { refused: 'not_found' };
    const quotaLeft = await useDailyQuota(scope, 'reveals');
    scope.touched(id);
    scope.note(version ? `field ${field} of version ${version.eventId}` : `field ${field}`);
    scope.emit({
      name: 'identity.pii.revealed',
      aggregateId: id,
      payload: { actorId: actorIdOf(scope.actor), userId: id, field, quotaLeft },
    });
    return { field, value, quotaLeft, shownSeconds };
  },
});

async function clearValue(
  scope: CommandScope,
  { account, user }: Customer,
  { field, addressId }: Pick<Input, 'field' | 'addressId'>,
): Promise<string | null> {
  const { keyring } = scope.deps;
  if (addressId) return field === 'address' ? bookedAddress(scope, account, addressId) : null;
  if (field === 'address') return addressInClear(keyring, account, user);
  if (field === 'shipping_address') {
    const client = await scope.tx.client.findUnique({ where: { userId: user.id }, select: { id: true, defaultAddressEnc: true } });
    return client && addressOf(keyring, account, client);
  }
  const contact = contactInClear(keyring, account);
  return contact?.kind === field ? contact.value : null;
}

/** One entry of the address book, name and number of whoever receives there included. */
async function bookedAddress(scope: CommandScope, account: AccountRow, addressId: string): Promise<string | null> {
  const { keyring } = scope.deps;
  const dataKey = dataKeyOf(keyring, account);
  const row = await scope.tx.clientAddress.findFirst({ where: { id: addressId, client: { userId: account.id } } });
  if (!row || !dataKey) return null;
  const open = (column: string, box: Uint8Array | null) => box && keyring.decryptField(dataKey, addressBox(column, row.id), box);
  const place = [row.city, row.state, row.postalCode, row.countryCode].filter(Boolean).join(', ');
  return [open('full_name_enc', row.fullNameEnc), open('phone_enc', row.phoneEnc), open('street_enc', row.streetEnc), place]
    .filter(Boolean)
    .join('\n');
}

/** Still under the person's data key: where that is destroyed, so is the value. */
function earlierValue(
  scope: CommandScope,
  { account }: Customer,
  { field, stored }: { field: Input['field']; stored: Stored },
): string | null {
  const dataKey = dataKeyOf(scope.deps.keyring, account);
  if (typeof stored !== 'string' || !dataKey || field === 'shipping_address') return null;
  return scope.deps.keyring.decryptField(dataKey, userField(`${field}_enc`, account.id), Buffer.from(stored, 'hex'));
}
