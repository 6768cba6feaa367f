import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { z } from 'zod';
import { accountSession, loginTokenSet, openedCase, pending, tokenSet } from '../../src/api/shapes.ts';
import { createInbox, type Inbox } from '../support/inbox.ts';
import {
  type Answer,
  type Api,
  basic,
  bearer,
  codeOf,
  freshEmail,
  newClient,
  nowSeconds,
  goodPassword as password,
  refusal,
  shaped,
  signedClient,
  startApi,
  storefront,
} from './support/api.ts';
import { phoneClient, someone, withoutPassword } from './support/standing.ts';

/** Complaints of auth-api.md section 5 that need the messages too: the worker runs. Limits and caps are the real ones. */
let api: Api;
let inbox: Inbox;
beforeAll(async () => {
  api = await startApi();
  inbox = createInbox(api.app.deps);
  await api.app.startWorker();
});
afterAll(() => api.stop());

const fresh = 'Indigo-harvest-64-thread';
/** Windows of limits are an hour at most. */
const nextHour = () => api.app.clock.advance(3601);
const logIn = (email: string, secret: string, headers = {}) => api.post('/auth/login', { email, password: secret }, headers);
const chrome = 'Mozilla/5.0 (X11; Linux x86_64) AppleWebKit/537.36 (KHTML, like Gecko) Chrome/150.0.0.0 Safari/537.36';
const cookieOf = (answer: Answer) => answer.headers['set-cookie'];

