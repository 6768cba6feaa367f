import { createHash, randomBytes } from 'node:crypto';
import { request } from 'node:http';
import type { Logger } from 'pino';
import { z } from 'zod';
import { linkRequired, mfaRequired, tokenSet } from '../../../src/api/shapes.ts';
import { createTestClock, type TestClock } from '../../support/clock.ts';
import { type OidcIssuer, startIssuer } from '../../support/oidc-issuer.ts';
import { type Answer, type Api, basic, freshEmail, shaped, startApi, storefront } from './api.ts';

export type GoogleApi = { api: Api; issuer: OidcIssuer };

/** The product with a local issuer in Google's place, both on the product's clock. */
export async function startGoogleApi(env: Record<string, string> = {}, log?: Logger): Promise<GoogleApi & { stop(): Promise<void> }> {
  const clock: { current: TestClock } = { current: createTestClock() };
  const issuer = await startIssuer({ now: () => clock.current.now() });
  const api = await startApi({ RATE_LIMIT_SCALE: '1000', ...issuer.env, ...env }, log);
  clock.current = api.app.clock;
  return {
    api,
    issuer,
    async stop() {
      await api.stop();
      await issuer.stop();
    },
  };
}

export const returnTo = 'http://localhost:3001/auth/return';
export const asStorefront = basic(storefront.id, storefront.secret);

let serial = 0;

/** Claims of somebody with a Google account that no test used before. */
export function googlePerson(email = freshEmail()) {
  serial += 1;
  return { sub: `g-${process.pid}-${serial}`, email, email_verified: true, given_name: 'Ada', family_name: 'Obi' };
}

export function pkce() {
  const codeVerifier = randomBytes(32).toString('base64url');
  return { codeVerifier, codeChallenge: createHash('sha256').update(codeVerifier).digest('base64url') };
}

export type StartOptions = { clientId?: string; returnTo?: string; intent?: string; role?: string; termsVersion?: string };

/** What a browser holds after the start: the issuer's address it was sent to, and the cookie of the leg. */
export async function start({ api }: GoogleApi, options: StartOptions = {}) {
  const { codeVerifier, codeChallenge } = pkce();
  const query = new URLSearchParams({ clientId: storefront.id, returnTo, ...options, codeChallenge, codeChallengeMethod: 'S256' });
  const answer = await api.get(`/api/v1/auth/google/start?${query}`);
  return { answer, codeVerifier, location: String(answer.headers.location), cookie: cookieOf(answer) };
}

export function cookieOf(answer: Answer): string {
  return String(answer.headers['set-cookie']?.[0] ?? '').split(';')[0] ?? '';
}

/** Follows the issuer's page, where the person agrees at once; gives the address it sends the browser back to. */
export function agree(location: string): Promise<URL> {
  return new Promise((resolve, reject) => {
    const outgoing = request(location, (incoming) => {
      incoming.resume();
      resolve(new URL(String(incoming.headers.location)));
    });
    outgoing.on('error', reject);
    outgoing.end();
  });
}

export function comeBack({ api }: GoogleApi, back: URL | string, cookie: string | null): Promise<Answer> {
  const target = typeof back === 'string' ? back : `${back.pathname}${back.search}`;
  return api.get(target, cookie === null ? {} : { Cookie: cookie });
}

/** The whole leg in one browser; where it ends, as the storefront sees it. */
export async function redirectLeg(at: GoogleApi, person: object, options: StartOptions = {}) {
  at.issuer.person = { ...person };
  const { cookie, location, codeVerifier } = await start(at, options);
  const answer = await comeBack(at, await agree(location), cookie);
  const target = new URL(String(answer.headers.location));
  return { answer, codeVerifier, handoff: target.searchParams.get('handoff') ?? '', error: target.searchParams.get('error') };
}

export async function handoffOf(at: GoogleApi, person: object, options: StartOptions = {}) {
  const { handoff, codeVerifier, error } = await redirectLeg(at, person, options);
  if (error) throw new Error(`The leg ended with ${error}`);
  return { handoff, codeVerifier };
}

const nonceShape = z.strictObject({ nonce: z.string().length(43), expiresIn: z.literal(600) });

export async function newNonce({ api }: GoogleApi, headers: Record<string, string> = asStorefront): Promise<string> {
  return shaped(nonceShape, await api.post('/auth/google/nonce', {}, headers)).nonce;
}

/** An ID token with its nonce, ready to be handed in. */
export async function newToken(at: GoogleApi, claims: object, headers: Record<string, string> = asStorefront) {
  const nonce = await newNonce(at, headers);
  return { idToken: await at.issuer.idToken({ nonce, ...claims }), nonce };
}

export async function signIn(at: GoogleApi, claims: object, extra: object = {}, headers: Record<string, string> = asStorefront) {
  return at.api.post('/auth/google/id-token', { ...(await newToken(at, claims, headers)), ...extra }, headers);
}

export const signedIn = (answer: Answer) => shaped(tokenSet, answer);
export const mfaNeeded = (answer: Answer) => shaped(mfaRequired, answer);
export const linkNeeded = (answer: Answer) => shaped(linkRequired, answer);
