import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import {
  type ApiClient,
  type ClientIdentity,
  createApiClient,
  createSessionKeeper,
  type Kept,
  type SessionKeeper,
  type StoredSession,
  storedSession,
} from '../../client/index.ts';
import {
  type Api,
  browserHeaders,
  codeOf,
  freshEmail,
  goodPassword,
  newClient,
  nowSeconds,
  refusal,
  startApi,
  storefront,
} from '../api/support/api.ts';

let api: Api;
let shop: ApiClient;
beforeAll(async () => {
  api = await startApi();
  shop = clientOf({ kind: 'confidential', ...storefront });
});
afterAll(() => api.stop());

function clientOf(identity: ClientIdentity): ApiClient {
  return createApiClient({ baseUrl: `http://127.0.0.1:${api.port}/`, identity, now: () => nowSeconds(api), timeoutMs: 20_000 });
}

let shoppers = 0;
/** Each shopper has an address of their own. */
function newShopper() {
  shoppers += 1;
  return {
    ip: `102.89.${Math.floor(shoppers / 250)}.${(shoppers % 250) + 1}`,
    userAgent: 'Mozilla/5.0 (Android 16; Mobile; rv:150.0) Firefox/150.0',
  };
}

/** Signed up and verified through the storefront's server. */
async function signedUp(): Promise<{ email: string; session: StoredSession; endUser: ReturnType<typeof newShopper> }> {
  const [email, endUser] = [freshEmail(), newShopper()];
  const started = await shop.call(
    'POST /auth/register',
    { body: { email, password: goodPassword, firstName: 'Ada', lastName: 'Obi' } },
    { endUser },
  );
  if (started.kind !== 'ok') throw new Error(`Sign-up: ${started.kind}`);
  const { flowId } = started.data;
  const verified = await shop.call('POST /auth/register/verify', { body: { flowId, code: codeOf(api, flowId) } }, { endUser });
  if (verified.kind !== 'ok') throw new Error(`Verification: ${verified.kind}`);
  const session = storedSession(verified.data, nowSeconds(api));
  if (!session) throw new Error('No refresh token in body mode');
  return { email, session, endUser };
}

/** A process of the storefront: it shares no memory with the others. */
function newKeeper(): SessionKeeper {
  return createSessionKeeper({
    now: () => nowSeconds(api),
    refresh: (refreshToken, endUser) => shop.call('POST /auth/token/refresh', { body: { refreshToken } }, { endUser }),
  });
}

const sessionOf = (kept: Kept): StoredSession => {
  if (kept.state === 'ended') throw new Error(`Signed out: ${kept.reason}`);
  return kept.session;
};
const expired = (session: StoredSession): StoredSession => ({ ...session, atExp: 0 });

describe('the typed client against the running product', () => {
  it('signs up, reads the account, refreshes and signs out', async () => {
    const { email, session, endUser } = await signedUp();
    const account = await shop.call('GET /account', {}, { accessToken: session.at, endUser });
    expect(account).toMatchObject({ kind: 'ok', status: 200, data: { email, role: 'client', firstName: 'Ada' } });
    const version = account.kind === 'ok' ? (account.headers.get('etag') ?? '') : '';
    const changed = await shop.call('PATCH /account', { body: { city: 'Lagos' } }, { accessToken: session.at, ifMatch: version, endUser });
    expect(changed).toMatchObject({ kind: 'ok', data: { city: 'Lagos' } });
    const next = sessionOf(await newKeeper().keepFresh(expired(session), endUser));
    expect(next.rt).not.toBe(session.rt);
    const out = await shop.call('POST /auth/logout', { body: { refreshToken: next.rt } }, { endUser });
    expect(out).toMatchObject({ kind: 'ok', status: 204, data: null });
    expect(await newKeeper().keepFresh(expired(next), endUser)).toEqual({ state: 'ended', reason: 'session_revoked' });
  });

  it('tells problems by code, field and wait', async () => {
    const anyone = clientOf({ kind: 'public' });
    const refused = await anyone.call('POST /auth/login', { body: { email: freshEmail(), password: 'wrong' } }, { language: 'en' });
    expect(refused).toMatchObject({ kind: 'problem', status: 401, problem: { code: 'invalid_credentials', retryAfter: null, errors: [] } });
    const unread = await anyone.call('POST /auth/login', { body: { password: 'x' } });
    expect(unread).toMatchObject({
      kind: 'problem',
      problem: { code: 'identifier_exactly_one', errors: [{ path: '', code: 'identifier_exactly_one' }] },
    });
    const listed = await clientOf({ kind: 'mobile' }).call(
      'GET /reference/countries',
      { query: { q: 'Nig', pageSize: '1' } },
      { deviceToken: 'x' },
    );
    expect(listed).toMatchObject({ kind: 'ok', status: 200, data: { pageSize: 1 } });
    const missing = await anyone.call('GET /reference/countries/{iso2}', { params: { iso2: 'a/b' } });
    expect(missing).toMatchObject({ kind: 'problem', status: 404 });
  });

  it('says that nobody answered instead of throwing', async () => {
    const nobody = createApiClient({ baseUrl: 'http://127.0.0.1:9', identity: { kind: 'public' } });
    expect(await nobody.call('GET /auth/config', {})).toMatchObject({ kind: 'unreachable' });
  });

  it('is refused with a wrong secret, which ends no session', async () => {
    const { session, endUser } = await signedUp();
    const forged = clientOf({ kind: 'confidential', ...storefront, forwardingSecret: 'guessed' });
    const answer = await forged.call('POST /auth/token/refresh', { body: { refreshToken: session.rt } }, { endUser });
    expect(answer).toMatchObject({ kind: 'problem', problem: { code: 'client_invalid' } });
    sessionOf(await newKeeper().keepFresh(expired(session), endUser));
  });
});

