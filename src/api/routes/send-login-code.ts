import { z } from 'zod';
import { commands } from '../../modules/identity/index.ts';
import { defineEndpoint, noQuery } from '../define-endpoint.ts';
import { callerOf, execute } from '../execute.ts';
import { identifierFields } from '../fields.ts';
import { pendingReplies, pendingReply } from '../pending.ts';

/** POST /auth/otp/send: a sign-in code, or a decoy flow that nobody can tell from it. */
export const sendLoginCode = defineEndpoint({
  summary: 'Send a sign-in code',
  query: noQuery,
  body: z.strictObject({ ...identifierFields, purpose: z.literal('login').optional() }),
  replies: pendingReplies,
  errors: ['identifier_exactly_one', 'email_invalid', 'phone_invalid', 'phone_unsupported', 'otp_cooldown'],
  async handle(call, { body: { purpose: _purpose, ...identifier } }) {
    const result = await execute(call, commands.sendLoginCode, { input: { ...identifier, ...callerOf(call) } });
    return pendingReply(call, result);
  },
});
