import { createHmac, createPrivateKey, generateKeyPairSync, sign } from 'node:crypto';
import { calculateJwkThumbprint, createLocalJWKSet, jwtVerify } from 'jose';
import { beforeEach, describe, expect, it } from 'vitest';
import type { PrivateJwk } from '../../../src/foundation/config/secrets.ts';
import { type AccessTokens, createAccessTokens, type NewAccessClaims } from '../../../src/foundation/crypto/access-token.ts';
import { createRecentMap } from '../../../src/foundation/crypto/recent-map.ts';
import { toSigningKeys } from '../../../src/foundation/crypto/signing-keys.ts';
import { parseStrictObject } from '../../../src/foundation/crypto/strict-json.ts';
import { createTestClock, type TestClock } from '../../support/clock.ts';

function newJwk(kid?: string): PrivateJwk {
  const { x = '', d = '' } = generateKeyPairSync('ed25519').privateKey.export({ format: 'jwk' });
  return { kty: 'OKP', crv: 'Ed25519', x, d, ...(kid === undefined ? {} : { kid }) };
}

const [current, next, stranger] = [newJwk('current'), newJwk('next'), newJwk('current')];
const issuer = 'https://api.example.com';
const audience = 'fashionistar-api';
const claims: NewAccessClaims = { sub: 'user-1', sid: 'session-1', auth_time: 1_800_000_000, acr: 'aal1', amr: ['pwd'], roles: ['client'] };
const start = new Date('2027-01-15T08:00:00.400Z');
const startSeconds = Math.floor(start.getTime() / 1000);
const whole = { ...claims, iss: issuer, aud: audience, iat: startSeconds, exp: startSeconds + 600, jti: 'j1' };

let clock: TestClock;
let tokens: AccessTokens;
beforeEach(() => {
  clock = createTestClock(start);
  tokens = createAccessTokens({ keys: [current, next], issuer, audience, ttlSeconds: 600, clock });
});

const encode = (text: string) => Buffer.from(text, 'utf8').toString('base64url');

/** A token of any header and body, rightly signed by `jwk`. Text parts are taken as they are. */
function forge(header: object | string, body: object | string, jwk: PrivateJwk = current): string {
  const text = (part: object | string) => encode(typeof part === 'string' ? part : JSON.stringify(part));
  const signed = `${text(header)}.${text(body)}`;
  return `${signed}.${sign(null, Buffer.from(signed), createPrivateKey({ key: { ...jwk }, format: 'jwk' })).toString('base64url')}`;
}

const goodHeader = { typ: 'at+jwt', alg: 'EdDSA', kid: 'current' };
const invalid = expect.objectContaining({ code: 'token_invalid', status: 401 });
const expired = expect.objectContaining({ code: 'token_expired', status: 401 });

describe('an access token', () => {
  it('says what was put in, who issued it and how long it lives', () => {
    const read = tokens.verify(tokens.sign(claims));
    expect(read).toMatchObject({ ...claims, iss: issuer, aud: audience, iat: startSeconds, exp: startSeconds + 600 });
    expect(Object.keys(read).toSorted()).toEqual(['acr', 'amr', 'aud', 'auth_time', 'exp', 'iat', 'iss', 'jti', 'roles', 'sid', 'sub']);
    expect(Object.isFrozen(read)).toBe(true);
    expect(tokens.verify(tokens.sign(claims)).jti).not.toBe(read.jti);
  });

  it('is accepted by another implementation from the published keys alone', async () => {
    const { payload, protectedHeader } = await jwtVerify(tokens.sign(claims), createLocalJWKSet({ keys: [...tokens.jwks().keys] }), {
      issuer,
      audience,
      typ: 'at+jwt',
      algorithms: ['EdDSA'],
      currentDate: start,
    });
    expect(payload.sub).toBe('user-1');
    expect(protectedHeader).toEqual(goodHeader);
  });

  it('lives until 30 s past exp, cached or not, and no longer', () => {
    const token = tokens.sign(claims);
    clock.advance(629);
    expect(tokens.verify(token).sub).toBe('user-1');
    clock.advance(1);
    expect(() => tokens.verify(token)).toThrow(expired);
    const elsewhere = createAccessTokens({ keys: [current], issuer, audience, ttlSeconds: 600, clock });
    expect(() => elsewhere.verify(token)).toThrow(expired);
  });

  it('of a clock up to 30 s ahead is accepted, of one further ahead refused', () => {
    expect(tokens.verify(forge(goodHeader, { ...whole, iat: startSeconds + 30 })).sub).toBe('user-1');
    expect(() => tokens.verify(forge(goodHeader, { ...whole, iat: startSeconds + 31 }))).toThrow(invalid);
  });

  it('signed by the next or a retired key is accepted', () => {
    expect(tokens.verify(forge({ ...goodHeader, kid: 'next' }, whole, next)).sub).toBe('user-1');
  });

  it('is still checked against issuer and audience after it was cached', () => {
    const token = tokens.sign(claims);
    expect(tokens.verify(token)).toBe(tokens.verify(token));
  });
});

