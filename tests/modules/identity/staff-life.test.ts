import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import type { RoleGrant } from '../../../src/foundation/access/roles.ts';
import { previewCommand } from '../../../src/foundation/command/run-command.ts';
import { forgetSettings } from '../../../src/foundation/settings/live-settings.ts';
import { inviteCommands, staffCommands, staffLife, staffQueries, systemCommands } from '../../../src/modules/identity/index.ts';
import { staffActor, startTestApp } from '../../support/app.ts';
import { arrange, freshEmail, refusalCode, run } from './people.ts';

let app: Awaited<ReturnType<typeof startTestApp>>;
beforeAll(async () => {
  app = await startTestApp();
});
afterAll(() => app.stop());

const password = 'seven tailors sewed a sail';
const reason = { code: 'policy', text: 'Agreed with the head of the team' };
const operator = { actor: { kind: 'system', name: 'operator' } } as const;
const day = 86_400;
const staff = (role: RoleGrant['role'], isLead = false) => staffActor({ role, isLead }, app.clock.now());
const by = (role: RoleGrant['role'], isLead = false) => ({ actor: staff(role, isLead), envelope: { reason } });
const prisma = () => app.deps.database.prisma;
const eventsOf = (aggregateId: string, name: string) => prisma().outboxEvent.findMany({ where: { aggregateId, name } });

async function hire(role: RoleGrant['role'] = 'support', isLead = false): Promise<string> {
  const input = { email: freshEmail(), password, firstName: 'Amara', lastName: 'Okoye', grants: [{ role, isLead }] };
  return (await run(app, systemCommands.createStaffAccount, input, operator)).userId;
}

const invite = (more: object = {}) =>
  run(app, staffCommands.inviteStaff, { email: freshEmail(), roles: [{ role: 'support' }], ...more }, by('admin'));
const tokenOf = async (inviteId: string) => {
  const { sendNo } = await prisma().staffInvite.findUniqueOrThrow({ where: { id: inviteId } });
  return app.deps.keyring.linkToken(inviteId, sendNo);
};
const accept = (token: string) => run(app, inviteCommands.acceptInvite, { token, password, firstName: 'Chidi', lastName: 'Onu' });

describe('invitations', () => {
  it('carry job, lead, reason and the end of the roles to the account', async () => {
    const lead = await hire('support', true);
    const grantsExpireAt = new Date(app.clock.now().getTime() + 30 * day * 1000).toISOString();
    const made = await invite({ jobTitle: 'Phone support', managerUserId: lead, grantsExpireAt });
    const { userId } = await accept(await tokenOf(made.inviteId));
    const profile = await prisma().staffProfile.findUniqueOrThrow({ where: { userId } });
    expect(profile).toMatchObject({ jobTitle: 'Phone support', managerUserId: lead });
    const [grant] = await prisma().staffRoleGrant.findMany({ where: { userId } });
    expect(grant).toMatchObject({ reason: reason.text, expiresAt: new Date(grantsExpireAt) });
  });

  it('refuse a lead who leads nobody and roles that end before they begin', async () => {
    const past = new Date(app.clock.now().getTime() - 1000).toISOString();
    expect(await refusalCode(invite({ managerUserId: await hire('support') }))).toBe('invalid_value');
    expect(await refusalCode(invite({ grantsExpireAt: past }))).toBe('invalid_value');
  });

  it('are sent again under a new link, which alone works; withdrawn ones open nothing', async () => {
    const { inviteId } = await invite();
    const first = await tokenOf(inviteId);
    app.clock.advance(day - 60);
    const { expiresAt } = await run(app, staffCommands.resendInvite, { id: inviteId }, by('admin'));
    expect(expiresAt.getTime()).toBe(app.clock.now().getTime() + day * 1000);
    expect(await refusalCode(accept(first))).toBe('invite_expired');
    const second = await tokenOf(inviteId);
    expect(second).not.toBe(first);
    expect(await eventsOf(inviteId, 'identity.staff.invited')).toHaveLength(2);
    await run(app, staffCommands.cancelInvite, { id: inviteId }, by('admin'));
    expect(await refusalCode(accept(second))).toBe('invite_expired');
    const row = await prisma().staffInvite.findUniqueOrThrow({ where: { id: inviteId } });
    expect(row).toMatchObject({ emailEnc: null, emailBidx: null, wrappedRowKey: null });
    expect(await refusalCode(run(app, staffCommands.resendInvite, { id: inviteId }, by('admin')))).toBe('transition_not_allowed');
    expect(await refusalCode(run(app, staffCommands.cancelInvite, { id: inviteId }, by('admin')))).toBe('transition_not_allowed');
  });

  it('say before what they do, and are handled by nobody at or below the rank they promise', async () => {
    const { inviteId } = await invite({ roles: [{ role: 'reviewer', isLead: true }] });
    const words = await app.as(staff('admin'), () => previewCommand(app.deps, staffCommands.resendInvite, { input: { id: inviteId } }));
    expect(words).toEqual([
      expect.stringMatching(/^Sends an email to p•••@/),
      'The new link works once and for 24 hours; the earlier one no longer works.',
    ]);
    expect(await refusalCode(run(app, staffCommands.cancelInvite, { id: inviteId }, by('support', true)))).toBe('forbidden');
    expect(await refusalCode(run(app, staffCommands.cancelInvite, { id: inviteId }, by('auditor')))).toBe('forbidden');
  });

  it('make one account of twenty acceptances of one link', async () => {
    const { inviteId } = await invite();
    const token = await tokenOf(inviteId);
    const tried = await Promise.all(
      Array.from({ length: 20 }, () =>
        accept(token).then(
          ({ userId }) => userId,
          (error) => error.code,
        ),
      ),
    );
    expect(tried.filter((outcome) => outcome === 'invite_expired')).toHaveLength(19);
    const row = await prisma().staffInvite.findUniqueOrThrow({ where: { id: inviteId } });
    expect(tried).toContain(row.acceptedUserId);
    expect(await prisma().staffRoleGrant.count({ where: { userId: row.acceptedUserId ?? '' } })).toBe(1);
  });

  it('leave one open of twenty to the same address', async () => {
    const email = freshEmail();
    const made = await Promise.all(Array.from({ length: 20 }, () => invite({ email })));
    const open = await prisma().staffInvite.findMany({ where: { id: { in: made.map(({ inviteId }) => inviteId) }, cancelledAt: null } });
    expect(open).toHaveLength(1);
  });
});

