import type { Ticket, TicketMessage } from '@prisma/client';
import { z } from 'zod';
import { grantFor } from '../../../foundation/access/evaluate.ts';
import type { CommandDeps } from '../../../foundation/command/command.ts';
import { fail } from '../../../foundation/errors/app-error.ts';
import type { StaffActor } from '../../../foundation/runtime/actor.ts';
import { actorNames, type CustomerCard, personBox, staffQueries } from '../../identity/index.ts';
import { type FilledMacro, filledMacros } from './macros.ts';
import { type SlaClock, slaClock } from './sla.ts';
import { type TicketLine, ticketsOf } from './ticket.queries.ts';
import { messageBox } from './ticket-message.ts';
import { ticketReach, worksOnTickets } from './ticket-reach.ts';
import { personOf } from './ticket-record.ts';
import { hasOpenEscalation, isClaimed } from './ticket-state.ts';

type Deps = Pick<CommandDeps, 'database' | 'clock' | 'keyring' | 'config'>;

/** A line of the conversation. `kind` says who reads it; a draft is read by staff until somebody sends it. */
export type ConversationItem = {
  id: string;
  kind: 'customer' | 'reply' | 'note' | 'draft';
  author: string;
  /** Who wrote the words, where somebody else sent them. */
  draftedBy: string | null;
  isOwn: boolean;
  body: string;
  at: Date;
  /** Number of the merged ticket it was written in. */
  from: string | null;
};

export type TicketLink = { id: string; number: string; title: string; status: Ticket['status'] };

/** Everything the page of a ticket shows beside its own fields. */
export type TicketPage = {
  sla: SlaClock;
  conversation: ConversationItem[];
  person: CustomerCard | null;
  canOpenPerson: boolean;
  others: TicketLine[];
  linked: TicketLink | null;
  linking: TicketLink[];
  mergedInto: TicketLink | null;
  merged: TicketLink[];
  assignee: { id: string; name: string; isMe: boolean } | null;
  claimedUntil: Date | null;
  submitter: string | null;
  escalation: { at: Date; by: string; reason: string | null; answeredAt: Date | null; answeredBy: string | null } | null;
  checklist: { item: string; by: string; at: string }[];
  macros: FilledMacro[];
  /** For assigning; empty for those who may not. */
  colleagues: { id: string; name: string }[];
  now: Date;
};

/** The page of one ticket within the asking person's reach. The caller records the read. @throws AppError 404 `not_found` */
export async function ticketPage(deps: Deps, staff: StaffActor, id: string): Promise<TicketPage> {
  const { prisma } = deps.database;
  const now = deps.clock.now();
  const reach = ticketReach(staff, now);
  const link = { select: { id: true, number: true, title: true, status: true } } as const;
  const found =
    reach &&
    (await prisma.ticket.findFirst({
      where: { AND: [{ id }, reach] },
      include: { linkedTicket: link, mergedInto: link, mergedTickets: link, linkingTickets: { ...link, take: 20 } },
    }));
  const { linkedTicket, mergedInto, mergedTickets, linkingTickets, ...ticket } = found || fail('not_found');
  const userId = personOf(ticket);
  const checks = checklistOf(ticket);
  const messages = await messagesOf(
    deps,
    [ticket, ...mergedTickets].map((each) => each.id),
  );
  const [person, names, others, colleagues, items] = await Promise.all([
    userId ? staffQueries.customerCard(deps, userId) : null,
    actorNames(deps, peopleIn(ticket, messages, checks)),
    userId ? ticketsOf(deps, userId, staff) : [],
    workersFor(deps, staff, now),
    userId ? openAll(deps, userId, messages) : [],
  ]);
  const nameOf = (who: string | null) => (who === null ? null : (names.get(who) ?? 'A former colleague'));
  const numbers = new Map(mergedTickets.map((each) => [each.id, each.number]));
  return {
    sla: slaClock(ticket, now),
    conversation: items.map(({ message, body }) => ({
      id: message.id,
      kind: kindOf(message, userId),
      author: message.authorId === userId ? (person?.name ?? 'The customer') : (nameOf(message.authorId) ?? ''),
      draftedBy: nameOf(message.draftedBy),
      isOwn: message.authorId === staff.id,
      body,
      at: message.sentAt ?? message.createdAt,
      from: numbers.get(message.ticketId) ?? null,
    })),
    person,
    canOpenPerson: person !== null && person.kind !== 'staff' && grantFor(staff, 'user.show', { now }) !== null,
    others: others.filter((other) => other.id !== id).slice(0, 10),
    linked: linkedTicket,
    linking: linkingTickets.filter((other) => !numbers.has(other.id)),
    mergedInto,
    merged: mergedTickets,
    assignee: ticket.assignedTo
      ? { id: ticket.assignedTo, name: nameOf(ticket.assignedTo) ?? '', isMe: ticket.assignedTo === staff.id }
      : null,
    claimedUntil: isClaimed(ticket, now) ? ticket.claimExpiresAt : null,
    submitter: ticket.submitterUserId === userId ? null : nameOf(ticket.submitterUserId),
    escalation: escalationOf(ticket, nameOf),
    checklist: checks.map(({ item, by, at }) => ({ item, at, by: nameOf(by) ?? '' })),
    macros: filledMacros(ticket.category, {
      firstName: person?.firstName ?? null,
      number: ticket.number,
      title: ticket.title,
      agent: staff.displayName,
    }),
    colleagues,
    now,
  };
}

