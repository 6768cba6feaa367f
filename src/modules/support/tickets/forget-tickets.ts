import type { Ticket } from '@prisma/client';
import { z } from 'zod';
import { type CommandDeps, defineCommand } from '../../../foundation/command/command.ts';
import { runCommand } from '../../../foundation/command/run-command.ts';
import { liveStatuses } from './ticket-state.ts';

const input = z.strictObject({ userId: z.uuid() });

type Forgotten = { rows: Record<string, number>; records: string[] };

/**
 * Deletes every message of the tickets about an erased person, theirs and ours: they are encrypted under the person's key, which is
 * gone. Tickets that were open close, for there is nobody to answer; that there were tickets, of which kind and when, stays.
 * Repeating it finds nothing more.
 */
export const forgetTickets = defineCommand<z.infer<typeof input>, Forgotten>({
  name: 'forget-tickets',
  resource: 'ticket',
  access: 'system',
  input,
  isIdempotent: false,
  async run({ tx, now, note, touched }, { userId }) {
    const messages = await tx.ticketMessage.findMany({ where: { subjectUserId: userId }, select: { id: true } });
    await tx.ticketMessage.deleteMany({ where: { id: { in: messages.map(({ id }) => id) } } });
    const over = { status: 'closed' as const, closedAt: now, assignedTo: null, claimExpiresAt: null, slaRiskAt: null, slaBreachAt: null };
    const close = (status: Ticket['status'][], more: { resolvedAt?: Date }) =>
      tx.ticket.updateManyAndReturn({
        where: { subjectUserId: userId, status: { in: status } },
        data: { ...over, ...more, version: { increment: 1 } },
        select: { id: true },
      });
    const closed = [...(await close([...liveStatuses], { resolvedAt: now })), ...(await close(['resolved'], {}))];
    touched(...closed.map(({ id }) => id));
    note(`${messages.length} messages, ${closed.length} tickets of an erased person`);
    return { rows: { 'support.ticket_message': messages.length }, records: messages.map(({ id }) => `support.ticket_message:${id}`) };
  },
});

/** The same for the erasing job. */
export async function forgetTicketsOf(deps: CommandDeps, { userId }: { userId: string }): Promise<Forgotten> {
  return (await runCommand(deps, forgetTickets, { input: { userId } })).output;
}
