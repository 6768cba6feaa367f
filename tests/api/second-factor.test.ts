import { spawnSync } from 'node:child_process';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { z } from 'zod';
import { passkeyRequest, requestOptions } from '../../src/api/passkey-shapes.ts';
import { loginTokenSet, mfaRequired, mfaState, pending, tokenSet } from '../../src/api/shapes.ts';
import { newId } from '../../src/foundation/runtime/new-id.ts';
import { usePasskey } from '../support/authenticator.ts';
import {
  type Answer,
  type Api,
  bearer,
  browserHeaders,
  codeOf,
  fieldsOf,
  newClient,
  problemOf,
  refusal,
  shaped,
  startApi,
  wrongCodeFor,
} from './support/api.ts';
import { addPasskey, arrange, clientWithPasskey, signInByPasskey, signInOptions, tryPasskey } from './support/passkeys.ts';
import { totpCode } from './support/totp.ts';

let api: Api;
beforeAll(async () => {
  api = await startApi({ RATE_LIMIT_SCALE: '1000' });
});
afterAll(() => api.stop());

const now = () => api.app.clock.now();
const codes = z.strictObject({ message: z.string(), recoveryCodes: z.array(z.string()).length(10) });
const chosen = z.strictObject({ challengeId: z.string(), method: z.string(), expiresIn: z.int(), options: requestOptions.optional() });

const challengeIn = (answer: Answer) => shaped(mfaRequired, answer).challengeId;
const logIn = (client: { email: string; password: string }, headers = {}) =>
  api.post('/auth/login', { email: client.email, password: client.password }, headers);
const mfaVerify = (body: object, headers = {}) => api.post('/auth/mfa/verify', body, headers);

async function enrolTotp(accessToken: string) {
  const begun = z.object({ enrolId: z.string(), secret: z.string() });
  const { enrolId, secret } = shaped(begun, await api.post('/account/mfa/totp', {}, bearer(accessToken)));
  const confirmed = await api.post('/account/mfa/totp/confirm', { enrolId, code: totpCode(secret, now()) }, bearer(accessToken));
  const { recoveryCodes } = shaped(codes, confirmed);
  // The step that confirmed is used up.
  api.app.clock.advance(31);
  return { secret, recoveryCodes };
}

async function clientWithTotp() {
  const client = await newClient(api);
  return { ...client, ...(await enrolTotp(client.tokens.accessToken)) };
}

/** Options for a passkey as the answer to a challenge. */
async function choosePasskey(challengeId: string) {
  const { options } = shaped(chosen, await api.post('/auth/mfa/challenge', { challengeId, method: 'passkey' }));
  if (!options) throw new Error('No options for the passkey');
  return options;
}

