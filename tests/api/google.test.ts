import { pino } from 'pino';
import { afterAll, beforeAll, beforeEach, describe, expect, test } from 'vitest';
import { z } from 'zod';
import { pending } from '../../src/api/shapes.ts';
import { arrange } from '../modules/identity/people.ts';
import { browserHeaders, codeOf, freshEmail, goodPassword, newClient, refusal, shaped, startApi, storefront } from './support/api.ts';
import {
  agree,
  asStorefront,
  comeBack,
  type GoogleApi,
  googlePerson,
  handoffOf,
  newToken,
  pkce,
  redirectLeg,
  returnTo,
  signedIn,
  start,
  startGoogleApi,
} from './support/google.ts';

let at: GoogleApi & { stop(): Promise<void> };

beforeAll(async () => {
  at = await startGoogleApi();
});
afterAll(() => at.stop());
beforeEach(() => {
  at.issuer.fault = 'none';
});

const setStatus = (id: string, status: 'suspended' | 'closed') =>
  arrange(at.api.app, (prisma) => prisma.user.updateMany({ where: { id }, data: { status } }));
const redeem = (body: object, headers: Record<string, string> = asStorefront) => at.api.post('/auth/handoff', body, headers);

describe('start', () => {
  test('sends the browser to the issuer with state, nonce and our own S256 challenge, and seals the leg in its cookie', async () => {
    const { answer, location } = await start(at);
    expect(answer.status).toBe(302);
    const target = new URL(location);
    expect(`${target.origin}${target.pathname}`).toBe(`${at.issuer.url}/authorize`);
    expect(Object.fromEntries(target.searchParams)).toMatchObject({
      response_type: 'code',
      client_id: 'fashionistar-web',
      redirect_uri: `${at.api.app.deps.config.publicUrl}/api/v1/auth/google/callback`,
      scope: 'openid email profile',
      code_challenge_method: 'S256',
      state: expect.stringMatching(/^[\w-]{43}$/),
      nonce: expect.stringMatching(/^[\w-]{43}$/),
      code_challenge: expect.stringMatching(/^[\w-]{43}$/),
    });
    expect(answer.headers['set-cookie']?.[0]).toMatch(/^__Host-fsh_oauth=[\w-]+; Max-Age=600; Path=\/; Secure; HttpOnly; SameSite=Lax$/);
    expect(answer.headers['set-cookie']?.[0]).not.toContain(target.searchParams.get('state'));
    expect(answer.headers['cache-control']).toBe('no-store');
  });

  test('P13 writes nothing: five GETs and a HEAD leave the database as it was', async () => {
    const count = () => arrange(at.api.app, async (prisma) => [await prisma.singleUse.count(), await prisma.auditAction.count()]);
    const before = await count();
    const query = `clientId=browser&returnTo=${encodeURIComponent(returnTo)}&codeChallenge=${pkce().codeChallenge}&codeChallengeMethod=S256`;
    for (const method of ['GET', 'GET', 'GET', 'GET', 'GET', 'HEAD']) await at.api.call(method, `/api/v1/auth/google/start?${query}`);
    expect(await count()).toEqual(before);
  });

  test.each([
    ['no client', { clientId: undefined }, '401 client_invalid'],
    ['an unknown client', { clientId: 'nobody' }, '401 client_invalid'],
    ['no returnTo', { returnTo: undefined }, '400 return_to_not_allowed'],
    ['a longer returnTo', { returnTo: `${returnTo}/more` }, '400 return_to_not_allowed'],
    ['another spelling of returnTo', { returnTo: 'http://LOCALHOST:3001/auth/return' }, '400 return_to_not_allowed'],
    ["another client's returnTo", { clientId: 'mobile' }, '400 return_to_not_allowed'],
    ['no challenge', { codeChallenge: undefined }, '400 pkce_required'],
    ['a short challenge', { codeChallenge: 'abc' }, '400 pkce_required'],
    ['a plain challenge', { codeChallengeMethod: 'plain' }, '400 pkce_required'],
    ['no method', { codeChallengeMethod: undefined }, '400 pkce_required'],
    ['P5 role admin', { role: 'admin' }, '422 role_not_allowed'],
    ['P5 role staff', { role: 'STAFF' }, '422 role_not_allowed'],
    ['unknown terms', { termsVersion: '1999-01' }, '422 terms_version_unknown'],
    ['an unknown intent', { intent: 'admin' }, '422 invalid_value'],
    ['an unknown parameter', { redirect: 'x' }, '422 unknown_field'],
  ])('refuses %s', async (_what, change, expected) => {
    const given = { clientId: storefront.id, returnTo, codeChallenge: pkce().codeChallenge, codeChallengeMethod: 'S256', ...change };
    const query = new URLSearchParams(Object.entries(given).flatMap(([name, value]) => (value === undefined ? [] : [[name, value]])));
    const answer = await at.api.get(`/api/v1/auth/google/start?${query}`);
    expect(refusal(answer)).toBe(expected);
    expect(answer.headers.location).toBeUndefined();
    expect(answer.headers['set-cookie']).toBeUndefined();
  });

  test('linking and re-authentication let the person choose the account', async () => {
    expect(new URL((await start(at, { intent: 'link' })).location).searchParams.get('prompt')).toBe('select_account');
    expect(new URL((await start(at)).location).searchParams.has('prompt')).toBe(false);
  });
});

