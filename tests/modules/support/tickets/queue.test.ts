import { afterAll, beforeAll, beforeEach, describe, expect, it } from 'vitest';
import { AppError } from '../../../../src/foundation/errors/app-error.ts';
import type { StaffActor } from '../../../../src/foundation/runtime/actor.ts';
import { customerCommands, ticketCommands } from '../../../../src/modules/support/index.ts';
import { onStaffLeft } from '../../../../src/modules/support/tickets/on-staff-left.job.ts';
import { releaseWork } from '../../../../src/modules/support/tickets/release-work.ts';
import { watchTickets } from '../../../../src/modules/support/tickets/watch-tickets.ts';
import { addStaff, system } from '../../../audit/support/staff.ts';
import { staffActor, startTestApp, type TestApp } from '../../../support/app.ts';
import { arrange, type Person, refusal, refusalCode, registerPerson, run } from '../../identity/people.ts';
import { act, claim, colleague, eventsOf, takeNext, ticketAbout, ticketRow } from './desk.ts';

let app: TestApp;
let person: Person;
beforeAll(async () => {
  app = await startTestApp({ RATE_LIMIT_SCALE: '100', DATABASE_POOL: '12' });
  person = await registerPerson(app);
});
afterAll(() => app.stop());
// Each test has the queue to itself.
beforeEach(async () => {
  await arrange(app, (prisma) => prisma.ticketMessage.deleteMany({}));
  await arrange(app, (prisma) => prisma.ticket.deleteMany({}));
});

const { releaseTicket, assignTicket, sendReply, replyAndWait, resolveTicket } = ticketCommands;
const watch = () => app.as(system, () => watchTickets(app.deps));

/** On a busy machine the pool may turn a caller away; nothing was done then, and they ask again. */
async function takeInTime(agent: StaffActor): ReturnType<typeof takeNext> {
  return takeNext(app, agent).catch((error: unknown) => {
    if (error instanceof AppError && error.code === 'unavailable') return takeInTime(agent);
    throw error;
  });
}

describe('take next', () => {
  it('gives 50 colleagues who ask at once 50 different tickets or nothing', { timeout: 60_000 }, async () => {
    for (let n = 0; n < 40; n += 1) await ticketAbout(app, person.actor.id);
    const taken = await Promise.all(Array.from({ length: 50 }, () => takeInTime(colleague(app, 'support'))));
    const ids = taken.flatMap(({ ticketId }) => ticketId ?? []);
    expect(new Set(ids).size).toBe(ids.length);
    expect(ids.length).toBe(40);
    expect(taken.filter(({ isUnchanged }) => isUnchanged)).toHaveLength(10);
    const rows = await app.deps.database.prisma.ticket.findMany({ select: { assignedTo: true, status: true } });
    expect(new Set(rows.map((row) => row.assignedTo)).size).toBe(40);
    expect(rows.every((row) => row.status === 'in_progress')).toBe(true);
  });

  it('hands out the highest priority first, then the most overdue', async () => {
    const medium = await ticketAbout(app, person.actor.id);
    app.clock.advance(60);
    const later = await ticketAbout(app, person.actor.id, { priority: 'high' });
    const urgent = await ticketAbout(app, person.actor.id, { priority: 'urgent' });
    app.clock.advance(-30);
    const sooner = await ticketAbout(app, person.actor.id, { priority: 'high' });
    const order = [];
    for (let n = 0; n < 5; n += 1) order.push((await takeNext(app, colleague(app, 'support'))).ticketId);
    expect(order).toEqual([urgent, sooner, later, medium, null]);
  });

  it('gives finance and moderators their own categories, assistants whatever is in triage, and nobody a ticket about themselves', async () => {
    const general = await ticketAbout(app, person.actor.id);
    const refund = await ticketAbout(app, person.actor.id, { category: 'refund_request' });
    const conduct = await ticketAbout(app, person.actor.id, { category: 'vendor_conduct' });
    expect((await takeNext(app, colleague(app, 'finance'))).ticketId).toBe(refund);
    expect((await takeNext(app, colleague(app, 'finance'))).ticketId).toBeNull();
    expect((await takeNext(app, colleague(app, 'moderator'))).ticketId).toBe(conduct);
    expect((await takeNext(app, colleague(app, 'assistant'))).ticketId).toBe(general);
    expect(await refusalCode(takeNext(app, colleague(app, 'reviewer')))).toBe('forbidden');
    const self = colleague(app, 'support');
    await ticketAbout(app, self.id);
    expect((await takeNext(app, self)).ticketId).toBeNull();
  });

  it('lets one person hold three, also in two windows at once', async () => {
    for (let n = 0; n < 6; n += 1) await ticketAbout(app, person.actor.id);
    const agent = colleague(app, 'support');
    const tried = await Promise.allSettled(Array.from({ length: 6 }, () => takeNext(app, agent)));
    expect(tried.filter((one) => one.status === 'fulfilled')).toHaveLength(3);
    expect(await refusalCode(takeNext(app, agent))).toBe('claim_limit');
    const [open] = await app.deps.database.prisma.ticket.findMany({ where: { status: 'open' }, take: 1 });
    expect(await refusalCode(claim(app, agent, open?.id ?? ''))).toBe('claim_limit');
  });
});

