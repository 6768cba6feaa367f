import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { cleanUserAgent } from '../../src/api/signed-client.ts';
import {
  type Api,
  basic,
  bearer,
  browserHeaders,
  newClient,
  nowSeconds,
  refusal,
  signedClient,
  startApi,
  storefront,
  storefrontOrigin,
} from './support/api.ts';

let api: Api;
beforeAll(async () => {
  api = await startApi({ RATE_LIMIT_SCALE: '1000' });
});
afterAll(() => api.stop());

const introspect = '/api/v1/auth/introspect';
const body = { token: 'unknown' };
const ask = (headers: Record<string, string>) => api.post('/auth/introspect', body, headers);

describe('client authentication', () => {
  it('takes a confidential client by Basic', async () => {
    expect((await ask(basic(storefront.id, storefront.secret))).status).toBe(200);
  });

  it.each([
    ['nobody', {}],
    ['a wrong secret', basic(storefront.id, 'wrong')],
    ['an unknown id', basic('nobody', storefront.secret)],
    ['a client that has no secret', basic('mobile', '')],
    ['broken Basic', { Authorization: 'Basic !!!' }],
    ['Basic without a colon', { Authorization: `Basic ${Buffer.from('storefront-bff').toString('base64')}` }],
    ['empty Basic', { Authorization: 'Basic' }],
    ['a confidential id without proof', { 'X-Client-Id': storefront.id }],
    ['a public client', { 'X-Client-Id': 'mobile' }],
    ['an unknown client id', { 'X-Client-Id': 'nobody' }],
    ['another id beside the proof', { ...basic(storefront.id, storefront.secret), 'X-Client-Id': 'mobile' }],
  ])('%s is client_invalid, with a Basic challenge', async (_, headers) => {
    const answer = await ask(headers);
    expect(refusal(answer)).toBe('401 client_invalid');
    expect(answer.headers['www-authenticate']).toMatch(/^Basic/);
  });

  it('refuses the browser client, which proves nothing', async () => {
    expect(refusal(await ask(browserHeaders))).toBe('401 client_invalid');
  });

  it('refuses a bare confidential or unknown id on every route, and takes the public ones', async () => {
    for (const id of [storefront.id, 'nobody', 'public', '']) {
      expect(refusal(await api.post('/auth/login', { email: 'a@example.com', password: 'x' }, { 'X-Client-Id': id }))).toBe(
        '401 client_invalid',
      );
    }
    expect(refusal(await api.post('/auth/login', { email: 'a@example.com', password: 'x' }, { 'X-Client-Id': 'mobile' }))).toBe(
      '401 invalid_credentials',
    );
  });

  it('takes form bodies on introspect, and nowhere else', async () => {
    const form = { 'Content-Type': 'application/x-www-form-urlencoded', ...basic(storefront.id, storefront.secret) };
    expect((await api.call('POST', introspect, { raw: 'token=abc&token_type_hint=refresh_token', headers: form })).json).toEqual({
      active: false,
    });
    expect(refusal(await api.call('POST', introspect, { raw: 'token=abc&token=def', headers: form }))).toBe('422 invalid_value');
    expect(refusal(await api.call('POST', introspect, { raw: 'token=abc&x=1', headers: form }))).toBe('422 unknown_field');
    expect(refusal(await api.call('POST', '/api/v1/auth/login', { raw: 'password=abc', headers: form }))).toBe(
      '415 unsupported_media_type',
    );
  });
});

