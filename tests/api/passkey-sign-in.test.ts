import { generateKeyPairSync, sign } from 'node:crypto';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { tokenSet } from '../../src/api/shapes.ts';
import { runCommand } from '../../src/foundation/command/run-command.ts';
import { parseTrace, systemCommands } from '../../src/modules/identity/index.ts';
import { type Mischief, makePasskey, usePasskey } from '../support/authenticator.ts';
import { type Api, browserHeaders, fieldsOf, goodPassword, newClient, refusal, shaped, startApi } from './support/api.ts';
import { arrange, clientWithPasskey, signInByPasskey, signInOptions, tryPasskey } from './support/passkeys.ts';

let api: Api;
beforeAll(async () => {
  api = await startApi({ RATE_LIMIT_SCALE: '1000' });
});
afterAll(() => api.stop());

const verify = '/auth/passkeys/authenticate/verify';
const mobile = { 'X-Client-Id': 'mobile' };
const loginEvents = (userId: string) =>
  api.app.deps.database.prisma.loginEvent.findMany({ where: { userId, method: 'passkey' }, orderBy: { id: 'asc' } });

describe('POST /auth/passkeys/authenticate/options', () => {
  it('P1 is the same for everybody: no identifier, no list of passkeys, verification required', async () => {
    await clientWithPasskey(api);
    const answers = [await api.post('/auth/passkeys/authenticate/options'), await api.post('/auth/passkeys/authenticate/options')];
    const [first, second] = answers.map((answer) => answer.text);
    expect(first?.length).toBe(second?.length);
    const { challengeId, options, expiresIn } = await signInOptions(api);
    expect([expiresIn, options.userVerification, options.rpId, options.timeout]).toEqual([300, 'required', 'localhost', 300_000]);
    expect(Object.keys(options)).not.toContain('allowCredentials');
    expect(Buffer.from(options.challenge, 'base64url')).toHaveLength(32);
    expect(challengeId).not.toBe(options.challenge);
    for (const field of ['email', 'phone', 'userId', 'identifier']) {
      const answer = await api.post('/auth/passkeys/authenticate/options', { [field]: 'ada@example.com' });
      expect(fieldsOf(answer)).toEqual([`${field}: unknown_field`]);
    }
  });
});

