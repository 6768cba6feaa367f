import { z } from 'zod';
import { defineEndpoint, noBody, noQuery } from '../define-endpoint.ts';

const cacheable = { 'Cache-Control': 'public, max-age=300' };

const jwk = z.strictObject({
  kty: z.literal('OKP'),
  crv: z.literal('Ed25519'),
  x: z.string(),
  kid: z.string(),
  alg: z.literal('EdDSA'),
  use: z.literal('sig'),
});

/** GET /.well-known/jwks.json: public keys only. */
export const readJwks = defineEndpoint({
  summary: 'Public keys of the access tokens',
  query: noQuery,
  body: noBody,
  replies: { 200: { description: 'JWK set', schema: z.strictObject({ keys: z.array(jwk) }) } },
  handle: (call) => ({ status: 200, headers: cacheable, body: call.deps.accessTokens.jwks() }),
});

const metadata = z
  .strictObject({
    issuer: z.string(),
    jwks_uri: z.string(),
    introspection_endpoint: z.string(),
    revocation_endpoint: z.string(),
    subject_types_supported: z.array(z.string()),
    id_token_signing_alg_values_supported: z.array(z.string()),
    access_token_signing_alg_values_supported: z.array(z.string()),
    acr_values_supported: z.array(z.string()),
    claims_supported: z.array(z.string()),
  })
  .meta({ id: 'ServerMetadata' });

/** Both metadata documents (RFC 8414, OpenID Connect Discovery); only endpoints that exist are named. */
export const readServerMetadata = defineEndpoint({
  summary: 'Metadata of the token issuer',
  query: noQuery,
  body: noBody,
  replies: { 200: { description: 'Metadata', schema: metadata } },
  handle({ deps: { config } }) {
    return {
      status: 200,
      headers: cacheable,
      body: {
        issuer: config.jwtIssuer,
        jwks_uri: `${config.publicUrl}/.well-known/jwks.json`,
        introspection_endpoint: `${config.publicUrl}/api/v1/auth/introspect`,
        revocation_endpoint: `${config.publicUrl}/api/v1/auth/revoke`,
        subject_types_supported: ['public'],
        id_token_signing_alg_values_supported: [],
        access_token_signing_alg_values_supported: ['EdDSA'],
        acr_values_supported: ['aal1', 'aal2'],
        claims_supported: ['iss', 'aud', 'sub', 'sid', 'iat', 'exp', 'jti', 'auth_time', 'acr', 'amr', 'roles'],
      },
    };
  },
});

/** GET /.well-known/change-password (W3C): where password managers send people. */
export const changePassword = defineEndpoint({
  summary: 'Where to change the password',
  query: noQuery,
  body: noBody,
  replies: { 302: { description: 'The storefront page', headers: ['Location'] } },
  handle: (call) => ({ status: 302, headers: { Location: `${call.deps.config.storefrontUrl}/account/password` } }),
});
