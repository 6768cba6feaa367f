import type { Ticket } from '@prisma/client';
import { z } from 'zod';
import { defineCommand } from '../../../foundation/command/command.ts';
import { moveTicket } from './move-ticket.ts';
import { loadTicket, staffIn, ticketSubject } from './ticket-record.ts';

const input = z.strictObject({ id: z.uuid() });
type Loaded = { ticket: Ticket; staffId: string };

/**
 * Gives a ticket back to the queue: by whoever holds it, or by a lead.
 * @throws AppError 403 `forbidden`, 404 `not_found`, 409 `transition_not_allowed`, `version_conflict`
 */
export const releaseTicket = defineCommand<z.infer<typeof input>, { status: string }, undefined, Loaded>({
  name: 'release-ticket',
  resource: 'ticket',
  access: 'ticket.release',
  input,
  load: async (scope, { id }) => ({ ticket: await loadTicket(scope, { id }), staffId: staffIn(scope).id }),
  subject: ({ ticket, staffId }) => ticketSubject(ticket, staffId),
  version: ({ ticket }) => ticket.version,
  preview: async () => ['It waits in the queue again; drafts stay with it.'],
  async run(scope, _input, { ticket }) {
    const released = await moveTicket(scope, ticket, { step: 'release' });
    return released ? { status: released.status } : { refused: 'transition_not_allowed' };
  },
});
