import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { z } from 'zod';
import { loginTokenSet, mfaRequired, pending, tokenSet } from '../../src/api/shapes.ts';
import { arrange } from '../modules/identity/people.ts';
import {
  type Api,
  bearer,
  browserHeaders,
  codeOf,
  fieldsOf,
  freshEmail,
  newClient,
  nowSeconds,
  refusal,
  shaped,
  signedClient,
  startApi,
  wrongCodeFor,
} from './support/api.ts';
import { phoneClient, someone, withoutPassword, withTotp } from './support/standing.ts';
import { totpCode } from './support/totp.ts';

let api: Api;
beforeAll(async () => {
  api = await startApi({ RATE_LIMIT_SCALE: '1000' });
});
afterAll(() => api.stop());

const fresh = 'Indigo-harvest-64-thread';
const forgot = async (body: object) => shaped(pending, await api.post('/auth/password/forgot', body));
const linkOf = (flowId: string, sendNo = 1) => api.app.deps.keyring.linkToken(flowId, sendNo);
const granted = z.strictObject({ message: z.string(), resetToken: z.string(), expiresIn: z.literal(600) });
const verify = (flowId: string, code = codeOf(api, flowId)) => api.post('/auth/password/reset/verify', { flowId, code });
const grantOf = async (flowId: string) => shaped(granted, await verify(flowId)).resetToken;
const reset = (resetToken: string, password = fresh, headers = {}) => api.post('/auth/password/reset', { resetToken, password }, headers);
const logIn = (email: string, password: string, headers = {}) => api.post('/auth/login', { email, password }, headers);
const account = (token: string) => api.get('/api/v1/account', bearer(token));
const events = (name: string, aggregateId: string) =>
  api.app.deps.database.prisma.outboxEvent.findMany({ where: { name, aggregateId }, orderBy: { id: 'asc' } });

