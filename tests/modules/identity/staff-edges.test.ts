import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import type { RoleGrant } from '../../../src/foundation/access/roles.ts';
import type { AnyCommand } from '../../../src/foundation/command/command.ts';
import { previewCommand } from '../../../src/foundation/command/run-command.ts';
import type { StaffActor } from '../../../src/foundation/runtime/actor.ts';
import { newId } from '../../../src/foundation/runtime/new-id.ts';
import { reasonCode, reasonNote, reasonText } from '../../../src/modules/identity/customers/reason-words.ts';
import {
  actorNames,
  commands,
  inviteCommands,
  staffCommands,
  staffIdentity,
  staffQueries,
  systemCommands,
} from '../../../src/modules/identity/index.ts';
import { staffActor, startTestApp } from '../../support/app.ts';
import { ticketAbout } from '../../support/tickets.ts';
import { arrange, caller, freshEmail, freshPhone, password, refusal, refusalCode, registerPerson, run, tokensOf } from './people.ts';

let app: Awaited<ReturnType<typeof startTestApp>>;
beforeAll(async () => {
  app = await startTestApp();
});
afterAll(() => app.stop());

const reason = { code: 'security', text: 'Asked for by the team lead' };
const operator = { actor: { kind: 'system', name: 'operator' } } as const;
const staff = (role: RoleGrant['role'], isLead = false, overrides: Partial<StaffActor> = {}) =>
  staffActor({ role, isLead }, app.clock.now(), overrides);
const by = (actor: StaffActor, envelope: object = {}) => ({ actor, envelope: { reason, ...envelope } });
const admin = (envelope: object = {}) => by(staff('super_admin'), envelope);
const prisma = () => app.deps.database.prisma;

async function hire(grants: object[] = [{ role: 'support' }]): Promise<string> {
  const input = { email: freshEmail(), password: 'seven tailors sewed a sail', firstName: 'Amara', lastName: 'Okoye', grants };
  return (await run(app, systemCommands.createStaffAccount, input, operator)).userId;
}
const grantsOf = (userId: string) => prisma().staffRoleGrant.findMany({ where: { userId, revokedAt: null } });

describe('reasons', () => {
  it('are kept in the words given, cut to the column, and never empty where one is needed', () => {
    expect([reasonCode(null), reasonNote(null), reasonText(null)]).toEqual(['other', null, 'no reason given']);
    expect([reasonNote({ code: 'legal', text: '  ' }), reasonText({ code: 'legal', text: '  ' })]).toEqual([null, 'legal']);
    expect([reasonCode({ code: 'legal' }), reasonText({ code: 'legal' })]).toEqual(['legal', 'legal']);
    expect(reasonText({ code: 'legal', text: ` ${'ab'.repeat(400)} ` })).toBe('ab'.repeat(250));
  });
});

describe('grants', () => {
  it('that would end in the past are refused', async () => {
    const userId = await hire();
    const expiresAt = app.clock.now().toISOString();
    expect(await refusalCode(run(app, staffCommands.grantRole, { id: userId, role: 'reviewer', expiresAt }, admin()))).toBe(
      'invalid_value',
    );
    expect(await grantsOf(userId)).toHaveLength(1);
  });

  it('of admins are not revoked by the command for the others, nor the others by that for admins', async () => {
    const userId = await hire([{ role: 'admin' }]);
    const [adminGrant] = await grantsOf(userId);
    const [supportGrant] = await grantsOf(await hire());
    const first = await refusal(run(app, staffCommands.revokeRole, { id: adminGrant?.id }, admin()));
    expect([first.code, first.details.extra]).toEqual(['forbidden', { rule: 'admin_grant' }]);
    const second = await refusal(run(app, staffCommands.revokeAdminRole, { id: supportGrant?.id }, admin()));
    expect([second.code, second.details.extra]).toEqual(['forbidden', { rule: 'not_an_admin_grant' }]);
    expect(await grantsOf(userId)).toHaveLength(1);
  });

  it('that nobody has, and staff commands on customers, answer not_found', async () => {
    const { actor } = await registerPerson(app);
    expect(await refusalCode(run(app, staffCommands.revokeRole, { id: newId() }, admin()))).toBe('not_found');
    expect(await refusalCode(run(app, staffCommands.disableStaff, { id: actor.id }, admin()))).toBe('not_found');
    expect(await refusalCode(run(app, staffCommands.grantRole, { id: newId(), role: 'support' }, admin()))).toBe('not_found');
  });

  it('are told in words: plain role, several roles, and a member without a name by the member id', async () => {
    const userId = await hire([{ role: 'support' }, { role: 'finance' }]);
    await arrange(app, (db) => db.user.updateMany({ where: { id: userId }, data: { displayName: null } }));
    const { memberId } = await prisma().user.findUniqueOrThrow({ where: { id: userId } });
    const preview = (command: AnyCommand, input: object) =>
      app.as(staff('super_admin'), () => previewCommand(app.deps, command, { input }));
    expect(await preview(staffCommands.grantRole, { id: userId, role: 'reviewer' })).toEqual([
      `Gives ${memberId} the role reviewer.`,
      'Takes effect at their next click. Sends an email.',
    ]);
    expect(await preview(staffCommands.disableStaff, { id: userId })).toEqual([
      `${memberId} is signed out and cannot sign in again.`,
      'Takes 2 roles. Sends an email.',
    ]);
    expect(await actorNames(app.deps, [userId])).toEqual(new Map([[userId, memberId]]));
  });
});

