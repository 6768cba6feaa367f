import { randomUUID } from 'node:crypto';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { openSql, type Sql } from '../../support/sql.ts';
import type { AdminClient } from '../support/admin-client.ts';
import type { BackOffice, Person } from '../support/back-office.ts';
import { getPage, type ListAnswer, postBulk, postPage, reason, signedInLead, startListOffice, work } from './list-office.ts';

let office: BackOffice;
let sql: Sql;
let lead: Person;
let client: AdminClient;

beforeAll(async () => {
  office = await startListOffice();
  sql = await openSql(office.app.database.adminUrl);
  ({ person: lead, client } = await signedInLead(office));
}, 180_000);
afterAll(async () => {
  await sql?.close();
  await office?.stop();
});

const customers = (count: number, name = 'Bulk') =>
  Promise.all(Array.from({ length: count }, (_, at) => office.addCustomer(`${name} ${String.fromCharCode(65 + at)}`, 'Row')));
const statusOf = async (id: string) =>
  (await sql.rows<{ status: string }>(`SELECT status::text FROM identity."user" WHERE id = $1`, [id]))[0]?.status;
const countOf = async (text: string, values: unknown[] = []) => (await sql.rows<{ n: number }>(text, values))[0]?.n ?? 0;
const everything = () =>
  countOf(
    'SELECT ((SELECT count(*) FROM audit.event) + (SELECT count(*) FROM audit.action) + (SELECT count(*) FROM platform.outbox_event))::int AS n',
  );
const runOf = async (id: string) => (await getPage(client, `/admin/api/pages/bulk-runs?run=${id}`)).json;
const resultsOf = (answer: ListAnswer) => answer.json.results;

describe('a dry run', () => {
  test('asks every guard on the loaded rows and writes nothing at all', async () => {
    const [free, blocked] = await customers(2);
    expect((await postBulk(client, 'suspendUser', { recordIds: [blocked] })).status).toBe(200);
    const before = await everything();
    const missing = randomUUID();
    const answer = await postBulk(client, 'suspendUser', { recordIds: [free, blocked, missing], dryRun: true });
    expect(answer.status, answer.text).toBe(200);
    expect(answer.json).toMatchObject({
      dryRun: true,
      results: [
        { id: free, outcome: 'changed', effects: expect.any(Array) },
        { id: blocked, outcome: 'refused', reason: 'Active accounts only: this account is suspended.' },
        { id: missing, outcome: 'refused', reason: expect.any(String) },
      ],
    });
    expect(await everything()).toBe(before);
    expect(await statusOf(free ?? '')).toBe('active');
  });

  test('tells a refusal that only the command itself knows: who suspended for fraud needs another person', async () => {
    const [id] = await customers(1);
    const fraud = { reason: { code: 'fraud', text: 'stolen cards all over the place' } };
    expect(resultsOf(await postBulk(client, 'suspendUser', { recordIds: [id], ...fraud }))).toMatchObject([{ outcome: 'changed' }]);
    expect(resultsOf(await postBulk(client, 'reactivateUser', { recordIds: [id], dryRun: true }))).toMatchObject([
      { outcome: 'refused', code: 'four_eyes' },
    ]);
  });
});

