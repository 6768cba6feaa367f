import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { z } from 'zod';
import { type AnyCommand, type CommandScope, defineCommand } from '../../../src/foundation/command/command.ts';
import { previewCommand } from '../../../src/foundation/command/run-command.ts';
import type { StaffActor } from '../../../src/foundation/runtime/actor.ts';
import { newId } from '../../../src/foundation/runtime/new-id.ts';
import { findAccount } from '../../../src/modules/identity/account.ts';
import { targetOf } from '../../../src/modules/identity/approved/contact-proof.ts';
import { formerContactOf, keepFormerContact, openFormerContact } from '../../../src/modules/identity/approved/former-contact.ts';
import { recipientOf } from '../../../src/modules/identity/recipient.queries.ts';
import { askerOf } from '../../../src/modules/support/asker.ts';
import { expireApprovalsJob } from '../../../src/modules/support/expire-approvals.job.ts';
import { commands, customerCommands, decisions, systemCommands } from '../../../src/modules/support/index.ts';
import { requireMove } from '../../../src/modules/support/move-approval.ts';
import { onApprovalApproved } from '../../../src/modules/support/on-approval-approved.job.ts';
import { cancelApproval, finishApproval, openApproval } from '../../../src/modules/support/open-approval.ts';
import { system } from '../../audit/support/staff.ts';
import { anonymous, startTestApp, type TestApp } from '../../support/app.ts';
import { arrange, freshEmail, refusalCode, registerPerson, run } from '../identity/people.ts';
import {
  approvalRow,
  askedAbout,
  askForContact,
  decide,
  execute,
  fresh,
  proved,
  staffOf,
  untilProof,
  verifyContact,
} from './two-people.ts';

let app: TestApp;
let support: StaffActor;
let lead: StaffActor;
beforeAll(async () => {
  app = await startTestApp({ RATE_LIMIT_SCALE: '100' });
  support = await staffOf(app, 'support');
  lead = await staffOf(app, 'support', true);
});
afterAll(() => app.stop());

async function inside<Output>(work: (scope: CommandScope) => Promise<Output>): Promise<Output> {
  const wrapped = async (scope: CommandScope) => ({ is: await work(scope) });
  const command = defineCommand({
    name: 'test-approval',
    resource: 'approval_request',
    access: 'system',
    input: z.object({}),
    run: wrapped,
  });
  return (await run(app, command, {}, { actor: system })).is;
}

const erasureOf = (subjectUserId: string) => ({ kind: 'erasure' as const, subjectUserId, requestedBy: support.id, reason: null });

describe('the functions other modules open requests with', () => {
  it('open one of a kind and subject under 20 parallel calls, without any lock on the person', async () => {
    const subject = newId();
    const opened = await Promise.all(Array.from({ length: 20 }, () => inside((scope) => openApproval(scope, erasureOf(subject)))));
    expect(opened.filter((one) => one !== null)).toHaveLength(1);
  });

  it('call a request off once, and only one that exists', async () => {
    const opened = await inside((scope) => openApproval(scope, erasureOf(newId())));
    const id = opened?.id ?? '';
    expect(await approvalRow(app, id)).toMatchObject({
      reason: null,
      payloadEnc: null,
      payloadSummary: null,
      evidence: {},
      ticketId: null,
    });
    expect(await inside((scope) => cancelApproval(scope, id))).toBe(true);
    expect(await inside((scope) => cancelApproval(scope, id))).toBe(false);
    expect(await inside((scope) => cancelApproval(scope, newId()))).toBe(false);
  });

  it('finish an approved one once, with its ticket and its own last day', async () => {
    const person = await registerPerson(app);
    const ticket = { id: newId(), category: 'privacy', priority: 'low', title: 'Erase me', subjectUserId: person.actor.id };
    await run(app, systemCommands.openTicketCommand, ticket, { actor: system });
    const expiresAt = new Date(app.clock.now().getTime() + 14 * 24 * 3600_000);
    const more = { ...erasureOf(person.actor.id), ticket: ticket.id, expiresAt };
    const id = (await inside((scope) => openApproval(scope, more)))?.id ?? '';
    expect(await approvalRow(app, id)).toMatchObject({ ticketId: ticket.id, expiresAt });
    expect(await inside((scope) => finishApproval(scope, id))).toBe(false);
    const admin = await staffOf(app, 'admin');
    expect(await refusalCode(decide(app, { id, verb: 'approve', actor: lead }))).toBe('forbidden');
    await decide(app, { id, verb: 'approve', actor: admin });
    expect(await inside((scope) => finishApproval(scope, id))).toBe(true);
    expect(await inside((scope) => finishApproval(scope, id))).toBe(false);
    expect(await inside((scope) => finishApproval(scope, newId()))).toBe(false);
  });

  it('a step on a row that has moved on throws, so that what was written with it goes', async () => {
    const id = (await inside((scope) => openApproval(scope, erasureOf(newId()))))?.id ?? '';
    const row = await approvalRow(app, id);
    await inside((scope) => requireMove(scope, row, { step: 'cancel' }));
    await expect(inside((scope) => requireMove(scope, row, { step: 'cancel' }))).rejects.toMatchObject({ code: 'internal_error' });
  });

  it('nobody without a name asks or decides', () => {
    expect(() => askerOf({ actor: anonymous, reason: null })).toThrow('Access rule refuses');
    expect(askerOf({ actor: support, reason: { code: 'other' } })).toEqual({ by: support.id, words: null });
  });
});

