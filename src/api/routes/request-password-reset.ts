import { z } from 'zod';
import { commands } from '../../modules/identity/index.ts';
import { defineEndpoint, noQuery } from '../define-endpoint.ts';
import { callerOf, execute } from '../execute.ts';
import { identifierFields } from '../fields.ts';
import { pendingReplies, pendingReply } from '../pending.ts';

/** POST /auth/password/forgot: a link and a code by mail, a code by SMS; the same answer for everyone. */
export const requestPasswordReset = defineEndpoint({
  summary: 'Ask for a new password',
  query: noQuery,
  body: z.strictObject(identifierFields),
  replies: pendingReplies,
  errors: ['identifier_exactly_one', 'email_invalid', 'phone_invalid', 'phone_unsupported'],
  async handle(call, { body }) {
    const result = await execute(call, commands.requestPasswordReset, { input: { ...body, ...callerOf(call) } });
    return pendingReply(call, result);
  },
});