/** Names of the people tickets are assigned to, for a list. */
export function assigneeNames(deps: Deps, ids: readonly string[]): Promise<ReadonlyMap<string, string>> {
  return actorNames(deps, ids);
}

/** Numbers of tickets by id. */
export async function ticketNumbers({ database }: Deps, ids: readonly string[]): Promise<ReadonlyMap<string, string>> {
  if (ids.length === 0) return new Map();
  const rows = await database.prisma.ticket.findMany({ where: { id: { in: [...ids] } }, select: { id: true, number: true } });
  return new Map(rows.map((row) => [row.id, row.number]));
}

function messagesOf({ database }: Deps, ticketIds: readonly string[]): Promise<TicketMessage[]> {
  return database.prisma.ticketMessage.findMany({
    where: { ticketId: { in: [...ticketIds] }, state: { not: 'discarded' } },
    orderBy: [{ createdAt: 'asc' }, { id: 'asc' }],
    take: 500,
  });
}

async function openAll(
  deps: Deps,
  userId: string,
  messages: readonly TicketMessage[],
): Promise<{ message: TicketMessage; body: string }[]> {
  const box = messages.length > 0 ? await personBox(deps, deps.database.prisma, userId) : null;
  if (!box) return [];
  const opened = messages.map((message) => ({ message, body: box.open(messageBox(message.id), message.bodyEnc) }));
  const at = ({ message }: { message: TicketMessage }) => (message.sentAt ?? message.createdAt).getTime();
  return opened.toSorted((a, b) => at(a) - at(b));
}

function kindOf({ state, visibility, authorId }: TicketMessage, userId: string | null): ConversationItem['kind'] {
  if (state === 'draft') return 'draft';
  if (visibility === 'internal') return 'note';
  return authorId === userId ? 'customer' : 'reply';
}

type Check = { item: string; by: string; at: string };
const checkShape = z.array(z.object({ item: z.string(), by: z.string(), at: z.string() }));

function checklistOf({ checklist }: Pick<Ticket, 'checklist'>): Check[] {
  return checkShape.safeParse(checklist).data ?? [];
}

function peopleIn(ticket: Ticket, messages: readonly TicketMessage[], checks: readonly Check[]): string[] {
  const { assignedTo, submitterUserId, escalatedBy, escalationAnsweredBy } = ticket;
  const named = [
    assignedTo,
    submitterUserId,
    escalatedBy,
    escalationAnsweredBy,
    ...messages.flatMap((each) => [each.authorId, each.draftedBy]),
  ];
  return [...named, ...checks.map(({ by }) => by)].filter((who) => who !== null);
}

function escalationOf(ticket: Ticket, nameOf: (who: string | null) => string | null): TicketPage['escalation'] {
  const { escalatedAt, escalatedBy, escalationReason, escalationAnsweredAt, escalationAnsweredBy } = ticket;
  if (!escalatedAt) return null;
  return {
    at: escalatedAt,
    by: nameOf(escalatedBy) ?? 'A former colleague',
    reason: escalationReason,
    answeredAt: hasOpenEscalation(ticket) ? null : escalationAnsweredAt,
    answeredBy: nameOf(escalationAnsweredBy),
  };
}

/** Everybody who may work on tickets, for those who assign. */
async function workersFor(deps: Deps, staff: StaffActor, now: Date): Promise<{ id: string; name: string }[]> {
  if (grantFor(staff, 'ticket.assign', { now }) === null) return [];
  const colleagues = await staffQueries.listColleagues(deps);
  return colleagues.filter(({ grants }) => worksOnTickets(grants, now)).map(({ id, name }) => ({ id, name }));
}
