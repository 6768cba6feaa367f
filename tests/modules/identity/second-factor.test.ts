import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { totpCode, totpStepAt } from '../../../src/foundation/crypto/totp.ts';
import type { CustomerActor } from '../../../src/foundation/runtime/actor.ts';
import { commands, queries, type SignInOutcome } from '../../../src/modules/identity/index.ts';
import { startTestApp } from '../../support/app.ts';
import { actorOf, caller, type Person, password, refusal, refusalCode, registerPerson, run, tokensOf, wrongCode } from './people.ts';

let app: Awaited<ReturnType<typeof startTestApp>>;
beforeAll(async () => {
  app = await startTestApp();
});
afterAll(() => app.stop());

const codeNow = (secret: string, offset = 0) => totpCode(secret, totpStepAt(app.clock.now()) + offset);
const fresh = (actor: CustomerActor): CustomerActor => ({ ...actor, authTime: app.clock.now() });

type Enrolled = Person & { secret: string; recoveryCodes: readonly string[] };

async function enrolPerson(): Promise<Enrolled> {
  const person = await registerPerson(app);
  const actor = fresh(person.actor);
  const { enrolId, secret } = await run(app, commands.startTotp, {}, { actor });
  const { recoveryCodes } = await run(app, commands.confirmTotp, { enrolId, code: codeNow(secret) }, { actor });
  // The next code must be of a later step than the one that confirmed.
  app.clock.advance(60);
  return { ...person, secret, recoveryCodes };
}

const logIn = (email: string, more: object = {}) => run(app, commands.logIn, { email, password, ...caller, ...more });
const verify = (challengeId: string, code: string, more: object = {}) =>
  run(app, commands.verifyMfa, { challengeId, method: 'totp', code, ...caller, ...more });

function challengeOf(outcome: SignInOutcome): string {
  if (outcome.kind !== 'mfa') throw new Error('No second factor was asked for');
  return outcome.challengeId;
}

describe('enrolling an authenticator', () => {
  it('needs a recent proof, shows the secret once and satisfies nothing before it is confirmed', async () => {
    const person = await registerPerson(app);
    const stale = { ...person.actor, authTime: new Date(app.clock.now().getTime() - 301_000) };
    const error = await refusal(run(app, commands.startTotp, {}, { actor: stale }));
    expect([error.code, error.details.extra]).toEqual(['reauth_required', { methods: ['password', 'otp'] }]);
    const actor = fresh(person.actor);
    const started = await run(app, commands.startTotp, {}, { actor });
    expect(started.otpauthUri).toContain(started.secret);
    expect(started.qrSvg).toContain('<svg');
    expect(tokensOf(await logIn(person.email)).session.acr).toBe('aal1');
    expect(
      await refusalCode(run(app, commands.confirmTotp, { enrolId: started.enrolId, code: wrongCode(codeNow(started.secret)) }, { actor })),
    ).toBe('mfa_invalid');
    const { recoveryCodes } = await run(app, commands.confirmTotp, { enrolId: started.enrolId, code: codeNow(started.secret) }, { actor });
    expect(new Set(recoveryCodes).size).toBe(10);
    expect(await refusalCode(run(app, commands.startTotp, {}, { actor: { ...actor, acr: 'aal2' } }))).toBe('totp_exists');
    expect(await queries.readMfa(app.deps, actor.id)).toMatchObject({
      totp: { enabled: true },
      recoveryCodesLeft: 10,
      methods: ['totp', 'recovery_code'],
    });
    const stored = await app.deps.database.prisma.totp.findUniqueOrThrow({ where: { userId: actor.id } });
    expect(Buffer.from(stored.secretEnc).toString('latin1')).not.toContain(started.secret);
  });

  it('forgets an unconfirmed secret after ten minutes and when another is begun', async () => {
    const person = await registerPerson(app);
    const first = await run(app, commands.startTotp, {}, { actor: fresh(person.actor) });
    const second = await run(app, commands.startTotp, {}, { actor: fresh(person.actor) });
    const confirm = (enrolId: string, secret: string) =>
      run(app, commands.confirmTotp, { enrolId, code: codeNow(secret) }, { actor: fresh(person.actor) });
    expect(await refusalCode(confirm(first.enrolId, first.secret))).toBe('enrolment_expired');
    app.clock.advance(601);
    expect(await refusalCode(confirm(second.enrolId, second.secret))).toBe('enrolment_expired');
  });

  it('lifts the session to aal2 at its next refresh, and lets it decay a day later', async () => {
    const person = await registerPerson(app);
    const actor = fresh(person.actor);
    const { enrolId, secret } = await run(app, commands.startTotp, {}, { actor });
    await run(app, commands.confirmTotp, { enrolId, code: codeNow(secret) }, { actor });
    const next = await run(app, commands.refreshSession, { refreshToken: person.tokens.refreshToken, ...caller });
    expect(next.tokens.session.acr).toBe('aal2');
    app.clock.advance(86_401);
    const later = await run(app, commands.refreshSession, { refreshToken: next.tokens.refreshToken, ...caller });
    expect(later.tokens.session.acr).toBe('aal1');
  });

  it('is removed only with the factor itself, and takes its recovery codes with it', async () => {
    const person = await enrolPerson();
    const error = await refusal(run(app, commands.removeTotp, {}, { actor: fresh(person.actor) }));
    expect([error.code, error.details.extra]).toEqual(['reauth_required', { methods: ['totp'] }]);
    const proved = await run(
      app,
      commands.reauthenticate,
      { method: 'totp', code: codeNow(person.secret), ...caller },
      { actor: person.actor },
    );
    expect(proved.session).toMatchObject({ acr: 'aal2', amr: ['otp', 'mfa'] });
    const actor: CustomerActor = { ...person.actor, acr: 'aal2', authTime: proved.session.authTime };
    await run(app, commands.removeTotp, {}, { actor });
    expect(await refusalCode(run(app, commands.removeTotp, {}, { actor }))).toBe('not_found');
    expect(await queries.readMfa(app.deps, actor.id)).toMatchObject({
      totp: { enabled: false, enabledAt: null },
      recoveryCodesLeft: 0,
      methods: [],
    });
    tokensOf(await logIn(person.email));
  });
});