describe('POST /auth/passkeys/authenticate/verify', () => {
  it.each(['ES256', 'EdDSA', 'RS256'] as const)(
    'P6 signs in with a %s key: aal2, no second step, whoever it is from the key alone',
    async (algorithm) => {
      const { tokens, passkey } = await clientWithPasskey(api, { algorithm });
      const signedIn = await signInByPasskey(api, passkey);
      expect(signedIn.user.id).toBe(tokens.user.id);
      expect(signedIn.session).toMatchObject({ acr: 'aal2', amr: ['hwk', 'user'] });
      expect(signedIn.session.id).not.toBe(tokens.session.id);
      const [event] = await loginEvents(tokens.user.id);
      expect([event?.outcome, event?.reasonCode]).toEqual(['success', null]);
      const row = await api.app.deps.database.prisma.passkey.findFirstOrThrow({ where: { userId: tokens.user.id } });
      expect(row.lastUsedAt).toEqual(api.app.clock.now());
    },
  );

  it('keeps the refresh token of a browser in its cookie', async () => {
    const { passkey } = await clientWithPasskey(api);
    const answer = await tryPasskey(api, passkey, {}, browserHeaders);
    expect(String(answer.headers['set-cookie'])).toContain('__Host-fsh_rt=');
    expect(shaped(tokenSet, answer).refreshToken).toBeUndefined();
  });

  it('ignores unknown members inside the answer, and only there', async () => {
    const { passkey } = await clientWithPasskey(api);
    const { challengeId, options } = await signInOptions(api);
    const response = usePasskey(passkey, options);
    const further = { ...response, authenticatorAttachment: 'platform', more: { x: 1 }, response: { ...response.response, extra: [1] } };
    expect(fieldsOf(await api.post(verify, { challengeId, response: further, more: 1 }))).toEqual(['more: unknown_field']);
    expect((await api.post(verify, { challengeId, response: further })).status).toBe(200);
  });

  it('says what is missing or of another JSON type, and uses up nothing by that', async () => {
    const { passkey } = await clientWithPasskey(api);
    const { challengeId, options } = await signInOptions(api);
    const response = usePasskey(passkey, options);
    expect(fieldsOf(await api.post(verify, { challengeId }))).toEqual(['response: required']);
    expect(fieldsOf(await api.post(verify, { challengeId, response: 'text' }))).toEqual(['response: invalid_type']);
    const { signature: _signature, ...without } = response.response;
    expect(fieldsOf(await api.post(verify, { challengeId, response: { ...response, response: without } }))).toEqual([
      'response.response.signature: required',
    ]);
    expect((await api.post(verify, { challengeId, response })).status).toBe(200);
  });

  const strangerSignature = sign('sha256', Buffer.from('other'), generateKeyPairSync('ec', { namedCurve: 'P-256' }).privateKey);
  it.each<[string, Mischief]>([
    ['another origin', { origin: 'https://evil.example' }],
    ['an origin with a trailing slash', { origin: 'http://localhost:3001/' }],
    ['another rpId', { rpId: 'evil.example' }],
    ['the type of a registration', { ceremony: 'webauthn.create' }],
    ['another credential type', { credentialType: 'password' }],
    ['a challenge we did not give', { challenge: 'AAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAA' }],
    ['a frame of another site', { crossOrigin: true }],
    ['nobody present', { isPresent: false }],
    ['nobody verified', { isVerified: false }],
    ['the signature of another key', { signature: strangerSignature }],
    ['bytes that are no signature', { signature: Buffer.from('no signature') }],
    ['another owner', { userHandle: Buffer.alloc(16, 7).toString('base64url') }],
    ['no owner', { userHandle: null }],
    ['a key that became eligible for backup', { isEligible: true }],
    ['a key backed up that cannot be', { isBackedUp: true }],
  ])('refuses %s, with one code and an event', async (_what, mischief) => {
    const { tokens, passkey } = await clientWithPasskey(api);
    const answer = await tryPasskey(api, passkey, mischief);
    expect(refusal(answer)).toBe('401 passkey_invalid');
    expect(answer.headers['set-cookie']).toBeUndefined();
    const [event] = await loginEvents(tokens.user.id);
    expect([event?.outcome, event?.reasonCode]).toEqual(['failed', 'passkey_invalid']);
    expect((await tryPasskey(api, passkey)).status).toBe(200);
  });

  it('refuses unknown credentials and things that are none', async () => {
    const { tokens } = await newClient(api);
    const { options, challengeId } = await signInOptions(api);
    const { passkey } = makePasskey({ challenge: options.challenge, rp: { id: 'localhost' }, user: { id: tokens.user.id } });
    expect(refusal(await api.post(verify, { challengeId, response: usePasskey(passkey, options) }))).toBe('401 passkey_invalid');
    const good = await clientWithPasskey(api);
    const broken: ((response: ReturnType<typeof usePasskey>) => object)[] = [
      (response) => ({ ...response, id: '' }),
      (response) => ({ ...response, id: 'not base64url!' }),
      (response) => ({ ...response, id: 'A'.repeat(2000), rawId: 'A'.repeat(2000) }),
      (response) => ({ ...response, rawId: 'AAAA' }),
      (response) => ({ ...response, response: { ...response.response, clientDataJSON: 'bm8ganNvbg' } }),
      (response) => ({ ...response, response: { ...response.response, clientDataJSON: 'bnVsbA' } }),
      (response) => ({ ...response, response: { ...response.response, authenticatorData: 'AAAA' } }),
      (response) => ({ ...response, response: { ...response.response, signature: '' } }),
    ];
    for (const breakIt of broken) {
      const begun = await signInOptions(api);
      const answer = await api.post(verify, { challengeId: begun.challengeId, response: breakIt(usePasskey(good.passkey, begun.options)) });
      expect(refusal(answer)).toBe('401 passkey_invalid');
    }
  });

  it('F26 refuses a replayed challenge, and one that a wrong answer used up', async () => {
    const { tokens, passkey } = await clientWithPasskey(api);
    const { challengeId, options } = await signInOptions(api);
    const body = { challengeId, response: usePasskey(passkey, options) };
    expect((await api.post(verify, body)).status).toBe(200);
    expect(refusal(await api.post(verify, body))).toBe('410 challenge_expired');
    expect((await loginEvents(tokens.user.id)).at(-1)).toMatchObject({ outcome: 'failed', reasonCode: 'challenge_expired' });
    const second = await signInOptions(api);
    const wrong = { challengeId: second.challengeId, response: usePasskey(passkey, second.options, { isVerified: false }) };
    expect(refusal(await api.post(verify, wrong))).toBe('401 passkey_invalid');
    const right = { challengeId: second.challengeId, response: usePasskey(passkey, second.options) };
    expect(refusal(await api.post(verify, right))).toBe('410 challenge_expired');
  });

  it('refuses a challenge after 300 s, of another client, and one that was never given', async () => {
    const { passkey } = await clientWithPasskey(api);
    const aged = await signInOptions(api);
    api.app.clock.advance(301);
    const late = { challengeId: aged.challengeId, response: usePasskey(passkey, aged.options) };
    expect(refusal(await api.post(verify, late))).toBe('410 challenge_expired');
    const ours = await signInOptions(api);
    const body = { challengeId: ours.challengeId, response: usePasskey(passkey, ours.options) };
    expect(refusal(await api.post(verify, body, mobile))).toBe('410 challenge_expired');
    expect((await api.post(verify, body)).status).toBe(200);
    expect(refusal(await api.post(verify, { ...body, challengeId: 'invented' }))).toBe('410 challenge_expired');
  });

  it('P17 U29 gives twenty parallel answers to one challenge exactly one session', async () => {
    const { tokens, passkey } = await clientWithPasskey(api);
    const { challengeId, options } = await signInOptions(api);
    const body = { challengeId, response: usePasskey(passkey, options) };
    const answers = await Promise.all(Array.from({ length: 20 }, () => api.post(verify, body)));
    expect(answers.filter((answer) => answer.status === 200)).toHaveLength(1);
    expect(answers.filter((answer) => answer.status === 410)).toHaveLength(19);
    const { prisma } = api.app.deps.database;
    expect(await prisma.session.count({ where: { userId: tokens.user.id, amr: { has: 'hwk' } } })).toBe(1);
  });

  it('tells a suspended owner so, and nobody else', async () => {
    const { tokens, passkey } = await clientWithPasskey(api);
    const mark = (status: 'suspended' | 'closed') =>
      arrange(api, (prisma) => prisma.user.updateMany({ where: { id: tokens.user.id }, data: { status } }));
    await mark('suspended');
    expect(refusal(await tryPasskey(api, passkey, { isVerified: false }, { 'X-Device-Token': 'foreign' }))).toBe('401 passkey_invalid');
    expect(refusal(await tryPasskey(api, passkey))).toBe('403 account_suspended');
    await mark('closed');
    expect(refusal(await tryPasskey(api, passkey))).toBe('401 passkey_invalid');
  });

  it('never lets staff in, whose passkey would be as good as any', async () => {
    const input = {
      email: `staff.${process.pid}@example.com`,
      password: goodPassword,
      firstName: 'Ada',
      lastName: 'Obi',
      grants: [{ role: 'support' }],
    };
    const system = { kind: 'system', name: 'test' } as const;
    const { output } = await api.app.as(system, () => runCommand(api.app.deps, systemCommands.createStaffAccount, { input }));
    const user = { id: Buffer.from(output.userId.replaceAll('-', ''), 'hex').toString('base64url') };
    const { passkey, publicKey } = makePasskey({ challenge: '', rp: { id: 'localhost' }, user });
    const data = {
      userId: output.userId,
      name: 'Key',
      credentialId: new Uint8Array(passkey.credentialId),
      publicKey: new Uint8Array(publicKey),
    };
    await arrange(api, (prisma) => prisma.passkey.createMany({ data }));
    expect(refusal(await tryPasskey(api, passkey))).toBe('401 passkey_invalid');
  });

  it('P9 P10 counts nowhere: neither wrong answers nor locked factors close this way', async () => {
    const { passkey } = await clientWithPasskey(api);
    for (let tried = 0; tried < 12; tried += 1) {
      expect(refusal(await tryPasskey(api, passkey, { signature: strangerSignature }))).toBe('401 passkey_invalid');
    }
    expect((await tryPasskey(api, passkey)).status).toBe(200);
  });
});

