import { errors, type JWTPayload, type JWTVerifyGetKey, jwtVerify } from 'jose';
import { z } from 'zod';
import { KeysUnavailableError } from './provider-keys.ts';

export type IdTokenRules = {
  issuer: string;
  /** Every audience of the token, and its authorised party, must be one of these. */
  audiences: readonly string[];
  keyFor: JWTVerifyGetKey;
  now: Date;
};

/** `email_verified` and the profile are untrusted shapes until read; only what identifies is demanded here. */
const claims = z.object({
  sub: z.string().min(1).max(255),
  aud: z.union([z.string(), z.array(z.string()).min(1)]),
  azp: z.string().optional(),
  iat: z.number(),
  nonce: z.string().min(1).max(512),
  email: z.string().optional().catch(undefined),
  email_verified: z.unknown().optional(),
  given_name: z.string().optional().catch(undefined),
  family_name: z.string().optional().catch(undefined),
});

export type IdTokenClaims = z.infer<typeof claims>;
export type IdTokenResult = { ok: true; claims: IdTokenClaims } | { ok: false; reason: string };

const algorithms = ['RS256', 'ES256'];
/** Clock skew of auth-api.md section 3. */
const skewSeconds = 30;
/** How old an ID token may be, counted from its own `iat` (P15). */
const maxAgeSeconds = 600;
const maxLength = 8192;

/**
 * OpenID Connect Core 3.1.3.7 with the limits of auth-api.md P15: RS256 or ES256 by a published key, exact issuer, only our
 * audiences, our authorised party if one is named, not expired, made within ten minutes. `reason` is for the log and names no value.
 */
export async function verifyIdToken(idToken: string, rules: IdTokenRules): Promise<IdTokenResult> {
  if (idToken.length > maxLength) return { ok: false, reason: 'too_long' };
  try {
    const { payload } = await jwtVerify(idToken, rules.keyFor, {
      algorithms,
      issuer: rules.issuer,
      clockTolerance: skewSeconds,
      currentDate: rules.now,
      requiredClaims: ['exp', 'iat', 'sub', 'aud', 'nonce'],
    });
    return judge(payload, rules);
  } catch (error) {
    return { ok: false, reason: reasonOf(error) };
  }
}

function judge(payload: JWTPayload, rules: IdTokenRules): IdTokenResult {
  const parsed = claims.safeParse(payload);
  if (!parsed.success) return { ok: false, reason: 'claims' };
  const { aud, azp, iat } = parsed.data;
  const isOurs = (party: string) => rules.audiences.includes(party);
  if (![aud].flat().every(isOurs)) return { ok: false, reason: 'aud' };
  if (azp !== undefined && !isOurs(azp)) return { ok: false, reason: 'azp' };
  const age = rules.now.getTime() / 1000 - iat;
  if (age > maxAgeSeconds || age < -skewSeconds) return { ok: false, reason: 'iat' };
  return { ok: true, claims: parsed.data };
}

function reasonOf(error: unknown): string {
  if (error instanceof errors.JWTClaimValidationFailed || error instanceof errors.JWTExpired) return error.claim;
  if (error instanceof errors.JOSEError) return error.code;
  return error instanceof KeysUnavailableError ? 'keys_unavailable' : 'unknown_key';
}
