import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import type { StaffActor } from '../../../../src/foundation/runtime/actor.ts';
import { slaState, ticketCommands, ticketQueries } from '../../../../src/modules/support/index.ts';
import { watchTickets } from '../../../../src/modules/support/tickets/watch-tickets.ts';
import { system } from '../../../audit/support/staff.ts';
import { startTestApp, type TestApp } from '../../../support/app.ts';
import { arrange, type Person, registerPerson } from '../../identity/people.ts';
import { act, claim, colleague, eventsOf, ownTicket, reply, ticketAbout, ticketRow } from './desk.ts';

let app: TestApp;
let person: Person;
let agent: StaffActor;
beforeAll(async () => {
  app = await startTestApp({ RATE_LIMIT_SCALE: '100' });
  person = await registerPerson(app);
  agent = colleague(app, 'support');
});
afterAll(() => app.stop());

const minute = 60;
const hour = 60 * minute;
const { sendReply, replyAndWait, resolveTicket, triageTicket } = ticketCommands;
const watch = () => app.as(system, () => watchTickets(app.deps));
const badge = async (id: string) => slaState(await ticketRow(app, id), app.clock.now());
const heard = async (id: string) => (await eventsOf(app, id)).filter((name) => name.startsWith('sla_'));

describe('the clock of a ticket', () => {
  it.each([
    ['urgent', 30 * minute, 4 * hour],
    ['high', 2 * hour, 24 * hour],
    ['medium', 8 * hour, 72 * hour],
    ['low', 24 * hour, 7 * 24 * hour],
  ])('of %s is at risk at four fifths and missed at the end, told once each at the right minute', async (priority, first, resolution) => {
    const id = await ticketAbout(app, person.actor.id, { priority });
    const { createdAt, firstResponseDueAt, resolutionDueAt } = await ticketRow(app, id);
    expect(firstResponseDueAt.getTime() - createdAt.getTime()).toBe(first * 1000);
    expect(resolutionDueAt.getTime() - createdAt.getTime()).toBe(resolution * 1000);
    app.clock.advance(first * 0.8 - 1);
    await watch();
    expect([await badge(id), await heard(id)]).toEqual(['on_track', []]);
    app.clock.advance(1);
    await watch();
    await watch();
    expect([await badge(id), await heard(id)]).toEqual(['at_risk', ['sla_at_risk']]);
    app.clock.advance(first * 0.2 - 1);
    await watch();
    expect(await heard(id)).toEqual(['sla_at_risk']);
    app.clock.advance(1);
    await watch();
    await watch();
    expect([await badge(id), await heard(id)]).toEqual(['breached', ['sla_at_risk', 'sla_breached']]);
  });

  it('of the resolution starts with the first answer, and tells again', async () => {
    const id = await ticketAbout(app, person.actor.id, { priority: 'urgent' });
    await claim(app, agent, id);
    await act(app, agent, sendReply, { id, body: 'On it' });
    app.clock.advance(4 * hour * 0.8);
    await watch();
    expect([await badge(id), await heard(id)]).toEqual(['at_risk', ['sla_at_risk']]);
    app.clock.advance(4 * hour * 0.2);
    await watch();
    expect([await badge(id), await heard(id)]).toEqual(['breached', ['sla_at_risk', 'sla_breached']]);
  });

  it('that was missed before anybody looked is told as missed only', async () => {
    const id = await ticketAbout(app, person.actor.id, { priority: 'urgent' });
    app.clock.advance(31 * minute);
    await watch();
    expect(await heard(id)).toEqual(['sla_breached']);
  });

  it('does not count the time that somebody else is awaited, nor the time after the resolution', async () => {
    const id = await ownTicket(app, person);
    await claim(app, agent, id);
    await act(app, agent, replyAndWait, { id, body: 'Which order?', for: 'customer' });
    const before = await ticketRow(app, id);
    app.clock.advance(100 * hour);
    await watch();
    expect([await badge(id), await heard(id)]).toEqual(['paused', []]);
    await reply(app, person, id);
    expect(await ticketRow(app, id)).toMatchObject({ pausedS: 100 * hour });
    expect((await ticketRow(app, id)).resolutionDueAt.getTime() - before.resolutionDueAt.getTime()).toBe(100 * hour * 1000);
    expect(await badge(id)).toBe('on_track');
    await claim(app, agent, id);
    await act(app, agent, resolveTicket, { id, resolution: 'Told them' });
    expect(await badge(id)).toBe('done');
    app.clock.advance(50 * hour);
    await reply(app, person, id);
    expect(await ticketRow(app, id)).toMatchObject({ pausedS: 150 * hour });
    expect(await badge(id)).toBe('on_track');
  });

  it('that was missed before a pause stays missed, and is told once', async () => {
    const id = await ticketAbout(app, person.actor.id, { priority: 'urgent' });
    await claim(app, agent, id);
    await act(app, agent, sendReply, { id, body: 'On it' });
    app.clock.advance(4 * hour);
    await watch();
    await claim(app, agent, id);
    await act(app, agent, replyAndWait, { id, body: 'Which order?', for: 'vendor' });
    expect(await badge(id)).toBe('breached');
    app.clock.advance(hour);
    await reply(app, person, id);
    await watch();
    expect([await badge(id), (await heard(id)).filter((name) => name === 'sla_breached')]).toEqual(['breached', ['sla_breached']]);
  });

  it('moves with the priority, from when the ticket was opened', async () => {
    const id = await ticketAbout(app, person.actor.id, { priority: 'low' });
    app.clock.advance(hour);
    await act(app, agent, triageTicket, { id, priority: 'urgent' });
    expect(await badge(id)).toBe('breached');
    await act(app, agent, triageTicket, { id, priority: 'low' });
    expect(await badge(id)).toBe('on_track');
  });

  it('of a ticket from before there were clocks is started by the worker', async () => {
    const id = await ticketAbout(app, person.actor.id);
    await arrange(app, (prisma) => prisma.ticket.updateMany({ where: { id }, data: { slaRiskAt: null, slaBreachAt: null } }));
    await watch();
    const row = await ticketRow(app, id);
    expect(row.slaBreachAt).toEqual(row.firstResponseDueAt);
  });
});

it('the dashboard counts what is at risk and missed, and how fast the first answers were', async () => {
  const before = await ticketQueries.ticketFigures(app.deps, agent);
  const id = await ticketAbout(app, person.actor.id, { priority: 'urgent' });
  app.clock.advance(25 * minute);
  const risky = await ticketQueries.ticketFigures(app.deps, agent);
  expect(risky.atRisk).toBe(before.atRisk + 1);
  expect(risky.waitingByPriority[0]).toEqual({ priority: 'urgent', count: (before.waitingByPriority[0]?.count ?? 0) + 1 });
  const lead = colleague(app, 'support', true);
  await claim(app, lead, id);
  await act(app, lead, sendReply, { id, body: 'On it' });
  const after = await ticketQueries.ticketFigures(app.deps, lead);
  expect(after.mine).toBe(1);
  expect(after.firstResponse).toHaveLength(14);
  expect(after.firstResponse.some((day) => day.count > 0 && day.minutes !== null)).toBe(true);
});
