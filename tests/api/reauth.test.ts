import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { z } from 'zod';
import { passkeyRequest } from '../../src/api/passkey-shapes.ts';
import { pending, session as sessionShape, tokenSet } from '../../src/api/shapes.ts';
import { newId } from '../../src/foundation/runtime/new-id.ts';
import { reauthMethodsOf } from '../../src/modules/identity/reauth/methods.ts';
import { usePasskey } from '../support/authenticator.ts';
import { type Api, bearer, codeOf, fieldsOf, newClient, problemOf, refusal, shaped, startApi, wrongCodeFor } from './support/api.ts';
import { arrange, clientWithPasskey, signInByPasskey, signInOptions } from './support/passkeys.ts';

let api: Api;
beforeAll(async () => {
  api = await startApi({ RATE_LIMIT_SCALE: '1000' });
});
afterAll(() => api.stop());

const renewed = z.strictObject({
  message: z.string(),
  accessToken: z.string(),
  tokenType: z.literal('Bearer'),
  expiresIn: z.literal(600),
  session: sessionShape,
});
const begin = (token: string, body: object) => api.post('/account/reauth/options', body, bearer(token));
const prove = (token: string, body: object) => api.post('/account/reauth', body, bearer(token));
const beginCode = async (token: string) => shaped(pending, await begin(token, { method: 'otp' }));
/** A route with the dagger. */
const sensitive = (token: string) => api.post('/account/mfa/totp', {}, bearer(token));
const refreshed = async (refreshToken: string | undefined) => shaped(tokenSet, await api.post('/auth/token/refresh', { refreshToken }));

/** A signed-in client whose proof is older than five minutes, with an access token of now. */
async function staleClient() {
  const client = await newClient(api);
  api.app.clock.advance(400);
  return { ...client, token: (await refreshed(client.tokens.refreshToken)).accessToken };
}

describe('POST /account/reauth', () => {
  it('P16 moves auth_time of the same session to now, by the right password and by nothing else', async () => {
    const client = await staleClient();
    expect(refusal(await prove(client.token, { method: 'password', password: 'Not-the-password-12' }))).toBe('401 invalid_credentials');
    expect(refusal(await sensitive(client.token))).toBe('403 reauth_required');
    const proved = shaped(renewed, await prove(client.token, { method: 'password', password: client.password }));
    expect(proved.session).toMatchObject({
      id: client.tokens.session.id,
      acr: 'aal1',
      amr: ['otp', 'pwd'],
      authTime: api.app.clock.now().toISOString(),
    });
    expect((await sensitive(client.token)).status).toBe(200);
    api.app.clock.advance(301);
    expect(refusal(await sensitive(proved.accessToken))).toBe('403 reauth_required');
  });

  it('names unknown methods and members', async () => {
    const { tokens } = await newClient(api);
    expect(fieldsOf(await prove(tokens.accessToken, {}))).toEqual(['method: required']);
    expect(fieldsOf(await prove(tokens.accessToken, { method: 'sms', code: '123456' }))).toEqual(['method: invalid_value']);
    expect(fieldsOf(await prove(tokens.accessToken, { method: 'otp', flowId: newId(), code: 'abc' }))).toEqual(['code: otp_malformed']);
    expect(fieldsOf(await prove(tokens.accessToken, { method: 'totp', code: '1234567' }))).toEqual(['code: otp_malformed']);
    expect(fieldsOf(await begin(tokens.accessToken, { method: 'password' }))).toEqual(['method: invalid_value']);
    expect(fieldsOf(await begin(tokens.accessToken, { method: 'otp', email: 'a@example.com' }))).toEqual(['email: unknown_field']);
    expect(refusal(await api.post('/account/reauth/options', { method: 'otp' }))).toBe('401 token_missing');
  });

  it('is refused by TOTP without an authenticator', async () => {
    const { tokens } = await newClient(api);
    expect(refusal(await prove(tokens.accessToken, { method: 'totp', code: '123456' }))).toBe('401 mfa_invalid');
  });
});

