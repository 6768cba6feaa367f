import type { CommandDeps } from '../../../foundation/command/command.ts';
import { personOf } from './ticket-record.ts';

export type TicketNotice = { userId: string; number: string; isMerged: boolean };

/** What a message to a customer says of their ticket; null for one that is nobody's or gone. */
export async function ticketNotice({ database }: Pick<CommandDeps, 'database'>, ticketId: string): Promise<TicketNotice | null> {
  const ticket = await database.prisma.ticket.findUnique({
    where: { id: ticketId },
    select: { number: true, subjectUserId: true, submitterUserId: true, mergedIntoId: true },
  });
  const userId = ticket && personOf(ticket);
  return ticket && userId ? { userId, number: ticket.number, isMerged: ticket.mergedIntoId !== null } : null;
}
