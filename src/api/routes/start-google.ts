import { z } from 'zod';
import { startOauth } from '../../modules/identity/index.ts';
import { defineEndpoint, noBody } from '../define-endpoint.ts';
import { sealedFlow } from '../google/oauth-cookie.ts';
import { whereGoogleIs } from '../google/provider-guard.ts';
import { runRedirectLeg } from '../google/redirect-leg.ts';

const query = z.strictObject({
  clientId: z.string().optional(),
  returnTo: z.string().optional().meta({ description: 'Exactly one of the addresses registered for the client' }),
  codeChallenge: z.string().optional().meta({ description: 'S256 challenge of the client, 43 characters of base64url' }),
  codeChallengeMethod: z.string().optional().meta({ description: 'S256' }),
  intent: z.enum(['login', 'link', 'reauth']).optional(),
  role: z.string().optional().meta({ description: 'client or vendor, for a new account' }),
  termsVersion: z.string().max(20).optional(),
});

/** GET /auth/google/start: sends the browser to Google. Changes nothing: what the leg needs travels sealed in its cookie. */
export const startGoogle = whereGoogleIs(
  defineEndpoint({
    summary: 'Start signing in with Google',
    query,
    body: noBody,
    replies: { 302: { description: 'To Google, with the cookie of this leg', headers: ['Location', 'Set-Cookie'] } },
    errors: ['return_to_not_allowed', 'pkce_required', 'client_invalid', 'role_not_allowed', 'terms_version_unknown'],
    async handle(call, { query: request }) {
      const flow = startOauth(call.deps, request);
      const leg = await runRedirectLeg(call.deps.config, call.req, flow);
      if (leg.kind !== 'redirect') throw new Error(`The strategy gave no address: ${leg.kind}`);
      return { status: 302, headers: { Location: leg.location }, cookies: [sealedFlow(call.deps.keyring, flow)] };
    },
  }),
);