describe('withdrawing', () => {
  it('is refused after 48 hours and after a decision', async () => {
    const [first, second] = [await registerPerson(app), await registerPerson(app)];
    const open = async (id: string) => {
      const input = { id, checks: ['name', 'country'], email: freshEmail() };
      return (await run(app, commands.requestContactChange, input, { actor: fresh(app, support), envelope: await askedAbout(app, id) }))
        .requestId;
    };
    const [lapsed, denied] = [await open(first.actor.id), await open(second.actor.id)];
    await decide(app, { id: denied, verb: 'deny', actor: lead });
    expect(await refusalCode(decide(app, { id: denied, verb: 'cancel', actor: support }))).toBe('transition_not_allowed');
    app.clock.advance(48 * 3600 + 1);
    expect(await refusalCode(decide(app, { id: lapsed, verb: 'cancel', actor: support }))).toBe('transition_not_allowed');
    expect((await approvalRow(app, lapsed)).status).toBe('expired');
  });
});

it('each form says what the command will do', async () => {
  const person = await registerPerson(app);
  const asked = await askedAbout(app, person.actor.id);
  const preview = (command: AnyCommand, input: object, actor: StaffActor) =>
    app.as(actor, () => previewCommand(app.deps, command, { input, ...asked }));
  const checks = ['name', 'country'];
  expect(await preview(commands.requestMfaReset, { id: person.actor.id, checks }, support)).toHaveLength(2);
  expect(await preview(commands.requestContactChange, { id: person.actor.id, checks, email: freshEmail() }, support)).toHaveLength(2);
  const { requestId: id } = await askForContact(app, person);
  expect(await preview(decisions.approve, { id }, lead)).toEqual([
    expect.stringMatching(/^Sends a code to the new contact .•••@/),
    expect.stringMatching(/replaces .•••@.* and all sessions end\.$/),
    expect.stringContaining('72 hours'),
  ]);
  expect(await preview(decisions.deny, { id }, lead)).toEqual([expect.stringContaining('Nothing changes')]);
});

describe('carrying out', () => {
  const approved = (data: object) => {
    const id = newId();
    const subject = newId();
    const row = { id, subjectUserId: subject, subjectId: subject, requestedBy: support.id, expiresAt: app.clock.now() };
    const decision = { status: 'approved' as const, decidedBy: lead.id, decidedAt: app.clock.now() };
    return arrange(app, (prisma) => prisma.approvalRequest.createMany({ data: { kind: 'mfa_reset', ...row, ...decision, ...data } })).then(
      () => id,
    );
  };
  const handle = (approvalId: string, kind: string) => {
    const { event } = onApprovalApproved.payload.parse({
      event: {
        ...{ eventId: newId(), name: 'support.approval.approved', aggregateId: approvalId, actionId: null },
        ...{ occurredAt: app.clock.now().toISOString(), payload: { approvalId, kind } },
      },
    });
    const job = { id: event.eventId, attempt: 0, isLastAttempt: false, signal: new AbortController().signal, send: async () => {} };
    return app.as(system, () => onApprovalApproved.handle({ event }, app.deps, job));
  };

  it('for nobody, for a closed account, and without what was asked for: failed with the reason', async () => {
    const gone = await approved({});
    await handle(gone, 'mfa_reset');
    expect(await approvalRow(app, gone)).toMatchObject({ status: 'failed', errorCode: 'not_found' });
    const closed = await registerPerson(app);
    await arrange(app, (prisma) => prisma.user.updateMany({ where: { id: closed.actor.id }, data: { status: 'closed' } }));
    const ofClosed = await approved({ subjectUserId: closed.actor.id, subjectId: closed.actor.id });
    expect(await execute(app, ofClosed)).toBe('transition_not_allowed');
    const person = await registerPerson(app);
    const bare = await approved({ kind: 'contact_change', subjectUserId: person.actor.id, subjectId: person.actor.id });
    expect(await execute(app, bare)).toBe('not_found');
  });

  it('is left to its day for an erasure, and tried again where something broke', async () => {
    const erasure = await approved({ kind: 'erasure' });
    await handle(erasure, 'erasure');
    expect((await approvalRow(app, erasure)).status).toBe('approved');
    const person = await registerPerson(app);
    const payloadEnc = new Uint8Array(40).fill(1);
    const broken = await approved({ kind: 'contact_change', subjectUserId: person.actor.id, subjectId: person.actor.id, payloadEnc });
    await expect(handle(broken, 'contact_change')).rejects.toMatchObject({ code: 'internal_error' });
    expect((await approvalRow(app, broken)).status).toBe('approved');
    expect(() => handle(broken, 'no such kind')).toThrow();
  });
});

