import type { StaffInvite } from '@prisma/client';
import { z } from 'zod';
import { type CommandDeps, defineCommand } from '../../../foundation/command/command.ts';
import { sha256 } from '../../../foundation/crypto/digest.ts';
import { type FieldError, fail, validationError } from '../../../foundation/errors/app-error.ts';
import { findAccount } from '../account.ts';
import { bytesOf } from '../bytes.ts';
import { type Contact, contactOf } from '../contact.ts';
import { readName } from '../registration/start-registration.ts';
import { lockIdentifier } from '../registration/verify-registration.ts';
import { createStaff } from './create-staff.ts';
import { hashStaffPassword } from './create-staff-account.ts';
import { inviteBox, invitedRoles } from './invite-staff.ts';

const input = z.strictObject({ token: z.string(), password: z.string(), firstName: z.string(), lastName: z.string() });
type Input = z.infer<typeof input>;
type Prepared = { invite: StaffInvite; contact: Contact; passwordHash: string; firstName: string; lastName: string };

/**
 * Turns an invitation into a staff account with its grants. The first sign-in then asks for the second factor. Two parallel
 * acceptances make one account.
 * @throws AppError 410 `invite_expired`, 422 `password_*`, `name_invalid`, 503 `overloaded`
 */
export const acceptInvite = defineCommand<Input, { userId: string }, Prepared>({
  name: 'accept-invite',
  resource: 'staff',
  access: 'public',
  input,
  isIdempotent: false,
  prepare,
  async run(scope, _body, _loaded, { invite, contact, passwordHash, firstName, lastName }) {
    await lockIdentifier(scope, contact.bidx);
    const { count } = await scope.tx.staffInvite.updateMany({
      where: { id: invite.id, acceptedAt: null, cancelledAt: null, expiresAt: { gt: scope.now } },
      data: { acceptedAt: scope.now },
    });
    if (count === 0 || (await findAccount(scope.tx, { kind: 'email', bidx: contact.bidx }))) return fail('invite_expired');
    const userId = await createStaff(scope, {
      contact,
      passwordHash,
      firstName,
      lastName,
      jobTitle: invite.jobTitle,
      managerUserId: invite.managerUserId,
      grants: invitedRoles.parse(invite.roles).map((grant) => ({ ...grant, expiresAt: invite.grantsExpireAt })),
      grantedBy: invite.invitedBy,
      reason: invite.reason ?? 'invitation',
      verifiedHow: 'invite',
    });
    await scope.tx.staffInvite.updateMany({
      where: { id: invite.id },
      data: { acceptedUserId: userId, emailEnc: null, wrappedRowKey: null, kekKid: null, emailBidx: null },
    });
    scope.touched(invite.id);
    scope.emit({ name: 'identity.staff.joined', aggregateId: userId, payload: { userId } });
    return { userId };
  },
});

async function prepare(deps: CommandDeps, body: Input): Promise<Prepared> {
  const invite = await findOpenInvite(deps, body.token);
  if (!invite?.emailEnc || !invite.wrappedRowKey || !invite.kekKid) return fail('invite_expired');
  const errors: FieldError[] = [];
  const firstName = readName('firstName', body.firstName, errors);
  const lastName = readName('lastName', body.lastName, errors);
  if (errors.length > 0 || !firstName || !lastName) throw validationError(errors);
  const key = deps.keyring.unwrapDataKey(invite.wrappedRowKey, invite.kekKid);
  const contact = contactOf(deps, { kind: 'email', value: deps.keyring.decryptField(key, inviteBox(invite.id), invite.emailEnc) });
  const passwordHash = await hashStaffPassword(deps, body.password, { contact, names: [firstName, lastName] });
  return { invite, contact, passwordHash, firstName, lastName };
}

/** Looking at an invitation consumes nothing. Null once used, withdrawn or over-age. */
export async function findOpenInvite(deps: Pick<CommandDeps, 'database' | 'clock'>, token: string): Promise<StaffInvite | null> {
  const invite = await deps.database.prisma.staffInvite.findUnique({ where: { tokenHash: bytesOf(sha256(token)) } });
  const isOpen = invite && !invite.acceptedAt && !invite.cancelledAt && invite.expiresAt > deps.clock.now();
  return isOpen ? invite : null;
}
