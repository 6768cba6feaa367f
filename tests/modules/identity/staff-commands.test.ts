import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import type { RoleGrant } from '../../../src/foundation/access/roles.ts';
import { dailyQuotaLeft } from '../../../src/foundation/command/daily-quota.ts';
import { previewCommand } from '../../../src/foundation/command/run-command.ts';
import type { StaffActor } from '../../../src/foundation/runtime/actor.ts';
import {
  commands,
  inviteCommands,
  queries,
  staffCommands,
  staffIdentity,
  staffQueries,
  systemCommands,
} from '../../../src/modules/identity/index.ts';
import { staffActor, startTestApp } from '../../support/app.ts';
import { ticketAbout } from '../../support/tickets.ts';
import { caller, freshEmail, type Person, password, refusal, refusalCode, registerPerson, run, tokensOf } from './people.ts';

let app: Awaited<ReturnType<typeof startTestApp>>;
beforeAll(async () => {
  app = await startTestApp();
});
afterAll(() => app.stop());

const reason = { code: 'customer_request', text: 'Caller passed the checklist' };
const grant = (role: RoleGrant['role'], isLead = false): RoleGrant => ({ role, isLead });
const staff = (role: RoleGrant['role'], isLead = false, overrides: Partial<StaffActor> = {}) =>
  staffActor(grant(role, isLead), app.clock.now(), overrides);
const by = (actor: StaffActor, envelope: object = {}) => ({ actor, envelope: { reason, ...envelope } });
const about = async (userId: string, who: ReturnType<typeof by>) => {
  const { ticketId = await ticketAbout(app, userId) } = who.envelope as { ticketId?: string };
  return { ...who, envelope: { ...who.envelope, ticketId } };
};
const userRow = (id: string) => app.deps.database.prisma.user.findUniqueOrThrow({ where: { id } });
const eventsOf = (aggregateId: string, name: string) => app.deps.database.prisma.outboxEvent.findMany({ where: { aggregateId, name } });

let addresses = 0;
async function lockOut(person: Person): Promise<void> {
  for (let tried = 0; tried < 10; tried += 1) {
    addresses += 1;
    await refusalCode(
      run(app, commands.logIn, { email: person.email, password: 'wrong', ...caller }, { request: { ip: `192.0.2.${addresses % 250}` } }),
    );
  }
}
const logIn = (person: Person) => run(app, commands.logIn, { email: person.email, password, ...caller }, { request: { ip: '198.18.0.1' } });

describe('unlock-user', () => {
  it('lets strangers try again at once, tells the customer, and refuses an account that is not locked', async () => {
    const person = await registerPerson(app);
    const { id } = person.actor;
    expect(await refusalCode(run(app, staffCommands.unlockUser, { id }, by(staff('support'))))).toBe('transition_not_allowed');
    await lockOut(person);
    expect(await refusalCode(logIn(person))).toBe('rate_limited');
    const preview = await app.as(staff('support'), () => previewCommand(app.deps, staffCommands.unlockUser, { input: { id } }));
    expect(preview).toEqual(['Unknown devices can try the password again at once.', 'Sends an email to p•••@e•••.com.']);
    await run(app, staffCommands.unlockUser, { id }, by(staff('support')));
    expect(await userRow(id)).toMatchObject({ lockedUntil: null, lockLevel: 0, failedConsecutive: 0 });
    expect(await eventsOf(id, 'identity.account.unlocked')).toHaveLength(1);
    tokensOf(await logIn(person));
    expect(await refusalCode(run(app, staffCommands.unlockUser, { id }, by(staff('support'))))).toBe('transition_not_allowed');
  });

  it('needs a reason, a fresh factor and a role that may', async () => {
    const { actor } = await registerPerson(app);
    const unlock = (who: object) => refusalCode(run(app, staffCommands.unlockUser, { id: actor.id }, who));
    expect(await unlock({ actor: staff('support'), envelope: {} })).toBe('required');
    expect(await unlock(by(staff('support', false, { factorAt: new Date(app.clock.now().getTime() - 901_000) })))).toBe('step_up_required');
    for (const role of ['assistant', 'reviewer', 'finance', 'auditor'] as const) expect(await unlock(by(staff(role)))).toBe('forbidden');
    expect(await unlock({ actor: person(actor), envelope: { reason } })).toBe('forbidden');
  });

  const person = (actor: Person['actor']) => actor;
});