describe('grants', () => {
  it('are given once when two admins give the same role', async () => {
    const id = await hire('assistant');
    const give = () =>
      run(app, staffCommands.grantRole, { id, role: 'enhancer' }, by('admin')).then(
        () => 'given',
        (error) => error.code,
      );
    expect((await Promise.all([give(), give()])).toSorted()).toEqual(['already_exists', 'given']);
  });

  it('vanish at their instant, are told of once, and are reminded of 14 and 3 days before, once each', async () => {
    const id = await hire('assistant');
    const expiresAt = new Date(app.clock.now().getTime() + 20 * day * 1000).toISOString();
    const { grantId } = await run(app, staffCommands.grantRole, { id, role: 'enhancer', expiresAt }, by('admin'));
    const tend = () => run(app, systemCommands.tendGrants, {}, operator);
    const told = async () =>
      (await eventsOf(id, 'identity.grant.expiring')).map(({ payload }) => Reflect.get(Object(payload), 'daysLeft')).toSorted();
    await tend();
    expect(await told()).toEqual([]);
    app.clock.advance(6 * day);
    await Promise.all([tend(), tend()]);
    expect(await told()).toEqual([14]);
    app.clock.advance(11 * day);
    await tend();
    await tend();
    expect(await told()).toEqual([14, 3].toSorted());
    app.clock.advance(3 * day - 1);
    expect((await staffQueries.activeGrantsOf(app.deps, id)).map(({ role }) => role)).toContain('enhancer');
    app.clock.advance(1);
    expect((await staffQueries.activeGrantsOf(app.deps, id)).map(({ role }) => role)).toEqual(['assistant']);
    await Promise.all([tend(), tend()]);
    expect(await eventsOf(id, 'identity.grant.expired')).toHaveLength(1);
    expect(await prisma().staffRoleGrant.findUniqueOrThrow({ where: { id: grantId } })).toMatchObject({
      revokeReason: 'expired',
      revokedBy: null,
    });
  });

  it('of a few days are not reminded of', async () => {
    const id = await hire('assistant');
    const expiresAt = new Date(app.clock.now().getTime() + 2 * day * 1000).toISOString();
    await run(app, staffCommands.grantRole, { id, role: 'enhancer', expiresAt }, by('admin'));
    await run(app, systemCommands.tendGrants, {}, operator);
    expect(await eventsOf(id, 'identity.grant.expiring')).toEqual([]);
  });

  it('are not given to an account that is closed', async () => {
    const id = await hire('assistant');
    await run(app, staffCommands.disableStaff, { id }, by('admin'));
    expect(await refusalCode(run(app, staffCommands.grantRole, { id, role: 'enhancer' }, by('admin')))).toBe('transition_not_allowed');
  });
});

