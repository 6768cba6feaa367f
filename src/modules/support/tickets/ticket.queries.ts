import type { Prisma, Ticket } from '@prisma/client';
import { grantFor } from '../../../foundation/access/evaluate.ts';
import type { CommandDeps } from '../../../foundation/command/command.ts';
import type { StaffActor } from '../../../foundation/runtime/actor.ts';
import { addSeconds } from '../../../foundation/runtime/clock.ts';
import { actorNames } from '../../identity/index.ts';
import { type SlaState, slaState } from './sla.ts';
import { queueOf, ticketReach } from './ticket-reach.ts';
import { liveStatuses, type TicketPriority, ticketPriorities } from './ticket-state.ts';

type Deps = Pick<CommandDeps, 'database' | 'clock' | 'keyring' | 'config'>;

/** A ticket in a line. */
export type TicketLine = {
  id: string;
  number: string;
  title: string;
  status: Ticket['status'];
  priority: TicketPriority;
  category: Ticket['category'];
  sla: SlaState;
  assignedTo: string | null;
  assigneeName: string | null;
  createdAt: Date;
  isLive: boolean;
};

const listed = 100;

/** Tickets about a person, newest first, at most 100: those of them that the asking member of staff may see. The caller records the read. */
export async function ticketsOf(deps: Deps, userId: string, staff: StaffActor): Promise<TicketLine[]> {
  return lines(deps, staff, { subjectUserId: userId }, { orderBy: [{ createdAt: 'desc' }, { id: 'desc' }], take: listed });
}

/** The same by number ("T-12" or "12") or by at least three letters of the title. */
export async function searchTickets(
  deps: Deps,
  staff: StaffActor,
  { text, limit }: { text: string; limit: number },
): Promise<TicketLine[]> {
  const where = whereText(text);
  return where ? lines(deps, staff, where, { orderBy: [{ createdAt: 'desc' }, { id: 'desc' }], take: limit }) : [];
}

const numberForm = /^(?:t-?)?(\d{1,12})$/i;
const shortestTitle = 3;
const uuidForm = /^[0-9a-f]{8}-[0-9a-f]{4}-[0-9a-f]{4}-[0-9a-f]{4}-[0-9a-f]{12}$/i;

/** Null for a text that can find nothing. */
export function whereText(text: string): Prisma.TicketWhereInput | null {
  const typed = text.trim();
  const number = numberForm.exec(typed)?.[1];
  if (number) return { number: `T-${number}` };
  if (uuidForm.test(typed)) return { OR: [{ id: typed }, { orderId: typed }] };
  if (typed.length < shortestTitle) return null;
  return { title: { contains: typed.replaceAll(/[\\%_]/g, '\\$&'), mode: 'insensitive' } };
}

/** Whether somebody may open a ticket. */
export async function mayReadTicket(deps: Deps, staff: StaffActor, ticketId: string): Promise<boolean> {
  const reach = ticketReach(staff, deps.clock.now());
  return reach !== null && (await deps.database.prisma.ticket.count({ where: { AND: [{ id: ticketId }, reach] } })) === 1;
}

/** People whose tickets somebody works on or may take from triage, newest first, at most 500: the `own` customers of assistants. */
export async function ownCustomerIds(deps: Deps, staff: StaffActor): Promise<string[]> {
  const rows = await deps.database.prisma.ticket.findMany({
    where: { AND: [ownQueue(staff, deps.clock.now()), { subjectUserId: { not: null } }] },
    orderBy: { createdAt: 'desc' },
    select: { subjectUserId: true },
    distinct: ['subjectUserId'],
    take: 500,
  });
  return rows.flatMap(({ subjectUserId }) => subjectUserId ?? []);
}

/** Whether a customer is one of these. */
export async function isOwnCustomer(deps: Deps, staff: StaffActor, userId: string): Promise<boolean> {
  const where = { AND: [ownQueue(staff, deps.clock.now()), { subjectUserId: userId }] };
  return (await deps.database.prisma.ticket.findFirst({ where, select: { id: true } })) !== null;
}

/** Live tickets assigned to somebody, and those in triage they could take. */
function ownQueue(staff: StaffActor, now: Date): Prisma.TicketWhereInput {
  const mine: Prisma.TicketWhereInput = { assignedTo: staff.id, status: { in: [...liveStatuses] } };
  return { OR: [mine, ...triageOf(staff, now)] };
}

function triageOf(staff: StaffActor, now: Date): Prisma.TicketWhereInput[] {
  const categories = queueOf(staff, now);
  if (categories?.length === 0) return [];
  return [{ status: 'open', assignedTo: null, ...(categories ? { category: { in: [...categories] } } : {}) }];
}

