import type { StaffInvite } from '@prisma/client';
import { z } from 'zod';
import { type CommandScope, defineCommand } from '../../../foundation/command/command.ts';
import { sha256 } from '../../../foundation/crypto/digest.ts';
import { fail } from '../../../foundation/errors/app-error.ts';
import { addSeconds } from '../../../foundation/runtime/clock.ts';
import { bytesOf } from '../bytes.ts';
import { invitedRoles, inviteSeconds, inviteToken } from './invite-staff.ts';
import { highestRank } from './staff-record.ts';

const input = z.strictObject({ id: z.uuid() });
type Input = z.infer<typeof input>;

const shared = {
  resource: 'staff',
  access: 'staff.invite',
  input,
  load: async (scope: CommandScope, { id }: Input) => (await scope.tx.staffInvite.findUnique({ where: { id } })) ?? fail('not_found'),
  subject: (invite: StaffInvite) => ({ kind: 'staff' as const, rank: highestRank(invitedRoles.parse(invite.roles)) }),
} as const;

/**
 * Sends the invitation once more, under a new link of 24 hours; the earlier link opens nothing from now on. Of two at once the one
 * that comes second is refused, as is one that meets the acceptance.
 * @throws AppError 403 `forbidden`, 404 `not_found`, 409 `transition_not_allowed` for one that was used, withdrawn or is a month old
 */
export const resendInvite = defineCommand<Input, { expiresAt: Date }, undefined, StaffInvite>({
  ...shared,
  name: 'resend-invite',
  preview: async (_scope, _input, { emailMasked }) => [
    `Sends an email to ${emailMasked}.`,
    'The new link works once and for 24 hours; the earlier one no longer works.',
  ],
  async run(scope, { id }, invite) {
    const sendNo = invite.sendNo + 1;
    const expiresAt = addSeconds(scope.now, inviteSeconds);
    const { count } = await scope.tx.staffInvite.updateMany({
      where: { id, sendNo: invite.sendNo, acceptedAt: null, cancelledAt: null, emailEnc: { not: null } },
      data: { sendNo, tokenHash: bytesOf(sha256(inviteToken(scope.deps, id, sendNo))), expiresAt, version: { increment: 1 } },
    });
    if (count === 0) return { refused: 'transition_not_allowed' };
    scope.touched(id);
    scope.emit({ name: 'identity.staff.invited', aggregateId: id, payload: { inviteId: id } });
    return { expiresAt };
  },
});

/**
 * Withdraws an invitation: its link opens nothing any more, and the address is forgotten.
 * @throws AppError 403 `forbidden`, 404 `not_found`, 409 `transition_not_allowed` for one that was used or withdrawn
 */
export const cancelInvite = defineCommand<Input, Record<string, never>, undefined, StaffInvite>({
  ...shared,
  name: 'cancel-invite',
  preview: async (_scope, _input, { emailMasked }) => [`The link that ${emailMasked} got no longer works. Nobody is told.`],
  async run(scope, { id }) {
    const { count } = await scope.tx.staffInvite.updateMany({
      where: { id, acceptedAt: null, cancelledAt: null },
      data: { cancelledAt: scope.now, emailEnc: null, wrappedRowKey: null, kekKid: null, emailBidx: null, version: { increment: 1 } },
    });
    if (count === 0) return { refused: 'transition_not_allowed' };
    scope.touched(id);
    return {};
  },
});
