import pg from 'pg';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { z } from 'zod';
import { defineCommand } from '../../../src/foundation/command/command.ts';
import { runCommand } from '../../../src/foundation/command/run-command.ts';
import { totpCode, totpStepAt } from '../../../src/foundation/crypto/totp.ts';
import { AppError } from '../../../src/foundation/errors/app-error.ts';
import { newId } from '../../../src/foundation/runtime/new-id.ts';
import { findAccount } from '../../../src/modules/identity/account.ts';
import { passed } from '../../../src/modules/identity/history/rule-trace.ts';
import { commands, identityJobs, queries, staffCommands, staffIdentity, systemCommands } from '../../../src/modules/identity/index.ts';
import { permitOf } from '../../../src/modules/identity/permit.ts';
import { issueSession } from '../../../src/modules/identity/sessions/issue-session.ts';
import { anonymous, staffActor, startTestApp } from '../../support/app.ts';
import {
  addPasskey,
  arrange,
  caller,
  freshEmail,
  password,
  refusal,
  refusalCode,
  registerPerson,
  run,
  tokensOf,
  wrongCode,
} from './people.ts';

let app: Awaited<ReturnType<typeof startTestApp>>;
beforeAll(async () => {
  app = await startTestApp();
});
afterAll(() => app.stop());

const operator = { actor: { kind: 'system', name: 'operator' } } as const;
const prisma = () => app.deps.database.prisma;
const staffPassword = 'seven tailors sewed a sail';
const codeOf = (flowId: string, sendNo = 1) => app.deps.keyring.otpCode(flowId, sendNo);
const start = (email: string, on = app) => run(on, commands.startRegistration, { email, password, ...caller });
const verify = (flowId: string, sendNo = 1, on = app) =>
  run(on, commands.verifyRegistration, { flowId, code: codeOf(flowId, sendNo), ...caller });
const logIn = (email: string, more: object = {}, who: object = {}) =>
  run(app, commands.logIn, { email, password, ...caller, ...more }, who);
const sentFor = (flowId: string) => prisma().outboxEvent.count({ where: { aggregateId: flowId } });

async function hire(): Promise<{ email: string; userId: string }> {
  const email = freshEmail();
  const input = { email, password: staffPassword, firstName: 'Amara', lastName: 'Okoye', grants: [{ role: 'support' }] };
  return { email, userId: (await run(app, systemCommands.createStaffAccount, input, operator)).userId };
}

let addresses = 0;
const elsewhere = () => {
  addresses += 1;
  return { ip: `198.51.${Math.floor(addresses / 250)}.${(addresses % 250) + 1}`, userAgent: null };
};

describe('a registration that is not finished', () => {
  it('gets its code again by signing in with the right password, once the cool-down is over', async () => {
    const email = freshEmail();
    const { flowId } = await start(email);
    app.clock.advance(61);
    expect(await refusalCode(logIn(email))).toBe('verification_required');
    expect(await sentFor(flowId)).toBe(2);
    expect(await refusalCode(logIn(email))).toBe('verification_required');
    expect(await sentFor(flowId)).toBe(2);
    tokensOf(await verify(flowId, 2));
  });

  it('makes no second account of an address that somebody else made one of meanwhile', async () => {
    const email = freshEmail();
    const { flowId } = await start(email);
    const { userId } = await run(app, systemCommands.registerVerified, { email, password }, operator);
    expect(await refusalCode(verify(flowId))).toBe('flow_expired');
    expect(await prisma().user.count({ where: { id: userId } })).toBe(1);
  });

  it('is not finished by the link in a mail to a taken address, whatever the password', async () => {
    const { email } = await registerPerson(app);
    const { flowId } = await start(email);
    const token = app.deps.keyring.linkToken(flowId, 1);
    expect(await refusalCode(run(app, commands.verifyRegistration, { token, password, ...caller }))).toBe('invalid_credentials');
  });

  it('is over when the claim is, even where the code lives longer', async () => {
    const short = await startTestApp({ REGISTRATION_TTL_S: '60' });
    try {
      const { flowId } = await run(short, commands.startRegistration, { email: freshEmail(), password, ...caller });
      short.clock.advance(61);
      const code = short.deps.keyring.otpCode(flowId, 1);
      expect(await refusalCode(run(short, commands.verifyRegistration, { flowId, code, ...caller }))).toBe('flow_expired');
    } finally {
      await short.stop();
    }
  });
});