describe('proof by a code to the own contact', () => {
  it('U10 is sent to the own contact, and opens the way to an authenticator without a password', async () => {
    const client = await staleClient();
    await arrange(api, (prisma) => prisma.credential.deleteMany({ where: { userId: client.tokens.user.id } }));
    expect(problemOf(await sensitive(client.token)).methods).toEqual(['otp']);
    const started = await beginCode(client.token);
    expect(started).toMatchObject({
      channel: 'email',
      destination: expect.stringMatching(/^s\*\*\*@example\.com$/),
      expiresIn: 600,
      resendIn: 60,
    });
    const event = await api.app.deps.database.prisma.outboxEvent.findFirstOrThrow({ where: { aggregateId: started.flowId } });
    expect(event.payload).toMatchObject({ purpose: 'step_up', channel: 'email', sendNo: 1 });
    const body = { method: 'otp', flowId: started.flowId, code: codeOf(api, started.flowId) };
    const proved = shaped(renewed, await prove(client.token, body));
    expect(proved.session).toMatchObject({ acr: 'aal1', amr: ['otp'], authTime: api.app.clock.now().toISOString() });
    expect((await sensitive(proved.accessToken)).status).toBe(200);
    expect(refusal(await prove(client.token, body))).toBe('410 flow_expired');
  });

  it('takes five wrong tries, then not even the right one; a resend brings a new code', async () => {
    const { tokens } = await newClient(api);
    const { flowId } = await beginCode(tokens.accessToken);
    const right = codeOf(api, flowId);
    const give = (code: string) => prove(tokens.accessToken, { method: 'otp', flowId, code });
    for (let tried = 0; tried < 5; tried += 1) expect(refusal(await give(wrongCodeFor(right)))).toBe('401 otp_invalid');
    expect(refusal(await give(right))).toBe('401 otp_exhausted');
    api.app.clock.advance(61);
    expect((await api.post('/auth/otp/resend', { flowId })).status).toBe(202);
    expect((await give(codeOf(api, flowId, 2))).status).toBe(200);
  });

  it('P12 takes no flow of another person or purpose, and uses none of their tries', async () => {
    const [one, two] = [await newClient(api), await newClient(api)];
    const theirs = await beginCode(two.tokens.accessToken);
    const code = codeOf(api, theirs.flowId);
    expect(refusal(await prove(one.tokens.accessToken, { method: 'otp', flowId: theirs.flowId, code }))).toBe('410 flow_expired');
    const login = shaped(pending, await api.post('/auth/otp/send', { email: one.email }));
    const crossed = { method: 'otp', flowId: login.flowId, code: codeOf(api, login.flowId) };
    expect(refusal(await prove(one.tokens.accessToken, crossed))).toBe('401 otp_invalid');
    const own = await beginCode(one.tokens.accessToken);
    expect(refusal(await api.post('/auth/otp/verify', { flowId: own.flowId, code: codeOf(api, own.flowId) }))).toBe('401 otp_invalid');
    expect(refusal(await prove(one.tokens.accessToken, { method: 'otp', flowId: 'unknown', code: '123456' }))).toBe('410 flow_expired');
    expect((await prove(two.tokens.accessToken, { method: 'otp', flowId: theirs.flowId, code })).status).toBe(200);
  });

  it('ends with the life of the code, and of the flow', async () => {
    const { tokens } = await newClient(api);
    const { flowId } = await beginCode(tokens.accessToken);
    const body = { method: 'otp', flowId, code: codeOf(api, flowId) };
    api.app.clock.advance(601);
    const { accessToken, refreshToken } = await refreshed(tokens.refreshToken);
    expect(refusal(await prove(accessToken, body))).toBe('401 otp_expired');
    api.app.clock.advance(1200);
    expect(refusal(await prove((await refreshed(refreshToken)).accessToken, body))).toBe('410 flow_expired');
  });

  it('P17 U29 gives twenty parallel right codes one success', async () => {
    const { tokens } = await newClient(api);
    const { flowId } = await beginCode(tokens.accessToken);
    const body = { method: 'otp', flowId, code: codeOf(api, flowId) };
    const answers = await Promise.all(Array.from({ length: 20 }, () => prove(tokens.accessToken, body)));
    expect(answers.filter((answer) => answer.status === 200)).toHaveLength(1);
  });
});

describe('message caps of the proof by code', () => {
  it('answer the same over five an hour, send nothing, and no code opens the flow', async () => {
    const capped = await startApi();
    try {
      const { tokens } = await newClient(capped);
      const start = () => capped.post('/account/reauth/options', { method: 'otp' }, bearer(tokens.accessToken));
      for (let sent = 0; sent < 5; sent += 1) expect((await start()).status).toBe(202);
      const { flowId } = shaped(pending, await start());
      const { prisma } = capped.app.deps.database;
      expect(await prisma.outboxEvent.count({ where: { aggregateId: flowId } })).toBe(0);
      const body = { method: 'otp', flowId, code: codeOf(capped, flowId) };
      expect(refusal(await capped.post('/account/reauth', body, bearer(tokens.accessToken)))).toBe('401 otp_invalid');
    } finally {
      await capped.stop();
    }
  });
});

