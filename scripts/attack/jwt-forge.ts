import { createHmac, createPublicKey, generateKeyPairSync, type KeyObject, sign } from 'node:crypto';

/** What an attacker of bearer tokens holds. */
export type Loot = {
  /** Somebody's live access token. */
  genuine: string;
  /** The key that verifies it, from the published set. */
  published: { kid: string; x: string };
  /** An address of the attacker: whoever fetches a key from it has lost. */
  listener: string;
  /** The attacker's own key. */
  own: { privateKey: KeyObject; x: string };
  /**
   * Signs as the issuer does where the issuer's key is at hand (in our tests: then only the trick itself can be what is refused), with
   * the attacker's own key otherwise.
   */
  sign(header: object | string, body: object | string): string;
};

export function newOwnKey(): Loot['own'] {
  const { privateKey } = generateKeyPairSync('ed25519');
  return { privateKey, x: createPublicKey(privateKey).export({ format: 'jwk' }).x ?? '' };
}

export function encode(part: object | string | Buffer): string {
  if (Buffer.isBuffer(part)) return part.toString('base64url');
  return Buffer.from(typeof part === 'string' ? part : JSON.stringify(part), 'utf8').toString('base64url');
}

/** A compact JWS whose parts are taken as they are: objects as JSON, text verbatim. */
export function signWith(privateKey: KeyObject): Loot['sign'] {
  return (header, body) => {
    const signed = `${encode(header)}.${encode(body)}`;
    return `${signed}.${sign(null, Buffer.from(signed), privateKey).toString('base64url')}`;
  };
}

export function hmacToken(header: object, body: object, hash: string, key: string | Buffer): string {
  const signed = `${encode(header)}.${encode(body)}`;
  return `${signed}.${createHmac(hash, key).update(signed).digest('base64url')}`;
}

/** Header, claims and signature of a compact token. */
export function partsOf(token: string): { header: Record<string, unknown>; claims: Record<string, unknown>; signature: string } {
  const [head = '', body = '', signature = ''] = token.split('.');
  return { header: objectOf(head), claims: objectOf(body), signature };
}

function objectOf(part: string): Record<string, unknown> {
  const value: unknown = JSON.parse(Buffer.from(part, 'base64url').toString('utf8'));
  if (typeof value !== 'object' || value === null) throw new Error('The part of a token is no object');
  return { ...value };
}

/** Every form in which a public key has been taken for an HMAC secret. */
export function publicKeySpellings(published: Loot['published']): [string, string | Buffer][] {
  const jwk = { kty: 'OKP', crv: 'Ed25519', x: published.x };
  const key = createPublicKey({ key: jwk, format: 'jwk' });
  return [
    ['its 32 bytes', Buffer.from(published.x, 'base64url')],
    ['its base64url text', published.x],
    ['its JWK', JSON.stringify(jwk)],
    ['its PEM', key.export({ type: 'spki', format: 'pem' })],
    ['its DER', key.export({ type: 'spki', format: 'der' })],
    ['nothing', ''],
  ];
}