it('the job that ends requests does so', async () => {
  const person = await registerPerson(app);
  const { requestId } = await askForContact(app, person);
  app.clock.advance(48 * 3600 + 1);
  const job = { id: newId(), attempt: 0, isLastAttempt: false, signal: new AbortController().signal, send: async () => {} };
  await app.as(system, () => expireApprovalsJob.handle({}, app.deps, job));
  expect((await approvalRow(app, requestId)).status).toBe('expired');
});

describe('the old contact', () => {
  it('is told to nobody after 72 hours, for a change that never was, or from an altered box', async () => {
    const person = await registerPerson(app);
    const proof = await untilProof(app, { person, lead });
    await verifyContact(app, person, proof);
    const ref = { approvalId: proof.requestId, leftBy: 'change' as const };
    expect(await formerContactOf(app.deps, ref)).toMatchObject({ contact: { kind: 'email', value: person.email }, authMethod: 'email' });
    expect(await formerContactOf(app.deps, { ...ref, leftBy: 'undo' })).toBeNull();
    expect(await recipientOf(app.deps, { ...ref, approvalId: newId() })).toBeNull();
    const { prisma } = app.deps.database;
    expect(await openFormerContact(app.deps, prisma, { userId: person.actor.id, payload: { approvalId: 'x' } })).toBeNull();
    await arrange(app, (db) => db.singleUse.updateMany({ where: { userId: person.actor.id }, data: { box: new Uint8Array(60) } }));
    expect(await formerContactOf(app.deps, ref)).toBeNull();
    app.clock.advance(72 * 3600 + 1);
    expect(await formerContactOf(app.deps, ref)).toBeNull();
  });

  it('of somebody who is gone is not kept', async () => {
    const former = {
      approvalId: newId(),
      userId: newId(),
      contact: { kind: 'email', value: 'a@example.com' },
      authMethod: 'email',
    } as const;
    expect(await refusalCode(inside((scope) => keepFormerContact(scope, { former, leftBy: 'change' })))).toBe('not_found');
  });
});

describe('the flow of a new contact', () => {
  it('opens for the person who changes it and for nobody else', async () => {
    const [person, other] = [await registerPerson(app), await registerPerson(app)];
    const email = freshEmail();
    const { flowId } = await untilProof(app, { person, lead, contact: { email } });
    const { prisma } = app.deps.database;
    const flow = await prisma.otpFlow.findUniqueOrThrow({ where: { id: flowId } });
    const [own, foreign] = [await findAccount(prisma, { userId: person.actor.id }), await findAccount(prisma, { userId: other.actor.id })];
    if (!own || !foreign) throw new Error('Both are registered');
    expect(targetOf(app.deps, own, flow)).toMatchObject({ value: email });
    expect(targetOf(app.deps, foreign, flow)).toBeNull();
    expect(await recipientOf(app.deps, { flowId })).toMatchObject({ address: email, userId: person.actor.id, channel: 'email' });
    // Without an open change of one's own, the flow itself is the answer.
    const verify = (id: string) =>
      run(app, customerCommands.verifyContactChange, { flowId: id, code: '123456' }, { actor: proved(app, other) });
    expect(await refusalCode(verify(flowId))).toBe('flow_expired');
    expect(await prisma.otpFlow.findUniqueOrThrow({ where: { id: flowId } })).toMatchObject({ attemptsLeft: 5 });
  });
});
