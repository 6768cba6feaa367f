import { Prisma } from '@prisma/client';
import type { Keyring } from '../../foundation/crypto/keyring.ts';
import { maskEmailForOwner, maskPhoneForOwner } from '../../foundation/crypto/mask.ts';
import { fail } from '../../foundation/errors/app-error.ts';
import type { Tx } from '../../foundation/runtime/database.ts';
import type { FactorMethod, SignedInUser, VendorStatus } from './sign-in-shapes.ts';

/** Everything a sign-in decision asks of one person, in one row. */
export type AccountRow = {
  id: string;
  memberId: string;
  kind: 'client' | 'vendor' | 'staff';
  authMethod: 'email' | 'phone' | 'google';
  emailEnc: Uint8Array | null;
  phoneEnc: Uint8Array | null;
  firstName: string | null;
  lastName: string | null;
  displayName: string | null;
  language: string;
  timezone: string;
  status: 'active' | 'suspended' | 'closed' | 'erased';
  passwordDisabled: boolean;
  /** Until when the sensitive routes are closed, after a report that a sign-in was not the owner's. */
  frozenUntil: Date | null;
  wrappedKey: Uint8Array | null;
  kekKid: string | null;
  passwordHash: string | null;
  vendorStatus: VendorStatus | null;
  hasTotp: boolean;
  passkeys: number;
  recoveryCodesLeft: number;
  /** Linked accounts of providers. */
  identities: number;
};

type Reader = Pick<Tx, '$queryRaw'>;

export type AccountKey = { userId: string } | { kind: 'email' | 'phone'; bidx: Uint8Array };

/** Null when nobody has that id or identifier. Erased accounts have no identifier any more. */
export async function findAccount(reader: Reader, key: AccountKey): Promise<AccountRow | null> {
  const [row] = await reader.$queryRaw<AccountRow[]>(Prisma.sql`${accountSelect} WHERE ${accountFilter(key)}`);
  return row ?? null;
}

/**
 * The same row, locked: closes the race between two sign-ins, or a sign-in and a suspension, of one person. Read by a statement of
 * its own after the lock: one that waits for the lock sees other tables (password, factors, passkeys) as they were before it waited.
 * Nobody's identifier takes both statements too, so that it takes the same time.
 */
export async function lockAccount(reader: Reader, key: AccountKey): Promise<AccountRow | null> {
  const filter = accountFilter(key);
  const [locked] = await reader.$queryRaw<{ id: string }[]>(Prisma.sql`SELECT u.id FROM identity."user" u WHERE ${filter} FOR UPDATE`);
  return findAccount(reader, { userId: locked?.id ?? nobody });
}

/** An id that no row has. */
const nobody = '00000000-0000-0000-0000-000000000000';

/** Columns of AccountRow over `u`, `k`, `c`, `v`, `t` of accountJoins. */
export const accountColumns = Prisma.sql`
         u.id, u.member_id AS "memberId", u.kind::text AS kind, u.auth_method::text AS "authMethod",
         u.email_enc AS "emailEnc", u.phone_enc AS "phoneEnc", u.first_name AS "firstName", u.last_name AS "lastName",
         u.display_name AS "displayName", u.language, u.timezone, u.status::text AS status, u.password_disabled AS "passwordDisabled",
         u.frozen_until AS "frozenUntil",
         k.wrapped_key AS "wrappedKey", k.kek_kid AS "kekKid", c.password_hash AS "passwordHash",
         v.status::text AS "vendorStatus", (t.confirmed_at IS NOT NULL) AS "hasTotp",
         (SELECT count(*)::int FROM identity.passkey p WHERE p.user_id = u.id) AS passkeys,
         (SELECT count(*)::int FROM identity.recovery_code r WHERE r.user_id = u.id AND r.used_at IS NULL) AS "recoveryCodesLeft",
         (SELECT count(*)::int FROM identity.external_identity e WHERE e.user_id = u.id) AS identities`;

export const accountJoins = Prisma.sql`
    LEFT JOIN identity.user_key k ON k.user_id = u.id
    LEFT JOIN identity.credential c ON c.user_id = u.id
    LEFT JOIN identity.vendor v ON v.user_id = u.id
    LEFT JOIN identity.totp t ON t.user_id = u.id`;

