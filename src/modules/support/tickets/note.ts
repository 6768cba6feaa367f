import type { Prisma, Ticket } from '@prisma/client';
import { z } from 'zod';
import { defineCommand } from '../../../foundation/command/command.ts';
import { passedChecks } from '../identity-check.ts';
import { changeTicket } from './move-ticket.ts';
import { readBody, writeMessage } from './ticket-message.ts';
import { loadTicket, staffIn, ticketSubject } from './ticket-record.ts';

const noted = z.strictObject({ id: z.uuid(), body: z.string(), mentions: z.array(z.uuid()).max(20).default([]) });
type Loaded = { ticket: Ticket; staffId: string };

/**
 * An internal note in the conversation. The customer never sees it. Mentioned colleagues are told.
 * @throws AppError 403 `forbidden`, 404 `not_found`, 422 `required`, `too_long`
 */
export const addTicketNote = defineCommand<z.infer<typeof noted>, { messageId: string }, undefined, Loaded>({
  name: 'add-ticket-note',
  resource: 'ticket',
  access: 'note.write',
  input: noted,
  isIdempotent: true,
  load: async (scope, { id }) => ({ ticket: await loadTicket(scope, { id }), staffId: staffIn(scope).id }),
  subject: ({ ticket, staffId }) => ticketSubject(ticket, staffId),
  preview: async () => ['Staff only; the customer never sees it.'],
  async run(scope, { body, mentions }, { ticket, staffId }) {
    const text = readBody(body);
    const messageId = await writeMessage(scope, ticket, { body: text, authorId: staffId, visibility: 'internal', state: 'sent' });
    scope.touched(ticket.id);
    if (mentions.length > 0)
      scope.emit({ name: 'support.note.mentioned', aggregateId: ticket.id, payload: { noteId: messageId, userIds: mentions } });
    return { messageId };
  },
});

const checked = z.strictObject({ id: z.uuid(), passed: passedChecks });

/**
 * Keeps which questions of the identity check the caller answered rightly (product.md 6.1): two at least, and never an answer.
 * @throws AppError 403 `forbidden`, 404 `not_found`, 409 `transition_not_allowed`, `version_conflict`, 422 `too_short`, `invalid_value`
 */
export const checkIdentity = defineCommand<z.infer<typeof checked>, { passed: number }, undefined, Loaded>({
  name: 'check-caller-identity',
  resource: 'ticket',
  access: 'ticket.check_identity',
  input: checked,
  isIdempotent: true,
  load: async (scope, { id }) => ({ ticket: await loadTicket(scope, { id }), staffId: staffIn(scope).id }),
  subject: ({ ticket, staffId }) => ticketSubject(ticket, staffId),
  version: ({ ticket }) => ticket.version,
  preview: async () => ['Keeps which questions were passed, not what was answered.'],
  async run(scope, { passed }, { ticket, staffId }) {
    if (ticket.status === 'closed') return { refused: 'transition_not_allowed' };
    const at = scope.now.toISOString();
    const checklist: Prisma.InputJsonValue = passed.map((item) => ({ item, result: 'passed', by: staffId, at }));
    const written = await changeTicket(scope, ticket, { checklist });
    return written ? { passed: passed.length } : { refused: 'version_conflict' };
  },
});
