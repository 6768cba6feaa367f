import { z } from 'zod';
import { translate } from '../../foundation/i18n/translate.ts';
import { commands } from '../../modules/identity/index.ts';
import { defineEndpoint, noBody, noQuery } from '../define-endpoint.ts';
import { execute } from '../execute.ts';

/** POST /account/mfa/recovery-codes. */
export const renewRecoveryCodes = defineEndpoint({
  summary: 'Make new recovery codes',
  query: noQuery,
  body: noBody,
  replies: {
    200: {
      description: 'Ten codes, shown once; the old ones are void',
      schema: z.strictObject({ message: z.string(), recoveryCodes: z.array(z.string()).length(10) }),
    },
  },
  errors: ['reauth_required', 'account_frozen', 'no_factor'],
  async handle(call) {
    const { output } = await execute(call, commands.renewRecoveryCodes, { input: {} });
    return { status: 200, body: { message: translate(call.locale, 'message.recovery_codes_made'), recoveryCodes: output.recoveryCodes } };
  },
});