describe('suspend and reactivate', () => {
  it('suspends with reason, ends sessions at once, and back', async () => {
    const person = await registerPerson(app);
    const { id } = person.actor;
    const preview = await app.as(staff('support', true), () => previewCommand(app.deps, staffCommands.suspendUser, { input: { id } }));
    expect(preview).toEqual(['The person can no longer sign in.', 'Ends 1 session.', 'Sends an email to p•••@e•••.com.']);
    expect(await run(app, staffCommands.suspendUser, { id }, by(staff('support', true)))).toEqual({
      status: 'suspended',
      ended: 1,
      version: 2,
    });
    expect(await queries.findLiveSession(app.deps, person.actor.sessionId)).toBeNull();
    expect(await refusalCode(run(app, commands.refreshSession, { refreshToken: person.tokens.refreshToken, ...caller }))).toBe(
      'account_suspended',
    );
    expect(await refusalCode(logIn(person))).toBe('account_suspended');
    expect(await userRow(id)).toMatchObject({
      status: 'suspended',
      statusReasonCode: 'customer_request',
      statusReason: reason.text,
      version: 2,
    });
    expect(await refusalCode(run(app, staffCommands.suspendUser, { id }, by(staff('admin'))))).toBe('transition_not_allowed');
    await run(app, staffCommands.reactivateUser, { id }, by(staff('support', true)));
    tokensOf(await logIn(person));
    expect(await refusalCode(run(app, staffCommands.reactivateUser, { id }, by(staff('admin'))))).toBe('transition_not_allowed');
    expect((await eventsOf(id, 'identity.user.suspended')).length + (await eventsOf(id, 'identity.user.reactivated')).length).toBe(2);
  });

  it('lets nobody lift the suspension for fraud that they imposed', async () => {
    const { actor } = await registerPerson(app);
    const lead = staff('support', true);
    await run(app, staffCommands.suspendUser, { id: actor.id }, by(lead, { reason: { code: 'fraud', text: 'Stolen card reports' } }));
    expect(await refusalCode(run(app, staffCommands.reactivateUser, { id: actor.id }, by(lead)))).toBe('four_eyes');
    await run(app, staffCommands.reactivateUser, { id: actor.id }, by(staff('support', true)));
  });

  it('lets a moderator suspend for abuse only', async () => {
    const { actor } = await registerPerson(app);
    expect(await refusalCode(run(app, staffCommands.suspendUser, { id: actor.id }, by(staff('moderator'))))).toBe('forbidden');
    await run(
      app,
      staffCommands.suspendUser,
      { id: actor.id },
      by(staff('moderator'), { reason: { code: 'abuse', text: 'Threats in messages' } }),
    );
  });

  it('never reaches staff or unknown people', async () => {
    const { userId } = await run(app, systemCommands.createStaffAccount, newHire(), operator);
    expect(await refusalCode(run(app, staffCommands.suspendUser, { id: userId }, by(staff('super_admin'))))).toBe('not_found');
    expect(await refusalCode(run(app, staffCommands.suspendUser, { id: '01a200ac-623e-7708-95a3-0712e68ea52e' }, by(staff('admin'))))).toBe(
      'not_found',
    );
  });
});

