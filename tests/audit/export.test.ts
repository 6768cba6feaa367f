import { createHash } from 'node:crypto';
import { mkdtempSync, readFileSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { askExport, fetchExport, listExports, readExportFile } from '../../src/audit/index.ts';
import { exportManifest } from '../../src/audit/proof/export-manifest.ts';
import { parsePinnedKeys } from '../../src/audit/proof/pinned-keys.ts';
import { makeExport } from '../../src/audit/search/export/make-export.ts';
import { verifyExport } from '../../src/audit/verify/verify-export.ts';
import { runCommand } from '../../src/foundation/command/run-command.ts';
import { AppError } from '../../src/foundation/errors/app-error.ts';
import type { StaffActor } from '../../src/foundation/runtime/actor.ts';
import { staffCommands, systemCommands } from '../../src/modules/identity/index.ts';
import { commands as support } from '../../src/modules/support/index.ts';
import { staffActor, startTestApp, type TestApp } from '../support/app.ts';
import { type SearchWorker, searchWorker } from '../support/search-worker.ts';
import { openSql, type Sql } from '../support/sql.ts';
import { unzip } from '../support/unzip.ts';

let app: TestApp;
let worker: SearchWorker;
let admin: Sql;
let auditor: StaffActor;
let folder: string;
let userId: string;
let from: string;

const reason = { code: 'legal', text: 'Asked for by the regulator in writing' };
const system = { kind: 'system', name: 'audit.export' } as const;

beforeAll(async () => {
  app = await startTestApp();
  worker = searchWorker(app);
  admin = await openSql(app.database.adminUrl);
  folder = mkdtempSync(join(tmpdir(), 'export-test-'));
  from = new Date(app.clock.now().getTime() - 60_000).toISOString();
  auditor = staffActor({ role: 'auditor', isLead: false }, app.clock.now());
  const input = { email: 'ngozi@example.com', password: 'kites over third mainland', firstName: 'Ngozi', lastName: 'Ezeobi' };
  const made = await app.as({ kind: 'system', name: 'seed' }, () => runCommand(app.deps, systemCommands.registerVerified, { input }));
  userId = made.output.userId;
  const ada = staffActor({ role: 'admin', isLead: false }, app.clock.now());
  await app.as(ada, () => runCommand(app.deps, support.addNote, { input: { id: userId, body: '=HYPERLINK("x")' } }));
  await app.as(ada, () =>
    runCommand(app.deps, staffCommands.suspendUser, { input: { id: userId }, reason: { code: 'fraud', text: '=cmd, said the caller' } }),
  );
  await worker.settle();
});
afterAll(async () => {
  rmSync(folder, { recursive: true, force: true });
  await admin.close();
  await worker.stop();
  await app.stop();
});

const window = () => ({ from, to: new Date(app.clock.now().getTime() + 3_600_000).toISOString() });
const ask = (actor: StaffActor, filter: Record<string, unknown> = {}, format = 'csv') =>
  app.as(actor, () => runCommand(app.deps, askExport, { input: { filter: { ...window(), ...filter }, format }, reason }));
const make = (id: string, isLast = false) => app.as(system, () => makeExport(worker.deps, id, isLast));
const refusal = async (work: Promise<unknown>) =>
  work.then(
    () => 'none',
    (error: unknown) => (error instanceof AppError ? error.code : String(error)),
  );

async function exported(filter: Record<string, unknown> = {}, format = 'csv'): Promise<{ id: string; actionId: string; path: string }> {
  const { output, actionId } = await ask(auditor, filter, format);
  await make(output.exportId);
  const path = join(folder, output.exportId);
  await save(output.exportId, path);
  return { id: output.exportId, actionId, path };
}

async function save(id: string, path: string): Promise<void> {
  const file = await app.as(auditor, async () => {
    await runCommand(app.deps, fetchExport, { input: { id } });
    const parts: Buffer[] = [];
    for await (const part of readExportFile(app.deps, id)) parts.push(part);
    return Buffer.concat(parts);
  });
  unzip(file, path);
}

const keys = () => parsePinnedKeys(readFileSync(app.deps.config.auditKeysFile, 'utf8'));
const linesOf = (path: string, name: string) => readFileSync(join(path, name), 'utf8').trim().split('\n');
const manifestOf = (path: string) => exportManifest.parse(JSON.parse(readFileSync(join(path, 'manifest.json'), 'utf8')));

describe('an export of the history', () => {
  it('holds the rows of the filter, and is valid without the database', async () => {
    const { path, actionId } = await exported();
    const checked = await verifyExport({ path, keys: keys() });
    expect(checked.faults).toEqual([]);
    const manifest = manifestOf(path);
    expect(manifest).toMatchObject({ actionId, filter: { from: `${from.slice(0, -1)}000Z` } });
    expect(manifest.counts.rows).toBeGreaterThan(5);
    expect(manifest.files.map((file) => file.name)).toEqual(['rows.ndjson', 'proofs.ndjson', 'rows.csv', 'readme.txt']);
    for (const file of manifest.files) {
      expect(
        createHash('sha256')
          .update(readFileSync(join(path, file.name)))
          .digest('hex'),
      ).toBe(file.sha256);
    }
  });

  it('of one action holds it and every row that it changed', async () => {
    const { path } = await exported({ action: 'suspend-user' }, 'ndjson');
    const rows = linesOf(path, 'rows.ndjson').map((line) => JSON.parse(line));
    expect(rows.filter((row) => row.kind === 'action').map((row) => row.leaf.act)).toEqual(['suspend-user']);
    const [{ leaf }] = rows.filter((row) => row.kind === 'action');
    expect(rows.filter((row) => row.kind === 'event').every((row) => row.leaf.action === leaf.id)).toBe(true);
    expect(rows.length).toBeGreaterThan(1);
    expect(manifestOf(path).files.map((file) => file.name)).not.toContain('rows.csv');
  });

  it('by a word that was typed looks into the index, which is brought up to the tree first', async () => {
    const ada = staffActor({ role: 'support', isLead: false }, app.clock.now());
    await app.as(ada, () => runCommand(app.deps, support.addNote, { input: { id: userId, body: 'Another note' } }));
    await worker.settle();
    await admin.rows("UPDATE audit.progress SET next_seq = 0 WHERE job = 'index'");
    const { path } = await exported({ text: 'regulator' });
    expect(linesOf(path, 'rows.ndjson').map((line) => JSON.parse(line).leaf.act)).toContain('export-audit');
    const { rows } = await app.deps.database.pool.query(
      'SELECT next_seq = (SELECT max(seq) + 1 FROM audit.leaf) AS done FROM audit.progress WHERE job = $1',
      ['index'],
    );
    expect(rows).toEqual([{ done: true }]);
    expect((await verifyExport({ path, keys: keys() })).faults).toEqual([]);
  });

  it('masks ciphertext in the spreadsheet, disarms formulas and marks each line', async () => {
    const { path, actionId } = await exported({ recordId: userId });
    const csv = readFileSync(join(path, 'rows.csv'), 'utf8').trim().split('\r\n');
    expect(csv[0]).toMatch(/^seq,time,kind,actor,/);
    expect(csv.slice(1).every((line) => line.endsWith(`"${actionId}"`))).toBe(true);
    expect(csv.join('\n')).toContain('email_enc: empty -> ••• encrypted');
    expect(csv.join('\n')).not.toMatch(/"[=+@-]/);
    expect(csv.join('\n')).toContain('fraud: =cmd, said the caller');
    expect(linesOf(path, 'readme.txt').join('\n')).toContain(auditor.displayName);
  });

  it('says how many rows it left out because they were not sealed', async () => {
    const ada = staffActor({ role: 'support', isLead: false }, app.clock.now());
    const { output } = await ask(auditor, { actorId: ada.id });
    await app.as(ada, () => runCommand(app.deps, support.addNote, { input: { id: userId, body: 'Not sealed yet' } }));
    await make(output.exportId);
    const [entry] = await listExports(app.deps, auditor.id);
    expect(entry).toMatchObject({ id: output.exportId, status: 'ready', rowsDone: 0 });
    expect(entry?.unsealed).toBeGreaterThan(1);
  });

  it('is fetched once, by whoever asked, within a day, and leaves nothing behind', async () => {
    const { output } = await ask(auditor);
    const other = staffActor({ role: 'auditor', isLead: false }, app.clock.now());
    const fetch = (actor: StaffActor) => app.as(actor, () => runCommand(app.deps, fetchExport, { input: { id: output.exportId } }));
    expect(await refusal(fetch(auditor))).toBe('export_expired');
    await make(output.exportId);
    expect(await refusal(fetch(other))).toBe('not_found');
    await save(output.exportId, join(folder, 'once'));
    expect(await refusal(fetch(auditor))).toBe('export_expired');
    expect(await admin.rows('SELECT 1 FROM audit.export_part WHERE export_id = $1', [output.exportId])).toEqual([]);
    expect(await admin.rows('SELECT status, wrapped_key FROM audit.export WHERE id = $1', [output.exportId])).toEqual([
      { status: 'fetched', wrapped_key: null },
    ]);
  });

  it('ends after a day unfetched, or at once when a person is erased, and its key with it', async () => {
    for (const [seconds, everything] of [
      [86_401, false],
      [0, true],
    ] as const) {
      const { output } = await ask(auditor);
      await make(output.exportId);
      const at = new Date(app.clock.now().getTime() + seconds * 1000);
      await worker.deps.database.pool.query('SELECT audit.forget_exports($1, $2)', [at, everything]);
      expect(await admin.rows('SELECT status, wrapped_key FROM audit.export WHERE id = $1', [output.exportId])).toEqual([
        { status: 'expired', wrapped_key: null },
      ]);
      expect(await admin.rows('SELECT 1 FROM audit.export_part WHERE export_id = $1', [output.exportId])).toEqual([]);
    }
  });

  it('keeps its file sealed while it waits', async () => {
    const { output } = await ask(auditor);
    await make(output.exportId);
    const [part] = await admin.rows<{ box: Buffer }>('SELECT box FROM audit.export_part WHERE export_id = $1', [output.exportId]);
    expect(part?.box.includes('rows.ndjson')).toBe(false);
    await save(output.exportId, join(folder, 'sealed'));
  });

  it('may be made again by an attempt after one that died', async () => {
    const { output } = await ask(auditor);
    await worker.deps.database.pool.query('SELECT audit.begin_export($1, $2, $3)', [output.exportId, 'k', Buffer.from('lost')]);
    await worker.deps.database.pool.query('SELECT audit.put_export_part($1, 0, $2)', [output.exportId, Buffer.from('lost')]);
    await make(output.exportId);
    await make(output.exportId);
    await save(output.exportId, join(folder, 'again'));
    expect((await verifyExport({ path: join(folder, 'again'), keys: keys() })).faults).toEqual([]);
  });
});

describe('an export is refused', () => {
  it('to roles without it, without a reason, and without a fresh factor', async () => {
    for (const role of ['support', 'finance', 'reviewer'] as const)
      expect(await refusal(ask(staffActor({ role, isLead: true }, app.clock.now())))).toBe('forbidden');
    const stale = { ...auditor, factorAt: new Date(app.clock.now().getTime() - 6 * 60_000) };
    expect(await refusal(ask(stale))).toBe('step_up_required');
    const input = { filter: window(), format: 'csv' };
    expect(await refusal(app.as(auditor, () => runCommand(app.deps, askExport, { input })))).toBe('required');
  });

  it('while one of the same person is being made', async () => {
    const { output } = await ask(auditor);
    expect(await refusal(ask(auditor))).toBe('export_in_progress');
    await make(output.exportId);
    expect(await refusal(ask(auditor))).toBe('none');
    const [open] = await listExports(app.deps, auditor.id);
    await make(open?.id ?? '');
  });

  it('where it would hold more rows than the role may take', async () => {
    const { output } = await ask(auditor);
    await admin.rows('UPDATE audit.export SET row_cap = 3 WHERE id = $1', [output.exportId]);
    await make(output.exportId);
    expect((await listExports(app.deps, auditor.id))[0]).toMatchObject({ status: 'failed', errorCode: 'export_too_large' });
  });
});

describe('nothing is written where a proof fails', () => {
  it.each([
    [
      'a row was altered',
      'audit.action',
      "UPDATE audit.action SET ms = ms + 1 WHERE action = 'suspend-user'",
      "UPDATE audit.action SET ms = ms - 1 WHERE action = 'suspend-user'",
    ],
    [
      'a value was altered',
      'audit.value',
      "UPDATE audit.value SET body = replace(body, 'said', 'sayd') WHERE body LIKE '%the caller%'",
      "UPDATE audit.value SET body = replace(body, 'sayd', 'said') WHERE body LIKE '%the caller%'",
    ],
    ['a leaf was altered', 'audit.leaf', 'UPDATE audit.leaf SET leaf = sha256(leaf) WHERE seq = 3', null],
  ])('%s', async (_what, table, tamper, undo) => {
    const { output } = await ask(auditor);
    const parts = await admin.rows<{ name: string }>(
      'SELECT i.inhrelid::regclass::text AS name FROM pg_inherits AS i WHERE i.inhparent = $1::regclass',
      [table],
    );
    const partitions = [table, ...parts.map((row) => row.name)];
    for (const name of partitions) await admin.rows(`ALTER TABLE ${name} DISABLE TRIGGER ALL`);
    await admin.rows(tamper);
    await make(output.exportId);
    const [entry] = await listExports(app.deps, auditor.id);
    expect(entry).toMatchObject({ id: output.exportId, status: 'failed', errorCode: 'export_proof_failed', sha256: null });
    expect(await admin.rows('SELECT 1 FROM audit.export_part WHERE export_id = $1', [output.exportId])).toEqual([]);
    expect(await refusal(app.as(auditor, () => runCommand(app.deps, fetchExport, { input: { id: output.exportId } })))).toBe(
      'export_expired',
    );
    if (undo) await admin.rows(undo);
    for (const name of partitions)
      await admin.rows(`ALTER TABLE ${name} ENABLE ALWAYS TRIGGER guard_rows, ENABLE ALWAYS TRIGGER guard_truncate`);
  });
});
