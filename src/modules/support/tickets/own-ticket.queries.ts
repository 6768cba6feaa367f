import type { Ticket } from '@prisma/client';
import type { CommandDeps } from '../../../foundation/command/command.ts';
import { fail, validationError } from '../../../foundation/errors/app-error.ts';
import { uuidPattern } from '../../../foundation/runtime/new-id.ts';
import { personBox } from '../../identity/index.ts';
import { ownTickets } from './own-ticket.ts';
import { messageBox } from './ticket-message.ts';

type Deps = Pick<CommandDeps, 'database' | 'keyring'>;

export type OwnTicketLine = {
  id: string;
  number: string;
  status: Ticket['status'];
  priority: Ticket['priority'];
  category: Ticket['category'];
  title: string;
  createdAt: Date;
};

/** A ticket as its owner reads it: what was sent, never a note or a draft, and no name of who works here. */
export type OwnTicket = OwnTicketLine & { messages: { id: string; from: 'customer' | 'support'; body: string; sentAt: Date }[] };

const shown = { id: true, number: true, status: true, priority: true, category: true, title: true, createdAt: true } as const;

/** Own tickets, newest first. @throws AppError 422 `invalid_value` for a cursor that is none of ours */
export async function listOwnTickets(
  { database }: Deps,
  userId: string,
  { limit, cursor }: { limit: number; cursor?: string | undefined },
): Promise<{ items: OwnTicketLine[]; nextCursor: string | null }> {
  const before = cursor === undefined ? null : readCursor(cursor);
  const older = before && { OR: [{ createdAt: { lt: before.at } }, { createdAt: before.at, id: { lt: before.id } }] };
  const rows = await database.prisma.ticket.findMany({
    where: { AND: [ownTickets(userId), ...(older ? [older] : [])] },
    orderBy: [{ createdAt: 'desc' }, { id: 'desc' }],
    select: shown,
    take: limit + 1,
  });
  const items = rows.slice(0, limit);
  const last = items.at(-1);
  return { items, nextCursor: last && rows.length > limit ? cursorOf(last) : null };
}

/** @throws AppError 404 `not_found`, also for another's */
export async function readOwnTicket(deps: Deps, userId: string, id: string): Promise<OwnTicket> {
  const { prisma } = deps.database;
  const ticket = (await prisma.ticket.findFirst({ where: { AND: [{ id }, ownTickets(userId)] }, select: shown })) ?? fail('not_found');
  const rows = await prisma.ticketMessage.findMany({
    where: { ticketId: id, visibility: 'public', state: 'sent' },
    orderBy: [{ sentAt: 'asc' }, { id: 'asc' }],
  });
  const box = rows.length > 0 ? await personBox(deps, prisma, userId) : null;
  const messages = rows.flatMap(({ id: messageId, authorId, bodyEnc, sentAt }) => {
    if (!box || !sentAt) return [];
    const from: 'customer' | 'support' = authorId === userId ? 'customer' : 'support';
    return [{ id: messageId, from, body: box.open(messageBox(messageId), bodyEnc), sentAt }];
  });
  return { ...ticket, messages };
}

const cursorForm = /^(\d{1,16})\.([0-9a-f-]{36})$/;

/** To the millisecond, which is what a row's time is written with. */
function cursorOf({ createdAt, id }: { createdAt: Date; id: string }): string {
  return Buffer.from(`${createdAt.getTime()}.${id}`).toString('base64url');
}

function readCursor(cursor: string): { at: Date; id: string } {
  const [, at = '', id = ''] = cursorForm.exec(Buffer.from(cursor, 'base64url').toString('latin1')) ?? [];
  if (!uuidPattern.test(id)) throw validationError([{ path: 'cursor', code: 'invalid_value' }]);
  return { at: new Date(Number(at)), id };
}
