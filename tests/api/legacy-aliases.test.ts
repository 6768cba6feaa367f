import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { z } from 'zod';
import { pending } from '../../src/api/shapes.ts';
import {
  type Answer,
  type Api,
  bearer,
  browserHeaders,
  codeOf,
  fieldsOf,
  freshEmail,
  goodPassword as password,
  problemOf,
  refusal,
  shaped,
  startApi,
  wrongCodeFor,
} from './support/api.ts';

let api: Api;
beforeAll(async () => {
  api = await startApi({ RATE_LIMIT_SCALE: '1000' });
});
afterAll(() => api.stop());

const verified = z.strictObject({
  message: z.string(),
  access: z.string(),
  refresh: z.string(),
  role: z.enum(['client', 'vendor']),
  user_id: z.uuid(),
});
const refreshed = z.strictObject({ access: z.string(), refresh: z.string() });
const cookies = (answer: Answer) => answer.headers['set-cookie'] ?? [];
const flowCookieOf = (answer: Answer) => /__Host-fsh_flow=([^;]*)/.exec(cookies(answer).join('\n'))?.[1] ?? '';
const signUp = (body: object, headers = {}) => api.post('/auth/sign-up', { password, password2: password, ...body }, headers);
const verify = (body: object, headers = {}) => api.post('/auth/otp-verification', body, headers);

async function signedUp(role = 'Client') {
  const answer = await signUp({ email: freshEmail(), role });
  const { flowId } = shaped(pending, answer);
  return shaped(verified, await verify({ otp: codeOf(api, flowId), flowId }));
}

