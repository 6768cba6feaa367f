import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { loginTokenSet } from '../../src/api/shapes.ts';
import { arrange } from '../modules/identity/people.ts';
import { type Api, bearer, fieldsOf, newClient, problemOf, refusal, shaped, startApi } from './support/api.ts';
import { withoutPassword, withTotp } from './support/standing.ts';

let api: Api;
beforeAll(async () => {
  api = await startApi({ RATE_LIMIT_SCALE: '1000' });
});
afterAll(() => api.stop());

const fresh = 'Indigo-harvest-64-thread';
const path = '/api/v1/account/password';
const change = (token: string, currentPassword: string, newPassword = fresh, headers = {}) =>
  api.call('PUT', path, { body: { currentPassword, newPassword }, headers: { ...bearer(token), ...headers } });
const setFirst = (token: string, password = fresh) => api.call('POST', path, { body: { password }, headers: bearer(token) });
const logIn = (email: string, password: string) => api.post('/auth/login', { email, password });
const account = (token: string) => api.get('/api/v1/account', bearer(token));
const changed = (aggregateId: string) =>
  api.app.deps.database.prisma.outboxEvent.count({ where: { name: 'identity.password.changed', aggregateId } });

describe('PUT /account/password', () => {
  it('U13 P7 replaces it: other refresh tokens are 401 and their access tokens refused at once; this session goes on', async () => {
    const { email, password, tokens } = await newClient(api);
    const other = shaped(loginTokenSet, await logIn(email, password));
    const done = await change(tokens.accessToken, password);
    expect([done.status, done.text]).toEqual([204, '']);
    expect(refusal(await account(other.accessToken))).toBe('401 session_revoked');
    expect(refusal(await api.post('/auth/token/refresh', { refreshToken: other.refreshToken }))).toBe('401 session_revoked');
    expect((await account(tokens.accessToken)).status).toBe(200);
    expect((await api.post('/auth/token/refresh', { refreshToken: tokens.refreshToken })).status).toBe(200);
    expect(refusal(await logIn(email, password))).toBe('401 invalid_credentials');
    expect((await logIn(email, fresh)).status).toBe(200);
    expect(await changed(tokens.user.id)).toBe(1);
  });

  it('ends the trust of devices', async () => {
    const { password, tokens } = await newClient(api);
    const trusted = { mfaTrustedUntil: new Date(api.app.clock.now().getTime() + 86_400_000) };
    await arrange(api.app, (db) => db.knownDevice.updateMany({ where: { userId: tokens.user.id }, data: trusted }));
    expect((await change(tokens.accessToken, password)).status).toBe(204);
    const [device] = await api.app.deps.database.prisma.knownDevice.findMany({ where: { userId: tokens.user.id } });
    expect(device?.mfaTrustedUntil).toBeNull();
  });

  it('refuses a wrong current password, counts it as a failed sign-in, and then waits', async () => {
    const { email, password, tokens } = await newClient(api);
    for (const wrong of ['not it', '', `${password}\u0000`, 'x'.repeat(4000), 'not it either'])
      expect(refusal(await change(tokens.accessToken, wrong))).toBe('401 invalid_credentials');
    const blocked = await change(tokens.accessToken, password);
    expect(refusal(blocked)).toBe('429 rate_limited');
    expect(problemOf(blocked).retryAfter).toBeGreaterThan(0);
    expect(refusal(await logIn(email, password))).toBe('429 rate_limited');
    api.app.clock.advance(901);
    expect((await logIn(email, password)).status).toBe(200);
  });

  it('refuses the same password again, and one that is no good, before anything is counted', async () => {
    const { password, tokens } = await newClient(api);
    const same = await change(tokens.accessToken, password, password);
    expect([refusal(same), fieldsOf(same)]).toEqual(['422 password_unchanged', ['newPassword: password_unchanged']]);
    for (let tried = 0; tried < 6; tried += 1) {
      const short = await change(tokens.accessToken, 'wrong', 'short');
      expect([refusal(short), fieldsOf(short)]).toEqual(['422 password_too_short', ['newPassword: password_too_short']]);
    }
    expect((await change(tokens.accessToken, password)).status).toBe(204);
  });

  it('asks for a fresh sign-in, and for the second factor where there is one', async () => {
    const { password, tokens } = await newClient(api);
    await withTotp(api, tokens.user.id);
    const weak = await change(tokens.accessToken, password);
    expect([refusal(weak), problemOf(weak).methods]).toEqual(['403 reauth_required', ['totp']]);
    const plain = await newClient(api);
    api.app.clock.advance(301);
    expect(refusal(await change(plain.tokens.accessToken, plain.password))).toBe('403 reauth_required');
  });

  it('is 409 without a password, and 403 while the password is switched off', async () => {
    const google = await newClient(api);
    await withoutPassword(api, google.tokens.user.id);
    expect(refusal(await change(google.tokens.accessToken, 'anything'))).toBe('409 no_password');
    const { password, tokens } = await newClient(api);
    await arrange(api.app, (db) => db.user.updateMany({ where: { id: tokens.user.id }, data: { passwordDisabled: true } }));
    expect(refusal(await change(tokens.accessToken, 'not it'))).toBe('401 invalid_credentials');
    const closed = await change(tokens.accessToken, password);
    expect([refusal(closed), problemOf(closed).alternatives]).toEqual(['403 password_disabled', ['otp', 'passkey', 'google', 'reset']]);
  });

  it('lets one of four parallel changes through', async () => {
    const { password, tokens } = await newClient(api);
    const answers = await Promise.all(Array.from({ length: 4 }, (_, n) => change(tokens.accessToken, password, `${fresh}-${n}`)));
    expect(answers.filter((answer) => answer.status === 204)).toHaveLength(1);
    expect(new Set(answers.filter((answer) => answer.status !== 204).map(refusal))).toEqual(new Set(['401 invalid_credentials']));
  });

  it('counts on a known device apart from strangers', async () => {
    const { password, tokens } = await newClient(api);
    for (let tried = 0; tried < 4; tried += 1) await change(tokens.accessToken, 'wrong');
    const device = { 'X-Device-Token': tokens.deviceToken ?? '' };
    expect((await change(tokens.accessToken, password, fresh, device)).status).toBe(204);
  });

  it('is limited to 20 an hour and needs a live session', async () => {
    const body = { currentPassword: 'x', newPassword: fresh };
    expect(refusal(await api.call('PUT', path, { body }))).toBe('401 token_missing');
    const { tokens } = await newClient(api);
    const answer = await change(tokens.accessToken, 'wrong');
    expect(answer.headers['ratelimit-policy']).toBe('"account";q=120000;w=60, "account-sensitive";q=20000;w=3600');
  });
});

