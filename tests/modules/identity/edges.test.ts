import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import type { AnyCommand } from '../../../src/foundation/command/command.ts';
import { previewCommand } from '../../../src/foundation/command/run-command.ts';
import { createPasswordHasher } from '../../../src/foundation/crypto/password-hasher.ts';
import { AppError } from '../../../src/foundation/errors/app-error.ts';
import { commands, staffCommands, systemCommands } from '../../../src/modules/identity/index.ts';
import { staffActor, startTestApp } from '../../support/app.ts';
import { caller, freshEmail, password, refusal, refusalCode, registerPerson, run, tokensOf } from './people.ts';

let app: Awaited<ReturnType<typeof startTestApp>>;
beforeAll(async () => {
  app = await startTestApp();
});
afterAll(() => app.stop());

const operator = { actor: { kind: 'system', name: 'operator' } } as const;
const reason = { code: 'security', text: 'Asked for by the person' };
const admin = () => staffActor({ role: 'super_admin', isLead: false }, app.clock.now());
const suspend = (id: string) => run(app, staffCommands.suspendUser, { id }, { actor: admin(), envelope: { reason } });

describe('hashing', () => {
  it('gives the attempt back when the hashing queue is full', async () => {
    const person = await registerPerson(app);
    const full = { ...app.deps.hasher, verify: () => Promise.reject(new AppError('overloaded', { retryAfterSeconds: 1 })) };
    const overloaded = { ...app, deps: { ...app.deps, hasher: full } };
    const here = { request: { ip: '192.0.2.77' } };
    for (let tried = 0; tried < 6; tried += 1) {
      expect(await refusalCode(run(overloaded, commands.logIn, { email: person.email, password, ...caller }, here))).toBe('overloaded');
    }
    expect(
      await refusalCode(
        run(overloaded, commands.reauthenticate, { method: 'password', password, ...caller }, { ...here, actor: person.actor }),
      ),
    ).toBe('overloaded');
    tokensOf(await run(app, commands.logIn, { email: person.email, password, ...caller }, here));
  });

  it('hashes again at sign-in when the pepper is older than the current one', async () => {
    const { email, actor } = await registerPerson(app);
    const key = Buffer.alloc(32, 5);
    const [old] = app.deps.config.secrets.passwordPeppers;
    const hasher = createPasswordHasher({ cost: 4, peppers: [{ kid: 'newer', key }, ...(old ? [old] : [])], queue: 8, waitMs: 2000 });
    try {
      tokensOf(await run({ ...app, deps: { ...app.deps, hasher } }, commands.logIn, { email, password, ...caller }));
      const row = await app.deps.database.prisma.credential.findUniqueOrThrow({ where: { userId: actor.id } });
      expect(row.passwordHash).toMatch(/^v1\$newer\$/);
    } finally {
      await hasher.close();
    }
  });

  it('U21 P2 compares exactly once for every refused or accepted sign-in, and never for a blocked one', async () => {
    const { email } = await registerPerson(app);
    let compared = 0;
    const counting = {
      ...app.deps.hasher,
      verify: (typed: string, stored: string | null) => {
        compared += 1;
        return app.deps.hasher.verify(typed, stored);
      },
    };
    const counted = { ...app, deps: { ...app.deps, hasher: counting } };
    const here = { request: { ip: '192.0.2.78' } };
    for (const [identifier, secret] of [
      [email, password],
      [email, 'wrong'],
      [email, ''],
      [freshEmail(), password],
    ] as const) {
      const before = compared;
      await run(counted, commands.logIn, { email: identifier, password: secret, ...caller }, here).catch(() => undefined);
      expect(compared - before).toBe(1);
    }
    for (let tried = 0; tried < 5; tried += 1)
      await refusalCode(run(counted, commands.logIn, { email, password: 'wrong', ...caller }, here));
    const before = compared;
    expect(await refusalCode(run(counted, commands.logIn, { email, password, ...caller }, here))).toBe('rate_limited');
    expect(compared).toBe(before);
  });
});

describe('an account that changes state half way', () => {
  it('is suspended between code and answer: the code is used up and opens nothing', async () => {
    const { email, actor } = await registerPerson(app);
    const { flowId } = await run(app, commands.sendLoginCode, { email, ...caller });
    await suspend(actor.id);
    const code = app.deps.keyring.otpCode(flowId, 1);
    const verify = () => run(app, commands.verifyLoginCode, { flowId, code, ...caller });
    expect(await refusalCode(verify())).toBe('account_suspended');
    expect(await refusalCode(verify())).toBe('flow_expired');
    const again = await run(app, commands.sendLoginCode, { email, ...caller }, { request: { ip: '192.0.2.79' } });
    expect(
      await refusalCode(
        run(app, commands.verifyLoginCode, { flowId: again.flowId, code: app.deps.keyring.otpCode(again.flowId, 1), ...caller }),
      ),
    ).toBe('otp_invalid');
  });

  it('may not use a second factor or its own routes once suspended', async () => {
    const person = await registerPerson(app);
    await run(app, systemCommands.enrolTotpFor, { userId: person.actor.id }, operator);
    const challenged = await run(app, commands.logIn, { email: person.email, password, ...caller });
    await suspend(person.actor.id);
    const challengeId = challenged.kind === 'mfa' ? challenged.challengeId : '';
    expect(await refusalCode(run(app, commands.verifyMfa, { challengeId, method: 'totp', code: '123456', ...caller }))).toBe(
      'challenge_expired',
    );
    expect(await refusalCode(run(app, commands.updateAccount, { bio: 'x' }, { actor: person.actor }))).toBe('session_revoked');
  });
});