describe('a reset', () => {
  it('by code: the code gives a token, the token sets the password, both once', async () => {
    const { email, password } = await newClient(api);
    const flow = await forgot({ email });
    expect(flow).toMatchObject({ channel: 'email', expiresIn: 600, resendIn: 60 });
    expect(refusal(await verify(flow.flowId, wrongCodeFor(codeOf(api, flow.flowId))))).toBe('401 otp_invalid');
    const token = await grantOf(flow.flowId);
    expect(refusal(await verify(flow.flowId))).toBe('410 flow_expired');
    const done = await reset(token);
    expect([done.status, done.text, done.headers['set-cookie']]).toEqual([204, '', undefined]);
    expect(refusal(await reset(token, 'Another-harvest-65-thread'))).toBe('410 token_expired');
    expect(refusal(await logIn(email, password))).toBe('401 invalid_credentials');
    expect((await logIn(email, fresh)).status).toBe(200);
  });

  it('by link works once, and ends the code of the same mail', async () => {
    const { email } = await newClient(api);
    const { flowId } = await forgot({ email });
    expect((await reset(linkOf(flowId))).status).toBe(204);
    expect(refusal(await reset(linkOf(flowId)))).toBe('410 token_expired');
    expect(refusal(await verify(flowId))).toBe('410 flow_expired');
  });

  it('by a code ends the link of the same mail', async () => {
    const { email } = await newClient(api);
    const { flowId } = await forgot({ email });
    const token = await grantOf(flowId);
    expect(refusal(await reset(linkOf(flowId)))).toBe('410 token_expired');
    expect((await reset(token)).status).toBe(204);
  });

  it('keeps its token for a password that is refused (P12)', async () => {
    const { email } = await newClient(api);
    const { flowId } = await forgot({ email });
    const token = await grantOf(flowId);
    for (const [password, code] of [
      ['short', 'password_too_short'],
      ['x'.repeat(129), 'password_too_long'],
      [`my-${email.split('@', 1).join('')}!`, 'password_too_similar'],
      ['passwordpassword', 'password_breached'],
    ] as const) {
      const answer = await reset(token, password);
      expect([refusal(answer), fieldsOf(answer)]).toEqual([`422 ${code}`, [`password: ${code}`]]);
    }
    expect((await reset(token)).status).toBe(204);
  });

  it('of a store does not take the name of the store', async () => {
    const email = freshEmail();
    const started = shaped(pending, await api.post('/auth/register', { email, password: 'Adire-lantern-29-cloth', role: 'vendor' }));
    const verified = await api.post('/auth/register/verify', { flowId: started.flowId, code: codeOf(api, started.flowId) });
    const { id } = shaped(tokenSet, verified).user;
    await arrange(api.app, (db) => db.vendor.updateMany({ where: { userId: id }, data: { storeName: 'Moonwater Looms' } }));
    const { flowId } = await forgot({ email });
    expect(refusal(await reset(linkOf(flowId), 'moonwater-looms-1987'))).toBe('422 password_too_similar');
    expect((await reset(linkOf(flowId))).status).toBe(204);
  });

  it('P17 U29 succeeds once of twenty parallel ones, by link and by grant; a code is exchanged once of twenty', async () => {
    const { email } = await newClient(api);
    const byLink = await forgot({ email });
    const links = await Promise.all(Array.from({ length: 20 }, (_, n) => reset(linkOf(byLink.flowId), `${fresh}-${n}`)));
    expect(links.filter((answer) => answer.status === 204)).toHaveLength(1);
    expect(links.filter((answer) => answer.status !== 204).map(refusal)).toEqual(Array.from({ length: 19 }, () => '410 token_expired'));
    const byCode = await forgot({ email });
    const grants = await Promise.all(Array.from({ length: 20 }, () => verify(byCode.flowId)));
    const won = grants.filter((answer) => answer.status === 200);
    expect(won).toHaveLength(1);
    const token = won.map((answer) => shaped(granted, answer).resetToken).join('');
    const uses = await Promise.all(Array.from({ length: 20 }, (_, n) => reset(token, `${fresh}-b${n}`)));
    expect(uses.filter((answer) => answer.status === 204)).toHaveLength(1);
  });

  it('lives as long as it says: a code 10 minutes, a link 30, a grant 10, the flow 30', async () => {
    const { email } = await newClient(api);
    const first = await forgot({ email });
    api.app.clock.advance(601);
    expect(refusal(await verify(first.flowId))).toBe('401 otp_expired');
    api.app.clock.advance(1798 - 601);
    expect((await reset(linkOf(first.flowId))).status).toBe(204);
    const second = await forgot({ email });
    api.app.clock.advance(1801);
    expect(refusal(await reset(linkOf(second.flowId)))).toBe('410 token_expired');
    expect(refusal(await verify(second.flowId))).toBe('410 flow_expired');
    const third = await forgot({ email });
    const token = await grantOf(third.flowId);
    api.app.clock.advance(601);
    expect(refusal(await reset(token))).toBe('410 token_expired');
  });

  it('dies with a newer request: link, code and grant', async () => {
    const { email } = await newClient(api);
    const first = await forgot({ email });
    const second = await forgot({ email });
    expect(refusal(await reset(linkOf(first.flowId)))).toBe('410 token_expired');
    expect(refusal(await verify(first.flowId))).toBe('410 flow_expired');
    const token = await grantOf(second.flowId);
    const third = await forgot({ email });
    expect(refusal(await reset(token))).toBe('410 token_expired');
    expect((await reset(linkOf(third.flowId))).status).toBe(204);
  });

  it('of twenty parallel requests leaves one that works', async () => {
    const { email } = await newClient(api);
    const flows = await Promise.all(Array.from({ length: 20 }, () => forgot({ email })));
    const { prisma } = api.app.deps.database;
    const open = await prisma.otpFlow.findMany({ where: { id: { in: flows.map((flow) => flow.flowId) }, supersededAt: null } });
    expect(open).toHaveLength(1);
  });

  it('is renewed by otp/resend: the earlier link dies, the new one lives its own half hour', async () => {
    const { email } = await newClient(api);
    const { flowId } = await forgot({ email });
    api.app.clock.advance(61);
    expect((await api.post('/auth/otp/resend', { flowId })).status).toBe(202);
    expect(refusal(await reset(linkOf(flowId, 1)))).toBe('410 token_expired');
    expect(refusal(await verify(flowId, codeOf(api, flowId, 1)))).toBe('401 otp_invalid');
    expect((await reset(linkOf(flowId, 2))).status).toBe(204);
  });

  it('is over once the password or the contact changed since', async () => {
    const { email, tokens, password } = await newClient(api);
    const { flowId } = await forgot({ email });
    const token = await grantOf(flowId);
    const change = { currentPassword: password, newPassword: fresh };
    expect((await api.call('PUT', '/api/v1/account/password', { body: change, headers: bearer(tokens.accessToken) })).status).toBe(204);
    expect(refusal(await reset(token, 'Another-harvest-65-thread'))).toBe('410 token_expired');

    const mover = await newClient(api);
    const moved = await forgot({ email: mover.email });
    // The person has another address from here on.
    await moveContact(mover.tokens.user.id, freshEmail());
    expect(refusal(await reset(linkOf(moved.flowId)))).toBe('410 token_expired');
    expect(refusal(await verify(moved.flowId))).toBe('410 flow_expired');
  });

  it('P12 proves the channel only: the next sign-in asks for the second factor, and a trusted device is none any more', async () => {
    const { email, password, tokens } = await newClient(api);
    const secret = await withTotp(api, tokens.user.id);
    const device = { 'X-Device-Token': tokens.deviceToken ?? '' };
    const first = shaped(mfaRequired, await logIn(email, password, device));
    const answer = { challengeId: first.challengeId, method: 'totp', code: totpCode(secret, api.app.clock.now()), trustDevice: true };
    expect((await api.post('/auth/mfa/verify', answer, device)).status).toBe(200);
    expect(shaped(loginTokenSet, await logIn(email, password, device)).session.acr).toBe('aal1');
    const waiting = shaped(mfaRequired, await logIn(email, password));
    expect((await reset(linkOf((await forgot({ email })).flowId))).status).toBe(204);
    shaped(mfaRequired, await logIn(email, fresh, device));
    api.app.clock.advance(31);
    const late = { challengeId: waiting.challengeId, method: 'totp', code: totpCode(secret, api.app.clock.now()) };
    expect(refusal(await api.post('/auth/mfa/verify', late))).toBe('410 challenge_expired');
  });

  it('U32 P7 from a signed-in browser works and ends every session at once', async () => {
    const { email, password, tokens, verified } = await newClient(api, { headers: browserHeaders });
    const second = shaped(tokenSet, await logIn(email, password, { 'X-Client-Id': 'mobile' }));
    const cookie = { ...browserHeaders, Cookie: (verified.headers['set-cookie'] ?? []).map((line) => line.split(';')[0]).join('; ') };
    const asked = await api.post('/auth/password/forgot', { email }, { ...cookie, ...bearer(tokens.accessToken) });
    const done = await reset(linkOf(shaped(pending, asked).flowId), fresh, { ...cookie, ...bearer(tokens.accessToken) });
    expect([done.status, done.text]).toEqual([204, '']);
    for (const token of [tokens.accessToken, second.accessToken]) expect(refusal(await account(token))).toBe('401 session_revoked');
    expect(refusal(await api.post('/auth/token/refresh', {}, cookie))).toBe('401 session_revoked');
    const refresh = { refreshToken: second.refreshToken };
    expect(refusal(await api.post('/auth/token/refresh', refresh, { 'X-Client-Id': 'mobile' }))).toBe('401 session_revoked');
  });

  it('lifts what closed the password way: the flag of the account and the buckets of strangers and devices', async () => {
    const { email, tokens } = await newClient(api);
    const { prisma } = api.app.deps.database;
    const device = { 'X-Device-Token': tokens.deviceToken ?? '' };
    for (let tried = 0; tried < 5; tried += 1) expect(refusal(await logIn(email, 'wrong'))).toBe('401 invalid_credentials');
    const from = (n: number) => forwarded(`198.51.100.${n}`, { email, password: 'wrong' }, tokens.deviceToken);
    for (let tried = 0; tried < 10; tried += 1) await api.post('/auth/login', { email, password: 'wrong' }, from(tried));
    expect(refusal(await logIn(email, fresh))).toBe('429 rate_limited');
    expect(refusal(await logIn(email, fresh, device))).toBe('429 rate_limited');
    await arrange(api.app, (db) =>
      db.user.updateMany({
        where: { id: tokens.user.id },
        data: { passwordDisabled: true, identifierVerifiedAt: null, verifiedHow: null },
      }),
    );
    expect((await reset(linkOf((await forgot({ email })).flowId))).status).toBe(204);
    expect((await logIn(email, fresh)).status).toBe(200);
    expect((await logIn(email, fresh, device)).status).toBe(200);
    const row = await prisma.user.findUniqueOrThrow({ where: { id: tokens.user.id } });
    expect(row).toMatchObject({ passwordDisabled: false, failedConsecutive: 0, lockedUntil: null, lockLevel: 0, verifiedHow: 'otp' });
    expect(row.identifierVerifiedAt).toEqual(api.app.clock.now());
  });

  it('has codes and tokens that open nothing else, and opens for nothing else', async () => {
    const [one, two] = [await newClient(api), await newClient(api)];
    const [flow, other] = [await forgot({ email: one.email }), await forgot({ email: two.email })];
    expect(refusal(await verify(flow.flowId, codeOf(api, other.flowId)))).toBe('401 otp_invalid');
    const login = shaped(pending, await api.post('/auth/otp/send', { email: one.email }));
    expect(refusal(await verify(login.flowId, codeOf(api, login.flowId)))).toBe('401 otp_invalid');
    expect(refusal(await api.post('/auth/otp/verify', { flowId: flow.flowId, code: codeOf(api, flow.flowId) }))).toBe('401 otp_invalid');
    const registration = { flowId: flow.flowId, code: codeOf(api, flow.flowId) };
    expect(refusal(await api.post('/auth/register/verify', registration))).toBe('401 otp_invalid');
    const pendingOne = shaped(pending, await api.post('/auth/register', { email: freshEmail(), password: fresh }));
    for (const token of [
      linkOf(pendingOne.flowId),
      one.tokens.refreshToken ?? '',
      one.tokens.accessToken.slice(0, 500),
      'nonsense',
      flow.flowId,
    ])
      expect(refusal(await reset(token))).toBe('410 token_expired');
    expect(refusal(await verify('nosuchflow', '123456'))).toBe('410 flow_expired');
  });

  it('takes five wrong codes; the link is not guessed and stays', async () => {
    const { email } = await newClient(api);
    const { flowId } = await forgot({ email });
    const code = codeOf(api, flowId);
    expect(refusal(await verify(flowId, '12 34'))).toBe('422 otp_malformed');
    for (let tried = 0; tried < 5; tried += 1) expect(refusal(await verify(flowId, wrongCodeFor(code)))).toBe('401 otp_invalid');
    expect(refusal(await verify(flowId, code))).toBe('401 otp_exhausted');
    expect((await reset(linkOf(flowId))).status).toBe(204);
  });
});