describe('the second step of a sign-in', () => {
  it('follows password and code alike and hands out nothing before it', async () => {
    const person = await enrolPerson();
    const byPassword = await logIn(person.email);
    expect(byPassword).toMatchObject({ kind: 'mfa', methods: ['totp', 'recovery_code'], expiresIn: 300 });
    expect(Object.keys(byPassword).toSorted()).toEqual(['challengeId', 'expiresIn', 'kind', 'methods']);
    const { flowId } = await run(app, commands.sendLoginCode, { email: person.email, ...caller });
    const byCode = await run(app, commands.verifyLoginCode, { flowId, code: app.deps.keyring.otpCode(flowId, 1), ...caller });
    expect(byCode.kind).toBe('mfa');
    expect(await refusalCode(run(app, commands.refreshSession, { refreshToken: challengeOf(byPassword), ...caller }))).toBe(
      'refresh_token_invalid',
    );
    const tokens = tokensOf(await verify(challengeOf(byCode), codeNow(person.secret)));
    expect(tokens.session).toMatchObject({ acr: 'aal2', amr: ['otp', 'mfa'] });
  });

  it('takes the current step and the one before, each step once, and one of many parallel answers', async () => {
    const person = await enrolPerson();
    expect(await refusalCode(verify(challengeOf(await logIn(person.email)), codeNow(person.secret, 1)))).toBe('mfa_invalid');
    const code = codeNow(person.secret);
    tokensOf(await verify(challengeOf(await logIn(person.email)), code));
    expect(await refusalCode(verify(challengeOf(await logIn(person.email)), code))).toBe('mfa_invalid');
    expect(await refusalCode(verify(challengeOf(await logIn(person.email)), codeNow(person.secret, -1)))).toBe('mfa_invalid');
    app.clock.advance(60);
    const challengeId = challengeOf(await logIn(person.email));
    const next = codeNow(person.secret, -1);
    const outcomes = await Promise.allSettled(Array.from({ length: 5 }, () => verify(challengeId, next)));
    expect(outcomes.filter((outcome) => outcome.status === 'fulfilled')).toHaveLength(1);
  });

  it('ends a challenge after five wrong answers, five minutes, use, and for another client', async () => {
    const person = await enrolPerson();
    const challengeId = challengeOf(await logIn(person.email));
    expect(await refusalCode(verify(challengeId, codeNow(person.secret), { client: { clientId: 'mobile', mode: 'body' } }))).toBe(
      'challenge_expired',
    );
    for (let tried = 0; tried < 5; tried += 1)
      expect(await refusalCode(verify(challengeId, wrongCode(codeNow(person.secret))))).toBe('mfa_invalid');
    expect(await refusalCode(verify(challengeId, codeNow(person.secret)))).toBe('challenge_expired');
    const aged = challengeOf(await logIn(person.email));
    const choose = (id: string, method: string) => run(app, commands.challengeMfa, { challengeId: id, method, ...caller });
    expect(await choose(aged, 'totp')).toEqual({ expiresIn: 300, options: null });
    expect(await refusalCode(choose(aged, 'passkey'))).toBe('method_not_available');
    app.clock.advance(301);
    expect(await refusalCode(verify(aged, codeNow(person.secret)))).toBe('challenge_expired');
    expect(await refusalCode(choose(aged, 'totp'))).toBe('challenge_expired');
    expect(await refusalCode(verify('invented', '123456'))).toBe('challenge_expired');
  });

  it('locks all factors for an hour after ten wrong answers in 15 minutes', async () => {
    const person = await enrolPerson();
    for (let round = 0; round < 2; round += 1) {
      const challengeId = challengeOf(await logIn(person.email));
      for (let tried = 0; tried < 5; tried += 1)
        expect(await refusalCode(verify(challengeId, wrongCode(codeNow(person.secret))))).toBe('mfa_invalid');
    }
    const error = await refusal(verify(challengeOf(await logIn(person.email)), codeNow(person.secret)));
    expect([error.code, error.details.retryAfterSeconds]).toEqual(['mfa_locked', 3600]);
    expect(
      await refusalCode(
        run(app, commands.reauthenticate, { method: 'totp', code: codeNow(person.secret), ...caller }, { actor: person.actor }),
      ),
    ).toBe('mfa_locked');
    app.clock.advance(3600);
    tokensOf(await verify(challengeOf(await logIn(person.email)), codeNow(person.secret)));
  });

  it('takes a recovery code once, in any case and without dash, and tells the owner', async () => {
    const person = await enrolPerson();
    const [first = '', second = ''] = person.recoveryCodes;
    const use = async (code: string) => verify(challengeOf(await logIn(person.email)), code, { method: 'recovery_code' });
    expect(tokensOf(await use(first.toUpperCase().replace('-', ''))).session.amr).toEqual(['pwd', 'rec', 'mfa']);
    expect(await refusalCode(use(first))).toBe('mfa_invalid');
    expect(await refusalCode(use('not a code'))).toBe('mfa_invalid');
    tokensOf(await use(second));
    const { prisma } = app.deps.database;
    expect(await prisma.outboxEvent.count({ where: { aggregateId: person.actor.id, name: 'identity.recovery_code.used' } })).toBe(2);
    expect((await queries.readMfa(app.deps, person.actor.id)).recoveryCodesLeft).toBe(8);
  });

  it('is skipped on a trusted device, for 30 days, and never the first step', async () => {
    const person = await enrolPerson();
    const device = { token: person.deviceToken };
    const challengeId = challengeOf(await logIn(person.email, { device }));
    tokensOf(await verify(challengeId, codeNow(person.secret), { device, trustDevice: true }));
    expect(tokensOf(await logIn(person.email, { device })).session.acr).toBe('aal1');
    expect((await logIn(person.email)).kind).toBe('mfa');
    expect(await refusalCode(run(app, commands.logIn, { email: person.email, password: 'wrong', ...caller, device }))).toBe(
      'invalid_credentials',
    );
    app.clock.advance(30 * 86_400 + 1);
    expect((await logIn(person.email, { device })).kind).toBe('mfa');
  });
});

