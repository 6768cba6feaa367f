import { createHmac, generateKeyPairSync, sign } from 'node:crypto';
import { afterAll, beforeAll, beforeEach, describe, expect, test } from 'vitest';
import { arrange } from '../modules/identity/people.ts';
import { basic, fieldsOf, freshEmail, newClient, nowSeconds, refusal, signedClient, storefront } from './support/api.ts';
import {
  asStorefront,
  type GoogleApi,
  googlePerson,
  linkNeeded,
  newNonce,
  newToken,
  signedIn,
  signIn,
  startGoogleApi,
} from './support/google.ts';

let at: GoogleApi & { stop(): Promise<void> };
const path = '/auth/google/id-token';
const mobile = { 'X-Client-Id': 'mobile' };

beforeAll(async () => {
  at = await startGoogleApi({ GOOGLE_AUDIENCES: 'fashionistar-web,fashionistar-android' });
});
afterAll(() => at.stop());
beforeEach(() => {
  at.issuer.fault = 'none';
});

const handIn = (body: object, headers: Record<string, string> = asStorefront) => at.api.post(path, body, headers);
const encode = (value: object) => Buffer.from(JSON.stringify(value)).toString('base64url');

/** A token with any header and any signature over it. */
async function forged(header: object, signer: (input: string) => string) {
  const { idToken, nonce } = await newToken(at, googlePerson());
  const payload = idToken.split('.')[1] ?? '';
  const input = `${encode(header)}.${payload}`;
  return { idToken: `${input}.${signer(input)}`, nonce };
}

describe('POST /auth/google/id-token', () => {
  test('S9 signs up, then signs in; the role is for a new account only', async () => {
    const person = googlePerson();
    const created = signedIn(await signIn(at, person, { role: 'VENDOR', termsVersion: '2026-01' }));
    expect(created).toMatchObject({ created: true, session: { amr: ['fed'] }, user: { role: 'vendor', authMethod: 'google' } });
    const again = signedIn(await signIn(at, person, { role: 'client' }));
    expect(again).toMatchObject({ created: false, user: { id: created.user.id, role: 'vendor' } });
    expect(again.session.id).not.toBe(created.session.id);
  });

  test('takes the app, and a server by its signed header', async () => {
    signedIn(await signIn(at, { ...googlePerson(), aud: 'fashionistar-android', azp: 'fashionistar-web' }, {}, mobile));
    const body = await newToken(at, googlePerson());
    const signed = signedClient({ method: 'POST', path: `/api/v1${path}`, body, ip: '102.89.1.1', nowSeconds: nowSeconds(at.api) });
    signedIn(await handIn(body, signed));
  });

  test.each([
    ['public', {}],
    ['browser', { 'X-Client-Id': 'browser', Origin: 'http://localhost:3001' }],
    ['a confidential name without a secret', { 'X-Client-Id': storefront.id }],
    ['a wrong secret', basic(storefront.id, 'wrong')],
  ])('refuses %s', async (_who, headers: Record<string, string>) => {
    expect(refusal(await handIn({ idToken: 'a.b.c', nonce: 'n' }, headers))).toBe('401 client_invalid');
  });

  test('names what is missing', async () => {
    expect(fieldsOf(await handIn({}))).toEqual(['idToken: required', 'nonce: required']);
    expect(refusal(await handIn({ idToken: 1, nonce: 'n' }))).toBe('422 invalid_type');
  });

  test.each(['admin', 'staff', 'super_admin', ''])('P5 role %j is refused and uses nothing up', async (role) => {
    const token = await newToken(at, { ...googlePerson(), role: 'admin' });
    expect(refusal(await handIn({ ...token, role }))).toBe('422 role_not_allowed');
    expect(signedIn(await handIn(token)).user.role).toBe('client');
  });

  test('P5 nothing of the account can be set by the body', async () => {
    const token = await newToken(at, googlePerson());
    expect(refusal(await handIn({ ...token, emailVerified: true }))).toBe('422 unknown_field');
    expect(refusal(await handIn({ ...token, termsVersion: '1999-01' }))).toBe('422 terms_version_unknown');
  });

  test('a name we would not take from a form is left out', async () => {
    const { user } = signedIn(await signIn(at, { ...googlePerson(), given_name: '<b>', family_name: 7 }));
    expect(user).toMatchObject({ firstName: null, lastName: null });
  });
});

