import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import type { StaffActor } from '../../../src/foundation/runtime/actor.ts';
import { systemCommands as identitySystem } from '../../../src/modules/identity/index.ts';
import { commands } from '../../../src/modules/support/index.ts';
import { addStaff, system } from '../../audit/support/staff.ts';
import { startTestApp, type TestApp } from '../../support/app.ts';
import { createInbox } from '../../support/inbox.ts';
import { addPasskey, arrange, refusal, refusalCode, registerPerson, run } from '../identity/people.ts';
import { approvalRow, askedAbout, decide, execute, fresh, staffOf, userRow, why } from './two-people.ts';

let app: TestApp;
let support: StaffActor;
let lead: StaffActor;
beforeAll(async () => {
  app = await startTestApp({ RATE_LIMIT_SCALE: '100' });
  await app.startWorker();
  support = await staffOf(app, 'support');
  lead = await staffOf(app, 'support', true);
});
afterAll(() => app.stop());

const checks = ['name', 'recent_device'];
const ask = async (id: string, actor = support) =>
  run(app, commands.requestMfaReset, { id, checks }, { actor: fresh(app, actor), envelope: await askedAbout(app, id) });
const askForColleague = (id: string, actor: StaffActor) =>
  run(app, commands.requestStaffMfaReset, { id }, { actor: fresh(app, actor), envelope: { reason: why } });

const enrol = (userId: string) => run(app, identitySystem.enrolTotpFor, { userId }, { actor: system });

async function enrolled() {
  const person = await registerPerson(app);
  await enrol(person.actor.id);
  await addPasskey(app, person.actor.id);
  return person;
}

const factorsLeft = async (userId: string) => {
  const where = { userId };
  const { prisma } = app.deps.database;
  return [await prisma.totp.count({ where }), await prisma.recoveryCode.count({ where }), await prisma.passkey.count({ where })];
};

async function settled(approvalId: string) {
  for (const end = performance.now() + 15_000; performance.now() < end; ) {
    const row = await approvalRow(app, approvalId);
    if (row.status !== 'approved') return row;
    await new Promise((resolve) => setTimeout(resolve, 20));
  }
  throw new Error('The worker did not take it up');
}

