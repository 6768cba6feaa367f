import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { z } from 'zod';
import { contactChange, contactChangeAsked, contactChangeDone, mfaRequired, openedCase, pending, tokenSet } from '../../src/api/shapes.ts';
import type { StaffActor } from '../../src/foundation/runtime/actor.ts';
import { systemCommands } from '../../src/modules/identity/index.ts';
import { system } from '../audit/support/staff.ts';
import { run } from '../modules/identity/people.ts';
import { approvalRow, decide, execute, staffOf, userRow } from '../modules/support/two-people.ts';
import { createInbox, type Inbox } from '../support/inbox.ts';
import {
  type Api,
  bearer,
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
import { totpCode } from './support/totp.ts';

let api: Api;
let inbox: Inbox;
let lead: StaffActor;
beforeAll(async () => {
  api = await startApi({ RATE_LIMIT_SCALE: '100' });
  await api.app.startWorker();
  inbox = createInbox(api.app.deps);
  lead = await staffOf(api.app, 'support', true);
});
afterAll(() => api.stop());

const addStaffAt = (email: string) =>
  run(
    api.app,
    systemCommands.createStaffAccount,
    {
      email,
      password: 'a long staff phrase nobody guesses',
      firstName: 'Ada',
      lastName: 'Eze',
      grants: [{ role: 'support', isLead: false }],
    },
    { actor: system },
  );

type Client = Awaited<ReturnType<typeof newClient>>;

const path = '/account/contact-change';
const reason = 'My old number is gone';
let numbers = 0;
function freshNumber(): string {
  numbers += 1;
  return `+2347000002${String(numbers).padStart(3, '0')}`;
}

const ask = (client: Client, body: object, headers: Record<string, string> = {}) =>
  api.post(path, { reason, ...body }, { ...bearer(client.tokens.accessToken), ...headers });
const read = (client: Client) => api.get(`/api/v1${path}`, bearer(client.tokens.accessToken));
const remove = (client: Client) => api.call('DELETE', `/api/v1${path}`, { headers: bearer(client.tokens.accessToken) });
const verify = (client: Client, flowId: string, code: string) =>
  api.post(`${path}/verify`, { flowId, code }, bearer(client.tokens.accessToken));

/** Waits until the worker has taken the approval up. */
async function awaitingProof(client: Client): Promise<{ requestId: string; flowId: string }> {
  for (const end = performance.now() + 15_000; performance.now() < end; ) {
    const { status, flowId, requestId } = shaped(contactChange, await read(client));
    if (status === 'awaiting_proof' && flowId) return { flowId, requestId };
    await new Promise((resolve) => setTimeout(resolve, 25));
  }
  throw new Error('The worker did not take it up');
}

async function approved(client: Client, contact: object) {
  const { requestId } = shaped(contactChangeAsked, await ask(client, contact));
  await decide(api.app, { id: requestId, verb: 'approve', actor: lead });
  return awaitingProof(client);
}

describe('POST /account/contact-change', () => {
  it('answers 202 with the contact masked, and once more for a repeated key', async () => {
    const client = await newClient(api);
    const key = { 'Idempotency-Key': 'contact-change-1' };
    const first = await ask(client, { phone: '0700 000 1001', country: 'NG' }, key);
    expect(first.status).toBe(202);
    expect(shaped(contactChangeAsked, first)).toMatchObject({ status: 'requested', newContact: '+234***1001' });
    const again = await ask(client, { phone: '0700 000 1001', country: 'NG' }, key);
    expect([again.status, again.text, again.headers['idempotency-replayed']]).toEqual([202, first.text, 'true']);
    expect(refusal(await ask(client, { phone: '07000001002' }, key))).toBe('422 idempotency_key_reused');
    expect(refusal(await ask(client, { phone: '07000001002' }))).toBe('409 contact_change_open');
    const { expiresAt } = shaped(contactChange, await read(client));
    expect(Date.parse(expiresAt) - api.app.clock.now().getTime()).toBe(48 * 3600_000);
  });

  it('U17 P1 answers a taken contact, a staff contact and the own one with the same bytes as a free one', async () => {
    const [taken, phoneTaken] = [await newClient(api), await newClient(api)];
    const staffEmail = freshEmail();
    await addStaffAt(staffEmail);
    const { email: own } = phoneTaken;
    const bodies = await Promise.all(
      [taken.email, freshEmail(), staffEmail].map(async (email) => {
        const answer = await ask(await newClient(api), { email });
        const { requestId, newContact, expiresAt, ...rest } = shaped(contactChangeAsked, answer);
        expect(newContact).toBe(`${email[0]}***@example.com`);
        return { status: answer.status, names: Object.keys(answer.headers).sort(), length: answer.text.length - newContact.length, rest };
      }),
    );
    expect(bodies[1]).toEqual(bodies[0]);
    expect(bodies[2]).toEqual(bodies[0]);
    expect((await ask(phoneTaken, { email: own })).status).toBe(202);
  });

  it('refuses bodies in the order of the contract', async () => {
    const client = await newClient(api);
    const cases: [object, string[]][] = [
      [{}, [': identifier_exactly_one']],
      [{ email: 'a@example.com', phone: '07000001001' }, [': identifier_exactly_one']],
      [{ email: 'no address' }, ['email: email_invalid']],
      [{ phone: '12' }, ['phone: phone_invalid']],
      [{ phone: '+4915112345678' }, ['phone: phone_unsupported']],
      [{ email: 'a@example.com', reason: 'short' }, ['reason: too_short']],
      [{ email: 'a@example.com', reason: ' '.repeat(20) }, ['reason: too_short']],
      [{ email: 'a@example.com', reason: 'x'.repeat(501) }, ['reason: too_long']],
      [{ email: 'a@example.com', role: 'admin' }, ['role: unknown_field']],
    ];
    for (const [body, fields] of cases) {
      const answer = await ask(client, body);
      expect([answer.status, fieldsOf(answer)]).toEqual([422, fields]);
    }
    expect(refusal(await api.post(path, { reason, email: 'a@example.com' }))).toBe('401 token_missing');
    expect(refusal(await read(client))).toBe('404 not_found');
    expect(refusal(await remove(client))).toBe('404 not_found');
  });

  it('P16 asks for a proof of the last five minutes, here and at verify', async () => {
    const client = await newClient(api);
    const { flowId } = await approved(client, { email: freshEmail() });
    api.app.clock.advance(301);
    expect(problemOf(await verify(client, flowId, codeOf(api, flowId)))).toMatchObject({
      code: 'reauth_required',
      methods: expect.any(Array),
    });
    await remove(client);
    expect(refusal(await ask(client, { email: freshEmail() }))).toBe('403 reauth_required');
    await api.post('/account/reauth', { method: 'password', password: goodPassword }, bearer(client.tokens.accessToken));
    expect((await ask(client, { email: freshEmail() })).status).toBe(202);
  });
});

describe('a contact change from asking to undoing', () => {
  it('P7 P17 P22 moves the account from mail to phone: sessions end, both are told, the old one can take it back once', async () => {
    const client = await newClient(api);
    const other = shaped(pending, await api.post('/auth/otp/send', { email: client.email }));
    const phone = freshNumber();
    const { flowId, requestId } = await approved(client, { phone });
    const code = await inbox.code(phone, 'otp_contact_change');
    expect(refusal(await verify(client, flowId, wrongCodeFor(code)))).toBe('401 otp_invalid');
    const done = await verify(client, flowId, code);
    expect(shaped(contactChangeDone, done)).toMatchObject({ requestId, status: 'executed' });
    // Everything that was open ended with it.
    expect(refusal(await api.get('/api/v1/account', bearer(client.tokens.accessToken)))).toBe('401 session_revoked');
    expect(refusal(await api.post('/auth/token/refresh', { refreshToken: client.tokens.refreshToken }))).toBe('401 session_revoked');
    expect(refusal(await api.post('/auth/otp/verify', { flowId: other.flowId, code: codeOf(api, other.flowId) }))).toBe('410 flow_expired');
    expect(refusal(await api.post('/auth/login', { email: client.email, password: goodPassword }))).toBe('401 invalid_credentials');
    const signedIn = await api.post('/auth/login', { phone, password: goodPassword });
    expect(signedIn.json).toMatchObject({ user: { id: client.tokens.user.id, authMethod: 'phone' } });
    const row = await userRow(api.app, client.tokens.user.id);
    expect([row.authMethod, row.emailBidx, row.emailEnc, row.emailMasked, row.phoneBidx === null]).toEqual([
      'phone',
      null,
      null,
      null,
      false,
    ]);
    // Both were told.
    const old = await inbox.wait(client.email, { template: 'contact_changed_old' });
    expect((await inbox.wait(phone, { template: 'contact_changed_new' })).text).toContain(`${client.email[0]}***@example.com`);
    expect(old.link).toBe(`http://localhost:3001/contact-undo#t=${old.token}`);
    expect(old.text).toContain(`***${phone.slice(-4)}`);
    // Looking at the link does nothing (P13); the token works once.
    expect((await api.get(`/api/v1/auth/contact-change/undo?t=${old.token}`)).status).toBe(405);
    const undone = await api.post('/auth/contact-change/undo', { token: old.token });
    const { caseId } = shaped(openedCase, undone);
    expect(refusal(await api.post('/auth/contact-change/undo', { token: old.token }))).toBe('410 token_expired');
    expect((await api.post('/auth/login', { email: client.email, password: goodPassword })).json).toMatchObject({
      user: { authMethod: 'email' },
    });
    expect(refusal(await api.post('/auth/login', { phone, password: goodPassword }))).toBe('401 invalid_credentials');
    expect((await approvalRow(api.app, requestId)).status).toBe('undone');
    const ticket = await api.app.deps.database.prisma.ticket.findUniqueOrThrow({ where: { id: caseId } });
    expect(ticket).toMatchObject({ priority: 'urgent', category: 'account_access', status: 'open', subjectUserId: client.tokens.user.id });
    expect(ticket.firstResponseDueAt.getTime() - ticket.createdAt.getTime()).toBe(30 * 60_000);
    await inbox.wait(client.email, { template: 'contact_change_undone' });
    await inbox.wait(phone, { template: 'contact_change_undone' });
  }, 40_000);

  it('P7 ends a sign-in that waits for its second factor: what it proved was the old contact', async () => {
    const client = await newClient(api);
    const { flowId } = await approved(client, { email: freshEmail() });
    const enrolled = await api.post('/account/mfa/totp', {}, bearer(client.tokens.accessToken));
    const { enrolId, secret } = z.object({ enrolId: z.string(), secret: z.string() }).parse(enrolled.json);
    const now = () => api.app.clock.now();
    await api.post('/account/mfa/totp/confirm', { enrolId, code: totpCode(secret, now()) }, bearer(client.tokens.accessToken));
    const renewed = shaped(tokenSet, await api.post('/auth/token/refresh', { refreshToken: client.tokens.refreshToken }));
    api.app.clock.advance(60);
    const waiting = shaped(mfaRequired, await api.post('/auth/login', { email: client.email, password: goodPassword }));
    const done = await api.post(`${path}/verify`, { flowId, code: codeOf(api, flowId) }, bearer(renewed.accessToken));
    shaped(contactChangeDone, done);
    const answer = { challengeId: waiting.challengeId, method: 'totp', code: totpCode(secret, now()) };
    expect(refusal(await api.post('/auth/mfa/verify', answer))).toBe('410 challenge_expired');
  }, 20_000);

  it('U17 a taken contact: its owner is told, the flow behaves like any other and no code opens it', async () => {
    const [client, owner] = [await newClient(api), await newClient(api)];
    const { flowId } = await approved(client, { email: owner.email });
    await inbox.wait(owner.email, { template: 'already_have_account' });
    const right = codeOf(api, flowId);
    for (const code of [wrongCodeFor(right), right, right, right, right])
      expect(refusal(await verify(client, flowId, code))).toBe('401 otp_invalid');
    expect(refusal(await verify(client, flowId, right))).toBe('401 otp_exhausted');
    api.app.clock.advance(61);
    expect((await api.post('/auth/otp/resend', { flowId })).status).toBe(202);
    expect((await inbox.items(owner.email)).filter(({ template }) => template === 'otp_contact_change')).toEqual([]);
    expect((await userRow(api.app, client.tokens.user.id)).phoneBidx).toBeNull();
  });

  it('a resent code of a free contact works and the earlier one does not', async () => {
    const client = await newClient(api);
    const email = freshEmail();
    const { flowId } = await approved(client, { email });
    api.app.clock.advance(61);
    const resent = shaped(pending, await api.post('/auth/otp/resend', { flowId }));
    expect(resent).toMatchObject({ destination: `${email[0]}***@example.com`, channel: 'email', resendIn: 120 });
    expect(refusal(await verify(client, flowId, codeOf(api, flowId, 1)))).toBe('401 otp_invalid');
    await inbox.wait(email, { template: 'otp_contact_change', atLeast: 1 });
    expect((await verify(client, flowId, codeOf(api, flowId, 2))).status).toBe(200);
    expect((await userRow(api.app, client.tokens.user.id)).authMethod).toBe('email');
  });

  it('the customer sees a denial, and may call a change off until it is effective', async () => {
    const client = await newClient(api);
    const { requestId } = shaped(contactChangeAsked, await ask(client, { email: freshEmail() }));
    await decide(api.app, { id: requestId, verb: 'deny', actor: lead });
    expect(shaped(contactChange, await read(client))).toMatchObject({ requestId, status: 'denied', flowId: null });
    const { flowId } = await approved(client, { email: freshEmail() });
    expect((await remove(client)).status).toBe(204);
    expect(shaped(contactChange, await read(client))).toMatchObject({ status: 'cancelled', flowId: null });
    expect(refusal(await verify(client, flowId, codeOf(api, flowId)))).toBe('410 flow_expired');
    expect(refusal(await remove(client))).toBe('404 not_found');
  });

  it('refuses flows of others and of other purposes as the contract says', async () => {
    const [client, stranger] = [await newClient(api), await newClient(api)];
    const { flowId } = await approved(client, { email: freshEmail() });
    expect(refusal(await verify(stranger, flowId, codeOf(api, flowId)))).toBe('410 flow_expired');
    const login = shaped(pending, await api.post('/auth/otp/send', { email: client.email }));
    expect(refusal(await verify(client, login.flowId, codeOf(api, login.flowId)))).toBe('401 otp_invalid');
    expect(refusal(await verify(client, 'no-such-flow', '123456'))).toBe('410 flow_expired');
    expect(refusal(await verify(client, flowId, '12345'))).toBe('422 otp_malformed');
    expect(refusal(await api.post('/auth/otp/verify', { flowId, code: codeOf(api, flowId) }))).toBe('401 otp_invalid');
    expect((await verify(client, flowId, codeOf(api, flowId))).status).toBe(200);
  });
});

it('the worker finds nothing to do when it is told of the same approval again', async () => {
  const client = await newClient(api);
  const { requestId, flowId } = await approved(client, { email: freshEmail() });
  expect(await execute(api.app, requestId)).toBe('transition_not_allowed');
  expect(shaped(contactChange, await read(client)).flowId).toBe(flowId);
});
