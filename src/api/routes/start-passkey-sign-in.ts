import { commands } from '../../modules/identity/index.ts';
import { defineEndpoint, noBody, noQuery } from '../define-endpoint.ts';
import { callerOf, execute } from '../execute.ts';
import { passkeyRequest } from '../passkey-shapes.ts';

/** POST /auth/passkeys/authenticate/options: the same for everybody; an identifier is an unknown field. */
export const startPasskeySignIn = defineEndpoint({
  summary: 'Begin to sign in with a passkey',
  query: noQuery,
  body: noBody,
  replies: { 200: { description: 'What the device has to sign', schema: passkeyRequest } },
  async handle(call) {
    const { output } = await execute(call, commands.startPasskeySignIn, { input: callerOf(call) });
    const { challengeId, options, expiresIn } = output;
    return { status: 200, body: { challengeId, options, expiresIn } };
  },
});
