import { z } from 'zod';
import { attestationResponse, commands } from '../../modules/identity/index.ts';
import { defineEndpoint, noQuery } from '../define-endpoint.ts';
import { execute } from '../execute.ts';
import { opaqueToken } from '../fields.ts';
import { passkey } from '../passkey-shapes.ts';

/** POST /account/passkeys. */
export const addPasskey = defineEndpoint({
  summary: 'Add a passkey',
  query: noQuery,
  body: z.strictObject({ challengeId: opaqueToken, response: attestationResponse, name: z.string().max(60).optional() }),
  replies: { 201: { description: 'The passkey', schema: passkey } },
  errors: ['reauth_required', 'account_frozen', 'passkey_invalid', 'challenge_expired', 'passkey_exists', 'too_many_passkeys'],
  async handle(call, { body }) {
    const { output } = await execute(call, commands.addPasskey, { input: body });
    return { status: 201, body: output };
  },
});
