import type { Ticket, TicketMessage } from '@prisma/client';
import { z } from 'zod';
import { defineCommand } from '../../../foundation/command/command.ts';
import { dropDraft, openDraft, readBody, rewriteDraft, writeMessage } from './ticket-message.ts';
import { leadsTickets } from './ticket-reach.ts';
import { loadTicket, staffIn, ticketSubject } from './ticket-record.ts';
import { isLive } from './ticket-state.ts';

const input = z.strictObject({
  id: z.uuid(),
  body: z.string(),
  /** An own draft to be rewritten; a new one where absent. */
  draftId: z.uuid().nullish(),
});
type Loaded = { ticket: Ticket; staffId: string; draft: TicketMessage | null };

/**
 * Writes a reply for whoever holds the ticket to send. The customer does not see it. The ticket keeps its version: a draft disturbs
 * nobody who is answering.
 * @throws AppError 403 `forbidden` for another's draft, 404 `not_found`, 409 `transition_not_allowed`, 422 `required`, `too_long`
 */
export const draftReply = defineCommand<z.infer<typeof input>, { draftId: string }, undefined, Loaded>({
  name: 'draft-ticket-reply',
  resource: 'ticket',
  access: 'ticket.draft_reply',
  input,
  isIdempotent: true,
  async load(scope, { id, draftId }) {
    const ticket = await loadTicket(scope, { id });
    return { ticket, staffId: staffIn(scope).id, draft: draftId ? await openDraft(scope, ticket, draftId) : null };
  },
  subject: ({ ticket, staffId }) => ticketSubject(ticket, staffId),
  preview: async () => ['Kept for a colleague to send. The customer does not see it yet.'],
  async run(scope, { body, draftId }, { ticket, staffId, draft }) {
    if (!isLive(ticket)) return { refused: 'transition_not_allowed' };
    const text = readBody(body);
    scope.touched(ticket.id);
    if (!draftId)
      return { draftId: await writeMessage(scope, ticket, { body: text, authorId: staffId, visibility: 'public', state: 'draft' }) };
    if (!draft) return { refused: 'transition_not_allowed' };
    if (draft.authorId !== staffId) return { refused: 'forbidden', details: { extra: { rule: 'not_yours' } } };
    return (await rewriteDraft(scope, ticket, draft, text)) ? { draftId: draft.id } : { refused: 'version_conflict' };
  },
});

const dropped = z.strictObject({ id: z.uuid(), draftId: z.uuid() });

/**
 * Throws a draft away: by its author, by whoever holds the ticket, or by a lead. It stays in the history.
 * @throws AppError 403 `forbidden`, 404 `not_found`, 409 `transition_not_allowed`
 */
export const discardDraft = defineCommand<z.infer<typeof dropped>, { draftId: string }, undefined, Loaded>({
  name: 'discard-ticket-draft',
  resource: 'ticket',
  access: 'ticket.draft_reply',
  input: dropped,
  async load(scope, { id, draftId }) {
    const ticket = await loadTicket(scope, { id });
    return { ticket, staffId: staffIn(scope).id, draft: await openDraft(scope, ticket, draftId) };
  },
  subject: ({ ticket, staffId }) => ticketSubject(ticket, staffId),
  preview: async () => ['The words are gone from the conversation. Nobody was sent them.'],
  async run(scope, _input, { ticket, staffId, draft }) {
    if (!draft) return { refused: 'transition_not_allowed' };
    const mayDrop = draft.authorId === staffId || ticket.assignedTo === staffId || leadsTickets(staffIn(scope), scope.now);
    if (!mayDrop) return { refused: 'forbidden', details: { extra: { rule: 'not_yours' } } };
    scope.touched(ticket.id);
    return (await dropDraft(scope, draft)) ? { draftId: draft.id } : { refused: 'transition_not_allowed' };
  },
});
