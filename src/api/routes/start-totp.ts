import { z } from 'zod';
import { commands } from '../../modules/identity/index.ts';
import { defineEndpoint, noBody, noQuery } from '../define-endpoint.ts';
import { execute } from '../execute.ts';

/** POST /account/mfa/totp: a secret to be confirmed; until then it satisfies nothing. */
export const startTotp = defineEndpoint({
  summary: 'Begin to enrol an authenticator',
  query: noQuery,
  body: noBody,
  replies: {
    200: {
      description: 'The secret, once',
      schema: z.strictObject({ enrolId: z.string(), secret: z.string(), otpauthUri: z.string(), qrSvg: z.string(), expiresIn: z.int() }),
    },
  },
  errors: ['reauth_required', 'totp_exists'],
  async handle(call) {
    const { output } = await execute(call, commands.startTotp, { input: {} });
    const { enrolId, secret, otpauthUri, qrSvg, expiresIn } = output;
    return { status: 200, body: { enrolId, secret, otpauthUri, qrSvg, expiresIn } };
  },
});
