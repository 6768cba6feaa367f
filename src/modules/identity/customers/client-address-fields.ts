import { z } from 'zod';
import type { CommandDeps } from '../../../foundation/command/command.ts';
import { maskPhoneForStaff } from '../../../foundation/crypto/mask.ts';
import { type FieldError, validationError } from '../../../foundation/errors/app-error.ts';
import { isKnownCountry } from '../../reference/index.ts';
import { identifierRulesOf } from '../contact.ts';
import { parseIdentifier } from '../identifier.ts';

const text = z.string().nullable().optional();

/** What staff may write into one entry of a shopper's address book. Absent means unchanged, null means removed. */
export const addressFields = {
  label: z.string().optional(),
  fullName: z.string().optional(),
  phone: text,
  street: z.string().optional(),
  city: z.string().optional(),
  state: text,
  countryCode: z.string().optional(),
  postalCode: text,
};
export type AddressInput = { [Field in keyof typeof addressFields]?: string | null | undefined };

/** Code points at most, and whether something has to be left. */
const rules = {
  label: { longest: 40, isRequired: true },
  fullName: { longest: 150, isRequired: true },
  street: { longest: 255, isRequired: true },
  city: { longest: 100, isRequired: true },
  state: { longest: 100, isRequired: false },
  postalCode: { longest: 16, isRequired: false },
} as const;

export type Address = AddressInput & { phoneMasked?: string | null };

/**
 * The fields in stored form: trimmed, NFC, numbers as E.164.
 * @throws AppError 422 `required`, `too_long`, `country_unknown`, `phone_invalid`, `phone_unsupported`
 */
export async function readAddress(deps: CommandDeps, body: AddressInput): Promise<Address> {
  const errors: FieldError[] = [];
  const address: Address = {};
  for (const field of ['label', 'fullName', 'street', 'city', 'state', 'postalCode'] as const) {
    if (body[field] !== undefined) address[field] = readText(field, body[field], errors);
  }
  if (body.countryCode !== undefined) address.countryCode = await readCountry(deps, body.countryCode ?? '', errors);
  if (body.phone !== undefined) Object.assign(address, readPhone(deps, body.phone, errors));
  if (errors.length > 0) throw validationError(errors);
  return address;
}

function readText(path: keyof typeof rules, typed: string | null, errors: FieldError[]): string | null {
  const value = typed?.normalize('NFC').trim() || null;
  const { isRequired, longest } = rules[path];
  if (value === null && isRequired) errors.push({ path, code: 'required' });
  if (value !== null && [...value].length > longest) errors.push({ path, code: 'too_long' });
  return value;
}

async function readCountry(deps: CommandDeps, typed: string, errors: FieldError[]): Promise<string> {
  if (!(await isKnownCountry(deps, typed))) errors.push({ path: 'countryCode', code: 'country_unknown' });
  return typed.toUpperCase();
}

function readPhone(deps: CommandDeps, typed: string | null, errors: FieldError[]): Pick<Address, 'phone' | 'phoneMasked'> {
  if (typed === null || typed.trim() === '') return { phone: null, phoneMasked: null };
  const parsed = parseIdentifier({ phone: typed }, identifierRulesOf(deps.config));
  if (parsed.ok) return { phone: parsed.value.value, phoneMasked: maskPhoneForStaff(parsed.value.value) };
  errors.push({ path: 'phone', code: parsed.code });
  return {};
}