/** What the newest attempt says of the passkey itself: whether each rule let it pass. */
async function lastSteps(userId: string): Promise<Record<string, boolean>> {
  const trace = parseTrace((await loginEvents(userId)).at(-1)?.ruleTrace);
  return Object.fromEntries(trace.filter(({ rule }) => rule.startsWith('passkey')).map(({ rule, isPassed }) => [rule, isPassed]));
}

describe('the counter of a passkey', () => {
  it('refuses a lower or equal count of a key that is bound to its device, and goes on with a higher one', async () => {
    const { tokens, passkey } = await clientWithPasskey(api, { signCount: 5 });
    expect((await tryPasskey(api, passkey, { signCount: 9 })).status).toBe(200);
    for (const signCount of [8, 9, 0, 1]) expect(refusal(await tryPasskey(api, passkey, { signCount }))).toBe('401 passkey_invalid');
    expect(await lastSteps(tokens.user.id)).toEqual({ passkey: true, passkey_counter: false });
    expect((await tryPasskey(api, passkey, { signCount: 10 })).status).toBe(200);
  });

  it('U31 accepts a lower or zero count of a key that is backed up, and writes an event', async () => {
    const { tokens, passkey } = await clientWithPasskey(api, { signCount: 7, isBackedUp: true });
    const fallen = () =>
      api.app.deps.database.prisma.outboxEvent.findMany({
        where: { aggregateId: tokens.user.id, name: 'identity.passkey.counter_fell' },
      });
    expect((await tryPasskey(api, passkey, { signCount: 8 })).status).toBe(200);
    expect(await fallen()).toHaveLength(0);
    expect((await tryPasskey(api, passkey, { signCount: 3 })).status).toBe(200);
    expect((await tryPasskey(api, passkey, { signCount: 0 })).status).toBe(200);
    const events = await fallen();
    expect(events).toHaveLength(2);
    expect(JSON.stringify(events)).not.toContain(passkey.credentialId.toString('base64url'));
    expect(await lastSteps(tokens.user.id)).toEqual({ passkey: true, passkey_counter: true });
  });

  it('asks nothing of keys that keep no count', async () => {
    const { passkey } = await clientWithPasskey(api);
    expect((await tryPasskey(api, passkey)).status).toBe(200);
    expect((await tryPasskey(api, passkey)).status).toBe(200);
  });

  it('of two copies of one device-bound key that answer with the same count lets one through', async () => {
    const { tokens, passkey } = await clientWithPasskey(api, { signCount: 1 });
    const [one, two] = [await signInOptions(api), await signInOptions(api)];
    const bodies = [one, two].map(({ challengeId, options }) => ({
      challengeId,
      response: usePasskey(passkey, options, { signCount: 2 }),
    }));
    const answers = await Promise.all(bodies.map((body) => api.post(verify, body)));
    expect(answers.map((answer) => answer.status).sort()).toEqual([200, 401]);
    expect(await loginEvents(tokens.user.id)).toHaveLength(2);
  });
});