const accountSelect = Prisma.sql`SELECT ${accountColumns} FROM identity."user" u ${accountJoins}`;

function accountFilter(key: AccountKey): Prisma.Sql {
  if ('userId' in key) return Prisma.sql`u.id = ${key.userId}::uuid`;
  return key.kind === 'email' ? Prisma.sql`u.email_bidx = ${key.bidx}` : Prisma.sql`u.phone_bidx = ${key.bidx}`;
}

/** The person's data key; null once it was destroyed (erasure). */
export function dataKeyOf(keyring: Keyring, row: Pick<AccountRow, 'wrappedKey' | 'kekKid'>): Buffer | null {
  return row.wrappedKey && row.kekKid ? keyring.unwrapDataKey(row.wrappedKey, row.kekKid) : null;
}

/** The same for a person who is not erased. @throws AppError 404 `not_found` */
export function requireDataKey(keyring: Keyring, row: Pick<AccountRow, 'wrappedKey' | 'kekKid'>): Buffer {
  return dataKeyOf(keyring, row) ?? fail('not_found');
}

/** Where a box of table identity.user belongs; a box moved to another person or column does not open. */
export const userField = (column: 'email_enc' | 'phone_enc' | 'address_enc', userId: string): string => `user.${column}:${userId}`;

export type ClearContact = { kind: 'email' | 'phone'; value: string };

/** The account's own contact in clear; null once the key is destroyed. */
export function contactInClear(
  keyring: Keyring,
  row: Pick<AccountRow, 'id' | 'emailEnc' | 'phoneEnc' | 'wrappedKey' | 'kekKid'>,
): ClearContact | null {
  const dataKey = dataKeyOf(keyring, row);
  if (!dataKey) return null;
  if (row.emailEnc) return { kind: 'email', value: keyring.decryptField(dataKey, userField('email_enc', row.id), row.emailEnc) };
  if (row.phoneEnc) return { kind: 'phone', value: keyring.decryptField(dataKey, userField('phone_enc', row.id), row.phoneEnc) };
  return null;
}

/** The same for a person who is not erased. @throws AppError 404 `not_found` */
export function requireContact(keyring: Keyring, row: Parameters<typeof contactInClear>[1]): ClearContact {
  return contactInClear(keyring, row) ?? fail('not_found');
}

/** Masked the way the owner recognises it: `a***@example.com`, `+234***4567`. */
export function maskedForOwner(contact: ClearContact): string {
  return contact.kind === 'email' ? maskEmailForOwner(contact.value) : maskPhoneForOwner(contact.value);
}

/** Second factors the person can answer with; a recovery code alone is not an enrolled factor. */
export function factorsOf(row: Pick<AccountRow, 'hasTotp' | 'passkeys' | 'recoveryCodesLeft'>): FactorMethod[] {
  const factors: FactorMethod[] = [];
  if (row.hasTotp) factors.push('totp');
  if (row.passkeys > 0) factors.push('passkey');
  if (factors.length > 0 && row.recoveryCodesLeft > 0) factors.push('recovery_code');
  return factors;
}

/** `user` of a TokenSet (auth-api.md 1.8). */
export function signedInUserOf(keyring: Keyring, row: AccountRow): SignedInUser {
  const contact = contactInClear(keyring, row);
  const role = row.kind === 'vendor' ? 'vendor' : 'client';
  return {
    id: row.id,
    memberId: row.memberId,
    role,
    authMethod: row.authMethod,
    firstName: row.firstName,
    lastName: row.lastName,
    identifier: contact ? maskedForOwner(contact) : '',
    vendorStatus: role === 'vendor' ? row.vendorStatus : null,
    dashboardEntrypoint: entrypointOf(role, row.vendorStatus),
  };
}

function entrypointOf(role: 'client' | 'vendor', status: VendorStatus | null): SignedInUser['dashboardEntrypoint'] {
  if (role === 'client') return '/dashboard/client';
  return status === 'draft' || status === 'changes_requested' ? '/onboarding' : '/dashboard/vendor';
}
