import { createHash } from 'node:crypto';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { makeExport } from '../../src/audit/search/export/make-export.ts';
import { newId } from '../../src/foundation/runtime/new-id.ts';
import { dashboard, pages, resources } from '../../src/resources/index.ts';
import type { AdminClient } from '../admin/support/admin-client.ts';
import { actionsOf, type BackOffice, type Person, startBackOffice } from '../admin/support/back-office.ts';
import { type SearchWorker, searchWorker } from '../support/search-worker.ts';
import { openSql, type Sql } from '../support/sql.ts';

let office: BackOffice;
let worker: SearchWorker;
let admin: Sql;
let person: Person;
let auditor: AdminClient;
let customerId: string;

beforeAll(async () => {
  office = await startBackOffice({ resources, pages, dashboard });
  worker = searchWorker(office.app);
  admin = await openSql(office.app.database.adminUrl);
  person = await office.addStaff('auditor', { hasTotp: true });
  customerId = await office.addCustomer('Ngozi', 'Ezeobi');
  auditor = await office.signedIn(person);
  await worker.settle();
});
afterAll(async () => {
  await admin.close();
  await worker.stop();
  await office.stop();
});

const page = '/admin/api/pages/audit';
const exportsPage = '/admin/api/pages/audit-exports';
const readRows = () =>
  admin.rows<{ body: string; record_ids: string[]; door: string }>(
    `SELECT v.body, a.record_ids, a.door FROM audit.action AS a JOIN audit.value AS v ON v.occurred_at = a.occurred_at AND v.row_id = a.id
      WHERE a.outcome = 'read' AND a.resource = 'audit' ORDER BY a.occurred_at DESC`,
  );

describe('P5: a search of the history is itself in the history before its answer leaves', () => {
  it('with the names of the filters, never with what was typed, and the ids that were shown', async () => {
    const answer = await auditor.get(`${page}?q=ezeobi&outcome=ok`);
    expect(answer.status).toBe(200);
    const rows = Array.isArray(answer.json['rows']) ? answer.json['rows'] : [];
    expect(rows.length).toBe(1);
    const [row] = await readRows();
    expect(JSON.parse(row?.body ?? '{}')).toMatchObject({ filter: 'q,outcome', path: '/admin/api/pages/audit' });
    expect(row?.body).not.toContain('ezeobi');
    expect(row?.record_ids).toEqual(rows.map((shown: { id: string }) => shown.id));
  });

  it('also where nothing was found, and for each page of the answer', async () => {
    const before = (await readRows()).length;
    await auditor.get(`${page}?q=nobodyhasthisname`);
    await auditor.get(`${page}?about=${customerId}&before=${encodeURIComponent('2026-01-01 00:00:00+00')}~${newId()}`);
    expect((await readRows()).length).toBe(before + 2);
  });

  it('and where it cannot be recorded there is no answer', async () => {
    await admin.rows('ALTER FUNCTION audit.record_action(jsonb) RENAME TO record_action_away');
    const answer = await auditor.get(`${page}?q=ezeobi`);
    await admin.rows('ALTER FUNCTION audit.record_action_away(jsonb) RENAME TO record_action');
    expect(answer.status).toBe(503);
    expect(answer.json).toMatchObject({ code: 'audit_unavailable' });
    expect(answer.text).not.toContain(customerId);
  });
});

async function askExport(client: AdminClient, input: object = { format: 'csv', query: `about=${customerId}` }): Promise<string> {
  const reason = { code: 'legal', text: 'Asked for by the regulator in writing' };
  const answer = await client.postJson(exportsPage, { action: 'exportAudit', input, reason, idempotencyKey: newId() });
  expect([answer.status, answer.json['code']]).toEqual([200, undefined]);
  const [entry] = await admin.rows<{ id: string }>('SELECT id FROM audit.export ORDER BY asked_at DESC LIMIT 1');
  return entry?.id ?? '';
}

const download = (client: AdminClient, id: string) =>
  client.postJson(exportsPage, { action: 'downloadExport', input: { id }, idempotencyKey: newId() });

