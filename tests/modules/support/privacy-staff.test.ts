import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import type { AnyCommand, Envelope } from '../../../src/foundation/command/command.ts';
import { previewCommand } from '../../../src/foundation/command/run-command.ts';
import type { StaffActor } from '../../../src/foundation/runtime/actor.ts';
import { newId } from '../../../src/foundation/runtime/new-id.ts';
import { staffCommands } from '../../../src/modules/identity/index.ts';
import { commands, decisions, queries, systemCommands } from '../../../src/modules/support/index.ts';
import { system } from '../../audit/support/staff.ts';
import { startTestApp, type TestApp } from '../../support/app.ts';
import { refusal, refusalCode, registerPerson, run } from '../identity/people.ts';
import { askedAbout, fresh, staffOf, userRow, why } from './two-people.ts';

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

const day = 86_400;
const checks = ['name', 'country'];
const rowOf = (id: string) => app.deps.database.prisma.privacyRequest.findUniqueOrThrow({ where: { id } });
const as = (actor: StaffActor, envelope: Omit<Envelope, 'input'> = { reason: why }) => ({ actor: fresh(app, actor), envelope });
const customer = async () => (await registerPerson(app)).actor.id;

const intake = async (userId: string, input: object, actor = support) =>
  run(app, commands.intakePrivacyRequest, { id: userId, receivedVia: 'email', ...input }, as(actor, await askedAbout(app, userId)));

async function verified(userId: string, input: object): Promise<string> {
  const { requestId } = await intake(userId, input);
  await run(app, commands.verifyPrivacyRequest, { id: requestId, checks }, as(support, await askedAbout(app, userId)));
  return requestId;
}

const approve = (id: string, actor = lead, more: object = {}) =>
  run(app, commands.approvePrivacyRequest, { id }, as(actor, { reason: why, ...more }));
const carryOut = (id: string) => run(app, systemCommands.carryOutPrivacy, { id }, { actor: system });
const eventsOf = async (aggregateId: string) => {
  const rows = await app.deps.database.prisma.outboxEvent.findMany({ where: { aggregateId }, orderBy: { id: 'asc' } });
  return rows.map(({ name }) => name.replace('support.privacy.', ''));
};

describe('taking a request in', () => {
  it('starts the 30 days, on a ticket, by id or by the member id people say', async () => {
    const userId = await customer();
    const { requestId, dueAt } = await intake(userId, { kind: 'restrict', law: 'gdpr', receivedVia: 'letter' });
    expect((dueAt.getTime() - app.clock.now().getTime()) / 1000).toBe(30 * day);
    expect(await rowOf(requestId)).toMatchObject({ status: 'received', law: 'gdpr', receivedVia: 'letter', receivedBy: support.id });
    expect((await rowOf(requestId)).ticketId).not.toBeNull();
    const { memberId } = await userRow(app, userId);
    const byMember = { memberId: ` ${memberId.toLowerCase()} `, kind: 'export', receivedVia: 'phone' };
    const taken = await run(app, commands.intakePrivacyRequest, byMember, as(support, await askedAbout(app, userId)));
    expect((await rowOf(taken.requestId)).subjectUserId).toBe(userId);
  });

  it('is refused to others, for nobody, for staff, without purposes, twice of a kind, and without a ticket', async () => {
    const userId = await customer();
    expect(await refusalCode(intake(userId, { kind: 'restrict' }, await staffOf(app, 'moderator')))).toBe('forbidden');
    expect(await refusalCode(intake(newId(), { kind: 'restrict' }))).toBe('not_found');
    expect(await refusalCode(intake(lead.id, { kind: 'restrict' }))).toBe('not_found');
    expect(await refusalCode(intake(userId, { kind: 'object' }))).toBe('required');
    const both = { id: userId, memberId: 'FASTAR000001', kind: 'restrict', receivedVia: 'email' };
    expect(await refusalCode(run(app, commands.intakePrivacyRequest, both, as(support, await askedAbout(app, userId))))).toBe('required');
    const unknown = { memberId: 'FASTAR999999', kind: 'restrict', receivedVia: 'email' };
    expect(await refusalCode(run(app, commands.intakePrivacyRequest, unknown, as(support, await askedAbout(app, userId))))).toBe(
      'not_found',
    );
    await intake(userId, { kind: 'restrict' });
    expect(await refusalCode(intake(userId, { kind: 'restrict' }))).toBe('approval_open');
    const bare = { id: userId, kind: 'export', receivedVia: 'email' };
    expect(await refusalCode(run(app, commands.intakePrivacyRequest, bare, as(support, {})))).toBe('required');
  });

  it('20 at once take in one', async () => {
    const userId = await customer();
    const envelope = await askedAbout(app, userId);
    const input = { id: userId, kind: 'rectify', receivedVia: 'email' };
    const answers = await Promise.allSettled(
      Array.from({ length: 20 }, () => run(app, commands.intakePrivacyRequest, input, as(support, envelope))),
    );
    expect(answers.filter(({ status }) => status === 'fulfilled')).toHaveLength(1);
  });

  it('an erasure waits for its grace and is refused under a legal hold', async () => {
    const userId = await customer();
    await run(app, staffCommands.placeLegalHold, { id: userId }, as(admin));
    expect(await refusalCode(intake(userId, { kind: 'erase' }))).toBe('erase_blocked');
    const { requestId } = await intake(await customer(), { kind: 'erase' });
    const { cancelUntil } = await rowOf(requestId);
    expect(((cancelUntil?.getTime() ?? 0) - app.clock.now().getTime()) / 1000).toBe(app.deps.config.eraseGraceSeconds);
  });
});