describe('X-Fsh-Client', () => {
  const path = introspect;
  const good = () => ({ method: 'POST', path, body, ip: '102.89.1.1', nowSeconds: nowSeconds(api) });

  it('proves the client by itself and agrees with Basic', async () => {
    expect((await ask(signedClient(good()))).status).toBe(200);
    expect((await ask({ ...signedClient(good()), ...basic(storefront.id, storefront.secret) })).status).toBe(200);
  });

  it('of one client beside the right Basic of another is client_invalid', async () => {
    const clients = [storefront, { id: 'partner', secret: 'partner-secret' }].map((client) => ({ ...client, returnTo: [] }));
    const two = await startApi({ RATE_LIMIT_SCALE: '1000', AUTH_CLIENTS: JSON.stringify(clients) });
    try {
      const signed = signedClient({ ...good(), nowSeconds: nowSeconds(two) });
      const both = (id: string, secret: string) => two.post('/auth/introspect', body, { ...signed, ...basic(id, secret) });
      expect((await both(storefront.id, storefront.secret)).status).toBe(200);
      expect((await two.post('/auth/introspect', body, basic('partner', 'partner-secret'))).status).toBe(200);
      expect(refusal(await both('partner', 'partner-secret'))).toBe('401 client_invalid');
    } finally {
      await two.stop();
    }
  });

  it('covers the query as it is on the request line', async () => {
    const target = `${path}?x=1`;
    const answer = await api.call('POST', target, { body, headers: signedClient({ ...good(), path: target }) });
    expect(refusal(answer)).toBe('422 unknown_field');
    expect(refusal(await api.call('POST', target, { body, headers: signedClient(good()) }))).toBe('401 client_invalid');
  });

  it.each([
    ['a stale time', { nowSeconds: -61 }],
    ['a time from the future', { nowSeconds: 61 }],
    ['another secret', { secret: 'other' }],
    ['an unknown client', { client: 'nobody' }],
    ['a client without a forwarding secret', { client: 'mobile' }],
    ['another method', { method: 'GET' }],
    ['another body', { body: { token: 'other' } }],
    ['no address', { ip: '999.1.1.1' }],
  ])('with %s is client_invalid', async (_, change) => {
    const signing = { ...good(), ...change, nowSeconds: nowSeconds(api) + ('nowSeconds' in change ? change.nowSeconds : 0) };
    expect(refusal(await ask(signedClient(signing)))).toBe('401 client_invalid');
  });

  it('that is malformed or altered is refused, never ignored, on any route', async () => {
    const { 'X-Fsh-Client': header = '' } = signedClient(good());
    for (const broken of [
      '',
      'v=1',
      header.replace('102.89.1.1', '102.89.1.2'),
      `${header};x=1`,
      header.replace('v=1', 'v=2'),
      header.slice(0, -1),
    ]) {
      expect(refusal(await ask({ 'X-Fsh-Client': broken }))).toBe('401 client_invalid');
      expect(refusal(await api.get('/health/live', { 'X-Fsh-Client': broken }))).toBe('401 client_invalid');
    }
  });

  it('names the end user, whose address and browser the session shows', async () => {
    const { email, password } = await newClient(api);
    const login = { email, password };
    const userAgent = 'Mozilla/5.0 (Windows NT 10.0; Win64; x64; rv:142.0) Gecko/20100101 Firefox/142.0';
    const signing = { method: 'POST', path: '/api/v1/auth/login', body: login, ip: '102.89.44.5', userAgent, nowSeconds: nowSeconds(api) };
    const answer = await api.post('/auth/login', login, signedClient(signing));
    expect(answer.status).toBe(200);
    const token = /"accessToken":"([^"]+)"/.exec(answer.text)?.[1] ?? '';
    const sessions = await api.get('/api/v1/account/sessions', bearer(token));
    expect(sessions.text).toContain('"clientId":"storefront-bff"');
    expect(sessions.text).toContain('Firefox');
    expect(sessions.text).not.toContain('102.89.44.5');
  });
});

describe('a user agent', () => {
  it.each([
    ['Shop\u00001\r\n\u007f.0', 'Shop1.0'],
    ['\u0000\r\n', null],
    ['', null],
    [null, null],
    [undefined, null],
    ['x'.repeat(600), 'x'.repeat(512)],
    [`${'x'.repeat(511)}😀`, `${'x'.repeat(511)}\ufffd`],
  ])('%j is kept as %j', (given, kept) => {
    expect(cleanUserAgent(given)).toBe(kept);
  });
});

describe('Bearer', () => {
  it('missing, malformed, foreign and double headers', async () => {
    const { tokens } = await newClient(api);
    const account = (headers: Record<string, string | string[]>) => api.get('/api/v1/account', headers);
    const missing = await account({});
    expect(refusal(missing)).toBe('401 token_missing');
    expect(missing.headers['www-authenticate']).toBe('Bearer');
    const bad = [
      'Bearer',
      'Bearer ',
      'Bearer a b',
      'Bearer nonsense',
      'Digest x',
      `Bearer ${'x'.repeat(5_000)}`,
      `Bearer ${tokens.refreshToken}`,
    ];
    for (const value of bad) {
      const answer = await account({ Authorization: value });
      expect(refusal(answer)).toBe('401 token_invalid');
      expect(answer.headers['www-authenticate']).toBe('Bearer error="invalid_token"');
    }
    expect(refusal(await account({ Authorization: [`Bearer ${tokens.accessToken}`, `Bearer ${tokens.accessToken}`] }))).toBe(
      '400 bad_request',
    );
    expect(refusal(await account(basic(storefront.id, storefront.secret)))).toBe('401 token_missing');
    expect((await account({ Authorization: `bEaReR ${tokens.accessToken}` })).status).toBe(200);
  });

  it('is refused over its life, and an altered one at once', async () => {
    const { tokens } = await newClient(api);
    const [head = '', claims = '', signature = ''] = tokens.accessToken.split('.');
    const forged = Buffer.from(claims, 'base64url').toString('utf8').replace('client', 'vendor');
    const altered = `${head}.${Buffer.from(forged).toString('base64url')}.${signature}`;
    expect(refusal(await api.get('/api/v1/account', bearer(altered)))).toBe('401 token_invalid');
    api.app.clock.advance(629);
    expect((await api.get('/api/v1/account', bearer(tokens.accessToken))).status).toBe(200);
    api.app.clock.advance(2);
    expect(refusal(await api.get('/api/v1/account', bearer(tokens.accessToken)))).toBe('401 token_expired');
  });

  it('cookies never authenticate /account', async () => {
    const { verified } = await newClient(api, { headers: browserHeaders });
    const cookie = (verified.headers['set-cookie'] ?? []).map((line) => line.split(';')[0]).join('; ');
    expect(refusal(await api.get('/api/v1/account', { Cookie: cookie, 'X-Client-Id': 'browser', Origin: storefrontOrigin }))).toBe(
      '401 token_missing',
    );
  });
});

