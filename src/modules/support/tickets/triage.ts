import type { Prisma, Ticket } from '@prisma/client';
import { z } from 'zod';
import { type CommandScope, defineCommand } from '../../../foundation/command/command.ts';
import { validationError } from '../../../foundation/errors/app-error.ts';
import { changeTicket } from './move-ticket.ts';
import { dueDates, runningClock } from './sla.ts';
import { isReached, loadTicket, staffIn, ticketSubject } from './ticket-record.ts';
import { ticketCategories, ticketPriorities } from './ticket-state.ts';

const tag = z
  .string()
  .trim()
  .toLowerCase()
  .regex(/^[a-z0-9][a-z0-9_-]{0,39}$/);

const input = z.strictObject({
  id: z.uuid(),
  category: z.enum(ticketCategories).optional(),
  priority: z.enum(ticketPriorities).optional(),
  /** All of them, as they are to be. */
  tags: z.array(tag).max(20).optional(),
  /** Number of another ticket; null takes the link away. */
  linkedTicket: z.string().trim().max(14).nullish(),
  /** An order of the shop; null takes it away. */
  orderId: z.uuid().nullish(),
});
type Input = z.infer<typeof input>;
type Loaded = { ticket: Ticket; staffId: string };

/**
 * Sorts a ticket: category, priority, tags, and what it belongs with. Another priority moves both due dates from the start of the ticket.
 * @throws AppError 403 `forbidden`, 404 `not_found`, 409 `transition_not_allowed`, `version_conflict`, 422 `invalid_value`
 */
export const triageTicket = defineCommand<Input, { isUnchanged: boolean; version: number }, undefined, Loaded>({
  name: 'triage-ticket',
  resource: 'ticket',
  access: 'ticket.triage',
  input,
  load: async (scope, { id }) => ({ ticket: await loadTicket(scope, { id }), staffId: staffIn(scope).id }),
  subject: ({ ticket, staffId }) => ticketSubject(ticket, staffId),
  version: ({ ticket }) => ticket.version,
  async preview(_scope, { priority }, { ticket }) {
    return priority && priority !== ticket.priority
      ? ['Moves the due times: they count from when the ticket was opened.']
      : ['The customer is not told.'];
  },
  async run(scope, given, { ticket }) {
    if (ticket.status === 'closed') return { refused: 'transition_not_allowed' };
    const change = await changeOf(scope, given, ticket);
    if (Object.keys(change).length === 0) return { isUnchanged: true, version: ticket.version };
    const written = await changeTicket(scope, ticket, change);
    return written ? { isUnchanged: false, version: written.version } : { refused: 'version_conflict' };
  },
});

async function changeOf(scope: CommandScope, given: Input, ticket: Ticket): Promise<Prisma.TicketUncheckedUpdateManyInput> {
  const { category, priority, orderId } = given;
  const tags = given.tags && [...new Set(given.tags)];
  const linkedTicketId = await linkOf(scope, given.linkedTicket, ticket);
  return {
    ...(category && category !== ticket.category ? { category } : {}),
    ...(priority && priority !== ticket.priority ? priorityChange(ticket, priority) : {}),
    ...(tags && tags.join() !== ticket.tags.join() ? { tags } : {}),
    ...(linkedTicketId !== undefined && linkedTicketId !== ticket.linkedTicketId ? { linkedTicketId } : {}),
    ...(orderId !== undefined && orderId !== ticket.orderId ? { orderId } : {}),
  };
}

function priorityChange(ticket: Ticket, priority: Ticket['priority']): Prisma.TicketUncheckedUpdateManyInput {
  const due = dueDates({ ...ticket, priority });
  const isRunning = ticket.status === 'open' || ticket.status === 'in_progress';
  return { priority, ...due, ...(isRunning ? runningClock({ ...ticket, ...due, priority }) : {}) };
}

/** Undefined where the link is not spoken of. @throws AppError 422 `invalid_value` for a ticket the caller may not see, and the ticket itself */
async function linkOf(scope: CommandScope, number: string | null | undefined, ticket: Ticket): Promise<string | null | undefined> {
  if (number === undefined) return undefined;
  if (number === null || number === '') return null;
  const other = await scope.tx.ticket.findUnique({ where: { number: number.toUpperCase() }, select: { id: true } });
  if (!other || other.id === ticket.id || !(await isReached(scope, other.id)))
    throw validationError([{ path: 'linkedTicket', code: 'invalid_value' }]);
  return other.id;
}