describe('a small run', () => {
  test('answers with its results; a refused row hides no other, and each has its own audit row', async () => {
    const [first, blocked, last] = await customers(3);
    await postBulk(client, 'suspendUser', { recordIds: [blocked] });
    const answer = await postBulk(client, 'suspendUser', { recordIds: [first, blocked, last] });
    expect(resultsOf(answer)).toMatchObject([
      { id: first, outcome: 'changed', actionId: expect.any(String) },
      { id: blocked, outcome: 'refused', code: 'transition_not_allowed', reason: 'Active accounts only: this account is suspended.' },
      { id: last, outcome: 'changed' },
    ]);
    expect(await statusOf(last ?? '')).toBe('suspended');
    const rows = await sql.rows(
      `SELECT outcome, record_ids[1] AS record FROM audit.action WHERE action = 'suspend-user' AND record_ids && $1::text[] ORDER BY occurred_at, id`,
      [[first, last]],
    );
    expect(rows).toEqual([
      { outcome: 'ok', record: first },
      { outcome: 'ok', record: last },
    ]);
    expect((await runOf(answer.json.runId)).run).toMatchObject({ status: 'completed', counts: { changed: 2, refused: 1, waiting: 0 } });
  });

  test('sent twice with one key is one run', async () => {
    const recordIds = await customers(2);
    const idempotencyKey = randomUUID();
    const [one, two] = [
      await postBulk(client, 'suspendUser', { recordIds, idempotencyKey }),
      await postBulk(client, 'suspendUser', { recordIds, idempotencyKey }),
    ];
    expect(two.json).toEqual(one.json);
    expect(await countOf(`SELECT count(*)::int AS n FROM platform.bulk_row WHERE record_id = $1`, [recordIds[0]])).toBe(1);
  });

  test.each([
    ['support', false],
    ['moderator', false],
    ['auditor', false],
  ] as const)('is refused for %s, whatever they may do to one record, and nothing is written but that', async (role, isLead) => {
    const [id] = await customers(1);
    const person = await office.addStaff(role, { isLead, hasTotp: true });
    const other = await office.signedIn(person);
    for (const dryRun of [false, true]) {
      const answer = await postBulk(other, 'unlockUser', { recordIds: [id], dryRun });
      expect([answer.status, answer.json.code]).toEqual([403, 'forbidden']);
    }
    expect(await countOf(`SELECT count(*)::int AS n FROM platform.bulk_run WHERE requested_by = $1`, [person.userId])).toBe(0);
    expect(await countOf(`SELECT count(*)::int AS n FROM audit.action WHERE actor_id = $1 AND outcome = 'denied'`, [person.userId])).toBe(
      2,
    );
  });

  test('takes 200 rows and no more, and no action that is not for many', async () => {
    const recordIds = Array.from({ length: 201 }, () => randomUUID());
    expect((await postBulk(client, 'suspendUser', { recordIds })).status).toBe(422);
    expect((await postBulk(client, 'revealContact', { recordIds: recordIds.slice(0, 1) })).status).toBe(404);
    expect((await postBulk(client, 'bulkDelete', { recordIds: recordIds.slice(0, 1) })).status).toBe(404);
  });
});

