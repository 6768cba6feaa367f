import { z } from 'zod';
import { translate } from '../../foundation/i18n/translate.ts';
import { commands } from '../../modules/identity/index.ts';
import { defineEndpoint, noQuery } from '../define-endpoint.ts';
import { execute } from '../execute.ts';
import { code, flowId, opaqueToken } from '../fields.ts';

/** POST /auth/password/reset/verify: the code of a reset for the token that sets the password. */
export const verifyResetCode = defineEndpoint({
  summary: 'Exchange the code of a reset for its token',
  query: noQuery,
  body: z.strictObject({ flowId, code }),
  replies: {
    200: {
      description: 'The token for /auth/password/reset',
      schema: z.strictObject({ message: z.string(), resetToken: opaqueToken, expiresIn: z.int() }),
    },
  },
  errors: ['otp_malformed', 'otp_invalid', 'otp_expired', 'otp_exhausted', 'flow_expired'],
  async handle(call, { body }) {
    const { output } = await execute(call, commands.verifyResetCode, { input: body });
    const { resetTokenTtlSeconds: expiresIn } = call.deps.config;
    return { status: 200, body: { message: translate(call.locale, 'message.reset_verified'), resetToken: output.resetToken, expiresIn } };
  },
});
