import { z } from 'zod';
import { type CommandDeps, defineCommand } from '../../../foundation/command/command.ts';
import { type FieldError, validationError } from '../../../foundation/errors/app-error.ts';
import { newId } from '../../../foundation/runtime/new-id.ts';
import { isKnownCountry } from '../../reference/index.ts';
import { findAccount } from '../account.ts';
import { type Contact, collectContact } from '../contact.ts';
import { identifierFields } from '../identifier.ts';
import { createFlow } from '../otp-flow.ts';
import { parseNewPassword } from '../password-policy.ts';
import { parsePersonName } from '../person-name.ts';
import { takeSend } from '../send-caps.ts';
import { callerFields, type Pending } from '../sign-in-shapes.ts';
import { insertPending } from './pending-registration.ts';

export const locales = ['en', 'yo', 'ha', 'ig'] as const;

const input = z.object({
  ...identifierFields,
  password: z.string(),
  role: z.string().optional(),
  firstName: z.string().nullish(),
  lastName: z.string().nullish(),
  countryCode: z.string().nullish(),
  locale: z.enum(locales).optional(),
  termsVersion: z.string().nullish(),
  marketingConsent: z.boolean().nullish(),
  ...callerFields,
});
type Input = z.infer<typeof input>;

/** The claim after validation, with the password hashed and the identifier looked up. */
type Claim = {
  contact: Contact;
  kind: 'client' | 'vendor';
  firstName: string | null;
  lastName: string | null;
  countryCode: string | null;
  termsVersion: string | null;
  passwordHash: string;
  maySend: boolean;
};

/**
 * Always answers 202 data, for a free and for a taken identifier alike: same rows, same statements, same event count; only
 * what the worker then sends differs (auth-api.md 2.1, P1, P2). No account exists before the code is given back.
 * @throws AppError 422 of auth-api.md 1.7, `terms_version_unknown`, 503 `overloaded`
 */
export const startRegistration = defineCommand<Input, Pending, Claim>({
  name: 'start-registration',
  resource: 'registration',
  access: 'public',
  input,
  isIdempotent: true,
  prepare,
  async run(scope, body, _loaded, claim) {
    const { contact } = claim;
    const owner = await findAccount(scope.tx, { kind: contact.kind, bidx: contact.bidx });
    const flowId = newId();
    const pendingId = await insertPending(scope, {
      ...claim,
      flowId,
      locale: body.locale ?? 'en',
      isMarketingGranted: body.marketingConsent ?? null,
      clientId: body.client.clientId,
      ownerUserId: owner?.id ?? null,
    });
    const pending = await createFlow(scope, {
      id: flowId,
      purpose: 'register',
      contact,
      // Over the caps of the target the code reaches nobody, and could only be guessed.
      subject: owner || !claim.maySend ? null : { type: 'pending', id: pendingId },
      locale: body.locale ?? 'en',
      clientId: body.client.clientId,
    });
    // Found by its owner among the events of the account, whether or not a message goes out.
    if (owner) scope.touched(owner.id);
    if (claim.maySend) {
      scope.emit(
        owner
          ? {
              name: 'identity.registration.duplicate_attempted',
              aggregateId: owner.id,
              payload: { userId: owner.id, flowId, channel: contact.channel },
            }
          : { name: 'identity.registration.started', aggregateId: flowId, payload: { flowId, channel: contact.channel } },
      );
    }
    return pending;
  },
});

async function prepare(deps: CommandDeps, body: Input): Promise<Claim> {
  const errors: FieldError[] = [];
  const contact = collectContact(deps, body, errors);
  const firstName = readName('firstName', body.firstName, errors);
  const lastName = readName('lastName', body.lastName, errors);
  const kind = readRole(body.role, errors);
  const countryCode = await readCountry(deps, body.countryCode, errors);
  if (body.termsVersion && body.termsVersion !== deps.config.termsVersion)
    errors.push({ path: 'termsVersion', code: 'terms_version_unknown' });
  const rules = { min: deps.config.passwordMin, max: deps.config.passwordMax };
  const identifiers = contact ? [contact] : [];
  const password = parseNewPassword(body.password, rules, { identifiers, names: [body.firstName, body.lastName] });
  if (!password.ok) errors.push({ path: 'password', code: password.code });
  if (errors.length > 0 || !contact) throw validationError(errors);
  const maySend = await takeSend(deps, 'register', contact);
  // Hashed for taken identifiers too: the time must not tell which one it was.
  const passwordHash = await deps.hasher.hash(body.password);
  return { contact, kind, firstName, lastName, countryCode, termsVersion: body.termsVersion ?? null, passwordHash, maySend };
}

/** Trimmed NFC name or null; adds `name_invalid` for anything else. */
export function readName(path: string, typed: string | null | undefined, errors: FieldError[]): string | null {
  if (typed === null || typed === undefined) return null;
  const parsed = parsePersonName(typed);
  if (parsed.ok) return parsed.value;
  errors.push({ path, code: parsed.code });
  return null;
}

/** One list for every sign-up path: nobody becomes staff by asking (product.md trap 1). */
export function readRole(typed: string | undefined, errors: FieldError[]): 'client' | 'vendor' {
  const role = (typed ?? 'client').toLowerCase();
  if (role === 'client' || role === 'vendor') return role;
  errors.push({ path: 'role', code: 'role_not_allowed' });
  return 'client';
}

/** ISO-2 of the reference list in upper case, or null; adds `country_unknown`. */
export async function readCountry(deps: CommandDeps, typed: string | null | undefined, errors: FieldError[]): Promise<string | null> {
  if (typed === null || typed === undefined) return null;
  if (await isKnownCountry(deps, typed)) return typed.toUpperCase();
  errors.push({ path: 'countryCode', code: 'country_unknown' });
  return null;
}
