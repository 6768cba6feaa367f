import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { account, loginTokenSet, openedCase, pending } from '../../src/api/shapes.ts';
import { notMeTokenOf } from '../../src/modules/identity/index.ts';
import { arrange } from '../modules/identity/people.ts';
import { type Api, bearer, newClient, problemOf, refusal, shaped, startApi } from './support/api.ts';
import { setUser, withoutPassword, withTotp } from './support/standing.ts';

let api: Api;
beforeAll(async () => {
  api = await startApi({ RATE_LIMIT_SCALE: '1000' });
});
afterAll(() => api.stop());

const fresh = 'Indigo-harvest-64-thread';
const hour = 3600;
const report = (token: string) => api.post('/auth/not-me', { token });
const tokenOf = (userId: string, sessionId: string | null) =>
  notMeTokenOf(api.app.deps, { userId, sessionId, atMs: api.app.clock.now().getTime() });
const logIn = (email: string, password: string, headers = {}) => api.post('/auth/login', { email, password }, headers);
const read = (token: string) => api.get('/api/v1/account', bearer(token));
const userRow = (id: string) => api.app.deps.database.prisma.user.findUniqueOrThrow({ where: { id } });
const reset = async (email: string) => {
  const { flowId } = shaped(pending, await api.post('/auth/password/forgot', { email }));
  return api.post('/auth/password/reset', { resetToken: api.app.deps.keyring.linkToken(flowId, 1), password: fresh });
};

/** The owner, and a stranger who signed in from a device of their own. */
async function intruded() {
  const owner = await newClient(api);
  const stranger = shaped(loginTokenSet, await logIn(owner.email, owner.password));
  return { ...owner, stranger, id: owner.tokens.user.id };
}

