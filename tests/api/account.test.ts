import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { z } from 'zod';
import { account, accountSession, loginTokenSet, mfaRequired, mfaState, tokenSet } from '../../src/api/shapes.ts';
import { newId } from '../../src/foundation/runtime/new-id.ts';
import { type Api, bearer, fieldsOf, newClient, problemOf, refusal, shaped, startApi } from './support/api.ts';
import { totpCode } from './support/totp.ts';

let api: Api;
beforeAll(async () => {
  api = await startApi({ RATE_LIMIT_SCALE: '1000' });
});
afterAll(() => api.stop());

const path = '/api/v1/account';
const patch = (token: string, body: unknown, etag?: string) =>
  api.call('PATCH', path, { body, headers: { ...bearer(token), ...(etag === undefined ? {} : { 'If-Match': etag }) } });

describe('GET and PATCH /account', () => {
  it('shows the owner their contact in clear, with a version as ETag', async () => {
    const { email, tokens } = await newClient(api);
    const answer = await api.get(path, bearer(tokens.accessToken));
    const shown = shaped(account, answer);
    expect(shown).toMatchObject({ id: tokens.user.id, email, phone: null, emailVerified: true, hasPassword: true, status: 'active' });
    expect(answer.headers.etag).toBe(`"${shown.version}"`);
  });

  it('changes what is sent, by the version that was read', async () => {
    const { tokens } = await newClient(api);
    const { etag = '' } = (await api.get(path, bearer(tokens.accessToken))).headers;
    const changed = await patch(
      tokens.accessToken,
      { firstName: 'Adaeze', bio: 'Sews', city: 'Lagos', language: 'ig', timezone: 'Africa/Lagos' },
      etag,
    );
    expect(shaped(account, changed)).toMatchObject({
      firstName: 'Adaeze',
      bio: 'Sews',
      city: 'Lagos',
      language: 'ig',
      timezone: 'Africa/Lagos',
      address: null,
    });
    expect(changed.headers.etag).not.toBe(etag);
    const stale = await patch(tokens.accessToken, { bio: 'Late' }, etag);
    expect(refusal(stale)).toBe('412 version_conflict');
  });

  it('needs If-Match, and one that we gave out', async () => {
    const { tokens } = await newClient(api);
    expect(refusal(await patch(tokens.accessToken, { bio: 'x' }))).toBe('428 if_match_required');
    for (const tag of ['"999"', '*', 'W/"1"', '1', '""'])
      expect(refusal(await patch(tokens.accessToken, { bio: 'x' }, tag))).toBe('412 version_conflict');
  });

  it('of two writers with one version lets one through', async () => {
    const { tokens } = await newClient(api);
    const { etag = '' } = (await api.get(path, bearer(tokens.accessToken))).headers;
    const answers = await Promise.all(['a', 'b', 'c', 'd'].map((bio) => patch(tokens.accessToken, { bio }, etag)));
    expect(answers.map((answer) => answer.status).sort()).toEqual([200, 412, 412, 412]);
  });

  it.each([
    [{ email: 'other@example.com' }, 'email: unknown_field'],
    [{ phone: '08031234567' }, 'phone: unknown_field'],
    [{ role: 'vendor' }, 'role: unknown_field'],
    [{ authMethod: 'google' }, 'authMethod: unknown_field'],
    [{ emailVerified: true }, 'emailVerified: unknown_field'],
    [{ bio: 'x'.repeat(501) }, 'bio: too_long'],
    [{ address: 'x'.repeat(256) }, 'address: too_long'],
    [{ bio: 7 }, 'bio: invalid_type'],
    [{ firstName: '123' }, 'firstName: name_invalid'],
    [{ countryCode: 'ZZ' }, 'countryCode: country_unknown'],
    [{ timezone: 'Mars/Olympus' }, 'timezone: invalid_value'],
    [{ language: 'fr' }, 'language: invalid_value'],
    [{ city: 'a\nb' }, 'city: invalid_value'],
  ])('refuses %j', async (body, field) => {
    const { tokens } = await newClient(api);
    const { etag = '' } = (await api.get(path, bearer(tokens.accessToken))).headers;
    const answer = await patch(tokens.accessToken, body, etag);
    expect(answer.status).toBe(422);
    expect(fieldsOf(answer)).toEqual([field]);
  });
});