describe('complaints about refreshing', () => {
  it('U1 twenty parallel refreshes with one token are twenty successes with one successor, and the parent 10 s later gives it again', async () => {
    const { session, endUser } = await signedUp();
    const all = await Promise.all(Array.from({ length: 20 }, () => newKeeper().keepFresh(expired(session), endUser)));
    const successors = new Set(all.map((kept) => sessionOf(kept).rt));
    expect(all.map((kept) => kept.state)).toEqual(Array.from({ length: 20 }, () => 'refreshed'));
    expect(successors.size).toBe(1);
    expect(successors.has(session.rt)).toBe(false);
    api.app.clock.advance(10);
    const again = sessionOf(await newKeeper().keepFresh(expired(session), endUser));
    expect(successors.has(again.rt)).toBe(true);
    expect(await shop.call('GET /account', {}, { accessToken: again.at, endUser })).toMatchObject({ kind: 'ok' });
  });

  it('U2 two tabs refreshing within 30 s of each other for an hour never see 401', async () => {
    const { session, endUser } = await signedUp();
    const tabs = [newKeeper(), newKeeper()] as const;
    let jar = session;
    let rotations = 0;
    for (const end = nowSeconds(api) + 3_600; nowSeconds(api) < end; api.app.clock.advance(15)) {
      // Both read the cookie, one is served at once and the other up to half a minute later.
      const read = jar;
      const first = sessionOf(await tabs[0].keepFresh(read, endUser));
      if (first.rt !== read.rt) rotations += 1;
      jar = first;
      api.app.clock.advance(rotations % 31);
      const second = sessionOf(await tabs[1].keepFresh(read, endUser));
      expect(second.rt).toBe(first.rt);
      jar = second;
      expect(await shop.call('GET /account', {}, { accessToken: jar.at, endUser })).toMatchObject({ kind: 'ok' });
    }
    expect(rotations).toBeGreaterThanOrEqual(5);
  });

  it('U3 a refresh whose cookie write was lost is repaired by presenting the parent again within 30 s', async () => {
    const { session, endUser } = await signedUp();
    const lost = sessionOf(await newKeeper().keepFresh(expired(session), endUser));
    api.app.clock.advance(30);
    const repaired = sessionOf(await newKeeper().keepFresh(expired(session), endUser));
    expect(repaired.rt).toBe(lost.rt);
    api.app.clock.advance(600);
    sessionOf(await newKeeper().keepFresh(repaired, endUser));
  });

  it('U4 fifty logins for fifty signed addresses see no 429; the same fifty with forged X-Forwarded-For are one address', async () => {
    const people = [await signedUp(), await signedUp(), await signedUp(), await signedUp(), await signedUp()];
    const bodyOf = (n: number) => ({ email: people[n % people.length]?.email ?? '', password: goodPassword });
    for (let n = 0; n < 50; n += 1) {
      const answer = await shop.call('POST /auth/login', { body: bodyOf(n) }, { endUser: newShopper() });
      expect(answer).toMatchObject({ kind: 'ok', status: 200 });
    }
    const direct: string[] = [];
    for (let n = 0; n < 50; n += 1) {
      const answer = await api.post('/auth/login', bodyOf(n), { 'X-Forwarded-For': `102.90.1.${n + 1}` });
      direct.push(answer.status === 200 ? '200' : refusal(answer));
    }
    expect(direct.filter((outcome) => outcome === '200')).toHaveLength(20);
    expect(new Set(direct.slice(20))).toEqual(new Set(['429 rate_limited']));
  });

  it('U30 each cookie refresh issues Max-Age anew, in under a second', async () => {
    const { verified } = await newClient(api, { headers: browserHeaders });
    let cookie = cookieOf(verified.headers['set-cookie']);
    for (let day = 0; day < 3; day += 1) {
      api.app.clock.advance(86_400);
      const began = performance.now();
      const answer = await api.post('/auth/token/refresh', {}, { ...browserHeaders, Cookie: cookie });
      expect(performance.now() - began).toBeLessThan(1_000);
      expect(answer.status).toBe(200);
      const lines = answer.headers['set-cookie'] ?? [];
      expect(lines).toHaveLength(1);
      expect(lines[0]).toMatch(/^__Host-fsh_rt=[\w-]{43}; Max-Age=1209600; Path=\/; Secure; HttpOnly; SameSite=Lax$/);
      expect(answer.text).not.toContain('refreshToken');
      cookie = cookieOf(lines);
    }
  });
});

function cookieOf(lines: readonly string[] | undefined): string {
  return (lines ?? []).map((line) => line.split(';')[0] ?? '').find((pair) => pair.startsWith('__Host-fsh_rt=')) ?? '';
}
