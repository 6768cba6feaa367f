import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import type { RoleGrant } from '../../../src/foundation/access/roles.ts';
import { runCommand } from '../../../src/foundation/command/run-command.ts';
import { AppError } from '../../../src/foundation/errors/app-error.ts';
import { newId } from '../../../src/foundation/runtime/new-id.ts';
import { runInContext, systemContext } from '../../../src/foundation/runtime/request-context.ts';
import { systemCommands } from '../../../src/modules/identity/index.ts';
import { noticeCommands, noticeQueries, notificationJobs, notificationSubscriptions } from '../../../src/modules/notifications/index.ts';
import { tidyNoticesJob } from '../../../src/modules/notifications/staff-notices/tidy-notices.job.ts';
import { systemCommands as support } from '../../../src/modules/support/index.ts';
import { requestContext, staffActor } from '../../support/app.ts';
import { createInbox, type Inbox } from '../../support/inbox.ts';
import { createJobBench, type JobBench } from '../../support/job-bench.ts';

const password = 'blue okra sings late';
let bench: JobBench;
let inbox: Inbox;
const people = new Map<string, string>();

const bySystem = <T>(work: () => Promise<T>): Promise<T> => runInContext(systemContext('test', 'cli'), work);
const id = (name: string): string => people.get(name) ?? '';
const mailOf = (name: string): string => `${name}@staff.example.com`;

async function addStaff(name: string, grant: Pick<RoleGrant, 'role'> & { isLead?: boolean }): Promise<void> {
  const input = { email: mailOf(name), password, firstName: name, lastName: 'Obi', grants: [grant] };
  const { output } = await bySystem(() => runCommand(bench.deps, systemCommands.createStaffAccount, { input }));
  people.set(name, output.userId);
}

async function noticesOf(name: string, kind?: string) {
  const rows = await bench.deps.database.prisma.staffNotice.findMany({ where: { staffUserId: id(name), ...(kind ? { kind } : {}) } });
  return rows.map(({ title, resource, recordId }) => ({ title, resource, recordId }));
}

const told = (name: string, kind: string, count = 1) => bench.until(async () => (await noticesOf(name, kind)).length >= count);

async function emit(name: string, payload: Record<string, string | number | readonly string[]>): Promise<string> {
  const [eventId = ''] = await bench.emit({ name, aggregateId: null, payload });
  return eventId;
}

beforeAll(async () => {
  bench = await createJobBench({ jobs: notificationJobs, subscriptions: notificationSubscriptions });
  inbox = createInbox(bench.deps);
  await addStaff('support', { role: 'support' });
  await addStaff('second', { role: 'support' });
  await addStaff('assistant', { role: 'assistant' });
  await addStaff('lead', { role: 'support', isLead: true });
  await addStaff('admin', { role: 'admin' });
  await addStaff('auditor', { role: 'auditor' });
  await addStaff('enhancer', { role: 'enhancer' });
  const input = { email: 'musa@shop.example.com', password, firstName: 'Musa', lastName: 'Sani' };
  const { output } = await bySystem(() => runCommand(bench.deps, systemCommands.registerVerified, { input }));
  people.set('customer', output.userId);
  await bench.runtime().start();
});
afterAll(() => bench.stop());

async function openTicket(assignee: string | null): Promise<string> {
  const ticketId = newId();
  const input = {
    id: ticketId,
    category: 'account_access' as const,
    priority: 'urgent' as const,
    title: 'Musa cannot sign in',
    subjectUserId: id('customer'),
  };
  await bySystem(() => runCommand(bench.deps, support.openTicketCommand, { input }));
  if (assignee) {
    const data = { assignedTo: id(assignee), status: 'in_progress' as const, claimExpiresAt: null };
    await bySystem(async () => bench.deps.database.prisma.ticket.updateMany({ where: { id: ticketId }, data }));
  }
  return ticketId;
}

