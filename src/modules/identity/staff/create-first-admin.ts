import { z } from 'zod';
import { type CommandScope, defineCommand } from '../../../foundation/command/command.ts';
import { findAccount } from '../account.ts';
import { type Contact, readContact } from '../contact.ts';
import { lockIdentifier } from '../registration/verify-registration.ts';
import { createStaff } from './create-staff.ts';
import { hashStaffPassword } from './create-staff-account.ts';

const input = z.strictObject({
  email: z.string(),
  password: z.string(),
  firstName: z.string().min(1).max(80),
  lastName: z.string().min(1).max(80),
});
type Prepared = { contact: Contact; passwordHash: string };

/**
 * The first super admin of an installation (product.md 5.1 rule 4). While one holds the role, nobody becomes a super admin
 * this way: later ones are granted by two people. The first sign-in asks for a second factor.
 * @throws AppError 409 `already_exists` while there is a super admin or the address belongs to somebody, 422 `email_invalid`, `password_*`
 */
export const createFirstAdmin = defineCommand<z.infer<typeof input>, { userId: string }, Prepared>({
  name: 'create-first-admin',
  resource: 'staff',
  access: 'system',
  input,
  isIdempotent: false,
  async prepare(deps, body) {
    const contact = readContact(deps, { email: body.email });
    return { contact, passwordHash: await hashStaffPassword(deps, body.password, { contact, names: [body.firstName, body.lastName] }) };
  },
  async run(scope, body, _loaded, { contact, passwordHash }) {
    // Closes the race of two operators: whoever comes second sees the first one's grant.
    await scope.tx.$executeRaw`SELECT pg_advisory_xact_lock(hashtextextended('identity.create-first-admin', 0))`;
    if (await hasSuperAdmin(scope)) return { refused: 'already_exists' };
    await lockIdentifier(scope, contact.bidx);
    if (await findAccount(scope.tx, { kind: 'email', bidx: contact.bidx })) return { refused: 'already_exists' };
    const userId = await createStaff(scope, {
      contact,
      passwordHash,
      firstName: body.firstName,
      lastName: body.lastName,
      jobTitle: null,
      grants: [{ role: 'super_admin', isLead: false }],
      grantedBy: null,
      reason: 'first super admin, made by the operator',
      verifiedHow: 'manual',
    });
    scope.emit({ name: 'identity.staff.joined', aggregateId: userId, payload: { userId } });
    return { userId };
  },
});

async function hasSuperAdmin(scope: CommandScope): Promise<boolean> {
  const held = await scope.tx.staffRoleGrant.findFirst({
    where: { role: 'super_admin', revokedAt: null, OR: [{ expiresAt: null }, { expiresAt: { gt: scope.now } }] },
    select: { id: true },
  });
  return held !== null;
}