describe('proof by passkey', () => {
  it('U10 lifts a session with a factor to aal2, by one of the own passkeys, also where there is no password', async () => {
    const client = await clientWithPasskey(api);
    await arrange(api, (prisma) => prisma.credential.deleteMany({ where: { userId: client.tokens.user.id } }));
    api.app.clock.advance(400);
    const { accessToken: stale } = await refreshed(client.tokens.refreshToken);
    const started = shaped(passkeyRequest, await begin(stale, { method: 'passkey' }));
    expect(started.options.allowCredentials).toMatchObject([{ id: client.passkey.credentialId.toString('base64url') }]);
    const body = { method: 'passkey', challengeId: started.challengeId, response: usePasskey(client.passkey, started.options) };
    const proved = shaped(renewed, await prove(stale, body));
    expect(proved.session).toMatchObject({ id: client.tokens.session.id, acr: 'aal2', amr: ['otp', 'hwk', 'user'] });
    expect((await sensitive(proved.accessToken)).status).toBe(200);
    expect(refusal(await prove(stale, body))).toBe('410 challenge_expired');
  });

  it('needs a passkey, a right answer, and a challenge that was given for this', async () => {
    const { tokens } = await newClient(api);
    expect(refusal(await begin(tokens.accessToken, { method: 'passkey' }))).toBe('422 method_not_available');
    const [one, two] = [await clientWithPasskey(api), await clientWithPasskey(api)];
    const token = one.tokens.accessToken;
    const start = async (who = token) => shaped(passkeyRequest, await begin(who, { method: 'passkey' }));
    const mine = await start();
    const stranger = { method: 'passkey', challengeId: mine.challengeId, response: usePasskey(two.passkey, mine.options) };
    expect(refusal(await prove(token, stranger))).toBe('401 passkey_invalid');
    const theirs = await start(two.tokens.accessToken);
    const foreign = { method: 'passkey', challengeId: theirs.challengeId, response: usePasskey(one.passkey, theirs.options) };
    expect(refusal(await prove(token, foreign))).toBe('410 challenge_expired');
    const signIn = await signInOptions(api);
    const crossed = { method: 'passkey', challengeId: signIn.challengeId, response: usePasskey(one.passkey, signIn.options) };
    expect(refusal(await prove(token, crossed))).toBe('410 challenge_expired');
    const unverified = await start();
    const silent = usePasskey(one.passkey, unverified.options, { isVerified: false });
    expect(refusal(await prove(token, { method: 'passkey', challengeId: unverified.challengeId, response: silent }))).toBe(
      '401 passkey_invalid',
    );
    const last = await start();
    const right = { method: 'passkey', challengeId: last.challengeId, response: usePasskey(one.passkey, last.options) };
    expect((await prove(token, right)).status).toBe(200);
  });

  it('P10 counts wrong answers: ten lock the factors for an hour', async () => {
    const client = await clientWithPasskey(api);
    const token = client.tokens.accessToken;
    const attempt = async (isVerified: boolean) => {
      const { challengeId, options } = shaped(passkeyRequest, await begin(token, { method: 'passkey' }));
      return prove(token, { method: 'passkey', challengeId, response: usePasskey(client.passkey, options, { isVerified }) });
    };
    for (let tried = 0; tried < 10; tried += 1) expect(refusal(await attempt(false))).toBe('401 passkey_invalid');
    expect(refusal(await attempt(true))).toBe('429 mfa_locked');
    expect((await signInByPasskey(api, client.passkey)).session.acr).toBe('aal2');
  });
});

describe('the methods of reauth_required', () => {
  const config = { googleClientId: '' };
  const account = { hasTotp: false, passkeys: 0, passwordHash: 'hash', passwordDisabled: false, identities: 0 };

  it('are the factors alone where one is enrolled, otherwise every way that would work', () => {
    expect(reauthMethodsOf(config, account)).toEqual(['password', 'otp']);
    expect(reauthMethodsOf(config, { ...account, passwordDisabled: true })).toEqual(['otp']);
    expect(reauthMethodsOf(config, { ...account, identities: 1 })).toEqual(['password', 'otp']);
    expect(reauthMethodsOf({ googleClientId: 'ours' }, { ...account, identities: 1 })).toEqual(['password', 'google', 'otp']);
    expect(reauthMethodsOf({ googleClientId: 'ours' }, { ...account, passwordHash: null, identities: 1 })).toEqual(['google', 'otp']);
    expect(reauthMethodsOf(config, { ...account, hasTotp: true, passkeys: 2 })).toEqual(['totp', 'passkey']);
    expect(reauthMethodsOf(config, { ...account, passkeys: 1 })).toEqual(['passkey']);
  });

  it('hold for a proof by password where a factor is enrolled: it is recent and still not enough', async () => {
    const client = await clientWithPasskey(api);
    // As a session that skipped the second step on a trusted device, or that fell back after a day.
    await arrange(api, (prisma) =>
      prisma.session.updateMany({ where: { id: client.tokens.session.id }, data: { acr: 'aal1', mfaAt: null } }),
    );
    const body = { method: 'password', password: client.password };
    const { accessToken } = shaped(renewed, await prove(client.tokens.accessToken, body));
    const answer = await sensitive(accessToken);
    expect([refusal(answer), problemOf(answer).methods]).toEqual(['403 reauth_required', ['passkey']]);
  });
});
