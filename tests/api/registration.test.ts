import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { pending, tokenSet } from '../../src/api/shapes.ts';
import {
  type Answer,
  type Api,
  codeOf,
  fieldsOf,
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

const password = goodPassword;
const volatileHeaders = new Set(['x-request-id', 'date', 'ratelimit']);
const headerNames = (answer: Answer) => Object.keys(answer.headers).sort();
const stableHeaders = (answer: Answer) => Object.entries(answer.headers).filter(([name]) => !volatileHeaders.has(name));
const masked = (answer: Answer) =>
  answer.text.replace(/"flowId":"[^"]*"/, '"flowId":"?"').replace(/"destination":"[^"]*"/, '"destination":"?"');

describe('POST /auth/register', () => {
  it('answers 202 Pending for an email and for a phone number in national spelling', async () => {
    const byEmail = shaped(pending, await api.post('/auth/register', { email: 'Ada.Obi@Example.com', password, role: 'VENDOR' }));
    expect(byEmail).toMatchObject({ channel: 'email', destination: 'a***@example.com', expiresIn: 600, resendIn: 60 });
    const byPhone = shaped(
      pending,
      await api.post('/auth/register', { phone: '0803 123 4567', password, firstName: 'Ada', marketingConsent: true }),
    );
    expect(byPhone).toMatchObject({ channel: 'sms', destination: '+234***4567', expiresIn: 300 });
  });

  it('answers a taken identifier with the same status, headers and body as a free one', async () => {
    const { email } = await newClient(api);
    const taken = await api.post('/auth/register', { email, password: 'Another-lantern-77-cloth' });
    const free = await api.post('/auth/register', { email: freshEmail(), password });
    expect(taken.status).toBe(202);
    expect(masked(taken)).toBe(masked(free));
    expect(taken.text).toHaveLength(free.text.length);
    expect(headerNames(taken)).toEqual(headerNames(free));
    expect(stableHeaders(taken)).toEqual(stableHeaders(free));
  });

  it.each([
    [{ password }, ['', 'identifier_exactly_one']],
    [{ email: 'a@example.com', phone: '08031234567', password }, ['', 'identifier_exactly_one']],
    [{ email: '', phone: null, password }, ['', 'identifier_exactly_one']],
    [{ email: 'a@example.com,b@example.com', password }, ['email', 'email_invalid']],
    [{ phone: '123', password }, ['phone', 'phone_invalid']],
    [{ phone: '+33612345678', password }, ['phone', 'phone_unsupported']],
    [{ email: 'short@example.com', password: 'short' }, ['password', 'password_too_short']],
    [{ email: 'role@example.com', password, role: 'admin' }, ['role', 'role_not_allowed']],
    [{ email: 'name@example.com', password, firstName: '1234' }, ['firstName', 'name_invalid']],
    [{ email: 'terms@example.com', password, termsVersion: 'none' }, ['termsVersion', 'terms_version_unknown']],
    [{ email: 'loc@example.com', password, locale: 'fr' }, ['locale', 'invalid_value']],
    [{ email: 'miss@example.com' }, ['password', 'required']],
  ])('%j is 422', async (body, [path, code]) => {
    const answer = await api.post('/auth/register', body);
    expect(refusal(answer)).toBe(`422 ${code}`);
    expect(fieldsOf(answer)).toEqual([`${path}: ${code}`]);
  });
});

describe('an address as long as one may be', () => {
  it.each(['/auth/register', '/auth/otp/send', '/auth/password/forgot'])('%s answers as ever, whether it is known or not', async (path) => {
    const label = 'd'.repeat(60);
    const email = `a@${label}.${label}.${label}.${label.slice(0, 55)}.example`;
    expect(email.length).toBeGreaterThan(240);
    const body = path === '/auth/register' ? { email, password } : { email };
    expect((await api.post(path, body)).status).toBe(202);
    expect((await api.post(path, body)).status).toBeLessThan(500);
  });
});

describe('Idempotency-Key', () => {
  const headers = (key: string) => ({ 'Idempotency-Key': key });

  it('gives the stored answer again and does nothing twice', async () => {
    const body = { email: freshEmail(), password };
    const first = await api.post('/auth/register', body, headers('register-key-1'));
    const second = await api.post('/auth/register', body, headers('register-key-1'));
    expect(first.headers['idempotency-replayed']).toBeUndefined();
    expect(second.headers['idempotency-replayed']).toBe('true');
    expect([second.status, second.text]).toEqual([first.status, first.text]);
    const fresh = await api.post('/auth/register', body, headers('register-key-2'));
    expect(shaped(pending, fresh).flowId).not.toBe(shaped(pending, first).flowId);
  });

  it('is of the body: language and device of the second call may be others', async () => {
    const body = { email: freshEmail(), password };
    const first = await api.post('/auth/register', body, { ...headers('register-key-6'), 'Accept-Language': 'en' });
    const second = await api.post('/auth/register', body, {
      ...headers('register-key-6'),
      'Accept-Language': 'yo',
      'X-Device-Token': 'of-another-day',
    });
    expect(second.headers['idempotency-replayed']).toBe('true');
    expect([second.status, second.text]).toEqual([first.status, first.text]);
  });

  it('runs ten parallel calls once', async () => {
    const body = { email: freshEmail(), password };
    const answers = await Promise.all(Array.from({ length: 10 }, () => api.post('/auth/register', body, headers('register-parallel'))));
    const flows = new Set(answers.filter((answer) => answer.status === 202).map((answer) => shaped(pending, answer).flowId));
    expect(flows.size).toBe(1);
    const others = answers.filter((answer) => answer.status !== 202).map(refusal);
    expect(others.every((outcome) => outcome === '409 idempotency_in_progress')).toBe(true);
  });

  it('refuses another body under the same key, and a key of a bad form', async () => {
    await api.post('/auth/register', { email: freshEmail(), password }, headers('register-key-3'));
    const other = await api.post('/auth/register', { email: freshEmail(), password }, headers('register-key-3'));
    expect(refusal(other)).toBe('422 idempotency_key_reused');
    expect(refusal(await api.post('/auth/register', { email: freshEmail(), password }, headers('short')))).toBe(
      '400 idempotency_key_invalid',
    );
    expect(refusal(await api.post('/auth/register', { email: freshEmail(), password }, headers('has a space')))).toBe(
      '400 idempotency_key_invalid',
    );
  });

  it('is given back by a call that failed, so that the corrected one may use it', async () => {
    expect((await api.post('/auth/register', { email: 'bad', password }, headers('register-key-4'))).status).toBe(422);
    expect((await api.post('/auth/register', { email: freshEmail(), password }, headers('register-key-4'))).status).toBe(202);
  });

  it('is ignored elsewhere', async () => {
    const answer = await api.post('/auth/login', { email: freshEmail(), password }, headers('x'));
    expect(refusal(answer)).toBe('401 invalid_credentials');
  });

  it('leaves no password, contact or address to be read from the stored answers', async () => {
    const body = { email: freshEmail(), password };
    await api.post('/auth/register', body, headers('register-key-5'));
    const { rows } = await api.app.deps.database.pool.query('SELECT key, response::text AS response FROM platform.idempotency_key');
    const text = JSON.stringify(rows);
    expect(text).not.toContain(body.email);
    expect(text).not.toContain(password);
  });
});

describe('POST /auth/register/verify', () => {
  it('creates the account and signs in: 201 TokenSet', async () => {
    const { verified, tokens, email } = await newClient(api);
    expect(verified.status).toBe(201);
    expect(tokens).toMatchObject({
      tokenType: 'Bearer',
      expiresIn: 600,
      session: { acr: 'aal1', amr: ['otp'] },
      user: { role: 'client', authMethod: 'email', vendorStatus: null, dashboardEntrypoint: '/dashboard/client' },
    });
    expect(tokens.refreshToken).toMatch(/^[A-Za-z0-9_-]{40,512}$/);
    expect(tokens.deviceToken).toMatch(/^[A-Za-z0-9_-]+$/);
    expect(verified.text).not.toContain(email);
  });

  it('makes a vendor a draft that is to be onboarded', async () => {
    const started = shaped(pending, await api.post('/auth/register', { email: freshEmail(), password, role: 'Vendor' }));
    const verified = await api.post('/auth/register/verify', { flowId: started.flowId, code: codeOf(api, started.flowId) });
    expect(shaped(tokenSet, verified).user).toMatchObject({ role: 'vendor', vendorStatus: 'draft', dashboardEntrypoint: '/onboarding' });
  });

  it('takes the code once, and a right code among fifty parallel ones once', async () => {
    const started = shaped(pending, await api.post('/auth/register', { email: freshEmail(), password }));
    const body = { flowId: started.flowId, code: codeOf(api, started.flowId) };
    const answers = await Promise.all(Array.from({ length: 10 }, () => api.post('/auth/register/verify', body)));
    expect(answers.filter((answer) => answer.status === 201)).toHaveLength(1);
    expect(refusal(await api.post('/auth/register/verify', body))).toBe('410 flow_expired');
  });

  it('answers wrong tries 1 to 5 with otp_invalid and then otp_exhausted, the right code too', async () => {
    const started = shaped(pending, await api.post('/auth/register', { email: freshEmail(), password }));
    const right = codeOf(api, started.flowId);
    const outcomes = [];
    for (let count = 0; count < 6; count += 1)
      outcomes.push(refusal(await api.post('/auth/register/verify', { flowId: started.flowId, code: wrongCodeFor(right) })));
    expect(outcomes).toEqual([...Array.from({ length: 5 }, () => '401 otp_invalid'), '401 otp_exhausted']);
    expect(refusal(await api.post('/auth/register/verify', { flowId: started.flowId, code: right }))).toBe('401 otp_exhausted');
  });

  it('takes the link with the password of its own registration only', async () => {
    const started = shaped(pending, await api.post('/auth/register', { email: freshEmail(), password }));
    const token = api.app.deps.keyring.linkToken(started.flowId, 1);
    expect(refusal(await api.post('/auth/register/verify', { token, password: 'Some-other-password-8' }))).toBe('401 invalid_credentials');
    expect((await api.post('/auth/register/verify', { token, password })).status).toBe(201);
  });

  it('tells codes over their life from flows over theirs', async () => {
    const started = shaped(pending, await api.post('/auth/register', { email: freshEmail(), password }));
    const body = { flowId: started.flowId, code: codeOf(api, started.flowId) };
    api.app.clock.advance(601);
    expect(refusal(await api.post('/auth/register/verify', body))).toBe('401 otp_expired');
    api.app.clock.advance(1_300);
    expect(refusal(await api.post('/auth/register/verify', body))).toBe('410 flow_expired');
  });

  it('does not mix its two forms and names what is missing', async () => {
    expect(fieldsOf(await api.post('/auth/register/verify', { flowId: 'abc' }))).toEqual(['code: required']);
    expect(refusal(await api.post('/auth/register/verify', { flowId: 'abc', code: '12345' }))).toBe('422 otp_malformed');
    expect(refusal(await api.post('/auth/register/verify', { flowId: 'nosuchflow', code: '123456' }))).toBe('410 flow_expired');
    const mixed = await api.post('/auth/register/verify', { flowId: 'abc', code: '123456', password });
    expect(problemOf(mixed).status).toBe(422);
  });
});
