import { z } from 'zod';
import { type CommandScope, defineCommand } from '../../foundation/command/command.ts';
import { emitTicket } from './tickets/move-ticket.ts';
import { dueDates, runningClock } from './tickets/sla.ts';
import { ticketCategories, ticketPriorities } from './tickets/ticket-state.ts';

const input = z.strictObject({
  /** Chosen by the caller, so that the person can be told the case before a job has opened it. */
  id: z.uuid(),
  category: z.enum(ticketCategories),
  priority: z.enum(ticketPriorities),
  title: z.string().trim().min(3).max(300),
  /** Whom it is about. */
  subjectUserId: z.uuid(),
  /** Who brought it up; the system where absent. */
  submitterUserId: z.uuid().nullable().default(null),
  tags: z.array(z.string().max(40)).max(20).default([]),
  orderId: z.uuid().nullable().default(null),
  /** An earlier one that it goes on from. */
  linkedTicketId: z.uuid().nullable().default(null),
});
export type NewTicket = z.input<typeof input>;

export type OpenedTicket = { ticketId: string; isNew: boolean };

/**
 * Opens a ticket inside another command. Repeating it with the same id finds the ticket and changes nothing, also in parallel.
 */
export async function openTicket(scope: CommandScope, given: NewTicket): Promise<OpenedTicket> {
  const { id, ...ticket } = input.parse(given);
  const start = { createdAt: scope.now, priority: ticket.priority, pausedS: 0, firstRespondedAt: null };
  const due = dueDates(start);
  const { count } = await scope.tx.ticket.createMany({
    data: { id, createdAt: scope.now, ...ticket, ...due, ...runningClock({ ...start, ...due }) },
    skipDuplicates: true,
  });
  scope.touched(id, ticket.subjectUserId);
  if (count === 1) emitTicket(scope, 'opened', { id, assignedTo: null });
  return { ticketId: id, isNew: count === 1 };
}

/** The same as a command of its own, for jobs that answer an event with a ticket. Repeating it changes nothing. */
export const openTicketCommand = defineCommand<z.infer<typeof input>, OpenedTicket>({
  name: 'open-ticket',
  resource: 'ticket',
  access: 'system',
  input,
  isIdempotent: false,
  run: (scope, ticket) => openTicket(scope, ticket),
});
