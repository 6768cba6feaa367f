import { z } from 'zod';
import { customerCommands, ticketQueries } from '../../modules/support/index.ts';
import { defineEndpoint, noBody, noQuery } from '../define-endpoint.ts';
import type { Call, Reply } from '../endpoint.ts';
import { execute, userIdOf } from '../execute.ts';
import { cursor, pageLimit } from '../fields.ts';
import { pathId } from '../path-id.ts';
import { newTicket, ticket, ticketPage, ticketText } from '../shapes.ts';

/** GET /support/tickets: what the caller asked, newest first. */
export const listTickets = defineEndpoint({
  summary: 'List the own tickets',
  query: z.strictObject({ limit: pageLimit, cursor }),
  body: noBody,
  replies: { 200: { description: 'A page, newest first', schema: ticketPage } },
  handle: async (call, { query }) => ({ status: 200, body: await ticketQueries.listOwnTickets(call.deps, userIdOf(call), query) }),
});

/** POST /support/tickets: asks for help; ten new ones a day. */
export const openTicket = defineEndpoint({
  summary: 'Open a ticket',
  query: noQuery,
  body: newTicket,
  // A message has lines; the command refuses every other control character.
  rawFields: ['body'],
  replies: { 201: { description: 'The ticket', schema: ticket } },
  errors: ['rate_limited'],
  async handle(call, { body }) {
    const { output } = await execute(call, customerCommands.openOwnTicket, { input: body });
    return ticketReply(call, 201, output.ticketId);
  },
});

/** GET /support/tickets/{id}: a ticket of the caller with what was written; notes of staff are not in it. */
export const readTicket = defineEndpoint({
  summary: 'Read an own ticket',
  query: noQuery,
  body: noBody,
  replies: { 200: { description: 'The ticket', schema: ticket } },
  errors: ['not_found'],
  handle: (call) => ticketReply(call, 200, pathId(call)),
});

/** POST /support/tickets/{id}/messages: an answer, which also opens again what was resolved at most seven days ago. */
export const answerTicket = defineEndpoint({
  summary: 'Write in an own ticket',
  query: noQuery,
  body: z.strictObject({ body: ticketText }),
  rawFields: ['body'],
  replies: { 201: { description: 'The ticket with the message', schema: ticket } },
  errors: ['not_found', 'ticket_closed'],
  async handle(call, { body }) {
    const { output } = await execute(call, customerCommands.replyToOwnTicket, { input: { id: pathId(call), ...body } });
    return ticketReply(call, 201, output.ticketId);
  },
});

/** POST /support/tickets/{id}/reopen: a resolved ticket again, with words or without. */
export const reopenTicket = defineEndpoint({
  summary: 'Open a resolved ticket again',
  query: noQuery,
  body: z.strictObject({ body: ticketText.nullish() }),
  rawFields: ['body'],
  replies: { 200: { description: 'The ticket', schema: ticket } },
  errors: ['not_found', 'ticket_closed', 'transition_not_allowed'],
  async handle(call, { body }) {
    const { output } = await execute(call, customerCommands.reopenOwnTicket, { input: { id: pathId(call), ...body } });
    return ticketReply(call, 200, output.ticketId);
  },
});

async function ticketReply(call: Call, status: number, id: string): Promise<Reply> {
  return { status, body: await ticketQueries.readOwnTicket(call.deps, userIdOf(call), id) };
}
