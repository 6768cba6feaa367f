import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { z } from 'zod';
import { passkey as passkeyShape } from '../../src/api/passkey-shapes.ts';
import { account, loginTokenSet, mfaState, tokenSet } from '../../src/api/shapes.ts';
import { newId } from '../../src/foundation/runtime/new-id.ts';
import { isLastCredential } from '../../src/modules/identity/passkeys/last-credential.ts';
import { type Making, makePasskey, usePasskey } from '../support/authenticator.ts';
import type { CborValue } from '../support/cbor.ts';
import { openSql } from '../support/sql.ts';
import { type Api, bearer, fieldsOf, newClient, problemOf, refusal, shaped, startApi } from './support/api.ts';
import {
  addPasskey,
  arrange,
  clientWithPasskey,
  creation,
  liftToAal2,
  offerPasskey,
  signInByPasskey,
  signInOptions,
  tryPasskey,
} from './support/passkeys.ts';

let api: Api;
beforeAll(async () => {
  api = await startApi({ RATE_LIMIT_SCALE: '1000' });
});
afterAll(() => api.stop());

const path = '/api/v1/account/passkeys';
const list = async (token: string) => shaped(z.strictObject({ items: z.array(passkeyShape) }), await api.get(path, bearer(token))).items;
const remove = (token: string, id: string) => api.call('DELETE', `${path}/${id}`, { headers: bearer(token) });
const rename = (token: string, id: string, body: unknown) => api.call('PATCH', `${path}/${id}`, { body, headers: bearer(token) });
const events = (userId: string, name: string) =>
  api.app.deps.database.prisma.outboxEvent.findMany({ where: { aggregateId: userId, name } });

/** Takes the password away, as for an account that was made with Google; as the operator. */
const withoutPassword = (userId: string) => arrange(api, (prisma) => prisma.credential.deleteMany({ where: { userId } }));

describe('POST /account/passkeys/options', () => {
  it('asks for a discoverable key with user verification, no attestation, and leaves out the own ones', async () => {
    const { email, tokens } = await newClient(api);
    const { options, expiresIn } = shaped(creation, await api.post('/account/passkeys/options', {}, bearer(tokens.accessToken)));
    expect(expiresIn).toBe(300);
    expect(options).toMatchObject({
      rp: { id: 'localhost', name: 'Fashionistar' },
      user: { name: email },
      pubKeyCredParams: [-7, -8, -257].map((alg) => ({ type: 'public-key', alg })),
      authenticatorSelection: { residentKey: 'required', userVerification: 'required' },
      attestation: 'none',
      excludeCredentials: [],
    });
    expect(Buffer.from(options.user.id, 'base64url').toString('hex')).toBe(tokens.user.id.replaceAll('-', ''));
    const { passkey } = await addPasskey(api, tokens.accessToken);
    const { accessToken } = await signInByPasskey(api, passkey);
    const next = shaped(creation, await api.post('/account/passkeys/options', {}, bearer(accessToken)));
    expect(next.options.excludeCredentials).toEqual([
      { id: passkey.credentialId.toString('base64url'), type: 'public-key', transports: ['internal', 'hybrid'] },
    ]);
  });

  it('P16 needs a proof of the last five minutes, and names the ways of a person with a password', async () => {
    const { tokens } = await newClient(api);
    api.app.clock.advance(301);
    const answer = await api.post('/account/passkeys/options', {}, bearer(tokens.accessToken));
    expect(refusal(answer)).toBe('403 reauth_required');
    expect(problemOf(answer).methods).toEqual(['password', 'otp']);
  });

  it('P11 adds to an account that has a factor only from an aal2 session', async () => {
    const { tokens, passkey } = await clientWithPasskey(api);
    const answer = await api.post('/account/passkeys/options', {}, bearer(tokens.accessToken));
    expect([refusal(answer), problemOf(answer).methods]).toEqual(['403 reauth_required', ['passkey']]);
    const { accessToken } = await signInByPasskey(api, passkey);
    expect((await offerPasskey(api, accessToken)).answer.status).toBe(201);
  });
});

