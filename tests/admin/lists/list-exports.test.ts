import { createHash } from 'node:crypto';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { forgetListExportFiles } from '../../../src/admin/exports/forget-list-exports.ts';
import { openSql, type Sql } from '../../support/sql.ts';
import type { AdminClient } from '../support/admin-client.ts';
import type { BackOffice, Person } from '../support/back-office.ts';
import { getPage, type ListAnswer, postPage, startListOffice, work } from './list-office.ts';

let office: BackOffice;
let sql: Sql;
let lead: Person;
let client: AdminClient;

const reason = { code: 'policy', text: 'asked for by the board in writing' };
const everybody = { resource: 'User', format: 'csv', query: '', columns: [] };

beforeAll(async () => {
  office = await startListOffice();
  sql = await openSql(office.app.database.adminUrl);
  lead = await office.addStaff('support', { isLead: true, hasTotp: true, firstName: 'Ada', lastName: 'Obi' });
  client = await office.signedIn(lead);
  await office.addCustomer('Chioma', 'Eze');
  await office.addCustomer('Bola', 'Ade');
}, 180_000);
afterAll(async () => {
  await sql?.close();
  await office?.stop();
});

const ask = (who: AdminClient, input: object, more: object = { reason }) =>
  postPage(who, 'list-exports', 'exportList', { ...everybody, ...input }, more);
const idOf = (answer: ListAnswer): string => answer.json.shown.output['exportId'] ?? '';
const make = (exportId: string) => work(office.app.deps, 'platform.make-list-export', { event: eventOf(exportId) });
const fetchFile = (who: AdminClient, id: string) => postPage(who, 'list-exports', 'downloadExport', { id });
const entryOf = async (who: AdminClient, id: string) =>
  (await getPage(who, '/admin/api/pages/list-exports')).json.exports.find((entry: { id: string }) => entry.id === id);

function eventOf(exportId: string): object {
  const at = new Date().toISOString();
  return {
    eventId: exportId,
    name: 'platform.list_export.requested',
    aggregateId: exportId,
    actionId: null,
    occurredAt: at,
    payload: { exportId },
  };
}

describe('asking', () => {
  test('needs a reason and a fresh factor, and tells beforehand what it would hold', async () => {
    const dry = await postPage(client, 'list-exports', 'exportList', everybody, { dryRun: true });
    expect(dry.json.effects[0]).toBe('2 rows; your role may take 500.');
    expect((await ask(client, {}, {})).status).toBe(422);
    office.app.clock.advance(301);
    expect((await ask(client, {})).json.code).toBe('step_up_required');
    await client.postJson('/admin/step-up', { code: office.codeFor(lead) });
  });

  test.each([
    [{ query: '?filters.passwordHash=x' }, 'unknown_filter'],
    [{ query: '?sortBy=passwordHash' }, 'unknown_sort'],
    [{ columns: ['passwordHash'] }, 'unknown_filter'],
    [{ resource: 'Nope' }, 'not_found'],
  ])('refuses %o as the list does', async (input, code) => {
    expect((await ask(client, input)).json.code).toBe(code);
  });

  test.each(['support', 'assistant', 'reviewer', 'moderator'] as const)('is refused for %s', async (role) => {
    const other = await office.signedIn(await office.addStaff(role, { hasTotp: true }));
    expect((await ask(other, {})).status).toBe(403);
  });
});

