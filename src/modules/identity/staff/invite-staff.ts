import { z } from 'zod';
import { roles } from '../../../foundation/access/roles.ts';
import { type CommandDeps, defineCommand } from '../../../foundation/command/command.ts';
import { sha256 } from '../../../foundation/crypto/digest.ts';
import { fail, validationError } from '../../../foundation/errors/app-error.ts';
import { actorIdOf } from '../../../foundation/runtime/actor.ts';
import { addSeconds } from '../../../foundation/runtime/clock.ts';
import { newId } from '../../../foundation/runtime/new-id.ts';
import { findAccount } from '../account.ts';
import { bytesOf } from '../bytes.ts';
import { type Contact, readContact } from '../contact.ts';
import { areGrantsSound } from './create-staff.ts';
import { highestRank } from './staff-record.ts';

const input = z.strictObject({
  email: z.string(),
  roles: z
    .array(z.strictObject({ role: z.enum(roles), isLead: z.boolean().default(false) }))
    .min(1)
    .max(9),
});
type Input = z.infer<typeof input>;

/** A link lives a day and works once. */
const inviteSeconds = 86_400;
const adminRank = 80;

/** What `staff_invite.roles` holds. */
export const invitedRoles = z.array(z.object({ role: z.enum(roles), isLead: z.boolean().default(false) }));

/** Where the box of an invited address belongs, under a key of its row. */
export const inviteBox = (inviteId: string) => `staff_invite.email_enc:${inviteId}`;

/**
 * Invites somebody to the staff, for roles below admin. The worker derives the link when it sends the mail.
 * @throws AppError 403 `four_eyes`, 409 `already_exists`, 422 `email_invalid`, `role_not_allowed`
 */
export const inviteStaff = defineCommand<Input, { inviteId: string; expiresAt: Date }, Contact, Input>({
  name: 'invite-staff',
  resource: 'staff',
  access: 'staff.invite',
  input,
  prepare: async (deps: CommandDeps, body: Input) => readContact(deps, { email: body.email }),
  load: async (_scope, body) => body,
  subject: (body) => ({ kind: 'staff', rank: highestRank(body.roles) }),
  async preview(scope, body) {
    return [`Sends an email to ${readContact(scope.deps, { email: body.email }).masked}.`, 'The link works once and for 24 hours.'];
  },
  async run(scope, body, _loaded, contact) {
    if (highestRank(body.roles) >= adminRank) return { refused: 'four_eyes', details: { extra: { rule: 'admin_grant_two_people' } } };
    if (!areGrantsSound(body.roles)) throw validationError([{ path: 'roles', code: 'role_not_allowed' }]);
    if (await findAccount(scope.tx, { kind: 'email', bidx: contact.bidx })) return { refused: 'already_exists' };
    // A newer invitation of the same address replaces the earlier one.
    await scope.tx.staffInvite.updateMany({
      where: { emailBidx: bytesOf(contact.bidx), acceptedAt: null, cancelledAt: null },
      data: { cancelledAt: scope.now },
    });
    const { keyring } = scope.deps;
    const inviteId = newId();
    const key = keyring.newDataKey();
    const expiresAt = addSeconds(scope.now, inviteSeconds);
    await scope.tx.staffInvite.createMany({
      data: {
        id: inviteId,
        createdAt: scope.now,
        emailEnc: bytesOf(keyring.encryptField(key.dataKey, inviteBox(inviteId), contact.value)),
        emailBidx: bytesOf(contact.bidx),
        emailMasked: contact.masked,
        wrappedRowKey: bytesOf(key.wrappedKey),
        kekKid: key.kekKid,
        roles: body.roles.map(({ role, isLead }) => ({ role, isLead })),
        invitedBy: actorIdOf(scope.actor) ?? fail('forbidden'),
        tokenHash: bytesOf(sha256(keyring.linkToken(inviteId, 1))),
        expiresAt,
      },
    });
    scope.touched(inviteId);
    scope.emit({ name: 'identity.staff.invited', aggregateId: inviteId, payload: { inviteId } });
    return { inviteId, expiresAt };
  },
});
