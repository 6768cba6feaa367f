import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { newId } from '../../../src/foundation/runtime/new-id.ts';
import { composeMessage } from '../../../src/modules/notifications/compose-message.ts';
import { onTicketChanged } from '../../../src/modules/notifications/on-ticket-changed.job.ts';
import { ticketCommands } from '../../../src/modules/support/index.ts';
import { system } from '../../audit/support/staff.ts';
import { startTestApp, type TestApp } from '../../support/app.ts';
import { type Person, registerPerson } from '../identity/people.ts';
import { act, claim, colleague, ownTicket, ticketAbout, ticketRow } from '../support/tickets/desk.ts';

let app: TestApp;
let person: Person;
beforeAll(async () => {
  app = await startTestApp({ RATE_LIMIT_SCALE: '100' });
  person = await registerPerson(app);
});
afterAll(() => app.stop());

/** What the worker does with one event of a ticket. */
async function hear(name: string, ticketId: string, actorType: string): Promise<void> {
  const { job } = onTicketChanged;
  const occurredAt = app.clock.now().toISOString();
  const event = { eventId: newId(), name: `support.ticket.${name}`, aggregateId: ticketId, actionId: null, occurredAt };
  const payload = job.payload.parse({ event: { ...event, payload: { ticketId, actorType } } });
  const run = { id: event.eventId, attempt: 0, isLastAttempt: false, signal: new AbortController().signal, send: async () => {} };
  await app.as(system, () => job.handle(payload, app.deps, run));
}

const sentTo = async (userId: string) =>
  (
    await app.deps.database.prisma.delivery.findMany({ where: { userId, template: { startsWith: 'ticket_' } }, orderBy: { id: 'asc' } })
  ).map((row) => row.template);

describe('a customer', () => {
  it('is told that it came in, of replies, of the end; and of nothing the system opened', async () => {
    const id = await ownTicket(app, person);
    await hear('opened', id, 'client');
    await hear('replied', id, 'staff');
    await hear('resolved', id, 'staff');
    await hear('closed', id, 'staff');
    await hear('closed', id, 'system:support.watch-tickets');
    await hear('customer_replied', id, 'client');
    await hear('opened', await ticketAbout(app, person.actor.id), 'system:support.on-not-me');
    await hear('opened', newId(), 'client');
    expect(await sentTo(person.actor.id)).toEqual(['ticket_received', 'ticket_reply', 'ticket_resolved', 'ticket_resolved']);
  });

  it('is not told of the end of a duplicate', async () => {
    const other = await registerPerson(app);
    const [id, into] = [await ownTicket(app, other), await ownTicket(app, other)];
    const lead = colleague(app, 'support', true);
    await claim(app, lead, into);
    await act(app, lead, ticketCommands.mergeTicket, { id, into: (await ticketRow(app, into)).number });
    await hear('closed', id, 'staff');
    expect(await sentTo(other.actor.id)).toEqual([]);
  });

  it('reads number and link, and never what was written', async () => {
    const id = await ownTicket(app, person, { body: 'My purple kaftan', title: 'About a kaftan' });
    const { number } = await ticketRow(app, id);
    const recipient = {
      userId: person.actor.id,
      channel: 'sms' as const,
      address: '+2347000000012',
      language: 'en',
      timezone: 'UTC',
      firstName: null,
      kind: 'client' as const,
    };
    const facts = { recipient: { userId: person.actor.id }, occurredAt: app.clock.now().toISOString(), ticketId: id };
    for (const template of ['ticket_received', 'ticket_reply', 'ticket_resolved'] as const) {
      const message = await composeMessage(template, { deps: app.deps, recipient, facts });
      expect(message?.sms).toContain(number);
      expect(message?.link).toBe(`${app.deps.config.storefrontUrl}/support/tickets/${id}`);
      expect(JSON.stringify(message)).not.toContain('kaftan');
      expect(await composeMessage(template, { deps: app.deps, recipient, facts: { ...facts, ticketId: newId() } })).toBeNull();
    }
  });
});
