import { z } from 'zod';
import { fail } from '../../../foundation/errors/app-error.ts';
import type { AccountRow } from '../account.ts';
import { bytesOf } from '../bytes.ts';
import { customerSubject, loadCustomer } from '../customers/customer-record.ts';
import { addressInClear } from '../profile.ts';
import { displayNameOf } from '../registration/create-customer.ts';
import { locales } from '../registration/start-registration.ts';
import { defineRestore } from './restore-record.ts';

/** Not the identifier, the member id, the status or anything of sign-in. */
export const userColumns = {
  first_name: 'firstName',
  last_name: 'lastName',
  bio: 'bio',
  country_code: 'countryCode',
  state: 'state',
  city: 'city',
  address_enc: 'addressEnc',
  language: 'language',
  timezone: 'timezone',
} as const;

const box = z.string().transform((hex) => bytesOf(Buffer.from(hex, 'hex')));

const schema = z
  .object({
    firstName: z.string().nullable(),
    lastName: z.string().nullable(),
    bio: z.string().nullable(),
    countryCode: z.string().length(2).nullable(),
    state: z.string().nullable(),
    city: z.string().nullable(),
    /** Still under the person's data key, for the same row and column: it is put back as it was. */
    addressEnc: box.nullable(),
    language: z.enum(locales),
    timezone: z.string(),
  })
  .partial();

type Data = z.infer<typeof schema>;
type Row = Awaited<ReturnType<typeof loadCustomer>>['user'] & { account: AccountRow };

/** Chosen fields of an earlier version of a customer's profile; the person is told which, as after any correction by staff. */
export const restoreUser = defineRestore<Data, Row>('restore-user', {
  table: 'identity.user',
  resource: 'user',
  columns: userColumns,
  schema,
  async load(scope, id) {
    const customer = await loadCustomer(scope, { id });
    return { row: { ...customer.user, account: customer.account }, version: customer.user.version, subject: customerSubject(customer) };
  },
  async write(scope, { account, ...user }, changed) {
    if (account.status === 'erased') fail('version_not_kept');
    const { keyring } = scope.deps;
    if (changed.addressEnc) addressInClear(keyring, account, { id: user.id, addressEnc: changed.addressEnc });
    const after = { ...user, ...changed };
    await scope.tx.user.update({
      where: { id: user.id },
      data: { ...changed, displayName: displayNameOf(after.firstName, after.lastName), version: { increment: 1 } },
    });
    const fields = Object.keys(changed).map((field) => (field === 'addressEnc' ? 'address' : field));
    scope.emit({ name: 'identity.user.profile_changed', aggregateId: user.id, payload: { userId: user.id, fields } });
    return user.version + 1;
  },
});
