import { z } from 'zod';
import { translate } from '../../foundation/i18n/translate.ts';
import { commands } from '../../modules/identity/index.ts';
import { defineEndpoint, noQuery } from '../define-endpoint.ts';
import { execute } from '../execute.ts';
import { code } from '../fields.ts';

/** POST /account/mfa/totp/confirm: the first right code turns the factor on and shows the recovery codes once. */
export const confirmTotp = defineEndpoint({
  summary: 'Confirm the authenticator',
  query: noQuery,
  body: z.strictObject({ enrolId: z.string().min(1).max(512), code }),
  replies: {
    200: {
      description: 'Enrolled; ten recovery codes, shown once',
      schema: z.strictObject({ message: z.string(), recoveryCodes: z.array(z.string()).length(10) }),
    },
  },
  errors: ['reauth_required', 'account_frozen', 'otp_malformed', 'mfa_invalid', 'mfa_locked', 'enrolment_expired'],
  async handle(call, { body }) {
    const { output } = await execute(call, commands.confirmTotp, { input: body });
    return { status: 200, body: { message: translate(call.locale, 'message.totp_enabled'), recoveryCodes: output.recoveryCodes } };
  },
});