describe('from verified to completed', () => {
  it('restrict sets the restriction, once', async () => {
    const userId = await customer();
    const { requestId: id } = await intake(userId, { kind: 'restrict' });
    expect(await refusalCode(approve(id))).toBe('transition_not_allowed');
    const envelope = await askedAbout(app, userId);
    expect(await refusalCode(run(app, commands.verifyPrivacyRequest, { id, checks: ['name', 'name'] }, as(support, envelope)))).not.toBe(
      '',
    );
    await run(app, commands.verifyPrivacyRequest, { id, checks }, as(support, { ...envelope, expectedVersion: 1 }));
    expect(await rowOf(id)).toMatchObject({ status: 'identity_verified', checklist: checks, verifiedBy: support.id });
    expect(await refusalCode(approve(id, support))).toBe('forbidden');
    expect(await refusalCode(approve(id, lead, { expectedVersion: 1 }))).toBe('version_conflict');
    expect(await approve(id, lead, { expectedVersion: 2 })).toEqual({ status: 'approved', version: 3 });
    expect(await carryOut(id)).toEqual({ progress: 'done' });
    expect((await userRow(app, userId)).processingRestricted).toBe(true);
    expect(await rowOf(id)).toMatchObject({ status: 'completed', decidedBy: lead.id, counts: { 'identity.user': 1 } });
    expect(await carryOut(id)).toEqual({ progress: 'nothing' });
    expect(await eventsOf(id)).toEqual(['received', 'verified', 'approved', 'processing', 'completed']);
  });

  it('object adds the purposes to those objected to before', async () => {
    const userId = await customer();
    for (const purposes of [['profiling'], ['marketing_email', 'profiling'], ['profiling']]) {
      const id = await verified(userId, { kind: 'object', purposes });
      await approve(id);
      await carryOut(id);
    }
    expect((await userRow(app, userId)).objectedPurposes).toEqual(['marketing_email', 'profiling']);
  });

  it('rectify changes nothing by itself and ends with what was corrected', async () => {
    const userId = await customer();
    const id = await verified(userId, { kind: 'rectify' });
    const outcome = 'The last name is Okonjo, as on the card';
    const complete = (input: object = {}) => run(app, commands.completeRectification, { id, outcome, ...input }, as(support));
    expect(await refusalCode(complete())).toBe('transition_not_allowed');
    const before = await userRow(app, userId);
    await approve(id);
    expect(await carryOut(id)).toEqual({ progress: 'waiting' });
    expect(await userRow(app, userId)).toEqual(before);
    expect(await refusalCode(complete({ outcome: 'short' }))).toBe('too_short');
    await complete();
    expect(await rowOf(id)).toMatchObject({ status: 'completed', outcome });
    const other = await verified(await customer(), { kind: 'restrict' });
    expect(await refusalCode(run(app, commands.completeRectification, { id: other, outcome }, as(support)))).toBe('transition_not_allowed');
  });

  it('an erasure is approved by two people only, and asked for after the person is verified', async () => {
    const userId = await customer();
    const { requestId: id } = await intake(userId, { kind: 'erase' });
    const askErasure = async () => run(app, commands.askErasureApproval, { id: userId }, as(support, await askedAbout(app, userId)));
    expect(await refusalCode(askErasure())).toBe('transition_not_allowed');
    await run(app, commands.verifyPrivacyRequest, { id, checks }, as(support, await askedAbout(app, userId)));
    expect(await refusalCode(approve(id, admin))).toBe('four_eyes');
    const { approvalId } = await askErasure();
    expect((await queries.privacyPage(app.deps, id)).approval).toMatchObject({ id: approvalId, status: 'requested' });
    expect((await queries.approvalPage(app.deps, approvalId)).privacy).toMatchObject({ id });
    expect((await queries.openRequestsAbout(app.deps, userId)).approvals).toMatchObject([{ id: approvalId, kind: 'erasure' }]);
    await run(app, decisions.approve, { id: approvalId }, as(admin));
    await run(
      app,
      commands.refusePrivacyRequest,
      { id, legalCode: 'legal_obligation', text: 'The tax office asks us to keep it.' },
      as(admin),
    );
    expect((await queries.approvalPage(app.deps, approvalId)).effects).toEqual([]);
    expect((await app.deps.database.prisma.approvalRequest.findUniqueOrThrow({ where: { id: approvalId } })).status).toBe('cancelled');
  });
});

