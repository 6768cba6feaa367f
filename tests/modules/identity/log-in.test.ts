import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { commands } from '../../../src/modules/identity/index.ts';
import { startTestApp } from '../../support/app.ts';
import { caller, freshEmail, freshPhone, password, refusal, refusalCode, registerPerson, run, tokensOf, wrongCode } from './people.ts';

let app: Awaited<ReturnType<typeof startTestApp>>;
beforeAll(async () => {
  app = await startTestApp();
});
afterAll(() => app.stop());

const device = (token: string | null) => ({ ...caller, device: { token } });
let addresses = 0;
/** An address of its own, so that the bucket per address does not get in the way. */
const elsewhere = () => {
  addresses += 1;
  return { request: { ip: `203.0.${Math.floor(addresses / 250)}.${(addresses % 250) + 1}` } };
};
const tryLogIn = (email: string, secret: string, who: object = {}, from = caller) =>
  run(app, commands.logIn, { email, password: secret, ...from }, who);
const loginEvents = (email: string) =>
  app.deps.database.prisma.loginEvent.findMany({
    where: { identifierBidx: new Uint8Array(app.deps.keyring.blindIndex('email', email)) },
    orderBy: [{ at: 'asc' }, { id: 'asc' }],
  });

describe('sign-in by password', () => {
  it('gives tokens for the right password and a new session each time', async () => {
    const { email } = await registerPerson(app);
    const first = tokensOf(await tryLogIn(email, password));
    const second = tokensOf(await tryLogIn(email.toUpperCase(), password));
    expect(first.session.id).not.toBe(second.session.id);
    expect(app.deps.accessTokens.verify(first.accessToken)).toMatchObject({
      sub: first.user.id,
      sid: first.session.id,
      acr: 'aal1',
      amr: ['pwd'],
      roles: ['client'],
    });
    expect(first.user.identifier).toBe(`${email[0]}***@example.com`);
  });

  it('answers unknown, wrong, empty, oversized and staff alike', async () => {
    const { email } = await registerPerson(app);
    const codes = await Promise.all([
      refusal(tryLogIn(freshEmail(), password, elsewhere())),
      refusal(tryLogIn(email, 'not it at all', elsewhere())),
      refusal(tryLogIn(email, '', elsewhere())),
      refusal(tryLogIn(email, `x\u0000${'y'.repeat(9000)}`, elsewhere())),
    ]);
    expect(codes.map((error) => [error.code, JSON.stringify(error.details.extra ?? null)])).toEqual(
      Array.from({ length: 4 }, () => ['invalid_credentials', 'null']),
    );
  });

  it('U24 reads one phone number in every spelling', async () => {
    const phone = freshPhone();
    const { flowId } = await run(app, commands.startRegistration, { phone, password, ...caller });
    tokensOf(await run(app, commands.verifyRegistration, { flowId, code: app.deps.keyring.otpCode(flowId, 1), ...caller }));
    const spelled = `0${phone.slice(4, 7)} ${phone.slice(7, 10)}-${phone.slice(10)}`;
    expect(tokensOf(await run(app, commands.logIn, { phone: spelled, password, ...caller })).user.authMethod).toBe('phone');
    expect(await refusalCode(run(app, commands.logIn, { phone: '12345', password, ...caller }))).toBe('phone_invalid');
  });

  it('sends the right password of an unverified registration to its flow', async () => {
    const email = freshEmail();
    const { flowId } = await run(app, commands.startRegistration, { email, password, ...caller });
    const error = await refusal(tryLogIn(email, password));
    expect(error.code).toBe('verification_required');
    expect(error.details.extra).toEqual({ flowId });
    expect(await refusalCode(tryLogIn(email, 'something else'))).toBe('invalid_credentials');
  });

  it('writes a login event for known and unknown identifiers, with country and trace and without the contact', async () => {
    const unknown = freshEmail();
    await refusalCode(tryLogIn(unknown, password, { request: { ip: '105.112.0.1' } }));
    const [event] = await loginEvents(unknown);
    expect(event).toMatchObject({
      userId: null,
      outcome: 'failed',
      reasonCode: 'invalid_credentials',
      countryCode: 'NG',
      surface: 'api',
      method: 'password',
    });
    expect(JSON.stringify(event?.ruleTrace)).toContain('address_and_identifier');
    const { email } = await registerPerson(app);
    tokensOf(await tryLogIn(email, password));
    const events = await loginEvents(email);
    expect(events.map((row) => row.outcome)).toEqual(['success', 'success']);
    expect(events[1]?.isNewDevice).toBe(true);
  });

  it('P9 lets five wrong tries through per address and identifier, then not even the right one', async () => {
    const { email } = await registerPerson(app);
    const here = elsewhere();
    for (let tried = 0; tried < 5; tried += 1) expect(await refusalCode(tryLogIn(email, 'wrong', here))).toBe('invalid_credentials');
    const error = await refusal(tryLogIn(email, password, here));
    expect(error.code).toBe('rate_limited');
    expect(error.details.extra).toEqual({ alternatives: ['otp', 'passkey', 'google', 'reset'] });
    expect(error.details.retryAfterSeconds).toBe(900);
    tokensOf(await tryLogIn(email, password, elsewhere()));
  });

  it('P1 P9 counts for an identifier that nobody has as for one that somebody has', async () => {
    const outcomes = async (email: string) => {
      const here = elsewhere();
      const codes = [];
      for (let tried = 0; tried < 7; tried += 1) codes.push(await refusalCode(tryLogIn(email, 'wrong', here)));
      return codes;
    };
    const { email } = await registerPerson(app);
    expect(await outcomes(freshEmail())).toEqual(await outcomes(email));
  });

  it('P9 makes strangers wait after ten failures from ten addresses, longer each time, and never the known device', async () => {
    const { email, deviceToken, tokens } = await registerPerson(app);
    for (let tried = 0; tried < 10; tried += 1)
      expect(await refusalCode(tryLogIn(email, 'wrong', elsewhere()))).toBe('invalid_credentials');
    for (const wait of [60, 120, 240, 480, 900, 900]) {
      const error = await refusal(tryLogIn(email, password, elsewhere()));
      expect([error.code, error.details.retryAfterSeconds]).toEqual(['rate_limited', wait]);
      app.clock.advance(wait);
      expect(await refusalCode(tryLogIn(email, 'wrong', elsewhere()))).toBe('invalid_credentials');
    }
    tokensOf(await tryLogIn(email, password, elsewhere(), device(deviceToken)));
    const { lockedUntil } = await app.deps.database.prisma.user.findUniqueOrThrow({ where: { id: tokens.user.id } });
    expect(lockedUntil).toBeNull();
  });

  it('shows staff the lock and tells the owner once it begins', async () => {
    const { email, tokens } = await registerPerson(app);
    for (let tried = 0; tried < 10; tried += 1) await refusalCode(tryLogIn(email, 'wrong', elsewhere()));
    const user = await app.deps.database.prisma.user.findUniqueOrThrow({ where: { id: tokens.user.id } });
    expect(user).toMatchObject({ failedLogins: 10, failedConsecutive: 10, lockLevel: 1 });
    expect(user.lockedUntil?.getTime()).toBe(app.clock.now().getTime() + 60_000);
    const locked = await app.deps.database.prisma.outboxEvent.findMany({
      where: { aggregateId: tokens.user.id, name: 'identity.account.locked' },
    });
    expect(locked).toHaveLength(1);
  });

  it('P9 gives a known device ten tries of its own in 15 minutes', async () => {
    const { email, deviceToken } = await registerPerson(app);
    const from = device(deviceToken);
    for (let tried = 0; tried < 10; tried += 1)
      expect(await refusalCode(tryLogIn(email, 'wrong', elsewhere(), from))).toBe('invalid_credentials');
    expect(await refusalCode(tryLogIn(email, password, elsewhere(), from))).toBe('rate_limited');
    tokensOf(await tryLogIn(email, password, elsewhere()));
  });

  it('P9 lets at most the limit of a burst reach the hasher', async () => {
    const { email } = await registerPerson(app);
    const here = elsewhere();
    const codes = await Promise.all(Array.from({ length: 60 }, () => refusalCode(tryLogIn(email, 'wrong', here))));
    expect(codes.filter((code) => code === 'invalid_credentials').length).toBeLessThanOrEqual(5);
    expect(codes.filter((code) => code === 'rate_limited').length).toBeGreaterThan(0);
    expect(codes.every((code) => ['invalid_credentials', 'rate_limited', 'overloaded', 'unavailable'].includes(code))).toBe(true);
  });

  it('P9 closes the password way after a hundred consecutive failures, for that bucket only', async () => {
    const { email, deviceToken } = await registerPerson(app);
    for (let tried = 0; tried < 100; tried += 1) {
      const code = await refusalCode(tryLogIn(email, 'wrong', elsewhere()));
      if (code === 'rate_limited') tried -= 1;
      if (tried >= 9) app.clock.advance(900);
    }
    app.clock.advance(900);
    const error = await refusal(tryLogIn(email, password, elsewhere()));
    expect([error.code, error.details.extra]).toEqual(['password_disabled', { alternatives: ['otp', 'passkey', 'google', 'reset'] }]);
    app.clock.advance(900);
    expect(await refusalCode(tryLogIn(email, 'wrong', elsewhere()))).toBe('invalid_credentials');
    tokensOf(await tryLogIn(email, password, elsewhere(), device(deviceToken)));
  }, 60_000);

  it('refuses the suspended with the right password only', async () => {
    const { email, tokens } = await registerPerson(app);
    await app.deps.database.pool.query('SELECT 1');
    const admin = await import('pg').then(({ default: pg }) => new pg.Client({ connectionString: app.database.adminUrl }));
    await admin.connect();
    await admin.query(
      `BEGIN; SELECT set_config('audit.ctx', encode(convert_to('{"actorType":"system:test","requestId":"01a200ac-623e-7708-95a3-0712e68ea52e"}', 'UTF8'), 'base64'), true)`,
    );
    await admin.query(`UPDATE identity."user" SET status = 'suspended' WHERE id = '${tokens.user.id}'; COMMIT`);
    await admin.end();
    expect(await refusalCode(tryLogIn(email, password))).toBe('account_suspended');
    expect(await refusalCode(tryLogIn(email, 'wrong'))).toBe('invalid_credentials');
  });

  it('P7 evicts the session idle longest when there would be 51', async () => {
    const small = await startTestApp({ SESSION_MAX: '3' });
    try {
      const { email, tokens } = await registerPerson(small);
      for (let made = 0; made < 3; made += 1) {
        small.clock.advance(1);
        tokensOf(await run(small, commands.logIn, { email, password, ...caller }));
      }
      const { prisma } = small.deps.database;
      const live = await prisma.session.findMany({ where: { userId: tokens.user.id, revokedAt: null } });
      const first = await prisma.session.findUniqueOrThrow({ where: { id: tokens.session.id } });
      expect(live).toHaveLength(3);
      expect(first.revokedReason).toBe('evicted');
    } finally {
      await small.stop();
    }
  });
});