describe('sessions, codes and links', () => {
  it('ends one session or all', async () => {
    const person = await registerPerson(app);
    tokensOf(await logIn(person));
    tokensOf(await logIn(person));
    const { id, sessionId } = person.actor;
    expect(await run(app, staffCommands.revokeUserSessions, { id, sessionId }, by(staff('support')))).toEqual({ ended: 1 });
    expect(await run(app, staffCommands.revokeUserSessions, { id }, by(staff('support')))).toEqual({ ended: 2 });
    expect(await refusalCode(run(app, staffCommands.revokeUserSessions, { id }, by(staff('support'))))).toBe('transition_not_allowed');
    expect((await staffQueries.sessionsOf(app.deps, id)).map((row) => row.revokedReason)).toEqual([
      'revoked_by_staff',
      'revoked_by_staff',
      'revoked_by_staff',
    ]);
  });

  it('sends the next code of the open request, three times an hour at most, and never shows it', async () => {
    const person = await registerPerson(app);
    const { id } = person.actor;
    const resend = async () => run(app, staffCommands.resendUserCode, { id }, await about(id, by(staff('support'))));
    expect(await refusalCode(resend())).toBe('flow_expired');
    const { flowId } = await run(app, commands.sendLoginCode, { email: person.email, ...caller });
    expect(await refusalCode(resend())).toBe('otp_cooldown');
    app.clock.advance(61);
    expect(await resend()).toEqual({ flowId, channel: 'email', waitSeconds: 120 });
    expect(await refusalCode(resend())).toBe('rate_limited');
    tokensOf(await run(app, commands.verifyLoginCode, { flowId, code: app.deps.keyring.otpCode(flowId, 2), ...caller }));
  });

  it('sends a reset link or code, and each newer one ends the earlier', async () => {
    const person = await registerPerson(app);
    const { id } = person.actor;
    const send = async () => run(app, staffCommands.sendResetLink, { id }, await about(id, by(staff('support'))));
    const first = await send();
    const second = await send();
    const { prisma } = app.deps.database;
    expect((await prisma.otpFlow.findUniqueOrThrow({ where: { id: first.flowId } })).supersededAt).not.toBeNull();
    expect(await prisma.otpFlow.findUniqueOrThrow({ where: { id: second.flowId } })).toMatchObject({
      purpose: 'reset',
      decoy: false,
      subjectId: id,
    });
    expect(await eventsOf(id, 'identity.password.reset_requested')).toHaveLength(2);
  });
});

describe('reveal-contact', () => {
  const reveal = async (id: string, field: string, who: ReturnType<typeof by>) =>
    run(app, staffCommands.revealContact, { id, field }, await about(id, who));

  it('gives one field in clear against the quota, and puts it into no table, event or audit row', async () => {
    const person = await registerPerson(app);
    const { id } = person.actor;
    const actor = staff('support');
    expect(await reveal(id, 'email', by(actor))).toEqual({ field: 'email', value: person.email, quotaLeft: 29, shownSeconds: 60 });
    expect(await refusalCode(reveal(id, 'phone', by(actor)))).toBe('not_found');
    expect(await dailyQuotaLeft(app.deps, actor, 'reveals')).toBe(29);
    const dump = await app.deps.database.pool.query(
      `SELECT (SELECT json_agg(o.payload)::text FROM platform.outbox_event o) || (SELECT json_agg(a)::text FROM audit.action a)
              || coalesce((SELECT json_agg(k)::text FROM platform.idempotency_key k), '') AS text`,
    );
    expect(dump.rows[0].text).not.toContain(person.email);
  });

  it('stops at the quota of the day and starts anew the next', async () => {
    const { actor: subject } = await registerPerson(app);
    const actor = staff('finance');
    for (let used = 0; used < 30; used += 1) await reveal(subject.id, 'email', by(actor));
    const error = await refusal(reveal(subject.id, 'email', by(actor)));
    expect(error.code).toBe('quota_exceeded');
    app.clock.advance(86_400);
    expect(await reveal(subject.id, 'email', by({ ...actor, factorAt: app.clock.now() }))).toMatchObject({ quotaLeft: 29 });
  });

  it('needs reason and ticket, and a role with reveals', async () => {
    const { actor: subject } = await registerPerson(app);
    expect(await refusalCode(run(app, staffCommands.revealContact, { id: subject.id, field: 'email' }, by(staff('support'))))).toBe(
      'required',
    );
    expect(await refusalCode(reveal(subject.id, 'email', by(staff('assistant'))))).toBe('forbidden');
  });
});

