import { z } from 'zod';
import { runCommand } from '../../../foundation/command/run-command.ts';
import { defineJob } from '../../../foundation/jobs/job.ts';
import { outboxEventSchema } from '../../../foundation/outbox/outbox-event.ts';
import { staffQueries } from '../../identity/index.ts';
import { releaseWork } from './release-work.ts';
import { worksOnTickets } from './ticket-reach.ts';

/**
 * Returns the tickets of somebody who was disabled, or who lost the last role that works on tickets. Repeating is harmless: what is
 * released is not theirs any more.
 */
export const onStaffLeft = defineJob({
  queue: 'support.on-staff-left',
  payload: z.object({ event: outboxEventSchema(z.object({ userId: z.uuid() })) }),
  async handle({ event: { payload } }, deps) {
    const { userId } = payload;
    const where = { assignedTo: userId, status: { not: 'closed' as const } };
    if (!(await deps.database.prisma.ticket.findFirst({ where, select: { id: true } }))) return;
    const grants = await staffQueries.activeGrantsOf(deps, userId);
    if (!worksOnTickets(grants, deps.clock.now())) await runCommand(deps, releaseWork, { input: { userId } });
  },
});

export const staffLeftSubscription = {
  queue: onStaffLeft.queue,
  events: ['identity.staff.disabled', 'identity.grant.revoked', 'identity.grant.expired', 'identity.grant.unconfirmed'],
};
