import { beforeEach, describe, expect, it } from 'vitest';
import { type Answer, createSessionKeeper, endingCodes, type SessionKeeper, type StoredSession } from '../../client/index.ts';
import { readProblem } from '../../client/problem.ts';

type Refreshed = Answer<'POST /auth/token/refresh'>;

let now: number;
let asked: string[];
let answer: (refreshToken: string) => Refreshed | Promise<Refreshed>;
let keeper: SessionKeeper;
beforeEach(() => {
  now = 1_800_000_000;
  asked = [];
  answer = (rt) => tokens(`${rt}+`);
  keeper = createSessionKeeper({
    now: () => now,
    refresh: async (rt) => {
      asked.push(rt);
      return answer(rt);
    },
  });
});

const headers = new Headers();
const stale = (rt: string): StoredSession => ({ rt, at: 'a', atExp: now + 59, sid: 's' });

function tokens(refreshToken: string | undefined): Refreshed {
  const instant = '2027-01-15T08:00:00.000Z';
  const session = { id: 's', acr: 'aal1' as const, amr: ['pwd'], authTime: instant, createdAt: instant, expiresAt: instant };
  const user = {
    id: 'u',
    memberId: 'FS-1',
    role: 'client' as const,
    authMethod: 'email' as const,
    firstName: null,
    lastName: null,
    identifier: 'a***@example.com',
    vendorStatus: null,
    dashboardEntrypoint: '/dashboard/client' as const,
  };
  const data = {
    message: '',
    tokenType: 'Bearer' as const,
    accessToken: `at of ${refreshToken}`,
    expiresIn: 600,
    refreshToken,
    refreshExpiresAt: instant,
    session,
    user,
  };
  return { kind: 'ok', status: 200, data, headers };
}

function problem(status: number, code: string, retryAfter?: number): Refreshed {
  return { kind: 'problem', status, problem: readProblem({ code, retryAfter }, { status, headers }), headers };
}

describe('keeping a session fresh', () => {
  it('leaves a token alone that lives a minute or longer', async () => {
    const session = { ...stale('r'), atExp: now + 60 };
    expect(await keeper.keepFresh(session)).toEqual({ state: 'fresh', session });
    expect(asked).toEqual([]);
  });

  it('asks once for any number of requests with one token', async () => {
    const all = await Promise.all(Array.from({ length: 30 }, () => keeper.keepFresh(stale('r'))));
    expect(asked).toEqual(['r']);
    expect(new Set(all.map((kept) => (kept.state === 'refreshed' ? kept.session.rt : kept.state)))).toEqual(new Set(['r+']));
    expect(all[0]).toMatchObject({ session: { at: 'at of r+', atExp: now + 600, sid: 's' } });
  });

  it('asks for each token by itself', async () => {
    await Promise.all([keeper.keepFresh(stale('r')), keeper.keepFresh(stale('q'))]);
    expect(asked.toSorted()).toEqual(['q', 'r']);
  });

  it('gives a straggler the newest successor, and never shows the server a grandparent', async () => {
    await keeper.keepFresh(stale('r'));
    await keeper.keepFresh(stale('r+'));
    expect(await keeper.keepFresh(stale('r'))).toMatchObject({ state: 'refreshed', session: { rt: 'r++' } });
    expect(asked).toEqual(['r', 'r+']);
  });

  it('forgets after the grace: then the server decides', async () => {
    await keeper.keepFresh(stale('r'));
    now += 31;
    answer = () => problem(401, 'refresh_token_reused');
    expect(await keeper.keepFresh(stale('r'))).toEqual({ state: 'ended', reason: 'refresh_token_reused' });
    expect(asked).toEqual(['r', 'r']);
  });

  it.each(endingCodes)('ends on %s, and asks no second time', async (code) => {
    answer = () => problem(code === 'account_suspended' ? 403 : 401, code);
    expect(await keeper.keepFresh(stale('r'))).toEqual({ state: 'ended', reason: code });
    expect(await keeper.keepFresh(stale('r'))).toEqual({ state: 'ended', reason: code });
    expect(asked).toHaveLength(1);
  });

  it.each<[string, () => Refreshed, number | null]>([
    ['429', () => problem(429, 'rate_limited', 7), 7],
    ['503', () => problem(503, 'overloaded', 1), 1],
    ['500', () => problem(500, 'internal_error'), null],
    ['a code it does not know', () => problem(401, 'brand_new'), null],
    ['its own wrong secret', () => problem(401, 'client_invalid'), null],
    ['silence', () => ({ kind: 'unreachable', cause: new Error('cut') }), null],
  ])('keeps the session on %s, and tries again when asked again', async (_, failing, retryAfterSeconds) => {
    answer = failing;
    const session = stale('r');
    expect(await keeper.keepFresh(session)).toEqual({ state: 'degraded', session, retryAfterSeconds });
    answer = (rt) => tokens(`${rt}+`);
    expect(await keeper.keepFresh(session)).toMatchObject({ state: 'refreshed', session: { rt: 'r+' } });
  });

  it('keeps what it has in cookie mode, where no refresh token is shown', async () => {
    answer = () => tokens(undefined);
    const session = stale('r');
    expect(await keeper.keepFresh(session)).toEqual({ state: 'refreshed', session });
  });
});
