import { once } from 'node:events';
import express from 'express';
import { afterAll, afterEach, beforeAll, describe, expect, it } from 'vitest';
import { z } from 'zod';
import { defineEndpoint, noBody, noQuery } from '../../src/api/define-endpoint.ts';
import type { ApiDeps, AuthKind, Route } from '../../src/api/endpoint.ts';
import { userIdOf } from '../../src/api/execute.ts';
import { createApiRouter } from '../../src/api/server.ts';
import { createMetrics } from '../../src/foundation/runtime/metrics.ts';
import { createRequestLog } from '../../src/foundation/runtime/request-log.ts';
import type { TestApp } from '../support/app.ts';
import { type Api, basic, bearer, newClient, refusal, startApi, storefront } from './support/api.ts';
import { agree, comeBack, googlePerson, start, startGoogleApi } from './support/google.ts';

let api: Api;
beforeAll(async () => {
  api = await startApi({ RATE_LIMIT_SCALE: '1000' });
});
afterAll(() => api.stop());

const ends: (() => Promise<void>)[] = [];
afterEach(async () => {
  for (const end of ends.splice(0).reverse()) await end();
});

const fine = () => Promise.resolve(true);
const well = { database: fine, migrations: fine, queue: fine, keys: fine };

type Replaced = { app?: TestApp; deps?: Partial<ApiDeps>; routes?: readonly Route[] };

/** The API's frame with parts of it replaced, and where it listens. */
async function serve({ app = api.app, deps = {}, routes }: Replaced): Promise<string> {
  const requestLog = createRequestLog({ pool: app.deps.database.pool, clock: app.clock, log: app.deps.log });
  const { readiness = well } = deps;
  const web = express().use(createApiRouter({ ...app.deps, ...deps }, { requestLog, metrics: createMetrics(), readiness }, routes));
  const server = web.listen(0, '127.0.0.1');
  await once(server, 'listening');
  ends.push(async () => {
    server.closeAllConnections();
    server.close();
    await requestLog.close();
  });
  const address = server.address();
  return `http://127.0.0.1:${typeof address === 'object' && address ? address.port : 0}`;
}

const problemCode = async (answer: Response) => `${answer.status} ${z.object({ code: z.string() }).parse(await answer.json()).code}`;

describe('GET /health/ready', () => {
  it.each([
    ['says no', () => Promise.resolve(false)],
    ['breaks', () => Promise.reject(new Error('connection refused at 10.0.0.7'))],
  ])('is 503 with Retry-After when a part %s, and names the part only', async (_, part) => {
    for (const name of ['database', 'migrations', 'queue', 'keys'] as const) {
      const base = await serve({ deps: { readiness: { ...well, [name]: part } } });
      const answer = await fetch(`${base}/health/ready`);
      expect([answer.status, answer.headers.get('retry-after')]).toEqual([503, '5']);
      const checks = { database: 'ok', migrations: 'ok', queue: 'ok', keys: 'ok', [name]: 'failed' };
      expect(await answer.json()).toEqual({ status: 'not_ready', checks });
      expect((await fetch(`${base}/health/live`)).status).toBe(200);
    }
  });
});

describe('a token that cannot be checked because the check itself breaks', () => {
  const broken = (): Partial<ApiDeps> => {
    const verify = () => {
      throw new Error('the key is gone');
    };
    return { accessTokens: { ...api.app.deps.accessTokens, verify } };
  };

  it('does not count as nobody at sign-out: 500, and nothing was ended', async () => {
    const { tokens } = await newClient(api);
    const base = await serve({ deps: broken() });
    const headers = { ...bearer(tokens.accessToken), 'Content-Type': 'application/json' };
    const answer = await fetch(`${base}/api/v1/auth/logout`, { method: 'POST', headers, body: '{}' });
    expect(await problemCode(answer)).toBe('500 internal_error');
    expect((await api.get('/api/v1/account', bearer(tokens.accessToken))).status).toBe(200);
  });

  it('is not reported as inactive by introspection: 500, without the cause', async () => {
    const { tokens } = await newClient(api);
    const base = await serve({ deps: broken() });
    const headers = { ...basic(storefront.id, storefront.secret), 'Content-Type': 'application/json' };
    const body = JSON.stringify({ token: tokens.accessToken });
    const answer = await fetch(`${base}/api/v1/auth/introspect`, { method: 'POST', headers, body });
    expect(await answer.clone().text()).not.toContain('the key is gone');
    expect(await problemCode(answer)).toBe('500 internal_error');
  });
});

describe('the callback of Google when we break ourselves', () => {
  it('is 500, not blamed on the provider, and makes no handoff; the state is spent all the same', async () => {
    const google = await startGoogleApi();
    ends.push(() => google.stop());
    google.issuer.person = googlePerson();
    const { cookie, location } = await start(google);
    const back = await agree(location);
    const { app } = google.api;
    const blindIndex = () => {
      throw new Error('the key is gone');
    };
    const base = await serve({ app, deps: { keyring: { ...app.deps.keyring, blindIndex } } });
    const answer = await fetch(`${base}${back.pathname}${back.search}`, { headers: { Cookie: cookie }, redirect: 'manual' });
    expect(answer.headers.get('location')).toBeNull();
    expect(answer.headers.get('set-cookie')).toBeNull();
    expect(await problemCode(answer)).toBe('500 internal_error');
    expect(refusal(await comeBack(google, back, cookie))).toBe('400 oauth_state_invalid');
  });
});

describe('what a route asks for', () => {
  const routeOf = (auth: AuthKind, idOf: Parameters<typeof defineEndpoint>[0]['handle']): Route => ({
    method: 'GET',
    path: '/api/v1/me',
    auth,
    limits: [],
    endpoint: defineEndpoint({ summary: 'Who calls', query: noQuery, body: noBody, replies: { 200: { description: 'Id' } }, handle: idOf }),
  });

  it('`token`: the claims of a verified token, also of a session that has ended; no session', async () => {
    const { tokens } = await newClient(api);
    const route = routeOf('token', ({ claims, session }) => ({ status: 200, body: { id: claims?.sub, session } }));
    const me = `${await serve({ routes: [route] })}/api/v1/me`;
    await api.post('/auth/logout', {}, bearer(tokens.accessToken));
    expect(await (await fetch(me, { headers: bearer(tokens.accessToken) })).json()).toEqual({ id: tokens.user.id, session: null });
    expect(await problemCode(await fetch(me))).toBe('401 token_missing');
    expect(await problemCode(await fetch(me, { headers: bearer(`${tokens.accessToken}x`) }))).toBe('401 token_invalid');
  });

  it('without `session`, a handler that needs one refuses, whatever was presented', async () => {
    const { tokens } = await newClient(api);
    const route = routeOf('none', (call) => ({ status: 200, body: { id: userIdOf(call) } }));
    const me = `${await serve({ routes: [route] })}/api/v1/me`;
    expect(await problemCode(await fetch(me, { headers: bearer(tokens.accessToken) }))).toBe('401 token_missing');
  });
});