describe('published keys', () => {
  it('hold kid, alg and use and no private member', () => {
    for (const key of tokens.jwks().keys) expect(Object.keys(key).toSorted()).toEqual(['alg', 'crv', 'kid', 'kty', 'use', 'x']);
    expect(tokens.jwks().keys.map((key) => key.kid)).toEqual(['current', 'next']);
  });

  it('are named by their thumbprint where no kid is given', async () => {
    const jwk = newJwk();
    const [key] = toSigningKeys([jwk]);
    expect(key.kid).toBe(await calculateJwkThumbprint({ kty: 'OKP', crv: 'Ed25519', x: jwk.x }));
  });

  it('are never empty or ambiguous', () => {
    expect(() => toSigningKeys([])).toThrow('JWT_SIGNING_KEYS');
    expect(() => toSigningKeys([newJwk('a'), newJwk('a')])).toThrow('twice');
  });

  it('agree with RFC 8037 appendix A', () => {
    const d = 'nWGxne_9WmC6hEr0kuwsxERJxWl7MmkZcDusAxyuf2A';
    const x = '11qYAYKxCrfVS_7TyWQHOg7hcvPapiMlrwIaaPcHURo';
    const [key] = toSigningKeys([{ kty: 'OKP', crv: 'Ed25519', x, d }]);
    expect(key.published.x).toBe(x);
    expect(key.kid).toBe('kPrK_qmxVWaYVA9wwBF6Iuo3vVzz7TxHCTwXBygrS4k');
    const signed = 'eyJhbGciOiJFZERTQSJ9.RXhhbXBsZSBvZiBFZDI1NTE5IHNpZ25pbmc';
    const signature = 'hgyY0il_MGCjP0JzlnLWG1PPOt7-09PGcvMg3AIbQR6dWbhijcNR4ki4iylGjg5BhVsPt9g7sVvpAr_MuM0KAg';
    expect(sign(null, Buffer.from(signed), key.privateKey).toString('base64url')).toBe(signature);
  });

  it('sign as RFC 8032 section 7.1 test 1 says', () => {
    const [key] = toSigningKeys([
      {
        kty: 'OKP',
        crv: 'Ed25519',
        d: Buffer.from('9d61b19deffd5a60ba844af492ec2cc44449c5697b326919703bac031cae7f60', 'hex').toString('base64url'),
        x: Buffer.from('d75a980182b10ab7d54bfed3c964073a0ee172f3daa62325af021a68f707511a', 'hex').toString('base64url'),
      },
    ]);
    expect(sign(null, Buffer.alloc(0), key.privateKey).toString('hex')).toBe(
      'e5564300c360ac729086e2cc806e828a84877f1eb8e5d974d873e065224901555fb8821590a33bacc61e39701cf9b46bd25bf5f0595bbe24655141438e7a100b',
    );
  });
});

