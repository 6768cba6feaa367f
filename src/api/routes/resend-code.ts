import { z } from 'zod';
import { commands } from '../../modules/identity/index.ts';
import { defineEndpoint, noQuery } from '../define-endpoint.ts';
import { callerOf, execute } from '../execute.ts';
import { flowId } from '../fields.ts';
import { pendingReplies, pendingReply } from '../pending.ts';

/** POST /auth/otp/resend: a new code with five new tries; the earlier code and link die. Serves every code flow. */
export const resendCode = defineEndpoint({
  summary: 'Send the code of a flow again',
  query: noQuery,
  body: z.strictObject({ flowId }),
  replies: pendingReplies,
  errors: ['flow_expired', 'otp_cooldown'],
  async handle(call, { body }) {
    const result = await execute(call, commands.resendCode, { input: { ...body, ...callerOf(call) } });
    return pendingReply(call, result);
  },
});
