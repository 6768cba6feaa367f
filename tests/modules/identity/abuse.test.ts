import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { totpCode, totpStepAt } from '../../../src/foundation/crypto/totp.ts';
import { commands, type SignInOutcome } from '../../../src/modules/identity/index.ts';
import { fillCountries } from '../../../src/modules/reference/index.ts';
import { system } from '../../audit/support/staff.ts';
import { startTestApp, type TestApp } from '../../support/app.ts';
import { caller, freshEmail, type Person, password, refusal, refusalCode, registerPerson, run, tokensOf, wrongCode } from './people.ts';

let app: TestApp & { stop(): Promise<void> };
beforeAll(async () => {
  app = await startTestApp();
});
afterAll(() => app.stop());

let addresses = 0;
const elsewhere = () => {
  addresses += 1;
  return { request: { ip: `198.18.${Math.floor(addresses / 250)}.${(addresses % 250) + 1}` } };
};
const logIn = (email: string, secret: string, who: object = {}, device: string | null = null) =>
  run(app, commands.logIn, { email, password: secret, ...caller, device: { token: device } }, who);
/** Another spelling of the same mailbox, as most providers deliver it. */
const tagged = (email: string, tag: string) => email.replace('@', `+${tag}@`);
const dotted = (email: string) => `${email[0]}.${email.slice(1)}`;
const codeOf = (flowId: string, sendNo = 1) => app.deps.keyring.otpCode(flowId, sendNo);

describe('P9 the limits of a password', () => {
  const attackersPassword = 'green yam sleeps early';

  it('are not reset by a registration of another spelling of the mailbox, which anybody can begin', async () => {
    const { email } = await registerPerson(app);
    const own = tagged(email, 'mine');
    await run(app, commands.startRegistration, { email: own, password: attackersPassword, ...caller });
    const here = elsewhere();
    for (let round = 0; round < 4; round += 1) {
      expect(await refusalCode(logIn(email, 'a guess at the password', here))).toBe('invalid_credentials');
      expect(await refusalCode(logIn(own, attackersPassword, here))).toBe('verification_required');
    }
    expect(await refusalCode(logIn(email, 'a guess at the password', here))).toBe('invalid_credentials');
    expect(await refusalCode(logIn(email, password, here))).toBe('rate_limited');
  });

  it('of all strangers together are not reset by the account of another spelling', async () => {
    const victim = await registerPerson(app);
    const attacker = await registerPerson(app, 'client', dotted(victim.email));
    for (let guess = 0; guess < 9; guess += 1) {
      expect(await refusalCode(logIn(victim.email, 'a guess at the password', elsewhere()))).toBe('invalid_credentials');
      tokensOf(await logIn(attacker.email, password, elsewhere()));
    }
    expect(await refusalCode(logIn(victim.email, 'a guess at the password', elsewhere()))).toBe('invalid_credentials');
    expect(await refusalCode(logIn(victim.email, password, elsewhere()))).toBe('rate_limited');
    tokensOf(await logIn(victim.email, password, elsewhere(), victim.deviceToken));
  });

  it('start anew for whoever succeeds, as often as they like', async () => {
    const { email } = await registerPerson(app);
    const here = elsewhere();
    for (let round = 0; round < 3; round += 1) {
      for (let slip = 0; slip < 4; slip += 1) expect(await refusalCode(logIn(email, 'slipped', here))).toBe('invalid_credentials');
      tokensOf(await logIn(email, password, here));
    }
  });
});