describe('codes', () => {
  it('are sent once by two resends at the same time', async () => {
    const { flowId } = await start(freshEmail());
    app.clock.advance(61);
    const admin = new pg.Client({ connectionString: app.database.adminUrl });
    await admin.connect();
    try {
      // Both calls have read the flow as due when the lock lets them write.
      await admin.query('BEGIN');
      await admin.query('SELECT 1 FROM identity.otp_flow WHERE id = $1 FOR UPDATE', [flowId]);
      const both = Promise.allSettled([1, 2].map(() => run(app, commands.resendCode, { flowId })));
      const waiting = `SELECT count(*)::int AS n FROM pg_stat_activity WHERE datname = current_database() AND wait_event_type = 'Lock'`;
      for (let n = 0; n < 2; n = (await admin.query(waiting)).rows[0].n) await new Promise((resolve) => setImmediate(resolve));
      await admin.query('COMMIT');
      const outcomes = await both;
      expect(outcomes.filter(({ status }) => status === 'fulfilled')).toHaveLength(1);
      expect(outcomes.find(({ status }) => status === 'rejected')).toMatchObject({ reason: { code: 'otp_cooldown' } });
      expect(await sentFor(flowId)).toBe(2);
    } finally {
      await admin.end();
    }
  });

  it('over the cap of the hour are answered alike and not sent, at sign-in and at a resend', async () => {
    const { email } = await registerPerson(app);
    let flowId = '';
    for (let sent = 0; sent < 6; sent += 1) {
      flowId = (await run(app, commands.sendLoginCode, { email, ...caller }, { request: elsewhere() })).flowId;
      expect(await sentFor(flowId)).toBe(sent < 5 ? 1 : 0);
    }
    app.clock.advance(61);
    expect(await run(app, commands.resendCode, { flowId })).toMatchObject({ flowId, resendIn: 120 });
    expect(await sentFor(flowId)).toBe(0);
  });

  it('open nothing for an account that was closed meanwhile', async () => {
    const { email, actor } = await registerPerson(app);
    const { flowId } = await run(app, commands.sendLoginCode, { email, ...caller });
    await arrange(app, (db) => db.user.updateMany({ where: { id: actor.id }, data: { status: 'closed' } }));
    expect(await refusalCode(run(app, commands.verifyLoginCode, { flowId, code: codeOf(flowId), ...caller }))).toBe('flow_expired');
  });

  it('sign in on a known device without making it a new one', async () => {
    const { email, actor, deviceToken } = await registerPerson(app);
    const { flowId } = await run(app, commands.sendLoginCode, { email, ...caller });
    const device = { token: deviceToken };
    const tokens = tokensOf(await run(app, commands.verifyLoginCode, { flowId, code: codeOf(flowId), ...caller, device }));
    expect(tokens.deviceToken).toBeNull();
    expect(await prisma().knownDevice.count({ where: { userId: actor.id } })).toBe(1);
  });

  it('are limited for callers without an address as for any other', async () => {
    const email = freshEmail();
    const send = () => run(app, commands.sendLoginCode, { email, ...caller }, { request: { ip: null } });
    await send();
    expect(await refusalCode(send())).toBe('otp_cooldown');
  });
});

describe('refreshing', () => {
  const refresh = (refreshToken: string) => run(app, commands.refreshSession, { refreshToken, ...caller });
  const used = async () => {
    const person = await registerPerson(app);
    await refresh(person.tokens.refreshToken);
    return person;
  };

  it('gives no token again once the session ended, also within the grace', async () => {
    const { tokens, actor } = await used();
    await run(app, commands.logOut, { scope: 'current', refreshToken: null, ...caller }, { actor });
    expect(await refusalCode(refresh(tokens.refreshToken))).toBe('session_revoked');
  });

  it('gives no token again to the suspended, the closed and the over-age, within the grace either', async () => {
    const answers = [];
    for (const change of [{ status: 'suspended' }, { status: 'closed' }] as const) {
      const { tokens, actor } = await used();
      await arrange(app, (db) => db.user.updateMany({ where: { id: actor.id }, data: change }));
      answers.push(await refusalCode(refresh(tokens.refreshToken)));
    }
    const { tokens, actor } = await used();
    app.clock.advance(10);
    const now = app.clock.now();
    await arrange(app, (db) =>
      db.session.updateMany({ where: { id: actor.sessionId }, data: { absoluteExpiresAt: now, idleExpiresAt: now } }),
    );
    answers.push(await refusalCode(refresh(tokens.refreshToken)));
    expect(answers).toEqual(['account_suspended', 'refresh_token_expired', 'refresh_token_expired']);
  });
});

