import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { commands, queries } from '../../../src/modules/identity/index.ts';
import { startTestApp } from '../../support/app.ts';
import { caller, password, refusalCode, registerPerson, run, tokensOf } from './people.ts';

let app: Awaited<ReturnType<typeof startTestApp>>;
beforeAll(async () => {
  app = await startTestApp();
});
afterAll(() => app.stop());

const refresh = (refreshToken: string, from: object = {}) => run(app, commands.refreshSession, { refreshToken, ...caller, ...from });
const otherClient = { client: { clientId: 'mobile', mode: 'body' as const } };
const sessionRow = (id: string) => app.deps.database.prisma.session.findUniqueOrThrow({ where: { id } });

describe('refresh', () => {
  it('rotates the token, keeps session, acr, amr and auth time, and moves the idle end', async () => {
    const { tokens } = await registerPerson(app);
    app.clock.advance(3600);
    const { tokens: next } = await refresh(tokens.refreshToken);
    expect(next.refreshToken).not.toBe(tokens.refreshToken);
    expect(next.session).toEqual(tokens.session);
    expect(next.user).toEqual(tokens.user);
    expect(next.refreshExpiresAt.getTime()).toBe(app.clock.now().getTime() + 1_209_600_000);
    expect(next.deviceToken).toBeNull();
  });

  it('gives twenty parallel calls one successor and keeps the session', async () => {
    const { tokens } = await registerPerson(app);
    const all = await Promise.all(Array.from({ length: 20 }, () => refresh(tokens.refreshToken)));
    expect(new Set(all.map((each) => each.tokens.refreshToken)).size).toBe(1);
    expect(await app.deps.database.prisma.refreshToken.count({ where: { sessionId: tokens.session.id } })).toBe(2);
    app.clock.advance(10);
    expect((await refresh(tokens.refreshToken)).tokens.refreshToken).toBe(all[0]?.tokens.refreshToken);
    expect((await sessionRow(tokens.session.id)).revokedAt).toBeNull();
  });

  it('ends the family when a used token comes back after 30 seconds, with event and login event', async () => {
    const { tokens } = await registerPerson(app);
    const { tokens: next } = await refresh(tokens.refreshToken);
    app.clock.advance(31);
    expect(await refusalCode(refresh(tokens.refreshToken))).toBe('refresh_token_reused');
    expect(await refusalCode(refresh(next.refreshToken))).toBe('session_revoked');
    expect((await sessionRow(tokens.session.id)).revokedReason).toBe('refresh_reused');
    const { prisma } = app.deps.database;
    expect(await prisma.outboxEvent.count({ where: { aggregateId: tokens.user.id, name: 'identity.refresh.reused' } })).toBe(1);
    expect(await prisma.loginEvent.count({ where: { userId: tokens.user.id, reasonCode: 'refresh_token_reused' } })).toBe(1);
  });

  it('gives no grace to a grandparent', async () => {
    const { tokens } = await registerPerson(app);
    const { tokens: child } = await refresh(tokens.refreshToken);
    await refresh(child.refreshToken);
    expect(await refusalCode(refresh(tokens.refreshToken))).toBe('refresh_token_reused');
  });

  it('refuses an unused token of another client without consuming it, and ends the family for a used one', async () => {
    const { tokens } = await registerPerson(app);
    expect(await refusalCode(refresh(tokens.refreshToken, otherClient))).toBe('refresh_token_invalid');
    await refresh(tokens.refreshToken);
    expect(await refusalCode(refresh(tokens.refreshToken, otherClient))).toBe('refresh_token_reused');
  });

  it('compares devices only when both uses carry one', async () => {
    const first = await registerPerson(app);
    const second = await registerPerson(app);
    const on = (token: string | null) => ({ device: { token } });
    await refresh(first.tokens.refreshToken, on(first.deviceToken));
    await refresh(first.tokens.refreshToken, on(null));
    expect(await refusalCode(refresh(first.tokens.refreshToken, on(second.deviceToken)))).toBe('refresh_token_reused');
    await refresh(second.tokens.refreshToken, on(null));
    await refresh(second.tokens.refreshToken, on(first.deviceToken));
  });

  it('knows no altered, truncated or invented token', async () => {
    const { tokens } = await registerPerson(app);
    for (const text of ['', 'x', tokens.refreshToken.slice(1), `${tokens.refreshToken}A`, 'A'.repeat(43), tokens.accessToken]) {
      expect(await refusalCode(refresh(text))).toBe('refresh_token_invalid');
    }
    await refresh(tokens.refreshToken);
  });

  it('ends idle sessions after 14 days and all sessions after 30', async () => {
    const { tokens } = await registerPerson(app);
    let { refreshToken } = tokens;
    for (let week = 0; week < 4; week += 1) {
      app.clock.advance(7 * 86_400);
      refreshToken = (await refresh(refreshToken)).tokens.refreshToken;
    }
    const { tokens: last } = await refresh(refreshToken);
    expect(last.refreshExpiresAt).toEqual(tokens.session.expiresAt);
    app.clock.advance(2 * 86_400);
    expect(await refusalCode(refresh(last.refreshToken))).toBe('refresh_token_expired');
    const idle = await registerPerson(app);
    app.clock.advance(15 * 86_400);
    expect(await refusalCode(refresh(idle.tokens.refreshToken))).toBe('refresh_token_expired');
  });

  it('allows sixty first uses a minute and consumes nothing beyond', async () => {
    const { tokens } = await registerPerson(app);
    let { refreshToken } = tokens;
    for (let used = 0; used < 60; used += 1) refreshToken = (await refresh(refreshToken)).tokens.refreshToken;
    await expect(refresh(refreshToken)).rejects.toMatchObject({
      code: 'rate_limited',
      details: { retryAfterSeconds: 60, limit: { name: 'refresh-session', limit: 60, windowSeconds: 60 } },
    });
    app.clock.advance(61);
    await refresh(refreshToken);
  });

  it('is answered to RFC 7662 while live, and never consumed by that', async () => {
    const { tokens } = await registerPerson(app);
    expect(await queries.introspectRefresh(app.deps, tokens.refreshToken)).toMatchObject({
      sub: tokens.user.id,
      sid: tokens.session.id,
      token_type: 'refresh_token',
    });
    const { tokens: next } = await refresh(tokens.refreshToken);
    expect(await queries.introspectRefresh(app.deps, tokens.refreshToken)).toBeNull();
    await run(app, commands.logOut, { scope: 'current', refreshToken: next.refreshToken, ...caller });
    expect(await queries.introspectRefresh(app.deps, next.refreshToken)).toBeNull();
    expect(await queries.introspectRefresh(app.deps, 'nonsense')).toBeNull();
  });
});