describe('the account of a member of staff', () => {
  it('is loaded with its open grants and their ends, and by the member id where it has no name', async () => {
    const userId = await hire();
    const expiresAt = new Date(app.clock.now().getTime() + 3_600_000);
    await run(app, staffCommands.grantRole, { id: userId, role: 'reviewer', expiresAt: expiresAt.toISOString() }, admin());
    await arrange(app, (db) => db.user.updateMany({ where: { id: userId }, data: { displayName: null } }));
    const { memberId } = await prisma().user.findUniqueOrThrow({ where: { id: userId } });
    expect(await staffIdentity(app.deps).loadStaff(userId)).toMatchObject({
      displayName: memberId,
      grants: [
        { role: 'support', isLead: false, expiresAt: null },
        { role: 'reviewer', isLead: false, expiresAt },
      ],
    });
  });
});

describe('invitations', () => {
  it('are refused for grants that do not go together, and nothing is sent', async () => {
    const roles = [{ role: 'auditor' }, { role: 'support' }];
    const error = await refusal(run(app, staffCommands.inviteStaff, { email: freshEmail(), roles }, by(staff('admin'))));
    expect(error.details.errors).toEqual([{ path: 'roles', code: 'role_not_allowed' }]);
    expect(await prisma().staffInvite.count()).toBe(0);
  });

  it('ask for both names, and keep the link good for the corrected form', async () => {
    const { inviteId } = await run(
      app,
      staffCommands.inviteStaff,
      { email: freshEmail(), roles: [{ role: 'support' }] },
      by(staff('admin')),
    );
    const form = { token: app.deps.keyring.linkToken(inviteId, 1), password: 'seven tailors sewed a sail', firstName: 'Chidi' };
    const refused = await refusal(run(app, inviteCommands.acceptInvite, { ...form, lastName: '12' }));
    expect(refused.details.errors).toEqual([{ path: 'lastName', code: 'name_invalid' }]);
    expect(await refusalCode(run(app, inviteCommands.acceptInvite, { ...form, lastName: ' ' }))).not.toBe('invite_expired');
    await run(app, inviteCommands.acceptInvite, { ...form, lastName: 'Eze' });
  });
});