describe('sessions', () => {
  it('are listed with the assurance they have', async () => {
    const { actor } = await registerPerson(app);
    const set = (data: object) => arrange(app, (db) => db.session.updateMany({ where: { id: actor.sessionId }, data }));
    await set({ lastIp: null, ip: '102.89.23.17', acr: 'aal2', mfaAt: app.clock.now() });
    expect(await queries.listSessions(app.deps, actor.id, null)).toMatchObject([{ acr: 'aal2', current: false, ip: '102.89.23.0/24' }]);
  });

  it('of the API are never made for staff, by whatever command', async () => {
    const { userId } = await hire();
    const sneak = defineCommand({
      name: 'sneak',
      resource: 'auth',
      access: 'public',
      input: z.object({}),
      async run(scope) {
        const account = (await findAccount(scope.tx, { userId })) ?? undefined;
        if (!account) throw new Error('There is no such account');
        return issueSession(scope, {
          ...{ account, method: 'password', amr: ['pwd'], isSecondFactorDone: true, identifierBidx: null },
          ...caller,
          permit: permitOf([passed('password')]),
        });
      },
    });
    expect(await refusalCode(app.as(anonymous, () => runCommand(app.deps, sneak, { input: {} })))).toBe('internal_error');
    expect(await prisma().session.count({ where: { userId } })).toBe(0);
  });
});

describe('second factors', () => {
  async function enrolled() {
    const person = await registerPerson(app);
    const { secret, recoveryCodes } = await run(app, systemCommands.enrolTotpFor, { userId: person.actor.id }, operator);
    return { ...person, secret, recoveryCodes };
  }

  it('refuse the recovery code of another person in the same place', async () => {
    const person = await enrolled();
    const outcome = await logIn(person.email);
    const challengeId = outcome.kind === 'mfa' ? outcome.challengeId : '';
    const [own = ''] = person.recoveryCodes;
    // Same first character, so the row is found; the rest is not its code.
    const foreign = `${own.charAt(0)}${own.slice(1).replaceAll(/[0-9a-z]/g, (digit) => (digit === '7' ? '8' : '7'))}`;
    const answer = (code: string) => run(app, commands.verifyMfa, { challengeId, method: 'recovery_code', code, ...caller });
    expect(await refusalCode(answer(foreign))).toBe('mfa_invalid');
    expect(tokensOf(await answer(own)).session.amr).toContain('rec');
  });

  it('prove nothing again by a wrong code: the session keeps its time and its assurance', async () => {
    const { actor, secret } = await enrolled();
    app.clock.advance(60);
    const prove = (code: string) => run(app, commands.reauthenticate, { method: 'totp', code, ...caller }, { actor });
    const right = totpCode(secret, totpStepAt(app.clock.now()));
    expect(await refusalCode(prove('not a code'))).toBe('otp_malformed');
    expect(await refusalCode(prove(wrongCode(right)))).toBe('mfa_invalid');
    expect(await queries.findLiveSession(app.deps, actor.sessionId)).toMatchObject({ acr: 'aal1', authTime: actor.authTime });
    expect((await prove(right)).session.acr).toBe('aal2');
  });

  it('are not confirmed once ten wrong codes locked them', async () => {
    const { actor } = await registerPerson(app);
    const fresh = { ...actor, authTime: app.clock.now() };
    const { enrolId, secret } = await run(app, commands.startTotp, {}, { actor: fresh });
    const confirm = (code: string) => refusal(run(app, commands.confirmTotp, { enrolId, code }, { actor: fresh }));
    const right = totpCode(secret, totpStepAt(app.clock.now()));
    for (let tried = 0; tried < 10; tried += 1) expect((await confirm(wrongCode(right))).code).toBe('mfa_invalid');
    const error = await confirm(right);
    expect([error.code, error.details.retryAfterSeconds]).toEqual(['mfa_locked', 3600]);
  });
});