describe('POST /auth/not-me', () => {
  it('ends the named session at once and no other, and says under which case', async () => {
    const { stranger, tokens, id } = await intruded();
    const answer = await report(tokenOf(id, stranger.session.id));
    expect(answer.status).toBe(200);
    const { caseId } = shaped(openedCase, answer);
    expect(refusal(await read(stranger.accessToken))).toBe('401 session_revoked');
    expect(refusal(await api.post('/auth/token/refresh', { refreshToken: stranger.refreshToken }))).toBe('401 session_revoked');
    expect((await read(tokens.accessToken)).status).toBe(200);
    const [event] = await api.app.deps.database.prisma.outboxEvent.findMany({
      where: { name: 'identity.not_me.reported', aggregateId: id },
    });
    expect(event?.payload).toMatchObject({ userId: id, sessionId: stranger.session.id, caseId });
    const ended = await api.app.deps.database.prisma.session.findUniqueOrThrow({ where: { id: stranger.session.id } });
    expect(ended.revokedReason).toBe('not_me');
  });

  it('ends every session where the notice named none', async () => {
    const { stranger, tokens, id } = await intruded();
    expect((await report(tokenOf(id, null))).status).toBe(200);
    for (const token of [stranger.accessToken, tokens.accessToken]) expect(refusal(await read(token))).toBe('401 session_revoked');
  });

  it('disables the password until it is reset: the right one is 403 with other ways, a wrong one 401', async () => {
    const { email, password, id, tokens } = await intruded();
    await report(tokenOf(id, null));
    const closed = await logIn(email, password, { 'X-Device-Token': tokens.deviceToken ?? '' });
    expect([refusal(closed), problemOf(closed).alternatives]).toEqual(['403 password_disabled', ['otp', 'passkey', 'google', 'reset']]);
    expect(refusal(await logIn(email, 'wrong'))).toBe('401 invalid_credentials');
    const { flowId } = shaped(pending, await api.post('/auth/otp/send', { email }));
    expect((await api.post('/auth/otp/verify', { flowId, code: api.app.deps.keyring.otpCode(flowId, 1) })).status).toBe(200);
    api.app.clock.advance(25 * hour);
    expect(refusal(await logIn(email, password))).toBe('403 password_disabled');
    expect((await reset(email)).status).toBe(204);
    expect((await logIn(email, fresh)).status).toBe(200);
  });

  it('closes the sensitive routes for 24 hours, however fresh the sign-in, and holds payouts for 72', async () => {
    const { stranger, tokens, id, email, password } = await intruded();
    const at = api.app.clock.now().getTime();
    await report(tokenOf(id, stranger.session.id));
    const put = (token: string) =>
      api.call('PUT', '/api/v1/account/password', { body: { currentPassword: password, newPassword: fresh }, headers: bearer(token) });
    expect(refusal(await put(tokens.accessToken))).toBe('403 account_frozen');
    expect(refusal(await api.post('/account/password', { password: fresh }, bearer(tokens.accessToken)))).toBe('403 account_frozen');
    expect(refusal(await api.post('/account/mfa/totp', {}, bearer(tokens.accessToken)))).toBe('403 account_frozen');
    const shown = shaped(account, await read(tokens.accessToken));
    expect(shown.frozenUntil).toBe(new Date(at + 24 * hour * 1000).toISOString());
    expect((await userRow(id)).payoutHoldUntil?.getTime()).toBe(at + 72 * hour * 1000);
    await reset(email);
    const again = shaped(loginTokenSet, await logIn(email, fresh));
    expect(refusal(await put(again.accessToken))).toBe('403 account_frozen');
    api.app.clock.advance(24 * hour + 1);
    const later = shaped(loginTokenSet, await logIn(email, fresh));
    const body = { currentPassword: fresh, newPassword: 'Another-harvest-65-thread' };
    expect((await api.call('PUT', '/api/v1/account/password', { body, headers: bearer(later.accessToken) })).status).toBe(204);
  });

  it('a second report never shortens what the first closed', async () => {
    const { stranger, id } = await intruded();
    const far = new Date(api.app.clock.now().getTime() + 1000 * hour * 1000);
    await arrange(api.app, (db) => db.user.updateMany({ where: { id }, data: { payoutHoldUntil: far } }));
    await report(tokenOf(id, stranger.session.id));
    expect((await userRow(id)).payoutHoldUntil).toEqual(far);
  });

  it('forgets the stranger’s device, ends trust and sign-ins that wait for a second factor', async () => {
    const { stranger, id, email, password, tokens } = await intruded();
    await withTotp(api, id);
    const trusted = { mfaTrustedUntil: new Date(api.app.clock.now().getTime() + 86_400_000) };
    await arrange(api.app, (db) => db.knownDevice.updateMany({ where: { userId: id }, data: trusted }));
    expect((await logIn(email, password)).status).toBe(200);
    await report(tokenOf(id, stranger.session.id));
    const { prisma } = api.app.deps.database;
    const devices = await prisma.knownDevice.findMany({ where: { userId: id } });
    expect(devices.map((device) => device.mfaTrustedUntil)).toEqual([null]);
    expect(await prisma.mfaChallenge.count({ where: { userId: id, consumedAt: null } })).toBe(0);
    expect(tokens.deviceToken).toBeDefined();
  });

  it('P17 U29 counts once of twenty parallel reports', async () => {
    const { stranger, id } = await intruded();
    const token = tokenOf(id, stranger.session.id);
    const answers = await Promise.all(Array.from({ length: 20 }, () => report(token)));
    expect(answers.filter((answer) => answer.status === 200)).toHaveLength(1);
    expect(answers.filter((answer) => answer.status !== 200).map(refusal)).toEqual(Array.from({ length: 19 }, () => '410 token_expired'));
    expect(await api.app.deps.database.prisma.outboxEvent.count({ where: { name: 'identity.not_me.reported', aggregateId: id } })).toBe(1);
  });

  it('works for seven days and no longer, with nothing altered, for accounts that are there', async () => {
    const { stranger, id } = await intruded();
    const [early, late] = [tokenOf(id, stranger.session.id), tokenOf(id, null)];
    api.app.clock.advance(7 * 24 * hour - 1);
    expect((await report(early)).status).toBe(200);
    api.app.clock.advance(2);
    expect(refusal(await report(late))).toBe('410 token_expired');
    const altered = `${tokenOf(id, null).slice(0, -2)}AA`;
    for (const token of ['nonsense', altered, early]) expect(refusal(await report(token))).toBe('410 token_expired');
    const closed = await newClient(api);
    await setUser(api, closed.tokens.user.id, { status: 'closed' });
    expect(refusal(await report(tokenOf(closed.tokens.user.id, null)))).toBe('410 token_expired');
    expect(refusal(await report(tokenOf('01a200ac-623e-7708-95a3-0712e68ea52e', null)))).toBe('410 token_expired');
  });

  it('is taken of the suspended and of those without a password as well, also where the session is gone', async () => {
    const suspended = await newClient(api);
    await setUser(api, suspended.tokens.user.id, { status: 'suspended' });
    expect((await report(tokenOf(suspended.tokens.user.id, suspended.tokens.session.id))).status).toBe(200);
    const google = await newClient(api);
    await withoutPassword(api, google.tokens.user.id);
    await api.post('/auth/logout', {}, bearer(google.tokens.accessToken));
    expect((await report(tokenOf(google.tokens.user.id, google.tokens.session.id))).status).toBe(200);
    const foreign = await newClient(api);
    expect((await report(tokenOf(google.tokens.user.id, foreign.tokens.session.id))).status).toBe(200);
    expect((await read(foreign.tokens.accessToken)).status).toBe(200);
  });
});
