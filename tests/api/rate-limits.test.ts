import { createServer, type Server } from 'node:http';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { type Answer, type Api, bearer, newClient, nowSeconds, problemOf, refusal, signedClient, startApi } from './support/api.ts';

let api: Api;
beforeAll(async () => {
  api = await startApi();
});
afterAll(() => api.stop());

/** Refused as 422 after it was counted: the limits are what is looked at, not the hashing. */
const body = {};
const login = (headers: Record<string, string> = {}) => api.post('/auth/login', body, headers);
const signedLogin = (ip: string) =>
  api.post('/auth/login', body, signedClient({ method: 'POST', path: '/api/v1/auth/login', body, ip, nowSeconds: nowSeconds(api) }));
/** A fresh window for every test. */
const nextWindow = () => api.app.clock.advance(3_601);

describe('request limits', () => {
  it('show policy and rest on every answer, failures too', async () => {
    nextWindow();
    const first = await login();
    expect(first.headers['ratelimit-policy']).toBe('"login";q=20;w=60');
    expect(first.headers.ratelimit).toBe('"login";r=19;t=60');
    expect((await login()).headers.ratelimit).toBe('"login";r=18;t=60');
  });

  it('fire at the same count for everybody, with Retry-After and other ways in, and open again', async () => {
    nextWindow();
    const answers: Answer[] = [];
    for (let count = 0; count < 21; count += 1) answers.push(await login());
    expect(answers.slice(0, 20).map((answer) => answer.status)).not.toContain(429);
    const last = answers.at(-1);
    if (!last) throw new Error('no answer');
    expect(refusal(last)).toBe('429 rate_limited');
    expect(last.headers['retry-after']).toBe('60');
    expect(problemOf(last)).toMatchObject({ retryAfter: 60, alternatives: ['otp', 'passkey', 'google', 'reset'] });
    api.app.clock.advance(60);
    expect((await login()).status).toBe(422);
  });

  it('count what is answered 422 as well', async () => {
    nextWindow();
    for (let count = 0; count < 30; count += 1) expect((await api.post('/auth/register', {})).status).toBe(422);
    expect(refusal(await api.post('/auth/register', {}))).toBe('429 rate_limited');
  });

  it('U19 count a forged X-Forwarded-For as the one caller it is', async () => {
    nextWindow();
    const statuses = [];
    for (let count = 0; count < 25; count += 1) {
      const forged = { 'X-Forwarded-For': `198.51.100.${count}`, 'X-Real-IP': `198.51.100.${count}`, Forwarded: `for=198.51.100.${count}` };
      statuses.push((await login(forged)).status);
    }
    expect(statuses.filter((status) => status === 429)).toHaveLength(5);
  });

  it('count signed end users each by their own address, IPv6 by /64', async () => {
    nextWindow();
    const statuses = [];
    for (let count = 0; count < 50; count += 1) statuses.push((await signedLogin(`198.51.100.${count}`)).status);
    expect(statuses).not.toContain(429);
    const sameHouse = [];
    for (let count = 0; count < 21; count += 1) sameHouse.push((await signedLogin(`2001:db8:7:7::${count.toString(16)}`)).status);
    expect(sameHouse.at(-1)).toBe(429);
    expect((await signedLogin('2001:db8:7:8::1')).status).toBe(422);
  });

  it('hold over two instances on one database', async () => {
    nextWindow();
    const other = await second(api);
    const answers = await Promise.all(Array.from({ length: 40 }, (_, index) => (index % 2 ? login() : other.login())));
    await other.stop();
    expect(answers.filter((status) => (typeof status === 'number' ? status : status.status) === 429)).toHaveLength(20);
  });

  it('per person: 120 a minute over all of /account, 20 an hour over its sensitive routes', async () => {
    nextWindow();
    const { tokens } = await newClient(api);
    const answers = await Promise.all(Array.from({ length: 121 }, () => api.get('/api/v1/account/mfa', bearer(tokens.accessToken))));
    expect(answers.filter((answer) => answer.status === 429)).toHaveLength(1);
    const stranger = await newClient(api);
    const sensitive = [];
    for (let count = 0; count < 21; count += 1)
      sensitive.push(await api.post('/account/mfa/totp/confirm', {}, bearer(stranger.tokens.accessToken)));
    expect(sensitive.map((answer) => answer.status)).toEqual([...Array.from({ length: 20 }, () => 422), 429]);
    expect(sensitive[0]?.headers['ratelimit-policy']).toBe('"account";q=120;w=60, "account-sensitive";q=20;w=3600');
  });

  it('do not touch routes without one', async () => {
    const answer = await api.get('/health/live');
    expect(answer.headers['ratelimit-policy']).toBeUndefined();
  });
});