describe('callback', () => {
  test('gives a handoff, clears the cookie, makes no session and sets no token', async () => {
    const { answer, handoff } = await redirectLeg(at, googlePerson());
    expect(answer.status).toBe(302);
    expect(handoff).toMatch(/^[\w-]{43}$/);
    expect(String(answer.headers.location)).toBe(`${returnTo}?handoff=${handoff}`);
    expect(answer.headers['set-cookie']).toEqual(['__Host-fsh_oauth=; Max-Age=0; Path=/; Secure; HttpOnly; SameSite=Lax']);
  });

  test('P15 never asks for the profile', async () => {
    await redirectLeg(at, googlePerson());
    expect(at.issuer.hits).toContain('/token');
    expect(at.issuer.hits.filter((path) => path.includes('userinfo'))).toEqual([]);
  });

  test('P15 a browser that did not start it is refused, without a redirect', async () => {
    const { location } = await start(at);
    const back = await agree(location);
    const answer = await comeBack(at, back, null);
    expect(refusal(answer)).toBe('400 oauth_state_invalid');
    expect(answer.headers.location).toBeUndefined();
    const other = await start(at);
    expect(refusal(await comeBack(at, back, other.cookie))).toBe('400 oauth_state_invalid');
    expect(refusal(await comeBack(at, back, '__Host-fsh_oauth=forged'))).toBe('400 oauth_state_invalid');
  });

  test.each([
    ['missing', () => ''],
    ['wrong', () => `state=${'A'.repeat(43)}`],
  ])('P15 a %s state is refused and the cookie cleared', async (_what, state) => {
    const { cookie } = await start(at);
    const answer = await comeBack(at, `/api/v1/auth/google/callback?code=x&${state()}`, cookie);
    expect(refusal(answer)).toBe('400 oauth_state_invalid');
    expect(answer.headers['set-cookie']?.[0]).toMatch(/^__Host-fsh_oauth=; Max-Age=0/);
  });

  test('P15 a state works once, also in parallel', async () => {
    at.issuer.person = googlePerson();
    const { cookie, location } = await start(at);
    const back = await agree(location);
    const answers = await Promise.all(Array.from({ length: 10 }, () => comeBack(at, back, cookie)));
    expect(answers.map((answer) => answer.status).sort()).toEqual([302, ...Array.from({ length: 9 }, () => 400)]);
    expect(refusal(await comeBack(at, back, cookie))).toBe('400 oauth_state_invalid');
  });

  test('P15 a state is over after ten minutes', async () => {
    const { cookie, location } = await start(at);
    at.api.app.clock.advance(601);
    expect(refusal(await comeBack(at, await agree(location), cookie))).toBe('400 oauth_state_invalid');
  });

  test('P15 an answer of another issuer is refused (mix-up)', async () => {
    const { cookie, location } = await start(at);
    const back = await agree(location);
    back.searchParams.set('iss', 'https://other.example.com');
    expect(refusal(await comeBack(at, back, cookie))).toBe('400 oauth_state_invalid');
    back.searchParams.set('iss', at.issuer.url);
    back.searchParams.set('authuser', '0');
    at.issuer.person = googlePerson();
    expect((await comeBack(at, back, cookie)).headers.location).toContain('handoff=');
  });

  test('P13 looking at the address with HEAD uses nothing up', async () => {
    at.issuer.person = googlePerson();
    const { cookie, location } = await start(at);
    const back = await agree(location);
    const looked = await at.api.call('HEAD', `${back.pathname}${back.search}`, { headers: { Cookie: cookie } });
    expect(looked.status).toBe(400);
    expect((await comeBack(at, back, cookie)).headers.location).toContain('handoff=');
  });

  test.each([
    ['error=access_denied', 'access_denied'],
    ['error=access_denied&error_description=%3Cscript%3E', 'access_denied'],
    ['error=server_error&error_description=secret_words', 'provider_error'],
    ['', 'provider_error'],
  ])('%s comes back as a code of ours', async (parameters, code) => {
    const { cookie, location } = await start(at);
    const state = new URL(location).searchParams.get('state');
    const answer = await comeBack(at, `/api/v1/auth/google/callback?state=${state}&${parameters}`, cookie);
    expect(answer.headers.location).toBe(`${returnTo}?error=${code}`);
  });

  test('P15 a state of another provider, and a cookie of another form, are refused', async () => {
    const { keyring } = at.api.app.deps;
    const name = '__Host-fsh_oauth';
    const { cookie, location } = await start(at);
    const own = z.record(z.string(), z.unknown()).parse(JSON.parse(keyring.openCookie(name, cookie.slice(name.length + 1)) ?? ''));
    const back = await agree(location);
    for (const changed of [{ ...own, provider: 'facebook' }, { state: own.state }, [], null]) {
      const sealed = keyring.sealCookie(name, JSON.stringify(changed));
      expect(refusal(await comeBack(at, back, `${name}=${sealed}`))).toBe('400 oauth_state_invalid');
    }
    expect(refusal(await comeBack(at, back, `${cookie}; ${cookie}`))).toBe('400 oauth_state_invalid');
  });

  test.each<[string, Record<string, unknown>, number, string]>([
    ['no ID token', { access_token: 'a', token_type: 'Bearer' }, 200, 'idtoken_invalid'],
    ['no access token', { token_type: 'Bearer' }, 200, 'provider_error'],
    ['a refusal', { error: 'invalid_grant', error_description: 'secret_words' }, 400, 'provider_error'],
  ])('P15 a token endpoint that answers with %s', async (_what, body, statusCode, code) => {
    at.issuer.answerTokensOnce({ body, statusCode });
    expect((await redirectLeg(at, googlePerson())).error).toBe(code);
  });

  test.each(['closed', 'error'] as const)('P15 an issuer that is down (%s) is provider_error, never a 5xx', async (fault) => {
    at.issuer.person = googlePerson();
    const { cookie, location } = await start(at);
    const back = await agree(location);
    at.issuer.fault = fault;
    const answer = await comeBack(at, back, cookie);
    expect(answer.status).toBe(302);
    expect(answer.headers.location).toBe(`${returnTo}?error=provider_error`);
  });

  test('P15 a token for somebody else is idtoken_invalid', async () => {
    const { error } = await redirectLeg(at, { ...googlePerson(), aud: 'somebody-else' });
    expect(error).toBe('idtoken_invalid');
  });

  test.each([
    ['another nonce', { nonce: 'A'.repeat(43) }, 'idtoken_invalid'],
    ['no nonce', { nonce: undefined }, 'idtoken_invalid'],
    ['another audience', { aud: 'another-app' }, 'idtoken_invalid'],
    ['another authorised party', { azp: 'another-app' }, 'idtoken_invalid'],
    ['another issuer', { iss: 'https://accounts.example.com' }, 'idtoken_invalid'],
    ['an unverified address', { email_verified: false }, 'provider_email_unverified'],
    ['an address that is verified as text', { email_verified: 'true' }, 'provider_email_unverified'],
    ['no address', { email: undefined }, 'provider_email_unverified'],
  ])('P15 an ID token with %s', async (_what, claims, code) => {
    expect((await redirectLeg(at, { ...googlePerson(), ...claims })).error).toBe(code);
  });

  test('a returnTo that has a query keeps it', async () => {
    const clients = JSON.stringify([{ id: 'shop', secret: 'shop-secret', returnTo: ['http://localhost:3001/back?shop=1'] }]);
    const other = await startGoogleApi({ AUTH_CLIENTS: clients });
    const { answer } = await redirectLeg(other, googlePerson(), { clientId: 'shop', returnTo: 'http://localhost:3001/back?shop=1' });
    expect(answer.headers.location).toMatch(/^http:\/\/localhost:3001\/back\?shop=1&handoff=[\w-]{43}$/);
    await other.stop();
  });
});

