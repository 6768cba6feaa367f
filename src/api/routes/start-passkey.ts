import { z } from 'zod';
import { commands } from '../../modules/identity/index.ts';
import { defineEndpoint, noBody, noQuery } from '../define-endpoint.ts';
import { execute } from '../execute.ts';
import { creationOptions } from '../passkey-shapes.ts';

/** POST /account/passkeys/options. */
export const startPasskey = defineEndpoint({
  summary: 'Begin to add a passkey',
  query: noQuery,
  body: noBody,
  replies: {
    200: {
      description: 'What the device has to make and sign',
      schema: z.strictObject({ challengeId: z.string(), options: creationOptions, expiresIn: z.int() }),
    },
  },
  errors: ['reauth_required', 'account_frozen', 'too_many_passkeys'],
  async handle(call) {
    const { output } = await execute(call, commands.startPasskey, { input: {} });
    const { challengeId, options, expiresIn } = output;
    return { status: 200, body: { challengeId, options, expiresIn } };
  },
});