describe('what the inbox of staff says of tickets', () => {
  it('tells the assignee once, also when the event comes again, and never what the customer wrote', async () => {
    const ticketId = await openTicket('support');
    const event = { name: 'support.ticket.assigned', aggregateId: ticketId, payload: { ticketId, assigneeId: id('support') } };
    await bench.emit(event);
    await told('support', 'assigned');
    const job = notificationJobs.find(({ queue }) => queue === 'notifications.on-staff-event');
    const stored = await bench.deps.database.prisma.outboxEvent.findFirstOrThrow({ where: { name: event.name } });
    const again = { eventId: stored.id, ...event, actionId: null, occurredAt: stored.occurredAt.toISOString() };
    const run = { id: stored.id, attempt: 1, isLastAttempt: false, signal: new AbortController().signal, send: async () => undefined };
    await bySystem(async () => job?.handle({ event: again }, bench.deps, run));
    const notices = await noticesOf('support', 'assigned');
    expect(notices).toHaveLength(1);
    expect(notices[0]).toMatchObject({ resource: 'Ticket', recordId: ticketId });
    expect(notices[0]?.title).toMatch(/^Ticket T-\d+ is yours now \(account access, urgent\)$/);
    expect(await inbox.items(mailOf('support'))).toEqual([]);
  });

  it('a breach reaches the assignee and the leads, in the inbox and by one mail each, without the customer', async () => {
    const ticketId = await openTicket('support');
    const eventId = await emit('support.ticket.sla_breached', { ticketId, assigneeId: id('support') });
    await told('lead', 'sla_breached');
    await told('support', 'sla_breached');
    for (const name of ['support', 'lead', 'admin']) {
      const mail = await inbox.wait(mailOf(name), { template: 'staff_notice' });
      expect(mail.subject).toMatch(/^Ticket T-\d+ is late/);
      expect(mail.link).toBe(`${bench.deps.config.publicUrl}/admin/resources/Ticket/records/${ticketId}/show`);
      expect(`${mail.subject} ${mail.text}`).not.toMatch(/Musa|Sani|shop\.example/);
    }
    expect(await noticesOf('second', 'sla_breached')).toEqual([]);
    const sent = await bench.deps.database.prisma.delivery.findMany({ where: { eventId, template: 'staff_notice' } });
    expect(new Set(sent.map(({ userId }) => userId)).size).toBe(sent.length);
    expect(sent.length).toBeGreaterThanOrEqual(3);
  });

  it('a ticket that nobody holds is the leads business', async () => {
    const ticketId = await openTicket(null);
    await emit('support.ticket.sla_at_risk', { ticketId });
    await told('lead', 'sla_at_risk');
    expect(await noticesOf('support', 'sla_at_risk')).toEqual([]);
  });

  it('an escalation reaches those who may answer it', async () => {
    const ticketId = await openTicket('assistant');
    await emit('support.ticket.escalated', { ticketId, assigneeId: id('assistant') });
    await bench.until(async () => (await noticesOf('lead', 'assigned')).some(({ recordId }) => recordId === ticketId));
    expect((await noticesOf('assistant', 'assigned')).filter(({ recordId }) => recordId === ticketId)).toEqual([]);
  });
});

describe('who is mentioned', () => {
  it('is told only where they may open the record: by role, or by a ticket of their own about the person', async () => {
    const noteId = newId();
    await bySystem(async () =>
      bench.deps.database.prisma.note.createMany({
        data: {
          id: noteId,
          subjectType: 'user',
          subjectId: id('customer'),
          bodyEnc: new Uint8Array(40),
          authorId: id('admin'),
          lockedAt: bench.clock.now(),
          createdAt: bench.clock.now(),
        },
      }),
    );
    await bySystem(async () => bench.deps.database.prisma.ticket.deleteMany({}));
    const userIds = ['support', 'assistant', 'enhancer', 'admin', 'customer'].map(id);
    await emit('support.note.mentioned', { noteId, userIds });
    await told('support', 'mention');
    for (const name of ['assistant', 'enhancer', 'admin']) expect(await noticesOf(name, 'mention')).toEqual([]);
    await openTicket('assistant');
    await emit('support.note.mentioned', { noteId, userIds });
    await told('assistant', 'mention');
    expect(await noticesOf('enhancer', 'mention')).toEqual([]);
    expect((await noticesOf('assistant', 'mention'))[0]).toMatchObject({ resource: 'User', recordId: id('customer') });
  });
});

describe('what waits for a second person', () => {
  it('reaches whoever the matrix lets approve it, and nobody else, and the answer goes to the requester', async () => {
    const requestId = newId();
    const data = {
      id: requestId,
      kind: 'mfa_reset' as const,
      subjectUserId: id('customer'),
      subjectId: id('customer'),
      requestedBy: id('lead'),
      reason: 'The phone is lost',
      expiresAt: new Date(bench.clock.now().getTime() + 3_600_000),
    };
    await bySystem(async () => bench.deps.database.prisma.approvalRequest.createMany({ data }));
    await emit('support.approval.requested', { approvalId: requestId, kind: 'mfa_reset' });
    await told('admin', 'approval_waiting');
    // The lead could approve others' requests; this one is their own. Support may only ask.
    for (const name of ['lead', 'support', 'auditor']) expect(await noticesOf(name, 'approval_waiting')).toEqual([]);
    await emit('support.approval.denied', { approvalId: requestId, kind: 'mfa_reset' });
    await told('lead', 'approval_result');
    expect((await noticesOf('lead', 'approval_result'))[0]?.title).toBe('Your request was denied: reset of the second factor');
  });
});