describe('complaints of section 5', () => {
  it('U5 once the victim verified, the password of whoever registered first is 401 and their flow 410', async () => {
    nextHour();
    const email = freshEmail();
    const attacker = shaped(pending, await api.post('/auth/register', { email, password: 'Attackers-own-77-words' }));
    const link = api.app.deps.keyring.linkToken(attacker.flowId, 1);
    const victim = shaped(pending, await api.post('/auth/register', { email, password }));
    expect((await api.post('/auth/register/verify', { flowId: victim.flowId, code: codeOf(api, victim.flowId) })).status).toBe(201);
    expect(refusal(await logIn(email, 'Attackers-own-77-words'))).toBe('401 invalid_credentials');
    const late = { flowId: attacker.flowId, code: codeOf(api, attacker.flowId) };
    expect(refusal(await api.post('/auth/register/verify', late))).toBe('410 flow_expired');
    expect(refusal(await api.post('/auth/register/verify', { token: link, password: 'Attackers-own-77-words' }))).toBe('410 flow_expired');
    expect(refusal(await api.post('/auth/otp/resend', { flowId: attacker.flowId }))).toBe('410 flow_expired');
  });

  it('U11 P13 HEAD and five GETs of a mail link change nothing and set no cookie; then the POST works', async () => {
    nextHour();
    const email = freshEmail();
    await api.post('/auth/register', { email, password });
    const visit = async (link: string) => {
      const { pathname, search, hash } = new URL(link);
      expect(search).toBe('');
      for (const method of ['HEAD', 'GET', 'GET', 'GET', 'GET', 'GET'])
        for (const path of [pathname, `/api/v1/auth/register/verify`, `/api/v1/auth/password/reset`, `/api/v1/auth/not-me`])
          expect(cookieOf(await api.call(method, `${path}?t=${hash.slice(3)}`))).toBeUndefined();
    };
    const verify = await inbox.wait(email, { template: 'otp_register' });
    await visit(verify.link ?? '');
    expect((await api.post('/auth/register/verify', { token: verify.token, password })).status).toBe(201);
    // A forged host changes no link: its origin comes from the configuration (P12).
    const forged = { Host: 'evil.example', 'X-Forwarded-Host': 'evil.example', Origin: 'https://evil.example' };
    expect((await api.post('/auth/password/forgot', { email }, forged)).status).toBe(202);
    const reset = await inbox.wait(email, { template: 'reset_link' });
    expect(reset.link).toBe(`${api.app.deps.config.storefrontUrl}/reset-password#t=${reset.token}`);
    await visit(reset.link ?? '');
    expect((await api.post('/auth/password/reset', { resetToken: reset.token, password: fresh })).status).toBe(204);
  });

  it('P22 a new password is told on the account’s channel, with a link that takes it back', async () => {
    nextHour();
    const { email } = await newClient(api);
    await api.post('/auth/password/forgot', { email });
    const { code } = await inbox.wait(email, { template: 'reset_link' });
    const { flowId } = await lastReset();
    const granted = await api.post('/auth/password/reset/verify', { flowId, code });
    const { resetToken } = z.object({ resetToken: z.string() }).parse(granted.json);
    expect((await api.post('/auth/password/reset', { resetToken, password: fresh })).status).toBe(204);
    const notice = await inbox.wait(email, { template: 'password_changed' });
    expect(notice.link).toBe(`${api.app.deps.config.storefrontUrl}/not-me#t=${notice.token}`);
    const { caseId } = shaped(openedCase, await api.post('/auth/not-me', { token: notice.token }));
    expect(refusal(await logIn(email, fresh))).toBe('403 password_disabled');
    expect(await ticketOf(caseId)).toMatchObject({ id: caseId, priority: 'urgent', category: 'account_access', status: 'open' });
  });

  it('U13 the list of sessions shows the device of each', async () => {
    nextHour();
    const { tokens } = await newClient(api, { headers: { 'User-Agent': chrome } });
    const list = z.object({ items: z.array(accountSession) });
    const { items } = shaped(list, await api.get('/api/v1/account/sessions', bearer(tokens.accessToken)));
    expect(items).toMatchObject([{ current: true, browser: 'Chrome', os: 'Linux', deviceLabel: expect.stringContaining('Chrome') }]);
  });

  it('U15 a taken address answers like a free one, and its owner gets already_have_account', async () => {
    nextHour();
    const email = freshEmail();
    const own = shaped(pending, await api.post('/auth/register', { email, password }));
    const code = await inbox.code(email, 'otp_register');
    expect((await api.post('/auth/register/verify', { flowId: own.flowId, code })).status).toBe(201);
    const other = freshEmail();
    const masked = (answer: Answer) => answer.text.replace(/"(flowId|destination)":"[^"]*"/g, '"$1":"?"');
    const taken = await api.post('/auth/register', { email, password: fresh });
    const free = await api.post('/auth/register', { email: other, password: fresh });
    expect([taken.status, masked(taken)]).toEqual([free.status, masked(free)]);
    await inbox.wait(email, { template: 'already_have_account' });
    await inbox.wait(other, { template: 'otp_register' });
    expect((await inbox.items(email)).filter(({ template }) => template === 'otp_register')).toHaveLength(1);
  });

  it('P1 whoever forgets gets the message of their standing: a link, the hint to use Google, or none', async () => {
    nextHour();
    const google = await newClient(api);
    await withoutPassword(api, google.tokens.user.id);
    const strangers = [await someone(api, 'unknown'), await someone(api, 'closed'), await someone(api, 'staff')];
    for (const email of [...strangers, google.email]) expect((await api.post('/auth/password/forgot', { email })).status).toBe(202);
    const hint = await inbox.wait(google.email, { template: 'reset_use_google' });
    expect([hint.code, hint.token]).toEqual([null, null]);
    // Sent after them, and in the order of the events: what had to come is here.
    for (const email of strangers) expect((await inbox.items(email)).filter(({ template }) => template.startsWith('reset'))).toEqual([]);
  });

  it('U18 the sixth SMS within an hour to one number is 202 and not sent, and kills nothing that was', async () => {
    nextHour();
    const { phone } = await phoneClient(api, '+2347000009101');
    const flows = [];
    for (let asked = 0; asked < 6; asked += 1) flows.push(shaped(pending, await api.post('/auth/password/forgot', { phone })).flowId);
    await inbox.wait(phone, { template: 'otp_reset', atLeast: 1 });
    const events = await api.app.deps.database.prisma.outboxEvent.findMany({ where: { name: 'identity.password.reset_requested' } });
    const sentFor = events.map((event) => z.object({ flowId: z.string() }).parse(event.payload).flowId);
    expect(flows.map((flowId) => sentFor.includes(flowId))).toEqual([true, true, true, true, true, false]);
    const [unsent = '', lastSent = ''] = [flows[5], flows[4]];
    expect(refusal(await api.post('/auth/password/reset/verify', { flowId: unsent, code: codeOf(api, unsent) }))).toBe('401 otp_invalid');
    expect((await api.post('/auth/password/reset/verify', { flowId: lastSent, code: codeOf(api, lastSent) })).status).toBe(200);
  });

  it('U20 P9 after 500 wrong passwords from 100 addresses the known device signs in, and codes are untouched', async () => {
    nextHour();
    const { email, tokens } = await newClient(api);
    const body = { email, password: 'wrong' };
    const seen = new Map<string, number>();
    for (let address = 0; address < 100; address += 1) {
      const from = { method: 'POST', path: '/api/v1/auth/login', body, ip: `198.51.100.${address}`, nowSeconds: nowSeconds(api) };
      const answers = await Promise.all(Array.from({ length: 5 }, () => api.post('/auth/login', body, signedClient(from))));
      for (const outcome of answers.map(refusal)) seen.set(outcome, (seen.get(outcome) ?? 0) + 1);
    }
    expect([...seen]).toEqual([
      ['401 invalid_credentials', 10],
      ['429 rate_limited', 490],
    ]);
    expect(refusal(await logIn(email, password))).toBe('429 rate_limited');
    const known = await logIn(email, password, { 'X-Device-Token': tokens.deviceToken ?? '' });
    expect(known.status).toBe(200);
    const { flowId } = shaped(pending, await api.post('/auth/otp/send', { email }));
    expect((await api.post('/auth/otp/verify', { flowId, code: codeOf(api, flowId) })).status).toBe(200);
  });

  it('U22 P22 the first sign-in of a new device is told with device, place, time and a link that ends it', async () => {
    nextHour();
    const { email, tokens } = await newClient(api, { headers: { 'User-Agent': chrome } });
    const body = { email, password };
    const from = { method: 'POST', path: '/api/v1/auth/login', body, ip: '105.112.0.1', userAgent: chrome, nowSeconds: nowSeconds(api) };
    const stranger = shaped(tokenSet, await api.post('/auth/login', body, signedClient(from)));
    const notice = await inbox.wait(email, { template: 'new_device' });
    expect(notice.text).toMatch(/Chrome on Linux, Nigeria, \d{1,2} \w{3} \d{4}, \d{2}:\d{2}/);
    expect(notice.link).toBe(`${api.app.deps.config.storefrontUrl}/not-me#t=${notice.token}`);
    expect((await api.post('/auth/not-me', { token: notice.token })).status).toBe(200);
    expect(refusal(await api.get('/api/v1/account', bearer(stranger.accessToken)))).toBe('401 session_revoked');
    expect((await api.get('/api/v1/account', bearer(tokens.accessToken))).status).toBe(200);
    expect(refusal(await api.post('/auth/not-me', { token: notice.token }))).toBe('410 token_expired');
  });

  it('U23 a number alone is enough: register, sign in by code, reset by SMS', async () => {
    nextHour();
    const phone = '+2347000009102';
    const { flowId } = shaped(pending, await api.post('/auth/register', { phone, password }));
    const code = await inbox.code(phone, 'otp_register');
    expect((await api.post('/auth/register/verify', { flowId, code })).status).toBe(201);
    const login = shaped(pending, await api.post('/auth/otp/send', { phone }));
    expect((await api.post('/auth/otp/verify', { flowId: login.flowId, code: await inbox.code(phone, 'otp_login') })).status).toBe(200);
    const forgotten = shaped(pending, await api.post('/auth/password/forgot', { phone }));
    const granted = await api.post('/auth/password/reset/verify', { flowId: forgotten.flowId, code: await inbox.code(phone, 'otp_reset') });
    const { resetToken } = z.object({ resetToken: z.string() }).parse(granted.json);
    expect((await api.post('/auth/password/reset', { resetToken, password: fresh })).status).toBe(204);
    expect((await api.post('/auth/login', { phone, password: fresh })).status).toBe(200);
    expect((await inbox.wait(phone, { template: 'password_changed' })).channel).toBe('sms');
  });

  it('U27 P23 look-alike, listed and injected addresses are 4xx on every way in, and reach nobody', async () => {
    nextHour();
    const { email } = await newClient(api);
    const [local = ''] = email.split('@');
    const hostile = [
      `${local}＠example.com`,
      `${local}@exаmple.com`,
      `${email},other@example.com`,
      `${email};other@example.com`,
      `<${email}>`,
      `"${local}"@example.com`,
      `${email}\r\nBcc: other@example.com`,
      `${email} other@example.com`,
      `ａ${email}`,
    ];
    for (const address of hostile)
      for (const path of ['/auth/password/forgot', '/auth/otp/send', '/auth/login']) {
        const extra = path === '/auth/login' ? { password } : {};
        expect(refusal(await api.post(path, { email: address, ...extra }))).toMatch(
          /^(422 (email_invalid|invalid_value)|429 rate_limited)$/,
        );
      }
    for (const authorization of ['Bearer', 'Basic %%%', 'Negotiate abc', `Bearer ${'x'.repeat(5000)}`, '\t']) {
      const answer = await api.get('/api/v1/account', { Authorization: authorization });
      expect(answer.status).toBe(401);
    }
    const templates = (await inbox.items(email)).map((item) => item.template);
    expect(templates.filter((template) => template.startsWith('reset') || template === 'otp_login')).toEqual([]);
  });

  it('U28 own success leaves the counter of the address; an empty password never matches', async () => {
    nextHour();
    const { email } = await newClient(api);
    const left = (answer: Answer) => Number(/r=(\d+)/.exec(String(answer.headers['ratelimit']))?.[1]);
    const first = await logIn(email, password);
    expect([first.status, left(first)]).toEqual([200, 19]);
    expect(left(await logIn(email, password))).toBe(18);
    const google = await newClient(api);
    await withoutPassword(api, google.tokens.user.id);
    for (const address of [email, google.email, freshEmail()]) expect(refusal(await logIn(address, ''))).toBe('401 invalid_credentials');
    for (let more = 0; more < 15; more += 1) expect((await logIn(email, password)).status).toBe(200);
    expect(refusal(await logIn(email, password))).toBe('429 rate_limited');
    expect(shaped(loginTokenSet, first).session.amr).toEqual(['pwd']);
  });

  it('P7 a sign-in adopts no presented id, token or cookie', async () => {
    nextHour();
    const { email, tokens } = await newClient(api);
    const given = { ...bearer(tokens.accessToken), Cookie: `__Host-fsh_rt=${tokens.refreshToken}; sid=${tokens.session.id}` };
    const again = shaped(loginTokenSet, await logIn(email, password, given));
    expect(again.session.id).not.toBe(tokens.session.id);
    expect(again.refreshToken).not.toBe(tokens.refreshToken);
    const own = shaped(tokenSet, await logIn(email, password, basic(storefront.id, storefront.secret)));
    expect(new Set([own.session.id, again.session.id, tokens.session.id]).size).toBe(3);
  });
});

/** The flow of the newest reset that was asked for. */
async function lastReset(): Promise<{ flowId: string }> {
  const [flow] = await api.app.deps.database.prisma.otpFlow.findMany({ where: { purpose: 'reset' }, orderBy: { id: 'desc' }, take: 1 });
  return { flowId: flow?.id ?? '' };
}

/** The case of a report, as soon as the worker has opened it. */
async function ticketOf(id: string) {
  for (const end = performance.now() + 15_000; performance.now() < end; ) {
    const ticket = await api.app.deps.database.prisma.ticket.findUnique({ where: { id } });
    if (ticket) return ticket;
    await new Promise((resolve) => setTimeout(resolve, 20));
  }
  throw new Error('No case was opened');
}
