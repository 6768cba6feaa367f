import type { Ticket } from '@prisma/client';

export type TicketStatus = Ticket['status'];
export type TicketPriority = Ticket['priority'];
export type TicketCategory = Ticket['category'];

export const ticketPriorities = ['low', 'medium', 'high', 'urgent'] as const satisfies readonly TicketPriority[];
export const ticketCategories = [
  ...(['account_access', 'order_dispute', 'payment_issue', 'product_complaint', 'vendor_conduct'] as const),
  ...(['delivery_problem', 'refund_request', 'measurement_issue', 'privacy', 'general'] as const),
] as const satisfies readonly TicketCategory[];

/** Still somebody's work: neither resolved nor closed. */
export const liveStatuses = ['open', 'in_progress', 'awaiting_customer', 'awaiting_vendor'] as const satisfies readonly TicketStatus[];
/** The clocks stand still. */
export const awaitingStatuses = ['awaiting_customer', 'awaiting_vendor'] as const satisfies readonly TicketStatus[];

/** What can be done with a ticket that exists and changes where it stands. Opening one is openTicket(). */
export const ticketSteps = [
  ...(['take', 'assign', 'release', 'lapse', 'await_customer', 'await_vendor', 'resolve', 'close', 'merge'] as const),
  ...(['customer_reply', 'reopen', 'unassign'] as const),
] as const;
export type TicketStep = (typeof ticketSteps)[number];

/** A customer's reply reopens what was resolved at most so long ago; then the worker closes it (product.md 4.6). */
export const reopenSeconds = 7 * 24 * 3600;
/** A claim ends after so long without activity (F85). */
export const claimSeconds = 30 * 60;
/** Tickets one person holds at most by taking them. */
export const claimsHeldAtMost = 3;

type Transition = { from: readonly TicketStatus[]; to: TicketStatus };
type Holder = Pick<Ticket, 'assignedTo'>;

/**
 * The table of product.md 4.6: what each step makes of a ticket, and from where; everything else is 409 `transition_not_allowed`.
 * Work goes back to the queue by `release`, `lapse` and `unassign`; a reply to a ticket that nobody holds goes there too. Merging
 * ends a duplicate in favour of another ticket.
 */
export function transitionOf(step: TicketStep, holder: Holder): Transition {
  switch (step) {
    case 'take':
      return { from: ['open'], to: 'in_progress' };
    case 'assign':
      return { from: ['open', 'in_progress'], to: 'in_progress' };
    case 'release':
    case 'lapse':
    case 'unassign':
      return { from: ['in_progress'], to: 'open' };
    case 'await_customer':
      return { from: ['in_progress'], to: 'awaiting_customer' };
    case 'await_vendor':
      return { from: ['in_progress'], to: 'awaiting_vendor' };
    case 'resolve':
      return { from: ['in_progress'], to: 'resolved' };
    case 'close':
      return { from: ['resolved'], to: 'closed' };
    case 'merge':
      return { from: liveStatuses, to: 'closed' };
    case 'customer_reply':
      return { from: awaitingStatuses, to: taken(holder) };
    case 'reopen':
      return { from: ['resolved'], to: taken(holder) };
    default:
      return step satisfies never;
  }
}

/** Back to whoever had it; to the queue where nobody has. */
const taken = ({ assignedTo }: Holder): TicketStatus => (assignedTo === null ? 'open' : 'in_progress');

export function mayMove(ticket: Pick<Ticket, 'status' | 'assignedTo'>, step: TicketStep): boolean {
  return transitionOf(step, ticket).from.includes(ticket.status);
}

export function isLive({ status }: Pick<Ticket, 'status'>): boolean {
  return liveStatuses.some((live) => live === status);
}

export function isAwaiting({ status }: Pick<Ticket, 'status'>): boolean {
  return awaitingStatuses.some((awaiting) => awaiting === status);
}

/** Whether somebody holds the ticket and has been active in the last half hour. */
export function isClaimed({ status, assignedTo, claimExpiresAt }: Claim, now: Date): boolean {
  return status === 'in_progress' && assignedTo !== null && claimExpiresAt !== null && claimExpiresAt > now;
}
export type Claim = Pick<Ticket, 'status' | 'assignedTo' | 'claimExpiresAt'>;

/** In triage: nobody has it yet. */
export function isInTriage({ status, assignedTo }: Pick<Ticket, 'status' | 'assignedTo'>): boolean {
  return status === 'open' && assignedTo === null;
}

/** Whether a customer's reply still reopens it. */
export function mayReopen({ status, resolvedAt }: Pick<Ticket, 'status' | 'resolvedAt'>, now: Date): boolean {
  return status === 'resolved' && resolvedAt !== null && now.getTime() - resolvedAt.getTime() < reopenSeconds * 1000;
}

export function hasOpenEscalation({ escalatedAt, escalationAnsweredAt }: Pick<Ticket, 'escalatedAt' | 'escalationAnsweredAt'>): boolean {
  return escalatedAt !== null && escalationAnsweredAt === null;
}
