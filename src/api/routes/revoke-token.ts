import { z } from 'zod';
import { commands } from '../../modules/identity/index.ts';
import { defineEndpoint, noQuery } from '../define-endpoint.ts';
import { execute } from '../execute.ts';

/** POST /auth/revoke (RFC 7009): always the same answer, whatever the token was; the hint decides nothing. */
export const revokeToken = defineEndpoint({
  summary: 'End the session of a token',
  query: noQuery,
  body: z.strictObject({ token: z.string(), token_type_hint: z.string().max(60).optional() }),
  rawFields: ['token'],
  replies: { 200: { description: 'Done, or there was nothing to do', schema: z.strictObject({}) } },
  errors: ['client_invalid'],
  async handle(call, { body }) {
    await execute(call, commands.revokeToken, { input: { token: body.token } });
    return { status: 200, body: {} };
  },
});
