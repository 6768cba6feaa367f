import { z } from 'zod';
import { isEqualConstantTime } from '../../foundation/crypto/digest.ts';
import type { Keyring } from '../../foundation/crypto/keyring.ts';
import { type OauthFlow, oauthStateSeconds } from '../../modules/identity/index.ts';
import { cookieOf, oauthCookie } from '../cookies.ts';
import type { Call, CookieChange } from '../endpoint.ts';

const flowShape = z.object({
  provider: z.literal('google'),
  intent: z.enum(['login', 'link', 'reauth']),
  role: z.enum(['client', 'vendor']),
  termsVersion: z.string().nullable(),
  codeChallenge: z.string(),
  state: z.string(),
  nonce: z.string(),
  codeVerifier: z.string(),
  clientId: z.string(),
  returnTo: z.string(),
  startedAt: z.number(),
});

/** The redirect leg as its browser keeps it: sealed, so that nobody reads or writes its secrets. */
export function sealedFlow(keyring: Keyring, flow: OauthFlow): CookieChange {
  return { name: oauthCookie, value: keyring.sealCookie(oauthCookie, JSON.stringify(flow)), maxAgeSeconds: oauthStateSeconds };
}

/**
 * The leg that this browser started, when `state` is its own and not over-age. Null for a missing, foreign or altered cookie, one of
 * another provider, and for any other state: then the callback belongs to somebody else.
 */
export function flowOf(call: Call, state: string | undefined): OauthFlow | null {
  const { keyring, clock } = call.deps;
  const sealed = cookieOf(call.req, oauthCookie);
  const opened = sealed === null ? null : keyring.openCookie(oauthCookie, sealed);
  if (opened === null || state === undefined) return null;
  const parsed = flowShape.safeParse(JSON.parse(opened));
  if (!parsed.success) return null;
  const flow = parsed.data;
  const isInTime = clock.now().getTime() - flow.startedAt <= oauthStateSeconds * 1000;
  return isInTime && isEqualConstantTime(flow.state, state) ? flow : null;
}
