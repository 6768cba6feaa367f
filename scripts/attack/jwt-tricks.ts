import { generateKeyPairSync, randomBytes, sign } from 'node:crypto';
import { deflateRawSync } from 'node:zlib';
import { encode, hmacToken, type Loot, partsOf, publicKeySpellings, signWith } from './jwt-forge.ts';

/** One published way of making a verifier accept a token that it should not. `make` gives the credentials after `Bearer `. */
export type Trick = { name: string; make(loot: Loot): string };

const trick = (name: string, make: Trick['make']): Trick => ({ name, make });

/** The genuine token with other header members. */
const withHeader = (loot: Loot, members: object): string => {
  const { header, claims } = partsOf(loot.genuine);
  return loot.sign({ ...header, ...members }, claims);
};
const withClaims = (loot: Loot, members: object): string => {
  const { header, claims } = partsOf(loot.genuine);
  return loot.sign(header, { ...claims, ...members });
};
const without = (object: Record<string, unknown>, name: string) =>
  Object.fromEntries(Object.entries(object).filter(([key]) => key !== name));

const unsigned: readonly Trick[] = ['none', 'None', 'NONE', 'nOnE', 'none ', '', null, false, 0, ['none'], {}].flatMap((alg) => [
  trick(`alg ${JSON.stringify(alg)} without signature`, ({ genuine }) => {
    const { header, claims } = partsOf(genuine);
    return `${encode({ ...header, alg })}.${encode(claims)}.`;
  }),
  trick(`alg ${JSON.stringify(alg)} with a signature`, (loot) => withHeader(loot, { alg })),
]);

const confused: readonly Trick[] = ['HS256', 'HS384', 'HS512', 'EdDSA'].flatMap((alg) =>
  ['its 32 bytes', 'its base64url text', 'its JWK', 'its PEM', 'its DER', 'nothing'].map((spelling, index) =>
    trick(`${alg} keyed with the public key as ${spelling}`, ({ genuine, published }) => {
      const { header, claims } = partsOf(genuine);
      const [, key] = publicKeySpellings(published)[index] ?? ['', ''];
      return hmacToken({ ...header, alg }, claims, alg === 'EdDSA' ? 'sha256' : alg.replace('HS', 'sha'), key);
    }),
  ),
);

const otherAlgorithms: readonly Trick[] = [
  ...['RS256', 'PS256', 'ES256', 'ES256K', 'ES384', 'ES512', 'Ed25519', 'Ed448', 'eddsa', 'EDDSA', 'EdDSA\u0000', 'dir', 'A128KW'].map(
    (alg) => trick(`alg ${JSON.stringify(alg)}`, (loot) => withHeader(loot, { alg })),
  ),
  trick('no alg', ({ genuine, sign: signed }) => {
    const { header, claims } = partsOf(genuine);
    return signed(without(header, 'alg'), claims);
  }),
  ...(['prime256v1', 'secp256k1', 'secp384r1'] as const).map((curve) =>
    trick(`really signed with ECDSA on ${curve}`, ({ genuine }) => {
      const { header, claims } = partsOf(genuine);
      const signed = `${encode({ ...header, alg: 'ES256' })}.${encode(claims)}`;
      const { privateKey } = generateKeyPairSync('ec', { namedCurve: curve });
      return `${signed}.${sign('sha256', Buffer.from(signed), { key: privateKey, dsaEncoding: 'ieee-p1363' }).toString('base64url')}`;
    }),
  ),
  trick('really signed with Ed448', ({ genuine }) => {
    const { header, claims } = partsOf(genuine);
    return signWith(generateKeyPairSync('ed448').privateKey)(header, claims);
  }),
];