describe('leaving and coming back', () => {
  it('disabling withdraws what they promised; reopening within 30 days gives back the account and no role', async () => {
    const id = await hire('admin');
    const actor = staffActor({ role: 'admin', isLead: false }, app.clock.now(), { id });
    const open = await run(
      app,
      staffCommands.inviteStaff,
      { email: freshEmail(), roles: [{ role: 'support' }] },
      { actor, envelope: { reason } },
    );
    await run(app, staffCommands.disableStaff, { id }, by('super_admin'));
    expect((await prisma().staffInvite.findUniqueOrThrow({ where: { id: open.inviteId } })).cancelledAt).not.toBeNull();
    expect(await refusalCode(run(app, staffCommands.reopenStaff, { id }, by('support', true)))).toBe('forbidden');
    const words = await app.as(staff('admin'), () => previewCommand(app.deps, staffCommands.reopenStaff, { input: { id } }));
    expect(words[1]).toBe('Holds no role until one is granted.');
    await run(app, staffCommands.reopenStaff, { id }, by('admin'));
    expect(await prisma().user.findUniqueOrThrow({ where: { id } })).toMatchObject({ status: 'active' });
    expect(await staffQueries.activeGrantsOf(app.deps, id)).toEqual([]);
    expect(await eventsOf(id, 'identity.user.reopened')).toHaveLength(1);
    expect(await refusalCode(run(app, staffCommands.reopenStaff, { id }, by('admin')))).toBe('transition_not_allowed');
  });

  it('is over after 30 days', async () => {
    const id = await hire();
    await run(app, staffCommands.disableStaff, { id }, by('admin'));
    app.clock.advance(30 * day + 1);
    expect(await refusalCode(run(app, staffCommands.reopenStaff, { id }, by('admin')))).toBe('transition_not_allowed');
  });
});

describe('job and lead', () => {
  const edit = (id: string, input: object, who: object = by('admin')) => run(app, staffCommands.editStaff, { id, ...input }, who);

  it('change by an admin; only who leads can be a lead, never the person themselves', async () => {
    const [id, lead] = [await hire(), await hire('support', true)];
    expect(await edit(id, { jobTitle: 'Night shift', managerUserId: lead })).toEqual({ fields: ['jobTitle', 'managerUserId'] });
    expect((await staffLife.listManagers(app.deps)).map((manager) => manager.id)).toContain(lead);
    const words = await app.as(staff('admin'), () =>
      previewCommand(app.deps, staffCommands.editStaff, { input: { id, jobTitle: 'Night shift', managerUserId: lead } }),
    );
    expect(words).toHaveLength(2);
    expect(await refusalCode(edit(id, {}))).toBe('required');
    expect(await refusalCode(edit(lead, { managerUserId: lead }))).toBe('invalid_value');
    expect(await refusalCode(edit(id, { managerUserId: await hire() }))).toBe('invalid_value');
    expect(await refusalCode(edit(id, { jobTitle: 'Boss' }, by('auditor')))).toBe('forbidden');
    expect(await refusalCode(edit(await hire('admin'), { jobTitle: 'Boss' }))).toBe('forbidden');
    await run(app, staffCommands.disableStaff, { id }, by('admin'));
    expect(await refusalCode(edit(id, { jobTitle: 'Gone' }))).toBe('transition_not_allowed');
  });
});

describe('emergency access', () => {
  const give = (id: string, role = 'admin', who: object = by('super_admin')) => run(app, staffCommands.breakGlass, { id, role }, who);
  const flag = async (isEnabled: boolean) => {
    await arrange(app, (db) =>
      db.featureFlag.upsert({ where: { name: 'break_glass' }, create: { name: 'break_glass', isEnabled }, update: { isEnabled } }),
    );
    forgetSettings(app.deps);
  };

  it('is off until it is switched on', async () => {
    await flag(false);
    expect(await refusalCode(give(await hire()))).toBe('feature_disabled');
  });

  it('gives a role for 60 minutes by a super admin alone, and says so', async () => {
    await flag(true);
    const id = await hire();
    expect(await refusalCode(give(id, 'admin', by('admin')))).toBe('forbidden');
    expect(await refusalCode(give(id, 'super_admin'))).toBe('invalid_value');
    const words = await app.as(staff('super_admin'), () =>
      previewCommand(app.deps, staffCommands.breakGlass, { input: { id, role: 'admin' } }),
    );
    expect(words[0]).toContain('the role admin for 60 minutes');
    const { grantId, expiresAt } = await give(id);
    expect(expiresAt.getTime()).toBe(app.clock.now().getTime() + 3_600_000);
    expect(await eventsOf(id, 'identity.grant.broke_glass')).toHaveLength(1);
    expect((await staffLife.staffPage(app.deps, id)).grants).toContainEqual(expect.objectContaining({ id: grantId, isBreakGlass: true }));
    expect(await refusalCode(give(id))).toBe('already_exists');
    expect(await refusalCode(give(id, 'auditor'))).toBe('role_not_allowed');
    app.clock.advance(3600);
    expect(await staffQueries.activeGrantsOf(app.deps, id)).toHaveLength(1);
    await give(id);
    await run(app, staffCommands.disableStaff, { id }, by('super_admin'));
    expect(await refusalCode(give(id))).toBe('transition_not_allowed');
  });
});
