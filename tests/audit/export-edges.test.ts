import { mkdtempSync, rmSync, truncateSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { askExport, countActions, forgetExportFiles, listExports, type SearchFilter, searchActions } from '../../src/audit/index.ts';
import type { ExportRow } from '../../src/audit/proof/export-manifest.ts';
import { boundedRead } from '../../src/audit/search/bounded-read.ts';
import { describe as describeAgent } from '../../src/audit/search/describe.ts';
import { exportJob, forgetExportsJob } from '../../src/audit/search/export/export.job.ts';
import { csvLine } from '../../src/audit/search/export/export-csv.ts';
import { describeFilter, type ExportFilter, manifestFilter, sixDigits } from '../../src/audit/search/export/export-filter.ts';
import { readParts, storeParts } from '../../src/audit/search/export/export-parts.ts';
import { exportReader } from '../../src/audit/search/export/export-reader.ts';
import { readProvedRows } from '../../src/audit/search/export/export-rows.ts';
import { selectRows, selectsByIndex } from '../../src/audit/search/export/export-selection.ts';
import { makeExport } from '../../src/audit/search/export/make-export.ts';
import { readTrustedCheckpoint } from '../../src/audit/search/export/trusted-checkpoint.ts';
import { zipOf } from '../../src/audit/search/export/zip-writer.ts';
import { previewCommand, runCommand } from '../../src/foundation/command/run-command.ts';
import type { JobRun } from '../../src/foundation/jobs/job.ts';
import type { StaffActor } from '../../src/foundation/runtime/actor.ts';
import { csvCell as cell } from '../../src/foundation/runtime/csv.ts';
import { newId } from '../../src/foundation/runtime/new-id.ts';
import { systemCommands } from '../../src/modules/identity/index.ts';
import { staffActor, startTestApp, type TestApp } from '../support/app.ts';
import { type SearchWorker, searchWorker } from '../support/search-worker.ts';
import { openSql, type Sql } from '../support/sql.ts';

let app: TestApp;
let worker: SearchWorker;
let admin: Sql;
let auditor: StaffActor;
let userId: string;
let folder: string;

const reason = { code: 'legal', text: 'Asked for by the regulator in writing' };
const system = { kind: 'system', name: 'audit.export' } as const;
const run: JobRun = { id: newId(), attempt: 0, isLastAttempt: false, signal: new AbortController().signal, send: async () => undefined };
const window = () => {
  const now = app.clock.now().getTime();
  return { from: new Date(now - 3_600_000).toISOString(), to: new Date(now + 3_600_000).toISOString() };
};
const ask = (filter: Partial<ExportFilter> = {}) =>
  app.as(auditor, () => runCommand(app.deps, askExport, { input: { filter: { ...window(), ...filter }, format: 'ndjson' }, reason }));
const stateOf = async (id: string) => (await listExports(app.deps, auditor.id)).find((entry) => entry.id === id);

beforeAll(async () => {
  app = await startTestApp();
  worker = searchWorker(app);
  admin = await openSql(app.database.adminUrl);
  folder = mkdtempSync(join(tmpdir(), 'export-edges-'));
  auditor = staffActor({ role: 'auditor', isLead: false }, app.clock.now());
});
afterAll(async () => {
  rmSync(folder, { recursive: true, force: true });
  await admin.close();
  await worker.stop();
  await app.stop();
});

describe('before anything is sealed', () => {
  it('there is nothing to prove, and no checkpoint to believe', async () => {
    const reader = exportReader(worker.deps.database.pool, false);
    await expect(readTrustedCheckpoint(reader, worker.deps.config)).rejects.toThrow('nothing is sealed yet');
    const input = { email: 'ngozi@example.com', password: 'kites over third mainland', firstName: 'Ngozi', lastName: 'Ezeobi' };
    userId = (await app.as({ kind: 'system', name: 'seed' }, () => runCommand(app.deps, systemCommands.registerVerified, { input }))).output
      .userId;
    await worker.settle();
    const unpinned = { ...worker.deps.config, auditKeysFile: join(folder, 'none.json') };
    await expect(readTrustedCheckpoint(reader, unpinned)).rejects.toThrow('unknown_key');
  });
});

describe('what an export holds', () => {
  it.each<[string, (id: string) => Partial<ExportFilter>]>([
    ['a person', (id) => ({ subjectId: id })],
    ['a record', (id) => ({ record: `identity.user:${id}` })],
  ])('of %s: its changes, and the actions that made them', async (_what, filterOf) => {
    const reader = exportReader(worker.deps.database.pool, false);
    const asked = { filter: { ...window(), ...filterOf(userId) }, size: 1e9, cap: 100, now: app.clock.now() };
    const { rows, unsealed } = await selectRows(reader, asked);
    expect(unsealed).toBe(0);
    expect(rows.filter((row) => row.kind === 2).length).toBe(1);
    expect(rows.filter((row) => row.kind === 1).length).toBeGreaterThan(0);
    expect(rows.map((row) => row.seq)).toEqual([...rows.map((row) => row.seq)].sort((a, b) => a - b));
    const byNobody = await selectRows(reader, { ...asked, filter: { ...asked.filter, actorId: newId() } });
    expect(byNobody.rows).toEqual([]);
    expect((await selectRows(reader, { ...asked, size: 0 })).unsealed).toBe(rows.length);
    expect(selectsByIndex(asked.filter)).toBe(false);
  });

  it('is the same by the auditor, who reads the tables, and by the worker, who may not', async () => {
    const asked = { filter: { ...window(), subjectId: userId }, size: 1e9, cap: 100, now: app.clock.now() };
    const byWorker = exportReader(worker.deps.database.pool, false);
    const { rows } = await selectRows(byWorker, asked);
    const reader = await openSql(app.database.readerUrl);
    const byAuditor = {
      mayReadValues: true,
      query: async (sql: string, values: unknown[] = []) => ({ rows: await reader.rows<never>(sql, values) }),
    };
    expect(await readProvedRows(byAuditor, rows)).toEqual(await readProvedRows(byWorker, rows));
    await reader.close();
    const gone = [{ seq: 0, kind: 1, id: newId(), at: '2026-01-01 00:00:00+00' }] as const;
    await expect(readProvedRows(byWorker, gone)).rejects.toThrow('its row is not there any more');
  });

  it('is named in the manifest with six digits of time and without what is absent', () => {
    const from = '2026-01-02T04:04:05.0060071+01:00';
    expect(sixDigits('2026-01-02T04:04:05+01:00')).toBe('2026-01-02T03:04:05.000000Z');
    expect(sixDigits(from)).toBe('2026-01-02T03:04:05.006007Z');
    const filter = { from, to: '2026-01-03T00:00:00Z', actorId: userId, minScore: 70, text: 'Ngozi', role: undefined };
    expect(manifestFilter(filter)).toEqual({
      from: '2026-01-02T03:04:05.006007Z',
      to: '2026-01-03T00:00:00.000000Z',
      actor: userId,
      minScore: '70',
      text: 'Ngozi',
    });
    expect(describeFilter(filter)).toMatch(/minScore=70 text$/);
    expect(describeFilter({ from, to: from })).not.toContain('text');
  });

  it('is written into a spreadsheet cell by cell', () => {
    const base = { v: 1, id: userId, at: '2026-01-02T03:04:05.000000Z', txid: '7', epoch: 1 } as const;
    const event = {
      ...base,
      k: 'event',
      action: null,
      actor: null,
      actorType: 'staff',
      db: 'app_web',
      op: 2,
      tbl: 'identity.user',
      rec: userId,
      subject: null,
      changed: ['a', 'password_hash', 'n'],
      value: null,
      snap: null,
    } as const;
    const row = (leaf: ExportRow['leaf'], value: ExportRow['value'] = null): ExportRow => ({
      seq: 7,
      kind: leaf.k,
      leaf,
      value,
      snapshot: null,
    });
    const changed = { ...event, changed: [...event.changed] };
    const body = JSON.stringify({ a: ['x', null], n: [1, { deep: true }] });
    expect(csvLine(row(changed, { salt: '00', body }), 'ff', 'e')).toContain(
      '"a: x -> empty; password_hash: changed, value never stored; n: 1 -> {""deep"":true}"',
    );
    expect(csvLine(row(changed, { absent: 'erased' }), 'ff', 'e')).toContain('"erased"');
    const action = {
      ...base,
      k: 'action',
      req: userId,
      door: 'cli',
      res: 'user',
      act: 'x',
      out: 'ok',
      err: null,
      recs: ['r'],
      n: 1,
      ms: 1,
      actor: null,
      actorType: 'staff',
      roles: ['admin'],
      sess: null,
      mfa: true,
      reverts: null,
      ticket: null,
      approval: null,
      value: 'ff',
    } as const;
    const did = { ...action, recs: [...action.recs], roles: [...action.roles] };
    expect(csvLine(row(did, { salt: '00', body: '{"reason":"-1 is a reason","ticket":"T-7"}' }), 'ff', 'e')).toMatch(
      /"'-1 is a reason".*"T-7"/,
    );
    expect(csvLine(row(did, { absent: 'erased' }), 'ff', 'e')).toContain('"erased"');
    expect(csvLine(row({ ...did, ticket: userId }), 'ff', 'e')).toContain(`"${userId}"`);
    expect(csvLine(row({ ...base, k: 'control', type: 'hold', body: '{}' }), 'ff', 'e')).toContain('"hold"');
    expect(['=1', '+1', '-1', '@a', '\ta', '\ra', 'a=1', null].map(cell)).toEqual([
      `"'=1"`,
      `"'+1"`,
      `"'-1"`,
      `"'@a"`,
      `"'\ta"`,
      `"'\ra"`,
      '"a=1"',
      '""',
    ]);
  });
});

describe('the file of an export', () => {
  it('is stored in sealed pieces of a megabyte, however it comes in', async () => {
    const { output } = await ask();
    const { dataKey, wrappedKey, kekKid } = worker.deps.keyring.newDataKey();
    const { pool } = worker.deps.database;
    await pool.query('SELECT audit.begin_export($1, $2, $3)', [output.exportId, kekKid, wrappedKey]);
    const chunk = Buffer.alloc(700_000, 7);
    const stored = await storeParts(
      worker.deps,
      { id: output.exportId, dataKey },
      (async function* () {
        for (let n = 0; n < 4; n += 1) yield chunk;
      })(),
    );
    expect(stored.bytes).toBe(2_800_000);
    expect(await admin.rows('SELECT count(*)::int AS n FROM audit.export_part WHERE export_id = $1', [output.exportId])).toEqual([
      { n: 2 },
    ]);
    await admin.rows("UPDATE audit.export SET status = 'fetched', fetched_at = now() WHERE id = $1", [output.exportId]);
    const parts: Buffer[] = [];
    for await (const part of readParts(app.deps, output.exportId)) parts.push(part);
    expect(Buffer.concat(parts).length).toBe(2_800_000);
    await expect(readParts(app.deps, output.exportId).next()).rejects.toThrow('The file of the export is gone');
  });

  it('is no .zip where a .zip could not hold it', async () => {
    const path = join(folder, 'huge');
    writeFileSync(path, '');
    truncateSync(path, 5_000_000_000);
    await expect(zipOf([path], app.clock.now()).next()).rejects.toThrow(RangeError);
    rmSync(path);
    await expect(zipOf([path], app.clock.now()).next()).rejects.toThrow('ENOENT');
  });
});

describe('the job that makes exports', () => {
  const event = (exportId: string) => ({
    eventId: newId(),
    name: 'audit.export.requested',
    aggregateId: exportId,
    actionId: null,
    occurredAt: app.clock.now().toISOString(),
    payload: { exportId },
  });

  it('makes what was asked for, ends what nobody fetched, and minds no order that is gone', async () => {
    const { output } = await ask();
    await app.as(system, () => exportJob.handle({ event: event(output.exportId) }, worker.deps, run));
    expect(await stateOf(output.exportId)).toMatchObject({ status: 'ready' });
    await app.as(system, () => exportJob.handle({ event: event(newId()) }, worker.deps, run));
    await forgetExportsJob.handle({}, { ...worker.deps, clock: { now: () => new Date(app.clock.now().getTime() + 90_000_000) } }, run);
    expect(await stateOf(output.exportId)).toMatchObject({ status: 'expired' });
  });

  it('tries again where something broke, and gives up with the last attempt', async () => {
    const { output } = await ask();
    await admin.rows(`UPDATE audit.export SET filter = '{"from": "never"}' WHERE id = $1`, [output.exportId]);
    await expect(app.as(system, () => makeExport(worker.deps, output.exportId, false))).rejects.toThrow();
    expect(await stateOf(output.exportId)).toMatchObject({ status: 'running' });
    await expect(app.as(system, () => makeExport(worker.deps, output.exportId, true))).rejects.toThrow();
    expect(await stateOf(output.exportId)).toMatchObject({ status: 'failed', errorCode: 'internal_error' });
  });

  it('makes it anew where a person was erased meanwhile, and an erasure ends all that are ready', async () => {
    const { output } = await ask();
    const subject = newId();
    await admin.rows('INSERT INTO audit.erasure_run (subject_id) VALUES ($1)', [subject]);
    await expect(app.as(system, () => makeExport(worker.deps, output.exportId, false))).rejects.toThrow('made again');
    await admin.rows("UPDATE audit.erasure_run SET finished_at = now() - interval '1 hour' WHERE subject_id = $1", [subject]);
    await app.as(system, () => makeExport(worker.deps, output.exportId, false));
    expect(await stateOf(output.exportId)).toMatchObject({ status: 'ready' });
    const person = { userId: subject, erasedAt: app.clock.now(), actionIds: [], requestIds: [] };
    expect(await forgetExportFiles(worker.deps, person)).toEqual({ rows: { 'audit.export': 1 }, records: [] });
    expect(await stateOf(output.exportId)).toMatchObject({ status: 'expired' });
  });

  it('shows an export that is past its time as expired, before the tick has ended it', async () => {
    const { output } = await ask();
    await app.as(system, () => makeExport(worker.deps, output.exportId, false));
    await admin.rows("UPDATE audit.export SET expires_at = now() - interval '1 hour' WHERE id = $1", [output.exportId]);
    expect(await stateOf(output.exportId)).toMatchObject({ status: 'expired' });
  });
});

describe('a search that takes too long', () => {
  it('is cut off after three seconds with advice; its count is left open; an export may still be asked for', {
    timeout: 30_000,
  }, async () => {
    await admin.rows('BEGIN; LOCK TABLE audit.search IN ACCESS EXCLUSIVE MODE');
    const filter: SearchFilter = { text: 'ezeobi' };
    const preview = app.as(auditor, () =>
      previewCommand(app.deps, askExport, { input: { filter: { ...window(), ...filter }, format: 'csv' } }),
    );
    const [search, count, effects] = await Promise.allSettled([
      searchActions(app.deps, { filter }, { limit: 10 }),
      countActions(app.deps, { filter }),
      preview,
    ]);
    await admin.rows('ROLLBACK');
    expect(search).toMatchObject({ status: 'rejected', reason: { code: 'query_too_broad' } });
    expect(count).toEqual({ status: 'fulfilled', value: null });
    expect(effects).toMatchObject({
      status: 'fulfilled',
      value: expect.arrayContaining([expect.stringMatching(/^An unknown number of actions/)]),
    });
  });

  it('passes other failures on, and the connection is good afterwards', async () => {
    await expect(boundedRead(app.deps, 'SELECT 1/0', [])).rejects.toThrow('division by zero');
    expect(await boundedRead(app.deps, 'SELECT 1 AS one', [])).toEqual([{ one: 1 }]);
    await expect(countActions(app.deps, { filter: { requestId: 'not an id' } })).rejects.toThrow('uuid');
    await expect(
      app.as(auditor, () =>
        previewCommand(app.deps, askExport, { input: { filter: { ...window(), txid: '99999999999999999999' }, format: 'csv' } }),
      ),
    ).rejects.toThrow();
  });
});

describe('what is told of a client', () => {
  it('is null where it is not known', () => {
    expect(describeAgent(null)).toEqual({ country: null, device: null, browser: null, os: null });
    expect(describeAgent({ ip: 7, ua: '' })).toEqual({ country: null, device: null, browser: null, os: null });
    expect(describeAgent({ ip: '10.0.0.0/24', ua: 'curl/8' })).toMatchObject({ country: null, device: null, os: null });
    for (let n = 0; n < 2_100; n += 1) describeAgent({ ua: `tool/${n}` });
    expect(describeAgent({ ip: '102.89.23.0/24', ua: 'curl/8' }).country).toBe('NG');
  });
});
