import type { AccessReviewLine, StaffRoleGrant } from '@prisma/client';
import { z } from 'zod';
import type { AccessSubject } from '../../../../foundation/access/decide.ts';
import { type CommandScope, defineCommand, type Refusal } from '../../../../foundation/command/command.ts';
import { fail } from '../../../../foundation/errors/app-error.ts';
import { actorIdOf } from '../../../../foundation/runtime/actor.ts';
import { reasonText } from '../../customers/reason-words.ts';
import { loadStaffMember, type StaffMember, staffName, staffSubject } from '../staff-record.ts';

/** `id` is the line's. */
const input = z.strictObject({ id: z.uuid(), decision: z.enum(['keep', 'remove']) });
type Input = z.infer<typeof input>;
type Loaded = { line: AccessReviewLine; grant: StaffRoleGrant; member: StaffMember; isSignedOff: boolean; isLed: boolean };

/**
 * Confirms a grant in the review, or takes it away; leads for the people they lead, nobody for themselves or their own level. A kept
 * one may still be taken away until the review is signed off; what is gone is gone.
 * @throws AppError 403 `forbidden`, 404 `not_found`, 409 `transition_not_allowed`
 */
export const decideReviewLine = defineCommand<Input, { decision: Input['decision'] }, undefined, Loaded>({
  name: 'review-grant',
  resource: 'access_review',
  access: 'access_review.confirm',
  input,
  load,
  subject: ({ member, isLed }): AccessSubject => ({ ...staffSubject(member), isOwn: isLed, isTeam: isLed }),
  preview: async (_scope, { decision }, { grant, member }) => [
    decision === 'keep'
      ? `${staffName(member.account)} keeps the role ${roleWords(grant)}.`
      : `Takes the role ${roleWords(grant)} from ${staffName(member.account)} at their next click. Sends an email.`,
  ],
  async run(scope, { id, decision }, { grant, isSignedOff }) {
    if (isSignedOff || grant.revokedAt) return { refused: 'transition_not_allowed' };
    const before = decision === 'keep' ? [{ decision: null }] : [{ decision: null }, { decision: 'keep' as const }];
    const { count } = await scope.tx.accessReviewLine.updateMany({
      where: { id, OR: before },
      data: {
        decision,
        decidedBy: actorIdOf(scope.actor),
        decidedAt: scope.now,
        reason: reasonText(scope.reason),
        version: { increment: 1 },
      },
    });
    if (count === 0) return { refused: 'transition_not_allowed' };
    scope.touched(id, grant.userId, grant.id);
    return decision === 'keep' ? keep(scope, grant) : remove(scope, grant);
  },
});

async function load(scope: CommandScope, { id }: Input): Promise<Loaded> {
  const found = await scope.tx.accessReviewLine.findUnique({ where: { id }, include: { review: true } });
  if (!found) return fail('not_found');
  // The person first, as by everyone who changes grants: the other way round two could wait for one another.
  const member = await loadStaffMember(scope, found.userId);
  const grant = await scope.tx.staffRoleGrant.findUniqueOrThrow({ where: { id: found.grantId } });
  const profile = await scope.tx.staffProfile.findUnique({ where: { userId: found.userId }, select: { managerUserId: true } });
  const { review, ...line } = found;
  return { line, grant, member, isSignedOff: review.signedOffAt !== null, isLed: profile?.managerUserId === actorIdOf(scope.actor) };
}

async function keep(scope: CommandScope, grant: StaffRoleGrant): Promise<{ decision: 'keep' }> {
  await scope.tx.staffRoleGrant.updateMany({
    where: { id: grant.id, revokedAt: null },
    data: { confirmedAt: scope.now, version: { increment: 1 } },
  });
  return { decision: 'keep' };
}

async function remove(scope: CommandScope, grant: StaffRoleGrant): Promise<{ decision: 'remove' } | Refusal> {
  const { userId, role, id } = grant;
  await scope.tx.staffRoleGrant.updateMany({
    where: { id, revokedAt: null },
    data: { revokedAt: scope.now, revokedBy: actorIdOf(scope.actor), revokeReason: reasonText(scope.reason), version: { increment: 1 } },
  });
  scope.emit({ name: 'identity.grant.revoked', aggregateId: userId, payload: { userId, role, grantId: id } });
  return { decision: 'remove' };
}

const roleWords = ({ role, isLead }: StaffRoleGrant) => `${role.replaceAll('_', ' ')}${isLead ? ' lead' : ''}`;
