import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import type { Route } from '../../src/api/endpoint.ts';
import { apiRoutes } from '../../src/api/routes/index.ts';
import { loginTokenSet, tokenSet } from '../../src/api/shapes.ts';
import { newId } from '../../src/foundation/runtime/new-id.ts';
import { runInContext, systemContext } from '../../src/foundation/runtime/request-context.ts';
import { fillCountries } from '../../src/modules/reference/index.ts';
import { type Answer, type Api, basic, bearer, freshEmail, goodPassword, newClient, shaped, startApi, storefront } from './support/api.ts';
import { filesPath, picture, upload } from './support/files.ts';
import { newVendor } from './support/privacy.ts';
import { sampleBody } from './support/sample.ts';

let api: Api;
beforeAll(async () => {
  api = await startApi({ RATE_LIMIT_SCALE: '1000', GOOGLE_CLIENT_ID: 'walk.apps.example', GOOGLE_CLIENT_SECRET: 'not-used' });
  await runInContext(systemContext('test', 'cli'), () => fillCountries(api.app.deps));
});
afterAll(() => api.stop());

const nameOf = (route: Route) => `${route.method} ${route.path.replace('/api/v1', '')}`;
/** POST because a token does not belong into an address (RFC 7662); it changes nothing. */
const readsOnly = ['POST /auth/introspect'];
const mutations = apiRoutes.filter((route) => route.method !== 'GET' && !readsOnly.includes(nameOf(route)));

/** Members that have to be something in particular for the body to get as far as the command. */
const named = () => ({
  password: goodPassword,
  password2: goodPassword,
  newPassword: 'Kente-harbour-84-loom',
  currentPassword: goodPassword,
  code: '123456',
  otp: '123456',
  flowId: newId(),
  reason: 'I lost my old address',
  businessType: 'tailor',
  countryCode: 'NG',
  storeName: 'Walk of Cloth',
});
/** Where nothing is required and nothing would be asked for. */
const more: Readonly<Record<string, object>> = {
  'POST /auth/register': { email: freshEmail() },
  'POST /auth/sign-up': { email: freshEmail(), role: 'client' },
  'POST /auth/otp/send': { email: freshEmail() },
  'POST /auth/login': { email: freshEmail() },
  'POST /auth/password/forgot': { email: freshEmail() },
  'POST /auth/logout': { scope: 'others' },
  'POST /account/contact-change': { email: freshEmail() },
  'POST /account/identities/google': { idToken: 'a.b.c', nonce: 'n'.repeat(43) },
  'PATCH /account': { bio: 'Sews' },
  'PATCH /account/client': { bodyType: 'pear' },
  'POST /auth/otp-verification': { flowId: newId() },
  'POST /account/vendor/kyc': { documents: [{ type: 'selfie', fileId: newId() }] },
};

type Caller = { accessToken: string; userId: string; refreshToken: string; email: string };

async function callerFor(route: Route): Promise<Caller> {
  if (route.path.includes('/vendor')) {
    const { email, accessToken, user, refresh } = await newVendor(api);
    const { refreshToken = '' } = await refresh();
    return { accessToken, userId: user.id, refreshToken, email };
  }
  const { email, tokens } = await newClient(api);
  return { accessToken: tokens.accessToken, userId: tokens.user.id, refreshToken: tokens.refreshToken ?? '', email };
}

async function ask(route: Route, accessToken: string | null, requestId: string): Promise<Answer> {
  const body = { ...(sampleBody(route.endpoint.body, named()) as object), ...more[nameOf(route)] };
  const path = route.path.replace(/\{\w+\}/g, newId());
  const isConfidential = route.auth === 'confidential' || route.path.endsWith('/google/id-token');
  const headers = {
    'X-Request-Id': requestId,
    'If-Match': '"1"',
    ...(accessToken ? bearer(accessToken) : isConfidential ? basic(storefront.id, storefront.secret) : {}),
  };
  if (path === filesPath) return upload(api, accessToken ?? '', await picture(), { 'X-Request-Id': requestId });
  return api.call(route.method, path, { ...(route.method === 'DELETE' ? {} : { body }), headers });
}

type Row = { id: string; outcome: string; action: string; changes: number; strays: number };

/** The action rows of one request, with how many changes each carries, and how many of those are of another transaction. */
async function rowsOf(requestId: string): Promise<Row[]> {
  const { rows } = await api.app.deps.database.pool.query<Row>(
    `SELECT a.id, a.outcome, a.action, (SELECT count(*)::int FROM audit.event e WHERE e.action_id = a.id) AS changes,
            (SELECT count(*)::int FROM audit.event e WHERE e.action_id = a.id AND e.txid <> a.txid) AS strays
       FROM audit.action a WHERE a.request_id = $1`,
    [requestId],
  );
  return rows;
}