describe('a passkey as the second step', () => {
  it('is offered with the own credentials only, and signs in at aal2', async () => {
    const client = await clientWithPasskey(api);
    const required = shaped(mfaRequired, await logIn(client));
    expect(required.methods).toEqual(['passkey']);
    api.app.clock.advance(10);
    const answer = shaped(chosen, await api.post('/auth/mfa/challenge', { challengeId: required.challengeId, method: 'passkey' }));
    expect(answer).toMatchObject({ challengeId: required.challengeId, method: 'passkey', expiresIn: 290 });
    expect(answer.options).toMatchObject({
      rpId: 'localhost',
      userVerification: 'required',
      allowCredentials: [{ id: client.passkey.credentialId.toString('base64url'), type: 'public-key' }],
    });
    const options = answer.options ?? (await choosePasskey(required.challengeId));
    const body = { challengeId: required.challengeId, method: 'passkey', response: usePasskey(client.passkey, options) };
    const signedIn = shaped(tokenSet, await mfaVerify(body));
    expect(signedIn.session).toMatchObject({ acr: 'aal2', amr: ['pwd', 'hwk', 'user', 'mfa'] });
    expect(refusal(await mfaVerify(body))).toBe('410 challenge_expired');
  });

  it('has no options for other factors, and is not available without a passkey', async () => {
    const client = await clientWithTotp();
    const challengeId = challengeIn(await logIn(client));
    expect(shaped(chosen, await api.post('/auth/mfa/challenge', { challengeId, method: 'totp' })).options).toBeUndefined();
    expect(refusal(await api.post('/auth/mfa/challenge', { challengeId, method: 'passkey' }))).toBe('422 method_not_available');
    const stranger = await clientWithPasskey(api);
    const { options } = await signInOptions(api);
    const body = { challengeId, method: 'passkey', response: usePasskey(stranger.passkey, options) };
    expect(refusal(await mfaVerify(body))).toBe('401 passkey_invalid');
  });

  it('refuses wrong answers with passkey_invalid, answers to an earlier choice, another person’s and unchosen ones', async () => {
    const client = await clientWithPasskey(api);
    const stranger = await clientWithPasskey(api);
    const challengeId = challengeIn(await logIn(client));
    const answer = (response: unknown) => mfaVerify({ challengeId, method: 'passkey', response });
    const unchosen = usePasskey(client.passkey, (await signInOptions(api)).options);
    expect(refusal(await answer(unchosen))).toBe('401 passkey_invalid');
    const earlier = await choosePasskey(challengeId);
    const options = await choosePasskey(challengeId);
    expect(options.challenge).not.toBe(earlier.challenge);
    expect(refusal(await answer(usePasskey(client.passkey, earlier)))).toBe('401 passkey_invalid');
    expect(refusal(await answer(usePasskey(stranger.passkey, options)))).toBe('401 passkey_invalid');
    expect(refusal(await answer(usePasskey(client.passkey, options, { isVerified: false })))).toBe('401 passkey_invalid');
    expect((await answer(usePasskey(client.passkey, options, { userHandle: null }))).status).toBe(200);
  });

  it('P10 dies with its challenge after five wrong answers, right ones included', async () => {
    const client = await clientWithPasskey(api);
    const challengeId = challengeIn(await logIn(client));
    const options = await choosePasskey(challengeId);
    const wrong = () =>
      mfaVerify({ challengeId, method: 'passkey', response: usePasskey(client.passkey, options, { origin: 'https://evil.example' }) });
    for (let tried = 0; tried < 5; tried += 1) expect(refusal(await wrong())).toBe('401 passkey_invalid');
    const right = await mfaVerify({ challengeId, method: 'passkey', response: usePasskey(client.passkey, options) });
    expect(refusal(right)).toBe('410 challenge_expired');
  });

  it('P10 counts wrong answers over all factors, locks them for an hour, and leaves the passkey sign-in open', async () => {
    const client = await clientWithTotp();
    const proved = await reauthByTotp(client);
    const { passkey } = await addPasskey(api, proved);
    for (let round = 0; round < 2; round += 1) {
      const challengeId = challengeIn(await logIn(client));
      const options = await choosePasskey(challengeId);
      for (let tried = 0; tried < 3; tried += 1) {
        const response = usePasskey(passkey, options, { isVerified: false });
        expect(refusal(await mfaVerify({ challengeId, method: 'passkey', response }))).toBe('401 passkey_invalid');
      }
      const code = wrongCodeFor(totpCode(client.secret, now()));
      expect(refusal(await mfaVerify({ challengeId, method: 'totp', code }))).toBe('401 mfa_invalid');
      expect(refusal(await mfaVerify({ challengeId, method: 'recovery_code', code: 'aaaaa-aaaaa' }))).toBe('401 mfa_invalid');
    }
    const challengeId = challengeIn(await logIn(client));
    const options = await choosePasskey(challengeId);
    const locked = await mfaVerify({ challengeId, method: 'passkey', response: usePasskey(passkey, options) });
    expect([refusal(locked), problemOf(locked).retryAfter]).toEqual(['429 mfa_locked', 3600]);
    expect(refusal(await mfaVerify({ challengeId, method: 'totp', code: totpCode(client.secret, now()) }))).toBe('429 mfa_locked');
    const reauth = shaped(passkeyRequest, await api.post('/account/reauth/options', { method: 'passkey' }, bearer(proved)));
    const again = { method: 'passkey', challengeId: reauth.challengeId, response: usePasskey(passkey, reauth.options) };
    expect(refusal(await api.post('/account/reauth', again, bearer(proved)))).toBe('429 mfa_locked');
    expect((await tryPasskey(api, passkey)).status).toBe(200);
    api.app.clock.advance(3600);
    const later = challengeIn(await logIn(client));
    expect((await mfaVerify({ challengeId: later, method: 'totp', code: totpCode(client.secret, now()) })).status).toBe(200);
  });

  it('P17 U29 gives twenty parallel right answers one session', async () => {
    const client = await clientWithPasskey(api);
    const challengeId = challengeIn(await logIn(client));
    const body = { challengeId, method: 'passkey', response: usePasskey(client.passkey, await choosePasskey(challengeId)) };
    const answers = await Promise.all(Array.from({ length: 20 }, () => mfaVerify(body)));
    expect(answers.filter((answer) => answer.status === 200)).toHaveLength(1);
    expect(await api.app.deps.database.prisma.session.count({ where: { userId: client.tokens.user.id, amr: { has: 'mfa' } } })).toBe(1);
  });
});