describe('messages that a stranger can have sent', () => {
  const started = async (flowId: string) => {
    const { prisma } = app.deps.database;
    return (await prisma.outboxEvent.count({ where: { aggregateId: flowId, name: 'identity.registration.started' } })) === 1;
  };

  it('are 5 an hour and 10 a day for a mailbox, however it is spelled; what was held back is not counted', async () => {
    const email = freshEmail();
    const ask = async (spelling: string) =>
      started((await run(app, commands.startRegistration, { email: spelling, password, ...caller })).flowId);
    const sent = [];
    for (const [at, spelling] of [email, tagged(email, 'a'), dotted(email), tagged(email, 'b'), email, tagged(email, 'c')].entries())
      sent.push(await ask(at % 2 ? spelling : spelling.toUpperCase()));
    expect(sent).toEqual([true, true, true, true, true, false]);
    app.clock.advance(3601);
    const later = [];
    for (let at = 0; at < 6; at += 1) later.push(await ask(tagged(email, `d${at}`)));
    expect(later).toEqual([true, true, true, true, true, false]);
    app.clock.advance(3601);
    expect(await ask(email)).toBe(false);
    app.clock.advance(86_400);
    expect(await ask(email)).toBe(true);
  });

  it('leave no code to be guessed when the caps hold one back, until the next goes out', async () => {
    const { email } = await registerPerson(app);
    const { flowId } = await run(app, commands.sendLoginCode, { email, ...caller }, elsewhere());
    for (let more = 0; more < 4; more += 1) await run(app, commands.sendLoginCode, { email, ...caller }, elsewhere());
    app.clock.advance(61);
    const { resendIn } = await run(app, commands.resendCode, { flowId });
    const verify = (code: string) => run(app, commands.verifyLoginCode, { flowId, code, ...caller });
    expect(await refusalCode(verify(codeOf(flowId, 2)))).toBe('otp_invalid');
    expect(await refusalCode(verify(codeOf(flowId)))).toBe('otp_invalid');
    await app.deps.database.pool.query("DELETE FROM platform.rate_bucket WHERE key LIKE 'otp-target-%'");
    app.clock.advance(resendIn + 1);
    await run(app, commands.resendCode, { flowId });
    tokensOf(await verify(codeOf(flowId, 3)));
  });
});

async function withTotp(email = freshEmail()) {
  const person = await registerPerson(app, 'client', email);
  const actor = { ...person.actor, authTime: app.clock.now() };
  const { enrolId, secret } = await run(app, commands.startTotp, {}, { actor });
  const codeNow = () => totpCode(secret, totpStepAt(app.clock.now()));
  return { ...person, actor, enrolId, codeNow };
}

function challengeOf(outcome: SignInOutcome): string {
  if (outcome.kind !== 'mfa') throw new Error('No second factor was asked for');
  return outcome.challengeId;
}

describe('second factors', () => {
  it('are skipped on a trusted device only for a token that names the person', async () => {
    const neighbour = await registerPerson(app);
    const person = await withTotp();
    await run(app, commands.confirmTotp, { enrolId: person.enrolId, code: person.codeNow() }, { actor: person.actor });
    app.clock.advance(60);
    const shared = { token: neighbour.deviceToken };
    const challengeId = challengeOf(await logIn(person.email, password, {}, shared.token));
    const answer = { challengeId, method: 'totp', code: person.codeNow(), trustDevice: true, ...caller, device: shared };
    const { deviceToken } = tokensOf(await run(app, commands.verifyMfa, answer));
    tokensOf(await logIn(person.email, password, {}, deviceToken));
    expect((await logIn(person.email, password, {}, shared.token)).kind).toBe('mfa');
  });

  it('are not locked by confirmations of a session that is too old to make one, or of no secret', async () => {
    const person = await withTotp();
    const stale = { ...person.actor, authTime: new Date(app.clock.now().getTime() - 301_000) };
    const confirm = (code: string, who = person.actor, enrolId = person.enrolId) =>
      run(app, commands.confirmTotp, { enrolId, code }, { actor: who });
    for (let at = 0; at < 11; at += 1) expect((await refusal(confirm(wrongCode(person.codeNow()), stale))).code).toBe('reauth_required');
    for (let at = 0; at < 11; at += 1) expect(await refusalCode(confirm(person.codeNow(), person.actor, 'none'))).toBe('enrolment_expired');
    expect((await confirm(person.codeNow())).recoveryCodes).toHaveLength(10);
  });
});

describe('changes of a profile', () => {
  it('take one connection each: as many at once as there are connections do not wait for one another', async () => {
    const small = await startTestApp({ DATABASE_POOL: '3' });
    await small.as(system, () => fillCountries(small.deps));
    const people: Person[] = [];
    for (let at = 0; at < 6; at += 1) people.push(await registerPerson(small));
    const change = (actor: Person['actor']) =>
      run(small, commands.updateAccount, { countryCode: 'GH' }, { actor, envelope: { expectedVersion: 1 } });
    const outcomes = await Promise.allSettled(people.map(({ actor }) => change(actor)));
    expect(outcomes.filter(({ status }) => status !== 'fulfilled')).toEqual([]);
    await small.stop();
  });
});
