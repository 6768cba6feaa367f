import type { Ticket } from '@prisma/client';
import type { AccessSubject } from '../../../foundation/access/decide.ts';
import type { CommandScope } from '../../../foundation/command/command.ts';
import { fail } from '../../../foundation/errors/app-error.ts';
import type { StaffActor } from '../../../foundation/runtime/actor.ts';
import { ticketReach } from './ticket-reach.ts';
import { isInTriage } from './ticket-state.ts';

/** The caller, who is a member of staff. @throws AppError 403 `forbidden` */
export function staffIn({ actor }: Pick<CommandScope, 'actor'>): StaffActor {
  return actor.kind === 'staff' ? actor : fail('forbidden');
}

/** The row, locked until the command ends; null when there is none. */
export async function lockTicket(scope: CommandScope, id: string): Promise<Ticket | null> {
  await scope.tx.$queryRaw`SELECT 1 AS locked FROM support.ticket WHERE id = ${id}::uuid FOR UPDATE`;
  return scope.tx.ticket.findUnique({ where: { id } });
}

/** A ticket within the caller's reach, locked. Out of reach and missing look the same. @throws AppError 404 `not_found` */
export async function loadTicket(scope: CommandScope, { id }: { id: string }): Promise<Ticket> {
  const ticket = await lockTicket(scope, id);
  return ticket && (await isReached(scope, id)) ? ticket : fail('not_found');
}

/** Whether the calling member of staff may see it. */
export async function isReached(scope: CommandScope, id: string): Promise<boolean> {
  const reach = ticketReach(staffIn(scope), scope.now);
  return reach !== null && (await scope.tx.ticket.count({ where: { AND: [{ id }, reach] } })) === 1;
}

/** Facts for the matrix: whose ticket it is, and whether the caller holds it. */
export function ticketSubject(ticket: Ticket, staffId: string): AccessSubject {
  return { ...personIn(ticket), isOwn: ticket.assignedTo === staffId };
}

/** The same for taking: what waits in triage is everybody's own as well. */
export function queueSubject(ticket: Ticket, staffId: string): AccessSubject {
  return { ...personIn(ticket), isOwn: ticket.assignedTo === staffId || isInTriage(ticket) };
}

function personIn({ subjectUserId }: Ticket): { userId?: string } {
  return subjectUserId === null ? {} : { userId: subjectUserId };
}

/** Whom a conversation is with: the person it is about, else who brought it up. */
export function personOf({ subjectUserId, submitterUserId }: Pick<Ticket, 'subjectUserId' | 'submitterUserId'>): string | null {
  return subjectUserId ?? submitterUserId;
}