/** What waits for somebody: the queue they take from, and what they hold. The count beside the side-bar entry. */
export async function countWaiting(deps: Deps, staff: StaffActor): Promise<number> {
  const now = deps.clock.now();
  if (grantFor(staff, 'ticket.take_next', { now }) === null) return 0;
  return deps.database.prisma.ticket.count({
    where: { OR: [{ assignedTo: staff.id, status: 'in_progress' }, ...triageOf(staff, now)] },
    take: 1000,
  });
}

export type TicketFigures = {
  mine: number;
  unassigned: number;
  escalated: number;
  atRisk: number;
  breached: number;
  waitingByPriority: { priority: TicketPriority; count: number }[];
  /** Median minutes to the first response of each of the last 14 days (UTC), oldest first; null for a day without one. */
  firstResponse: { day: string; minutes: number | null; count: number }[];
};

/** Figures of the dashboard, within what the asking member of staff may see. */
export async function ticketFigures(deps: Deps, staff: StaffActor): Promise<TicketFigures> {
  const { prisma } = deps.database;
  const now = deps.clock.now();
  const reach = ticketReach(staff, now) ?? { id: { in: [] } };
  const running = { status: { in: ['open', 'in_progress'] } } satisfies Prisma.TicketWhereInput;
  const count = (where: Prisma.TicketWhereInput) => prisma.ticket.count({ where: { AND: [reach, where] }, take: 10_001 });
  const unassigned = { status: 'open', assignedTo: null } satisfies Prisma.TicketWhereInput;
  const [mine, waiting, escalated, atRisk, breached, grouped, firstResponse] = await Promise.all([
    count({ assignedTo: staff.id, status: { in: [...liveStatuses] } }),
    count(unassigned),
    count({ status: { in: [...liveStatuses] }, escalatedAt: { not: null }, escalationAnsweredAt: null }),
    count({ ...running, slaRiskAt: { lte: now }, slaBreachAt: { gt: now } }),
    count({ ...running, slaBreachAt: { lte: now } }),
    prisma.ticket.groupBy({ by: ['priority'], where: { AND: [reach, unassigned] }, _count: true }),
    firstResponses(deps, reach),
  ]);
  const byPriority = new Map(grouped.map((row) => [row.priority, row._count]));
  const waitingByPriority = ticketPriorities.toReversed().map((priority) => ({ priority, count: byPriority.get(priority) ?? 0 }));
  return { mine, unassigned: waiting, escalated, atRisk, breached, waitingByPriority, firstResponse };
}

const days = 14;
const daySeconds = 86_400;
const answeredAtMost = 5_000;

async function firstResponses({ database, clock }: Deps, reach: Prisma.TicketWhereInput): Promise<TicketFigures['firstResponse']> {
  const today = new Date(Math.floor(clock.now().getTime() / 1000 / daySeconds) * daySeconds * 1000);
  const from = addSeconds(today, -(days - 1) * daySeconds);
  const rows = await database.prisma.ticket.findMany({
    where: { AND: [reach, { firstRespondedAt: { gte: from } }] },
    orderBy: { firstRespondedAt: 'desc' },
    select: { createdAt: true, firstRespondedAt: true },
    take: answeredAtMost,
  });
  return Array.from({ length: days }, (_, index) => {
    const day = addSeconds(from, index * daySeconds)
      .toISOString()
      .slice(0, 10);
    const minutes = rows.flatMap(({ createdAt, firstRespondedAt }) =>
      firstRespondedAt?.toISOString().startsWith(day) ? [(firstRespondedAt.getTime() - createdAt.getTime()) / 60_000] : [],
    );
    return { day, minutes: median(minutes), count: minutes.length };
  });
}

function median(values: readonly number[]): number | null {
  const sorted = values.toSorted((a, b) => a - b);
  const middle = sorted[Math.floor(sorted.length / 2)];
  return middle === undefined ? null : Math.round(middle);
}

type Paging = { orderBy: Prisma.TicketOrderByWithRelationInput[]; take: number };

async function lines(deps: Deps, staff: StaffActor, where: Prisma.TicketWhereInput, paging: Paging): Promise<TicketLine[]> {
  const now = deps.clock.now();
  const reach = ticketReach(staff, now);
  if (!reach) return [];
  const rows = await deps.database.prisma.ticket.findMany({ where: { AND: [reach, where] }, ...paging });
  const names = await actorNames(
    deps,
    rows.flatMap(({ assignedTo }) => assignedTo ?? []),
  );
  return rows.map(({ id, number, title, status, priority, category, assignedTo, createdAt, ...row }) => ({
    ...{ id, number, title, status, priority, category, assignedTo, createdAt },
    sla: slaState({ ...row, status }, now),
    assigneeName: assignedTo ? (names.get(assignedTo) ?? null) : null,
    isLive: liveStatuses.some((live) => live === status),
  }));
}