describe('edit-user', () => {
  it('changes named fields on the version seen and tells the customer which', async () => {
    const { actor } = await registerPerson(app);
    const edit = (input: object, expectedVersion: number) =>
      run(app, staffCommands.editUser, { id: actor.id, ...input }, by(staff('support'), { expectedVersion }));
    expect(await edit({ lastName: 'Eze', city: 'Enugu' }, 1)).toEqual({ version: 2, fields: ['lastName', 'city'] });
    expect(await refusalCode(edit({ lastName: 'Obi' }, 1))).toBe('version_conflict');
    expect(await refusalCode(edit({ lastName: '<i>' }, 2))).toBe('name_invalid');
    expect(await refusalCode(edit({ email: 'x@example.com' }, 2))).toBe('unknown_field');
    expect(await edit({ city: 'Enugu' }, 2)).toEqual({ version: 2, fields: [] });
    const [event] = await eventsOf(actor.id, 'identity.user.profile_changed');
    expect(event?.payload).toMatchObject({ fields: ['lastName', 'city'], actorType: 'staff' });
  });
});

const operator = { actor: { kind: 'system', name: 'operator' } } as const;
const staffPassword = 'seven tailors sewed a sail';
const newHire = (grants: object[] = [{ role: 'support' }]) => ({
  email: freshEmail(),
  password: staffPassword,
  firstName: 'Amara',
  lastName: 'Okoye',
  grants,
});

