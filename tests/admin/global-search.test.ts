import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { auditedFilter, typedKind } from '../../src/admin/search/typed-text.ts';
import { runCommand } from '../../src/foundation/command/run-command.ts';
import { newId } from '../../src/foundation/runtime/new-id.ts';
import { systemCommands } from '../../src/modules/identity/index.ts';
import { systemCommands as support } from '../../src/modules/support/index.ts';
import { openSql } from '../support/sql.ts';
import type { AdminClient } from './support/admin-client.ts';
import type { BackOffice, Person } from './support/back-office.ts';
import { startWholeOffice } from './support/whole-office.ts';

type Group = { resource: string; items: { id: string; title: string; detail: string | null }[]; hasMore: boolean };

const phone = '+2348030001122';
const email = 'chioma.eze@shop.example.com';
let office: BackOffice;
const staff = new Map<string, { person: Person; client: AdminClient }>();
let chioma: string;
let caller: string;
let ticketId: string;
const orderId = newId();

const bySystem = <T>(work: () => Promise<T>): Promise<T> => office.app.as({ kind: 'system', name: 'seed' }, work);

async function addCustomer(input: object): Promise<string> {
  const given = { kind: 'client' as const, password: 'kites over third mainland', countryCode: 'NG', ...input };
  const made = await bySystem(() => runCommand(office.app.deps, systemCommands.registerVerified, { input: given }));
  return made.output.userId;
}

async function find(role: string, text: string): Promise<Group[]> {
  const answer = await staff.get(role)?.client.get(`/admin/api/search?q=${encodeURIComponent(text)}`);
  expect(answer?.status, answer?.text).toBe(200);
  return answer?.json.groups as Group[];
}

const idsOf = (groups: readonly Group[], resource: string) =>
  groups.find((group) => group.resource === resource)?.items.map(({ id }) => id) ?? [];

beforeAll(async () => {
  office = await startWholeOffice();
  for (const role of ['support', 'assistant', 'enhancer', 'admin', 'auditor'] as const) {
    const person = await office.addStaff(role, { firstName: role === 'enhancer' ? 'Chioma' : 'Ada' });
    staff.set(role, { person, client: await office.signedIn(person) });
  }
  chioma = await addCustomer({ email, firstName: 'Chioma', lastName: 'Eze' });
  caller = await addCustomer({ phone, firstName: 'Bola', lastName: 'Ade' });
  for (const lastName of ['Ayo', 'Bello', 'Chukwu', 'Danjuma', 'Efe', 'Femi'])
    await addCustomer({ email: `${lastName}@shop.example.com`, firstName: 'Ngozi', lastName });
  ticketId = newId();
  const input = {
    id: ticketId,
    category: 'general' as const,
    priority: 'low' as const,
    title: 'Blue dress never came',
    subjectUserId: chioma,
    orderId,
  };
  await bySystem(() => runCommand(office.app.deps, support.openTicketCommand, { input }));
}, 120_000);
afterAll(() => office.stop());

