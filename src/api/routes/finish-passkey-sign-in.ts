import { z } from 'zod';
import { assertionResponse, commands } from '../../modules/identity/index.ts';
import { defineEndpoint, noQuery } from '../define-endpoint.ts';
import { callerOf, execute } from '../execute.ts';
import { opaqueToken } from '../fields.ts';
import { tokenSet } from '../shapes.ts';
import { signInReply } from '../token-set.ts';

/** POST /auth/passkeys/authenticate/verify: first and second factor in one. */
export const finishPasskeySignIn = defineEndpoint({
  summary: 'Sign in with a passkey',
  query: noQuery,
  body: z.strictObject({ challengeId: opaqueToken, response: assertionResponse }),
  replies: { 200: { description: 'Signed in with acr aal2', schema: tokenSet } },
  errors: ['passkey_invalid', 'challenge_expired', 'account_suspended'],
  async handle(call, { body }) {
    const { output } = await execute(call, commands.finishPasskeySignIn, { input: { ...body, ...callerOf(call) } });
    return signInReply(call, output, 200);
  },
});
