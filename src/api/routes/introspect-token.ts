import { z } from 'zod';
import { AppError } from '../../foundation/errors/app-error.ts';
import { queries } from '../../modules/identity/index.ts';
import { defineEndpoint, noQuery } from '../define-endpoint.ts';
import type { Call } from '../endpoint.ts';

const activeToken = z.strictObject({
  active: z.literal(true),
  sub: z.string(),
  sid: z.string(),
  client_id: z.string(),
  iss: z.string(),
  aud: z.string(),
  iat: z.int(),
  exp: z.int(),
  jti: z.string(),
  auth_time: z.int(),
  acr: z.enum(['aal1', 'aal2']),
  amr: z.array(z.string()),
  roles: z.array(z.string()),
  token_type: z.enum(['access_token', 'refresh_token']),
});

/** POST /auth/introspect (RFC 7662): live, so false as soon as the session ends. The hint only decides what is tried first. */
export const introspectToken = defineEndpoint({
  summary: 'Ask whether a token is live',
  query: noQuery,
  body: z.strictObject({ token: z.string(), token_type_hint: z.string().max(60).optional() }),
  rawFields: ['token'],
  replies: {
    200: { description: 'The token, or active false', schema: z.union([z.strictObject({ active: z.literal(false) }), activeToken]) },
  },
  errors: ['client_invalid'],
  async handle(call, { body }) {
    const found = body.token.includes('.')
      ? await liveAccessToken(call, body.token)
      : await queries.introspectRefresh(call.deps, body.token);
    return { status: 200, body: found ? { active: true, ...found } : { active: false } };
  },
});

async function liveAccessToken(call: Call, token: string) {
  const claims = claimsOf(call, token);
  const session = claims && (await queries.findLiveSession(call.deps, claims.sid));
  if (!claims || session?.userId !== claims.sub) return null;
  const { sub, sid, iss, aud, iat, exp, jti, auth_time, acr, amr, roles } = claims;
  return { sub, sid, client_id: session.clientId, iss, aud, iat, exp, jti, auth_time, acr, amr, roles, token_type: 'access_token' };
}

function claimsOf(call: Call, token: string) {
  try {
    return call.deps.accessTokens.verify(token);
  } catch (error) {
    if (error instanceof AppError && error.status === 401) return null;
    throw error;
  }
}