describe('POST /auth/mfa/verify', () => {
  it('names what is missing, and takes a malformed code for no try at all', async () => {
    const client = await clientWithTotp();
    const challengeId = challengeIn(await logIn(client));
    expect(fieldsOf(await mfaVerify({ challengeId }))).toEqual(['method: required']);
    expect(fieldsOf(await mfaVerify({ challengeId, method: 'sms' }))).toEqual(['method: invalid_value']);
    expect(fieldsOf(await mfaVerify({ challengeId, method: 'totp' }))).toEqual(['code: required']);
    expect(fieldsOf(await mfaVerify({ challengeId, method: 'passkey', code: '123456' }))).toEqual(
      expect.arrayContaining(['response: required', 'code: unknown_field']),
    );
    for (let tried = 0; tried < 6; tried += 1) {
      expect(fieldsOf(await mfaVerify({ challengeId, method: 'totp', code: '12345a' }))).toEqual(['code: otp_malformed']);
    }
    const code = totpCode(client.secret, now());
    expect((await mfaVerify({ challengeId, method: 'totp', code: ` ${code.slice(0, 3)} ${code.slice(3)}` })).status).toBe(200);
  });

  it('is over for an account that was suspended meanwhile, and for a challenge that never was', async () => {
    const client = await clientWithTotp();
    const challengeId = challengeIn(await logIn(client));
    await arrange(api, (prisma) => prisma.user.updateMany({ where: { id: client.tokens.user.id }, data: { status: 'suspended' } }));
    const code = totpCode(client.secret, now());
    expect(refusal(await mfaVerify({ challengeId, method: 'totp', code }))).toBe('410 challenge_expired');
    expect(refusal(await mfaVerify({ challengeId: 'invented', method: 'totp', code }))).toBe('410 challenge_expired');
    expect(refusal(await api.post('/auth/mfa/challenge', { challengeId: 'invented', method: 'totp' }))).toBe('410 challenge_expired');
  });

  it('P11 U10 enrols by a right code only; a malformed one is no try', async () => {
    const { tokens } = await newClient(api);
    const begun = z.object({ enrolId: z.string(), secret: z.string() });
    const { enrolId, secret } = shaped(begun, await api.post('/account/mfa/totp', {}, bearer(tokens.accessToken)));
    const give = (code: string) => api.post('/account/mfa/totp/confirm', { enrolId, code }, bearer(tokens.accessToken));
    for (let tried = 0; tried < 11; tried += 1) expect(fieldsOf(await give('12345'))).toEqual(['code: otp_malformed']);
    expect(refusal(await give(wrongCodeFor(totpCode(secret, now()))))).toBe('401 mfa_invalid');
    const answers = await Promise.all(Array.from({ length: 5 }, () => give(totpCode(secret, now()))));
    expect(answers.map((answer) => answer.status).sort()).toEqual([200, 403, 403, 403, 403]);
  });

  it('P11 takes each TOTP step once, the step before, and no step ahead', async () => {
    const client = await clientWithTotp();
    const at = (seconds: number) => totpCode(client.secret, new Date(now().getTime() + seconds * 1000));
    const give = async (code: string) => mfaVerify({ challengeId: challengeIn(await logIn(client)), method: 'totp', code });
    api.app.clock.advance(60);
    expect(refusal(await give(at(30)))).toBe('401 mfa_invalid');
    expect((await give(at(-30))).status).toBe(200);
    expect(refusal(await give(at(-30)))).toBe('401 mfa_invalid');
    const challenges = await Promise.all(Array.from({ length: 5 }, async () => challengeIn(await logIn(client))));
    const code = at(0);
    const answers = await Promise.all(challenges.map((challengeId) => mfaVerify({ challengeId, method: 'totp', code })));
    expect(answers.map((answer) => answer.status).sort()).toEqual([200, 401, 401, 401, 401]);
  });

  it('takes codes that an independent program makes', async () => {
    const client = await clientWithTotp();
    const code = codeByPython(client.secret, now());
    expect((await mfaVerify({ challengeId: challengeIn(await logIn(client)), method: 'totp', code })).status).toBe(200);
  });

  it('U12 takes a recovery code once, also in parallel, and tells how many are left', async () => {
    const client = await clientWithTotp();
    const [code = ''] = client.recoveryCodes;
    const challenges: string[] = [];
    while (challenges.length < 6) challenges.push(challengeIn(await logIn(client)));
    const answers = await Promise.all(challenges.map((challengeId) => mfaVerify({ challengeId, method: 'recovery_code', code })));
    expect(answers.map((answer) => answer.status).sort()).toEqual([200, 401, 401, 401, 401, 401]);
    const won = answers.find((answer) => answer.status === 200);
    expect(won && shaped(tokenSet, won).session).toMatchObject({ acr: 'aal2', amr: ['pwd', 'rec', 'mfa'] });
    const { accessToken } = shaped(tokenSet, won ?? (await logIn(client)));
    expect(shaped(mfaState, await api.get('/api/v1/account/mfa', bearer(accessToken))).recoveryCodesLeft).toBe(9);
    const { prisma } = api.app.deps.database;
    const where = { aggregateId: client.tokens.user.id, name: 'identity.recovery_code.used' };
    expect(await prisma.outboxEvent.count({ where })).toBe(1);
  });
});