describe('a file', () => {
  test('holds what the filters show, masked, marked and free of formulas; its hash, filter and count are in the audit', async () => {
    const plus = await office.addCustomer('Plus', 'Sign');
    await office.app.as({ kind: 'system', name: 'test' }, () =>
      office.app.deps.database.prisma.user.update({ where: { id: plus }, data: { displayName: '=HYPERLINK(1)' } }),
    );
    const asked = await ask(client, { query: '?filters.status=active&sortBy=createdAt&direction=asc&page=2' });
    expect(asked.status, asked.text).toBe(200);
    const id = idOf(asked);
    expect((await ask(client, {})).json.code).toBe('export_in_progress');
    await make(id);
    const entry = await entryOf(client, id);
    expect(entry).toMatchObject({
      status: 'ready',
      rowsDone: 3,
      list: 'Users',
      filterNote: 'status=active sortBy=createdAt direction=asc',
    });
    const answers = await Promise.all(Array.from({ length: 5 }, () => fetchFile(client, id)));
    expect(answers.map((answer) => answer.status).sort()).toEqual([200, 410, 410, 410, 410]);
    const file = answers.find((answer) => answer.status === 200);
    expect(
      createHash('sha256')
        .update(file?.text ?? '')
        .digest('hex'),
    ).toBe(entry?.sha256);
    const lines = (file?.text ?? '').trim().split('\r\n');
    expect(lines[0]).toBe('"Id","Name","Member id","Contact","Status","Kind","Risk","Last sign-in","Joined","Export"');
    expect(lines).toHaveLength(4);
    expect(lines[1]).toContain('"Chioma Eze"');
    expect(lines[1]).toContain('•••');
    expect(file?.text).not.toMatch(/customer\.\d@shop/);
    expect(lines[1]).toMatch(/"Ada Obi, 20\d\d-[^"]+Z, [0-9a-f-]{36}"$/);
    expect(file?.text).toContain(`"'=HYPERLINK(1)"`);
    const rows = await sql.rows<{ action: string; body: string }>(
      `SELECT a.action, v.body FROM audit.action AS a JOIN audit.value AS v ON v.row_id = a.id WHERE a.resource = 'list_export' AND a.outcome = 'ok' AND $1 = ANY(a.record_ids) ORDER BY a.occurred_at, a.id`,
      [id],
    );
    expect(rows.map((row) => row.action)).toEqual(['export-list', 'make-list-export', 'download-list-export']);
    expect(rows[0]?.body).toContain('status=active');
    for (const row of rows.slice(1)) expect(row.body).toContain(entry?.sha256);
    const left = await sql.rows(
      `SELECT e.wrapped_key, e.query_box, (SELECT count(*)::int FROM platform.list_export_part) AS parts FROM platform.list_export AS e WHERE e.id = $1`,
      [id],
    );
    expect(left).toEqual([{ wrapped_key: null, query_box: null, parts: 0 }]);
  });

  test('as JSON lines has the columns asked for, in their order', async () => {
    const id = idOf(await ask(client, { format: 'jsonl', columns: ['status', 'displayName'], query: '?q=Chioma' }));
    await make(id);
    const lines = (await fetchFile(client, id)).text
      .trim()
      .split('\n')
      .map((line) => JSON.parse(line));
    expect(lines).toHaveLength(1);
    expect(Object.keys(lines[0])).toEqual(['id', 'status', 'displayName', '_export']);
    expect((await entryOf(client, id))?.filterNote).toBe('q');
  });

  test('is its asker’s alone, and gone after a day', async () => {
    const id = idOf(await ask(client, {}));
    await make(id);
    const admin = await office.signedIn(await office.addStaff('admin', { hasTotp: true }));
    expect((await fetchFile(admin, id)).status).toBe(404);
    expect(await entryOf(admin, id)).toBeUndefined();
    office.app.clock.advance(86_401);
    await work(office.app.deps, 'platform.forget-list-exports', {});
    client = await office.signedIn(lead);
    expect((await fetchFile(client, id)).json.code).toBe('export_expired');
    expect((await entryOf(client, id))?.status).toBe('expired');
    expect(await sql.rows('SELECT 1 FROM platform.list_export_part')).toEqual([]);
  });

  test('is not made once its asker lost the right, and made twice is made once', async () => {
    const person = await office.addStaff('finance', { hasTotp: true });
    const finance = await office.signedIn(person);
    const id = idOf(await ask(finance, {}));
    await office.app.as({ kind: 'system', name: 'test' }, () =>
      office.app.deps.database.prisma.staffRoleGrant.updateMany({
        where: { userId: person.userId },
        data: { revokedAt: office.app.clock.now() },
      }),
    );
    await make(id);
    expect(await sql.rows('SELECT status, error_code, wrapped_key FROM platform.list_export WHERE id = $1', [id])).toEqual([
      { status: 'failed', error_code: 'forbidden', wrapped_key: null },
    ]);
    const other = idOf(await ask(client, {}));
    await make(other);
    await make(other);
    expect(await sql.rows('SELECT position FROM platform.list_export_part WHERE export_id = $1', [other])).toEqual([{ position: 0 }]);
  });

  test('is destroyed when a person is erased who may be in it', async () => {
    const id = (await sql.rows<{ id: string }>(`SELECT id FROM platform.list_export WHERE status = 'ready'`))[0]?.id ?? '';
    expect(await forgetListExportFiles(office.app.deps)).toEqual({ rows: { 'platform.list_export': 1 }, records: [] });
    expect((await fetchFile(client, id)).json.code).toBe('export_expired');
    expect(await forgetListExportFiles(office.app.deps)).toEqual({ rows: { 'platform.list_export': 0 }, records: [] });
  });

  test('holds no more rows than the role may take', async () => {
    const asked = await ask(client, { resource: 'Country', columns: ['name'] });
    const id = idOf(asked);
    await sql.rows('UPDATE platform.list_export SET row_cap = 10 WHERE id = $1', [id]);
    await make(id);
    expect((await entryOf(client, id))?.errorCode).toBe('export_too_large');
  });
});