describe('P5: an export is recorded when it is asked for, made and fetched', () => {
  it('and the bytes that leave are those whose SHA-256 was recorded before', async () => {
    const id = await askExport(auditor);
    await worker.settle();
    await office.app.as({ kind: 'system', name: 'audit.export' }, () => makeExport(worker.deps, id, false));
    const listed = await auditor.get(exportsPage);
    expect(listed.json['exports']).toMatchObject([{ id, status: 'ready', format: 'csv', filter: { recordId: customerId } }]);
    const response = await fetch(`${office.origin}${exportsPage}`, {
      method: 'POST',
      headers: { cookie: auditor.cookieHeader, 'content-type': 'application/json', origin: office.origin, 'sec-fetch-site': 'same-origin' },
      body: JSON.stringify({ action: 'downloadExport', input: { id }, idempotencyKey: newId() }),
    });
    expect(response.headers.get('content-disposition')).toMatch(/^attachment; filename="audit-[\d-]+-[0-9a-f]{8}\.zip"$/);
    expect(response.headers.get('content-type')).toBe('application/zip');
    expect(response.headers.get('cache-control')).toBe('no-store');
    const file = Buffer.from(await response.arrayBuffer());
    expect(response.headers.get('content-length')).toBe(String(file.length));
    const digest = createHash('sha256').update(file).digest('hex');
    const notes = await admin.rows<{ action: string; outcome: string; note: string; actor_type: string }>(
      `SELECT a.action, a.outcome, a.actor_type, v.body::jsonb ->> 'note' AS note FROM audit.action AS a
         JOIN audit.value AS v ON v.occurred_at = a.occurred_at AND v.row_id = a.id WHERE a.record_ids @> ARRAY[$1] ORDER BY a.occurred_at`,
      [id],
    );
    expect(notes).toMatchObject([
      { action: 'export-audit', outcome: 'ok', actor_type: 'staff' },
      { action: 'make-export', outcome: 'ok', actor_type: 'system:audit.export' },
      { action: 'download-export', outcome: 'ok', actor_type: 'staff' },
    ]);
    expect(notes[0]?.note).toContain(`recordId=${customerId}`);
    expect(notes[1]?.note).toContain(`sha256 ${digest}`);
    expect(notes[2]?.note).toContain(`sha256 ${digest}`);
    expect((await download(auditor, id)).json).toMatchObject({ code: 'export_expired' });
  });

  it('says before what it would do, and refuses filters that it cannot read', async () => {
    const preview = await auditor.postJson(exportsPage, { action: 'exportAudit', input: { format: 'csv', query: '' }, dryRun: true });
    expect(preview.json['effects']).toEqual(expect.arrayContaining([expect.stringContaining('50,000 rows at most')]));
    const bad = await auditor.postJson(exportsPage, { action: 'exportAudit', input: { format: 'csv', query: 'colour=red' }, dryRun: true });
    expect(bad.json).toMatchObject({ code: 'unknown_filter' });
    expect((await auditor.get(`${exportsPage}?all=1`)).json).toMatchObject({ code: 'unknown_filter' });
  });

  it('is closed to roles without it, who are recorded as denied', async () => {
    const support = await office.addStaff('support', { hasTotp: true });
    const client = await office.signedIn(support);
    expect((await client.get(exportsPage)).status).toBe(403);
    expect((await client.get(page)).json['exportAction']).toBeNull();
    const answer = await client.postJson(exportsPage, {
      action: 'exportAudit',
      input: { format: 'csv', query: '' },
      idempotencyKey: newId(),
    });
    expect(answer.status).toBe(403);
    expect((await actionsOf(office, support.userId)).filter((row) => row.outcome === 'denied').length).toBe(2);
  });
});

describe('P13: looking into the audit and exporting it are sealed like everything else', () => {
  it('one leaf for each kind of row', async () => {
    await worker.settle();
    const kinds = await admin.rows<{ kind: string }>(
      `SELECT DISTINCT a.resource || ' ' || a.action AS kind FROM audit.action AS a JOIN audit.leaf AS l ON l.row_id = a.id
        WHERE a.resource IN ('audit', 'audit_export') ORDER BY 1`,
    );
    expect(kinds.map((row) => row.kind)).toEqual(
      expect.arrayContaining(['audit show', 'audit_export download-export', 'audit_export export-audit', 'audit_export make-export']),
    );
  });
});