describe('POST /account/passkeys', () => {
  it.each(['ES256', 'EdDSA', 'RS256'] as const)('registers a %s key under the name given', async (algorithm) => {
    const { tokens } = await newClient(api);
    const { shown } = await addPasskey(api, tokens.accessToken, { algorithm, name: '  Ada’s phone ', isBackedUp: true });
    expect(shown).toMatchObject({ name: 'Ada’s phone', aaguidName: null, backedUp: true, lastUsedAt: null });
    expect(await list(tokens.accessToken)).toEqual([shown]);
    expect(shaped(account, await api.get('/api/v1/account', bearer(tokens.accessToken))).mfa.passkeys).toBe(1);
  });

  it('P22 names it by its provider, queues a notice, and ends the trust of all devices', async () => {
    const { tokens } = await newClient(api);
    const { user } = tokens;
    const trustedUntil = new Date(api.app.clock.now().getTime() + 86_400_000);
    const { prisma } = api.app.deps.database;
    await arrange(api, (db) => db.knownDevice.updateMany({ where: { userId: user.id }, data: { mfaTrustedUntil: trustedUntil } }));
    const { shown } = await addPasskey(api, tokens.accessToken, { aaguid: 'fbfc3007-154e-4ecc-8c0b-6e020557d7bd' });
    expect([shown.name, shown.aaguidName]).toEqual(['iCloud Keychain', 'iCloud Keychain']);
    expect((await events(user.id, 'identity.passkey.added'))[0]?.payload).toMatchObject({ userId: user.id, passkeyId: shown.id });
    expect(await prisma.knownDevice.count({ where: { userId: user.id, mfaTrustedUntil: { not: null } } })).toBe(0);
    const { passkey } = await addPasskey(api, (await newClient(api)).tokens.accessToken, { aaguid: newId() });
    expect((await prisma.passkey.findFirstOrThrow({ where: { credentialId: new Uint8Array(passkey.credentialId) } })).name).toBe('Passkey');
  });

  it('makes the session aal2 at its next refresh, like a new authenticator', async () => {
    const { tokens } = await clientWithPasskey(api);
    const next = shaped(tokenSet, await api.post('/auth/token/refresh', { refreshToken: tokens.refreshToken }));
    expect(next.session).toMatchObject({ id: tokens.session.id, acr: 'aal2', authTime: tokens.session.authTime });
  });

  const packed = new Map<string, CborValue>([
    ['alg', -7],
    ['sig', Buffer.alloc(8)],
  ]);
  const oddKey = (...members: [number, CborValue][]) => new Map(members);
  it.each<[string, Making]>([
    ['another origin', { origin: 'https://evil.example' }],
    ['another rpId', { rpId: 'evil.example' }],
    ['the type of a sign-in', { ceremony: 'webauthn.get' }],
    ['another challenge', { challenge: 'AAAA' }],
    ['a frame of another site', { crossOrigin: true }],
    ['nobody verified', { isVerified: false }],
    ['nobody present', { isPresent: false }],
    ['another credential type', { credentialType: 'key' }],
    ['an algorithm that was not offered', { algorithm: 'ES384' }],
    ['a short RSA key', { algorithm: 'RS256 of 1024 bits' }],
    [
      'another curve than the algorithm has',
      { cose: oddKey([1, 2], [3, -7], [-1, 2], [-2, Buffer.alloc(48, 1)], [-3, Buffer.alloc(48, 2)]) },
    ],
    ['another key type than the algorithm has', { cose: oddKey([1, 7], [3, -7], [-1, Buffer.alloc(32, 1)]) }],
    ['a self attestation that does not hold', { fmt: 'packed', attestation: packed }],
    ['an attestation with certificates', { fmt: 'packed', attestation: new Map<string, CborValue>([...packed, ['x5c', new Map()]]) }],
    ['an attestation of another format', { fmt: 'tpm' }],
    ['a key backed up that cannot be', { isEligible: false, isBackedUp: true }],
  ])('refuses %s, and uses the challenge up', async (_what, given) => {
    const { tokens } = await newClient(api);
    const { body, answer } = await offerPasskey(api, tokens.accessToken, given);
    expect(refusal(answer)).toBe('401 passkey_invalid');
    expect(refusal(await api.post('/account/passkeys', body, bearer(tokens.accessToken)))).toBe('410 challenge_expired');
    expect(await list(tokens.accessToken)).toEqual([]);
  });

  it('refuses bytes that are no answer, and an id that is not the key’s', async () => {
    const { tokens } = await newClient(api);
    const answerWith = async (change: (response: ReturnType<typeof makePasskey>['response']) => object) => {
      const { challengeId, options } = shaped(creation, await api.post('/account/passkeys/options', {}, bearer(tokens.accessToken)));
      const response = change(makePasskey(options).response);
      return refusal(await api.post('/account/passkeys', { challengeId, response }, bearer(tokens.accessToken)));
    };
    expect(await answerWith((r) => ({ ...r, response: { ...r.response, attestationObject: 'AAAA' } }))).toBe('401 passkey_invalid');
    expect(await answerWith((r) => ({ ...r, response: { ...r.response, clientDataJSON: '' } }))).toBe('401 passkey_invalid');
    expect(await answerWith((r) => ({ ...r, id: 'AAAA', rawId: 'AAAA' }))).toBe('401 passkey_invalid');
  });

  it('P17 U29 gives twenty parallel answers to one challenge exactly one passkey', async () => {
    const { tokens } = await newClient(api);
    const { challengeId, options } = shaped(creation, await api.post('/account/passkeys/options', {}, bearer(tokens.accessToken)));
    const body = { challengeId, response: makePasskey(options).response };
    const answers = await Promise.all(Array.from({ length: 20 }, () => api.post('/account/passkeys', body, bearer(tokens.accessToken))));
    expect(answers.filter((answer) => answer.status === 201)).toHaveLength(1);
    expect(await list(tokens.accessToken)).toHaveLength(1);
  });

  it('takes a challenge of this person and this kind only, within 300 s', async () => {
    const [one, two] = [await newClient(api), await newClient(api)];
    const begun = shaped(creation, await api.post('/account/passkeys/options', {}, bearer(one.tokens.accessToken)));
    const body = { challengeId: begun.challengeId, response: makePasskey(begun.options).response };
    expect(refusal(await api.post('/account/passkeys', body, bearer(two.tokens.accessToken)))).toBe('410 challenge_expired');
    const signIn = await signInOptions(api);
    const crossed = {
      challengeId: signIn.challengeId,
      response: makePasskey({ ...begun.options, challenge: signIn.options.challenge }).response,
    };
    expect(refusal(await api.post('/account/passkeys', crossed, bearer(one.tokens.accessToken)))).toBe('410 challenge_expired');
    api.app.clock.advance(299);
    expect((await api.post('/account/passkeys', body, bearer(one.tokens.accessToken))).status).toBe(201);
    const late = await newClient(api);
    const aged = shaped(creation, await api.post('/account/passkeys/options', {}, bearer(late.tokens.accessToken)));
    api.app.clock.advance(300);
    const agedBody = { challengeId: aged.challengeId, response: makePasskey(aged.options).response };
    expect(refusal(await api.post('/account/passkeys', agedBody, bearer(late.tokens.accessToken)))).toBe('410 challenge_expired');
  });

  it('takes the attestation that a key gives of itself, and transports that are known', async () => {
    const { tokens } = await newClient(api);
    const { passkey } = await addPasskey(api, tokens.accessToken, { isSelfAttested: true, transports: ['carrier-pigeon'] });
    const { accessToken } = await signInByPasskey(api, passkey);
    const { options } = shaped(creation, await api.post('/account/passkeys/options', {}, bearer(accessToken)));
    expect(options.excludeCredentials).toEqual([{ id: passkey.credentialId.toString('base64url'), type: 'public-key' }]);
  });

  it('registers a credential once, whoever brings it', async () => {
    const [one, two] = [await newClient(api), await newClient(api)];
    const { passkey } = await addPasskey(api, one.tokens.accessToken);
    const again = await offerPasskey(api, two.tokens.accessToken, { credentialId: passkey.credentialId });
    expect(refusal(again.answer)).toBe('409 passkey_exists');
  });

  it('keeps at most twenty', async () => {
    const { tokens } = await newClient(api);
    const { challengeId, options } = shaped(creation, await api.post('/account/passkeys/options', {}, bearer(tokens.accessToken)));
    await arrange(api, (prisma) =>
      prisma.passkey.createMany({
        data: Array.from({ length: 20 }, (_, n) => ({
          userId: tokens.user.id,
          name: `Key ${n}`,
          credentialId: new Uint8Array(Buffer.from(`credential ${n} of ${tokens.user.id}`)),
          publicKey: new Uint8Array(8),
        })),
      }),
    );
    const accessToken = await liftToAal2(api, tokens);
    expect(refusal(await api.post('/account/passkeys/options', {}, bearer(accessToken)))).toBe('409 too_many_passkeys');
    const { response } = makePasskey(options);
    expect(refusal(await api.post('/account/passkeys', { challengeId, response }, bearer(accessToken)))).toBe('409 too_many_passkeys');
  });

  it.each([
    [{ name: '' }, 'name: too_short'],
    [{ name: '   ' }, 'name: too_short'],
    [{ name: 'x'.repeat(61) }, 'name: too_long'],
    [{ name: 7 }, 'name: invalid_type'],
    [{ name: 'a\nb' }, 'name: invalid_value'],
  ])('refuses the name of %j', async (more, field) => {
    const { tokens, shown } = await clientWithPasskey(api);
    expect(fieldsOf(await rename(tokens.accessToken, shown.id, more))).toEqual([field]);
  });
});

