import { z } from 'zod';
import { translate } from '../../foundation/i18n/translate.ts';
import { assertionResponse, commands } from '../../modules/identity/index.ts';
import { defineEndpoint, noQuery } from '../define-endpoint.ts';
import { callerOf, execute } from '../execute.ts';
import { code, flowId, opaqueToken, password, providerProofFields } from '../fields.ts';
import { session } from '../shapes.ts';

/** POST /account/reauth: proves the person again within a session; moves its auth_time. */
export const reauthenticate = defineEndpoint({
  summary: 'Prove yourself again',
  query: noQuery,
  body: z.discriminatedUnion('method', [
    z.strictObject({ method: z.literal('password'), password }),
    z.strictObject({ method: z.literal('totp'), code }),
    z.strictObject({ method: z.literal('passkey'), challengeId: opaqueToken, response: assertionResponse }),
    z.strictObject({ method: z.literal('otp'), flowId, code }),
    z.strictObject({ method: z.literal('google'), ...providerProofFields }),
  ]),
  rawFields: ['password'],
  replies: {
    200: {
      description: 'A fresh access token of the same session',
      schema: z.strictObject({ message: z.string(), accessToken: z.string(), tokenType: z.literal('Bearer'), expiresIn: z.int(), session }),
    },
  },
  errors: [
    'invalid_credentials',
    'password_disabled',
    'otp_malformed',
    'mfa_invalid',
    'mfa_locked',
    'passkey_invalid',
    'challenge_expired',
    'otp_invalid',
    'otp_expired',
    'otp_exhausted',
    'flow_expired',
    'idtoken_invalid',
    'idtoken_replayed',
    'handoff_invalid',
    'provider_email_unverified',
    'provider_disabled',
    'rate_limited',
  ],
  async handle(call, { body }) {
    const { output } = await execute(call, commands.reauthenticate, { input: { ...body, ...callerOf(call) } });
    return {
      status: 200,
      body: {
        message: translate(call.locale, 'message.reauthenticated'),
        accessToken: output.accessToken,
        tokenType: 'Bearer',
        expiresIn: call.deps.config.accessTokenTtlSeconds,
        session: output.session,
      },
    };
  },
});