describe('a large run', () => {
  test('is the worker’s: it goes row by row, and its requester takes it back within 15 minutes, but for what changed since', async () => {
    const recordIds = await customers(22, 'Large');
    const answer = await postBulk(client, 'suspendUser', { recordIds });
    expect(answer.json).toMatchObject({ results: [], runId: expect.any(String) });
    const { runId } = answer.json;
    expect((await runOf(runId)).run).toMatchObject({ status: 'queued', counts: { waiting: 22 }, canCancel: true });
    await work(office.app.deps, 'platform.run-bulk', { runId });
    expect((await runOf(runId)).run).toMatchObject({ status: 'completed', counts: { changed: 22, waiting: 0 } });
    await work(office.app.deps, 'platform.run-bulk', { runId });
    expect(
      await countOf(`SELECT count(*)::int AS n FROM audit.action WHERE action = 'suspend-user' AND record_ids && $1::text[]`, [recordIds]),
    ).toBe(22);

    const [touched = ''] = recordIds;
    await office.app.as({ kind: 'system', name: 'test' }, () =>
      office.app.deps.database.prisma.user.update({ where: { id: touched }, data: { version: { increment: 1 } } }),
    );
    const undone = await postPage(client, 'bulk-runs', 'undoRun', { id: runId }, { reason });
    expect(undone.status, undone.text).toBe(200);
    const back = undone.json.shown.output['runId'] ?? '';
    await work(office.app.deps, 'platform.run-bulk', { runId: back });
    const seen = await runOf(back);
    expect(seen.run).toMatchObject({ undoOf: runId, counts: { changed: 21, refused: 1 }, undoUntil: null });
    expect(seen.rows.find((row: { id: string }) => row.id === touched)).toMatchObject({ outcome: 'refused', code: 'version_conflict' });
    expect([await statusOf(touched), await statusOf(recordIds[1] ?? '')]).toEqual(['suspended', 'active']);
    expect((await postPage(client, 'bulk-runs', 'undoRun', { id: runId }, { reason })).json.code).toBe('already_exists');
  });

  test('ends when its requester loses the right, and says so on the rows it did not come to', async () => {
    const { person, client: other } = await signedInLead(office);
    const recordIds = await customers(21, 'Lost');
    const { runId } = (await postBulk(other, 'suspendUser', { recordIds })).json;
    await office.app.as({ kind: 'system', name: 'test' }, () =>
      office.app.deps.database.prisma.staffRoleGrant.updateMany({
        where: { userId: person.userId },
        data: { revokedAt: office.app.clock.now(), revokeReason: 'test' },
      }),
    );
    await work(office.app.deps, 'platform.run-bulk', { runId });
    const rows = await sql.rows(`SELECT DISTINCT outcome::text, reason FROM platform.bulk_row WHERE run_id = $1`, [runId]);
    expect(rows).toEqual([{ outcome: 'refused', reason: 'The right to do this was taken away while the run went on.' }]);
    expect(await statusOf(recordIds[0] ?? '')).toBe('active');
  });

  test('is stopped by its requester, and not by another lead, who does not even see it', async () => {
    const { client: other } = await signedInLead(office);
    const { runId } = (await postBulk(client, 'suspendUser', { recordIds: await customers(21, 'Stop') })).json;
    expect((await postPage(other, 'bulk-runs', 'cancelRun', { id: runId })).status).toBe(403);
    expect((await getPage(other, `/admin/api/pages/bulk-runs?run=${runId}`)).status).toBe(404);
    expect((await postPage(other, 'bulk-runs', 'undoRun', { id: runId }, { reason })).status).toBe(404);
    expect((await postPage(client, 'bulk-runs', 'cancelRun', { id: runId })).status).toBe(200);
    await work(office.app.deps, 'platform.run-bulk', { runId });
    expect((await runOf(runId)).run).toMatchObject({ status: 'cancelled', counts: { waiting: 21, changed: 0 } });
    expect((await postPage(client, 'bulk-runs', 'cancelRun', { id: runId })).json.code).toBe('transition_not_allowed');
  });

  test('that nobody works on is handed on after a minute, and ends after an hour', async () => {
    const { runId } = (await postBulk(client, 'suspendUser', { recordIds: await customers(21, 'Stale') })).json;
    const sent: object[] = [];
    await work(office.app.deps, 'platform.resume-bulk', {}, sent);
    expect(sent).toEqual([]);
    office.app.clock.advance(61);
    await work(office.app.deps, 'platform.resume-bulk', {}, sent);
    expect(sent).toEqual([{ runId }]);
    const { prisma } = office.app.deps.database;
    await office.app.as({ kind: 'system', name: 'test' }, () =>
      prisma.bulkRun.update({ where: { id: runId }, data: { status: 'running' } }),
    );
    office.app.clock.advance(3600);
    await work(office.app.deps, 'platform.resume-bulk', {}, sent);
    expect(sent).toHaveLength(1);
    const [run] = await sql.rows(`SELECT status::text, done FROM platform.bulk_run WHERE id = $1`, [runId]);
    expect(run).toEqual({ status: 'failed', done: 21 });
    await client.postJson('/admin/step-up', { code: office.codeFor(lead) });
    client = await office.signedIn(lead);
  });
});

test('results come as a spreadsheet without formulas, to the requester and to oversight', async () => {
  const [id] = await customers(1);
  const { runId } = (await postBulk(client, 'suspendUser', { recordIds: [id] })).json;
  await sql.rows(`UPDATE platform.bulk_row SET reason = '=1+1' WHERE run_id = $1`, [runId]);
  const auditor = await office.signedIn(await office.addStaff('auditor', { hasTotp: true }));
  for (const reader of [client, auditor]) {
    const file = await postPage(reader, 'bulk-runs', 'downloadResults', { id: runId });
    expect(file.status, file.text).toBe(200);
    expect(file.headers.get('content-type')).toContain('text/csv');
    expect(file.text).toContain(`"${id}","changed","'=1+1"`);
  }
  expect((await getPage(auditor, '/admin/api/pages/bulk-runs')).json.runs.length).toBeGreaterThan(3);
});

test('undo is over after 15 minutes', async () => {
  const [id] = await customers(1);
  const { runId } = (await postBulk(client, 'suspendUser', { recordIds: [id] })).json;
  office.app.clock.advance(901);
  await client.postJson('/admin/step-up', { code: office.codeFor(lead) });
  const late = await postPage(client, 'bulk-runs', 'undoRun', { id: runId }, { reason });
  expect([late.status, late.json.code]).toEqual([410, 'undo_expired']);
});
