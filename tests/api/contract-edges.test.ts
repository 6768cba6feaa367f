import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { z } from 'zod';
import { loginTokenSet, pending, securityEventPage, vendorProfile } from '../../src/api/shapes.ts';
import { totpCode, totpStepAt } from '../../src/foundation/crypto/totp.ts';
import { runInContext, systemContext } from '../../src/foundation/runtime/request-context.ts';
import { fillCountries } from '../../src/modules/reference/index.ts';
import { type Api, bearer, fieldsOf, freshEmail, goodPassword, newClient, problemOf, refusal, shaped, startApi } from './support/api.ts';
import { newVendor } from './support/privacy.ts';

/** Corners of auth-api.md that belong to no one area. */
let api: Api;
beforeAll(async () => {
  api = await startApi({ RATE_LIMIT_SCALE: '1000' });
  await runInContext(systemContext('test', 'cli'), () => fillCountries(api.app.deps));
});
afterAll(() => api.stop());

describe('paths of nobody', () => {
  it.each(['/', '/nope', '/auth/login', '/favicon.ico'])('%s is a problem document with a request id', async (path) => {
    const answer = await api.get(path, { 'X-Request-Id': 'trace_12345678' });
    expect(refusal(answer)).toBe('404 not_found');
    expect(answer.headers['content-type']).toBe('application/problem+json');
    expect(answer.headers['x-request-id']).toBe('trace_12345678');
  });
});

describe('discovery', () => {
  it('has the members of the specification and no other', async () => {
    const { json } = await api.get('/.well-known/openid-configuration');
    const metadata = z.record(z.string(), z.unknown()).parse(json);
    expect(Object.keys(metadata).toSorted()).toEqual([
      'access_token_signing_alg_values_supported',
      'acr_values_supported',
      'claims_supported',
      'id_token_signing_alg_values_supported',
      'introspection_endpoint',
      'issuer',
      'jwks_uri',
      'revocation_endpoint',
      'subject_types_supported',
    ]);
    expect(metadata.revocation_endpoint).toBe(`${api.app.deps.config.publicUrl}/api/v1/auth/revoke`);
  });

  it('publishes the next signing key beside the current one', async () => {
    const { keys } = z.object({ keys: z.array(z.object({ kid: z.string() })) }).parse((await api.get('/.well-known/jwks.json')).json);
    expect(new Set(keys.map(({ kid }) => kid)).size).toBeGreaterThanOrEqual(2);
  });
});

describe('values of any length', () => {
  it('a code that is none is otp_malformed, however long', async () => {
    const { flowId } = shaped(pending, await api.post('/auth/register', { email: freshEmail(), password: goodPassword }));
    for (const code of ['', '1'.repeat(65), '1'.repeat(9000)]) {
      const answer = await api.post('/auth/register/verify', { flowId, code });
      expect([refusal(answer), fieldsOf(answer)]).toEqual(['422 otp_malformed', ['code: otp_malformed']]);
    }
  });

  it('a cursor that is none of ours is invalid_value, however short or long', async () => {
    const { tokens } = await newClient(api);
    for (const cursor of ['', 'zz', 'a'.repeat(600)]) {
      const answer = await api.get(`/api/v1/account/security-events?cursor=${cursor}`, bearer(tokens.accessToken));
      expect([refusal(answer), fieldsOf(answer)]).toEqual(['422 invalid_value', ['cursor: invalid_value']]);
    }
  });
});

describe('signing out by the refresh token alone', () => {
  it('is among the events of the account, once', async () => {
    const { email, password, tokens } = await newClient(api);
    for (let round = 0; round < 2; round += 1)
      expect((await api.post('/auth/logout', { refreshToken: tokens.refreshToken })).status).toBe(204);
    const { accessToken } = shaped(loginTokenSet, await api.post('/auth/login', { email, password }));
    const { items } = shaped(securityEventPage, await api.get('/api/v1/account/security-events', bearer(accessToken)));
    const ends = items.filter(({ type }) => type === 'session_ended');
    expect(ends).toMatchObject([{ outcome: 'success', sessionId: tokens.session.id }]);
  });
});

describe('the double dagger', () => {
  const submit = (accessToken: string) =>
    api.call('POST', '/api/v1/account/vendor/submit', { body: {}, headers: { ...bearer(accessToken), 'If-Match': '"1"' } });

  it('asks for a recent sign-in only: neither a second factor nor a freeze stands in the way of a submission', async () => {
    const vendor = await newVendor(api);
    const started = await api.post('/account/mfa/totp', {}, bearer(vendor.accessToken));
    const { enrolId, secret } = z.object({ enrolId: z.string(), secret: z.string() }).parse(started.json);
    const code = totpCode(secret, totpStepAt(api.app.clock.now()));
    expect((await api.post('/account/mfa/totp/confirm', { enrolId, code }, bearer(vendor.accessToken))).status).toBe(200);
    expect(problemOf(await api.post('/account/mfa/recovery-codes', {}, bearer(vendor.accessToken))).methods).toEqual(['totp']);
    const { prisma } = api.app.deps.database;
    const userId = vendor.user.id;
    await api.app.as({ kind: 'system', name: 'test' }, () =>
      prisma.user.update({ where: { id: userId }, data: { frozenUntil: new Date(api.app.clock.now().getTime() + 3_600_000) } }),
    );
    const frozen = await submit(vendor.accessToken);
    expect(refusal(frozen)).toBe('409 vendor_incomplete');
    expect(refusal(await api.post('/account/mfa/totp', {}, bearer(vendor.accessToken)))).toBe('403 account_frozen');
    const read = await api.get('/api/v1/account/vendor', bearer(vendor.accessToken));
    expect(shaped(vendorProfile, read).status).toBe('draft');
  });

  it('names the methods where the sign-in is too long ago', async () => {
    const vendor = await newVendor(api);
    api.app.clock.advance(901);
    const { accessToken } = await vendor.refresh();
    const stale = await submit(accessToken);
    expect([refusal(stale), problemOf(stale).methods]).toEqual(['403 reauth_required', ['password', 'otp']]);
  });
});