describe('refusing and extending', () => {
  it('an admin refuses on a ground of the law, with the words the person reads', async () => {
    const id = await verified(await customer(), { kind: 'restrict' });
    const input = { id, legalCode: 'unfounded', text: 'We could not find what this is about.' };
    const refuse = (actor: StaffActor, more: object = {}) => run(app, commands.refusePrivacyRequest, { ...input, ...more }, as(actor));
    expect(await refusalCode(refuse(lead))).toBe('forbidden');
    expect(await refusalCode(refuse(admin, { text: 'No.' }))).toBe('too_short');
    expect(await refusalCode(refuse(admin, { legalCode: 'because' }))).toBe('invalid_value');
    await refuse(admin);
    expect(await rowOf(id)).toMatchObject({ status: 'refused', refusalCode: 'unfounded', refusalText: input.text, decidedBy: admin.id });
    expect(await refusalCode(refuse(admin))).toBe('transition_not_allowed');
    expect(await refusalCode(run(app, commands.refusePrivacyRequest, { ...input, id: newId() }, as(admin)))).toBe('not_found');
  });

  it('a lead extends once, by 60 days at most, before the day is over', async () => {
    const id = await verified(await customer(), { kind: 'restrict' });
    const extend = (days: unknown, actor = lead) => run(app, commands.extendDueDate, { id, days }, as(actor));
    expect(await refusalCode(extend(30, support))).toBe('forbidden');
    expect(await refusalCode(extend(61))).toBe('too_long');
    const { dueAt } = await rowOf(id);
    const [first, second] = await Promise.allSettled([extend('30'), extend('45')]);
    expect([first?.status, second?.status].sort()).toEqual(['fulfilled', 'rejected']);
    expect((await rowOf(id)).extendedTo?.getTime()).toBeGreaterThan(dueAt.getTime());
    expect(await refusalCode(extend(10))).toBe('transition_not_allowed');
  });
});

