import type { Ticket } from '@prisma/client';
import { z } from 'zod';
import { type CommandScope, defineCommand } from '../../foundation/command/command.ts';
import { addSeconds } from '../../foundation/runtime/clock.ts';

export type TicketCategory = Ticket['category'];
export type TicketPriority = Ticket['priority'];

const minute = 60;
const hour = 60 * minute;
const day = 24 * hour;

/** Seconds to the first response and to the resolution (product.md 4.6). */
export const slaSeconds: Readonly<Record<TicketPriority, { firstResponse: number; resolution: number }>> = {
  urgent: { firstResponse: 30 * minute, resolution: 4 * hour },
  high: { firstResponse: 2 * hour, resolution: 24 * hour },
  medium: { firstResponse: 8 * hour, resolution: 72 * hour },
  low: { firstResponse: 24 * hour, resolution: 7 * day },
};

const input = z.strictObject({
  /** Chosen by the caller, so that the person can be told the case before a job has opened it. */
  id: z.uuid(),
  category: z.enum([
    ...(['account_access', 'order_dispute', 'payment_issue', 'product_complaint', 'vendor_conduct'] as const),
    ...(['delivery_problem', 'refund_request', 'measurement_issue', 'privacy', 'general'] as const),
  ]),
  priority: z.enum(['low', 'medium', 'high', 'urgent']),
  /** Words of ours, not of the person. */
  title: z.string().trim().min(3).max(300),
  /** Whom it is about. */
  subjectUserId: z.uuid(),
  /** Who brought it up; the system where absent. */
  submitterUserId: z.uuid().nullable().default(null),
  tags: z.array(z.string().max(40)).max(20).default([]),
});
export type NewTicket = z.input<typeof input>;

export type OpenedTicket = { ticketId: string; isNew: boolean };

/**
 * Opens a ticket inside another command. Repeating it with the same id finds the ticket and changes nothing, also in parallel.
 */
export async function openTicket(scope: CommandScope, given: NewTicket): Promise<OpenedTicket> {
  const { id, ...ticket } = input.parse(given);
  const sla = slaSeconds[ticket.priority];
  const { count } = await scope.tx.ticket.createMany({
    data: {
      id,
      createdAt: scope.now,
      ...ticket,
      firstResponseDueAt: addSeconds(scope.now, sla.firstResponse),
      resolutionDueAt: addSeconds(scope.now, sla.resolution),
    },
    skipDuplicates: true,
  });
  scope.touched(id, ticket.subjectUserId);
  if (count === 1) scope.emit({ name: 'support.ticket.opened', aggregateId: id, payload: { ticketId: id, category: ticket.category } });
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