describe('U28 the account key is (iss, sub)', () => {
  test('the same sub with a new address is the same account, which keeps its own contact', async () => {
    const person = googlePerson();
    const first = signedIn(await signIn(at, person));
    const moved = signedIn(await signIn(at, { ...person, email: freshEmail() }));
    expect(moved).toMatchObject({ created: false, user: { id: first.user.id, identifier: first.user.identifier } });
  });

  test('the same address with a new sub is never signed in', async () => {
    const person = googlePerson();
    signedIn(await signIn(at, person));
    expect(linkNeeded(await signIn(at, googlePerson(person.email))).methods).toEqual(['otp']);
  });

  test('sub is compared to the letter', async () => {
    const person = googlePerson();
    const first = signedIn(await signIn(at, person));
    const other = signedIn(await signIn(at, { ...googlePerson(), sub: person.sub.toUpperCase() }));
    expect(other.user.id).not.toBe(first.user.id);
  });

  test('an identity is stored by blind index, the subject and address only under the person’s key', async () => {
    const person = googlePerson();
    const { user } = signedIn(await signIn(at, person));
    const [row] = await arrange(at.api.app, (prisma) => prisma.externalIdentity.findMany({ where: { userId: user.id } }));
    expect(row?.subjectBidx).toHaveLength(32);
    expect(JSON.stringify(row, (_key, value) => (value instanceof Uint8Array ? Buffer.from(value).toString('latin1') : value))).not.toMatch(
      new RegExp(`${person.sub}|${person.email}`),
    );
  });
});

describe('U26 nonce and replay', () => {
  test('an ID token signs in once', async () => {
    const token = await newToken(at, googlePerson());
    signedIn(await handIn(token));
    expect(refusal(await handIn(token))).toBe('401 idtoken_replayed');
    expect(refusal(await handIn({ ...token, nonce: await newNonce(at) }))).toBe('401 idtoken_replayed');
  });

  test('U29 ten parallel calls with one token: one success', async () => {
    const token = await newToken(at, googlePerson());
    const answers = await Promise.all(Array.from({ length: 10 }, () => handIn(token)));
    expect(answers.filter((answer) => answer.status === 200)).toHaveLength(1);
    expect(answers.filter((answer) => answer.status === 401)).toHaveLength(9);
  });

  test('P17 two tokens for one nonce: one success', async () => {
    const nonce = await newNonce(at);
    const [first, second] = await Promise.all([1, 2].map(() => at.issuer.idToken({ nonce, ...googlePerson() })));
    const answers = await Promise.all([first, second].map((idToken) => handIn({ idToken, nonce })));
    expect(answers.map((answer) => answer.status).sort()).toEqual([200, 401]);
  });

  test.each([
    ['different', async (nonce: string) => ({ given: await newNonce(at), claimed: nonce })],
    ['unknown', async () => ({ given: 'x'.repeat(43), claimed: 'x'.repeat(43) })],
    ['missing in the token', async (nonce: string) => ({ given: nonce, claimed: undefined })],
  ])('a nonce that is %s', async (_what, nonces) => {
    const { given, claimed } = await nonces(await newNonce(at));
    const idToken = await at.issuer.idToken({ ...googlePerson(), nonce: claimed });
    expect(refusal(await handIn({ idToken, nonce: given }))).toBe('401 idtoken_invalid');
  });

  test('a nonce of another client, or over ten minutes old', async () => {
    const nonce = await newNonce(at, mobile);
    expect(refusal(await handIn({ idToken: await at.issuer.idToken({ ...googlePerson(), nonce }), nonce }))).toBe('401 idtoken_invalid');
    const old = await newNonce(at);
    at.api.app.clock.advance(601);
    expect(refusal(await handIn({ idToken: await at.issuer.idToken({ ...googlePerson(), nonce: old }), nonce: old }))).toBe(
      '401 idtoken_invalid',
    );
  });
});

