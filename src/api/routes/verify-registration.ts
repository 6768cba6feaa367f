import { z } from 'zod';
import { commands } from '../../modules/identity/index.ts';
import { defineEndpoint, noQuery } from '../define-endpoint.ts';
import { callerOf, execute } from '../execute.ts';
import { code, flowId, opaqueToken, password } from '../fields.ts';
import { tokenSet } from '../shapes.ts';
import { signInReply } from '../token-set.ts';

/** POST /auth/register/verify: the code of a flow, or the token of a mail link with that registration's password. */
export const verifyRegistration = defineEndpoint({
  summary: 'Finish a registration',
  query: noQuery,
  body: z.union([z.strictObject({ flowId, code }), z.strictObject({ token: opaqueToken, password })]),
  replies: { 201: { description: 'Account created and signed in', schema: tokenSet } },
  errors: ['otp_malformed', 'otp_invalid', 'otp_expired', 'otp_exhausted', 'invalid_credentials', 'flow_expired'],
  async handle(call, { body }) {
    const { output } = await execute(call, commands.verifyRegistration, { input: { ...body, ...callerOf(call) } });
    return signInReply(call, output, 201);
  },
});