describe('an issuer that does not answer', () => {
  test('is given up after GOOGLE_HTTP_TIMEOUT_MS', async () => {
    const other = await startGoogleApi({ GOOGLE_HTTP_TIMEOUT_MS: '200' });
    other.issuer.person = googlePerson();
    const { cookie, location } = await start(other);
    const back = await agree(location);
    other.issuer.fault = 'silent';
    const answer = await comeBack(other, back, cookie);
    expect(answer.headers.location).toBe(`${returnTo}?error=provider_error`);
    await other.stop();
  });
});

describe('handoff', () => {
  test('S9 signs up as the role asked for, then signs in the same account; a role for an existing account is ignored', async () => {
    const person = googlePerson();
    const created = signedIn(await redeem(await handoffOf(at, person, { role: 'Vendor', termsVersion: '2026-01' })));
    expect(created).toMatchObject({
      created: true,
      session: { amr: ['fed'], acr: 'aal1' },
      user: {
        role: 'vendor',
        authMethod: 'google',
        firstName: 'Ada',
        lastName: 'Obi',
        vendorStatus: 'draft',
        dashboardEntrypoint: '/onboarding',
      },
    });
    const again = signedIn(await redeem(await handoffOf(at, person, { role: 'client' })));
    expect(again).toMatchObject({ created: false, user: { id: created.user.id, role: 'vendor' } });
    const account = await at.api.get('/api/v1/account', { Authorization: `Bearer ${again.accessToken}` });
    expect(account.json).toMatchObject({ email: person.email, emailVerified: true, hasPassword: false, termsVersion: '2026-01' });
  });

  test('P17 ten parallel calls sign in once', async () => {
    const given = await handoffOf(at, googlePerson());
    const answers = await Promise.all(Array.from({ length: 10 }, () => redeem(given)));
    expect(answers.filter((answer) => answer.status === 200)).toHaveLength(1);
    expect(answers.filter((answer) => answer.status === 400).map(refusal)).toEqual(Array.from({ length: 9 }, () => '400 handoff_invalid'));
    expect(refusal(await redeem(given))).toBe('400 handoff_invalid');
  });

  test('is over after 60 seconds', async () => {
    const given = await handoffOf(at, googlePerson());
    at.api.app.clock.advance(61);
    expect(refusal(await redeem(given))).toBe('400 handoff_invalid');
  });

  test('is refused to another client and for a wrong verifier, and still serves the right one', async () => {
    const given = await handoffOf(at, googlePerson());
    expect(refusal(await redeem(given, { 'X-Client-Id': 'mobile' }))).toBe('400 handoff_invalid');
    expect(refusal(await redeem(given, {}))).toBe('400 handoff_invalid');
    expect(refusal(await redeem({ ...given, codeVerifier: pkce().codeVerifier }))).toBe('400 handoff_invalid');
    expect(refusal(await redeem({ ...given, handoff: 'unknown' }))).toBe('400 handoff_invalid');
    signedIn(await redeem(given));
  });

  test.each(['link', 'reauth'])('of intent %s signs nobody in', async (intent) => {
    expect(refusal(await redeem(await handoffOf(at, googlePerson(), { intent })))).toBe('400 handoff_invalid');
  });

  test('in cookie mode the refresh token is in the cookie only', async () => {
    const given = await handoffOf(at, googlePerson(), { clientId: 'browser' });
    const answer = await redeem(given, browserHeaders);
    expect(signedIn(answer).refreshToken).toBeUndefined();
    expect(answer.headers['set-cookie']?.[0]).toMatch(/^__Host-fsh_rt=/);
    const other = await handoffOf(at, googlePerson(), { clientId: 'browser' });
    expect(refusal(await redeem(other, { 'X-Client-Id': 'browser' }))).toBe('403 origin_not_allowed');
  });

  test('a suspended account is 403, a closed one as good as none', async () => {
    const person = googlePerson();
    const { user } = signedIn(await redeem(await handoffOf(at, person)));
    await setStatus(user.id, 'suspended');
    expect(refusal(await redeem(await handoffOf(at, person)))).toBe('403 account_suspended');
    await setStatus(user.id, 'closed');
    expect(refusal(await redeem(await handoffOf(at, person)))).toBe('400 handoff_invalid');
  });
});