describe('the aliases of the earlier storefront', () => {
  it('say on every answer when they go and what comes after them', async () => {
    const successors = { 'sign-up': 'register', 'otp-verification': 'register/verify', refresh: 'token/refresh' };
    for (const [path, successor] of Object.entries(successors)) {
      const answers = [
        await api.post(`/auth/${path}`, {}),
        await api.call('POST', `/api/v1/auth/${path}`, { raw: '{' }),
        await api.get(`/api/v1/auth/${path}`),
      ];
      for (const { headers, status } of answers) {
        expect(status).toBeGreaterThanOrEqual(400);
        expect(headers['deprecation']).toBe('@1798761600');
        expect(headers['sunset']).toBe('Fri, 31 Dec 2027 23:59:59 GMT');
        expect(headers['link']).toBe(`</api/v1/auth/${successor}>; rel="successor-version"`);
      }
    }
    expect((await api.post('/auth/register', {})).headers['deprecation']).toBeUndefined();
  });

  it('sign up with the password twice, and keep the flow in a cookie', async () => {
    const answer = await signUp({ phone_number: '0803 111 7701', role: 'VENDOR' });
    expect(answer.status).toBe(202);
    const { flowId, channel } = shaped(pending, answer);
    expect(channel).toBe('sms');
    expect(cookies(answer)).toEqual([`__Host-fsh_flow=${flowId}; Max-Age=1800; Path=/; Secure; HttpOnly; SameSite=Lax`]);
    const done = await verify({ otp: codeOf(api, flowId) }, { Cookie: `__Host-fsh_flow=${flowCookieOf(answer)}` });
    const { access, role, user_id: userId } = shaped(verified, done);
    expect([done.status, role]).toEqual([200, 'vendor']);
    expect(cookies(done)).toEqual(['__Host-fsh_flow=; Max-Age=0; Path=/; Secure; HttpOnly; SameSite=Lax']);
    expect((await api.get('/api/v1/account', bearer(access))).json).toMatchObject({ id: userId, phone: '+2348031117701' });
  });

  it('refuse two passwords that differ, two identifiers, and what they do not know', async () => {
    const differ = await signUp({ email: freshEmail(), password2: `${password}x` });
    expect([refusal(differ), fieldsOf(differ)]).toEqual(['422 password_mismatch', ['password2: password_mismatch']]);
    expect(problemOf(differ).detail).not.toBe('');
    const twice = await signUp({ phone: '08031117702', phone_number: '08031117703' });
    expect([refusal(twice), fieldsOf(twice)]).toEqual(['422 identifier_exactly_one', [': identifier_exactly_one']]);
    expect(refusal(await signUp({}))).toBe('422 identifier_exactly_one');
    expect(refusal(await signUp({ email: freshEmail(), role: 'admin' }))).toBe('422 role_not_allowed');
    expect(refusal(await signUp({ email: freshEmail(), firstName: 'Ada' }))).toBe('422 unknown_field');
    expect(fieldsOf(await api.post('/auth/sign-up', { email: freshEmail(), password }))).toEqual(['password2: required']);
  });

  it('never verify by a code alone, and name their own fields', async () => {
    const { flowId } = shaped(pending, await signUp({ email: freshEmail() }));
    const code = codeOf(api, flowId);
    const alone = await verify({ otp: code });
    expect([refusal(alone), fieldsOf(alone)]).toEqual(['422 flow_required', ['flowId: flow_required']]);
    const malformed = await verify({ otp: '12', flowId });
    expect([refusal(malformed), fieldsOf(malformed)]).toEqual(['422 otp_malformed', ['otp: otp_malformed']]);
    expect(refusal(await verify({ otp: wrongCodeFor(code), flowId }))).toBe('401 otp_invalid');
    expect(refusal(await verify({ otp: code, flowId: 'nosuchflow' }))).toBe('410 flow_expired');
    expect((await verify({ otp: code, flowId })).status).toBe(200);
    expect(refusal(await verify({ otp: code, flowId }))).toBe('410 flow_expired');
    const register = shaped(pending, await api.post('/auth/register', { email: freshEmail(), password }));
    expect((await verify({ otp: codeOf(api, register.flowId), flowId: register.flowId })).status).toBe(200);
  });

  it('P1 answer a taken identifier like a free one', async () => {
    const email = freshEmail();
    const { flowId } = shaped(pending, await signUp({ email }));
    await verify({ otp: codeOf(api, flowId), flowId });
    const masked = (answer: Answer) => answer.text.replace(/"(flowId|destination)":"[^"]*"/g, '"$1":"?"');
    const [taken, free] = [await signUp({ email }), await signUp({ email: freshEmail() })];
    expect([taken.status, masked(taken), Object.keys(taken.headers)]).toEqual([free.status, masked(free), Object.keys(free.headers)]);
  });

  it('refresh by the rules of P8, under the earlier names', async () => {
    const first = await signedUp();
    const answers = await Promise.all(Array.from({ length: 20 }, () => api.post('/auth/refresh', { refresh: first.refresh })));
    expect(new Set(answers.map((answer) => shaped(refreshed, answer).refresh)).size).toBe(1);
    expect(refusal(await api.post('/auth/refresh', {}))).toBe('401 refresh_token_invalid');
    api.app.clock.advance(31);
    expect(refusal(await api.post('/auth/refresh', { refresh: first.refresh }))).toBe('401 refresh_token_reused');
  });

  it('in cookie mode keep the refresh token in its cookie, and clear it when it is refused', async () => {
    const answer = await signUp({ email: freshEmail() }, browserHeaders);
    const { flowId } = shaped(pending, answer);
    const done = await verify({ otp: codeOf(api, flowId) }, { ...browserHeaders, Cookie: `__Host-fsh_flow=${flowId}` });
    expect(done.json).not.toHaveProperty('refresh');
    const cookie = /__Host-fsh_rt=[^;]+/.exec(cookies(done).join('\n'))?.[0] ?? '';
    const next = await api.post('/auth/refresh', {}, { ...browserHeaders, Cookie: cookie });
    expect([next.status, Object.keys(z.object({ access: z.string() }).loose().parse(next.json))]).toEqual([200, ['access']]);
    expect(cookies(next).join('\n')).toContain('__Host-fsh_rt=');
    const refused = await api.post('/auth/refresh', {}, { ...browserHeaders, Cookie: '__Host-fsh_rt=unknown' });
    expect(cookies(refused)).toEqual(['__Host-fsh_rt=; Max-Age=0; Path=/; Secure; HttpOnly; SameSite=Lax']);
    expect(refusal(await verify({ otp: '123456' }, { 'X-Client-Id': 'browser' }))).toBe('403 origin_not_allowed');
  });

  it('are marked in the document, with their successor’s limits', async () => {
    const { json } = await api.get('/openapi.json');
    const { paths } = z
      .object({ paths: z.record(z.string(), z.record(z.string(), z.looseObject({ deprecated: z.boolean().optional() }))) })
      .parse(json);
    expect(paths['/api/v1/auth/sign-up']?.['post']?.deprecated).toBe(true);
    expect(paths['/api/v1/auth/register']?.['post']?.deprecated).toBeUndefined();
    const [alias, successor] = [await signUp({}), await api.post('/auth/register', {})];
    expect(alias.headers['ratelimit-policy']).toBe(successor.headers['ratelimit-policy']);
    const left = (answer: Answer) => Number(/r=(\d+)/.exec(String(answer.headers['ratelimit']))?.[1]);
    expect(left(successor)).toBe(left(alias) - 1);
  });
});

describe('with LEGACY_ALIASES off', () => {
  it('the aliases are 404, absent from the document, and sign-in has no copies', async () => {
    const strict = await startApi({ LEGACY_ALIASES: 'false' });
    try {
      for (const path of ['sign-up', 'otp-verification', 'refresh']) {
        const answer = await strict.post(`/auth/${path}`, {});
        expect([refusal(answer), answer.headers['deprecation']]).toEqual(['404 not_found', undefined]);
      }
      expect((await strict.get('/openapi.json')).text).not.toContain('sign-up');
      const email = freshEmail();
      const { flowId } = shaped(pending, await strict.post('/auth/register', { email, password }));
      await strict.post('/auth/register/verify', { flowId, code: codeOf(strict, flowId) });
      expect((await strict.post('/auth/login', { email, password })).json).not.toHaveProperty('access');
    } finally {
      await strict.stop();
    }
  });
});