describe('P15 the ID token', () => {
  const now = () => nowSeconds(at.api);
  test.each<[string, () => object, string]>([
    ['for another audience', () => ({ aud: 'another-app' }), 'idtoken_invalid'],
    ['for us and a stranger', () => ({ aud: ['fashionistar-web', 'another-app'] }), 'idtoken_invalid'],
    ['for nobody', () => ({ aud: [] }), 'idtoken_invalid'],
    ['without audience', () => ({ aud: undefined }), 'idtoken_invalid'],
    ['with a foreign authorised party', () => ({ azp: 'another-app' }), 'idtoken_invalid'],
    ['of another issuer', () => ({ iss: 'https://accounts.google.com' }), 'idtoken_invalid'],
    ['of the issuer with a slash', () => ({ iss: `${at.issuer.url}/` }), 'idtoken_invalid'],
    ['that is expired', () => ({ iat: now() - 300, exp: now() - 31 }), 'idtoken_invalid'],
    ['without exp', () => ({ exp: undefined }), 'idtoken_invalid'],
    ['with exp as text', () => ({ exp: String(now() + 600) }), 'idtoken_invalid'],
    ['made over ten minutes ago', () => ({ iat: now() - 601 }), 'idtoken_invalid'],
    ['made in the future', () => ({ iat: now() + 60 }), 'idtoken_invalid'],
    ['without iat', () => ({ iat: undefined }), 'idtoken_invalid'],
    ['not valid yet', () => ({ nbf: now() + 600 }), 'idtoken_invalid'],
    ['without sub', () => ({ sub: undefined }), 'idtoken_invalid'],
    ['with an empty sub', () => ({ sub: '' }), 'idtoken_invalid'],
    ['with a number as sub', () => ({ sub: 7 }), 'idtoken_invalid'],
    ['that is too long', () => ({ padding: 'x'.repeat(9000) }), 'idtoken_invalid'],
    ['with an unverified address', () => ({ email_verified: false }), 'provider_email_unverified'],
    ['with an address verified as text', () => ({ email_verified: 'true' }), 'provider_email_unverified'],
    ['with an address verified as number', () => ({ email_verified: 1 }), 'provider_email_unverified'],
    ['that does not say whether', () => ({ email_verified: undefined }), 'provider_email_unverified'],
    ['without address', () => ({ email: undefined }), 'provider_email_unverified'],
    ['with no address at all', () => ({ email: ['a@example.com'] }), 'provider_email_unverified'],
    ['with a list of addresses', () => ({ email: 'a@example.com,b@example.com' }), 'provider_email_unverified'],
  ])('%s', async (_what, claims, code) => {
    expect(refusal(await signIn(at, { ...googlePerson(), ...claims() }))).toBe(`${code.startsWith('provider') ? 403 : 401} ${code}`);
  });

  test.each<[string, () => object]>([
    ['without authorised party', () => ({ azp: undefined })],
    ['with several audiences that are all ours', () => ({ aud: ['fashionistar-web', 'fashionistar-android'] })],
    ['within the clock skew', () => ({ iat: now() - 590, exp: now() - 20 })],
  ])('%s is taken', async (_what, claims) => {
    expect(signedIn(await signIn(at, { ...googlePerson(), ...claims() })).created).toBe(true);
  });

  test.each<[string, () => Promise<{ idToken: string; nonce: string }>]>([
    ['no algorithm', () => forged({ alg: 'none', kid: 'first' }, () => '')],
    ['no algorithm, spelt otherwise', () => forged({ alg: 'nOnE', kid: 'first' }, () => '')],
    [
      'a MAC with the public key as secret',
      () =>
        forged({ alg: 'HS256', kid: 'first' }, (input) =>
          createHmac('sha256', JSON.stringify(at.issuer.issuer.keys.toJSON()[0])).update(input).digest('base64url'),
        ),
    ],
    ['a key of its own in the header', () => withOwnKey((jwk) => ({ alg: 'RS256', kid: 'first', jwk }))],
    ['a key set of its own by address', () => withOwnKey(() => ({ alg: 'RS256', kid: 'first', jku: `${at.issuer.url}/evil` }))],
    ['no kid', () => withOwnKey(() => ({ alg: 'RS256' }))],
    ['an empty kid', () => withOwnKey(() => ({ alg: 'RS256', kid: '' }))],
    ['a path as kid', () => withOwnKey(() => ({ alg: 'RS256', kid: '../../../dev/null' }))],
    ['SQL as kid', () => withOwnKey(() => ({ alg: 'RS256', kid: "' OR 1=1 --" }))],
    ['a number as kid', () => withOwnKey(() => ({ alg: 'RS256', kid: 7 }))],
    ['an oversized kid', () => withOwnKey(() => ({ alg: 'RS256', kid: 'k'.repeat(4000) }))],
    ['a critical extension', () => withOwnKey(() => ({ alg: 'RS256', kid: 'first', crit: ['b64'], b64: false }))],
    ['an algorithm the key is not for', () => forged({ alg: 'ES256', kid: 'first' }, () => 'A'.repeat(86))],
  ])('forged with %s', async (_what, make) => {
    const before = at.issuer.hits.filter((hit) => hit === '/evil').length;
    expect(refusal(await handIn(await make()))).toBe('401 idtoken_invalid');
    expect(at.issuer.hits.filter((hit) => hit === '/evil').length).toBe(before);
  });

  test('an altered or foreign text', async () => {
    const { idToken, nonce } = await newToken(at, googlePerson());
    for (const text of ['x', 'a.b', 'a.b.c', '....', `${idToken}x`, idToken.slice(0, -10), idToken.replace('.', '..')]) {
      expect(refusal(await handIn({ idToken: text, nonce }))).toBe('401 idtoken_invalid');
    }
    signedIn(await handIn({ idToken, nonce }));
  });
});