describe('U6 over a pending registration', () => {
  test('Google drops the claim: its flow is 410, its password 401', async () => {
    const email = freshEmail();
    const first = shaped(pending, await at.api.post('/auth/register', { email, password: goodPassword }));
    const second = shaped(pending, await at.api.post('/auth/register', { email, password: goodPassword }));
    signedIn(await redeem(await handoffOf(at, googlePerson(email))));
    for (const { flowId } of [first, second]) {
      expect(refusal(await at.api.post('/auth/register/verify', { flowId, code: codeOf(at.api, flowId) }))).toBe('410 flow_expired');
      expect(refusal(await at.api.post('/auth/otp/resend', { flowId }))).toBe('410 flow_expired');
    }
    expect(refusal(await at.api.post('/auth/login', { email, password: goodPassword }))).toBe('401 invalid_credentials');
  });

  test('P4 parallel first sign-ins of one person make one account', async () => {
    const person = googlePerson();
    const given: { handoff: string; codeVerifier: string }[] = [];
    for (let count = 0; count < 8; count += 1) given.push(await handoffOf(at, person));
    const answers = await Promise.all(given.map((body) => redeem(body)));
    const sets = answers.map(signedIn);
    expect(new Set(sets.map((set) => set.user.id)).size).toBe(1);
    expect(sets.filter((set) => set.created)).toHaveLength(1);
  });

  test('Google and a code race for one address: one account', async () => {
    const email = freshEmail();
    const { flowId } = shaped(pending, await at.api.post('/auth/register', { email, password: goodPassword }));
    const given = await handoffOf(at, googlePerson(email));
    const [verified, redeemed] = await Promise.all([
      at.api.post('/auth/register/verify', { flowId, code: codeOf(at.api, flowId) }),
      redeem(given),
    ]);
    expect(redeemed.status).toBe(200);
    const isGoogleFirst = verified.status === 410;
    expect(isGoogleFirst ? signedIn(redeemed).created : redeemed.json).toEqual(
      isGoogleFirst ? true : expect.objectContaining({ linkRequired: true }),
    );
    const emailBidx = new Uint8Array(at.api.app.deps.keyring.blindIndex('email', email));
    expect(await arrange(at.api.app, (prisma) => prisma.user.count({ where: { emailBidx } }))).toBe(1);
  });
});