const ownKeys: readonly Trick[] = [
  trick('own key under their kid', ({ genuine, own }) => {
    const { header, claims } = partsOf(genuine);
    return signWith(own.privateKey)(header, claims);
  }),
  trick('own key in jwk', ({ genuine, own }) => {
    const { header, claims } = partsOf(genuine);
    return signWith(own.privateKey)({ ...header, jwk: { kty: 'OKP', crv: 'Ed25519', x: own.x, kid: header['kid'] } }, claims);
  }),
  trick('own key in jwk, without kid', ({ genuine, own }) => {
    const { header, claims } = partsOf(genuine);
    return signWith(own.privateKey)({ ...without(header, 'kid'), jwk: { kty: 'OKP', crv: 'Ed25519', x: own.x } }, claims);
  }),
  trick('their key in jwk', (loot) => withHeader(loot, { jwk: { kty: 'OKP', crv: 'Ed25519', x: loot.published.x } })),
  ...['jku', 'x5u'].flatMap((member) => [
    trick(`${member} to an address of the attacker`, (loot) => withHeader(loot, { [member]: `${loot.listener}/jwks.json` })),
    trick(`${member} to an address of the attacker, own key, no kid`, ({ genuine, own, listener }) => {
      const { header, claims } = partsOf(genuine);
      return signWith(own.privateKey)({ ...without(header, 'kid'), [member]: `${listener}/jwks.json` }, claims);
    }),
    trick(`${member} to a local file`, (loot) => withHeader(loot, { [member]: 'file:///etc/passwd' })),
  ]),
  trick('x5c', (loot) => withHeader(loot, { x5c: [randomBytes(64).toString('base64')] })),
  trick('x5t', (loot) => withHeader(loot, { x5t: randomBytes(20).toString('base64url') })),
];

const kids: readonly Trick[] = [
  ...[
    '',
    'nobody',
    '../../../../../../dev/null',
    '/dev/null',
    'file:///dev/null',
    "' OR '1'='1",
    "x' UNION SELECT '' --",
    '"; DROP TABLE identity.session; --',
    '| id',
    '$(id)',
    '__proto__',
    'constructor',
    'toString',
    '\u0000',
    'k'.repeat(65),
    'k'.repeat(2_000),
    null,
    0,
    true,
    [],
    {},
  ].map((kid) => trick(`kid ${JSON.stringify(kid).slice(0, 40)}`, (loot) => withHeader(loot, { kid }))),
  trick('kid is an address of the attacker', (loot) => withHeader(loot, { kid: loot.listener })),
  trick('kid in a list', (loot) => withHeader(loot, { kid: [loot.published.kid] })),
  trick('kid with a blank', (loot) => withHeader(loot, { kid: `${loot.published.kid} ` })),
  trick('no kid', ({ genuine, sign: signed }) => {
    const { header, claims } = partsOf(genuine);
    return signed(without(header, 'kid'), claims);
  }),
];

const extensions: readonly Trick[] = [
  ...[{ crit: ['exp'] }, { crit: [] }, { crit: 'exp' }, { crit: ['b64'], b64: false }, { b64: false }, { b64: true }, { zip: 'DEF' }].map(
    (members) => trick(`header ${JSON.stringify(members)}`, (loot) => withHeader(loot, members)),
  ),
  trick('body not encoded (RFC 7797)', ({ genuine, sign: signed }) => {
    const { header, claims } = partsOf(genuine);
    const [head = '', , signature = ''] = signed({ ...header, b64: false, crit: ['b64'] }, claims).split('.');
    return `${head}.${JSON.stringify(claims)}.${signature}`.replaceAll(' ', '');
  }),
  trick('body compressed', ({ genuine, sign: signed }) => {
    const { header, claims } = partsOf(genuine);
    const [head = '', , signature = ''] = signed({ ...header, zip: 'DEF' }, claims).split('.');
    return `${head}.${encode(deflateRawSync(JSON.stringify(claims)))}.${signature}`;
  }),
  trick('nested: a token in a token', (loot) => loot.sign({ ...partsOf(loot.genuine).header, cty: 'JWT' }, loot.genuine)),
  trick('a token as the body', (loot) => loot.sign(partsOf(loot.genuine).header, loot.genuine)),
  trick('member that nobody knows', (loot) => withHeader(loot, { admin: true })),
];