describe('U8 P6 with a second factor enrolled', () => {
  it('password and code answer MfaRequired without token, refresh token or cookie, also in cookie mode', async () => {
    const client = await clientWithTotp();
    const byPassword = await logIn(client, browserHeaders);
    const { flowId } = shaped(pending, await api.post('/auth/otp/send', { email: client.email }, browserHeaders));
    const byCode = await api.post('/auth/otp/verify', { flowId, code: codeOf(api, flowId) }, browserHeaders);
    for (const answer of [byPassword, byCode]) {
      expect(answer.status).toBe(200);
      expect(shaped(mfaRequired, answer)).toMatchObject({ mfaRequired: true, methods: ['totp', 'recovery_code'], expiresIn: 300 });
      expect(answer.headers['set-cookie']).toBeUndefined();
    }
  });

  it('a passkey with user verification satisfies both steps', async () => {
    const client = await clientWithPasskey(api);
    expect((await signInByPasskey(api, client.passkey)).session.acr).toBe('aal2');
  });

  it('U9 nothing of the reply authenticates anything', async () => {
    const client = await clientWithTotp();
    const answer = await logIn(client);
    const { challengeId } = shaped(mfaRequired, answer);
    expect(refusal(await api.get('/api/v1/account', bearer(challengeId)))).toBe('401 token_invalid');
    expect(refusal(await api.post('/auth/token/refresh', { refreshToken: challengeId }))).toBe('401 refresh_token_invalid');
    const { options } = await signInOptions(api);
    const { passkey } = await clientWithPasskey(api);
    const crossed = { challengeId, response: usePasskey(passkey, options) };
    expect(refusal(await api.post('/auth/passkeys/authenticate/verify', crossed))).toBe('410 challenge_expired');
    expect(refusal(await mfaVerify({ challengeId, method: 'totp', code: '000000' }, { 'X-Client-Id': 'mobile' }))).toBe(
      '410 challenge_expired',
    );
    const device = { 'X-Device-Token': challengeId };
    expect((await api.post('/auth/login', { email: client.email, password: client.password }, device)).json).toMatchObject({
      mfaRequired: true,
    });
  });
});