describe('introspection', () => {
  const client = basic(storefront.id, storefront.secret);
  const live = async (token: string | undefined) => (await api.post('/auth/introspect', { token }, client)).json;

  it('tells live tokens from dead ones as soon as the session ends', async () => {
    const { tokens } = await newClient(api);
    expect(await live(tokens.accessToken)).toMatchObject({
      active: true,
      sub: tokens.user.id,
      sid: tokens.session.id,
      client_id: 'public',
      roles: ['client'],
      token_type: 'access_token',
    });
    expect(await live(tokens.refreshToken)).toMatchObject({ active: true, sub: tokens.user.id, token_type: 'refresh_token' });
    await api.post('/auth/logout', {}, bearer(tokens.accessToken));
    for (const token of [tokens.accessToken, tokens.refreshToken, 'nonsense', 'a.b.c', ''])
      expect(await live(token)).toEqual({ active: false });
  });
});

describe('origins', () => {
  const cors = (origin: string) => api.get('/health/live', { Origin: origin });

  it('on the list are echoed exactly, with credentials', async () => {
    const { headers } = await cors(storefrontOrigin);
    expect(headers).toMatchObject({ 'access-control-allow-origin': storefrontOrigin, 'access-control-allow-credentials': 'true' });
    expect(headers.vary).toContain('Origin');
    expect(headers['access-control-expose-headers']).toContain('RateLimit-Policy');
  });

  it.each([
    'https://evil.example',
    'http://localhost:3001.evil.example',
    'http://localhost:300',
    'http://localhost:3001/',
    'HTTP://LOCALHOST:3001',
    'null',
    '*',
  ])('%s is not echoed, and Vary is there all the same', async (origin) => {
    const { headers } = await cors(origin);
    expect(headers['access-control-allow-origin']).toBeUndefined();
    expect(headers['access-control-allow-credentials']).toBeUndefined();
    expect(headers.vary).toContain('Origin');
  });

  it('preflights are 204 with the methods of the path', async () => {
    const preflight = {
      Origin: storefrontOrigin,
      'Access-Control-Request-Method': 'PATCH',
      'Access-Control-Request-Headers': 'authorization',
    };
    const answer = await api.call('OPTIONS', '/api/v1/account', { headers: preflight });
    expect(answer.status).toBe(204);
    expect(answer.headers).toMatchObject({ 'access-control-max-age': '600', 'access-control-allow-methods': 'GET, PATCH, HEAD, OPTIONS' });
    expect(answer.headers['access-control-allow-headers']).toContain('If-Match');
    const foreign = await api.call('OPTIONS', '/api/v1/account', { headers: { ...preflight, Origin: 'https://evil.example' } });
    expect([foreign.status, foreign.headers['access-control-allow-methods']]).toEqual([204, undefined]);
    expect(refusal(await api.call('OPTIONS', '/api/v1/nowhere', { headers: preflight }))).toBe('404 not_found');
    expect(refusal(await api.call('OPTIONS', '/api/v1/account'))).toBe('405 method_not_allowed');
  });

  it.each([
    ['missing', {}],
    ['null', { Origin: 'null' }],
    ['foreign', { Origin: 'https://evil.example' }],
    ['right, but cross-site by the browser’s own word', { Origin: storefrontOrigin, 'Sec-Fetch-Site': 'cross-site' }],
    ['right, but typed into the address bar', { Origin: storefrontOrigin, 'Sec-Fetch-Site': 'none' }],
  ])('in cookie mode an Origin that is %s is refused', async (_, headers) => {
    const answer = await api.post('/auth/login', { email: 'a@example.com', password: 'x' }, { 'X-Client-Id': 'browser', ...headers });
    expect(refusal(answer)).toBe('403 origin_not_allowed');
    expect(answer.headers['set-cookie']).toBeUndefined();
  });

  it('in cookie mode every POST says JSON, with a body or without', async () => {
    expect(refusal(await api.call('POST', '/api/v1/auth/logout', { headers: browserHeaders }))).toBe('415 unsupported_media_type');
    expect(
      (await api.call('POST', '/api/v1/auth/logout', { headers: { ...browserHeaders, 'Content-Type': 'application/json' } })).status,
    ).toBe(204);
  });
});
