import { z } from 'zod';
import { fail } from '../../foundation/errors/app-error.ts';
import { commands } from '../../modules/identity/index.ts';
import { defineEndpoint, noQuery } from '../define-endpoint.ts';
import type { Call, Endpoint } from '../endpoint.ts';
import { callerOf, execute } from '../execute.ts';
import { idToken, opaqueToken } from '../fields.ts';
import { whereGoogleIs } from '../google/provider-guard.ts';
import { providerReply } from '../google/provider-reply.ts';
import { linkRequired, mfaRequired, tokenSet } from '../shapes.ts';

const signIn = defineEndpoint({
  summary: 'Sign in with a Google ID token',
  query: noQuery,
  body: z.strictObject({
    idToken,
    nonce: opaqueToken,
    role: z.string().optional().meta({ description: 'client or vendor, for a new account' }),
    termsVersion: z.string().max(20).nullish(),
  }),
  replies: {
    200: {
      description: 'Signed in, or a second factor or the proof of an existing account is needed',
      schema: z.union([tokenSet, mfaRequired, linkRequired]),
    },
  },
  errors: [
    'client_invalid',
    'idtoken_invalid',
    'idtoken_replayed',
    'provider_email_unverified',
    'account_suspended',
    'role_not_allowed',
    'terms_version_unknown',
  ],
  async handle(call, { body }) {
    const { output } = await execute(call, commands.signInWithIdToken, { input: { ...body, ...callerOf(call) } });
    return providerReply(call, output);
  },
});

/** POST /auth/google/id-token. A page in a browser has the redirect leg: only servers with a secret and the app come here. */
export const signInWithGoogle = whereGoogleIs(forServersAndApp(signIn));

/** Refused before the body is looked at, as every other client check. */
function forServersAndApp(endpoint: Endpoint): Endpoint {
  return {
    ...endpoint,
    async run(call, raw) {
      if (!isAllowed(call)) fail('client_invalid');
      return endpoint.run(call, raw);
    },
  };
}

const isAllowed = ({ client }: Call) => client.isConfidential || client.id === 'mobile';
