import { z } from 'zod';
import { type CommandDeps, type CommandScope, defineCommand } from '../../../foundation/command/command.ts';
import { type FieldError, fail, validationError } from '../../../foundation/errors/app-error.ts';
import { findAccount, lockAccount } from '../account.ts';
import { type Contact, collectContact } from '../contact.ts';
import { insertIdentity } from '../google/external-identity.ts';
import { identifierFields } from '../identifier.ts';
import { createCustomer } from './create-customer.ts';
import { locales, readCountry, readName } from './start-registration.ts';
import { lockIdentifier } from './verify-registration.ts';

const input = z.strictObject({
  ...identifierFields,
  /** One of the two: a password, or the `sub` that Google knows the person by. */
  password: z.string().optional(),
  googleSubject: z.string().max(255).optional(),
  kind: z.enum(['client', 'vendor']).default('client'),
  firstName: z.string().optional(),
  lastName: z.string().optional(),
  countryCode: z.string().optional(),
  locale: z.enum(locales).default('en'),
  isMarketingGranted: z.boolean().optional(),
  /** Who brought them here. */
  referredById: z.uuid().optional(),
});
type Input = z.infer<typeof input>;

type Prepared = {
  contact: Contact;
  firstName: string | null;
  lastName: string | null;
  countryCode: string | null;
  passwordHash: string | null;
};

/**
 * A customer whose contact is taken as proved, with the same rows and events as a sign-up by code or with Google. Seed and operator only.
 * @throws AppError 409 `already_exists`, 422 as a registration
 */
export const registerVerified = defineCommand<Input, { userId: string }, Prepared>({
  name: 'register-verified',
  resource: 'user',
  access: 'system',
  input,
  isIdempotent: false,
  prepare,
  async run(scope, body, _loaded, prepared) {
    const { contact } = prepared;
    await lockIdentifier(scope, contact.bidx);
    if (await findAccount(scope.tx, { kind: contact.kind, bidx: contact.bidx })) return { refused: 'already_exists' };
    const userId = await createCustomer(scope, {
      ...prepared,
      kind: body.kind,
      authMethod: body.googleSubject ? 'google' : contact.kind,
      verifiedHow: body.googleSubject ? 'google' : 'manual',
      locale: body.locale,
      termsVersion: scope.deps.config.termsVersion,
      isMarketingGranted: body.isMarketingGranted ?? null,
      ...(body.referredById ? { referredById: body.referredById } : {}),
    });
    if (body.googleSubject) await linkGoogle(scope, { userId, subject: body.googleSubject, email: contact });
    return { userId };
  },
});

async function linkGoogle(scope: CommandScope, of: { userId: string; subject: string; email: Contact }): Promise<void> {
  const account = (await lockAccount(scope.tx, { userId: of.userId })) ?? fail('not_found');
  const identity = { provider: 'google', issuer: scope.deps.config.googleIssuer, subject: of.subject, email: of.email } as const;
  if (!(await insertIdentity(scope, account, identity))) fail('identity_exists');
}

async function prepare(deps: CommandDeps, body: Input): Promise<Prepared> {
  const errors: FieldError[] = [];
  const contact = collectContact(deps, body, errors);
  const firstName = readName('firstName', body.firstName, errors);
  const lastName = readName('lastName', body.lastName, errors);
  const countryCode = await readCountry(deps, body.countryCode, errors);
  if ((body.password === undefined) === (body.googleSubject === undefined)) errors.push({ path: 'password', code: 'required' });
  if (!contact || errors.length > 0) throw validationError(errors);
  const passwordHash = body.password === undefined ? null : await deps.hasher.hash(body.password);
  return { contact, firstName, lastName, countryCode, passwordHash };
}