describe('POST /account/password', () => {
  it('gives an account of Google its first password once; the session goes on', async () => {
    const { email, tokens } = await newClient(api);
    await withoutPassword(api, tokens.user.id);
    const short = await setFirst(tokens.accessToken, 'short');
    expect([refusal(short), fieldsOf(short)]).toEqual(['422 password_too_short', ['password: password_too_short']]);
    const answers = await Promise.all(Array.from({ length: 5 }, () => setFirst(tokens.accessToken)));
    expect(answers.filter((answer) => answer.status === 204)).toHaveLength(1);
    expect(new Set(answers.filter((answer) => answer.status !== 204).map(refusal))).toEqual(new Set(['409 password_exists']));
    expect((await account(tokens.accessToken)).json).toMatchObject({ hasPassword: true });
    expect((await logIn(email, fresh)).status).toBe(200);
    expect(await changed(tokens.user.id)).toBe(1);
  });

  it('makes the row where there was none, and opens a password way that a report had closed', async () => {
    const { email, tokens } = await newClient(api);
    const { id } = tokens.user;
    await arrange(api.app, (db) => db.credential.deleteMany({ where: { userId: id } }));
    await arrange(api.app, (db) => db.user.updateMany({ where: { id }, data: { passwordDisabled: true } }));
    expect((await setFirst(tokens.accessToken)).status).toBe(204);
    expect((await logIn(email, fresh)).status).toBe(200);
  });

  it('is 409 where there is one, and asks for a fresh sign-in', async () => {
    const { tokens } = await newClient(api);
    expect(refusal(await setFirst(tokens.accessToken))).toBe('409 password_exists');
    api.app.clock.advance(301);
    expect(refusal(await setFirst(tokens.accessToken))).toBe('403 reauth_required');
  });
});
