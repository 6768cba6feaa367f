import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import type { Envelope } from '../../../src/foundation/command/command.ts';
import type { StaffActor } from '../../../src/foundation/runtime/actor.ts';
import { newId } from '../../../src/foundation/runtime/new-id.ts';
import { formerContactToken } from '../../../src/modules/identity/approved/former-contact.ts';
import { commands as identity } from '../../../src/modules/identity/index.ts';
import { commands, customerCommands, decisions, queries, systemCommands } from '../../../src/modules/support/index.ts';
import { anonymous, startTestApp, type TestApp } from '../../support/app.ts';
import {
  arrange,
  caller,
  freshEmail,
  freshPhone,
  type Person,
  password,
  refusal,
  refusalCode,
  registerPerson,
  run,
  tokensOf,
} from '../identity/people.ts';
import {
  approvalRow,
  askedAbout,
  askForContact,
  decide,
  decided,
  execute,
  expire,
  fresh,
  proved,
  staffOf,
  untilProof,
  userRow,
  verifyContact,
  why,
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

const checks = ['member_id', 'country'];
const askAsStaff = async (id: string, contact: object, actor = support, envelope?: Omit<Envelope, 'input'>) =>
  run(
    app,
    commands.requestContactChange,
    { id, checks, ...contact },
    { actor: fresh(app, actor), envelope: envelope ?? (await askedAbout(app, id)) },
  );
const undoToken = (requestId: string) => formerContactToken(app.deps.keyring, requestId, 'change');
const undo = (token: string) => run(app, customerCommands.undoContactChange, { token }, { actor: anonymous });
const read = (person: Person) => queries.readContactChange(app.deps, person.actor.id);

async function changed(person: Person, contact?: { email?: string; phone?: string }) {
  const proof = await untilProof(app, { person, lead, ...(contact ? { contact } : {}) });
  await verifyContact(app, person, proof);
  return proof;
}

/** Signed in again with the contact of now. */
async function signInAgain(person: Person, contact: { email: string } | { phone: string }): Promise<Person> {
  const tokens = tokensOf(await run(app, identity.logIn, { ...contact, password, ...caller }));
  const { session, user } = tokens;
  return { ...person, tokens, actor: { ...person.actor, sessionId: session.id, authTime: session.authTime, id: user.id } };
}

const outcomes = async (calls: Promise<unknown>[]) => {
  const settled = await Promise.allSettled(calls);
  const refused = settled.filter((one) => one.status === 'rejected').map(({ reason }) => reason.code);
  return { done: settled.length - refused.length, refused: [...new Set(refused)].sort() };
};

describe('two members of staff change a contact for a customer (U17, product.md 6.1)', () => {
  it('support asks with reason, ticket and checks; a lead approves; the code of the new contact makes it effective', async () => {
    const person = await registerPerson(app, 'vendor');
    const phone = freshPhone();
    const { requestId } = await askAsStaff(person.actor.id, { phone });
    const row = await approvalRow(app, requestId);
    expect(row).toMatchObject({ requestedBy: support.id, evidence: { passed: checks }, reason: why.text, status: 'requested' });
    expect(row.payloadSummary).not.toContain(phone);
    expect(Buffer.from(row.payloadEnc ?? []).toString('latin1')).not.toContain(phone);
    expect(await decide(app, { id: requestId, verb: 'approve', actor: lead, version: 1 })).toEqual({ status: 'approved', version: 2 });
    expect(await read(person)).toMatchObject({ status: 'requested', flowId: null });
    expect(await execute(app, requestId)).toBeNull();
    expect(await execute(app, requestId)).toBe('transition_not_allowed');
    const view = await read(person);
    expect((view?.expiresAt.getTime() ?? 0) - app.clock.now().getTime()).toBe(24 * 3600_000);
    const flowId = view?.flowId ?? '';
    await verifyContact(app, person, { flowId, code: app.deps.keyring.otpCode(flowId, 1) });
    expect(await userRow(app, person.actor.id)).toMatchObject({ authMethod: 'phone', emailBidx: null, verifiedHow: 'otp' });
    expect(await approvalRow(app, requestId)).toMatchObject({ status: 'executed', decidedBy: lead.id, version: 4 });
    // Who asked, who decided and that it was carried out stand in the history.
    const { rows } = await app.deps.database.pool.query(
      `SELECT action, outcome, actor_type FROM audit.action WHERE $1 = ANY (record_ids) ORDER BY occurred_at`,
      [requestId],
    );
    expect(rows.map(({ action }) => action)).toEqual([
      ...['request-contact-change', 'approve-request', 'start-contact-proof', 'start-contact-proof', 'verify-contact-change'],
    ]);
  });

  it('F84 nobody decides on their own request, without the right, stale, or without a reason', async () => {
    const person = await registerPerson(app);
    const { requestId: id } = await askAsStaff(person.actor.id, { email: freshEmail() }, lead);
    expect(await refusalCode(decide(app, { id, verb: 'approve', actor: lead }))).toBe('four_eyes');
    expect(await refusalCode(decide(app, { id, verb: 'deny', actor: lead }))).toBe('four_eyes');
    expect((await refusal(decide(app, { id, verb: 'approve', actor: support }))).details.extra).toMatchObject({ rule: 'two_person' });
    const auditor = await staffOf(app, 'auditor');
    expect(await refusalCode(decide(app, { id, verb: 'approve', actor: auditor }))).toBe('forbidden');
    const second = await staffOf(app, 'support', true);
    const approve = (actor: StaffActor, envelope: object) => run(app, decisions.approve, { id }, { actor, envelope });
    const old = { ...second, factorAt: new Date(app.clock.now().getTime() - 301_000) };
    expect(await refusalCode(approve(old, decided))).toBe('step_up_required');
    expect(await refusalCode(approve(fresh(app, second), {}))).toBe('required');
    expect(await refusalCode(approve(fresh(app, second), { reason: { code: 'other', text: 'short' } }))).toBe('reason_too_short');
    expect(await refusalCode(decide(app, { id, verb: 'approve', actor: second, version: 7 }))).toBe('version_conflict');
    expect(await refusalCode(decide(app, { id: newId(), verb: 'approve', actor: second }))).toBe('not_found');
    expect(await refusalCode(decide(app, { id, verb: 'cancel', actor: second }))).toBe('forbidden');
    expect(await decide(app, { id, verb: 'cancel', actor: lead })).toMatchObject({ status: 'cancelled' });
    expect(await refusalCode(decide(app, { id, verb: 'approve', actor: second }))).toBe('transition_not_allowed');
  });

  it('asks for a ticket, two checks and a person who is a customer', async () => {
    const person = await registerPerson(app);
    const email = { email: freshEmail() };
    expect(await refusalCode(askAsStaff(person.actor.id, email, support, { reason: why }))).toBe('required');
    expect(
      await refusalCode(
        run(
          app,
          commands.requestContactChange,
          { id: person.actor.id, checks: ['name', 'name'], ...email },
          { actor: fresh(app, support), envelope: await askedAbout(app, person.actor.id) },
        ),
      ),
    ).toBe('too_short');
    expect(await refusalCode(askAsStaff(newId(), email))).toBe('not_found');
    expect((await refusal(askAsStaff(lead.id, email))).details.extra).toMatchObject({ rule: 'staff_subject' });
    expect(await refusalCode(askAsStaff(person.actor.id, email, await staffOf(app, 'reviewer')))).toBe('forbidden');
    await askAsStaff(person.actor.id, email);
    expect(await refusalCode(askAsStaff(person.actor.id, email))).toBe('contact_change_open');
    expect(await refusalCode(askForContact(app, person))).toBe('contact_change_open');
  });

  it('links a ticket that exists', async () => {
    const person = await registerPerson(app);
    const ticket = { id: newId(), category: 'account_access', priority: 'low', title: 'Lost phone', subjectUserId: person.actor.id };
    const system = { kind: 'system', name: 'test' } as const;
    expect(await run(app, systemCommands.openTicketCommand, ticket, { actor: system })).toEqual({ ticketId: ticket.id, isNew: true });
    expect(await run(app, systemCommands.openTicketCommand, ticket, { actor: system })).toEqual({ ticketId: ticket.id, isNew: false });
    const { number } = await app.deps.database.prisma.ticket.findUniqueOrThrow({ where: { id: ticket.id } });
    expect(number).toMatch(/^T-\d+$/);
    const { requestId } = await askAsStaff(person.actor.id, { email: freshEmail() }, support, { reason: why, ticketId: number });
    expect((await approvalRow(app, requestId)).ticketId).toBe(ticket.id);
  });
});

describe('under parallel calls (P17, U29)', () => {
  it('20 requests open one, 20 approvals decide once, 20 executions ask for one proof', async () => {
    const person = await registerPerson(app);
    const opened = await outcomes(Array.from({ length: 20 }, () => askForContact(app, person, { email: freshEmail() })));
    expect(opened).toEqual({ done: 1, refused: ['contact_change_open'] });
    const id = (await read(person))?.requestId ?? '';
    const decisionsMade = await outcomes(Array.from({ length: 20 }, () => decide(app, { id, verb: 'approve', actor: lead })));
    expect(decisionsMade).toEqual({ done: 1, refused: ['transition_not_allowed'] });
    await Promise.allSettled(Array.from({ length: 20 }, () => execute(app, id)));
    expect(await app.deps.database.prisma.otpFlow.count({ where: { subjectId: id } })).toBe(1);
  }, 60_000);

  it('20 right codes change the contact once; 20 undo calls take it back once', async () => {
    const person = await registerPerson(app);
    const proof = await untilProof(app, { person, lead });
    const verified = await outcomes(Array.from({ length: 20 }, () => verifyContact(app, person, proof)));
    expect(verified).toEqual({ done: 1, refused: ['flow_expired'] });
    const undone = await outcomes(Array.from({ length: 20 }, () => undo(undoToken(proof.requestId))));
    expect(undone).toEqual({ done: 1, refused: ['token_expired'] });
    expect(await app.deps.database.prisma.ticket.count({ where: { subjectUserId: person.actor.id } })).toBe(1);
  }, 60_000);

  it('50 wrong codes use five tries', async () => {
    const person = await registerPerson(app);
    const proof = await untilProof(app, { person, lead });
    const wrong = proof.code === '000000' ? '000001' : '000000';
    await Promise.allSettled(Array.from({ length: 50 }, () => verifyContact(app, person, { ...proof, code: wrong })));
    expect(await app.deps.database.prisma.otpFlow.findUnique({ where: { id: proof.flowId } })).toMatchObject({ attemptsLeft: 0 });
    expect(await refusalCode(verifyContact(app, person, proof))).toBe('otp_exhausted');
  }, 60_000);

  it('P4 a contact that was registered between approval and proof: the right code is as wrong as any, the owner is told once', async () => {
    const person = await registerPerson(app);
    const email = freshEmail();
    const proof = await untilProof(app, { person, lead, contact: { email } });
    const owner = await registerPerson(app, 'client', email);
    for (const _ of [1, 2]) expect(await refusalCode(verifyContact(app, person, proof))).toBe('otp_invalid');
    const told = await app.deps.database.prisma.outboxEvent.count({
      where: { name: 'identity.registration.duplicate_attempted', aggregateId: owner.actor.id },
    });
    expect(told).toBe(1);
    expect((await userRow(app, person.actor.id)).emailBidx).not.toEqual((await userRow(app, owner.actor.id)).emailBidx);
  });

  it('P3 pending registrations of the new contact die when the change is effective', async () => {
    const person = await registerPerson(app);
    const email = freshEmail();
    const proof = await untilProof(app, { person, lead, contact: { email } });
    const { flowId } = await run(app, identity.startRegistration, { email, password, ...caller });
    await verifyContact(app, person, proof);
    const late = run(app, identity.verifyRegistration, { flowId, code: app.deps.keyring.otpCode(flowId, 1), ...caller });
    expect(await refusalCode(late)).toBe('flow_expired');
  });
});

describe('the clock ends what nobody finishes', () => {
  it('a request after 48 hours, before and after the worker says so', async () => {
    const [first, second] = [await registerPerson(app), await registerPerson(app)];
    const { requestId: id } = await askForContact(app, first);
    const { requestId: other } = await askForContact(app, second);
    app.clock.advance(48 * 3600 + 1);
    expect((await read(first))?.status).toBe('expired');
    expect(await refusalCode(decide(app, { id, verb: 'approve', actor: lead }))).toBe('transition_not_allowed');
    expect((await approvalRow(app, id)).status).toBe('expired');
    await expire(app);
    expect((await approvalRow(app, other)).status).toBe('expired');
    expect(await refusalCode(run(app, customerCommands.cancelContactChange, {}, { actor: proved(app, second) }))).toBe('not_found');
    expect((await askForContact(app, second)).status).toBe('requested');
  });

  it('a request whose time is over makes way for the next one, also before the worker came', async () => {
    const person = await registerPerson(app);
    const { requestId } = await askForContact(app, person);
    app.clock.advance(48 * 3600 + 1);
    const next = await askForContact(app, person);
    expect((await approvalRow(app, requestId)).status).toBe('expired');
    app.clock.advance(48 * 3600 + 1);
    expect(await refusalCode(run(app, customerCommands.cancelContactChange, {}, { actor: proved(app, person) }))).toBe('not_found');
    expect((await approvalRow(app, next.requestId)).status).toBe('expired');
  });

  it('a code after its ten minutes, and the whole proof after 24 hours: it failed and may be asked for again', async () => {
    const person = await registerPerson(app);
    const proof = await untilProof(app, { person, lead });
    app.clock.advance(601);
    expect(await refusalCode(verifyContact(app, person, proof))).toBe('otp_expired');
    app.clock.advance(24 * 3600);
    expect(await refusalCode(verifyContact(app, person, proof))).toBe('flow_expired');
    expect(await read(person)).toMatchObject({ status: 'expired', flowId: null });
    await expire(app);
    expect(await approvalRow(app, proof.requestId)).toMatchObject({ status: 'failed', errorCode: 'flow_expired' });
    expect((await askForContact(app, person)).status).toBe('requested');
  });

  it('an undo link after 72 hours; the old contact is deleted then', async () => {
    const person = await registerPerson(app);
    const { requestId } = await changed(person);
    const kept = () => app.deps.database.prisma.singleUse.count({ where: { userId: person.actor.id, kind: 'contact_undo' } });
    expect(await kept()).toBe(1);
    app.clock.advance(72 * 3600 + 1);
    expect(await refusalCode(undo(undoToken(requestId)))).toBe('token_expired');
    await expire(app);
    expect(await kept()).toBe(0);
    expect((await approvalRow(app, requestId)).status).toBe('executed');
  });
});

describe('taking a change back', () => {
  it('restores the first contact, ends sessions, holds payouts and calls off what the intruder asked for next', async () => {
    const person = await registerPerson(app);
    const { requestId } = await changed(person, { phone: freshPhone() });
    const row = await userRow(app, person.actor.id);
    expect(row.authMethod).toBe('phone');
    const next = await askAsStaff(person.actor.id, { email: freshEmail() });
    const { caseId } = await undo(undoToken(requestId));
    expect(caseId).toMatch(/^[0-9a-f-]{36}$/);
    const back = await userRow(app, person.actor.id);
    expect([back.authMethod, back.phoneBidx, back.emailBidx === null]).toEqual(['email', null, false]);
    expect((back.payoutHoldUntil?.getTime() ?? 0) - app.clock.now().getTime()).toBe(72 * 3600_000);
    expect((await approvalRow(app, next.requestId)).status).toBe('cancelled');
    const events = await app.deps.database.prisma.outboxEvent.findMany({
      where: { name: 'identity.contact.undone', aggregateId: person.actor.id },
    });
    expect(events.map(({ payload }) => payload)).toMatchObject([{ oldMethod: 'phone', newMethod: 'email', approvalId: requestId }]);
  });

  it('voids the links of later changes, so that an intruder who changed twice cannot come back', async () => {
    const person = await registerPerson(app);
    const email = freshEmail();
    const first = await changed(person, { email });
    const again = await signInAgain(person, { email });
    const second = await changed(again, { phone: freshPhone() });
    await undo(undoToken(first.requestId));
    expect((await signInAgain(person, { email: person.email })).actor.id).toBe(person.actor.id);
    expect(await refusalCode(undo(undoToken(second.requestId)))).toBe('token_expired');
  });

  it('the later of two changes can be taken back alone, and then the first', async () => {
    const person = await registerPerson(app);
    const email = freshEmail();
    const first = await changed(person, { email });
    const second = await changed(await signInAgain(person, { email }), { phone: freshPhone() });
    await undo(undoToken(second.requestId));
    expect((await signInAgain(person, { email })).actor.id).toBe(person.actor.id);
    await undo(undoToken(first.requestId));
    expect((await signInAgain(person, { email: person.email })).actor.id).toBe(person.actor.id);
  });

  it('an old contact that has an account of its own by now stays there: sessions end and the case says so', async () => {
    const person = await registerPerson(app);
    const { requestId } = await changed(person, { phone: freshPhone() });
    await registerPerson(app, 'client', person.email);
    const { caseId } = await undo(undoToken(requestId));
    const ticket = await app.deps.database.prisma.ticket.findUniqueOrThrow({ where: { id: caseId } });
    expect(ticket.title).toContain('belongs to another account');
    expect((await userRow(app, person.actor.id)).authMethod).toBe('phone');
    expect((await approvalRow(app, requestId)).status).toBe('executed');
    expect(await refusalCode(undo(undoToken(requestId)))).toBe('token_expired');
  });

  it.each(['', 'x', 'é', 'A'.repeat(43), 'A'.repeat(512)])('an invented token %j is 410 like a used one', async (token) => {
    const error = await refusal(undo(token));
    expect([error.code, error.status]).toEqual(['token_expired', 410]);
  });
});

describe('what stops an approved change', () => {
  it('a suspended account, and an approver whose grant ended: it failed with the reason, and nothing was sent', async () => {
    const person = await registerPerson(app);
    const { requestId } = await askForContact(app, person);
    await decide(app, { id: requestId, verb: 'approve', actor: lead });
    await arrange(app, (prisma) => prisma.user.updateMany({ where: { id: person.actor.id }, data: { status: 'suspended' } }));
    expect(await execute(app, requestId)).toBe('transition_not_allowed');
    expect(await approvalRow(app, requestId)).toMatchObject({ errorCode: 'transition_not_allowed' });
    expect(await read(person)).toMatchObject({ status: 'expired', flowId: null });

    const other = await registerPerson(app);
    const leaving = await staffOf(app, 'support', true);
    const { requestId: second } = await askForContact(app, other);
    await decide(app, { id: second, verb: 'approve', actor: leaving });
    await arrange(app, (prisma) =>
      prisma.staffRoleGrant.updateMany({ where: { userId: leaving.id }, data: { revokedAt: app.clock.now() } }),
    );
    expect(await execute(app, second)).toBe('forbidden');
    expect(await approvalRow(app, second)).toMatchObject({ errorCode: 'forbidden' });
    expect(await app.deps.database.prisma.otpFlow.count({ where: { subjectId: { in: [requestId, second] } } })).toBe(0);
    const unknown = run(app, systemCommands.executors.mfa_reset, { approvalId: requestId }, { actor: { kind: 'system', name: 'test' } });
    expect(await refusalCode(unknown)).toBe('not_found');
  });

  it('the cap of five messages an hour to one contact: the flow opens and nothing goes out', async () => {
    const bounded = await startTestApp();
    try {
      const approver = await staffOf(bounded, 'support', true);
      const email = freshEmail();
      const sent: number[] = [];
      for (let i = 0; i < 6; i += 1) {
        const person = await registerPerson(bounded);
        const { flowId } = await untilProof(bounded, { person, lead: approver, contact: { email } });
        sent.push(await bounded.deps.database.prisma.outboxEvent.count({ where: { aggregateId: flowId, name: 'identity.otp.requested' } }));
      }
      expect(sent).toEqual([1, 1, 1, 1, 1, 0]);
    } finally {
      await bounded.stop();
    }
  }, 60_000);

  it('F37 a raw change of the identifier is refused by the database, and so is one with both contacts', async () => {
    const person = await registerPerson(app);
    const write = (data: object) => arrange(app, (prisma) => prisma.user.updateMany({ where: { id: person.actor.id }, data }));
    await expect(write({ emailBidx: new Uint8Array(32).fill(7) })).rejects.toThrow(/identifier of a user changes only/);
    await expect(write({ authMethod: 'google' })).rejects.toThrow(/identifier of a user changes only/);
    const { keyring } = app.deps;
    const both = arrange(app, (prisma) =>
      prisma.$transaction(async (tx) => {
        await tx.$queryRaw`SELECT set_config('fashionistar.identifier_change', 'on', true)`;
        const phoneBidx = new Uint8Array(keyring.blindIndex('phone', '+2347000009999'));
        return tx.user.updateMany({ where: { id: person.actor.id }, data: { phoneBidx, phoneEnc: phoneBidx } });
      }),
    );
    await expect(both).rejects.toThrow(/user_identifier_check|user_auth_method_check/);
  });
});
