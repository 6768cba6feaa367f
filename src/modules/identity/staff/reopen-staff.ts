import { z } from 'zod';
import { defineCommand } from '../../../foundation/command/command.ts';
import { actorIdOf } from '../../../foundation/runtime/actor.ts';
import { addSeconds } from '../../../foundation/runtime/clock.ts';
import { reasonCode, reasonText } from '../customers/reason-words.ts';
import { loadStaffMember, type StaffMember, staffName, staffSubject } from './staff-record.ts';

const input = z.strictObject({ id: z.uuid() });

/** A closed account can be opened again for so long (product.md 4.1). */
export const reopenSeconds = 30 * 86_400;

/**
 * Opens the account of a member of staff again within 30 days. Roles stay revoked: whoever comes back is granted anew.
 * @throws AppError 403 `forbidden`, 404 `not_found`, 409 `transition_not_allowed`
 */
export const reopenStaff = defineCommand<z.infer<typeof input>, { status: 'active' }, undefined, StaffMember>({
  name: 'reopen-staff',
  resource: 'staff',
  access: 'staff.reopen',
  input,
  load: (scope, { id }) => loadStaffMember(scope, id),
  subject: staffSubject,
  preview: async (_scope, _input, { account }) => [
    `${staffName(account)} can sign in again with password and factors as they were.`,
    'Holds no role until one is granted.',
  ],
  async run(scope, { id }) {
    const { count } = await scope.tx.user.updateMany({
      where: { id, status: 'closed', statusChangedAt: { gt: addSeconds(scope.now, -reopenSeconds) } },
      data: {
        status: 'active',
        statusReasonCode: reasonCode(scope.reason),
        statusReason: reasonText(scope.reason),
        statusChangedAt: scope.now,
        statusChangedBy: actorIdOf(scope.actor),
        version: { increment: 1 },
      },
    });
    if (count === 0) return { refused: 'transition_not_allowed' };
    await scope.tx.staffProfile.updateMany({ where: { userId: id }, data: { disabledAt: null, disabledReason: null } });
    scope.touched(id);
    const payload = { userId: id, reasonCode: reasonCode(scope.reason) };
    scope.emit({ name: 'identity.user.reopened', aggregateId: id, payload });
    return { status: 'active' };
  },
});