describe('staff lifecycle', () => {
  it('creates accounts for the operator only, with sound grants and long passwords', async () => {
    const create = (input: object, who: object = operator) => run(app, systemCommands.createStaffAccount, { ...newHire(), ...input }, who);
    const { userId } = await create({});
    expect(await staffQueries.activeGrantsOf(app.deps, userId)).toEqual([{ role: 'support', isLead: false, expiresAt: null }]);
    expect(await refusalCode(create({}, by(staff('super_admin'))))).toBe('forbidden');
    expect(await refusalCode(create({ password: 'fourteen chars' }))).toBe('password_too_short');
    expect(await refusalCode(create({ grants: [{ role: 'auditor' }, { role: 'support' }] }))).toBe('role_not_allowed');
    const { email } = await registerPerson(app);
    expect(await refusalCode(create({ email }))).toBe('already_exists');
  });

  it('grants and revokes roles below admin, by rank, with expiry, never twice', async () => {
    const { userId } = await run(app, systemCommands.createStaffAccount, newHire(), operator);
    const admin = staff('admin');
    const give = (input: object, actor = admin) => run(app, staffCommands.grantRole, { id: userId, ...input }, by(actor));
    const expiresAt = new Date(app.clock.now().getTime() + 3_600_000).toISOString();
    const { grantId } = await give({ role: 'reviewer', isLead: true, expiresAt });
    expect(await refusalCode(give({ role: 'reviewer' }))).toBe('already_exists');
    expect(await refusalCode(give({ role: 'auditor' }))).toBe('role_not_allowed');
    expect(await refusalCode(give({ role: 'admin' }))).toBe('four_eyes');
    expect(await refusalCode(give({ role: 'enhancer' }, staff('support', true)))).toBe('forbidden');
    expect(await staffQueries.activeGrantsOf(app.deps, userId)).toHaveLength(2);
    app.clock.advance(3601);
    expect(await staffQueries.activeGrantsOf(app.deps, userId)).toHaveLength(1);
    const again = staff('admin');
    const renewed = await give({ role: 'reviewer' }, again);
    expect(renewed.grantId).not.toBe(grantId);
    expect(await run(app, staffCommands.revokeRole, { id: renewed.grantId }, by(again))).toEqual({ userId });
    expect(await refusalCode(run(app, staffCommands.revokeRole, { id: renewed.grantId }, by(again)))).toBe('transition_not_allowed');
    expect((await eventsOf(userId, 'identity.grant.added')).length).toBe(2);
    expect((await eventsOf(userId, 'identity.grant.revoked')).length).toBe(1);
  });

  it('never touches own, equal or higher rank', async () => {
    const { userId } = await run(app, systemCommands.createStaffAccount, newHire([{ role: 'admin' }]), operator);
    const self = staff('admin', false, { id: userId });
    expect(await refusalCode(run(app, staffCommands.grantRole, { id: userId, role: 'support' }, by(self)))).toBe('forbidden');
    expect(await refusalCode(run(app, staffCommands.disableStaff, { id: userId }, by(staff('admin'))))).toBe('forbidden');
    const [adminGrant] = await app.deps.database.prisma.staffRoleGrant.findMany({ where: { userId } });
    expect(await refusalCode(run(app, staffCommands.revokeAdminRole, { id: adminGrant?.id }, by(staff('admin'))))).toBe('forbidden');
    expect(await run(app, staffCommands.revokeAdminRole, { id: adminGrant?.id }, by(staff('super_admin')))).toEqual({ userId });
  });

  it('invites, accepts once under any parallelism, and signs in', async () => {
    const email = freshEmail();
    const { inviteId } = await run(
      app,
      staffCommands.inviteStaff,
      { email, roles: [{ role: 'reviewer' }] },
      by(staff('admin', false, { id: (await run(app, systemCommands.createStaffAccount, newHire([{ role: 'admin' }]), operator)).userId })),
    );
    const token = app.deps.keyring.linkToken(inviteId, 1);
    expect(await staffQueries.findOpenInvite(app.deps, token)).toMatchObject({ id: inviteId });
    const accept = () => run(app, inviteCommands.acceptInvite, { token, password: staffPassword, firstName: 'Chidi', lastName: 'Eze' });
    const outcomes = await Promise.allSettled(Array.from({ length: 5 }, accept));
    const accepted = outcomes.filter((outcome) => outcome.status === 'fulfilled');
    expect(accepted).toHaveLength(1);
    expect(await refusalCode(accept())).toBe('invite_expired');
    const signedIn = await staffIdentity(app.deps).signInWithPassword({
      email,
      password: staffPassword,
      ip: '198.18.7.7',
      userAgent: null,
      deviceToken: null,
    });
    expect(signedIn).toMatchObject({ kind: 'ok', userId: accepted[0]?.value.userId });
    expect(await refusalCode(run(app, staffCommands.inviteStaff, { email, roles: [{ role: 'support' }] }, by(staff('admin'))))).toBe(
      'already_exists',
    );
    expect(
      await refusalCode(run(app, staffCommands.inviteStaff, { email: freshEmail(), roles: [{ role: 'admin' }] }, by(staff('super_admin')))),
    ).toBe('four_eyes');
  });

  it('lets an invitation die after a day, and a newer one replace it', async () => {
    const email = freshEmail();
    const invite = () => run(app, staffCommands.inviteStaff, { email, roles: [{ role: 'support' }] }, by(staff('admin')));
    const first = await invite();
    const second = await invite();
    expect(await staffQueries.findOpenInvite(app.deps, app.deps.keyring.linkToken(first.inviteId, 1))).toBeNull();
    app.clock.advance(86_401);
    expect(await staffQueries.findOpenInvite(app.deps, app.deps.keyring.linkToken(second.inviteId, 1))).toBeNull();
  });

  it('disables: no sign-in, no grants, one action for all of it', async () => {
    const hire = newHire();
    const { userId } = await run(app, systemCommands.createStaffAccount, hire, operator);
    expect(await run(app, staffCommands.disableStaff, { id: userId }, by(staff('admin')))).toEqual({ grantsRevoked: 1, sessionsEnded: 0 });
    const identity = staffIdentity(app.deps);
    expect(await identity.loadStaff(userId)).toMatchObject({ isDisabled: true, grants: [] });
    expect(
      await identity.signInWithPassword({
        email: hire.email,
        password: staffPassword,
        ip: '198.18.9.9',
        userAgent: null,
        deviceToken: null,
      }),
    ).toEqual({ kind: 'refused' });
    expect(await refusalCode(run(app, staffCommands.disableStaff, { id: userId }, by(staff('admin'))))).toBe('transition_not_allowed');
  });
});