describe('an attacker', () => {
  const good = () => forge(goodHeader, whole);
  const publicText = () => Buffer.from(current.x, 'base64url');
  const hmacToken = (alg: string, key: Buffer) => {
    const signed = `${encode(JSON.stringify({ ...goodHeader, alg }))}.${encode(JSON.stringify(whole))}`;
    return `${signed}.${createHmac('sha256', key).update(signed).digest('base64url')}`;
  };
  const withHeader = (members: object) => forge({ ...goodHeader, ...members }, whole);
  const parts = () => good().split('.');

  it('starts from a token that is good', () => {
    expect(tokens.verify(good()).sub).toBe('user-1');
  });

  const attacks: readonly (readonly [string, () => string])[] = [
    ['no algorithm', () => `${encode('{"typ":"at+jwt","alg":"none","kid":"current"}')}.${parts()[1]}.`],
    ['no algorithm, right signature', () => withHeader({ alg: 'none' })],
    ['algorithm in other case', () => withHeader({ alg: 'eddsa' })],
    ['algorithm Ed25519', () => withHeader({ alg: 'Ed25519' })],
    ['HS256 with the public key', () => hmacToken('HS256', publicText())],
    ['HS256 with the public key as text', () => hmacToken('HS256', Buffer.from(current.x))],
    ['EdDSA named, HMAC inside', () => hmacToken('EdDSA', publicText())],
    ['embedded key', () => forge({ ...goodHeader, jwk: { kty: 'OKP', crv: 'Ed25519', x: stranger.x } }, whole, stranger)],
    ['key address', () => withHeader({ jku: 'http://127.0.0.1/jwks.json' })],
    ['certificate address', () => withHeader({ x5u: 'http://127.0.0.1/cert' })],
    ['certificate', () => withHeader({ x5c: ['MIIB'] })],
    ['critical extension', () => withHeader({ crit: ['exp'] })],
    ['unencoded payload', () => withHeader({ b64: false, crit: ['b64'] })],
    ['compression', () => withHeader({ zip: 'DEF' })],
    ['unknown header member', () => withHeader({ cty: 'JWT' })],
    ['stranger key under our kid', () => forge(goodHeader, whole, stranger)],
    ['our other key under this kid', () => forge(goodHeader, whole, next)],
    ['unknown kid', () => withHeader({ kid: 'nobody' })],
    ['path as kid', () => withHeader({ kid: '../../dev/null' })],
    ['SQL as kid', () => withHeader({ kid: "' OR 1=1 --" })],
    ['prototype member as kid', () => withHeader({ kid: '__proto__' })],
    ['oversized kid', () => withHeader({ kid: 'k'.repeat(2000) })],
    ['number as kid', () => withHeader({ kid: 1 })],
    ['array as kid', () => withHeader({ kid: ['current'] })],
    ['missing kid', () => forge({ typ: 'at+jwt', alg: 'EdDSA' }, whole)],
    ['JWT as type', () => withHeader({ typ: 'JWT' })],
    ['type in other case', () => withHeader({ typ: 'AT+JWT' })],
    ['long form of the type', () => withHeader({ typ: 'application/at+jwt' })],
    ['missing type', () => forge({ alg: 'EdDSA', kid: 'current' }, whole)],
    ['two algorithms', () => forge('{"typ":"at+jwt","alg":"EdDSA","alg":"EdDSA","kid":"current"}', whole)],
    ['two algorithms, one escaped', () => forge('{"typ":"at+jwt","alg":"EdDSA","\\u0061lg":"EdDSA","kid":"current"}', whole)],
    ['two subjects', () => forge(goodHeader, `{"sub":"user-1",${JSON.stringify(whole).slice(1)}`)],
    ['header is an array', () => forge('["EdDSA"]', whole)],
    ['header is not JSON', () => forge('{', whole)],
    ['header begins with a byte order mark', () => forge(`\ufeff${JSON.stringify(goodHeader)}`, whole)],
    ['body is null', () => forge(goodHeader, 'null')],
    ['body is not UTF-8', () => forgeBytes(Buffer.from([0x7b, 0xff, 0x7d]))],
    ['other issuer', () => forge(goodHeader, { ...whole, iss: `${issuer}/` })],
    ['other audience', () => forge(goodHeader, { ...whole, aud: 'other' })],
    ['list of audiences', () => forge(goodHeader, { ...whole, aud: [audience] })],
    ['expiry as text', () => forge(goodHeader, { ...whole, exp: '9999999999' })],
    ['expiry beyond numbers', () => forge(goodHeader, JSON.stringify(whole).replace(/"exp":\d+/, '"exp":1e999'))],
    ['missing expiry', () => forge(goodHeader, { ...whole, exp: undefined })],
    ['issued at as text', () => forge(goodHeader, { ...whole, iat: 'now' })],
    ['missing session', () => forge(goodHeader, { ...whole, sid: undefined })],
    ['unknown level', () => forge(goodHeader, { ...whole, acr: 'aal3' })],
    ['empty', () => ''],
    ['one part', () => 'opaque-refresh-token'],
    ['two parts', () => parts().slice(0, 2).join('.')],
    ['four parts', () => `${good()}.${parts()[2]}`],
    ['five parts, as JWE', () => 'a.b.c.d.e'],
    ['empty signature', () => `${parts()[0]}.${parts()[1]}.`],
    ['cut signature', () => good().slice(0, -4)],
    ['signature with stray bits', () => otherSpelling(good())],
    ['padding', () => `${good()}==`],
    ['blank in front', () => ` ${good()}`],
    ['line break at the end', () => `${good()}\n`],
    [
      'ordinary base64',
      () =>
        good()
          .replaceAll('-', '+')
          .replaceAll('_', '/')
          .replace(/\.([^.])/, './$1'),
    ],
    ['oversized', () => forge(goodHeader, { ...whole, roles: ['x'.repeat(4000)] })],
    ['altered body', () => `${parts()[0]}.${encode(JSON.stringify({ ...whole, sub: 'user-2' }))}.${parts()[2]}`],
    ['signature with S raised by the group order', () => malleated(good())],
  ];

  it.each(attacks)('%s: token_invalid', (_, attack) => {
    expect(() => tokens.verify(attack())).toThrow(invalid);
  });

  it('finds no altered character that passes', () => {
    const token = good();
    for (let at = 0; at < token.length; at += 1) {
      const altered = `${token.slice(0, at)}${token[at] === 'A' ? 'B' : 'A'}${token.slice(at + 1)}`;
      expect(() => tokens.verify(altered)).toThrow(invalid);
    }
  });

  function forgeBytes(body: Buffer): string {
    const signed = `${encode(JSON.stringify(goodHeader))}.${body.toString('base64url')}`;
    return `${signed}.${sign(null, Buffer.from(signed), createPrivateKey({ key: { ...current }, format: 'jwk' })).toString('base64url')}`;
  }

  /** The same signature bytes, spelled with other unused bits in the last character (64 bytes leave four). */
  function otherSpelling(token: string): string {
    const alphabet = 'ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789-_';
    const spelled = `${token.slice(0, -1)}${alphabet[alphabet.indexOf(token.slice(-1)) + 1]}`;
    expect(Buffer.from(spelled.split('.')[2] ?? '', 'base64url')).toEqual(Buffer.from(token.split('.')[2] ?? '', 'base64url'));
    return spelled;
  }

  function malleated(token: string): string {
    const order = 2n ** 252n + 27742317777372353535851937790883648493n;
    const signature = Buffer.from(token.split('.')[2] ?? '', 'base64url');
    const little = [...signature.subarray(32)].toReversed();
    const s = BigInt(`0x${Buffer.from(little).toString('hex')}`);
    const raised = Buffer.from([...Buffer.from((s + order).toString(16).padStart(64, '0'), 'hex')].toReversed());
    return `${token.slice(0, token.lastIndexOf('.'))}.${Buffer.concat([signature.subarray(0, 32), raised]).toString('base64url')}`;
  }
});