describe('/account/sessions', () => {
  const list = async (token: string) =>
    shaped(z.strictObject({ items: z.array(accountSession) }), await api.get(`${path}/sessions`, bearer(token))).items;
  const end = (token: string, id: string) => api.call('DELETE', `${path}/sessions/${id}`, { headers: bearer(token) });

  it('lists live sessions and marks the one that asks', async () => {
    const { email, password, tokens } = await newClient(api);
    const second = shaped(loginTokenSet, await api.post('/auth/login', { email, password }));
    const items = await list(second.accessToken);
    expect(items.map((item) => item.id).sort()).toEqual([tokens.session.id, second.session.id].sort());
    expect(items.filter((item) => item.current).map((item) => item.id)).toEqual([second.session.id]);
    expect((await api.get(`${path}/sessions`, bearer(second.accessToken))).text).not.toContain('oken');
  });

  it('ends one of the own, at once; another person’s and unknown ones are 404', async () => {
    const { email, password, tokens } = await newClient(api);
    const stranger = await newClient(api);
    const second = shaped(loginTokenSet, await api.post('/auth/login', { email, password }));
    for (const id of [stranger.tokens.session.id, newId(), 'not-an-id', '1'])
      expect(refusal(await end(tokens.accessToken, id))).toBe('404 not_found');
    expect((await end(tokens.accessToken, second.session.id)).status).toBe(204);
    expect(refusal(await api.get(path, bearer(second.accessToken)))).toBe('401 session_revoked');
    expect(refusal(await api.post('/auth/token/refresh', { refreshToken: second.refreshToken }))).toBe('401 session_revoked');
    expect((await api.get(path, bearer(stranger.tokens.accessToken))).status).toBe(200);
    expect(refusal(await end(tokens.accessToken, second.session.id))).toBe('404 not_found');
  });

  it('ends all others and says how many', async () => {
    const { email, password, tokens } = await newClient(api);
    await api.post('/auth/login', { email, password });
    await api.post('/auth/login', { email, password });
    const answer = await api.call('DELETE', `${path}/sessions`, { headers: bearer(tokens.accessToken) });
    expect(answer.json).toMatchObject({ ended: 2 });
    expect(await list(tokens.accessToken)).toHaveLength(1);
  });
});

