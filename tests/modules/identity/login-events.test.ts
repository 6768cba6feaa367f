import type { LoginEvent } from '@prisma/client';
import pg from 'pg';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { totpCode, totpStepAt } from '../../../src/foundation/crypto/totp.ts';
import { parseTrace } from '../../../src/modules/identity/history/rule-trace.ts';
import { riskOf } from '../../../src/modules/identity/history/sign-in-risk.ts';
import { commands, staffIdentity, staffQueries, systemCommands } from '../../../src/modules/identity/index.ts';
import { startTestApp } from '../../support/app.ts';
import { actorOf, caller, freshEmail, type Person, password, refusalCode, registerPerson, run, tokensOf, wrongCode } from './people.ts';

const lagos = { request: { ip: '105.112.0.1' } };
const london = { request: { ip: '81.2.69.142' } };
const accra = { request: { ip: '41.66.200.1' } };
const operator = { actor: { kind: 'system', name: 'operator' } } as const;
const staffPassword = 'seven tailors sewed a sail';

let app: Awaited<ReturnType<typeof startTestApp>>;
beforeAll(async () => {
  app = await startTestApp();
});
afterAll(() => app.stop());

const on = (deviceToken: string | null) => ({ ...caller, device: { token: deviceToken } });
const logIn = (person: Pick<Person, 'email'>, secret: string, who: object, deviceToken: string | null = null) =>
  run(app, commands.logIn, { email: person.email, password: secret, ...on(deviceToken) }, who);
/** Attempts of a person, oldest first, without the sign-up. */
const eventsOf = async (userId: string): Promise<LoginEvent[]> =>
  (await app.deps.database.prisma.loginEvent.findMany({ where: { userId }, orderBy: [{ at: 'asc' }, { id: 'asc' }] })).filter(
    (event) => !JSON.stringify(event.ruleTrace).includes('registration_code'),
  );
const metBy = (event: LoginEvent | undefined) =>
  parseTrace(event?.ruleTrace)
    .filter((step) => step.points)
    .map((step) => step.rule);
const actionsNaming = async (id: string) =>
  (
    await app.deps.database.pool.query(
      'SELECT resource, action, outcome, error_code FROM audit.action WHERE record_ids @> ARRAY[$1] ORDER BY occurred_at',
      [id],
    )
  ).rows;
/** Sent when their time has come, whoever asks: the nudge of the relay, and settings that are read anew. */
const byTheClock = /pg_notify|platform\.feature_flag/;

