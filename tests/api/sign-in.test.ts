import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { loginTokenSet, pending, tokenSet } from '../../src/api/shapes.ts';
import {
  type Answer,
  type Api,
  bearer,
  browserHeaders,
  codeOf,
  freshEmail,
  goodPassword,
  newClient,
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

const mobile = { 'X-Client-Id': 'mobile' };

describe('POST /auth/login', () => {
  it('signs in with the right password and gives legacy members to the client without id only', async () => {
    const { email, password } = await newClient(api);
    const answer = await api.post('/auth/login', { email, password }, mobile);
    expect(answer.status).toBe(200);
    expect(shaped(tokenSet, answer).session.amr).toEqual(['pwd']);
    const legacy = shaped(loginTokenSet, await api.post('/auth/login', { email, password }));
    expect([legacy.access, legacy.refresh, legacy.role]).toEqual([legacy.accessToken, legacy.refreshToken, 'client']);
  });

  it('answers unknown, wrong, empty, oversized and control-character passwords alike', async () => {
    const { email, password } = await newClient(api);
    const bodies = [
      { email: freshEmail(), password },
      { email, password: 'Not-the-password-12' },
      { email, password: '' },
      { email, password: 'x'.repeat(5_000) },
      { email, password: `${password}\u0000` },
    ];
    const texts = [];
    for (const body of bodies) {
      const answer = await api.post('/auth/login', body, { ...mobile, 'X-Request-Id': 'same-request-id' });
      expect(refusal(answer)).toBe('401 invalid_credentials');
      expect(answer.headers['www-authenticate']).toBeUndefined();
      texts.push(answer.text);
    }
    expect(new Set(texts).size).toBe(1);
  });

  it('U24 takes phone_number for phone, in every spelling of one number', async () => {
    const started = shaped(pending, await api.post('/auth/register', { phone: '08031110001', password: goodPassword }));
    await api.post('/auth/register/verify', { flowId: started.flowId, code: codeOf(api, started.flowId) });
    for (const phone of ['08031110001', '+234 803 111 0001', '00234-803-111-0001', '０８０３１１１０００１']) {
      expect((await api.post('/auth/login', { phone_number: phone, password: goodPassword })).status).toBe(200);
    }
  });

  it('says verification_required with a flow for the right password of a pending registration', async () => {
    const email = freshEmail();
    await api.post('/auth/register', { email, password: goodPassword });
    const answer = await api.post('/auth/login', { email, password: goodPassword });
    expect(refusal(answer)).toBe('403 verification_required');
    const { flowId = '' } = problemOf(answer);
    expect(flowId).not.toBe('');
  });
});

describe('codes for signing in', () => {
  it('are the same 202 for known and unknown people', async () => {
    const { email } = await newClient(api);
    const known = await api.post('/auth/otp/send', { email });
    const unknown = await api.post('/auth/otp/send', { email: freshEmail() });
    expect([known.status, unknown.status]).toEqual([202, 202]);
    expect(known.text.length).toBe(unknown.text.length);
    expect(Object.keys(known.headers)).toEqual(Object.keys(unknown.headers));
  });

  it('sign in once, with otp/verify', async () => {
    const { email } = await newClient(api);
    const { flowId } = shaped(pending, await api.post('/auth/otp/send', { email, purpose: 'login' }));
    const code = codeOf(api, flowId);
    expect(refusal(await api.post('/auth/otp/verify', { flowId, code: wrongCodeFor(code) }))).toBe('401 otp_invalid');
    const spaced = `${code.slice(0, 3)} ${code.slice(3)}`;
    expect(shaped(tokenSet, await api.post('/auth/otp/verify', { flowId, code: spaced })).session.amr).toEqual(['otp']);
    expect(refusal(await api.post('/auth/otp/verify', { flowId, code }))).toBe('410 flow_expired');
  });

  it('of a decoy flow never sign in', async () => {
    const { flowId } = shaped(pending, await api.post('/auth/otp/send', { email: freshEmail() }));
    expect(refusal(await api.post('/auth/otp/verify', { flowId, code: codeOf(api, flowId) }))).toMatch(
      /^(401 otp_invalid|410 flow_expired)$/,
    );
  });

  it('cool down for a minute per address and identifier, known or not', async () => {
    const email = freshEmail();
    await api.post('/auth/otp/send', { email });
    const again = await api.post('/auth/otp/send', { email });
    expect(refusal(again)).toBe('429 otp_cooldown');
    expect(Number(again.headers['retry-after'])).toBe(problemOf(again).retryAfter);
    api.app.clock.advance(61);
    expect((await api.post('/auth/otp/send', { email })).status).toBe(202);
  });

  it('are sent again by otp/resend, after which the earlier one is dead', async () => {
    const { email } = await newClient(api);
    const { flowId } = shaped(pending, await api.post('/auth/otp/send', { email }));
    expect(refusal(await api.post('/auth/otp/resend', { flowId }))).toBe('429 otp_cooldown');
    api.app.clock.advance(61);
    expect(shaped(pending, await api.post('/auth/otp/resend', { flowId })).flowId).toBe(flowId);
    expect(refusal(await api.post('/auth/otp/verify', { flowId, code: codeOf(api, flowId, 1) }))).toBe('401 otp_invalid');
    expect((await api.post('/auth/otp/verify', { flowId, code: codeOf(api, flowId, 2) })).status).toBe(200);
    expect(refusal(await api.post('/auth/otp/resend', { flowId: 'nosuchflow' }))).toBe('410 flow_expired');
  });

  it('of a registration do not sign in', async () => {
    const { flowId } = shaped(pending, await api.post('/auth/register', { email: freshEmail(), password: goodPassword }));
    expect(refusal(await api.post('/auth/otp/verify', { flowId, code: codeOf(api, flowId) }))).toBe('401 otp_invalid');
  });
});

describe('POST /auth/token/refresh', () => {
  const refresh = (refreshToken: string | undefined, headers = {}) => api.post('/auth/token/refresh', { refreshToken }, headers);

  it('U1 P8 rotates; twenty parallel uses of one token give one successor', async () => {
    const { tokens } = await newClient(api);
    const answers = await Promise.all(Array.from({ length: 20 }, () => refresh(tokens.refreshToken)));
    expect(answers.map((answer) => answer.status)).toEqual(Array.from({ length: 20 }, () => 200));
    const successors = new Set(answers.map((answer) => shaped(tokenSet, answer).refreshToken));
    expect(successors.size).toBe(1);
    expect(successors.has(tokens.refreshToken)).toBe(false);
  });

  it('of a parent after its grace ends the family', async () => {
    const { tokens } = await newClient(api);
    const next = shaped(tokenSet, await refresh(tokens.refreshToken));
    api.app.clock.advance(31);
    expect(refusal(await refresh(tokens.refreshToken))).toBe('401 refresh_token_reused');
    expect(refusal(await refresh(next.refreshToken))).toBe('401 session_revoked');
    expect(refusal(await api.get('/api/v1/account', bearer(next.accessToken)))).toBe('401 session_revoked');
  });

  it('refuses unknown, malformed, missing and foreign tokens alike', async () => {
    const { tokens } = await newClient(api);
    const others = [undefined, '', 'nonsense', `${tokens.refreshToken}x`, tokens.accessToken, 'A'.repeat(43)];
    for (const token of others) expect(refusal(await refresh(token))).toBe('401 refresh_token_invalid');
    expect(refusal(await refresh(tokens.refreshToken, mobile))).toBe('401 refresh_token_invalid');
    expect((await refresh(tokens.refreshToken)).status).toBe(200);
  });
});

describe('POST /auth/logout', () => {
  it('ends the current session and is 204 with dead or missing credentials too', async () => {
    const { tokens } = await newClient(api);
    expect((await api.post('/auth/logout', {}, bearer(tokens.accessToken))).status).toBe(204);
    expect(refusal(await api.get('/api/v1/account', bearer(tokens.accessToken)))).toBe('401 session_revoked');
    expect((await api.post('/auth/logout', {}, bearer(tokens.accessToken))).status).toBe(204);
    expect((await api.post('/auth/logout', { refreshToken: 'unknown' })).status).toBe(204);
    expect((await api.post('/auth/logout')).status).toBe(204);
    expect((await api.post('/auth/logout', {}, { Authorization: 'Bearer nonsense' })).status).toBe(204);
  });

  it('ends it by the refresh token as well', async () => {
    const { tokens } = await newClient(api);
    expect((await api.post('/auth/logout', { refreshToken: tokens.refreshToken })).status).toBe(204);
    expect(refusal(await api.get('/api/v1/account', bearer(tokens.accessToken)))).toBe('401 session_revoked');
  });

  it('ends others or all only for a live token', async () => {
    const { email, password, tokens } = await newClient(api);
    const second = shaped(loginTokenSet, await api.post('/auth/login', { email, password }));
    expect(refusal(await api.post('/auth/logout', { scope: 'all' }))).toBe('401 token_missing');
    expect(refusal(await api.post('/auth/logout', { scope: 'others' }, { Authorization: 'Bearer nonsense' }))).toBe('401 token_invalid');
    expect((await api.post('/auth/logout', { scope: 'others' }, bearer(second.accessToken))).status).toBe(204);
    expect(refusal(await api.get('/api/v1/account', bearer(tokens.accessToken)))).toBe('401 session_revoked');
    expect((await api.get('/api/v1/account', bearer(second.accessToken))).status).toBe(200);
    expect((await api.post('/auth/logout', { scope: 'all' }, bearer(second.accessToken))).status).toBe(204);
    expect(refusal(await api.post('/auth/logout', { scope: 'all' }, bearer(second.accessToken)))).toBe('401 session_revoked');
  });
});

describe('cookie mode', () => {
  const cookiesOf = (headers: Answer['headers']) => headers['set-cookie'] ?? [];
  const cookieNamed = (cookies: readonly string[], name: string) => new RegExp(`${name}=([^;]*)`).exec(cookies.join('\n'))?.[1] ?? '';

  it('keeps refresh and device token in cookies only, and renews Max-Age at each refresh', async () => {
    const { verified, tokens } = await newClient(api, { headers: browserHeaders });
    expect(tokens.refreshToken).toBeUndefined();
    expect(tokens.deviceToken).toBeUndefined();
    const [refresh = '', device = ''] = cookiesOf(verified.headers);
    expect(refresh).toMatch(/^__Host-fsh_rt=[A-Za-z0-9_-]+; Max-Age=1209600; Path=\/; Secure; HttpOnly; SameSite=Lax$/);
    expect(device).toMatch(/^__Host-fsh_dev=[A-Za-z0-9_-]+; Max-Age=31536000; Path=\/; Secure; HttpOnly; SameSite=Lax$/);
    api.app.clock.advance(3_600);
    const cookie = `__Host-fsh_rt=${cookieNamed([refresh], '__Host-fsh_rt')}; __Host-fsh_dev=${cookieNamed([device], '__Host-fsh_dev')}`;
    const next = await api.post('/auth/token/refresh', {}, { ...browserHeaders, Cookie: cookie });
    expect(next.status).toBe(200);
    expect(shaped(tokenSet, next).refreshToken).toBeUndefined();
    expect(cookiesOf(next.headers).join('\n')).toContain('Max-Age=1209600');
  });

  it('does not take a token from the body, nor the cookie from another client', async () => {
    const { verified } = await newClient(api, { headers: browserHeaders });
    const token = cookieNamed(cookiesOf(verified.headers), '__Host-fsh_rt');
    expect(refusal(await api.post('/auth/token/refresh', { refreshToken: token }, browserHeaders))).toBe('401 refresh_token_invalid');
    expect(refusal(await api.post('/auth/token/refresh', {}, { Cookie: `__Host-fsh_rt=${token}` }))).toBe('401 refresh_token_invalid');
    const twice = `__Host-fsh_rt=${token}; __Host-fsh_rt=other`;
    expect(refusal(await api.post('/auth/token/refresh', {}, { ...browserHeaders, Cookie: twice }))).toBe('401 refresh_token_invalid');
  });

  it('a refused refresh clears the cookie', async () => {
    const answer = await api.post('/auth/token/refresh', {}, { ...browserHeaders, Cookie: '__Host-fsh_rt=unknown' });
    expect(refusal(answer)).toBe('401 refresh_token_invalid');
    expect(cookiesOf(answer.headers)).toEqual(['__Host-fsh_rt=; Max-Age=0; Path=/; Secure; HttpOnly; SameSite=Lax']);
  });

  it('logout clears the cookie; without Origin nothing happens', async () => {
    const { verified, tokens } = await newClient(api, { headers: browserHeaders });
    const cookie = { Cookie: `__Host-fsh_rt=${cookieNamed(cookiesOf(verified.headers), '__Host-fsh_rt')}` };
    const foreign = await api.post('/auth/logout', {}, { 'X-Client-Id': 'browser', ...cookie });
    expect(refusal(foreign)).toBe('403 origin_not_allowed');
    expect(foreign.headers['set-cookie']).toBeUndefined();
    expect((await api.get('/api/v1/account', bearer(tokens.accessToken))).status).toBe(200);
    const answer = await api.post('/auth/logout', {}, { ...browserHeaders, ...cookie });
    expect(answer.status).toBe(204);
    expect(cookiesOf(answer.headers)).toEqual(['__Host-fsh_rt=; Max-Age=0; Path=/; Secure; HttpOnly; SameSite=Lax']);
    expect(refusal(await api.get('/api/v1/account', bearer(tokens.accessToken)))).toBe('401 session_revoked');
  });
});
