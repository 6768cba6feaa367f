import { z } from 'zod';
import { translate } from '../../foundation/i18n/translate.ts';
import { commands } from '../../modules/identity/index.ts';
import { defineEndpoint, noBody, noQuery } from '../define-endpoint.ts';
import { execute } from '../execute.ts';
import { pathId } from '../path-id.ts';

/** DELETE /account/passkeys/{id}: says which credential the device may forget too. */
export const removePasskey = defineEndpoint({
  summary: 'Remove a passkey',
  query: noQuery,
  body: noBody,
  replies: {
    200: {
      description: 'Removed',
      schema: z.strictObject({ message: z.string(), signal: z.strictObject({ rpId: z.string(), credentialId: z.string() }) }),
    },
  },
  errors: ['reauth_required', 'account_frozen', 'not_found', 'last_credential'],
  async handle(call) {
    const { output } = await execute(call, commands.removePasskey, { input: { passkeyId: pathId(call) } });
    return { status: 200, body: { message: translate(call.locale, 'message.passkey_removed'), signal: output.signal } };
  },
});
