import { z } from 'zod';
import { assertionResponse, commands } from '../../modules/identity/index.ts';
import { defineEndpoint, noQuery } from '../define-endpoint.ts';
import { callerOf, execute } from '../execute.ts';
import { code, opaqueToken } from '../fields.ts';
import { tokenSet } from '../shapes.ts';
import { signInReply } from '../token-set.ts';

const common = { challengeId: opaqueToken, trustDevice: z.boolean().optional() };

/** POST /auth/mfa/verify: finishes a sign-in that waits for its second factor. */
export const verifyMfa = defineEndpoint({
  summary: 'Give the second factor',
  query: noQuery,
  body: z.discriminatedUnion('method', [
    z.strictObject({ method: z.literal('totp'), code, ...common }),
    z.strictObject({ method: z.literal('recovery_code'), code, ...common }),
    z.strictObject({ method: z.literal('passkey'), response: assertionResponse, ...common }),
  ]),
  replies: { 200: { description: 'Signed in with acr aal2', schema: tokenSet } },
  errors: ['otp_malformed', 'mfa_invalid', 'passkey_invalid', 'challenge_expired', 'mfa_locked'],
  async handle(call, { body }) {
    const { output } = await execute(call, commands.verifyMfa, { input: { ...body, ...callerOf(call) } });
    return signInReply(call, output, 200);
  },
});
