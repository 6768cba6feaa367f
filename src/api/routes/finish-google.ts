import { z } from 'zod';
import { AppError, fail } from '../../foundation/errors/app-error.ts';
import { commands, type OauthFlow } from '../../modules/identity/index.ts';
import { oauthCookie } from '../cookies.ts';
import { defineEndpoint, noBody } from '../define-endpoint.ts';
import type { Call, Reply } from '../endpoint.ts';
import { execute } from '../execute.ts';
import { flowOf } from '../google/oauth-cookie.ts';
import { whereGoogleIs } from '../google/provider-guard.ts';
import { runRedirectLeg } from '../google/redirect-leg.ts';
import { removedCookie } from '../reply.ts';

/** Providers add parameters of their own, which a client must ignore (RFC 6749 section 4.1.2). */
const query = z.object({
  state: z.string().optional(),
  code: z.string().optional(),
  error: z.string().optional(),
  iss: z.string().optional(),
});
type Query = z.infer<typeof query>;

/** What the storefront is told; never the provider's own words. */
type RedirectError = 'access_denied' | 'provider_error' | 'idtoken_invalid' | 'provider_email_unverified';

/** GET /auth/google/callback: changes Google's answer into a handoff for the client that started. No session, no token. */
export const finishGoogle = whereGoogleIs(
  defineEndpoint({
    summary: 'Come back from Google',
    query,
    body: noBody,
    replies: { 302: { description: 'To returnTo with handoff or error', headers: ['Location', 'Set-Cookie'] } },
    errors: ['oauth_state_invalid'],
    async handle(call, { query: answer }) {
      const flow = await ownFlow(call, answer);
      const result = await resultOf(call, flow, answer);
      return {
        status: 302,
        headers: { Location: withParameter(flow.returnTo, result) },
        cookies: [removedCookie(oauthCookie)],
      } satisfies Reply;
    },
  }),
);

/** The leg of this very browser, used up from here on. Looking at the address (HEAD) uses nothing up. */
async function ownFlow(call: Call, { state, iss }: Query): Promise<OauthFlow> {
  const isMixedUp = iss !== undefined && iss !== call.deps.config.googleIssuer;
  const flow = call.req.method === 'HEAD' || isMixedUp ? null : flowOf(call, state);
  if (!flow) return fail('oauth_state_invalid');
  await execute(call, commands.spendOauthState, { input: { state: flow.state } });
  return flow;
}

type Result = { handoff: string } | { error: RedirectError };

async function resultOf(call: Call, flow: OauthFlow, { error, code }: Query): Promise<Result> {
  if (error !== undefined) return { error: error === 'access_denied' ? 'access_denied' : 'provider_error' };
  if (!code) return { error: 'provider_error' };
  const leg = await runRedirectLeg(call.deps.config, call.req, flow);
  if (leg.kind === 'exchanged') return handoffOf(call, flow, leg.idToken);
  call.deps.log.warn({ event: 'google.exchange_failed', requestId: call.requestId, reason: leg.kind === 'failed' ? leg.reason : leg.kind });
  return { error: 'provider_error' };
}

async function handoffOf(call: Call, flow: OauthFlow, idToken: string | null): Promise<Result> {
  const { nonce, clientId, intent, codeChallenge, role, termsVersion } = flow;
  try {
    const input = { idToken, nonce, clientId, intent, codeChallenge, role, termsVersion };
    const { output } = await execute(call, commands.finishOauth, { input });
    return { handoff: output.handoff };
  } catch (error) {
    const code = error instanceof AppError ? error.code : null;
    if (code === 'provider_email_unverified') return { error: code };
    if (code === 'idtoken_invalid' || code === 'idtoken_replayed') return { error: 'idtoken_invalid' };
    throw error;
  }
}

function withParameter(returnTo: string, result: Result): string {
  const [name, value] = 'handoff' in result ? ['handoff', result.handoff] : ['error', result.error];
  return `${returnTo}${returnTo.includes('?') ? '&' : '?'}${name}=${value}`;
}