describe('/account/mfa', () => {
  const started = z.strictObject({
    enrolId: z.string(),
    secret: z.string().regex(/^[A-Z2-7]+$/),
    otpauthUri: z.string(),
    qrSvg: z.string(),
    expiresIn: z.literal(600),
  });
  const confirmed = z.strictObject({ message: z.string(), recoveryCodes: z.array(z.string()).length(10) });
  const now = () => api.app.clock.now();

  async function enrolled() {
    const client = await newClient(api);
    const { accessToken } = client.tokens;
    const { enrolId, secret, otpauthUri, qrSvg } = shaped(started, await api.post('/account/mfa/totp', {}, bearer(accessToken)));
    expect(otpauthUri).toContain(secret);
    expect(qrSvg).toContain('<svg');
    const wrong = await api.post('/account/mfa/totp/confirm', { enrolId, code: '000000' }, bearer(accessToken));
    expect(refusal(wrong)).toBe('401 mfa_invalid');
    const { recoveryCodes } = shaped(
      confirmed,
      await api.post('/account/mfa/totp/confirm', { enrolId, code: totpCode(secret, now()) }, bearer(accessToken)),
    );
    // The step that confirmed is used up.
    api.app.clock.advance(31);
    return { ...client, secret, recoveryCodes };
  }

  it('enrols, is asked at the next sign-in, and the reply authenticates nothing', async () => {
    const { email, password, secret, tokens } = await enrolled();
    const state = shaped(mfaState, await api.get(`${path}/mfa`, bearer(tokens.accessToken)));
    expect(state).toMatchObject({ totp: { enabled: true }, recoveryCodesLeft: 10, methods: ['totp', 'recovery_code'] });
    const answer = await api.post('/auth/login', { email, password });
    expect(answer.status).toBe(200);
    expect(answer.headers['set-cookie']).toBeUndefined();
    const { challengeId } = shaped(mfaRequired, answer);
    expect(refusal(await api.get(path, bearer(challengeId)))).toBe('401 token_invalid');
    expect(refusal(await api.post('/auth/token/refresh', { refreshToken: challengeId }))).toBe('401 refresh_token_invalid');
    const chosen = await api.post('/auth/mfa/challenge', { challengeId, method: 'totp' });
    expect(chosen.json).toMatchObject({ challengeId, method: 'totp' });
    expect(refusal(await api.post('/auth/mfa/challenge', { challengeId, method: 'passkey' }))).toBe('422 method_not_available');
    const done = shaped(tokenSet, await api.post('/auth/mfa/verify', { challengeId, method: 'totp', code: totpCode(secret, now()) }));
    expect(done.session).toMatchObject({ acr: 'aal2' });
    expect(done.session.amr).toContain('mfa');
    expect(refusal(await api.post('/auth/mfa/verify', { challengeId, method: 'totp', code: totpCode(secret, now()) }))).toBe(
      '410 challenge_expired',
    );
  });

  it('takes a recovery code once, dashes and case ignored', async () => {
    const { email, password, recoveryCodes } = await enrolled();
    const [code = ''] = recoveryCodes;
    const challenge = async () => shaped(mfaRequired, await api.post('/auth/login', { email, password })).challengeId;
    const body = { method: 'recovery_code', code: code.toLowerCase() };
    expect((await api.post('/auth/mfa/verify', { ...body, challengeId: await challenge() })).status).toBe(200);
    expect(refusal(await api.post('/auth/mfa/verify', { ...body, challengeId: await challenge() }))).toBe('401 mfa_invalid');
  });

  it('kills a challenge after five wrong codes and refuses it from another client', async () => {
    const { email, password, secret } = await enrolled();
    const { challengeId } = shaped(mfaRequired, await api.post('/auth/login', { email, password }));
    const right = () => ({ challengeId, method: 'totp', code: totpCode(secret, now()) });
    expect(refusal(await api.post('/auth/mfa/verify', right(), { 'X-Client-Id': 'mobile' }))).toBe('410 challenge_expired');
    for (let count = 0; count < 5; count += 1) {
      expect(refusal(await api.post('/auth/mfa/verify', { challengeId, method: 'totp', code: '000000' }))).toBe('401 mfa_invalid');
    }
    expect(refusal(await api.post('/auth/mfa/verify', right()))).toBe('410 challenge_expired');
  });

  it('asks for a fresh second factor before it is removed, and takes one by reauth', async () => {
    const { secret, tokens } = await enrolled();
    const remove = (token: string) => api.call('DELETE', `${path}/mfa/totp`, { headers: bearer(token) });
    const stale = await remove(tokens.accessToken);
    expect(refusal(stale)).toBe('403 reauth_required');
    expect(problemOf(stale).methods).toContain('totp');
    const wrong = await api.post('/account/reauth', { method: 'totp', code: '000000' }, bearer(tokens.accessToken));
    expect(refusal(wrong)).toBe('401 mfa_invalid');
    const reauth = await api.post('/account/reauth', { method: 'totp', code: totpCode(secret, now()) }, bearer(tokens.accessToken));
    expect(reauth.json).toMatchObject({ tokenType: 'Bearer', expiresIn: 600, session: { id: tokens.session.id, acr: 'aal2' } });
    const fresh = z.object({ accessToken: z.string() }).parse(reauth.json).accessToken;
    expect((await remove(fresh)).status).toBe(204);
    expect(refusal(await remove(fresh))).toBe('404 not_found');
    expect(shaped(mfaState, await api.get(`${path}/mfa`, bearer(fresh)))).toMatchObject({
      totp: { enabled: false, enabledAt: null },
      recoveryCodesLeft: 0,
    });
  });

  it('cannot be begun on a stale sign-in until the password is given again', async () => {
    const { tokens, password } = await newClient(api);
    api.app.clock.advance(301);
    const begin = (token: string) => api.post('/account/mfa/totp', {}, bearer(token));
    expect(refusal(await begin(tokens.accessToken))).toBe('403 reauth_required');
    expect(
      refusal(await api.post('/account/reauth', { method: 'password', password: 'Wrong-password-99' }, bearer(tokens.accessToken))),
    ).toBe('401 invalid_credentials');
    const again = await api.post('/account/reauth', { method: 'password', password }, bearer(tokens.accessToken));
    expect((await begin(z.object({ accessToken: z.string() }).parse(again.json).accessToken)).status).toBe(200);
  });
});
