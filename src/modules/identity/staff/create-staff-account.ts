import { z } from 'zod';
import { roles } from '../../../foundation/access/roles.ts';
import { type CommandDeps, defineCommand } from '../../../foundation/command/command.ts';
import { validationError } from '../../../foundation/errors/app-error.ts';
import { findAccount } from '../account.ts';
import { type Contact, readContact } from '../contact.ts';
import { parseNewPassword } from '../password-policy.ts';
import { lockIdentifier } from '../registration/verify-registration.ts';
import { areGrantsSound, createStaff } from './create-staff.ts';

const input = z.strictObject({
  email: z.string(),
  password: z.string(),
  firstName: z.string().min(1).max(80),
  lastName: z.string().min(1).max(80),
  jobTitle: z.string().min(1).max(80).optional(),
  grants: z.array(z.strictObject({ role: z.enum(roles), isLead: z.boolean().default(false) })).min(1),
  reason: z.string().min(1).max(500).default('set up by the operator'),
});
type Input = z.infer<typeof input>;
type Prepared = { contact: Contact; passwordHash: string };

/** Passwords of staff are longer than those of customers (auth-api.md section 3). */
export const staffPasswordMin = 15;

/**
 * An account of staff without an invitation: the first super admin, and demo data. Operator and seed only.
 * @throws AppError 409 `already_exists`, 422 `email_invalid`, `password_*`, `role_not_allowed`
 */
export const createStaffAccount = defineCommand<Input, { userId: string }, Prepared>({
  name: 'create-staff-account',
  resource: 'staff',
  access: 'system',
  input,
  isIdempotent: false,
  prepare,
  async run(scope, body, _loaded, { contact, passwordHash }) {
    await lockIdentifier(scope, contact.bidx);
    if (await findAccount(scope.tx, { kind: 'email', bidx: contact.bidx })) return { refused: 'already_exists' };
    const userId = await createStaff(scope, {
      ...body,
      contact,
      passwordHash,
      jobTitle: body.jobTitle ?? null,
      grantedBy: null,
      verifiedHow: 'manual',
    });
    scope.emit({ name: 'identity.staff.joined', aggregateId: userId, payload: { userId } });
    return { userId };
  },
});

async function prepare(deps: CommandDeps, body: Input): Promise<Prepared> {
  const contact = readContact(deps, { email: body.email });
  if (!areGrantsSound(body.grants)) throw validationError([{ path: 'grants', code: 'role_not_allowed' }]);
  return { contact, passwordHash: await hashStaffPassword(deps, body.password, { contact, names: [body.firstName, body.lastName] }) };
}

/** @throws AppError 422 `password_*`, 503 `overloaded` */
export async function hashStaffPassword(
  deps: CommandDeps,
  password: string,
  owner: { contact: Contact; names: readonly string[] },
): Promise<string> {
  const rules = { min: Math.max(staffPasswordMin, deps.config.passwordMin), max: deps.config.passwordMax };
  const parsed = parseNewPassword(password, rules, { identifiers: [owner.contact], names: owner.names });
  if (!parsed.ok) throw validationError([{ path: 'password', code: parsed.code }]);
  return deps.hasher.hash(password);
}
