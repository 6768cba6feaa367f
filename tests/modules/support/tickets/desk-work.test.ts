import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { previewCommand } from '../../../../src/foundation/command/run-command.ts';
import type { StaffActor } from '../../../../src/foundation/runtime/actor.ts';
import { forgetTicketsOf, ticketCommands, ticketQueries } from '../../../../src/modules/support/index.ts';
import { system } from '../../../audit/support/staff.ts';
import { startTestApp, type TestApp } from '../../../support/app.ts';
import { type Person, refusalCode, registerPerson, run } from '../../identity/people.ts';
import { act, claim, colleague, eventsOf, messagesOf, ownTicket, ticketAbout, ticketRow, why } from './desk.ts';

let app: TestApp;
let person: Person;
let support: StaffActor;
let assistant: StaffActor;
let lead: StaffActor;
beforeAll(async () => {
  app = await startTestApp({ RATE_LIMIT_SCALE: '100' });
  person = await registerPerson(app);
  support = colleague(app, 'support');
  assistant = colleague(app, 'assistant');
  lead = colleague(app, 'support', true);
});
afterAll(() => app.stop());

const { draftReply, discardDraft, sendReply, resolveTicket, triageTicket, escalateTicket, answerEscalation } = ticketCommands;
const { mergeTicket, addTicketNote, checkIdentity, openForCustomer, closeTicket } = ticketCommands;
const page = (actor: StaffActor, id: string) => app.as(actor, () => ticketQueries.ticketPage(app.deps, actor, id));

describe('an assistant', () => {
  it('drafts what support sends; both names are kept, and the customer sees the reply only', async () => {
    const agent = colleague(app, 'support');
    const id = await ownTicket(app, person);
    const { draftId } = await run(app, draftReply, { id, body: 'Hello, it is on its way.' }, { actor: assistant });
    await run(app, draftReply, { id, draftId, body: 'Hello, it comes on Monday.' }, { actor: assistant });
    expect((await ticketQueries.readOwnTicket(app.deps, person.actor.id, id)).messages).toHaveLength(1);
    expect(await refusalCode(act(app, assistant, sendReply, { id, body: 'x', draftId }))).toBe('forbidden');
    await claim(app, agent, id);
    await act(app, agent, sendReply, { id, body: 'Hello, it comes on Monday.', draftId });
    const [, sent] = await messagesOf(app, id);
    expect(sent).toMatchObject({ id: draftId, state: 'sent', authorId: agent.id, draftedBy: assistant.id });
    expect((await ticketQueries.readOwnTicket(app.deps, person.actor.id, id)).messages[1]?.body).toBe('Hello, it comes on Monday.');
    expect(await refusalCode(act(app, agent, sendReply, { id, body: 'again', draftId }))).toBe('transition_not_allowed');
    const shown = (await page(lead, id)).conversation.map(({ kind, author, draftedBy }) => ({ kind, author, draftedBy }));
    expect(shown[1]).toMatchObject({ kind: 'reply', draftedBy: 'A former colleague' });
  });

  it('sees what is assigned to them or in triage, and nothing that others hold', async () => {
    const agent = colleague(app, 'support');
    const [free, held] = [await ticketAbout(app, person.actor.id), await ticketAbout(app, person.actor.id)];
    await claim(app, agent, held);
    expect(await ticketQueries.mayReadTicket(app.deps, assistant, free)).toBe(true);
    expect(await ticketQueries.mayReadTicket(app.deps, assistant, held)).toBe(false);
    expect(await ticketQueries.mayReadTicket(app.deps, colleague(app, 'enhancer'), free)).toBe(false);
    expect(await refusalCode(page(assistant, held))).toBe('not_found');
    expect(await refusalCode(run(app, draftReply, { id: held, body: 'Hello' }, { actor: assistant }))).toBe('not_found');
    expect(await ticketQueries.isOwnCustomer(app.deps, assistant, person.actor.id)).toBe(true);
    expect(await ticketQueries.ownCustomerIds(app.deps, assistant)).toContain(person.actor.id);
    expect(await ticketQueries.isOwnCustomer(app.deps, colleague(app, 'reviewer'), person.actor.id)).toBe(false);
    const lines = await ticketQueries.ticketsOf(app.deps, person.actor.id, assistant);
    expect(lines.map((line) => line.id)).toContain(free);
    expect(lines.map((line) => line.id)).not.toContain(held);
    expect(await ticketQueries.countWaiting(app.deps, assistant)).toBeGreaterThan(0);
    expect(await ticketQueries.countWaiting(app.deps, colleague(app, 'auditor'))).toBe(0);
  });

  it('keeps finance to its own categories and what it was given', async () => {
    const finance = colleague(app, 'finance');
    const [general, refund] = [
      await ticketAbout(app, person.actor.id),
      await ticketAbout(app, person.actor.id, { category: 'refund_request' }),
    ];
    expect(await ticketQueries.mayReadTicket(app.deps, finance, general)).toBe(false);
    expect(await ticketQueries.mayReadTicket(app.deps, finance, refund)).toBe(true);
    expect(await refusalCode(claim(app, finance, general))).toBe('not_found');
  });
});

