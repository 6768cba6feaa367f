import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { tokenSet } from '../../src/api/shapes.ts';
import { type Api, basic, bearer, newClient, nowSeconds, refusal, shaped, signedClient, startApi, storefront } from './support/api.ts';

let api: Api;
beforeAll(async () => {
  api = await startApi({ RATE_LIMIT_SCALE: '1000' });
});
afterAll(() => api.stop());

const bff = basic(storefront.id, storefront.secret);
const revoke = (token: string, hint?: string) => api.post('/auth/revoke', { token, ...(hint ? { token_type_hint: hint } : {}) }, bff);
const form = (path: string, fields: Record<string, string>) =>
  api.call('POST', `/api/v1${path}`, {
    raw: new URLSearchParams(fields).toString(),
    headers: { ...bff, 'Content-Type': 'application/x-www-form-urlencoded' },
  });
const account = (token: string) => api.get('/api/v1/account', bearer(token));
const introspect = async (token: string) => (await api.post('/auth/introspect', { token }, bff)).json;

describe('POST /auth/revoke', () => {
  it('ends the session of a refresh token, by JSON and by form, whatever the hint', async () => {
    const one = await newClient(api);
    const answer = await revoke(one.tokens.refreshToken ?? '', 'access_token');
    expect([answer.status, answer.text]).toEqual([200, '{}']);
    expect(refusal(await account(one.tokens.accessToken))).toBe('401 session_revoked');
    expect(await introspect(one.tokens.refreshToken ?? '')).toEqual({ active: false });
    const two = await newClient(api);
    const sent = await form('/auth/revoke', { token: two.tokens.refreshToken ?? '', token_type_hint: 'refresh_token' });
    expect([sent.status, sent.text]).toEqual([200, '{}']);
    expect(refusal(await account(two.tokens.accessToken))).toBe('401 session_revoked');
  });

  it('ends the session of an access token, and of a refresh token that was used before', async () => {
    const one = await newClient(api);
    expect((await revoke(one.tokens.accessToken)).status).toBe(200);
    expect(refusal(await api.post('/auth/token/refresh', { refreshToken: one.tokens.refreshToken }))).toBe('401 session_revoked');
    const two = await newClient(api);
    const next = shaped(tokenSet, await api.post('/auth/token/refresh', { refreshToken: two.tokens.refreshToken }));
    expect((await revoke(two.tokens.refreshToken ?? '')).status).toBe(200);
    expect(refusal(await account(next.accessToken))).toBe('401 session_revoked');
  });

  it('is 200 for the unknown, malformed, expired and dead, and ends nothing by them', async () => {
    const { tokens } = await newClient(api);
    const [head = '', claims = ''] = tokens.accessToken.split('.');
    for (const token of ['', 'x', 'A'.repeat(43), `${head}.${claims}.AAAA`, 'a.b.c', '.', '\u0000'])
      expect((await revoke(token)).text).toBe('{}');
    expect((await account(tokens.accessToken)).status).toBe(200);
    await revoke(tokens.accessToken);
    expect((await revoke(tokens.accessToken)).text).toBe('{}');
  });

  it('needs a client with a secret or a signature, and nothing unknown', async () => {
    const { tokens } = await newClient(api);
    const body = { token: tokens.accessToken };
    for (const headers of [{}, { 'X-Client-Id': 'mobile' }, { 'X-Client-Id': 'storefront-bff' }, basic(storefront.id, 'wrong')]) {
      const answer = await api.post('/auth/revoke', body, headers);
      expect(refusal(answer)).toBe('401 client_invalid');
      expect(answer.headers['www-authenticate']).toMatch(/^Basic /);
    }
    expect(refusal(await api.post('/auth/revoke', {}, bff))).toBe('422 required');
    expect(refusal(await api.post('/auth/revoke', { ...body, client_secret: 'x' }, bff))).toBe('422 unknown_field');
    expect(refusal(await api.post('/auth/revoke', { token: 5 }, bff))).toBe('422 invalid_type');
    expect((await account(tokens.accessToken)).status).toBe(200);
    const signed = signedClient({ method: 'POST', path: '/api/v1/auth/revoke', body, ip: '203.0.113.9', nowSeconds: nowSeconds(api) });
    expect((await api.post('/auth/revoke', body, signed)).status).toBe(200);
    expect(refusal(await account(tokens.accessToken))).toBe('401 session_revoked');
  });
});

describe('POST /auth/introspect', () => {
  it('takes a form, tells a live token with its client, and nothing of a dead or foreign one', async () => {
    const { tokens } = await newClient(api);
    const answer = await form('/auth/introspect', { token: tokens.accessToken, token_type_hint: 'refresh_token' });
    expect(answer.json).toMatchObject({
      active: true,
      sub: tokens.user.id,
      sid: tokens.session.id,
      client_id: 'public',
      token_type: 'access_token',
      roles: ['client'],
      acr: 'aal1',
      amr: ['otp'],
      aud: 'fashionistar-api',
    });
    expect(await introspect(tokens.refreshToken ?? '')).toMatchObject({
      active: true,
      token_type: 'refresh_token',
      sid: tokens.session.id,
    });
    for (const token of ['', 'x', `${tokens.accessToken}x`, 'A'.repeat(43)]) expect(await introspect(token)).toEqual({ active: false });
    api.app.clock.advance(631);
    expect(await introspect(tokens.accessToken)).toEqual({ active: false });
    expect(refusal(await form('/auth/introspect', { token: 'x', other: 'y' }))).toBe('422 unknown_field');
  });
});