describe('a claim', () => {
  it('goes to one of 20 who ask for the same ticket; the others learn who has it', async () => {
    const id = await ticketAbout(app, person.actor.id);
    const agents = Array.from({ length: 20 }, () => colleague(app, 'support'));
    const tried = await Promise.allSettled(agents.map((agent) => claim(app, agent, id)));
    expect(tried.filter((one) => one.status === 'fulfilled')).toHaveLength(1);
    const { assignedTo } = await ticketRow(app, id);
    const refused = await refusal(claim(app, colleague(app, 'support'), id));
    expect(refused.code).toBe('claimed_by_other');
    expect(refused.details.extra).toMatchObject({ claimedBy: assignedTo });
    expect((await eventsOf(app, id)).filter((name) => name === 'assigned')).toHaveLength(1);
  });

  it('lapses after half an hour without activity and is renewed by work', async () => {
    const [left, worked] = [await ticketAbout(app, person.actor.id), await ticketAbout(app, person.actor.id)];
    const agent = colleague(app, 'support');
    await claim(app, agent, left);
    await claim(app, agent, worked);
    app.clock.advance(20 * 60);
    await act(app, agent, sendReply, { id: worked, body: 'On it' });
    app.clock.advance(10 * 60 - 1);
    await watch();
    expect((await ticketRow(app, left)).status).toBe('in_progress');
    app.clock.advance(1);
    await watch();
    expect(await ticketRow(app, left)).toMatchObject({ status: 'open', assignedTo: null, claimExpiresAt: null });
    expect(await ticketRow(app, worked)).toMatchObject({ status: 'in_progress', assignedTo: agent.id });
  });

  it('that lapsed can be taken before the worker comes to say so, and asking again for an own one only renews it', async () => {
    const id = await ticketAbout(app, person.actor.id);
    const [first, second] = [colleague(app, 'support'), colleague(app, 'support')];
    await claim(app, first, id);
    const { version } = await ticketRow(app, id);
    app.clock.advance(1700);
    expect(await claim(app, first, id)).toMatchObject({ isUnchanged: true });
    expect((await ticketRow(app, id)).version).toBe(version);
    app.clock.advance(1799);
    expect(await refusalCode(claim(app, second, id))).toBe('claimed_by_other');
    app.clock.advance(1);
    expect(await claim(app, second, id)).toMatchObject({ isUnchanged: false });
    expect((await ticketRow(app, id)).assignedTo).toBe(second.id);
  });

  it('is given back by its holder or a lead, and by nobody else', async () => {
    const id = await ticketAbout(app, person.actor.id);
    const agent = colleague(app, 'support');
    await claim(app, agent, id);
    expect(await refusalCode(act(app, colleague(app, 'support'), releaseTicket, { id }))).toBe('forbidden');
    expect(await refusalCode(act(app, colleague(app, 'assistant'), releaseTicket, { id }))).toBe('not_found');
    await act(app, agent, releaseTicket, { id });
    expect(await ticketRow(app, id)).toMatchObject({ status: 'open', assignedTo: null });
    await claim(app, agent, id);
    await act(app, colleague(app, 'support', true), releaseTicket, { id });
    expect((await ticketRow(app, id)).status).toBe('open');
  });
});