/** The beginnings of what the pool of the web role was asked during some work; nudges of other work are not of it. */
async function statementsOf(work: () => Promise<unknown>): Promise<string[]> {
  const seen: string[] = [];
  const { query } = pg.Client.prototype;
  const spied: typeof query = function (this: pg.Client, ...args: unknown[]) {
    const [first] = args;
    const text = typeof first === 'object' && first !== null && 'text' in first ? first.text : first;
    if (typeof text === 'string' && !byTheClock.test(text)) seen.push(text.trim().slice(0, 90).replaceAll(/'.*$/g, ''));
    return Reflect.apply(query, this, args);
  };
  pg.Client.prototype.query = spied;
  try {
    await work();
  } finally {
    pg.Client.prototype.query = query;
  }
  return seen;
}

/** Moves the clock on to an hour of the day in Lagos, so that no test runs into the night by chance. */
function moveTo(localHour: number): void {
  const now = app.clock.now();
  const local = (now.getUTCHours() + 1) % 24;
  app.clock.advance(((localHour - local + 24) % 24 || 24) * 3_600);
}
async function withTotp(person: Person) {
  const enrolment = await run(app, commands.startTotp, {}, { actor: person.actor });
  await run(app, commands.confirmTotp, { enrolId: enrolment.enrolId, code: codeOf(enrolment.secret) }, { actor: person.actor });
  app.clock.advance(60);
  return enrolment.secret;
}
const codeOf = (secret: string) => totpCode(secret, totpStepAt(app.clock.now()));

describe('what a login event holds', () => {
  it('is place, network, device and session of the attempt, and the address cut to its network', async () => {
    moveTo(12);
    const person = await registerPerson(app);
    const { session } = tokensOf(await logIn(person, password, lagos, person.deviceToken));
    const [event] = await eventsOf(person.actor.id);
    expect(event).toMatchObject({
      outcome: 'success',
      method: 'password',
      surface: 'api',
      reasonCode: null,
      ip: '105.112.0.0/24',
      countryCode: 'NG',
      city: null,
      deviceName: 'Chrome on Linux',
      isNewDevice: false,
      isNewCountry: false,
      riskScore: 0,
      sessionId: session.id,
    });
    expect(event?.deviceId).toMatch(/^[0-9a-f-]{36}$/);
    expect(event?.identifierBidx).not.toBeNull();
  });

  it('is named by the action of the same transaction, which is what the tree proves', async () => {
    moveTo(12);
    const person = await registerPerson(app);
    tokensOf(await logIn(person, password, lagos, person.deviceToken));
    await refusalCode(logIn(person, 'wrong', lagos, person.deviceToken));
    const unknown = freshEmail();
    await refusalCode(logIn({ email: unknown }, password, lagos));
    const [right, wrong] = await eventsOf(person.actor.id);
    expect(await actionsNaming(right?.id ?? '')).toEqual([{ resource: 'auth', action: 'sign-in', outcome: 'ok', error_code: null }]);
    const refusedRow = { resource: 'auth', action: 'sign-in', outcome: 'denied', error_code: 'invalid_credentials' };
    expect(await actionsNaming(wrong?.id ?? '')).toEqual([refusedRow]);
    const bidx = new Uint8Array(app.deps.keyring.blindIndex('email', unknown));
    const [nobody] = await app.deps.database.prisma.loginEvent.findMany({ where: { identifierBidx: bidx } });
    expect(nobody).toMatchObject({ userId: null, riskScore: 0, isNewDevice: false, isNewCountry: false });
    expect(await actionsNaming(nobody?.id ?? '')).toEqual([refusedRow]);
    expect(JSON.stringify(nobody)).not.toContain(unknown);
  });

  it('costs somebody and nobody the same statements', async () => {
    moveTo(12);
    const person = await registerPerson(app);
    const known = await statementsOf(() => refusalCode(logIn(person, 'wrong', lagos)));
    const unknown = await statementsOf(() => refusalCode(logIn({ email: freshEmail() }, 'wrong', lagos)));
    expect(known.filter((sql) => sql.startsWith('WITH good'))).toHaveLength(1);
    expect(known.length).toBeGreaterThan(8);
    expect(unknown).toEqual(known);
  });
});

describe('the rules of a sign-in', () => {
  it('know a new country once the person has been anywhere, also of a wrong try', async () => {
    moveTo(12);
    const person = await registerPerson(app);
    tokensOf(await logIn(person, password, lagos, person.deviceToken));
    app.clock.advance(86_400);
    await refusalCode(logIn(person, 'wrong', accra, person.deviceToken));
    tokensOf(await logIn(person, password, accra, person.deviceToken));
    tokensOf(await logIn(person, password, accra, person.deviceToken));
    const events = await eventsOf(person.actor.id);
    expect(events.map((event) => [event.outcome, event.isNewCountry, event.riskScore])).toEqual([
      ['success', false, 0],
      ['failed', true, 30],
      ['success', true, 30],
      ['success', false, 0],
    ]);
  });

  it('know a new device, by token and not by what it calls itself', async () => {
    moveTo(12);
    const person = await registerPerson(app);
    const { deviceToken } = tokensOf(await logIn(person, password, lagos));
    tokensOf(await logIn(person, password, lagos, deviceToken));
    await refusalCode(logIn(person, 'wrong', lagos));
    await refusalCode(logIn(person, 'wrong', lagos, deviceToken));
    expect((await eventsOf(person.actor.id)).map((event) => [event.isNewDevice, event.riskScore])).toEqual([
      [true, 15],
      [false, 0],
      [true, 15],
      [false, 0],
    ]);
  });

  it('know a journey that nobody can make, and nothing of it is refused', async () => {
    moveTo(12);
    const person = await registerPerson(app);
    tokensOf(await logIn(person, password, lagos, person.deviceToken));
    app.clock.advance(3_600);
    tokensOf(await logIn(person, password, london, person.deviceToken));
    app.clock.advance(86_400);
    tokensOf(await logIn(person, password, lagos, person.deviceToken));
    const events = await eventsOf(person.actor.id);
    expect(events.map(metBy)).toEqual([[], ['new_country', 'impossible_travel'], []]);
    expect(events[1]?.riskScore).toBe(70);
  });

  it('know many failures before a success, and forget them after it', async () => {
    moveTo(12);
    const person = await registerPerson(app);
    tokensOf(await logIn(person, password, lagos, person.deviceToken));
    app.clock.advance(60);
    for (let tried = 0; tried < 4; tried += 1) await refusalCode(logIn(person, 'wrong', { request: { ip: `105.112.1.${tried + 1}` } }));
    tokensOf(await logIn(person, password, lagos, person.deviceToken));
    app.clock.advance(60);
    for (let tried = 0; tried < 5; tried += 1) await refusalCode(logIn(person, 'wrong', { request: { ip: `105.112.2.${tried + 1}` } }));
    tokensOf(await logIn(person, password, lagos, person.deviceToken));
    tokensOf(await logIn(person, password, lagos, person.deviceToken));
    const through = (await eventsOf(person.actor.id)).filter((event) => event.outcome === 'success');
    expect(through.map(metBy)).toEqual([[], [], ['failures_then_success'], []]);
  });

  it('still know the countries after a thousand refused attempts', async () => {
    moveTo(12);
    const person = await registerPerson(app);
    tokensOf(await logIn(person, password, lagos, person.deviceToken));
    app.clock.advance(1);
    await app.deps.database.pool.query(
      `INSERT INTO identity.login_event (at, user_id, surface, method, outcome, reason_code)
       SELECT $2, $1, 'api', 'password', 'blocked', 'rate_limited' FROM generate_series(1, 1000)`,
      [person.actor.id, app.clock.now()],
    );
    app.clock.advance(86_400);
    tokensOf(await logIn(person, password, accra, person.deviceToken));
    expect((await eventsOf(person.actor.id)).at(-1)?.isNewCountry).toBe(true);
  });

  it('know the night of a person who is used to the day, and not of one who is not', async () => {
    const person = await registerPerson(app);
    moveTo(11);
    for (let day = 0; day < 5; day += 1) {
      tokensOf(await logIn(person, password, lagos, person.deviceToken));
      app.clock.advance(86_400);
    }
    moveTo(3);
    tokensOf(await logIn(person, password, lagos, person.deviceToken));
    tokensOf(await logIn(person, password, lagos, person.deviceToken));
    const events = await eventsOf(person.actor.id);
    expect(events.slice(-2).map(metBy)).toEqual([['night_hours'], []]);
    expect(parseTrace(events.at(-2)?.ruleTrace).find((step) => step.rule === 'risk')?.inputs).toMatchObject({
      localHour: 3,
      timezone: 'Africa/Lagos',
      earlierAtNight: 0,
    });
    moveTo(12);
  });

  it('give the same score again from what every row keeps', async () => {
    const rows = await app.deps.database.prisma.loginEvent.findMany({ where: { userId: { not: null }, method: { not: 'refresh' } } });
    expect(rows.length).toBeGreaterThan(20);
    for (const row of rows) {
      const inputs = parseTrace(row.ruleTrace).find((step) => step.rule === 'risk')?.inputs;
      if (inputs) expect(riskOf(inputs).score).toBe(row.riskScore);
      // The rows which the test itself wrote have no trace.
      else expect(row.reasonCode).toBe('rate_limited');
    }
  });
});

describe('every way to sign in leaves one event per attempt', () => {
  it('code, second factor, lock of the factors and the end of a challenge', async () => {
    moveTo(12);
    const person = await registerPerson(app);
    const send = async () => (await run(app, commands.sendLoginCode, { email: person.email, ...caller }, lagos)).flowId;
    const enter = (flowId: string, code: string) => run(app, commands.verifyLoginCode, { flowId, code, ...on(person.deviceToken) }, lagos);
    const first = await send();
    await refusalCode(enter(first, wrongCode(app.deps.keyring.otpCode(first, 1))));
    tokensOf(await enter(first, app.deps.keyring.otpCode(first, 1)));
    await refusalCode(enter(first, app.deps.keyring.otpCode(first, 1)));
    const secret = await withTotp({ ...person, actor: { ...person.actor, authTime: app.clock.now() } });
    const challenge = async () => {
      const outcome = await logIn(person, password, lagos, person.deviceToken);
      if (outcome.kind !== 'mfa') throw new Error('No second factor was asked for');
      return outcome.challengeId;
    };
    const answer = (challengeId: string, code: string) =>
      run(app, commands.verifyMfa, { challengeId, method: 'totp', code, ...on(person.deviceToken) }, lagos);
    const challengeId = await challenge();
    await refusalCode(answer(challengeId, wrongCode(codeOf(secret))));
    tokensOf(await answer(challengeId, codeOf(secret)));
    expect((await eventsOf(person.actor.id)).map((event) => [event.method, event.outcome, event.reasonCode])).toEqual([
      ['otp', 'failed', 'otp_invalid'],
      ['otp', 'success', null],
      ['otp', 'failed', 'flow_expired'],
      ['password', 'challenged', 'mfa_required'],
      ['password', 'failed', 'mfa_invalid'],
      ['password', 'success', null],
    ]);
  });

  it('proving oneself again, where it is refused', async () => {
    moveTo(12);
    const person = await registerPerson(app);
    const secret = await withTotp(person);
    const reauth = (input: object) => run(app, commands.reauthenticate, { ...input, ...caller }, { actor: person.actor, ...lagos });
    await refusalCode(reauth({ method: 'password', password: 'wrong' }));
    await refusalCode(reauth({ method: 'totp', code: wrongCode(codeOf(secret)) }));
    for (let tried = 0; tried < 9; tried += 1) await refusalCode(reauth({ method: 'totp', code: wrongCode(codeOf(secret)) }));
    expect(await refusalCode(reauth({ method: 'totp', code: codeOf(secret) }))).toBe('mfa_locked');
    const events = await eventsOf(person.actor.id);
    expect(events.map((event) => [event.method, event.outcome, event.reasonCode])).toEqual([
      ['password', 'failed', 'invalid_credentials'],
      ...Array.from({ length: 10 }, () => ['otp', 'failed', 'mfa_invalid']),
      ['otp', 'blocked', 'mfa_locked'],
    ]);
  });

  it('a session token used twice, without a score: a refresh is no sign-in', async () => {
    moveTo(12);
    const person = await registerPerson(app);
    const refreshToken = person.tokens.refreshToken ?? '';
    const refresh = (token: string) => run(app, commands.refreshSession, { refreshToken: token, ...on(person.deviceToken) }, london);
    const second = (await refresh(refreshToken)).tokens.refreshToken ?? '';
    await refresh(second);
    expect(await refusalCode(refresh(refreshToken))).toBe('refresh_token_reused');
    const [event] = await eventsOf(person.actor.id);
    expect(event).toMatchObject({
      method: 'refresh',
      outcome: 'failed',
      reasonCode: 'refresh_token_reused',
      riskScore: 0,
      isNewCountry: false,
      sessionId: person.tokens.session.id,
    });
    expect(actorOf(person.tokens).id).toBe(event?.userId);
  });

  it('staff: password, second factor, lock, and the sign-in that a first authenticator completes', async () => {
    moveTo(12);
    const identity = staffIdentity(app.deps);
    const email = freshEmail();
    const input = { email, password: staffPassword, firstName: 'Amara', lastName: 'Okoye', grants: [{ role: 'support' }] };
    const { userId } = await run(app, systemCommands.createStaffAccount, input, operator);
    const { secret } = await run(app, systemCommands.enrolTotpFor, { userId }, operator);
    const origin = { ip: '105.112.0.1', userAgent: 'Mozilla/5.0 (Macintosh; Intel Mac OS X 10_15_7) Version/18.0 Safari/605.1.15' };
    const signIn = (secretGiven: string) => identity.signInWithPassword({ email, password: secretGiven, deviceToken: null, ...origin });
    await signIn('wrong');
    await signIn(staffPassword);
    await identity.verifyFactor(userId, { code: wrongCode(codeOf(secret)) }, origin);
    await identity.verifyFactor(userId, { code: codeOf(secret) }, origin);
    for (let tried = 0; tried < 10; tried += 1) await identity.verifyFactor(userId, { code: '000000' }, origin);
    const events = await eventsOf(userId);
    expect(events.slice(0, 4).map((event) => [event.surface, event.outcome, event.reasonCode, event.deviceName])).toEqual([
      ['admin', 'failed', 'invalid_credentials', 'Safari on macOS'],
      ['admin', 'challenged', 'mfa_required', 'Safari on macOS'],
      ['admin', 'failed', 'mfa_invalid', 'Safari on macOS'],
      ['admin', 'success', null, 'Safari on macOS'],
    ]);
    expect(events.at(-1)).toMatchObject({ outcome: 'blocked', reasonCode: 'mfa_locked' });
    expect(await actionsNaming(events[3]?.id ?? '')).toEqual([
      { resource: 'auth', action: 'verify-staff-factor', outcome: 'ok', error_code: null },
    ]);
  });
});

describe('what staff read of it', () => {
  it('is the place, the device and the rules in words', async () => {
    moveTo(12);
    const person = await registerPerson(app);
    tokensOf(await logIn(person, password, lagos, person.deviceToken));
    app.clock.advance(3_600);
    tokensOf(await logIn(person, password, london));
    const [latest] = await staffQueries.listLoginEvents(app.deps, person.actor.id);
    expect(latest).toMatchObject({ place: 'United Kingdom', device: 'Chrome on Linux', network: '81.2.69.0/24', riskScore: 85 });
    const trace = await staffQueries.signInTrace(app.deps, person.actor.id);
    expect(trace.attempts[0]?.steps.filter((step) => step.points).map((step) => [step.points, step.text])).toEqual([
      [30, 'The person did not sign in from this country in the last half year.'],
      [15, 'The person never signed in on this device before.'],
      [
        40,
        expect.stringMatching(/^The last sign-in was in Nigeria, at least \d{4} km away, 60 minutes earlier: nobody travels that fast\.$/),
      ],
    ]);
    expect(trace.obstacles).toEqual([]);
  });
});
