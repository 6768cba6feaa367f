import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import type { StaffActor } from '../../../src/foundation/runtime/actor.ts';
import { newId } from '../../../src/foundation/runtime/new-id.ts';
import { staffCommands, subjectCard, subjectView } from '../../../src/modules/identity/index.ts';
import { approvalRight, commands, queries, toDecide } from '../../../src/modules/support/index.ts';
import { onApprovalApproved } from '../../../src/modules/support/on-approval-approved.job.ts';
import { alertDueJob } from '../../../src/modules/support/privacy/alert-due.job.ts';
import { carryOutPrivacyJob } from '../../../src/modules/support/privacy/carry-out-privacy.job.ts';
import { system } from '../../audit/support/staff.ts';
import { startTestApp, type TestApp } from '../../support/app.ts';
import { arrange, registerPerson, run } from '../identity/people.ts';
import { approvalRow, askedAbout, askForContact, decide, fresh, staffOf, userRow, why } from './two-people.ts';

let app: TestApp;
let support: StaffActor;
let lead: StaffActor;
let admin: StaffActor;
beforeAll(async () => {
  app = await startTestApp({ RATE_LIMIT_SCALE: '100' });
  support = await staffOf(app, 'support');
  lead = await staffOf(app, 'support', true);
  admin = await staffOf(app, 'admin');
});
afterAll(() => app.stop());

const job = { id: newId(), attempt: 0, isLastAttempt: false, signal: new AbortController().signal, send: async () => {} };

function eventOf(name: string, payload: object) {
  const occurredAt = app.clock.now().toISOString();
  return { event: { eventId: newId(), name, aggregateId: newId(), actionId: null, occurredAt, payload } };
}

/** A request about a payout account that is gone. */
async function bankChange(): Promise<{ id: string; userId: string }> {
  const person = await registerPerson(app, 'vendor');
  const [id, userId] = [newId(), person.actor.id];
  const expiresAt = new Date(app.clock.now().getTime() + 1000 * 3600);
  const data = { id, kind: 'bank_change' as const, subjectUserId: userId, subjectId: newId(), requestedBy: newId(), expiresAt };
  await arrange(app, (prisma) => prisma.approvalRequest.createMany({ data: { ...data, payloadSummary: 'account ending in 4321' } }));
  return { id, userId };
}

describe('what waits for whom', () => {
  it('each role counts what it may decide, nobody their own or what is about them', async () => {
    const person = await registerPerson(app);
    await askForContact(app, person);
    await bankChange();
    const finance = await staffOf(app, 'finance');
    const counted = (actor: StaffActor) => queries.countToDecide(app.deps, actor);
    expect(await counted(lead)).toBe(1);
    expect(await counted(admin)).toBe(1);
    expect(await counted(finance)).toBe(1);
    expect(await counted(await staffOf(app, 'super_admin'))).toBe(2);
    expect(await counted(support)).toBe(0);
    expect(await counted(await staffOf(app, 'auditor'))).toBe(0);
    expect(toDecide(support, app.clock.now())).not.toHaveProperty('OR');
    expect((await queries.openRequestsAbout(app.deps, person.actor.id)).approvals).toMatchObject([{ kind: 'contact_change' }]);
    app.clock.advance(48 * 3600 + 1);
    expect(await counted(lead)).toBe(0);
  });
});

describe('a bank change whose account is gone', () => {
  it('is shown in words, decided by its own right, and fails', async () => {
    const { id } = await bankChange();
    const page = await queries.approvalPage(app.deps, id);
    expect(page.effects).toEqual(['The account is gone: it will not be carried out.', expect.stringMatching(/^Sends an email to /)]);
    expect(page.passed).toEqual([]);
    const finance = await staffOf(app, 'finance');
    await decide(app, { id, verb: 'approve', actor: finance });
    const { event } = onApprovalApproved.payload.parse(eventOf('support.approval.approved', { approvalId: id, kind: 'bank_change' }));
    await app.as(system, () => onApprovalApproved.handle({ event }, app.deps, job));
    expect(await approvalRow(app, id)).toMatchObject({ status: 'failed', errorCode: 'not_found' });
    expect(approvalRight({ kind: 'bank_change' })).toBe('vendor_bank_account.change');
    expect(approvalRight({ kind: 'staff_grant', evidence: { role: 'super_admin' } })).toBe('staff_grant.grant_super_admin');
    expect(approvalRight({ kind: 'staff_grant', evidence: 'nonsense' })).toBe('staff_grant.grant_admin');
  });
});

