import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import type { StaffActor } from '../../../src/foundation/runtime/actor.ts';
import { newId } from '../../../src/foundation/runtime/new-id.ts';
import { formerContactToken } from '../../../src/modules/identity/approved/former-contact.ts';
import { systemCommands as identitySystem } from '../../../src/modules/identity/index.ts';
import { commands, customerCommands, forgetApprovalsOf, queries, systemCommands } from '../../../src/modules/support/index.ts';
import { system } from '../../audit/support/staff.ts';
import { anonymous, startTestApp, type TestApp } from '../../support/app.ts';
import { arrange, freshEmail, type Person, refusalCode, registerPerson, run } from '../identity/people.ts';
import { approvalRow, askedAbout, decide, execute, fresh, staffOf, untilProof, verifyContact } from './two-people.ts';

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

const erase = (person: Person) =>
  run(app, identitySystem.executeErasure, { id: person.actor.id, requestedBy: support.id, approvedBy: admin.id }, { actor: system });
const forget = (person: Person) => app.as(system, () => forgetApprovalsOf(app.deps, { userId: person.actor.id }));

describe('erasing a person with requests (P19)', () => {
  it('with a change that waits for its code: flow and contact are gone, the request is called off and empty', async () => {
    const person = await registerPerson(app);
    const { requestId, flowId } = await untilProof(app, { person, lead });
    await erase(person);
    const { prisma } = app.deps.database;
    expect(await prisma.otpFlow.count({ where: { id: flowId } })).toBe(0);
    // The key is gone: what the row still holds for a moment opens nothing.
    expect(await queries.readContactChange(app.deps, person.actor.id)).toMatchObject({ newContact: '' });
    expect(await forget(person)).toEqual({
      rows: { 'support.approval_request': 1, 'support.ticket': 0, 'support.privacy_request': 0 },
      records: [],
    });
    expect(await approvalRow(app, requestId)).toMatchObject({
      ...{ status: 'cancelled', payloadEnc: null, payloadSummary: null, reason: null, decisionReason: null, evidence: {} },
      ...{ decidedBy: lead.id, requestedBy: person.actor.id },
    });
    expect((await forget(person)).rows).toEqual({ 'support.approval_request': 0, 'support.ticket': 0, 'support.privacy_request': 0 });
  });

  it('with one that was approved and not taken up yet, and a case: the worker finds nobody', async () => {
    const person = await registerPerson(app);
    await run(app, identitySystem.enrolTotpFor, { userId: person.actor.id }, { actor: system });
    const request = { id: person.actor.id, checks: ['name', 'country'] };
    const { approvalId } = await run(app, commands.requestMfaReset, request, {
      actor: fresh(app, support),
      envelope: await askedAbout(app, request.id),
    });
    await decide(app, { id: approvalId, verb: 'approve', actor: lead });
    const ticket = {
      id: newId(),
      category: 'privacy',
      priority: 'high',
      title: 'Ngozi asks',
      subjectUserId: person.actor.id,
      tags: ['ngozi'],
    };
    await run(app, systemCommands.openTicketCommand, ticket, { actor: system });
    await erase(person);
    expect((await forget(person)).rows).toMatchObject({ 'support.approval_request': 1, 'support.ticket': 2 });
    expect(await approvalRow(app, approvalId)).toMatchObject({ status: 'failed', errorCode: 'not_found', payloadSummary: null });
    expect(await execute(app, approvalId)).toBe('transition_not_allowed');
    const left = await app.deps.database.prisma.ticket.findUniqueOrThrow({ where: { id: ticket.id } });
    expect([left.title, left.tags, left.priority]).toEqual(['About an erased person', [], 'high']);
    const again = run(app, commands.requestMfaReset, request, { actor: fresh(app, support), envelope: await askedAbout(app, request.id) });
    expect(await refusalCode(again)).toBe('not_found');
  });

  it('with a change that can still be taken back: the old contact and its token are gone', async () => {
    const person = await registerPerson(app);
    const proof = await untilProof(app, { person, lead, contact: { email: freshEmail() } });
    await verifyContact(app, person, proof);
    await erase(person);
    expect(await app.deps.database.prisma.singleUse.count({ where: { userId: person.actor.id } })).toBe(0);
    const token = formerContactToken(app.deps.keyring, proof.requestId, 'change');
    expect(await refusalCode(run(app, customerCommands.undoContactChange, { token }, { actor: anonymous }))).toBe('token_expired');
    await forget(person);
    expect(await approvalRow(app, proof.requestId)).toMatchObject({ status: 'executed', payloadEnc: null });
  });

  it('leaves the request of the erasure itself as it stands', async () => {
    const person = await registerPerson(app);
    const id = newId();
    const { id: subjectId } = person.actor;
    const data = { id, kind: 'erasure' as const, subjectUserId: subjectId, subjectId, requestedBy: support.id, expiresAt: app.clock.now() };
    const decision = { status: 'approved' as const, decidedBy: admin.id, decidedAt: app.clock.now() };
    await arrange(app, (prisma) => prisma.approvalRequest.createMany({ data: { ...data, ...decision } }));
    await erase(person);
    await forget(person);
    expect((await approvalRow(app, id)).status).toBe('approved');
  });
});