describe('U12 a staff MFA reset needs two people and notifies the user', () => {
  it('removes every factor, ends sessions and device trust, holds payouts for 24 hours and tells the person', async () => {
    const person = await enrolled();
    const { id } = person.actor;
    await arrange(app, (prisma) =>
      prisma.knownDevice.updateMany({ where: { userId: id }, data: { mfaTrustedUntil: new Date(app.clock.now().getTime() + 1e9) } }),
    );
    const { approvalId } = await ask(id);
    expect(await approvalRow(app, approvalId)).toMatchObject({ kind: 'mfa_reset', evidence: { passed: checks }, requestedBy: support.id });
    expect((await factorsLeft(id))[0]).toBe(1);
    await decide(app, { id: approvalId, verb: 'approve', actor: lead });
    expect(await settled(approvalId)).toMatchObject({ status: 'executed', decidedBy: lead.id, errorCode: null });
    expect(await factorsLeft(id)).toEqual([0, 0, 0]);
    const { prisma } = app.deps.database;
    expect(await prisma.session.count({ where: { userId: id, revokedAt: null } })).toBe(0);
    expect(await prisma.knownDevice.count({ where: { userId: id, mfaTrustedUntil: { not: null } } })).toBe(0);
    expect(((await userRow(app, id)).payoutHoldUntil?.getTime() ?? 0) - app.clock.now().getTime()).toBe(24 * 3600_000);
    const mail = await createInbox(app.deps).wait(person.email, { template: 'mfa_reset' });
    expect(mail.text).toContain('two members of our team');
    expect(mail.token).toMatch(/^[\w-]{60,}$/);
    // Told again, the worker leaves alone what was enrolled since.
    await enrol(id);
    expect(await execute(app, approvalId)).toBe('transition_not_allowed');
    expect((await factorsLeft(id))[0]).toBe(1);
  });

  it('refuses one person in both roles, a second open request, and somebody without a factor', async () => {
    const person = await enrolled();
    const { id } = person.actor;
    const { approvalId } = await ask(id, lead);
    expect(await refusalCode(decide(app, { id: approvalId, verb: 'approve', actor: lead }))).toBe('four_eyes');
    expect(await refusalCode(ask(id))).toBe('approval_open');
    expect((await refusal(decide(app, { id: approvalId, verb: 'approve', actor: support }))).code).toBe('forbidden');
    const other = await staffOf(app, 'admin');
    expect(await decide(app, { id: approvalId, verb: 'deny', actor: other })).toMatchObject({ status: 'denied' });
    expect((await factorsLeft(id))[0]).toBe(1);
    const bare = await registerPerson(app);
    expect(await refusalCode(ask(bare.actor.id))).toBe('no_factor');
    expect((await refusal(ask(lead.id))).details.extra).toMatchObject({ rule: 'staff_subject' });
  });

  it('20 parallel executions reset once', async () => {
    const person = await enrolled();
    const { approvalId } = await ask(person.actor.id);
    await decide(app, { id: approvalId, verb: 'approve', actor: lead });
    await Promise.allSettled(Array.from({ length: 20 }, () => execute(app, approvalId)));
    expect(await settled(approvalId)).toMatchObject({ status: 'executed' });
    const where = { name: 'identity.mfa.reset', aggregateId: person.actor.id };
    expect(await app.deps.database.prisma.outboxEvent.count({ where })).toBe(1);
  });

  it('fails with its reason where the factors went before the worker came', async () => {
    const person = await enrolled();
    const { approvalId } = await ask(person.actor.id);
    await arrange(app, async (prisma) => {
      await prisma.totp.deleteMany({ where: { userId: person.actor.id } });
      await prisma.passkey.deleteMany({ where: { userId: person.actor.id } });
    });
    await decide(app, { id: approvalId, verb: 'approve', actor: lead });
    expect(await settled(approvalId)).toMatchObject({ status: 'failed', errorCode: 'no_factor' });
  });

  it('a hold on payouts that ends later stays', async () => {
    const person = await enrolled();
    const later = new Date(app.clock.now().getTime() + 90 * 24 * 3600_000);
    await arrange(app, (prisma) => prisma.user.updateMany({ where: { id: person.actor.id }, data: { payoutHoldUntil: later } }));
    const { approvalId } = await ask(person.actor.id);
    await decide(app, { id: approvalId, verb: 'approve', actor: lead });
    await settled(approvalId);
    expect((await userRow(app, person.actor.id)).payoutHoldUntil).toEqual(later);
  });
});

describe('the MFA of a colleague', () => {
  it('is asked for by an admin and approved by a super admin, for people below both', async () => {
    const colleague = await addStaff(app, 'reviewer');
    await enrol(colleague);
    const [admin, second, chief] = [await staffOf(app, 'admin'), await staffOf(app, 'admin'), await staffOf(app, 'super_admin')];
    expect(await refusalCode(askForColleague(colleague, lead))).toBe('forbidden');
    const { approvalId } = await askForColleague(colleague, admin);
    const decideOn = (actor: StaffActor) => decide(app, { id: approvalId, verb: 'approve', actor });
    expect(await refusalCode(decideOn(second))).toBe('forbidden');
    // The right for customers does not reach colleagues.
    expect((await refusal(decideOn(lead))).code).toBe('forbidden');
    expect(await decideOn(chief)).toMatchObject({ status: 'approved' });
    expect(await settled(approvalId)).toMatchObject({ status: 'executed' });
    expect(await factorsLeft(colleague)).toEqual([0, 0, 0]);
  });

  it('of one of equal or higher rank is refused: a super admin only at the server', async () => {
    const [admin, chief, other] = [await staffOf(app, 'admin'), await staffOf(app, 'super_admin'), await staffOf(app, 'super_admin')];
    for (const target of [chief.id, other.id]) await enrol(target);
    expect((await refusal(askForColleague(chief.id, admin))).details.extra).toMatchObject({ rule: 'rank' });
    expect((await refusal(askForColleague(other.id, chief))).details.extra).toMatchObject({ rule: 'rank' });
    expect((await refusal(askForColleague(chief.id, chief))).details.extra).toMatchObject({ rule: 'self' });
    const customer = await enrolled();
    expect((await refusal(askForColleague(customer.actor.id, admin))).details.extra).toMatchObject({ rule: 'customer_subject' });
  });
});