/** Signed with a key that the issuer does not publish. */
function withOwnKey(header: (jwk: object) => object) {
  const { privateKey, publicKey } = generateKeyPairSync('rsa', { modulusLength: 2048 });
  return forged(header(publicKey.export({ format: 'jwk' })), (input) =>
    sign('sha256', Buffer.from(input), privateKey).toString('base64url'),
  );
}

describe('P15 keys of the issuer', () => {
  test('rotated keys are found at once, and an unknown kid is looked for once a minute', async () => {
    const other = await startGoogleApi();
    const fetched = () => other.issuer.hits.filter((hit) => hit === '/jwks').length;
    signedIn(await signIn(other, googlePerson()));
    signedIn(await signIn(other, googlePerson()));
    expect(fetched()).toBe(1);
    await other.issuer.addKey('second', 'ES256');
    const withSecond = async () => {
      const nonce = await newNonce(other);
      return { idToken: await other.issuer.idToken({ nonce, ...googlePerson() }, { kid: 'second' }), nonce };
    };
    signedIn(await other.api.post(path, await withSecond(), asStorefront));
    expect(fetched()).toBe(2);
    await other.issuer.addKey('third');
    const nonce = await newNonce(other);
    const third = { idToken: await other.issuer.idToken({ nonce, ...googlePerson() }, { kid: 'third' }), nonce };
    expect(refusal(await other.api.post(path, third, asStorefront))).toBe('401 idtoken_invalid');
    expect(fetched()).toBe(2);
    other.api.app.clock.advance(60);
    signedIn(await other.api.post(path, third, asStorefront));
    expect(fetched()).toBe(3);
    other.api.app.clock.advance(3600);
    signedIn(await other.api.post(path, await withSecond(), asStorefront));
    expect(fetched()).toBe(4);
    await other.stop();
  });

  test.each(['closed', 'error'] as const)(
    'an issuer that is down (%s) confirms nothing, uses nothing up, and is asked again',
    async (fault) => {
      const other = await startGoogleApi();
      const token = await newToken(other, googlePerson());
      other.issuer.fault = fault;
      expect(refusal(await other.api.post(path, token, asStorefront))).toBe('401 idtoken_invalid');
      other.issuer.fault = 'none';
      signedIn(await other.api.post(path, token, asStorefront));
      await other.stop();
    },
  );
});

describe('other accounts', () => {
  test('a suspended account is 403, and a closed one is not confirmed', async () => {
    const person = googlePerson();
    const { user } = signedIn(await signIn(at, person));
    const setStatus = (status: 'suspended' | 'closed') =>
      arrange(at.api.app, (prisma) => prisma.user.updateMany({ where: { id: user.id }, data: { status } }));
    await setStatus('suspended');
    expect(refusal(await signIn(at, person))).toBe('403 account_suspended');
    await setStatus('closed');
    expect(refusal(await signIn(at, person))).toBe('401 idtoken_invalid');
  });

  test('an existing account with that address is never attached silently', async () => {
    const { email } = await newClient(at.api);
    const answer = await signIn(at, googlePerson(email));
    expect(linkNeeded(answer)).toMatchObject({
      methods: ['password', 'otp'],
      destination: expect.stringMatching(/^s\*\*\*@example\.com$/),
      expiresIn: 600,
    });
    expect(answer.headers['set-cookie']).toBeUndefined();
    expect(answer.text).not.toMatch(/oken/);
  });
});