describe('drafts', () => {
  it('are changed by their author, dropped by author, holder or lead, and sent from once', async () => {
    const agent = colleague(app, 'support');
    const id = await ownTicket(app, person);
    const { draftId } = await run(app, draftReply, { id, body: 'Words' }, { actor: assistant });
    expect(await refusalCode(run(app, draftReply, { id, draftId, body: 'Mine now' }, { actor: support }))).toBe('forbidden');
    expect(await refusalCode(act(app, support, discardDraft, { id, draftId }))).toBe('forbidden');
    await act(app, lead, discardDraft, { id, draftId });
    expect(await refusalCode(act(app, lead, discardDraft, { id, draftId }))).toBe('transition_not_allowed');
    expect(await refusalCode(run(app, draftReply, { id, draftId, body: 'Back' }, { actor: assistant }))).toBe('transition_not_allowed');
    expect(await refusalCode(run(app, draftReply, { id, body: '  ' }, { actor: assistant }))).toBe('required');
    expect(await refusalCode(run(app, draftReply, { id, body: 'n'.repeat(5001) }, { actor: assistant }))).toBe('too_long');
    expect(await refusalCode(run(app, draftReply, { id, body: 'a\u0000b' }, { actor: assistant }))).toBe('invalid_value');
    await claim(app, agent, id);
    await act(app, agent, resolveTicket, { id, resolution: 'Done' });
    expect(await refusalCode(run(app, draftReply, { id, body: 'Late' }, { actor: support }))).toBe('transition_not_allowed');
  });
});

describe('sorting', () => {
  it('changes what is named, links tickets within reach, and says when nothing was different', async () => {
    const [id, other] = [await ticketAbout(app, person.actor.id), await ticketAbout(app, person.actor.id)];
    const { number } = await ticketRow(app, other);
    const input = { id, category: 'privacy', tags: ['Export', 'export'], linkedTicket: number.toLowerCase(), orderId: other };
    expect(await act(app, assistant, triageTicket, input)).toMatchObject({ isUnchanged: false });
    expect(await ticketRow(app, id)).toMatchObject({ category: 'privacy', tags: ['export'], linkedTicketId: other, orderId: other });
    expect(await act(app, assistant, triageTicket, input)).toMatchObject({ isUnchanged: true });
    await act(app, assistant, triageTicket, { id, linkedTicket: null, orderId: null, tags: [] });
    expect(await ticketRow(app, id)).toMatchObject({ tags: [], linkedTicketId: null, orderId: null });
    for (const linkedTicket of ['T-999999', (await ticketRow(app, id)).number])
      expect(await refusalCode(act(app, assistant, triageTicket, { id, linkedTicket }))).toBe('invalid_value');
    expect(await refusalCode(act(app, assistant, triageTicket, { id, priority: 'high' }, { expectedVersion: 1 }))).toBe('version_conflict');
    expect(await refusalCode(act(app, colleague(app, 'finance'), triageTicket, { id, priority: 'high' }))).toBe('forbidden');
    const shown = await app.as(lead, () => previewCommand(app.deps, triageTicket, { input: { id, priority: 'high' } }));
    expect(shown[0]).toContain('due times');
  });
});