describe('what is missing or of the wrong form', () => {
  it('is named', async () => {
    const missing = async (input: object) =>
      (await refusal(run(app, commands.verifyRegistration, { ...input, ...caller }))).details.errors?.[0];
    expect(await missing({})).toEqual({ path: 'flowId', code: 'required' });
    expect(await missing({ flowId: 'x' })).toEqual({ path: 'code', code: 'required' });
    expect(await missing({ token: 'x' })).toEqual({ path: 'password', code: 'required' });
    expect(await refusalCode(run(app, commands.verifyLoginCode, { flowId: 'x', code: 'abc', ...caller }))).toBe('otp_malformed');
    expect(await refusalCode(run(app, commands.resendCode, { flowId: 'x' }))).toBe('flow_expired');
    expect(await refusalCode(run(app, systemCommands.registerVerified, { phone: '123', password, firstName: '<' }, operator))).toBe(
      'validation_failed',
    );
    expect(await refusalCode(run(app, systemCommands.enrolTotpFor, { userId: '01a200ac-623e-7708-95a3-0712e68ea52e' }, operator))).toBe(
      'not_found',
    );
  });
});

describe('effects in words, before anything happens', () => {
  const preview = (command: AnyCommand, input: object) => app.as(admin(), () => previewCommand(app.deps, command, { input }));

  it('are told for every staff command', async () => {
    const { actor, email } = await registerPerson(app);
    const { id } = actor;
    const mail = 'Sends an email to p•••@e•••.com.';
    expect(await preview(staffCommands.reactivateUser, { id })).toEqual(['The person can sign in again. Ended sessions stay ended.', mail]);
    expect(await preview(staffCommands.revokeUserSessions, { id })).toEqual(['Ends 1 session.', 'The person has to sign in again there.']);
    expect(await preview(staffCommands.revokeUserSessions, { id, sessionId: actor.sessionId })).toEqual([
      'Ends 1 session.',
      'The person has to sign in again there.',
    ]);
    expect(await preview(staffCommands.resendUserCode, { id })).toEqual(['There is no open request for a code.']);
    await run(app, commands.sendLoginCode, { email, ...caller });
    expect(await preview(staffCommands.resendUserCode, { id })).toEqual(['Sends a new code; the earlier one stops working.', mail]);
    expect(await preview(staffCommands.sendResetLink, { id })).toEqual([
      'Sends a link and code for a new password; earlier ones stop working.',
      mail,
    ]);
    expect(await preview(staffCommands.revealContact, { id, field: 'email' })).toHaveLength(2);
    expect(await preview(staffCommands.editUser, { id, city: 'Jos' })).toEqual(['Changes city.', mail]);
    expect(await preview(staffCommands.editUser, { id })).toEqual(['Changes nothing.']);
    const { userId } = await run(app, systemCommands.registerVerified, { phone: '+2347000009003', password }, operator);
    expect(await preview(staffCommands.suspendUser, { id: userId })).toEqual([
      'The person can no longer sign in.',
      'Ends 0 sessions.',
      'Sends an SMS to +234 ••• ••• 9003.',
    ]);
    const hire = {
      email: freshEmail(),
      password: 'seven tailors sewed a sail',
      firstName: 'Amara',
      lastName: 'Okoye',
      grants: [{ role: 'support', isLead: true }],
    };
    const staff = await run(app, systemCommands.createStaffAccount, hire, operator);
    expect(
      await preview(staffCommands.grantRole, { id: staff.userId, role: 'reviewer', isLead: true, expiresAt: '2027-01-31T00:00:00Z' }),
    ).toEqual(['Gives Amara Okoye the role reviewer lead until 2027-01-31.', 'Takes effect at their next click. Sends an email.']);
    const grant = await app.deps.database.prisma.staffRoleGrant.findFirstOrThrow({ where: { userId: staff.userId } });
    expect(await preview(staffCommands.revokeRole, { id: grant.id })).toEqual([
      'Takes the role support from Amara Okoye at their next click.',
      'Sends an email.',
    ]);
    expect(await preview(staffCommands.disableStaff, { id: staff.userId })).toEqual([
      'Amara Okoye is signed out and cannot sign in again.',
      'Takes 1 role. Sends an email.',
    ]);
    expect(await preview(staffCommands.inviteStaff, { email: 'new@example.com', roles: [{ role: 'support' }] })).toEqual([
      'Sends an email to n•••@e•••.com.',
      'They join as support. The link works once and for 24 hours.',
    ]);
  });
});

describe('forget-expired', () => {
  it('deletes what proved nothing in time, and nothing that lives', async () => {
    const { email, tokens } = await registerPerson(app);
    await run(app, commands.startRegistration, { email: freshEmail(), password, ...caller });
    await run(app, commands.startTotp, {}, { actor: { ...(await registerPerson(app)).actor, authTime: app.clock.now() } });
    await run(app, systemCommands.forgetExpired, {}, operator);
    expect(await app.deps.database.prisma.pendingRegistration.count()).toBeGreaterThan(0);
    app.clock.advance(3 * 86_400);
    const live = tokensOf(await run(app, commands.logIn, { email, password, ...caller }));
    const forgotten = await run(app, systemCommands.forgetExpired, {}, operator);
    expect(forgotten.registrations).toBeGreaterThan(0);
    expect(forgotten.flows).toBeGreaterThan(0);
    expect(forgotten.enrolments).toBeGreaterThan(0);
    expect(await app.deps.database.prisma.pendingRegistration.count()).toBe(0);
    await run(app, commands.refreshSession, { refreshToken: live.refreshToken, ...caller });
    await run(app, commands.refreshSession, { refreshToken: tokens.refreshToken, ...caller });
    const again = await run(app, systemCommands.forgetExpired, {}, operator);
    expect(Object.values(again)).toEqual(Array(8).fill(0));
  });
});