describe('sign-in by code', () => {
  const send = (email: string, who: object = {}) => run(app, commands.sendLoginCode, { email, ...caller }, who);
  const verify = (flowId: string, code: string) => run(app, commands.verifyLoginCode, { flowId, code, ...caller });

  it('signs in once per code', async () => {
    const { email } = await registerPerson(app);
    const { flowId } = await send(email);
    const code = app.deps.keyring.otpCode(flowId, 1);
    const outcomes = await Promise.allSettled(Array.from({ length: 8 }, () => verify(flowId, code)));
    expect(outcomes.filter((outcome) => outcome.status === 'fulfilled')).toHaveLength(1);
    expect(await refusalCode(verify(flowId, code))).toBe('flow_expired');
  });

  it('gives unknown identifiers the same answer and a flow that no code opens', async () => {
    const { email } = await registerPerson(app);
    const known = await send(email);
    const unknown = await send(freshEmail());
    expect({ ...unknown, flowId: '', destination: '' }).toEqual({ ...known, flowId: '', destination: '' });
    expect(await refusalCode(verify(unknown.flowId, app.deps.keyring.otpCode(unknown.flowId, 1)))).toBe('otp_invalid');
    const events = await app.deps.database.prisma.outboxEvent.count({ where: { aggregateId: { in: [known.flowId, unknown.flowId] } } });
    expect(events).toBe(2);
  });

  it('asks for a minute between two sends from one address, known or not', async () => {
    const { email } = await registerPerson(app);
    for (const identifier of [email, freshEmail()]) {
      await send(identifier);
      const error = await refusal(send(identifier));
      expect(error.code).toBe('otp_cooldown');
      expect(error.details.retryAfterSeconds).toBeLessThanOrEqual(60);
    }
  });

  it('refuses a code of another purpose', async () => {
    const email = freshEmail();
    const { flowId } = await run(app, commands.startRegistration, { email, password, ...caller });
    expect(await refusalCode(verify(flowId, app.deps.keyring.otpCode(flowId, 1)))).toBe('otp_invalid');
    expect(await refusalCode(verify(flowId, wrongCode('000000')))).toBe('otp_invalid');
  });
});