describe('escalation', () => {
  it('has one open question, which a lead answers into the conversation', async () => {
    const id = await ownTicket(app, person);
    const both = await Promise.allSettled([1, 2, 3].map(() => act(app, assistant, escalateTicket, { id })));
    expect(both.filter((one) => one.status === 'fulfilled')).toHaveLength(1);
    expect(await ticketRow(app, id)).toMatchObject({ escalatedBy: assistant.id, escalationReason: why.text });
    expect(await refusalCode(act(app, support, answerEscalation, { id }))).toBe('forbidden');
    await act(app, lead, answerEscalation, { id }, { reason: { code: 'policy', text: 'Pay it back in full today' } });
    expect(await ticketRow(app, id)).toMatchObject({ escalationAnsweredBy: lead.id, escalatedTo: lead.id });
    expect(await refusalCode(act(app, lead, answerEscalation, { id }))).toBe('transition_not_allowed');
    const { conversation, escalation } = await page(lead, id);
    expect(conversation.at(-1)).toMatchObject({ kind: 'note', body: 'Pay it back in full today', isOwn: true });
    expect(escalation?.answeredAt).toEqual(app.clock.now());
    await act(app, assistant, escalateTicket, { id });
    expect((await ticketRow(app, id)).escalationAnsweredAt).toBeNull();
    expect((await eventsOf(app, id)).filter((name) => name === 'escalated')).toHaveLength(2);
  });
});

describe('merging', () => {
  it('ends a duplicate of the same person; its conversation is read in the other', async () => {
    const agent = colleague(app, 'support');
    const [id, into] = [await ownTicket(app, person, { body: 'Second time' }), await ownTicket(app, person, { body: 'First time' })];
    const { number } = await ticketRow(app, into);
    const { draftId } = await run(app, draftReply, { id, body: 'Words' }, { actor: assistant });
    expect(await refusalCode(act(app, agent, mergeTicket, { id, into: number }))).toBe('forbidden');
    await claim(app, agent, into);
    const { number: own } = await ticketRow(app, id);
    expect(await refusalCode(act(app, agent, mergeTicket, { id, into: own }))).toBe('invalid_value');
    expect(await refusalCode(act(app, agent, mergeTicket, { id, into: 'T-999999' }))).toBe('invalid_value');
    const stranger = await registerPerson(app);
    const theirs = await ticketRow(app, await ownTicket(app, stranger));
    expect(await refusalCode(act(app, lead, mergeTicket, { id, into: theirs.number }))).toBe('invalid_value');
    await act(app, agent, mergeTicket, { id, into: number.toLowerCase() });
    expect(await ticketRow(app, id)).toMatchObject({ status: 'closed', mergedIntoId: into, linkedTicketId: into });
    expect((await messagesOf(app, id)).find((message) => message.id === draftId)?.state).toBe('discarded');
    const read = await page(agent, into);
    expect(read.conversation.map(({ body, from }) => [body, from])).toEqual([
      ['Second time', own],
      ['First time', null],
    ]);
    expect(read.merged).toHaveLength(1);
    expect((await page(agent, id)).mergedInto?.number).toBe(number);
    expect(await refusalCode(act(app, lead, mergeTicket, { id, into: number }))).toBe('transition_not_allowed');
    const held = await ownTicket(app, person);
    await claim(app, colleague(app, 'support'), held);
    expect(await refusalCode(act(app, agent, mergeTicket, { id: held, into: number }))).toBe('claimed_by_other');
    await act(app, lead, mergeTicket, { id: held, into: number });
  });
});

