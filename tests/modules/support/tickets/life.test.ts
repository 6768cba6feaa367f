import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import type { StaffActor } from '../../../../src/foundation/runtime/actor.ts';
import { ticketCommands, ticketQueries } from '../../../../src/modules/support/index.ts';
import { closeResolved } from '../../../../src/modules/support/tickets/close.ts';
import { system } from '../../../audit/support/staff.ts';
import { startTestApp, type TestApp } from '../../../support/app.ts';
import { type Person, refusalCode, registerPerson, run } from '../../identity/people.ts';
import { act, claim, colleague, eventsOf, messagesOf, ownTicket, reply, ticketRow } from './desk.ts';

let app: TestApp;
let person: Person;
let support: StaffActor;
beforeAll(async () => {
  app = await startTestApp({ RATE_LIMIT_SCALE: '100' });
  person = await registerPerson(app);
  support = colleague(app, 'support');
});
afterAll(() => app.stop());

const { sendReply, replyAndWait, resolveTicket, closeTicket, releaseTicket } = ticketCommands;

describe('the life of a ticket', () => {
  it('goes from the customer to the desk and back, and closes for good', async () => {
    const id = await ownTicket(app, person);
    expect(await ticketRow(app, id)).toMatchObject({ status: 'open', priority: 'medium', assignedTo: null, version: 1 });
    await claim(app, support, id);
    expect(await ticketRow(app, id)).toMatchObject({ status: 'in_progress', assignedTo: support.id });
    expect(await act(app, support, sendReply, { id, body: ' We are looking. ' })).toMatchObject({ status: 'in_progress' });
    expect((await ticketRow(app, id)).firstRespondedAt).toEqual(app.clock.now());
    await act(app, support, replyAndWait, { id, body: 'Which order is it?', for: 'customer' });
    expect(await ticketRow(app, id)).toMatchObject({ status: 'awaiting_customer', pausedAt: app.clock.now(), claimExpiresAt: null });
    await reply(app, person, id);
    expect(await ticketRow(app, id)).toMatchObject({ status: 'in_progress', assignedTo: support.id, pausedAt: null });
    await act(app, support, resolveTicket, { id, body: 'It comes tomorrow.', resolution: 'Carrier found it' });
    expect(await ticketRow(app, id)).toMatchObject({ status: 'resolved', resolution: 'Carrier found it', resolvedAt: app.clock.now() });
    app.clock.advance(7 * 24 * 3600);
    expect(await run(app, closeResolved, {}, { actor: system })).toEqual({ closed: 1 });
    expect(await run(app, closeResolved, {}, { actor: system })).toEqual({ closed: 0 });
    expect(await ticketRow(app, id)).toMatchObject({ status: 'closed', closedAt: app.clock.now() });
    expect(await refusalCode(reply(app, person, id))).toBe('ticket_closed');
    expect(await eventsOf(app, id)).toEqual(['opened', 'assigned', 'replied', 'replied', 'customer_replied', 'resolved', 'closed']);
    const { messages } = await ticketQueries.readOwnTicket(app.deps, person.actor.id, id);
    expect(messages.map(({ from, body }) => `${from}: ${body}`)).toEqual([
      'customer: It should have come on Friday.',
      'support: We are looking.',
      'support: Which order is it?',
      'customer: Here is what you asked for.',
      'support: It comes tomorrow.',
    ]);
  });

  it('keeps the words encrypted, and only their length in the audit', async () => {
    const id = await ownTicket(app, person, { body: 'My purple kaftan never came.' });
    const [stored] = await messagesOf(app, id);
    expect(Buffer.from(stored?.bodyEnc ?? []).toString('latin1')).not.toContain('kaftan');
    const { rows } = await app.deps.database.pool.query('SELECT id FROM audit.action WHERE $1 = ANY (record_ids)', [stored?.id]);
    const values = await app.deps.database.pool.query('SELECT body FROM audit.read_values($1::uuid[])', [[rows[0].id]]);
    expect(values.rows[0].body).toContain('public message of 28 characters');
    expect(values.rows[0].body).not.toContain('kaftan');
  });

  it('opens again by an answer within seven days, with whoever had it, and not a moment later', async () => {
    const [first, second] = [await ownTicket(app, person), await ownTicket(app, person)];
    for (const id of [first, second]) {
      await claim(app, support, id);
      await act(app, support, resolveTicket, { id, resolution: 'Told them' });
    }
    app.clock.advance(7 * 24 * 3600 - 1);
    await reply(app, person, first);
    expect(await ticketRow(app, first)).toMatchObject({
      status: 'in_progress',
      assignedTo: support.id,
      resolution: null,
      resolvedAt: null,
    });
    expect((await eventsOf(app, first)).at(-1)).toBe('reopened');
    app.clock.advance(1);
    expect(await refusalCode(reply(app, person, second))).toBe('ticket_closed');
  });

  it('allows no step that the table does not have', async () => {
    const id = await ownTicket(app, person);
    const lead = colleague(app, 'support', true);
    const other = colleague(app, 'support');
    expect(await refusalCode(act(app, lead, sendReply, { id, body: 'Hello' }))).toBe('transition_not_allowed');
    expect(await refusalCode(act(app, lead, replyAndWait, { id, body: 'Hello', for: 'vendor' }))).toBe('transition_not_allowed');
    expect(await refusalCode(act(app, lead, resolveTicket, { id, resolution: 'Done' }))).toBe('transition_not_allowed');
    expect(await refusalCode(act(app, lead, closeTicket, { id }))).toBe('transition_not_allowed');
    expect(await refusalCode(act(app, lead, releaseTicket, { id }))).toBe('transition_not_allowed');
    await claim(app, other, id);
    await act(app, other, replyAndWait, { id, body: 'Asked the vendor', for: 'vendor' });
    expect(await refusalCode(claim(app, colleague(app, 'support'), id))).toBe('transition_not_allowed');
    expect(await refusalCode(act(app, other, replyAndWait, { id, body: 'Again', for: 'vendor' }))).toBe('transition_not_allowed');
    expect(await act(app, other, sendReply, { id, body: 'Still waiting' })).toMatchObject({ status: 'awaiting_vendor' });
    await reply(app, person, id);
    await act(app, other, resolveTicket, { id, resolution: 'Done' });
    expect(await refusalCode(act(app, other, closeTicket, { id }))).toBe('forbidden');
    await act(app, lead, closeTicket, { id });
    expect((await ticketRow(app, id)).status).toBe('closed');
  });

  it('is written on the version that was seen', async () => {
    const id = await ownTicket(app, person);
    await claim(app, colleague(app, 'support'), id);
    const holder = { ...support, id: (await ticketRow(app, id)).assignedTo ?? '' };
    expect(await refusalCode(act(app, holder, sendReply, { id, body: 'Hello' }, { expectedVersion: 1 }))).toBe('version_conflict');
    expect(await refusalCode(run(app, sendReply, { id, body: 'Hello' }, { actor: holder }))).toBe('required');
    expect(await messagesOf(app, id)).toHaveLength(1);
  });
});