describe('the door of the back office', () => {
  const identity = (deps = app.deps) => staffIdentity(deps);
  const signIn = (email: string, deps = app.deps, more: object = {}) =>
    identity(deps).signInWithPassword({ email, password: staffPassword, deviceToken: null, ...elsewhere(), ...more });

  it('does not open with a password that was switched off, and says only that it was refused', async () => {
    const { email, userId } = await hire();
    await arrange(app, (db) => db.user.updateMany({ where: { id: userId }, data: { passwordDisabled: true } }));
    expect(await signIn(email)).toEqual({ kind: 'refused' });
    const [event] = await prisma().loginEvent.findMany({ where: { userId } });
    expect(JSON.stringify(event?.ruleTrace)).toContain('password_disabled');
  });

  it('in production lets nobody in by password alone: the first sign-in leads to the authenticator', async () => {
    const { email, userId } = await hire();
    const strict = { ...app.deps, config: { ...app.deps.config, mode: 'production' as const } };
    expect(await signIn(email, strict)).toMatchObject({ kind: 'ok', needs: 'enrol' });
    const [challenge] = await prisma().mfaChallenge.findMany({ where: { userId } });
    expect(challenge?.methods).toEqual(['totp', 'passkey']);
    expect((challenge?.expiresAt.getTime() ?? 0) - app.clock.now().getTime()).toBe(600_000);
    const [event] = await prisma().loginEvent.findMany({ where: { userId } });
    expect(event).toMatchObject({ outcome: 'challenged', reasonCode: 'enrolment_required' });
    expect(await identity(strict).verifyFactor(userId, { password: staffPassword }, elsewhere())).toEqual({ kind: 'refused' });
  });

  it('counts callers without an address together, and gives an attempt back when the hasher is busy', async () => {
    const { email } = await hire();
    const busy = { ...app.deps.hasher, verify: () => Promise.reject(new AppError('overloaded', { retryAfterSeconds: 1 })) };
    for (let tried = 0; tried < 6; tried += 1)
      await expect(signIn(email, { ...app.deps, hasher: busy }, { ip: null })).rejects.toMatchObject({ code: 'overloaded' });
    expect(await signIn(email, app.deps, { ip: null })).toMatchObject({ kind: 'ok' });
  });

  it('shows one enrolment under one name, however often the page is loaded, and none to customers or twice', async () => {
    const { email, userId } = await hire();
    const first = await identity().beginTotpEnrolment(userId);
    expect(first.uri).toContain(encodeURIComponent(email));
    expect(await identity().beginTotpEnrolment(userId)).toEqual(first);
    app.clock.advance(601);
    const second = await identity().beginTotpEnrolment(userId);
    expect(second.secret).not.toBe(first.secret);
    await identity().confirmTotpEnrolment(userId, totpCode(second.secret, totpStepAt(app.clock.now())));
    await expect(identity().beginTotpEnrolment(userId)).rejects.toMatchObject({ code: 'totp_exists' });
    const { actor } = await registerPerson(app);
    await expect(identity().beginTotpEnrolment(actor.id)).rejects.toMatchObject({ code: 'not_found' });
  });

  it('confirms no authenticator after ten wrong codes', async () => {
    const { userId } = await hire();
    const { secret } = await identity().beginTotpEnrolment(userId);
    for (let tried = 0; tried < 10; tried += 1) expect(await identity().confirmTotpEnrolment(userId, '12')).toBeNull();
    expect(await identity().confirmTotpEnrolment(userId, totpCode(secret, totpStepAt(app.clock.now())))).toBeNull();
    expect(await identity().loadStaff(userId)).toMatchObject({ hasMfa: false });
  });

  it('knows no factor of strangers, and no code of those who enrolled none', async () => {
    const { userId } = await hire();
    expect(await identity().verifyFactor(newId(), { code: '123456' }, elsewhere())).toEqual({ kind: 'refused' });
    expect(await identity().verifyFactor(userId, { code: '123456' }, elsewhere())).toEqual({ kind: 'refused' });
    expect(await identity().listFactors(newId())).toEqual([]);
    await expect(identity().savePreferences(newId(), { theme: 'dark', density: 'compact' })).rejects.toMatchObject({ code: 'not_found' });
  });

  it('lists passkeys by the names their owner gave them', async () => {
    const { userId } = await hire();
    await addPasskey(app, userId, 'Blue key');
    expect(await identity().listFactors(userId)).toMatchObject([{ kind: 'passkey', label: 'Blue key', lastUsedAt: null }]);
  });
});

describe('the hourly job', () => {
  it('forgets what is over, as the command does', async () => {
    await start(freshEmail());
    app.clock.advance(3 * 86_400);
    const job = identityJobs.find(({ queue }) => queue === 'identity.forget-expired');
    await app.as(operator.actor, async () => await job?.handle({}, app.deps, {} as never));
    expect(await prisma().pendingRegistration.count()).toBe(0);
  });
});

describe('suspension', () => {
  it('may be imposed for abuse by a moderator who is lead of support too, for any reason', async () => {
    const { actor } = await registerPerson(app);
    const grants = [
      { role: 'moderator', isLead: false },
      { role: 'support', isLead: true },
    ] as const;
    const both = staffActor(grants[0], app.clock.now(), { grants });
    const envelope = { reason: { code: 'fraud', text: 'Stolen card reports' } };
    expect(await run(app, staffCommands.suspendUser, { id: actor.id }, { actor: both, envelope })).toMatchObject({ status: 'suspended' });
  });
});