describe('notes, checks and tickets opened for a caller', () => {
  it('are for staff only, and mentions are told', async () => {
    const id = await ownTicket(app, person);
    const { messageId } = await run(app, addTicketNote, { id, body: 'Called twice', mentions: [lead.id] }, { actor: assistant });
    const event = await app.deps.database.prisma.outboxEvent.findFirst({ where: { name: 'support.note.mentioned', aggregateId: id } });
    expect(event?.payload).toMatchObject({ noteId: messageId, userIds: [lead.id] });
    expect((await ticketQueries.readOwnTicket(app.deps, person.actor.id, id)).messages).toHaveLength(1);
    expect(await refusalCode(run(app, addTicketNote, { id, body: 'x' }, { actor: colleague(app, 'auditor') }))).toBe('forbidden');
  });

  it('keep which questions were passed, never an answer', async () => {
    const id = await ownTicket(app, person);
    expect(await refusalCode(act(app, support, checkIdentity, { id, passed: ['name', 'name'] }))).toBe('too_short');
    expect(await refusalCode(act(app, assistant, checkIdentity, { id, passed: ['name', 'country'] }))).toBe('forbidden');
    expect(await act(app, support, checkIdentity, { id, passed: ['name', 'country'] })).toEqual({ passed: 2 });
    expect((await page(support, id)).checklist.map(({ item }) => item)).toEqual(['name', 'country']);
  });

  it('wait in the queue unseen by the customer until the first reply', async () => {
    const { memberId } = await app.deps.database.prisma.user.findUniqueOrThrow({ where: { id: person.actor.id } });
    const input = { customer: memberId.toLowerCase(), category: 'general', priority: 'high', title: 'Called about shoes', body: 'Size 40' };
    const { ticketId } = await run(app, openForCustomer, input, { actor: assistant });
    expect(await refusalCode(ticketQueries.readOwnTicket(app.deps, person.actor.id, ticketId))).toBe('not_found');
    const agent = colleague(app, 'support');
    await claim(app, agent, ticketId);
    await act(app, agent, sendReply, { id: ticketId, body: 'We have them' });
    expect((await ticketQueries.readOwnTicket(app.deps, person.actor.id, ticketId)).messages).toHaveLength(1);
    const bare = { subjectUserId: person.actor.id, category: 'general', priority: 'low', title: 'A call' };
    expect((await run(app, openForCustomer, bare, { actor: support })).number).toMatch(/^T-\d+$/);
    for (const customer of ['FASTAR999999', support.id])
      expect(await refusalCode(run(app, openForCustomer, { ...input, customer }, { actor: support }))).toBe('invalid_value');
    expect(await refusalCode(run(app, openForCustomer, { ...bare, subjectUserId: undefined }, { actor: support }))).toBe('required');
  });

  it('fill macros with the words of the ticket and find tickets by number and title', async () => {
    const id = await ownTicket(app, person, { category: 'refund_request', title: 'Refund of a cap 100%' });
    const { number } = await ticketRow(app, id);
    const { macros, person: who, colleagues } = await page(lead, id);
    expect(macros[0]).toMatchObject({ isOfCategory: true });
    expect(macros[0]?.body).toContain(number);
    expect(macros[0]?.body).toContain('Ngozi');
    expect(who).toMatchObject({ firstName: 'Ngozi', id: person.actor.id });
    expect(colleagues).toEqual(expect.any(Array));
    const found = (text: string) => ticketQueries.searchTickets(app.deps, support, { text, limit: 5 });
    expect((await found(number)).map((line) => line.id)).toEqual([id]);
    expect((await found('a cap 100%')).map((line) => line.id)).toEqual([id]);
    expect(await found('a_cap')).toEqual([]);
    expect(await found('ab')).toEqual([]);
  });
});

it('erasure deletes every message and closes what was open', async () => {
  const leaving = await registerPerson(app);
  const [open, resolved] = [await ownTicket(app, leaving), await ownTicket(app, leaving)];
  const agent = colleague(app, 'support');
  await claim(app, agent, resolved);
  await act(app, agent, resolveTicket, { id: resolved, resolution: 'Done' });
  const { resolvedAt } = await ticketRow(app, resolved);
  app.clock.advance(60);
  const forget = () => app.as(system, () => forgetTicketsOf(app.deps, { userId: leaving.actor.id }));
  expect((await forget()).rows).toEqual({ 'support.ticket_message': 2 });
  expect(await ticketRow(app, open)).toMatchObject({ status: 'closed', assignedTo: null });
  expect(await ticketRow(app, resolved)).toMatchObject({ status: 'closed', resolvedAt });
  expect((await forget()).rows).toEqual({ 'support.ticket_message': 0 });
  expect(await refusalCode(act(app, lead, closeTicket, { id: open }))).toBe('transition_not_allowed');
});
