import { z } from 'zod';
import { commands, type SignInOutcome } from '../../modules/identity/index.ts';
import { defineEndpoint, noQuery } from '../define-endpoint.ts';
import type { Call, Reply } from '../endpoint.ts';
import { callerOf, execute } from '../execute.ts';
import { identifierFields, password } from '../fields.ts';
import { phoneOf } from '../legacy.ts';
import { loginTokenSet, mfaRequired } from '../shapes.ts';
import { signInReply, tokenSetReply } from '../token-set.ts';

/** POST /auth/login. Any string is a possible password, control characters included: it is simply wrong. */
export const logIn = defineEndpoint({
  summary: 'Sign in with a password',
  query: noQuery,
  body: z.strictObject({
    ...identifierFields,
    phone_number: z.string().nullish().meta({ deprecated: true, description: 'Earlier spelling of phone' }),
    password,
  }),
  rawFields: ['password'],
  replies: { 200: { description: 'Signed in, or a second factor is needed', schema: z.union([loginTokenSet, mfaRequired]) } },
  errors: [
    'identifier_exactly_one',
    'invalid_credentials',
    'verification_required',
    'account_suspended',
    'password_disabled',
    'overloaded',
  ],
  async handle(call, { body: { phone_number: _, ...body }, body: given }) {
    const input = { ...body, ...phoneOf(given), ...callerOf(call) };
    const { output } = await execute(call, commands.logIn, { input });
    return isLegacyCaller(call) ? withLegacyMembers(call, output) : signInReply(call, output, 200);
  },
});

/** Auth-api.md section 2.5: the existing storefront reads `access`, `refresh` and `role` of a sign-in without client id. */
function isLegacyCaller(call: Call): boolean {
  return call.client.id === 'public' && call.deps.config.hasLegacyAliases;
}

function withLegacyMembers(call: Call, outcome: SignInOutcome): Reply {
  if (outcome.kind !== 'tokens') return signInReply(call, outcome, 200);
  const { tokens } = outcome;
  return tokenSetReply(call, tokens, {
    status: 200,
    message: 'message.signed_in',
    extra: { access: tokens.accessToken, refresh: tokens.refreshToken, role: tokens.user.role },
  });
}