describe('signing out', () => {
  it('ends the current session by token, others and all by session, and is content with dead credentials', async () => {
    const { email, tokens, actor } = await registerPerson(app);
    const second = tokensOf(await run(app, commands.logIn, { email, password, ...caller }));
    const third = tokensOf(await run(app, commands.logIn, { email, password, ...caller }));
    const out = (input: object, who = {}) => run(app, commands.logOut, { scope: 'current', refreshToken: null, ...caller, ...input }, who);
    expect(await out({ refreshToken: second.refreshToken, ...otherClient })).toEqual({ ended: 0 });
    expect(await out({ refreshToken: second.refreshToken })).toEqual({ ended: 1 });
    expect(await out({ refreshToken: second.refreshToken })).toEqual({ ended: 0 });
    expect(await out({})).toEqual({ ended: 0 });
    expect(await refusalCode(out({ scope: 'others' }))).toBe('token_missing');
    expect(await out({ scope: 'others' }, { actor })).toEqual({ ended: 1 });
    expect(await queries.findLiveSession(app.deps, third.session.id)).toBeNull();
    expect(await queries.findLiveSession(app.deps, tokens.session.id)).toMatchObject({
      userId: tokens.user.id,
      role: 'client',
      clientId: 'public',
    });
    expect(await out({ scope: 'all' }, { actor })).toEqual({ ended: 1 });
    expect(await refusalCode(refresh(tokens.refreshToken))).toBe('session_revoked');
  });

  it('ends one own session and never another person’s', async () => {
    const { email, actor } = await registerPerson(app);
    const other = await registerPerson(app);
    const second = tokensOf(await run(app, commands.logIn, { email, password, ...caller }));
    const items = await queries.listSessions(app.deps, actor.id, actor.sessionId);
    expect(items.filter((item) => item.current)).toHaveLength(1);
    expect(items).toHaveLength(2);
    expect(await refusalCode(run(app, commands.revokeSession, { sessionId: other.actor.sessionId }, { actor }))).toBe('not_found');
    expect(await run(app, commands.revokeSession, { sessionId: second.session.id }, { actor })).toEqual({ ended: 1 });
    expect(await refusalCode(run(app, commands.revokeSession, { sessionId: second.session.id }, { actor }))).toBe('not_found');
    expect(await run(app, commands.revokeOtherSessions, {}, { actor })).toEqual({ ended: 0 });
  });
});