const types: readonly Trick[] = [
  ...['JWT', 'jwt', 'AT+JWT', 'at+JWT', 'application/at+jwt', 'id_token', 'logout+jwt', 'dpop+jwt', 'JOSE', '', null, ['at+jwt'], 1].map(
    (typ) => trick(`typ ${JSON.stringify(typ)}`, (loot) => withHeader(loot, { typ })),
  ),
  trick('no typ', ({ genuine, sign: signed }) => {
    const { header, claims } = partsOf(genuine);
    return signed(without(header, 'typ'), claims);
  }),
  trick('ID token of the same issuer', ({ genuine, sign: signed }) => {
    const { header, claims } = partsOf(genuine);
    const { iss, sub, iat, exp } = claims;
    return signed({ ...header, typ: 'JWT' }, { iss, sub, iat, exp, aud: 'storefront-bff', nonce: 'n', email: 'ada@example.com' });
  }),
  trick('claims of an ID token under the type of an access token', ({ genuine, sign: signed }) => {
    const { header, claims } = partsOf(genuine);
    const { iss, sub, iat, exp } = claims;
    return signed(header, { iss, sub, iat, exp, aud: 'storefront-bff', nonce: 'n' });
  }),
];

const duplicates: readonly Trick[] = [
  ['alg twice', '"alg":"none",', '"alg":"EdDSA",'],
  ['alg twice, one escaped', '"\\u0061lg":"none",', ''],
  ['kid twice', '"kid":"nobody",', ''],
  ['typ twice', '"typ":"JWT",', ''],
].flatMap(([name = '', first = '', second = '']) => [
  trick(`header: ${name}`, ({ genuine, sign: signed }) => {
    const { header, claims } = partsOf(genuine);
    return signed(`{${first}${second}${JSON.stringify(header).slice(1)}`, claims);
  }),
  trick(`header: ${name}, ours first`, ({ genuine, sign: signed }) => {
    const { header, claims } = partsOf(genuine);
    return signed(`${JSON.stringify(header).slice(0, -1)},${(first + second).slice(0, -1)}}`, claims);
  }),
]);

const duplicateClaims: readonly Trick[] = ['sub', 'exp', 'iss', 'aud', 'roles', 'sid'].map((name) =>
  trick(`claims: ${name} twice`, ({ genuine, sign: signed }) => {
    const { header, claims } = partsOf(genuine);
    return signed(header, `{"${name}":${JSON.stringify(claims[name])},${JSON.stringify(claims).slice(1)}`);
  }),
);

const claimValues: readonly Trick[] = [
  ...[
    { iss: 'https://evil.example' },
    { iss: null },
    { iss: ['x'] },
    { aud: 'other' },
    { aud: [] },
    { aud: null },
    { exp: '9999999999' },
    { exp: null },
    { exp: {} },
    { exp: [9_999_999_999] },
    { exp: true },
    { exp: 1.5e300 },
    { exp: 9_999_999_999.5 },
    { iat: 'now' },
    { iat: 99_999_999_999 },
    { iat: null },
    { acr: 'aal9' },
    { amr: 'pwd' },
    { roles: 'admin' },
    { sid: null },
    { sub: { $ne: null } },
  ].map((members) => trick(`claims ${JSON.stringify(members)}`, (loot) => withClaims(loot, members))),
  trick('aud as a list that holds ours', (loot) => withClaims(loot, { aud: [partsOf(loot.genuine).claims['aud'], 'evil'] })),
  trick('iss with a slash more', (loot) => withClaims(loot, { iss: `${String(partsOf(loot.genuine).claims['iss'])}/` })),
  ...['iss', 'aud', 'exp', 'iat', 'sub', 'sid', 'jti'].map((name) =>
    trick(`claims without ${name}`, ({ genuine, sign: signed }) => {
      const { header, claims } = partsOf(genuine);
      return signed(header, without(claims, name));
    }),
  ),
  trick('exp beyond numbers', ({ genuine, sign: signed }) => {
    const { header, claims } = partsOf(genuine);
    return signed(header, JSON.stringify(claims).replace(/"exp":\d+/, '"exp":1e999'));
  }),
];