describe('P24 every mutation of the route table leaves its row', () => {
  it('there are mutations, and none but the named one is left out', () => {
    expect(mutations.length).toBeGreaterThan(40);
    expect(apiRoutes.filter((route) => readsOnly.includes(nameOf(route)))).toHaveLength(readsOnly.length);
  });

  it.each(mutations.map((route) => [nameOf(route), route] as const))('%s', async (_name, route) => {
    const caller = route.auth === 'session' || route.auth === 'optional' ? await callerFor(route) : null;
    const requestId = newId();
    const answer = await ask(route, caller?.accessToken ?? null, requestId);
    const rows = await rowsOf(requestId);
    expect(rows.length, `${answer.status} ${answer.text}`).toBeGreaterThan(0);
    expect(answer.status, answer.text).toBeLessThan(500);
    const outcomes = rows.map((row) => row.outcome);
    if (answer.status < 300) expect(outcomes).toContain('ok');
    else expect(outcomes.some((outcome) => outcome === 'denied' || outcome === 'error')).toBe(true);
    // The row and what it tells of are one transaction: neither is there without the other.
    expect(rows.map((row) => row.strays)).toEqual(rows.map(() => 0));
  });
});

/** † of auth-api.md 2.6: the table marks them by their limit. ‡ is the submission of a store. */
const fresh = mutations.filter(
  (route) => route.limits.some((limit) => limit.name === 'account-sensitive') || nameOf(route) === 'POST /account/vendor/submit',
);

describe('P24 every denied attempt leaves its row', () => {
  it('there are routes that want a fresh proof', () => {
    expect(fresh.length).toBeGreaterThan(15);
  });

  it.each(fresh.map((route) => [nameOf(route), route] as const))('%s with a proof of yesterday', async (_name, route) => {
    const caller = await callerFor(route);
    api.app.clock.advance(901);
    const { accessToken } = shaped(tokenSet, await api.post('/auth/token/refresh', { refreshToken: caller.refreshToken }));
    const requestId = newId();
    const answer = await ask(route, accessToken, requestId);
    const rows = await rowsOf(requestId);
    expect([answer.status, rows.map((row) => [row.outcome, row.changes])], answer.text).toEqual([403, [['denied', 0]]]);
  });

  it('a suspended sign-in, and a role that has no such profile', async () => {
    const { email, tokens } = await newClient(api);
    const first = newId();
    await api.call('PUT', '/api/v1/account/vendor', {
      body: sampleBody(apiRoutes.find((route) => nameOf(route) === 'PUT /account/vendor')?.endpoint.body ?? loginTokenSet, named()),
      headers: { ...bearer(tokens.accessToken), 'X-Request-Id': first, 'If-Match': '"1"' },
    });
    expect((await rowsOf(first)).map((row) => row.outcome)).toEqual(['denied']);
    await api.app.as({ kind: 'system', name: 'test' }, () =>
      api.app.deps.database.prisma.user.updateMany({ where: { id: tokens.user.id }, data: { status: 'suspended' } }),
    );
    const second = newId();
    await api.call('POST', '/api/v1/auth/login', { body: { email, password: goodPassword }, headers: { 'X-Request-Id': second } });
    expect((await rowsOf(second)).map((row) => [row.action, row.outcome])).toEqual([['sign-in', 'denied']]);
  });
});

describe('P24 what cannot be recorded does not happen', () => {
  it('a call whose row cannot be written fails, and changes nothing', async () => {
    const { tokens } = await newClient(api);
    const { prisma } = api.app.deps.database;
    const before = await prisma.consent.count({ where: { userId: tokens.user.id } });
    const admin = await (await import('../support/sql.ts')).openSql(api.app.database.adminUrl);
    try {
      await admin.rows('ALTER TABLE audit."action" ADD CONSTRAINT closed CHECK (false) NOT VALID');
      const answer = await api.post('/account/consents', { purpose: 'analytics', granted: true }, bearer(tokens.accessToken));
      expect(answer.status).toBeGreaterThanOrEqual(500);
      expect(await prisma.consent.count({ where: { userId: tokens.user.id } })).toBe(before);
    } finally {
      await admin.rows('ALTER TABLE audit."action" DROP CONSTRAINT closed');
      await admin.close();
    }
  });
});
