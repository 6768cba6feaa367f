import type { Answer } from './api-client.ts';
import type { ProblemCode, TokenSet } from './api-types.ts';
import { type EndUser, hex, sha256 } from './forwarding.ts';
import type { ApiProblem } from './problem.ts';

/** What a storefront keeps of a session, short enough for an encrypted cookie (auth-api.md section 6). */
export type StoredSession = {
  rt: string;
  at: string;
  /** When `at` expires, Unix seconds. */
  atExp: number;
  sid: string;
};

/** Refusals of a refresh that end the session: sign out and show the reason. Everything else is a reason to try again. */
export const endingCodes = [
  'refresh_token_reused',
  'refresh_token_expired',
  'refresh_token_invalid',
  'session_revoked',
  'account_suspended',
] as const satisfies readonly ProblemCode[];
export type EndingCode = (typeof endingCodes)[number];

export type Kept =
  /** Nothing to do. */
  | { state: 'fresh'; session: StoredSession }
  /** Write `session` to the cookie. Should that write be lost, the old token still gives the same successor for 30 s. */
  | { state: 'refreshed'; session: StoredSession }
  | { state: 'ended'; reason: EndingCode }
  /** The platform did not answer, or said later: keep the cookie, serve what needs no session, try again. */
  | { state: 'degraded'; session: StoredSession; retryAfterSeconds: number | null };

export type SessionKeeperOptions = {
  refresh(refreshToken: string, endUser: EndUser | undefined): Promise<Answer<'POST /auth/token/refresh'>>;
  /** Unix seconds. */
  now(): number;
  /** A token with less life than this is renewed. */
  marginSeconds?: number;
  /** For so long a token that was exchanged here is answered from memory; at most the server's grace. */
  rememberSeconds?: number;
};

export type SessionKeeper = { keepFresh(session: StoredSession, endUser?: EndUser): Promise<Kept> };

type Exchange = { outcome: Promise<Kept>; until: number };

/**
 * Keeps sessions fresh, once per process. All requests that carry one refresh token share one refresh (single flight, keyed by SHA-256 of
 * the token, so that no key of the map is a credential), and a request that was on its way with the old token gets the newest successor
 * from memory: asking the server once more, after the successor itself was used, would look like theft and end the session.
 */
export function createSessionKeeper(options: SessionKeeperOptions): SessionKeeper {
  const { now, marginSeconds = 60, rememberSeconds = 30 } = options;
  const exchanges = new Map<string, Exchange>();

  async function exchange(session: StoredSession, endUser: EndUser | undefined): Promise<Kept> {
    const key = hex(await sha256(session.rt));
    forgetOld(exchanges, now());
    const known = exchanges.get(key);
    if (known) return follow(await known.outcome, endUser);
    const entry: Exchange = { outcome: ask(options, session, endUser), until: Number.POSITIVE_INFINITY };
    exchanges.set(key, entry);
    const kept = await entry.outcome;
    // What failed is not remembered: the next request may try again.
    if (kept.state === 'degraded') exchanges.delete(key);
    else entry.until = now() + rememberSeconds;
    return kept;
  }

  /** The successor may have been exchanged meanwhile. */
  async function follow(kept: Kept, endUser: EndUser | undefined): Promise<Kept> {
    if (kept.state !== 'refreshed') return kept;
    const isExchanged = exchanges.has(hex(await sha256(kept.session.rt)));
    return isExchanged ? exchange(kept.session, endUser) : kept;
  }

  return {
    keepFresh: async (session, endUser) =>
      session.atExp - now() >= marginSeconds ? { state: 'fresh', session } : exchange(session, endUser),
  };
}

function forgetOld(exchanges: Map<string, Exchange>, now: number): void {
  for (const [key, { until }] of exchanges) if (until < now) exchanges.delete(key);
}

async function ask(options: SessionKeeperOptions, session: StoredSession, endUser: EndUser | undefined): Promise<Kept> {
  const answer = await options.refresh(session.rt, endUser);
  if (answer.kind === 'ok') return { state: 'refreshed', session: storedSession(answer.data, options.now()) ?? session };
  const problem = answer.kind === 'problem' ? answer.problem : null;
  const reason = problem && endingCodeOf(problem);
  if (reason) return { state: 'ended', reason };
  return { state: 'degraded', session, retryAfterSeconds: problem?.retryAfter ?? null };
}

/** What to keep of a sign-in or refresh; null in cookie mode, where the page never sees the refresh token. */
export function storedSession(tokens: TokenSet, now: number): StoredSession | null {
  const { accessToken, expiresIn, refreshToken, session } = tokens;
  return refreshToken === undefined ? null : { rt: refreshToken, at: accessToken, atExp: now + expiresIn, sid: session.id };
}

export function endingCodeOf(problem: ApiProblem): EndingCode | null {
  return endingCodes.find((code) => code === problem.code) ?? null;
}
