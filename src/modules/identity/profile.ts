import type { User } from '@prisma/client';
import { z } from 'zod';
import type { CommandDeps } from '../../foundation/command/command.ts';
import type { Keyring } from '../../foundation/crypto/keyring.ts';
import type { FieldError } from '../../foundation/errors/app-error.ts';
import { type AccountRow, dataKeyOf, requireDataKey, userField } from './account.ts';
import { bytesOf } from './bytes.ts';
import { displayNameOf } from './registration/create-customer.ts';
import { locales, readCountry, readName } from './registration/start-registration.ts';
import { withoutMarkup } from './without-markup.ts';

const text = z.string().nullable().optional();

/** What people, and staff for them, may change of a profile. Absent means unchanged, null means removed. */
export const profileFields = {
  firstName: text,
  lastName: text,
  bio: text,
  countryCode: text,
  state: text,
  city: text,
  address: text,
  language: z.string().optional(),
  timezone: text,
};
export type ProfileInput = { [Field in keyof typeof profileFields]?: string | null | undefined };

/** Code points at most. */
const longest = { bio: 500, state: 100, city: 100, address: 255 };

/** The profile in stored form: NFC, texts without markup, trimmed, "" as null. Refusals are added to `errors`. */
export async function readProfile(deps: CommandDeps, body: ProfileInput, errors: FieldError[]): Promise<ProfileInput> {
  const profile: ProfileInput = {};
  for (const field of ['bio', 'state', 'city', 'address'] as const) {
    if (body[field] !== undefined) profile[field] = readText(field, body[field], errors);
  }
  if (body.firstName !== undefined) profile.firstName = readName('firstName', body.firstName, errors);
  if (body.lastName !== undefined) profile.lastName = readName('lastName', body.lastName, errors);
  if (body.countryCode !== undefined) profile.countryCode = await readCountry(deps, body.countryCode, errors);
  if (body.language !== undefined) profile.language = readLanguage(body.language, errors);
  if (body.timezone !== undefined) profile.timezone = readTimezone(body.timezone, errors);
  return profile;
}

function readText(path: keyof typeof longest, typed: string | null, errors: FieldError[]): string | null {
  const value = (typed && withoutMarkup(typed.normalize('NFC')).trim()) || null;
  if (value !== null && [...value].length > longest[path]) errors.push({ path, code: 'too_long' });
  return value;
}

function readLanguage(typed: string | null, errors: FieldError[]): string | null {
  const known = locales.find((locale) => locale === typed);
  if (!known) errors.push({ path: 'language', code: 'invalid_value' });
  return known ?? null;
}

/** An IANA name, links such as `Asia/Calcutta` included. Null returns to the default of the platform's home. */
function readTimezone(typed: string | null, errors: FieldError[]): string {
  if (typed === null) return 'Africa/Lagos';
  if (isTimezone(typed)) return typed;
  errors.push({ path: 'timezone', code: 'invalid_value' });
  return 'Africa/Lagos';
}

/** Intl also takes offsets and any case: those are no names of the IANA list. */
function isTimezone(name: string): boolean {
  if (name.length > 64 || !/^[A-Z][A-Za-z0-9_+-]*(?:\/[A-Z][A-Za-z0-9_+-]*)*$/.test(name)) return false;
  try {
    return Boolean(new Intl.DateTimeFormat('en', { timeZone: name }));
  } catch {
    return false;
  }
}

/** Columns to write for a read profile, and the names of the fields that really change. */
export function profileColumns(keyring: Keyring, account: AccountRow, user: User, profile: ProfileInput) {
  const { address, language, timezone, ...plain } = profile;
  const data: Partial<User> = {};
  const fields: string[] = [];
  for (const field of ['firstName', 'lastName', 'bio', 'countryCode', 'state', 'city'] as const) {
    const value = plain[field];
    if (value === undefined || value === user[field]) continue;
    data[field] = value;
    fields.push(field);
  }
  if (language && language !== user.language) {
    data.language = language;
    fields.push('language');
  }
  if (timezone && timezone !== user.timezone) {
    data.timezone = timezone;
    fields.push('timezone');
  }
  if (address !== undefined && address !== addressInClear(keyring, account, user)) {
    data.addressEnc = sealedAddress(keyring, account, address);
    fields.push('address');
  }
  if (data.firstName !== undefined || data.lastName !== undefined) {
    data.displayName = displayNameOf(
      data.firstName === undefined ? user.firstName : data.firstName,
      data.lastName === undefined ? user.lastName : data.lastName,
    );
  }
  return { data, fields };
}

export function addressInClear(keyring: Keyring, account: AccountRow, user: Pick<User, 'id' | 'addressEnc'>): string | null {
  const dataKey = dataKeyOf(keyring, account);
  return user.addressEnc && dataKey ? keyring.decryptField(dataKey, userField('address_enc', user.id), user.addressEnc) : null;
}

function sealedAddress(keyring: Keyring, account: AccountRow, address: string | null): Uint8Array<ArrayBuffer> | null {
  if (address === null) return null;
  return bytesOf(keyring.encryptField(requireDataKey(keyring, account), userField('address_enc', account.id), address));
}
