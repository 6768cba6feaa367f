import type { CommandDeps } from '../../foundation/command/command.ts';
import { maskEmailForStaff, maskPhoneForStaff } from '../../foundation/crypto/mask.ts';
import { type FieldError, validationError } from '../../foundation/errors/app-error.ts';
import { destinationOf, type Identifier, type IdentifierInput, type IdentifierRules, limitKeyOf, parseIdentifier } from './identifier.ts';

/** An identifier with everything derived from it; the clear value leaves this object only encrypted or as a message. */
export type Contact = Identifier & {
  bidx: Buffer;
  channel: 'email' | 'sms';
  /** Masked from what the caller typed. */
  destination: string;
  /** Masked for staff lists and for the stored M column. */
  masked: string;
  /** Keyed hash under which limits count; spellings of one mailbox share it. */
  limitKey: string;
};

export function identifierRulesOf(config: CommandDeps['config']): IdentifierRules {
  return {
    country: config.defaultCountry,
    allowedCountries: config.smsAllowedCountries,
    isDemoRangeOpen: config.mode !== 'production',
  };
}

/** @throws AppError 422 `identifier_exactly_one`, `email_invalid`, `phone_invalid`, `phone_unsupported` */
export function readContact(deps: CommandDeps, input: IdentifierInput): Contact {
  const errors: FieldError[] = [];
  const contact = collectContact(deps, input, errors);
  if (!contact) throw validationError(errors);
  return contact;
}

/** Like readContact, for bodies with more fields to judge: a refusal is added to `errors`. */
export function collectContact(deps: CommandDeps, input: IdentifierInput, errors: FieldError[]): Contact | null {
  const parsed = parseIdentifier(input, identifierRulesOf(deps.config));
  if (parsed.ok) return contactOf(deps, parsed.value);
  errors.push({ path: parsed.path, code: parsed.code });
  return null;
}

export function contactOf(deps: Pick<CommandDeps, 'keyring'>, identifier: Identifier): Contact {
  const { kind, value } = identifier;
  return {
    kind,
    value,
    bidx: deps.keyring.blindIndex(kind, value),
    channel: kind === 'email' ? 'email' : 'sms',
    destination: destinationOf(identifier),
    masked: kind === 'email' ? maskEmailForStaff(value) : maskPhoneForStaff(value),
    limitKey: deps.keyring.keyedHash('identifier-limit', limitKeyOf(identifier)).toString('base64url'),
  };
}