describe('seeds', () => {
  it('registers a verified person with the rows of a real sign-up, once', async () => {
    const phone = '+2347000009001';
    const input = { phone, password, kind: 'vendor', firstName: 'Zainab', lastName: 'Musa' };
    const { userId } = await run(app, systemCommands.registerVerified, input, operator);
    expect(tokensOf(await run(app, commands.logIn, { phone, password, ...caller })).user).toMatchObject({ id: userId, role: 'vendor' });
    expect(await refusalCode(run(app, systemCommands.registerVerified, input, operator))).toBe('already_exists');
    const { recoveryCodes } = await run(app, systemCommands.enrolTotpFor, { userId }, operator);
    expect(recoveryCodes).toHaveLength(10);
    expect((await run(app, commands.logIn, { phone, password, ...caller })).kind).toBe('mfa');
    expect(await refusalCode(run(app, systemCommands.enrolTotpFor, { userId }, operator))).toBe('totp_exists');
  });
});

describe('what screens read', () => {
  it('finds a customer by contact in any spelling, never staff', async () => {
    const person = await registerPerson(app);
    expect(await staffQueries.findUserByContact(app.deps, ` ${person.email.toUpperCase()} `)).toEqual({
      id: person.actor.id,
      kind: 'client',
    });
    const { userId } = await run(app, systemCommands.registerVerified, { phone: '+2347000009002', password }, operator);
    expect(await staffQueries.findUserByContact(app.deps, '0700 000 9002')).toEqual({ id: userId, kind: 'client' });
    expect(await staffQueries.findUserByContact(app.deps, 'nobody')).toBeNull();
    const hire = newHire();
    await run(app, systemCommands.createStaffAccount, hire, operator);
    expect(await staffQueries.findUserByContact(app.deps, hire.email)).toBeNull();
  });

  it('shows a customer masked, with state, sessions and last sign-ins', async () => {
    const person = await registerPerson(app, 'vendor');
    const page = await staffQueries.customerPage(app.deps, person.actor.id);
    expect(page).toMatchObject({
      kind: 'vendor',
      status: 'active',
      emailMasked: 'p•••@e•••.com',
      vendor: { status: 'draft' },
      client: null,
    });
    expect(page.sessions).toHaveLength(1);
    expect(page.logins).toHaveLength(1);
    expect(JSON.stringify(page)).not.toContain(person.email);
    const { userId } = await run(app, systemCommands.createStaffAccount, newHire(), operator);
    expect(await refusalCode(staffQueries.customerPage(app.deps, userId))).toBe('not_found');
  });

  it('explains rule by rule why somebody cannot sign in', async () => {
    const person = await registerPerson(app);
    await lockOut(person);
    await refusalCode(logIn(person));
    const trace = await staffQueries.signInTrace(app.deps, person.actor.id);
    expect(trace.obstacles).toEqual([
      {
        text: 'Unknown devices have to wait. A device that signed in before is not affected.',
        until: new Date(app.clock.now().getTime() + 60_000),
      },
    ]);
    expect(trace.attempts[0]?.headline).toBe('Not looked at: too many tries');
    const rules = trace.attempts.map((attempt) => attempt.steps.filter((step) => step.points === null));
    expect(rules[0]?.at(-1)).toMatchObject({
      isPassed: false,
      text: 'Unknown devices have to wait (step 1 of the growing waits). A device that signed in before is not affected.',
    });
    expect(trace.attempts[1]?.steps.at(-1)).toMatchObject({ points: 15, isPassed: true });
    expect(rules[1]?.map((step) => step.text)).toEqual([
      'Try 1 of 5 in 15 minutes from this network.',
      'Unknown device. Wrong tries by all unknown devices within an hour: 10 of 10.',
      'The password was wrong, or the account has none.',
    ]);
  });
});
