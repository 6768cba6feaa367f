import { z } from 'zod';
import { assertionResponse, commands } from '../../modules/identity/index.ts';
import { defineEndpoint, noQuery } from '../define-endpoint.ts';
import { callerOf, execute } from '../execute.ts';
import { code, flowId, opaqueToken, password } from '../fields.ts';
import { whereGoogleIs } from '../google/provider-guard.ts';
import { mfaRequired, tokenSet } from '../shapes.ts';
import { signInReply } from '../token-set.ts';

const proof = z.discriminatedUnion('method', [
  z.strictObject({ method: z.literal('password'), password }),
  z.strictObject({ method: z.literal('otp'), code }),
  z.strictObject({ method: z.literal('passkey'), challengeId: opaqueToken, response: assertionResponse }),
]);

/** POST /auth/link/complete: the owner of an existing account proves it, which links the Google account and signs in. */
export const completeLink = whereGoogleIs(
  defineEndpoint({
    summary: 'Prove an existing account and link Google to it',
    query: noQuery,
    body: z.strictObject({ flowId, proof }),
    rawFields: ['proof.password'],
    replies: { 200: { description: 'Signed in, or a second factor is needed', schema: z.union([tokenSet, mfaRequired]) } },
    errors: [
      'otp_malformed',
      'invalid_credentials',
      'otp_invalid',
      'otp_expired',
      'otp_exhausted',
      'passkey_invalid',
      'password_disabled',
      'account_suspended',
      'account_frozen',
      'identity_in_use',
      'flow_expired',
      'challenge_expired',
      'overloaded',
    ],
    async handle(call, { body }) {
      const { output } = await execute(call, commands.completeLink, { input: { ...body, ...callerOf(call) } });
      return signInReply(call, output, 200);
    },
  }),
);
