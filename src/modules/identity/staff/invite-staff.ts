import { z } from 'zod';
import { roles } from '../../../foundation/access/roles.ts';
import { type CommandDeps, type CommandScope, defineCommand, type Refusal } from '../../../foundation/command/command.ts';
import { sha256 } from '../../../foundation/crypto/digest.ts';
import { fail, validationError } from '../../../foundation/errors/app-error.ts';
import { actorIdOf } from '../../../foundation/runtime/actor.ts';
import { addSeconds } from '../../../foundation/runtime/clock.ts';
import { newId } from '../../../foundation/runtime/new-id.ts';
import { findAccount } from '../account.ts';
import { bytesOf } from '../bytes.ts';
import { type Contact, readContact } from '../contact.ts';
import { reasonText } from '../customers/reason-words.ts';
import { areGrantsSound } from './create-staff.ts';
import { mayLead } from './may-lead.ts';
import { highestRank } from './staff-record.ts';

const input = z.strictObject({
  email: z.string(),
  roles: z
    .array(z.strictObject({ role: z.enum(roles), isLead: z.boolean().default(false) }))
    .min(1)
    .max(9),
  jobTitle: z.string().trim().min(1).max(80).optional(),
  /** Who will lead them. */
  managerUserId: z.uuid().optional(),
  /** ISO 8601: when the roles end; absent means until revoked. */
  grantsExpireAt: z.iso.datetime().optional(),
});
type Input = z.infer<typeof input>;

/** A link lives a day and works once. */
export const inviteSeconds = 86_400;
const adminRank = 80;

/** What `staff_invite.roles` holds. */
export const invitedRoles = z.array(z.object({ role: z.enum(roles), isLead: z.boolean().default(false) }));

/** Where the box of an invited address belongs, under a key of its row. */
export const inviteBox = (inviteId: string) => `staff_invite.email_enc:${inviteId}`;

/** The token of a link is derived, so that the job that writes the mail can tell it; only the last sending's opens anything. */
export const inviteToken = (deps: Pick<CommandDeps, 'keyring'>, inviteId: string, sendNo: number) =>
  deps.keyring.linkToken(inviteId, sendNo);

/**
 * Invites somebody to the staff, for roles below admin. The worker derives the link when it sends the mail. A newer invitation of the
 * same address replaces the earlier one, also when two people invite at the same time.
 * @throws AppError 403 `four_eyes`, 409 `already_exists`, 422 `email_invalid`, `role_not_allowed`, `invalid_value`
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
    return [
      `Sends an email to ${readContact(scope.deps, { email: body.email }).masked}.`,
      `They join as ${wordsOf(body.roles)}. The link works once and for 24 hours.`,
    ];
  },
  async run(scope, body, _loaded, contact) {
    const refused = await refusalOf(scope, body);
    if (refused) return refused;
    // Closes the race of two invitations of one address: the second one sees, and replaces, the first.
    await scope.tx
      .$executeRaw`SELECT pg_advisory_xact_lock(hashtextextended('identity.invite:' || encode(${contact.bidx}::bytea, 'hex'), 0))`;
    if (await findAccount(scope.tx, { kind: 'email', bidx: contact.bidx })) return { refused: 'already_exists' };
    await scope.tx.staffInvite.updateMany({
      where: { emailBidx: bytesOf(contact.bidx), acceptedAt: null, cancelledAt: null },
      data: { cancelledAt: scope.now },
    });
    return store(scope, body, contact);
  },
});

async function refusalOf(scope: CommandScope, body: Input): Promise<Refusal | null> {
  if (highestRank(body.roles) >= adminRank) return { refused: 'four_eyes', details: { extra: { rule: 'admin_grant_two_people' } } };
  if (!areGrantsSound(body.roles)) throw validationError([{ path: 'roles', code: 'role_not_allowed' }]);
  if (body.grantsExpireAt && new Date(body.grantsExpireAt) <= scope.now)
    throw validationError([{ path: 'grantsExpireAt', code: 'invalid_value' }]);
  if (body.managerUserId && !(await mayLead(scope, body.managerUserId)))
    throw validationError([{ path: 'managerUserId', code: 'invalid_value' }]);
  return null;
}

async function store(scope: CommandScope, body: Input, contact: Contact): Promise<{ inviteId: string; expiresAt: Date }> {
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
      tokenHash: bytesOf(sha256(inviteToken(scope.deps, inviteId, 1))),
      expiresAt,
      reason: reasonText(scope.reason),
      jobTitle: body.jobTitle ?? null,
      managerUserId: body.managerUserId ?? null,
      grantsExpireAt: body.grantsExpireAt ? new Date(body.grantsExpireAt) : null,
    },
  });
  scope.touched(inviteId);
  scope.emit({ name: 'identity.staff.invited', aggregateId: inviteId, payload: { inviteId } });
  return { inviteId, expiresAt };
}

/** "support lead and reviewer" */
function wordsOf(given: Input['roles']): string {
  return given.map(({ role, isLead }) => `${role.replaceAll('_', ' ')}${isLead ? ' lead' : ''}`).join(' and ');
}
