import { z } from 'zod';
import { commands } from '../../modules/identity/index.ts';
import { defineEndpoint, noQuery } from '../define-endpoint.ts';
import { callerOf, execute } from '../execute.ts';
import { code, flowId } from '../fields.ts';
import { mfaRequired, tokenSet } from '../shapes.ts';
import { signInReply } from '../token-set.ts';

/** POST /auth/otp/verify: signs in by the code of a login flow; single use. */
export const verifyLoginCode = defineEndpoint({
  summary: 'Sign in with a code',
  query: noQuery,
  body: z.strictObject({ flowId, code }),
  replies: { 200: { description: 'Signed in, or a second factor is needed', schema: z.union([tokenSet, mfaRequired]) } },
  errors: ['otp_malformed', 'otp_invalid', 'otp_expired', 'otp_exhausted', 'flow_expired', 'account_suspended'],
  async handle(call, { body }) {
    const { output } = await execute(call, commands.verifyLoginCode, { input: { ...body, ...callerOf(call) } });
    return signInReply(call, output, 200);
  },
});
