import { createHash, createPrivateKey, createPublicKey, type KeyObject } from 'node:crypto';
import type { PrivateJwk } from '../config/secrets.ts';

/** A public key as published at /.well-known/jwks.json; has no private member. */
export type PublicJwk = { kty: 'OKP'; crv: 'Ed25519'; x: string; kid: string; alg: 'EdDSA'; use: 'sig' };

export type SigningKey = { kid: string; privateKey: KeyObject; publicKey: KeyObject; published: PublicJwk };

/** Ed25519 keys in the order given: current (it signs), next, retired. A key without kid gets its thumbprint (RFC 7638). */
export function toSigningKeys(jwks: readonly PrivateJwk[]): [SigningKey, ...SigningKey[]] {
  const [current, ...others] = jwks.map(toSigningKey);
  if (!current) throw new Error('JWT_SIGNING_KEYS names no key');
  const keys: [SigningKey, ...SigningKey[]] = [current, ...others];
  if (new Set(keys.map((key) => key.kid)).size < keys.length) throw new Error('JWT_SIGNING_KEYS names one kid twice');
  return keys;
}

function toSigningKey(jwk: PrivateJwk): SigningKey {
  const privateKey = createPrivateKey({ key: { kty: jwk.kty, crv: jwk.crv, x: jwk.x, d: jwk.d }, format: 'jwk' });
  // Derived from the private part: a JWK whose two halves differ must not publish a key that verifies nothing.
  const publicKey = createPublicKey(privateKey);
  const { x = '' } = publicKey.export({ format: 'jwk' });
  const kid = jwk.kid ?? thumbprint(x);
  return { kid, privateKey, publicKey, published: { kty: 'OKP', crv: 'Ed25519', x, kid, alg: 'EdDSA', use: 'sig' } };
}

function thumbprint(x: string): string {
  return createHash('sha256')
    .update(JSON.stringify({ crv: 'Ed25519', kty: 'OKP', x }))
    .digest('base64url');
}