describe('limits that a command holds', () => {
  it('are told beside those of the route: the sixth wrong password of one address', async () => {
    nextWindow();
    const wrong = () => api.post('/auth/login', { email: 'nobody@example.com', password: 'not the right password' });
    for (let count = 0; count < 5; count += 1) expect(refusal(await wrong())).toBe('401 invalid_credentials');
    const refused = await wrong();
    expect(refusal(refused)).toBe('429 rate_limited');
    const wait = Number(refused.headers['retry-after']);
    expect(refused.headers['ratelimit-policy']).toBe('"login";q=20;w=60, "login-address";q=5;w=900');
    expect(refused.headers.ratelimit).toBe(`"login";r=14;t=60, "login-address";r=0;t=${wait}`);
    expect(wait).toBeGreaterThan(800);
  });
});

describe('trusted proxies', () => {
  it('may name the caller; what stands to the left of the last foreign hop is ignored', async () => {
    const behind = await startApi({ TRUST_PROXY: '127.0.0.0/8,10.0.0.0/8' });
    const from = (chain: string) => behind.post('/auth/login', body, { 'X-Forwarded-For': chain });
    const statuses = [];
    for (let count = 0; count < 21; count += 1) statuses.push((await from(`198.51.100.${count}, 203.0.113.5, 10.1.1.1`)).status);
    expect(statuses.at(-1)).toBe(429);
    expect((await from('203.0.113.6')).status).toBe(422);
    await behind.stop();
  });
});

describe('calls whose own rule counts no requests', () => {
  it('are 600 a minute from one address: nobody fills the history with calls that name nothing', async () => {
    const scaled = await startApi({ RATE_LIMIT_SCALE: '0.01' });
    const challenge = { challengeId: 'none', method: 'totp', code: '123456' };
    for (const [path, asked] of [
      ['/auth/mfa/verify', challenge],
      ['/auth/link/complete', {}],
      ['/auth/logout', {}],
    ] as const) {
      const statuses = [];
      for (let count = 0; count < 7; count += 1) statuses.push((await scaled.post(path, asked)).status);
      expect(statuses.slice(0, 6)).not.toContain(429);
      expect(statuses.at(-1)).toBe(429);
    }
    await scaled.stop();
  });
});

describe('a database that cannot count', () => {
  it('gives 503, never a free pass', async () => {
    const broken = await startApi();
    await broken.app.deps.database.pool.query('SELECT 1');
    const admin = await import('pg').then(({ default: pg }) => new pg.Client({ connectionString: broken.app.database.adminUrl }));
    await admin.connect();
    await admin.query('ALTER TABLE platform.rate_bucket RENAME TO rate_bucket_away');
    const answer = await broken.post('/auth/login', body);
    expect(refusal(answer)).toBe('503 unavailable');
    expect(answer.headers['retry-after']).toBe('1');
    expect(answer.text).not.toMatch(/rate_bucket|relation|SELECT/);
    await admin.end();
    await broken.stop();
  });
});

/** A second web process would look like this: the same configuration and database, nothing shared in memory. */
async function second(first: Api): Promise<{ login(): Promise<number>; stop(): Promise<void> }> {
  const { createApp } = await import('../../src/app.ts');
  const app = await createApp({ config: first.app.deps.config, clock: first.app.clock });
  const server: Server = createServer(await app.handler());
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
  const address = server.address();
  const port = typeof address === 'object' && address ? address.port : 0;
  return {
    async login() {
      const response = await fetch(`http://127.0.0.1:${port}/api/v1/auth/login`, {
        method: 'POST',
        headers: { 'Content-Type': 'application/json' },
        body: JSON.stringify(body),
      });
      return response.status;
    },
    async stop() {
      server.closeAllConnections();
      await new Promise((resolve) => server.close(resolve));
      await app.stop();
    },
  };
}
