import { z } from 'zod';
import { type CommandScope, defineCommand } from '../../../foundation/command/command.ts';
import { actorIdOf } from '../../../foundation/runtime/actor.ts';
import { endAdminSessions } from '../../../foundation/runtime/end-admin-sessions.ts';
import { reasonCode, reasonText } from '../customers/reason-words.ts';
import { endSessions } from '../sessions/end-sessions.ts';
import { loadStaffMember, type StaffMember, staffName, staffSubject } from './staff-record.ts';

const input = z.strictObject({ id: z.uuid() });

/**
 * Ends a member of staff's access: account closed, all grants revoked, sessions ended, their open invitations withdrawn, under one
 * action id. Work they hold is released by the modules that own it, on the event.
 * @throws AppError 403 `forbidden`, 404 `not_found`, 409 `transition_not_allowed`
 */
export const disableStaff = defineCommand<z.infer<typeof input>, { grantsRevoked: number; sessionsEnded: number }, undefined, StaffMember>({
  name: 'disable-staff',
  resource: 'staff',
  access: 'staff.disable',
  input,
  load: (scope, { id }) => loadStaffMember(scope, id),
  subject: staffSubject,
  async preview(_scope, _input, { account, grants }) {
    return [
      `${staffName(account)} is signed out and cannot sign in again.`,
      `Takes ${grants.length} ${grants.length === 1 ? 'role' : 'roles'}. Sends an email.`,
    ];
  },
  async run(scope, { id }, { account }) {
    if (account.status !== 'active') return { refused: 'transition_not_allowed' };
    const { tx, now } = scope;
    const by = actorIdOf(scope.actor);
    const reason = reasonText(scope.reason);
    await tx.user.updateMany({
      where: { id, status: 'active' },
      data: {
        status: 'closed',
        statusReasonCode: reasonCode(scope.reason),
        statusReason: reason,
        statusChangedAt: now,
        statusChangedBy: by,
        version: { increment: 1 },
      },
    });
    await tx.staffProfile.updateMany({ where: { userId: id }, data: { disabledAt: now, disabledReason: reason } });
    const { count } = await tx.staffRoleGrant.updateMany({
      where: { userId: id, revokedAt: null },
      data: { revokedAt: now, revokedBy: by, revokeReason: reason },
    });
    scope.touched(id);
    await endSessions(scope, { userId: id, reason: 'closed' });
    const sessionsEnded = await endAdminSessions(tx, { userId: id, now });
    await cancelInvitesBy(scope, id);
    scope.emit({ name: 'identity.staff.disabled', aggregateId: id, payload: { userId: id } });
    scope.emit({ name: 'identity.user.closed', aggregateId: id, payload: { userId: id, reasonCode: reasonCode(scope.reason) } });
    return { grantsRevoked: count, sessionsEnded };
  },
});

/** What somebody who left has promised is for somebody else to promise again. */
async function cancelInvitesBy({ tx, now }: CommandScope, invitedBy: string): Promise<void> {
  await tx.staffInvite.updateMany({ where: { invitedBy, acceptedAt: null, cancelledAt: null }, data: { cancelledAt: now } });
}