describe('POST /account/mfa/recovery-codes', () => {
  const renew = (token: string) => api.post('/account/mfa/recovery-codes', {}, bearer(token));

  it('voids the old codes, tells the owner, and gives a person with only a passkey their first ones', async () => {
    const client = await clientWithPasskey(api);
    const { accessToken } = await signInByPasskey(api, client.passkey);
    expect(shaped(mfaState, await api.get('/api/v1/account/mfa', bearer(accessToken)))).toMatchObject({
      passkeys: 1,
      recoveryCodesLeft: 0,
      methods: ['passkey'],
    });
    const first = shaped(codes, await renew(accessToken)).recoveryCodes;
    const second = shaped(codes, await renew(accessToken)).recoveryCodes;
    expect(second.filter((code) => first.includes(code))).toEqual([]);
    const use = async (code = '') => mfaVerify({ challengeId: challengeIn(await logIn(client)), method: 'recovery_code', code });
    expect(refusal(await use(first[0]))).toBe('401 mfa_invalid');
    expect((await use(second[0])).status).toBe(200);
    const where = { aggregateId: client.tokens.user.id, name: 'identity.recovery_codes.regenerated' };
    expect(await api.app.deps.database.prisma.outboxEvent.count({ where })).toBe(2);
  });

  it('needs a factor, and an aal2 session where one is enrolled', async () => {
    const { tokens } = await newClient(api);
    expect(refusal(await renew(tokens.accessToken))).toBe('409 no_factor');
    const client = await clientWithTotp();
    const answer = await renew(client.tokens.accessToken);
    expect([refusal(answer), problemOf(answer).methods]).toEqual(['403 reauth_required', ['totp']]);
  });

  it('keeps only the codes of one of two parallel renewals', async () => {
    const client = await clientWithPasskey(api);
    const { accessToken } = await signInByPasskey(api, client.passkey);
    await Promise.all([renew(accessToken), renew(accessToken)]);
    const { prisma } = api.app.deps.database;
    expect(await prisma.recoveryCode.count({ where: { userId: client.tokens.user.id } })).toBe(10);
  });
});

describe('DELETE /account/mfa/totp', () => {
  it('P11 needs aal2, voids the recovery codes and ends the trust of devices', async () => {
    const client = await clientWithTotp();
    const remove = (token: string) => api.call('DELETE', '/api/v1/account/mfa/totp', { headers: bearer(token) });
    expect(refusal(await remove(client.tokens.accessToken))).toBe('403 reauth_required');
    const token = await reauthByTotp(client);
    expect((await remove(token)).status).toBe(204);
    expect(refusal(await remove(token))).toBe('404 not_found');
    const state = shaped(mfaState, await api.get('/api/v1/account/mfa', bearer(token)));
    expect(state).toMatchObject({ totp: { enabled: false, enabledAt: null }, recoveryCodesLeft: 0, methods: [] });
  });
});