describe('the clock of the law', () => {
  it('says once at day 20 and once at day 27 that a request comes due, and anew after an extension', async () => {
    const { requestId: id } = await intake(await customer(), { kind: 'restrict' });
    const alerts = async () => (await eventsOf(id)).filter((name) => name === 'due_soon').length;
    const look = () => run(app, systemCommands.alertDueRequests, {}, { actor: system });
    await look();
    expect(await alerts()).toBe(0);
    app.clock.advance(20 * day);
    await Promise.all([look(), look(), look()]);
    await look();
    expect(await alerts()).toBe(1);
    app.clock.advance(7 * day);
    await look();
    await look();
    expect(await alerts()).toBe(2);
    await run(app, commands.extendDueDate, { id, days: 20 }, as(lead));
    await look();
    expect(await alerts()).toBe(2);
    app.clock.advance(20 * day);
    await look();
    expect(await alerts()).toBe(3);
    const { payload } = await app.deps.database.prisma.outboxEvent.findFirstOrThrow({
      where: { aggregateId: id, name: 'support.privacy.due_soon' },
    });
    expect(payload).toMatchObject({ requestId: id, kind: 'restrict' });
  });
});

describe('restricting without a request', () => {
  it('is set and lifted by a lead, once each; support may not', async () => {
    const id = await customer();
    expect(await refusalCode(run(app, staffCommands.restrictProcessing, { id }, as(support)))).toBe('forbidden');
    expect(await run(app, staffCommands.restrictProcessing, { id }, as(lead))).toEqual({ isRestricted: true });
    expect(await refusalCode(run(app, staffCommands.restrictProcessing, { id }, as(lead)))).toBe('transition_not_allowed');
    expect((await userRow(app, id)).processingRestricted).toBe(true);
    expect(await run(app, staffCommands.liftRestriction, { id }, as(lead))).toEqual({ isRestricted: false });
    expect(await refusalCode(run(app, staffCommands.liftRestriction, { id }, as(lead)))).toBe('transition_not_allowed');
    expect((await refusal(run(app, staffCommands.restrictProcessing, { id: lead.id }, as(admin)))).code).toBe('not_found');
  });
});

it('each form says what it will do, and tells whom', async () => {
  const userId = await customer();
  const { requestId: id } = await intake(userId, { kind: 'export' });
  const preview = (command: AnyCommand, input: object, actor = admin) =>
    app.as(fresh(app, actor), () => previewCommand(app.deps, command, { input, reason: why }));
  for (const [command, input, words] of [
    [commands.intakePrivacyRequest, { id: userId, kind: 'erase', receivedVia: 'email' }, 'two members of staff'],
    [commands.intakePrivacyRequest, { id: userId, kind: 'rectify', receivedVia: 'email' }, 'Nothing changes before'],
    [commands.verifyPrivacyRequest, { id, checks }, 'proved who they are'],
    [commands.approvePrivacyRequest, { id }, 'Only they can fetch it'],
    [commands.completeRectification, { id, outcome: 'Something was corrected' }, 'Correct the profile before'],
    [commands.refusePrivacyRequest, { id, legalCode: 'excessive', text: 'You asked nine times in a month.' }, 'as you write it'],
    [commands.extendDueDate, { id, days: 5 }, 'Due on'],
    [staffCommands.restrictProcessing, { id: userId }, 'not used any more'],
    [staffCommands.liftRestriction, { id: userId }, 'used again'],
  ] as const) {
    expect((await preview(command, input)).join(' '), command.name).toContain(words);
  }
  expect(await queries.countPrivacyWaiting(app.deps, fresh(app, support))).toBeGreaterThan(0);
  expect(await queries.countPrivacyWaiting(app.deps, fresh(app, await staffOf(app, 'auditor')))).toBe(0);
});
