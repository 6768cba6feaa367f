import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { previewCommand } from '../../../src/foundation/command/run-command.ts';
import type { StaffActor } from '../../../src/foundation/runtime/actor.ts';
import { commands, decisions, queries } from '../../../src/modules/support/index.ts';
import { addStaff } from '../../audit/support/staff.ts';
import { startTestApp, type TestApp } from '../../support/app.ts';
import { addPasskey, arrange, refusal, refusalCode, registerPerson, run } from '../identity/people.ts';
import { approvalRow, askedAbout, decide, execute, fresh, staffOf, why } from './two-people.ts';

let app: TestApp;
let support: StaffActor;
let lead: StaffActor;
let admin: StaffActor;
let chief: StaffActor;
beforeAll(async () => {
  app = await startTestApp({ RATE_LIMIT_SCALE: '100' });
  support = await staffOf(app, 'support');
  lead = await staffOf(app, 'support', true);
  admin = await staffOf(app, 'admin');
  chief = await staffOf(app, 'super_admin');
});
afterAll(() => app.stop());

const ask = (id: string, actor: StaffActor, more: object = {}) =>
  run(app, commands.requestAdminGrant, { id, role: 'admin', ...more }, { actor: fresh(app, actor), envelope: { reason: why } });

const grantsOf = (userId: string) =>
  app.deps.database.prisma.staffRoleGrant.findMany({ where: { userId, revokedAt: null }, orderBy: { createdAt: 'asc' } });

describe('F84 a grant of admin or super admin', () => {
  it('is asked for by an admin, approved by a super admin, and stands with the approval behind it', async () => {
    const colleague = await addStaff(app, 'reviewer');
    const { approvalId } = await ask(colleague, admin, { expiresAt: '2099-01-01T00:00:00Z' });
    const row = await approvalRow(app, approvalId);
    expect(row).toMatchObject({ kind: 'staff_grant', payloadSummary: 'admin until 2099-01-01', evidence: { role: 'admin' } });
    expect(await refusalCode(decide(app, { id: approvalId, verb: 'approve', actor: admin }))).toBe('four_eyes');
    expect(await refusalCode(decide(app, { id: approvalId, verb: 'approve', actor: await staffOf(app, 'admin') }))).toBe('forbidden');
    expect(await refusalCode(decide(app, { id: approvalId, verb: 'approve', actor: lead }))).toBe('forbidden');
    const effects = await app.as(chief, () => previewCommand(app.deps, decisions.approve, { input: { id: approvalId }, reason: why }));
    expect(effects[0]).toBe('Gives Ada Eze the role admin until 2099-01-01.');
    await decide(app, { id: approvalId, verb: 'approve', actor: chief });
    expect(await execute(app, approvalId)).toBeNull();
    expect(await grantsOf(colleague)).toMatchObject([
      { role: 'reviewer' },
      { role: 'admin', approvalId, grantedBy: chief.id, expiresAt: new Date('2099-01-01T00:00:00Z') },
    ]);
    const event = await app.deps.database.prisma.outboxEvent.findFirstOrThrow({
      where: { name: 'identity.grant.added', aggregateId: colleague },
    });
    expect(event.payload).toMatchObject({ userId: colleague, role: 'admin' });
    expect(await execute(app, approvalId)).toBe('transition_not_allowed');
    expect(await refusalCode(ask(colleague, chief))).toBe('already_exists');
  });

  it('of super admin goes to a person of lower rank, by a super admin who did not ask', async () => {
    const colleague = await addStaff(app, 'admin');
    expect((await refusal(ask(colleague, admin, { role: 'super_admin' }))).details.extra).toMatchObject({ rule: 'rank' });
    const { approvalId } = await ask(colleague, chief, { role: 'super_admin' });
    expect(await refusalCode(decide(app, { id: approvalId, verb: 'approve', actor: chief }))).toBe('four_eyes');
    await decide(app, { id: approvalId, verb: 'approve', actor: await staffOf(app, 'super_admin') });
    expect(await execute(app, approvalId)).toBeNull();
    expect((await grantsOf(colleague)).map(({ role }) => role)).toEqual(['admin', 'super_admin']);
  });

  it('is not asked for oneself, by others, for customers, auditors, closed accounts or a day that is over', async () => {
    expect((await refusal(ask(admin.id, admin))).details.extra).toMatchObject({ rule: 'self' });
    expect(await refusalCode(ask(await addStaff(app, 'reviewer'), lead))).toBe('forbidden');
    const customer = await registerPerson(app);
    expect((await refusal(ask(customer.actor.id, admin))).details.extra).toMatchObject({ rule: 'customer_subject' });
    expect(await refusalCode(ask(await addStaff(app, 'auditor'), admin))).toBe('role_not_allowed');
    const closed = await addStaff(app, 'reviewer');
    await arrange(app, (prisma) => prisma.user.updateMany({ where: { id: closed }, data: { status: 'closed' } }));
    expect(await refusalCode(ask(closed, admin))).toBe('transition_not_allowed');
    expect(await refusalCode(ask(await addStaff(app, 'reviewer'), admin, { expiresAt: '2001-01-01T00:00:00Z' }))).toBe('invalid_value');
    const once = await addStaff(app, 'reviewer');
    await ask(once, admin);
    expect(await refusalCode(ask(once, admin))).toBe('approval_open');
  });

  it('fails where the roles of the colleague changed meanwhile, or the requester is nobody any more', async () => {
    const colleague = await addStaff(app, 'reviewer');
    const { approvalId } = await ask(colleague, admin);
    await arrange(app, (prisma) =>
      prisma.staffRoleGrant.createMany({ data: { userId: colleague, role: 'enhancer', reason: 'test', grantedBy: chief.id } }),
    );
    await decide(app, { id: approvalId, verb: 'approve', actor: chief });
    expect(await execute(app, approvalId)).toBe('subject_changed');
    const gone = await staffOf(app, 'admin');
    const other = await addStaff(app, 'reviewer');
    const second = await ask(other, gone);
    await arrange(app, (prisma) => prisma.staffRoleGrant.updateMany({ where: { userId: gone.id }, data: { revokedAt: app.clock.now() } }));
    await decide(app, { id: second.approvalId, verb: 'approve', actor: chief });
    expect(await execute(app, second.approvalId)).toBe('forbidden');
    expect((await grantsOf(other)).map(({ role }) => role)).toEqual(['reviewer']);
  });

  it('a run-out grant of the same role makes way', async () => {
    const colleague = await addStaff(app, 'reviewer');
    const over = new Date(app.clock.now().getTime() - 1000);
    await arrange(app, (prisma) =>
      prisma.staffRoleGrant.createMany({
        data: { userId: colleague, role: 'admin', reason: 'test', grantedBy: chief.id, expiresAt: over },
      }),
    );
    const { approvalId } = await ask(colleague, admin);
    await decide(app, { id: approvalId, verb: 'approve', actor: chief });
    expect(await execute(app, approvalId)).toBeNull();
    expect((await grantsOf(colleague)).map(({ role }) => role)).toEqual(['reviewer', 'admin']);
  });
});