describe('proving oneself again', () => {
  it('moves the auth time of the same session by the right password, and by nothing else', async () => {
    const { email, actor } = await registerPerson(app);
    app.clock.advance(1000);
    expect(await refusalCode(run(app, commands.reauthenticate, { method: 'password', password: 'wrong', ...caller }, { actor }))).toBe(
      'invalid_credentials',
    );
    const proved = await run(app, commands.reauthenticate, { method: 'password', password, ...caller }, { actor });
    expect(proved.session).toMatchObject({ id: actor.sessionId, acr: 'aal1', amr: ['otp', 'pwd'], authTime: app.clock.now() });
    expect(app.deps.accessTokens.verify(proved.accessToken).sid).toBe(actor.sessionId);
    const live = await queries.findLiveSession(app.deps, actor.sessionId);
    expect(live?.authTime).toEqual(app.clock.now());
    for (let tried = 0; tried < 5; tried += 1)
      await refusalCode(run(app, commands.reauthenticate, { method: 'password', password: 'wrong', ...caller }, { actor }));
    expect(await refusalCode(run(app, commands.reauthenticate, { method: 'password', password, ...caller }, { actor }))).toBe(
      'rate_limited',
    );
    expect(await refusalCode(run(app, commands.logIn, { email, password, ...caller }))).toBe('rate_limited');
  });

  it('fails for a session that ended', async () => {
    const { tokens, actor } = await registerPerson(app);
    await run(app, commands.logOut, { scope: 'current', refreshToken: tokens.refreshToken, ...caller });
    expect(await refusalCode(run(app, commands.reauthenticate, { method: 'password', password, ...caller }, { actor }))).toBe(
      'session_revoked',
    );
    expect(actorOf(tokens).id).toBe(actor.id);
  });
});