describe('staff commands on customers', () => {
  it('refuse the version that somebody else already changed', async () => {
    const { actor } = await registerPerson(app);
    const { id } = actor;
    await run(app, staffCommands.suspendUser, { id }, admin({ expectedVersion: 1 }));
    expect(await refusalCode(run(app, staffCommands.reactivateUser, { id }, admin({ expectedVersion: 1 })))).toBe('version_conflict');
    expect(await refusalCode(run(app, staffCommands.unlockUser, { id }, admin({ expectedVersion: 1 })))).toBe('version_conflict');
    await run(app, staffCommands.reactivateUser, { id }, admin({ expectedVersion: 2 }));
  });

  it('reach vendors as well, and speak of the number where there is no address', async () => {
    const { actor } = await registerPerson(app, 'vendor');
    await run(app, staffCommands.suspendUser, { id: actor.id }, admin());
    const { userId } = await run(app, systemCommands.registerVerified, { phone: freshPhone(), password }, operator);
    await arrange(app, (db) => db.user.updateMany({ where: { id: userId }, data: { phoneMasked: null } }));
    const effects = await app.as(staff('super_admin'), () =>
      previewCommand(app.deps, staffCommands.suspendUser, { input: { id: userId } }),
    );
    expect(effects.at(-1)).toBe('Sends an SMS to the number on file.');
  });

  it('give the address in clear to whoever may reveal it, and say not_found where there is none', async () => {
    const { actor } = await registerPerson(app);
    const { id } = actor;
    const who = by(staff('support'), { ticketId: await ticketAbout(app, id) });
    expect(await refusalCode(run(app, staffCommands.revealContact, { id, field: 'address' }, who))).toBe('not_found');
    await run(app, commands.updateAccount, { address: '12 Ring Road' }, { actor });
    expect(await run(app, staffCommands.revealContact, { id, field: 'address' }, who)).toMatchObject({ value: '12 Ring Road' });
    const [event] = await prisma().outboxEvent.findMany({ where: { aggregateId: id, name: 'identity.pii.revealed' } });
    expect(event?.payload).toMatchObject({ actorId: who.actor.id, field: 'address' });
  });

  it('send no reset link to the suspended, and three in an hour at most to anybody', async () => {
    const { actor } = await registerPerson(app);
    const { id } = actor;
    const ticketId = await ticketAbout(app, id);
    const send = () => run(app, staffCommands.sendResetLink, { id }, admin({ ticketId }));
    await run(app, staffCommands.suspendUser, { id }, admin());
    expect(await refusalCode(send())).toBe('transition_not_allowed');
    await run(app, staffCommands.reactivateUser, { id }, admin());
    await send();
    await send();
    const error = await refusal(send());
    expect(error.code).toBe('rate_limited');
    expect(error.details.retryAfterSeconds).toBeGreaterThan(0);
  });

  it('tell a person who signs in with Google to do that, with a flow that no code opens', async () => {
    const { actor } = await registerPerson(app);
    const { id } = actor;
    await arrange(app, (db) => db.credential.deleteMany({ where: { userId: id } }));
    const effects = await app.as(staff('super_admin'), () => previewCommand(app.deps, staffCommands.sendResetLink, { input: { id } }));
    expect(effects[0]).toBe('Tells the person to sign in with Google.');
    const ticketId = await ticketAbout(app, id);
    const { flowId, isGoogleHint } = await run(app, staffCommands.sendResetLink, { id }, admin({ ticketId }));
    expect(isGoogleHint).toBe(true);
    expect(await prisma().otpFlow.findUniqueOrThrow({ where: { id: flowId } })).toMatchObject({ decoy: true, subjectId: null });
    const [event] = await prisma().outboxEvent.findMany({ where: { aggregateId: id, name: 'identity.password.reset_requested' } });
    expect(event?.payload).toMatchObject({ googleUserId: id });
  });

  it('find nobody by a text that is no contact, and do not hide a failure behind that', async () => {
    expect(await staffQueries.findUserByContact(app.deps, '@')).toBeNull();
    const keyring = {
      ...app.deps.keyring,
      blindIndex: () => {
        throw new TypeError('no key');
      },
    };
    await expect(staffQueries.findUserByContact({ ...app.deps, keyring }, 'ada@example.com')).rejects.toThrow('no key');
  });
});

describe('sessions without a label or an address', () => {
  it('are shown as an unknown device, also to their owner', async () => {
    const { actor } = await registerPerson(app);
    await arrange(app, (db) =>
      db.session.updateMany({ where: { id: actor.sessionId }, data: { deviceName: null, lastIp: null, ip: '102.89.23.17' } }),
    );
    const [row] = await staffQueries.sessionsOf(app.deps, actor.id);
    expect(row).toMatchObject({ device: 'Unknown device', isLive: true });
    expect(row?.network).toContain('102.89');
  });

  it('stay ended when somebody suspended comes back', async () => {
    const { email, actor } = await registerPerson(app);
    await run(app, staffCommands.suspendUser, { id: actor.id }, admin());
    await run(app, staffCommands.reactivateUser, { id: actor.id }, admin());
    tokensOf(await run(app, commands.logIn, { email, password, ...caller }));
    expect((await staffQueries.sessionsOf(app.deps, actor.id)).map((row) => row.isLive)).toEqual([true, false]);
  });
});