describe('what the system says', () => {
  it('a verification that found something reaches administrators and auditors, with a mail', async () => {
    await emit('audit.verify.failed', { faults: 2, kind: 'row', seq: 7 });
    for (const name of ['admin', 'auditor']) {
      await told(name, 'verify_failed');
      await bench.until(async () => (await inbox.items(mailOf(name))).some(({ subject }) => subject?.includes('found 2 faults')));
    }
    expect(await noticesOf('support', 'verify_failed')).toEqual([]);
  });

  it('sealing that falls behind reaches the same people, and names what waits', async () => {
    await emit('audit.seal.lagging', { minutes: 3, rows: 40 });
    for (const name of ['admin', 'auditor']) {
      await bench.until(async () => (await noticesOf(name, 'verify_failed')).some(({ title }) => title.endsWith('waits for 3 minutes')));
    }
    expect(await noticesOf('support', 'verify_failed')).toEqual([]);
  });

  it('the hourly doctor is told once a day, dead letters as a kind of their own', async () => {
    await emit('audit.doctor.failed', { problems: 2, kinds: ['dead_letters', 'trigger_missing'] });
    await told('admin', 'dead_letter');
    await bench.until(async () => (await noticesOf('auditor', 'verify_failed')).length === 3);
    const eventId = await emit('audit.doctor.failed', { problems: 2, kinds: ['dead_letters', 'trigger_missing'] });
    await bench.until(async () => bench.deps.database.prisma.outboxEvent.findFirst({ where: { id: eventId, publishedAt: { not: null } } }));
    await emit('support.ticket.sla_at_risk', { ticketId: await openTicket('second') });
    await told('second', 'sla_at_risk');
    expect(await noticesOf('auditor', 'verify_failed')).toHaveLength(3);
    expect(await noticesOf('admin', 'dead_letter')).toHaveLength(1);
    // The auditor looks at queues and retries nothing.
    expect(await noticesOf('auditor', 'dead_letter')).toEqual([]);
  });

  it('a quota that is nearly used is told to the person and to their lead; one that is used up to the lead', async () => {
    const payload = { staffUserId: id('assistant'), kind: 'people', used: 160, limit: 200 };
    await emit('platform.quota.nearly_used', payload);
    await told('assistant', 'quota_80');
    await told('lead', 'quota_80');
    expect((await noticesOf('assistant', 'quota_80'))[0]?.title).toBe('You used 160 of the 200 people you may open today');
    expect((await noticesOf('lead', 'quota_80'))[0]).toMatchObject({ resource: 'Staff', recordId: id('assistant') });
  });

  it.each([
    ['insight.case.opened', () => ({ caseId: newId(), score: 91 }), 'lead', 'anomaly_opened'],
    [
      'identity.grant.expiring',
      () => ({ userId: id('second'), role: 'support', grantId: newId(), daysLeft: 3 }),
      'second',
      'grant_expiring',
    ],
    ['identity.grant.unconfirmed', () => ({ userId: id('support'), role: 'support', grantId: newId() }), 'support', 'grant_expiring'],
    ['identity.grant.broke_glass', () => ({ userId: id('support'), role: 'admin', grantId: newId() }), 'auditor', 'anomaly_opened'],
    ['identity.access_review.due_soon', () => ({ reviewId: newId() }), 'lead', 'access_review_due'],
    ['platform.job.dead_lettered', () => ({ queue: 'reference.refresh' }), 'admin', 'dead_letter'],
  ] as const)('%s is told', async (name, payload, who, kind) => {
    bench.clock.advance(7_200);
    await emit(name, payload());
    await told(who, kind);
  });

  it('an event of which it lacks the ids is passed over', async () => {
    await emit('support.ticket.assigned', { number: 7 });
    await emit('support.approval.requested', { approvalId: newId() });
    await emit('support.privacy.due_soon', { requestId: newId() });
    await emit('support.note.mentioned', { noteId: newId(), userIds: [id('support')] });
    await emit('platform.quota.exceeded', { staffUserId: id('assistant'), kind: 'reveals', used: 30, limit: 30 });
    await bench.until(async () => (await noticesOf('lead', 'quota_80')).some(({ title }) => title.includes('refused more')));
    expect(bench.logs.filter((line) => line.includes('job.failed'))).toEqual([]);
  });
});