describe('section 7', () => {
  test('no log line holds a code, state, nonce, token, handoff, verifier or address', async () => {
    const lines: string[] = [];
    const log = pino({ level: 'trace' }, { write: (line: string) => void lines.push(line) });
    const other = await startGoogleApi({}, log);
    const person = googlePerson();
    other.issuer.person = person;
    const { cookie, location, codeVerifier } = await start(other);
    const back = await agree(location);
    const handoff = new URL(String((await comeBack(other, back, cookie)).headers.location)).searchParams.get('handoff') ?? '';
    signedIn(await other.api.post('/auth/handoff', { handoff, codeVerifier }, asStorefront));
    const token = await newToken(other, { ...person, aud: 'another' });
    await other.api.post('/auth/google/id-token', token, asStorefront);
    await other.stop();
    const text = lines.join('');
    expect(text).toContain('google.id_token_refused');
    const { searchParams: asked } = new URL(location);
    const secrets = [handoff, codeVerifier, cookie, token.idToken, token.nonce, person.email, person.sub, back.searchParams.get('code')];
    for (const secret of [...secrets, asked.get('state'), asked.get('nonce')]) expect(text).not.toContain(secret);
  });
});

describe("with Google's own addresses", () => {
  test('the browser is sent to Google', async () => {
    const api = await startApi({ GOOGLE_CLIENT_ID: 'web', GOOGLE_CLIENT_SECRET: 'secret' });
    const query = new URLSearchParams({ clientId: 'browser', returnTo, codeChallenge: pkce().codeChallenge, codeChallengeMethod: 'S256' });
    const { headers } = await api.get(`/api/v1/auth/google/start?${query}`);
    expect(headers.location).toMatch(/^https:\/\/accounts\.google\.com\/o\/oauth2\/v2\/auth\?/);
    await api.stop();
  });
});

