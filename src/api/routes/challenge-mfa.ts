import { z } from 'zod';
import { commands } from '../../modules/identity/index.ts';
import { defineEndpoint, noQuery } from '../define-endpoint.ts';
import { callerOf, execute } from '../execute.ts';
import { opaqueToken } from '../fields.ts';
import { requestOptions } from '../passkey-shapes.ts';
import { factorMethod } from '../shapes.ts';

/** POST /auth/mfa/challenge: whether a factor may be used for this challenge, and what a passkey has to sign. */
export const challengeMfa = defineEndpoint({
  summary: 'Choose the second factor',
  query: noQuery,
  body: z.strictObject({ challengeId: opaqueToken, method: factorMethod }),
  replies: {
    200: {
      description: 'The factor may be used',
      schema: z.strictObject({ challengeId: z.string(), method: factorMethod, expiresIn: z.int(), options: requestOptions.optional() }),
    },
  },
  errors: ['challenge_expired', 'method_not_available'],
  async handle(call, { body }) {
    const { output } = await execute(call, commands.challengeMfa, { input: { ...body, ...callerOf(call) } });
    const { expiresIn, options } = output;
    return { status: 200, body: { challengeId: body.challengeId, method: body.method, expiresIn, ...(options ? { options } : {}) } };
  },
});