describe('strict JSON objects', () => {
  it('are read as JSON.parse reads them', () => {
    const text = '{"a":{"b":[{"b":1},{"b":2}]},"b":"{\\"a\\":1,\\"a\\":2}","":0}';
    expect(parseStrictObject(Buffer.from(text))).toEqual(JSON.parse(text));
  });

  it.each(['{"a":1,"a":1}', '{"a":{"b":1,"b":2}}', '[{"a":1,"a":2}]', '{"x":[{"a":1 , "a" : 2}]}', '[]', 'null', '"x"', ''])(
    'refuse %s',
    (text) => {
      expect(parseStrictObject(Buffer.from(text))).toBeUndefined();
    },
  );
});

describe('the cache of verified tokens', () => {
  it('forgets what was used longest ago and nothing else', () => {
    const map = createRecentMap<number>(2);
    map.set('a', 1);
    map.set('b', 2);
    expect(map.get('a')).toBe(1);
    map.set('c', 3);
    expect([map.get('a'), map.get('b'), map.get('c')]).toEqual([1, undefined, 3]);
    map.delete('a');
    expect(map.get('a')).toBeUndefined();
  });

  it('may be as small as one token', () => {
    const small = createAccessTokens({ keys: [current], issuer, audience, ttlSeconds: 600, clock, cacheSize: 1 });
    const both = [small.sign(claims), small.sign({ ...claims, sub: 'user-2' })];
    expect(both.map((token) => small.verify(token).sub)).toEqual(['user-1', 'user-2']);
    expect(both.map((token) => small.verify(token).sub)).toEqual(['user-1', 'user-2']);
  });
});