describe('PATCH and DELETE /account/passkeys/{id}', () => {
  it('renames the own one; another person’s and unknown ones are 404', async () => {
    const [one, two] = [await clientWithPasskey(api), await clientWithPasskey(api)];
    expect(shaped(passkeyShape, await rename(one.tokens.accessToken, one.shown.id, { name: 'Work laptop' }))).toEqual({
      ...one.shown,
      name: 'Work laptop',
    });
    for (const id of [two.shown.id, newId(), 'no-id']) {
      expect(refusal(await rename(one.tokens.accessToken, id, { name: 'Mine' }))).toBe('404 not_found');
    }
    expect((await list(two.tokens.accessToken))[0]?.name).toBe('Passkey');
  });

  it('removes with a signal for the device, a notice, and everything that hung on it', async () => {
    const { email, password, passkey, shown, tokens } = await clientWithPasskey(api);
    const { accessToken } = await signInByPasskey(api, passkey);
    const stranger = await clientWithPasskey(api);
    for (const id of [stranger.shown.id, newId(), '1']) expect(refusal(await remove(accessToken, id))).toBe('404 not_found');
    expect(refusal(await remove(tokens.accessToken, shown.id))).toBe('403 reauth_required');
    const codes = z.object({ recoveryCodes: z.array(z.string()) });
    expect(shaped(codes, await api.post('/account/mfa/recovery-codes', {}, bearer(accessToken))).recoveryCodes).toHaveLength(10);
    const answer = await remove(accessToken, shown.id);
    expect(answer.json).toMatchObject({ signal: { rpId: 'localhost', credentialId: passkey.credentialId.toString('base64url') } });
    expect(await events(tokens.user.id, 'identity.passkey.removed')).toHaveLength(1);
    expect(shaped(mfaState, await api.get('/api/v1/account/mfa', bearer(accessToken)))).toEqual({
      totp: { enabled: false, enabledAt: null },
      passkeys: 0,
      recoveryCodesLeft: 0,
      methods: [],
    });
    expect(refusal(await tryPasskey(api, passkey))).toBe('401 passkey_invalid');
    expect(refusal(await remove(accessToken, shown.id))).toBe('404 not_found');
    expect(shaped(loginTokenSet, await api.post('/auth/login', { email, password })).session.acr).toBe('aal1');
  });

  it('P18 F26 refuses to remove the last way to sign in, also from two sides at once', async () => {
    const { passkey, shown, tokens } = await clientWithPasskey(api);
    await withoutPassword(tokens.user.id);
    const { accessToken } = await signInByPasskey(api, passkey);
    expect(refusal(await remove(accessToken, shown.id))).toBe('409 last_credential');
    const second = await addPasskey(api, accessToken);
    const answers = await Promise.all([shown.id, second.shown.id].map((id) => remove(accessToken, id)));
    expect(answers.map((answer) => answer.status).sort()).toEqual([200, 409]);
    expect(await list(accessToken)).toHaveLength(1);
  });

  it('P18 counts password, identities and passkeys, and codes to the contact never', () => {
    const has = (passwordHash: string | null, identities: number, passkeys: number) => ({ passwordHash, identities, passkeys });
    expect(isLastCredential(has(null, 0, 1), 'passkey')).toBe(true);
    expect(isLastCredential(has('hash', 0, 1), 'passkey')).toBe(false);
    expect(isLastCredential(has(null, 1, 1), 'passkey')).toBe(false);
    expect(isLastCredential(has(null, 0, 2), 'passkey')).toBe(false);
    expect(isLastCredential(has(null, 1, 0), 'identity')).toBe(true);
    expect(isLastCredential(has('hash', 1, 0), 'identity')).toBe(false);
    expect(isLastCredential(has(null, 1, 0), 'passkey')).toBe(false);
  });

  it('keeps the credential id out of the history and the outbox', async () => {
    const { passkey, shown } = await clientWithPasskey(api);
    const { accessToken } = await signInByPasskey(api, passkey);
    await remove(accessToken, shown.id);
    const spellings = [
      passkey.credentialId.toString('base64url'),
      passkey.credentialId.toString('hex'),
      passkey.credentialId.toString('base64'),
    ];
    const admin = await openSql(api.app.database.adminUrl);
    const rows = await admin.rows<{ text: string }>(`
      SELECT to_jsonb(e)::text AS text FROM audit.event e UNION ALL SELECT to_jsonb(v)::text FROM audit.value v
      UNION ALL SELECT to_jsonb(a)::text FROM audit.action a UNION ALL SELECT to_jsonb(o)::text FROM platform.outbox_event o`);
    await admin.close();
    expect(rows.length).toBeGreaterThan(10);
    for (const spelling of spellings) expect(rows.filter(({ text }) => text.includes(spelling))).toEqual([]);
  });

  it('answers the usual refusals of a Bearer route', async () => {
    expect(refusal(await api.get(path))).toBe('401 token_missing');
    expect(refusal(await api.post('/account/passkeys', {}))).toBe('401 token_missing');
    const { options } = await signInOptions(api);
    const { tokens, passkey } = await clientWithPasskey(api);
    expect(fieldsOf(await api.post('/account/passkeys', { response: usePasskey(passkey, options) }, bearer(tokens.accessToken)))).toContain(
      'challengeId: required',
    );
  });
});
