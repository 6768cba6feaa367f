import type { Ticket } from '@prisma/client';
import { z } from 'zod';
import { defineCommand } from '../../../foundation/command/command.ts';
import { addSeconds } from '../../../foundation/runtime/clock.ts';
import { emitTicket, moveTicket } from './move-ticket.ts';
import { loadTicket, staffIn, ticketSubject } from './ticket-record.ts';
import { reopenSeconds } from './ticket-state.ts';

const input = z.strictObject({ id: z.uuid() });
type Loaded = { ticket: Ticket; staffId: string };

/**
 * Closes a resolved ticket before its seven days are over: the customer cannot open it again and is told.
 * @throws AppError 403 `forbidden`, 404 `not_found`, 409 `transition_not_allowed`, `version_conflict`
 */
export const closeTicket = defineCommand<z.infer<typeof input>, { status: string }, undefined, Loaded>({
  name: 'close-ticket',
  resource: 'ticket',
  access: 'ticket.close',
  input,
  isIdempotent: true,
  load: async (scope, { id }) => ({ ticket: await loadTicket(scope, { id }), staffId: staffIn(scope).id }),
  subject: ({ ticket, staffId }) => ticketSubject(ticket, staffId),
  version: ({ ticket }) => ticket.version,
  preview: async () => ['For good: later contact opens another ticket, linked with this one. The customer is told.'],
  async run(scope, _input, { ticket }) {
    const closed = await moveTicket(scope, ticket, { step: 'close' });
    if (!closed) return { refused: 'transition_not_allowed' };
    emitTicket(scope, 'closed', closed);
    return { status: closed.status };
  },
});

const nothing = z.object({});

/** Tickets that one run closes at most; the next run takes the rest. */
const batch = 200;

/** Closes what was resolved seven days ago. Repeating it finds nothing more. */
export const closeResolved = defineCommand<z.infer<typeof nothing>, { closed: number }>({
  name: 'close-resolved-tickets',
  resource: 'ticket',
  access: 'system',
  input: nothing,
  isIdempotent: false,
  async run(scope) {
    const over = await scope.tx.ticket.findMany({ where: overdueToClose(scope.now), orderBy: { resolvedAt: 'asc' }, take: batch });
    let closed = 0;
    for (const ticket of over) {
      const done = await moveTicket(scope, ticket, { step: 'close' });
      if (!done) continue;
      emitTicket(scope, 'closed', done);
      closed += 1;
    }
    return { closed };
  },
});

export const overdueToClose = (now: Date) => ({ status: 'resolved' as const, resolvedAt: { lte: addSeconds(now, -reopenSeconds) } });