describe('/account/trusted-devices', () => {
  const item = z.strictObject({
    id: z.uuid(),
    label: z.string(),
    place: z.string(),
    trustedUntil: z.iso.datetime(),
    lastSeenAt: z.iso.datetime(),
  });
  const list = async (token: string) =>
    shaped(z.strictObject({ items: z.array(item) }), await api.get('/api/v1/account/trusted-devices', bearer(token))).items;
  const forget = (token: string, id: string) => api.call('DELETE', `/api/v1/account/trusted-devices/${id}`, { headers: bearer(token) });
  const firefox = { 'User-Agent': 'Mozilla/5.0 (X11; Linux x86_64; rv:140.0) Gecko/20100101 Firefox/140.0' };

  async function trusting() {
    const client = await clientWithTotp();
    const device = { ...firefox, 'X-Device-Token': client.tokens.deviceToken ?? '' };
    const body = {
      challengeId: challengeIn(await logIn(client, device)),
      method: 'totp',
      code: totpCode(client.secret, now()),
      trustDevice: true,
    };
    const signedIn = shaped(tokenSet, await mfaVerify(body, device));
    return { ...client, device, signedIn };
  }

  it('lists where the second step is skipped for 30 days, and asks there again once forgotten', async () => {
    const client = await trusting();
    const { accessToken } = client.signedIn;
    const [trusted] = await list(accessToken);
    expect(trusted).toMatchObject({ label: 'Firefox on Linux', place: 'unknown' });
    expect(new Date(trusted?.trustedUntil ?? 0).getTime()).toBe(now().getTime() + 30 * 86_400_000);
    const skipped = shaped(loginTokenSet, await logIn(client, client.device));
    expect(skipped.session).toMatchObject({ acr: 'aal1', amr: ['pwd'] });
    expect(refusal(await api.post('/auth/login', { email: client.email, password: 'wrong' }, client.device))).toBe(
      '401 invalid_credentials',
    );
    const stranger = await trusting();
    for (const id of [newId(), 'no-id', (await list(stranger.signedIn.accessToken))[0]?.id ?? '']) {
      expect(refusal(await forget(accessToken, id))).toBe('404 not_found');
    }
    const id = trusted?.id ?? '';
    expect((await forget(accessToken, id)).status).toBe(204);
    expect(refusal(await forget(accessToken, id))).toBe('404 not_found');
    expect(await list(accessToken)).toEqual([]);
    shaped(mfaRequired, await logIn(client, client.device));
    expect(await list(stranger.signedIn.accessToken)).toHaveLength(1);
  });

  it('ends with the 30 days, and with every change of credentials', async () => {
    const client = await trusting();
    await addPasskey(api, client.signedIn.accessToken);
    expect(await list(client.signedIn.accessToken)).toEqual([]);
    const other = await trusting();
    shaped(codes, await api.post('/account/mfa/recovery-codes', {}, bearer(other.signedIn.accessToken)));
    expect(await list(other.signedIn.accessToken)).toEqual([]);
    const third = await trusting();
    api.app.clock.advance(30 * 86_400 + 1);
    shaped(mfaRequired, await logIn(third, third.device));
  });
});

describe('P16 decay', () => {
  it('makes the session aal2 at its next refresh after TOTP, aal1 a day later, and leaves it alive with its auth time', async () => {
    const client = await clientWithTotp();
    const next = shaped(tokenSet, await api.post('/auth/token/refresh', { refreshToken: client.tokens.refreshToken }));
    expect(next.session).toMatchObject({ acr: 'aal2', authTime: client.tokens.session.authTime });
    api.app.clock.advance(86_401);
    const later = shaped(tokenSet, await api.post('/auth/token/refresh', { refreshToken: next.refreshToken }));
    expect(later.session).toMatchObject({ id: client.tokens.session.id, acr: 'aal1', authTime: client.tokens.session.authTime });
    expect((await api.get('/api/v1/account', bearer(later.accessToken))).status).toBe(200);
  });
});

/** A fresh aal2 access token of the first session. */
async function reauthByTotp(client: { tokens: { accessToken: string }; secret: string }): Promise<string> {
  const body = { method: 'totp', code: totpCode(client.secret, now()) };
  const answer = await api.post('/account/reauth', body, bearer(client.tokens.accessToken));
  api.app.clock.advance(31);
  return shaped(z.object({ accessToken: z.string() }), answer).accessToken;
}

/** RFC 6238 by Python's standard library. */
function codeByPython(secret: string, at: Date): string {
  const program = `
import base64, hashlib, hmac, struct, sys
secret, at = sys.argv[1], int(sys.argv[2])
mac = hmac.new(base64.b32decode(secret + '=' * (-len(secret) % 8)), struct.pack('>Q', at // 30), hashlib.sha1).digest()
offset = mac[-1] & 15
print('%06d' % ((struct.unpack('>I', mac[offset:offset + 4])[0] & 0x7fffffff) % 1000000))`;
  const { stdout, status } = spawnSync('python3', ['-c', program, secret, String(Math.floor(at.getTime() / 1000))], { encoding: 'utf8' });
  if (status !== 0) throw new Error('python3 is needed to make a code independently');
  return stdout.trim();
}
