import { z } from 'zod';
import { maskEmailForOwner, maskPhoneForOwner } from '../../foundation/crypto/mask.ts';
import type { ErrorCode } from '../../foundation/errors/catalogue.ts';
import { parseEmail } from './email.ts';
import { addCodeIssue } from './field-rule.ts';
import { type PhoneRules, parsePhone } from './phone.ts';

/** What a person signs in with, in its stored form: the lower-case address or the E.164 number. */
export type Identifier = { kind: 'email' | 'phone'; value: string };

/** The members of a body that name an identifier. null and "" count as absent. */
export const identifierFields = {
  email: z.string().nullish(),
  phone: z.string().nullish(),
  country: z.string().optional(),
};

export type IdentifierInput = { email?: string | null | undefined; phone?: string | null | undefined; country?: string | undefined };

/** `rules.country` is the default that `input.country` replaces. */
export type IdentifierRules = PhoneRules;

export type ParsedIdentifier = { ok: true; value: Identifier } | { ok: false; code: ErrorCode; path: '' | 'email' | 'phone' };

/** Exactly one of email and phone. Refusals: `identifier_exactly_one` (path ""), `email_invalid`, `phone_invalid`, `phone_unsupported`. */
export function parseIdentifier(input: IdentifierInput, rules: IdentifierRules): ParsedIdentifier {
  const { email, phone } = input;
  if (email && !phone) {
    const parsed = parseEmail(email);
    return parsed.ok ? { ok: true, value: { kind: 'email', value: parsed.value } } : { ...parsed, path: 'email' };
  }
  if (phone && !email) {
    const parsed = parsePhone(phone, { ...rules, country: input.country || rules.country });
    return parsed.ok ? { ok: true, value: { kind: 'phone', value: parsed.value.e164 } } : { ...parsed, path: 'phone' };
  }
  return { ok: false, code: 'identifier_exactly_one', path: '' };
}

/** parseIdentifier inside a zod transform: adds the issue at its path. */
export function readIdentifier(input: IdentifierInput, rules: IdentifierRules, ctx: z.RefinementCtx): Identifier {
  const parsed = parseIdentifier(input, rules);
  if (parsed.ok) return parsed.value;
  addCodeIssue(ctx, parsed.code, input, parsed.path ? [parsed.path] : []);
  return z.NEVER;
}

/** The form under which limits count: without `+tag` and dots of the local part, so variations of one mailbox share a bucket. */
export function limitKeyOf(identifier: Identifier): string {
  if (identifier.kind === 'phone') return identifier.value;
  const at = identifier.value.lastIndexOf('@');
  const [mailbox = ''] = identifier.value.slice(0, at).split('+');
  // An address like "+a@x" has nothing before its tag: the whole local part counts.
  const key = mailbox.replaceAll('.', '') || identifier.value.slice(0, at);
  return `${key}${identifier.value.slice(at)}`;
}

/** `destination` of the Pending shape: masked from what the caller typed, so it tells nothing that they do not know. */
export function destinationOf(identifier: Identifier): string {
  return identifier.kind === 'email' ? maskEmailForOwner(identifier.value) : maskPhoneForOwner(identifier.value);
}