describe('one passkey of a customer', () => {
  const passkeys = (userId: string) => app.deps.database.prisma.passkey.findMany({ where: { userId }, select: { id: true } });
  const askFor = async (id: string, passkeyId: string, actor = support) => {
    const input = { id, passkeyId, checks: ['name', 'country'] };
    return run(app, commands.requestPasskeyRemoval, input, { actor: fresh(app, actor), envelope: await askedAbout(app, id) });
  };

  it('is removed by two people; the others stay', async () => {
    const { id } = (await registerPerson(app)).actor;
    await addPasskey(app, id);
    await addPasskey(app, id, 'Old phone');
    const [first, second] = await passkeys(id);
    const { approvalId } = await askFor(id, second?.id ?? '');
    expect(await refusalCode(askFor(id, second?.id ?? ''))).toBe('approval_open');
    expect(await refusalCode(decide(app, { id: approvalId, verb: 'approve', actor: support }))).toBe('four_eyes');
    expect((await queries.approvalPage(app.deps, approvalId)).effects[0]).toMatch(/^Removes the passkey "Old phone" of 20/);
    await decide(app, { id: approvalId, verb: 'approve', actor: lead });
    expect(await execute(app, approvalId)).toBeNull();
    expect(await passkeys(id)).toEqual([first]);
    const told = await app.deps.database.prisma.outboxEvent.count({ where: { name: 'identity.passkey.removed', aggregateId: id } });
    expect(told).toBe(1);
  });

  it('of somebody else, or one that is gone by then, is not', async () => {
    const [person, other] = [await registerPerson(app), await registerPerson(app)];
    await addPasskey(app, other.actor.id);
    const [theirs] = await passkeys(other.actor.id);
    expect(await refusalCode(askFor(person.actor.id, theirs?.id ?? ''))).toBe('not_found');
    const { approvalId } = await askFor(other.actor.id, theirs?.id ?? '');
    await arrange(app, (prisma) => prisma.passkey.deleteMany({ where: { userId: other.actor.id } }));
    expect((await queries.approvalPage(app.deps, approvalId)).effects[0]).toBe('The passkey is gone already.');
    await decide(app, { id: approvalId, verb: 'approve', actor: lead });
    expect(await execute(app, approvalId)).toBe('not_found');
  });

  it('that is the last way to sign in stays', async () => {
    const { id } = (await registerPerson(app)).actor;
    await addPasskey(app, id);
    await arrange(app, (prisma) => prisma.credential.updateMany({ where: { userId: id }, data: { passwordHash: null } }));
    const [only] = await passkeys(id);
    const { approvalId } = await askFor(id, only?.id ?? '');
    await decide(app, { id: approvalId, verb: 'approve', actor: lead });
    expect(await execute(app, approvalId)).toBe('last_credential');
    expect(await passkeys(id)).toHaveLength(1);
  });
});