describe('the search box', () => {
  it('finds a person by a whole email, by the number as people say it, by member id and by id', async () => {
    expect(idsOf(await find('support', email.toUpperCase()), 'User')).toEqual([chioma]);
    for (const typed of ['08030001122', '+234 803 000 1122', '2348030001122', '0803 000 1122']) {
      expect(idsOf(await find('support', typed), 'User'), typed).toEqual([caller]);
    }
    const user = await office.app.deps.database.prisma.user.findUniqueOrThrow({ where: { id: chioma } });
    expect(idsOf(await find('support', user.memberId.toLowerCase()), 'User')).toEqual([chioma]);
    expect(idsOf(await find('support', chioma), 'User')).toEqual([chioma]);
  });

  it('finds names by part, at most five of a kind, and says that there are more', async () => {
    const groups = await find('support', 'ngoz');
    const people = groups.find(({ resource }) => resource === 'User');
    expect(people?.items).toHaveLength(5);
    expect(people?.hasMore).toBe(true);
    expect((await find('support', 'zz no such name zz')).length).toBe(0);
    expect(await find('support', 'n')).toEqual([]);
  });

  it('shows contacts masked', async () => {
    const [group] = await find('support', email);
    expect(group?.items[0]).toMatchObject({ title: 'Chioma Eze' });
    expect(group?.items[0]?.detail).toMatch(/^FASTAR\d+, c•••@.*, client$/);
    expect(JSON.stringify(group)).not.toContain(email);
  });

  it('finds a ticket by its number, a part of its title and the order it is about', async () => {
    const { number } = await office.app.deps.database.prisma.ticket.findUniqueOrThrow({ where: { id: ticketId } });
    for (const typed of [number, 'blue dress', orderId]) expect(idsOf(await find('support', typed), 'Ticket'), typed).toEqual([ticketId]);
  });

  it('gives only kinds and records that the person may open', async () => {
    expect(idsOf(await find('enhancer', 'chioma'), 'User')).toEqual([]);
    expect(idsOf(await find('enhancer', 'blue dress'), 'Ticket')).toEqual([]);
    expect(idsOf(await find('assistant', 'bola'), 'User')).toEqual([]);
    expect(idsOf(await find('support', 'Chioma'), 'Staff')).toEqual([]);
    expect(idsOf(await find('admin', 'Chioma'), 'Staff')).toEqual([staff.get('enhancer')?.person.userId]);
    expect(idsOf(await find('admin', 'chioma'), 'User')).toEqual([chioma]);
  });

  it('an assistant finds the person of a ticket that is theirs, and nobody else', async () => {
    const assistant = staff.get('assistant')?.person.userId ?? '';
    const data = { assignedTo: assistant, status: 'in_progress' as const };
    await bySystem(async () => office.app.deps.database.prisma.ticket.updateMany({ where: { id: ticketId }, data }));
    expect(idsOf(await find('assistant', 'chioma'), 'User')).toEqual([chioma]);
    expect(idsOf(await find('assistant', 'bola'), 'User')).toEqual([]);
  });

  it('takes patterns as they are typed', async () => {
    for (const typed of ['%%%', '___', 'a%b', "O'Neil\\"]) expect(idsOf(await find('support', typed), 'User'), typed).toEqual([]);
  });

  it('refuses what is no search', async () => {
    const client = staff.get('support')?.client;
    for (const query of [`q=${'x'.repeat(201)}`, 'q=abc&kind=User', 'q=a&q=b']) {
      expect((await client?.get(`/admin/api/search?${query}`))?.status, query).toBe(400);
    }
    expect((await client?.postJson('/admin/api/search', { q: 'abc' }))?.status).toBe(405);
    expect((await office.newClient().get('/admin/api/search?q=abc')).status).toBe(401);
  });
});

describe('what the history keeps of a search', () => {
  it('is one read row with what was found, and never a contact or a name', async () => {
    const auditor = staff.get('auditor');
    for (const typed of [email, phone, 'chioma', chioma]) await find('auditor', typed);
    const sql = await openSql(office.app.database.adminUrl);
    try {
      const rows = await sql.rows<{ outcome: string; record_ids: string[]; body: string }>(
        `SELECT a.outcome, a.record_ids, v.body::text AS body FROM audit.action a
           LEFT JOIN audit.value v ON v.row_id = a.id
          WHERE a.actor_id = $1 AND a.resource = 'search' ORDER BY a.occurred_at, a.id`,
        [auditor?.person.userId],
      );
      expect(rows).toHaveLength(4);
      expect(rows.map(({ outcome }) => outcome)).toEqual(['read', 'read', 'read', 'read']);
      expect(rows[0]?.record_ids).toEqual([chioma]);
      const kept = rows.map(({ body }) => body).join(' ');
      expect(kept).not.toMatch(/chioma|shop\.example|8030001122/i);
      for (const kind of ['q.email', 'q.phone', 'q.words', `q.uuid=${chioma.toUpperCase()}`]) expect(kept).toContain(kind);
    } finally {
      await sql.close();
    }
  });

  it('knows a contact by its shape, whole or not', () => {
    expect(['a@b', 'ada@shop.example.com', '@ada'].map(typedKind)).toEqual(['email', 'email', 'email']);
    expect(['08030001122', '+234 803', '12345'].map(typedKind)).toEqual(['phone', 'phone', 'phone']);
    expect(['fastar000231', 'T-42', 'Kente & Co'].map(typedKind)).toEqual(['member_id', 'ticket', 'words']);
    expect(auditedFilter('t-42')).toBe('q.ticket=T-42');
    expect(auditedFilter('Kente & Co')).toBe('q.words');
  });
});