describe('whoever forgets', () => {
  it('without a password is told to use Google, with a flow that no code opens', async () => {
    const { email, tokens } = await newClient(api);
    await withoutPassword(api, tokens.user.id);
    const { flowId } = await forgot({ email });
    expect(refusal(await verify(flowId))).toBe('401 otp_invalid');
    expect(refusal(await reset(linkOf(flowId)))).toBe('410 token_expired');
    const [event] = await events('identity.password.reset_requested', tokens.user.id);
    expect(event?.payload).toMatchObject({ flowId, channel: 'email', googleUserId: tokens.user.id });
  });

  it.each(['unknown', 'pending', 'closed', 'staff'] as const)('and is %s gets a decoy like everybody’s', async (standing) => {
    const email = await someone(api, standing);
    const { flowId } = await forgot({ email });
    const row = await api.app.deps.database.prisma.otpFlow.findUniqueOrThrow({ where: { id: flowId } });
    expect(row).toMatchObject({ decoy: true, subjectId: null, purpose: 'reset' });
    const [event] = await events('identity.password.reset_requested', flowId);
    expect(event?.payload).toMatchObject({ flowId, googleUserId: null });
    expect(refusal(await verify(flowId))).toBe('401 otp_invalid');
    expect(refusal(await reset(linkOf(flowId)))).toBe('410 token_expired');
  });

  it('while suspended may choose a password, and stays suspended', async () => {
    const email = await someone(api, 'suspended');
    expect((await reset(linkOf((await forgot({ email })).flowId))).status).toBe(204);
    expect(refusal(await logIn(email, fresh))).toBe('403 account_suspended');
  });

  it('may be closed between code and token: the code is used up and opens nothing', async () => {
    const { email, tokens } = await newClient(api);
    const one = await forgot({ email });
    const token = await grantOf(one.flowId);
    const closed = await newClient(api);
    const two = await forgot({ email: closed.email });
    const close = (id: string) => arrange(api.app, (db) => db.user.updateMany({ where: { id }, data: { status: 'closed' } }));
    await close(tokens.user.id);
    await close(closed.tokens.user.id);
    expect(refusal(await reset(token))).toBe('410 token_expired');
    expect(refusal(await verify(two.flowId))).toBe('410 flow_expired');
  });

  it('has one identifier of good form', async () => {
    const post = (body: object) => api.post('/auth/password/forgot', body);
    expect(refusal(await post({}))).toBe('422 identifier_exactly_one');
    expect(refusal(await post({ email: 'a@example.com', phone: '08031234567' }))).toBe('422 identifier_exactly_one');
    expect(refusal(await post({ email: 'nobody' }))).toBe('422 email_invalid');
    expect(refusal(await post({ phone: '+33612345678' }))).toBe('422 phone_unsupported');
    expect(refusal(await post({ email: 'a@example.com', password: 'x' }))).toBe('422 unknown_field');
  });

  it('gets the stored answer for the same Idempotency-Key, and one flow', async () => {
    const { email } = await newClient(api);
    const ask = () => api.post('/auth/password/forgot', { email }, { 'Idempotency-Key': 'forgot-key-0001' });
    const [first, second] = [await ask(), await ask()];
    expect(second.headers['idempotency-replayed']).toBe('true');
    expect(second.text).toBe(first.text);
  });

  it('U23 has a number only: code by SMS, new password; an unknown number gets the same 202', async () => {
    const phone = '+2347000008801';
    await phoneClient(api, phone);
    const flow = await forgot({ phone: '0700 000 8801' });
    expect(flow).toMatchObject({ channel: 'sms', destination: '+234***8801', expiresIn: 300 });
    const unknown = await forgot({ phone: '+2347000008899' });
    expect({ ...unknown, flowId: '', destination: '' }).toEqual({ ...flow, flowId: '', destination: '' });
    const row = await api.app.deps.database.prisma.otpFlow.findUniqueOrThrow({ where: { id: flow.flowId } });
    expect(row.linkHash).toBeNull();
    expect((await reset(await grantOf(flow.flowId))).status).toBe(204);
    expect((await api.post('/auth/login', { phone, password: fresh })).status).toBe(200);
  });
});

/** As the storefront's server forwards it. */
function forwarded(ip: string, body: object, device: string | undefined): Record<string, string> {
  return signedClient({ method: 'POST', path: '/api/v1/auth/login', body, ip, device: device ?? '', nowSeconds: nowSeconds(api) });
}

/** Another address for a person, as a change of contact writes it. */
async function moveContact(userId: string, email: string): Promise<void> {
  const { keyring } = api.app.deps;
  const { prisma } = api.app.deps.database;
  const key = await prisma.userKey.findUniqueOrThrow({ where: { userId } });
  const dataKey = keyring.unwrapDataKey(key.wrappedKey ?? new Uint8Array(), key.kekKid);
  const data = {
    emailEnc: new Uint8Array(keyring.encryptField(dataKey, `user.email_enc:${userId}`, email)),
    emailBidx: new Uint8Array(keyring.blindIndex('email', email)),
  };
  await arrange(api.app, (db) =>
    db.$transaction(async (tx) => {
      await tx.$executeRaw`SELECT set_config('fashionistar.identifier_change', 'on', true)`;
      await tx.user.updateMany({ where: { id: userId }, data });
    }),
  );
}
