import type { Ticket } from '@prisma/client';
import { z } from 'zod';
import { defineCommand } from '../../../foundation/command/command.ts';
import { askerOf } from '../asker.ts';
import { changeTicket, emitTicket } from './move-ticket.ts';
import { writeMessage } from './ticket-message.ts';
import { loadTicket, personOf, staffIn, ticketSubject } from './ticket-record.ts';
import { hasOpenEscalation, isLive } from './ticket-state.ts';

const input = z.strictObject({ id: z.uuid() });
type Loaded = { ticket: Ticket; staffId: string };

/**
 * Asks a lead. One question is open per ticket; the reason of the click is the question.
 * @throws AppError 403 `forbidden`, 404 `not_found`, 409 `transition_not_allowed`, `version_conflict`
 */
export const escalateTicket = defineCommand<z.infer<typeof input>, { escalatedAt: Date }, undefined, Loaded>({
  name: 'escalate-ticket',
  resource: 'ticket',
  access: 'ticket.escalate',
  input,
  isIdempotent: true,
  load: async (scope, { id }) => ({ ticket: await loadTicket(scope, { id }), staffId: staffIn(scope).id }),
  subject: ({ ticket, staffId }) => ticketSubject(ticket, staffId),
  version: ({ ticket }) => ticket.version,
  preview: async () => ['The leads are told and answer here. The clocks go on.'],
  async run(scope, _input, { ticket, staffId }) {
    if (!isLive(ticket) || hasOpenEscalation(ticket)) return { refused: 'transition_not_allowed' };
    const written = await changeTicket(scope, ticket, {
      escalatedAt: scope.now,
      escalatedBy: staffId,
      escalatedTo: null,
      escalationReason: askerOf(scope).words,
      escalationAnsweredAt: null,
      escalationAnsweredBy: null,
    });
    if (!written) return { refused: 'version_conflict' };
    emitTicket(scope, 'escalated', written);
    return { escalatedAt: scope.now };
  },
});

/**
 * A lead's answer: the reason of the click is the answer, kept in the conversation as an internal note.
 * @throws AppError 403 `forbidden`, 404 `not_found`, 409 `transition_not_allowed`, `version_conflict`
 */
export const answerEscalation = defineCommand<z.infer<typeof input>, { answeredAt: Date }, undefined, Loaded>({
  name: 'answer-escalation',
  resource: 'ticket',
  access: 'ticket.answer_escalation',
  input,
  isIdempotent: true,
  load: async (scope, { id }) => ({ ticket: await loadTicket(scope, { id }), staffId: staffIn(scope).id }),
  subject: ({ ticket, staffId }) => ticketSubject(ticket, staffId),
  version: ({ ticket }) => ticket.version,
  preview: async () => ['Your words go into the conversation as an internal note. The question is answered.'],
  async run(scope, _input, { ticket, staffId }) {
    if (!hasOpenEscalation(ticket)) return { refused: 'transition_not_allowed' };
    const { words } = askerOf(scope);
    if (words && personOf(ticket))
      await writeMessage(scope, ticket, { body: words, authorId: staffId, visibility: 'internal', state: 'sent' });
    const answer = { escalatedTo: staffId, escalationAnsweredAt: scope.now, escalationAnsweredBy: staffId };
    const written = await changeTicket(scope, ticket, answer);
    if (!written) return { refused: 'version_conflict' };
    emitTicket(scope, 'escalation_answered', written);
    return { answeredAt: scope.now };
  },
});