describe('without GOOGLE_CLIENT_ID', () => {
  test('every Google route is 404 provider_disabled, whatever else is wrong with the call', async () => {
    const api = await startApi();
    const { tokens } = await newClient(api);
    const bearer = { Authorization: `Bearer ${tokens.accessToken}` };
    expect(refusal(await api.get('/api/v1/auth/google/start'))).toBe('404 provider_disabled');
    expect(refusal(await api.get('/api/v1/auth/google/start?x=1'))).toBe('404 provider_disabled');
    expect(refusal(await api.get('/api/v1/auth/google/callback?code=a&state=b'))).toBe('404 provider_disabled');
    for (const path of ['/auth/handoff', '/auth/google/nonce', '/auth/google/id-token', '/auth/link/complete']) {
      expect(refusal(await api.post(path, { nothing: true }))).toBe('404 provider_disabled');
    }
    expect(refusal(await api.post('/account/identities/google', {}, bearer))).toBe('404 provider_disabled');
    expect(refusal(await api.post('/account/reauth', { method: 'google', idToken: 'a', nonce: 'b' }, bearer))).toBe(
      '404 provider_disabled',
    );
    expect((await api.get('/api/v1/account/identities', bearer)).json).toEqual({ items: [] });
    expect((await api.get('/api/v1/auth/config')).json).toMatchObject({ google: { enabled: false, clientId: null } });
    await api.stop();
  });

  test('with it, the configuration says so', async () => {
    expect((await at.api.get('/api/v1/auth/config')).json).toMatchObject({ google: { enabled: true, clientId: 'fashionistar-web' } });
  });
});