describe('an erasure on the screen', () => {
  it('says until when it can be called off, that the days are over, and that a hold stands', async () => {
    const userId = (await registerPerson(app)).actor.id;
    const taken = await run(
      app,
      commands.intakePrivacyRequest,
      { id: userId, kind: 'erase', receivedVia: 'email' },
      { actor: fresh(app, support), envelope: await askedAbout(app, userId) },
    );
    const asked = { actor: fresh(app, support), envelope: await askedAbout(app, userId) };
    await run(app, commands.verifyPrivacyRequest, { id: taken.requestId, checks: ['name', 'country'] }, asked);
    const { approvalId } = await run(app, commands.askErasureApproval, { id: userId }, asked);
    const words = async () => (await queries.approvalPage(app.deps, approvalId)).effects.join(' ');
    expect(await words()).toContain('Nobody can bring them back. Not before 20');
    app.clock.advance(15 * 86_400);
    expect(await words()).toContain('are over: it is carried out within minutes');
    await run(app, staffCommands.placeLegalHold, { id: userId }, { actor: fresh(app, admin), envelope: { reason: why } });
    expect(await words()).toContain('A legal hold stands');
  });
});

describe('the card of a person', () => {
  it('names a customer only to those who may open customers, and a colleague to all', async () => {
    const userId = (await registerPerson(app)).actor.id;
    const view = await subjectView(app.deps, userId);
    if (!view) throw new Error('Nobody');
    expect(subjectCard(view, { isOpen: true, hasLogins: true })).toMatchObject({
      resource: 'User',
      name: 'Ngozi Bello',
      logins: expect.any(Array),
    });
    const { memberId } = await userRow(app, userId);
    expect(subjectCard(view, { isOpen: false, hasLogins: false })).toMatchObject({ name: memberId, contactMasked: null, logins: null });
    const colleague = await subjectView(app.deps, lead.id);
    if (!colleague) throw new Error('Nobody');
    expect(subjectCard(colleague, { isOpen: false, hasLogins: true })).toMatchObject({ resource: 'Staff', name: 'Ada Eze', logins: null });
    expect(colleague.roles).toEqual(['support lead']);
    expect(await subjectView(app.deps, newId())).toBeNull();
  });
});

describe('the jobs', () => {
  it('carry out what their event names, once, and leave other kinds alone', async () => {
    const userId = (await registerPerson(app)).actor.id;
    const envelope = await askedAbout(app, userId);
    const as = (actor: StaffActor) => ({ actor: fresh(app, actor), envelope });
    const { requestId } = await run(
      app,
      commands.intakePrivacyRequest,
      { id: userId, kind: 'restrict', receivedVia: 'email' },
      as(support),
    );
    await run(app, commands.verifyPrivacyRequest, { id: requestId, checks: ['name', 'country'] }, as(support));
    await run(app, commands.approvePrivacyRequest, { id: requestId }, as(lead));
    for (const kind of ['export', 'erase', 'restrict', 'restrict']) {
      const { event } = carryOutPrivacyJob.payload.parse(eventOf('support.privacy.approved', { requestId, kind }));
      await app.as(system, () => carryOutPrivacyJob.handle({ event }, app.deps, job));
      expect((await userRow(app, userId)).processingRestricted).toBe(kind === 'restrict');
    }
    await app.as(system, () => alertDueJob.handle({}, app.deps, job));
    expect(await queries.privacyWords(app.deps, requestId)).toMatchObject({ kind: 'restrict', refusalText: null });
    expect(await queries.privacyWords(app.deps, newId())).toBeNull();
    expect((await queries.privacyPage(app.deps, requestId)).others).toEqual([]);
  });
});