describe('the inbox itself', () => {
  const as = <T>(name: string, work: () => Promise<T>): Promise<T> => {
    const actor = { ...staffActor({ role: 'support', isLead: false }, bench.clock.now()), id: id(name) };
    return runInContext(requestContext(actor), work);
  };

  it('marks own notices only, one or all up to the newest that was seen', async () => {
    const before = await noticeQueries.unreadNotices(bench.deps, id('support'));
    const { notices } = await noticeQueries.listNotices(bench.deps, {
      staffUserId: id('support'),
      isUnread: true,
      kind: null,
      before: null,
      limit: 2,
    });
    const ids = notices.map((notice) => notice.id);
    const foreign = await as('second', () => runCommand(bench.deps, noticeCommands.markNoticesRead, { input: { ids } }));
    expect(foreign.output).toEqual({ marked: 0, isUnchanged: true });
    const own = await as('support', () => runCommand(bench.deps, noticeCommands.markNoticesRead, { input: { ids: ids.slice(0, 1) } }));
    expect(own.output.marked).toBe(1);
    const again = await as('support', () => runCommand(bench.deps, noticeCommands.markNoticesRead, { input: { ids: ids.slice(0, 1) } }));
    expect(again.output.isUnchanged).toBe(true);
    expect(await noticeQueries.unreadNotices(bench.deps, id('support'))).toBe(before - 1);
    await as('support', () => runCommand(bench.deps, noticeCommands.markNoticesRead, { input: { upTo: ids[0] ?? '' } }));
    expect(await noticeQueries.unreadNotices(bench.deps, id('support'))).toBe(0);
  });

  it('pages by id and filters by kind', async () => {
    const asked = { staffUserId: id('lead'), isUnread: false, kind: null, limit: 2 } as const;
    const first = await noticeQueries.listNotices(bench.deps, { ...asked, before: null });
    expect(first.notices).toHaveLength(2);
    const second = await noticeQueries.listNotices(bench.deps, { ...asked, before: first.next });
    expect(new Set([...first.notices, ...second.notices].map((notice) => notice.id)).size).toBe(
      first.notices.length + second.notices.length,
    );
    const one = await noticeQueries.listNotices(bench.deps, { ...asked, kind: 'approval_result', before: null });
    expect(one.notices.every(({ kind }) => kind === 'approval_result')).toBe(true);
    expect(one.next).toBeNull();
  });

  it('a kind that was switched off is not told; what everybody must see stays', async () => {
    const set = (kind: string, inApp: boolean, email: boolean) =>
      as('second', () => runCommand(bench.deps, noticeCommands.setNoticePreference, { input: { kind: kind as 'assigned', inApp, email } }));
    await set('assigned', false, true);
    expect((await set('verify_failed', false, false)).output).toEqual({ inApp: true, email: false });
    const ticketId = await openTicket('second');
    await emit('support.ticket.assigned', { ticketId, assigneeId: id('second') });
    expect((await inbox.wait(mailOf('second'), { template: 'staff_notice' })).subject).toMatch(/is yours now|ends/);
    await bench.until(async () => (await inbox.items(mailOf('second'))).some(({ subject }) => subject?.includes('is yours now')));
    expect((await noticesOf('second', 'assigned')).filter(({ recordId }) => recordId === ticketId)).toEqual([]);
    const chosen = await noticeQueries.noticePreferences(bench.deps, id('second'));
    expect(chosen.find(({ kind }) => kind === 'assigned')).toMatchObject({ inApp: false, email: true, isFixed: false });
    expect(chosen.find(({ kind }) => kind === 'verify_failed')).toMatchObject({ inApp: true, email: false, isFixed: true });
    await expect(set('everything', true, true)).rejects.toBeInstanceOf(AppError);
  });

  it('is for staff alone', async () => {
    const run = () => bySystem(() => runCommand(bench.deps, noticeCommands.markNoticesRead, { input: { upTo: newId() } }));
    await expect(run()).rejects.toMatchObject({ code: 'forbidden' });
  });

  it('forgets after 90 days', async () => {
    bench.clock.advance(91 * 86_400);
    const run = { id: newId(), attempt: 0, isLastAttempt: false, signal: new AbortController().signal, send: async () => undefined };
    await bySystem(async () => tidyNoticesJob.handle({}, bench.deps, run));
    expect(await bench.deps.database.prisma.staffNotice.count()).toBe(0);
  });
});
