import { sign, verify } from 'node:crypto';
import { z } from 'zod';
import type { PrivateJwk } from '../config/secrets.ts';
import { AppError } from '../errors/app-error.ts';
import type { Clock } from '../runtime/clock.ts';
import { fromBase64url, randomToken } from './random-token.ts';
import { createRecentMap } from './recent-map.ts';
import { type PublicJwk, type SigningKey, toSigningKeys } from './signing-keys.ts';
import { parseStrictObject } from './strict-json.ts';

const claimsSchema = z.object({
  iss: z.string(),
  aud: z.string(),
  sub: z.string(),
  sid: z.string(),
  jti: z.string(),
  /** Unix seconds, like iat and exp. */
  auth_time: z.number().int(),
  iat: z.number().int(),
  exp: z.number().int(),
  acr: z.enum(['aal1', 'aal2']),
  amr: z.array(z.string()),
  roles: z.array(z.string()),
});

/** Claims of auth-api.md section 3 (RFC 9068 section 2.2). No personal data. */
export type AccessClaims = Readonly<z.infer<typeof claimsSchema>>;

/** What the issuing function says; the rest (iss, aud, iat, exp, jti) is set at signing. */
export type NewAccessClaims = Pick<AccessClaims, 'sub' | 'sid' | 'auth_time' | 'acr' | 'amr' | 'roles'>;

export type AccessTokens = {
  sign(claims: NewAccessClaims): string;
  /** Checks everything but the session row. Throws `token_invalid` or, over 30 s past exp, `token_expired`. */
  verify(token: string): AccessClaims;
  /** Public keys in the order current, next, retired. */
  jwks(): { keys: readonly PublicJwk[] };
};

export type AccessTokenOptions = {
  /** First signs; all are published and verify. Retired ones are taken out by the operator once their last token expired. */
  keys: readonly PrivateJwk[];
  issuer: string;
  audience: string;
  ttlSeconds: number;
  clock: Clock;
  /** Verified tokens kept in memory; each hit still checks exp. */
  cacheSize?: number;
};

const maxTokenBytes = 4096;
const maxKidLength = 64;
const skewSeconds = 30;

/**
 * Ed25519 JWT access tokens, accepted by the rules of auth-api.md P14. On node:crypto: a library that verifies on
 * libuv's pool would queue behind other work there (platform.md section 2).
 */
export function createAccessTokens(options: AccessTokenOptions): AccessTokens {
  const keys = toSigningKeys(options.keys);
  const byKid = new Map(keys.map((key) => [key.kid, key]));
  const verified = createRecentMap<AccessClaims>(options.cacheSize ?? 5000);
  const published = { keys: keys.map((key) => key.published) };
  const nowSeconds = () => Math.floor(options.clock.now().getTime() / 1000);

  return {
    sign: (claims) => {
      const iat = nowSeconds();
      const standard = { iss: options.issuer, aud: options.audience, iat, exp: iat + options.ttlSeconds, jti: randomToken(16) };
      return signCompact(keys[0], { ...claims, ...standard });
    },
    verify: (token) => {
      const known = verified.get(token);
      const claims = known ?? readCompact(token, byKid);
      if (claims.iss !== options.issuer || claims.aud !== options.audience) throw new AppError('token_invalid');
      const now = nowSeconds();
      if (claims.iat > now + skewSeconds) throw new AppError('token_invalid');
      if (claims.exp + skewSeconds <= now) {
        verified.delete(token);
        throw new AppError('token_expired');
      }
      if (!known) verified.set(token, claims);
      return claims;
    },
    jwks: () => published,
  };
}

const header = { typ: 'at+jwt', alg: 'EdDSA' } as const;

function signCompact(key: SigningKey, claims: object): string {
  const part = (value: object) => Buffer.from(JSON.stringify(value), 'utf8').toString('base64url');
  const signed = `${part({ ...header, kid: key.kid })}.${part(claims)}`;
  return `${signed}.${sign(null, Buffer.from(signed), key.privateKey).toString('base64url')}`;
}

function readCompact(token: string, byKid: ReadonlyMap<string, SigningKey>): AccessClaims {
  if (token.length > maxTokenBytes) throw new AppError('token_invalid');
  const [head, body, signature, ...rest] = token.split('.').map(fromBase64url);
  if (!head || !body || !signature || rest.length > 0) throw new AppError('token_invalid');
  const key = byKid.get(kidOf(head));
  const signed = Buffer.from(token.slice(0, token.lastIndexOf('.')));
  if (!key || !verify(null, signed, key.publicKey, signature)) throw new AppError('token_invalid');
  const claims = claimsSchema.safeParse(parseStrictObject(body));
  if (!claims.success) throw new AppError('token_invalid');
  return Object.freeze(claims.data);
}

/** Exactly the three members we write: that refuses crit, jwk, jku, x5u, x5c, b64, zip and whatever is invented next. */
const headerSchema = z.strictObject({ typ: z.literal(header.typ), alg: z.literal(header.alg), kid: z.string().max(maxKidLength) });

function kidOf(head: Buffer): string {
  const parsed = headerSchema.safeParse(parseStrictObject(head));
  if (!parsed.success) throw new AppError('token_invalid');
  return parsed.data.kid;
}