const signatures: readonly Trick[] = [
  ...[0, 1, 63, 64, 65, 114, 512].map((length) =>
    trick(
      `signature of ${length} zero bytes (psychic)`,
      ({ genuine }) => `${genuine.slice(0, genuine.lastIndexOf('.'))}.${encode(Buffer.alloc(length))}`,
    ),
  ),
  trick('ES256 with a psychic signature', ({ genuine }) => {
    const { header, claims } = partsOf(genuine);
    return `${encode({ ...header, alg: 'ES256' })}.${encode(claims)}.${encode(Buffer.alloc(64))}`;
  }),
  trick('signature of the identity point', ({ genuine }) => {
    const identity = Buffer.alloc(64);
    identity[0] = 1;
    return `${genuine.slice(0, genuine.lastIndexOf('.'))}.${encode(identity)}`;
  }),
  trick('S raised by the order of the group', ({ genuine }) => malleated(genuine)),
  trick('signature cut', ({ genuine }) => genuine.slice(0, -4)),
  trick('signature longer', ({ genuine }) => `${genuine}AAAA`),
  trick('signature twice', ({ genuine }) => `${genuine}.${partsOf(genuine).signature}`),
  trick('signature left out', ({ genuine }) => genuine.slice(0, genuine.lastIndexOf('.'))),
  trick('signature of another token', ({ genuine, own }) => {
    const { header, claims, signature } = partsOf(genuine);
    return `${signWith(own.privateKey)(header, { ...claims, roles: ['admin'] }).replace(/[^.]*$/, '')}${signature}`;
  }),
  trick('claims changed under a genuine signature', ({ genuine }) => {
    const { header, claims, signature } = partsOf(genuine);
    return `${encode(header)}.${encode({ ...claims, acr: 'aal2', amr: ['mfa'] })}.${signature}`;
  }),
];

const shapes: readonly Trick[] = [
  trick('oversized', (loot) => withClaims(loot, { roles: ['x'.repeat(5_000)] })),
  trick('five parts, as JWE', () => 'eyJhbGciOiJkaXIiLCJlbmMiOiJBMjU2R0NNIn0..AAAAAAAAAAAAAAAA.AAAA.AAAAAAAAAAAAAAAAAAAAAA'),
  trick('JSON serialisation', ({ genuine }) => {
    const [head = '', payload = '', signature = ''] = genuine.split('.');
    return encode({ payload, signatures: [{ protected: head, signature }] });
  }),
  trick('empty parts', () => '..'),
  trick('header is null', (loot) => loot.sign('null', partsOf(loot.genuine).claims)),
  trick('header is a list', (loot) => loot.sign(`[${JSON.stringify(partsOf(loot.genuine).header)}]`, partsOf(loot.genuine).claims)),
  trick('header with a byte order mark', (loot) =>
    loot.sign(`\ufeff${JSON.stringify(partsOf(loot.genuine).header)}`, partsOf(loot.genuine).claims),
  ),
  trick('claims are a list', (loot) => loot.sign(partsOf(loot.genuine).header, `[${JSON.stringify(partsOf(loot.genuine).claims)}]`)),
  trick('claims nested a thousand deep', (loot) => loot.sign(partsOf(loot.genuine).header, `${'['.repeat(1_000)}${']'.repeat(1_000)}`)),
  trick('padded', ({ genuine }) => `${genuine}==`),
  trick('two tokens', ({ genuine }) => `${genuine.slice(0, 20)}, Bearer ${genuine}`),
  trick('token in quotes', ({ genuine }) => `"${genuine}"`),
];

/** S + L is the same point: a verifier that does not check S < L (RFC 8032 section 5.1.7) takes both, and a token has two spellings. */
function malleated(token: string): string {
  const order = 2n ** 252n + 27742317777372353535851937790883648493n;
  const signature = Buffer.from(partsOf(token).signature, 'base64url');
  const s = BigInt(`0x${Buffer.from(signature.subarray(32)).reverse().toString('hex')}`) + order;
  const raised = Buffer.from(s.toString(16).padStart(64, '0').slice(-64), 'hex').reverse();
  return `${token.slice(0, token.lastIndexOf('.'))}.${encode(Buffer.concat([signature.subarray(0, 32), raised]))}`;
}

/** All of them. Every one must be answered 401 `token_invalid`, without a request to anybody. */
export const jwtTricks: readonly Trick[] = [
  ...unsigned,
  ...confused,
  ...otherAlgorithms,
  ...ownKeys,
  ...kids,
  ...extensions,
  ...types,
  ...duplicates,
  ...duplicateClaims,
  ...claimValues,
  ...signatures,
  ...shapes,
];
