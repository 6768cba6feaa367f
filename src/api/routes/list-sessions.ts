import { z } from 'zod';
import { queries } from '../../modules/identity/index.ts';
import { defineEndpoint, noBody, noQuery } from '../define-endpoint.ts';
import { sessionOf } from '../execute.ts';
import { accountSession } from '../shapes.ts';

/** GET /account/sessions: the caller's live sessions, never a token. */
export const listSessions = defineEndpoint({
  summary: 'List the own sessions',
  query: noQuery,
  body: noBody,
  replies: { 200: { description: 'Live sessions', schema: z.strictObject({ items: z.array(accountSession) }) } },
  async handle(call) {
    const { id, userId } = sessionOf(call);
    return { status: 200, body: { items: await queries.listSessions(call.deps, userId, id) } };
  },
});
