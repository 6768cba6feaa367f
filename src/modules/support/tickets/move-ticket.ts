import type { Prisma, Ticket } from '@prisma/client';
import type { CommandScope } from '../../../foundation/command/command.ts';
import { actorIdOf } from '../../../foundation/runtime/actor.ts';
import { addSeconds } from '../../../foundation/runtime/clock.ts';
import { dueDates, pausedSeconds, runningClock } from './sla.ts';
import { personOf } from './ticket-record.ts';
import { claimSeconds, isAwaiting, mayMove, type TicketStatus, type TicketStep, transitionOf } from './ticket-state.ts';

type Change = Prisma.TicketUncheckedUpdateManyInput;

/**
 * Writes a ticket by compare-and-set on id and version: of n writers that read the same version one wins. Activity of whoever holds
 * it renews the claim.
 * @returns the row as it is now; null where another was faster: then nothing is written
 */
export async function changeTicket(scope: CommandScope, ticket: Ticket, change: Change): Promise<Ticket | null> {
  const { id, version } = ticket;
  const data = { ...renewal(scope, ticket), ...change, version: { increment: 1 } };
  const [written] = await scope.tx.ticket.updateManyAndReturn({ where: { id, version }, data });
  if (!written) return null;
  const person = personOf(ticket);
  scope.touched(id, ...(person ? [person] : []));
  return written;
}

function renewal({ actor, now }: CommandScope, { status, assignedTo }: Ticket): Change {
  const isHolder = status === 'in_progress' && assignedTo !== null && assignedTo === actorIdOf(actor);
  return isHolder ? { claimExpiresAt: addSeconds(now, claimSeconds) } : {};
}

/**
 * One step of the state machine with what follows from it: claim and clocks.
 * @returns null where the table has no such step from the present state, or another call was faster: then nothing is written
 */
export async function moveTicket(
  scope: CommandScope,
  ticket: Ticket,
  { step, change = {} }: { step: TicketStep; change?: Change },
): Promise<Ticket | null> {
  if (!mayMove(ticket, step)) return null;
  const status = transitionOf(step, ticket).to;
  return changeTicket(scope, ticket, { ...claimAt(scope.now, status), ...clocksAt(scope.now, ticket, status), ...change, status });
}

/** Only what is being worked on is claimed. */
function claimAt(now: Date, status: TicketStatus): Change {
  if (status === 'in_progress') return { claimExpiresAt: addSeconds(now, claimSeconds) };
  return { claimExpiresAt: null, ...(status === 'open' ? { assignedTo: null } : {}) };
}

/** Clocks stand still while somebody else is awaited and after the resolution; going on, that time is added to what is left. */
function clocksAt(now: Date, ticket: Ticket, status: TicketStatus): Change {
  if (isAwaiting({ status })) return { pausedAt: now, ...stopped(now, ticket) };
  if (status === 'resolved') return { pausedAt: now, resolvedAt: now, ...stopped(now, ticket) };
  if (status === 'closed') return { closedAt: now, resolvedAt: ticket.resolvedAt ?? now, slaRiskAt: null, slaBreachAt: null };
  return ticket.pausedAt ? resumed(now, ticket) : {};
}

/** A breach that happened stays in sight; what was still to come does not come while the clock stands. */
function stopped(now: Date, { slaRiskAt, slaBreachAt }: Ticket): Change {
  const isPast = (at: Date | null) => at !== null && at <= now;
  return { ...(isPast(slaRiskAt) ? {} : { slaRiskAt: null }), ...(isPast(slaBreachAt) ? {} : { slaBreachAt: null }) };
}

function resumed(now: Date, ticket: Ticket): Change {
  const pausedS = ticket.pausedS + pausedSeconds(ticket, now);
  const due = dueDates({ ...ticket, pausedS });
  const clock = runningClock({ ...ticket, ...due, pausedS });
  const told = { slaRiskToldAt: ticket.slaRiskToldAt, slaBreachToldAt: ticket.slaBreachToldAt };
  return { pausedAt: null, pausedS, resolvedAt: null, ...due, ...clock, ...told };
}

/** The clock after an answer to the customer: the first one ends the first response and starts the other. */
export function answered(now: Date, ticket: Ticket): Change {
  if (ticket.firstRespondedAt) return {};
  return { firstRespondedAt: now, ...runningClock({ ...ticket, firstRespondedAt: now }) };
}

const names = {
  opened: 'support.ticket.opened',
  assigned: 'support.ticket.assigned',
  replied: 'support.ticket.replied',
  customer_replied: 'support.ticket.customer_replied',
  resolved: 'support.ticket.resolved',
  reopened: 'support.ticket.reopened',
  closed: 'support.ticket.closed',
  escalated: 'support.ticket.escalated',
  escalation_answered: 'support.ticket.escalation_answered',
  sla_at_risk: 'support.ticket.sla_at_risk',
  sla_breached: 'support.ticket.sla_breached',
} as const;

/** An event of product.md section 8: ids only. */
export function emitTicket(scope: CommandScope, event: keyof typeof names, { id, assignedTo }: Pick<Ticket, 'id' | 'assignedTo'>): void {
  const payload = { ticketId: id, ...(assignedTo ? { assigneeId: assignedTo } : {}) };
  scope.emit({ name: names[event], aggregateId: id, payload });
}