describe('assigning', () => {
  it('is for leads, to people who work on tickets', async () => {
    const id = await ticketAbout(app, person.actor.id);
    const lead = colleague(app, 'support', true);
    const [helper, reader] = [await addStaff(app, 'support'), await addStaff(app, 'auditor')];
    expect(await refusalCode(act(app, colleague(app, 'support'), assignTicket, { id, staffId: helper }))).toBe('forbidden');
    expect(await refusalCode(act(app, lead, assignTicket, { id, staffId: reader }))).toBe('invalid_value');
    expect(await act(app, lead, assignTicket, { id, staffId: helper })).toEqual({ isUnchanged: false });
    expect(await act(app, lead, assignTicket, { id, staffId: helper })).toEqual({ isUnchanged: true });
    expect(await ticketRow(app, id)).toMatchObject({ status: 'in_progress', assignedTo: helper });
    const agent = staffActor({ role: 'support', isLead: false }, app.clock.now(), { id: helper });
    await act(app, agent, replyAndWait, { id, body: 'Which one?', for: 'customer' });
    const other = await addStaff(app, 'support');
    await act(app, lead, assignTicket, { id, staffId: other });
    expect(await ticketRow(app, id)).toMatchObject({ status: 'awaiting_customer', assignedTo: other, claimExpiresAt: null });
  });
});

describe('somebody who leaves', () => {
  const left = (userId: string) => {
    const event = { eventId: '0199a000-0000-7000-8000-000000000009', name: 'identity.staff.disabled', aggregateId: userId, actionId: null };
    const payload = onStaffLeft.payload.parse({ event: { ...event, occurredAt: app.clock.now().toISOString(), payload: { userId } } });
    const job = { id: event.eventId, attempt: 0, isLastAttempt: false, signal: new AbortController().signal, send: async () => {} };
    return app.as(system, () => onStaffLeft.handle(payload, app.deps, job));
  };

  it('gives everything back: work to the queue, what awaits an answer to nobody; whoever still works keeps it', async () => {
    const staying = await addStaff(app, 'support');
    const agent = staffActor({ role: 'support', isLead: false }, app.clock.now(), { id: staying });
    const [worked, waits] = [await ticketAbout(app, person.actor.id), await ticketAbout(app, person.actor.id)];
    for (const id of [worked, waits]) await claim(app, agent, id);
    await act(app, agent, replyAndWait, { id: waits, body: 'Which one?', for: 'customer' });
    await left(staying);
    expect((await ticketRow(app, worked)).assignedTo).toBe(staying);
    await arrange(app, (prisma) => prisma.staffRoleGrant.updateMany({ where: { userId: staying }, data: { revokedAt: app.clock.now() } }));
    await left(staying);
    expect(await ticketRow(app, worked)).toMatchObject({ status: 'open', assignedTo: null });
    expect(await ticketRow(app, waits)).toMatchObject({ status: 'awaiting_customer', assignedTo: null });
    await left(staying);
    expect(await run(app, releaseWork, { userId: staying }, { actor: system })).toEqual({ released: 0 });
  });

  it('leaves a resolved ticket that opens again in the queue', async () => {
    const agent = colleague(app, 'support');
    const id = await ticketAbout(app, person.actor.id);
    await claim(app, agent, id);
    await act(app, agent, resolveTicket, { id, resolution: 'Told them' });
    await run(app, releaseWork, { userId: agent.id }, { actor: system });
    await run(app, customerCommands.replyToOwnTicket, { id, body: 'No' }, { actor: person.actor });
    expect(await ticketRow(app, id)).toMatchObject({ status: 'open', assignedTo: null, claimExpiresAt: null });
  });
});
