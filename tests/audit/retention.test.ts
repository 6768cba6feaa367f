import { randomBytes } from 'node:crypto';
import { existsSync, readdirSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { zstdDecompressSync } from 'node:zlib';
import pg from 'pg';
import { afterAll, beforeAll, beforeEach, describe, expect, it } from 'vitest';
import {
  type ArchiveFilter,
  holdMonth,
  type OpenedRow,
  readArchive,
  registeredErasures,
  releaseHold,
  runRetention,
} from '../../src/audit/index.ts';
import { type ArchivedRow, archiveFileName, archiveLine, partitionSealBody } from '../../src/audit/proof/archive-format.ts';
import { spanOf } from '../../src/audit/retain/months.ts';
import { onlyRow } from '../../src/audit/retain/only-row.ts';
import { partitionsJob } from '../../src/audit/retain/partitions.job.ts';
import { retainMonth, takeSteps } from '../../src/audit/retain/retain-month.ts';
import { retentionJob } from '../../src/audit/retain/retention.job.ts';
import { openContent, sealContent } from '../../src/audit/retain/seal-content.ts';
import type { JobRun } from '../../src/foundation/jobs/job.ts';
import { dataKeysOf, staffCommands } from '../../src/modules/identity/index.ts';
import { registerPerson, run } from '../modules/identity/people.ts';
import { staffActor, startTestApp, type TestApp } from '../support/app.ts';
import { type Keeper, openKeeper, writeOldRows } from './support/keeper.ts';

let app: TestApp & { stop(): Promise<void> };
let keeper: Keeper;
beforeAll(async () => {
  app = await startTestApp();
  keeper = await openKeeper(app);
});
afterAll(async () => {
  await keeper.close();
  await app.stop();
});

const reason = { code: 'legal', text: 'Court order 2026/114' };
const auditor = () => ({ actor: staffActor({ role: 'auditor', isLead: false }, app.clock.now()), envelope: { reason } });
const retain = () => keeper.asJob('audit.retention', () => runRetention(keeper.deps, { dataKeysOf }));
const stateOf = async (month: string) =>
  (await retain()).find((seen) => seen.part === 'history' && seen.month === month)?.state ?? 'not looked at';
const folder = () => app.deps.config.auditArchiveDir;
const linesOf = (month: string) =>
  zstdDecompressSync(readFileSync(join(folder(), archiveFileName(month))))
    .toString('utf8')
    .trimEnd()
    .split('\n')
    .map((line) => archiveLine.parse(JSON.parse(line)));
const rowsIn = (month: string) => linesOf(month).filter((line): line is ArchivedRow => line.k === 'row');
const tablesOf = (month: string) =>
  keeper.admin.rows<{ name: string }>(
    `SELECT c.relname AS name FROM pg_class AS c JOIN pg_namespace AS n ON n.oid = c.relnamespace
      WHERE n.nspname = 'audit' AND c.relkind = 'r' AND c.relname LIKE '%\\_p' || $1 ORDER BY 1`,
    [month.replace('-', '')],
  );

describe('a month past its time', () => {
  const month = '2018-03';
  let person: Awaited<ReturnType<typeof registerPerson>>;

  beforeAll(async () => {
    person = await registerPerson(app);
    await writeOldRows(keeper.admin, {
      month,
      subjectId: person.actor.id,
      bodies: ['{"first_name":["Ada","Adaeze of old"]}', '{"first_name":["x","y"]}'],
      snapshot: '{"first_name":"Adaeze of old"}',
    });
    await writeOldRows(keeper.admin, { month, bodies: ['{"name":["Nigeria","Naija of old"]}'], recordId: 'NG' });
    await keeper.admin.rows(
      `INSERT INTO audit.enrichment (row_id, country) SELECT a.id, 'NG' FROM audit.action AS a WHERE a.occurred_at < '2018-04-01'`,
    );
  });

  it('waits for its seal, then for a verify run that found nothing, before anything is written', async () => {
    expect(await stateOf(month)).toBe('unsealed');
    await keeper.sealAndAnchor();
    expect(await stateOf(month)).toBe('unverified');
    // Runs that found something, or that looked at one record only, do not count.
    for (const note of [
      { scope: 'full', from: '0', to: '999', outcome: 'faults' },
      { scope: 'record', from: '0', to: '999', outcome: 'valid' },
    ])
      await keeper.admin.rows(`SELECT audit.record_control('verify', $1)`, [JSON.stringify(note)]);
    await keeper.sealAndAnchor();
    expect(await stateOf(month)).toBe('unverified');
    expect(existsSync(join(folder(), archiveFileName(month)))).toBe(false);
    await keeper.noteVerify();
  });

  it('is archived with its leaves, values about people under their keys only, and the seal is sealed and anchored first', async () => {
    expect(await stateOf(month)).toBe('archived');
    // Until the seal is anchored nothing more happens, however often it is asked.
    expect(await stateOf(month)).toBe('archived');
    expect((await tablesOf(month)).map((table) => table.name)).toContain('event_p201803');
    const [control] = await keeper.admin.rows<{ body: string }>(`SELECT body FROM audit.control WHERE type = 'partition_seal'`);
    const seal = partitionSealBody.parse(JSON.parse(control?.body ?? '{}'));
    expect(seal).toMatchObject({ month, events: '3', actions: '3', values: '6', snapshots: '2', file: 'audit-2018-03.ndjson.zst' });
    const text = zstdDecompressSync(readFileSync(join(folder(), seal.file))).toString('utf8');
    expect(text).not.toContain('of old"]}","sub');
    expect(text).not.toContain('Adaeze');
    expect(text).toContain('Naija of old');
    const keys = await dataKeysOf(keeper.deps, [person.actor.id]);
    const opened = rowsIn(month).map(({ leaf, value }) =>
      openContent(keeper.deps.keyring, value, { place: { part: 'value', rowId: leaf.id }, keys }),
    );
    expect(opened.filter((content) => content?.body.includes('Adaeze of old'))).toHaveLength(2);
    const closed = rowsIn(month).filter(({ value }) => value && 'box' in value);
    expect(closed).toHaveLength(4);
    expect(
      closed.map(({ leaf, value }) =>
        openContent(keeper.deps.keyring, value, { place: { part: 'value', rowId: leaf.id }, keys: new Map() }),
      ),
    ).toEqual(closed.map(() => null));
  });

  it('is dropped, and verify is green with and without the file', async () => {
    await keeper.sealAndAnchor();
    expect(await stateOf(month)).toBe('dropped');
    expect(await tablesOf(month)).toEqual([]);
    expect(
      await keeper.admin.rows('SELECT 1 FROM audit.enrichment AS e JOIN audit.leaf AS l ON l.row_id = e.row_id WHERE l.occurred_at < $1', [
        '2018-04-01',
      ]),
    ).toEqual([]);
    const without = await keeper.verify();
    expect(without).toMatchObject({ outcome: 'valid', faults: [], archives: { months: 1, files: 0, rows: 6 } });
    const withFile = await keeper.verify({ archiveFolder: folder() });
    expect(withFile).toMatchObject({ outcome: 'valid', faults: [], archives: { months: 1, files: 1, rows: 6 } });
    expect(await stateOf(month)).toBe('not looked at');
  });

  it('can still be read, with what opens, by record and by person', async () => {
    const read = async (filter: ArchiveFilter, keysOf = dataKeysOf) => {
      const rows: OpenedRow[] = [];
      for await (const row of readArchive(keeper.deps, keysOf, { month, filter })) rows.push(row);
      return rows;
    };
    expect(await read({})).toHaveLength(6);
    const own = await read({ subjectId: person.actor.id });
    expect(own).toHaveLength(4);
    expect(own.some((row) => row.value?.includes('Adaeze of old') && row.snapshot?.includes('Adaeze of old'))).toBe(true);
    const ofRecord = await read({ record: { table: 'identity.user', id: 'NG' } });
    expect(ofRecord.map((row) => row.value)).toEqual(['{"name":["Nigeria","Naija of old"]}']);
    const shredded = await read({ subjectId: person.actor.id }, async () => new Map());
    expect(shredded.map((row) => row.value)).toEqual([null, null, null, null]);
    const missing = readArchive(keeper.deps, dataKeysOf, { month: '2001-01', filter: {} });
    await expect(missing.next()).rejects.toMatchObject({ code: 'ENOENT' });
  });

  it('an archive that was changed afterwards is named', async () => {
    const path = join(folder(), archiveFileName(month));
    const before = readFileSync(path);
    writeFileSync(path, Buffer.concat([before, randomBytes(4)]));
    expect((await keeper.verify({ archiveFolder: folder() })).faults.map((fault) => fault.kind)).toEqual(['archive_altered']);
    writeFileSync(path, before);
  });
});

describe('what keeps a month', () => {
  const month = '2018-05';
  beforeAll(async () => {
    const { actor } = await registerPerson(app);
    await writeOldRows(keeper.admin, { month, subjectId: actor.id, bodies: ['{"first_name":["a","b"]}'] });
    await keeper.sealAndAnchor();
    await keeper.noteVerify();
    held = actor.id;
  });
  let held = '';
  const dropSql = `SELECT audit.archive_partition('2018-05-01')`;

  it('a hold on the month or on a person in it, said in a clear line', async () => {
    const { holdId } = await run(app, holdMonth, { month }, auditor());
    expect(await stateOf(month)).toBe('held');
    expect(keeper.logs.join('')).toContain('a legal hold keeps it: see the list of holds');
    await run(app, releaseHold, { id: holdId }, auditor());
    await run(app, staffCommands.placeLegalHold, { id: held }, auditor());
    expect(await stateOf(month)).toBe('held');
    expect(existsSync(join(folder(), archiveFileName(month)))).toBe(false);
    await run(app, staffCommands.releaseLegalHold, { id: held }, auditor());
  });

  it('a hold placed after the archive was sealed stops the drop', async () => {
    expect(await stateOf(month)).toBe('archived');
    await keeper.sealAndAnchor();
    const { holdId } = await run(app, holdMonth, { month }, auditor());
    expect(await stateOf(month)).toBe('held');
    expect((await tablesOf(month)).length).toBeGreaterThan(3);
    await run(app, releaseHold, { id: holdId }, auditor());
  });

  it('a reader keeps it for today only, and no writer waits a second for it', async () => {
    const reader = new pg.Client({ connectionString: app.database.adminUrl });
    await reader.connect();
    await reader.query('BEGIN');
    await reader.query('SELECT count(*) FROM audit.event');
    const writer = beWriting();
    const busy = await stateOf(month);
    const waited = await writer.stop();
    expect(busy).toBe('locked');
    await reader.query('COMMIT');
    await reader.end();
    expect(waited.writes).toBeGreaterThan(5);
    expect(waited.longestMs).toBeLessThan(1_000);
    const again = beWriting();
    const state = await stateOf(month);
    expect((await again.stop()).longestMs).toBeLessThan(1_000);
    expect(state).toBe('dropped');
  });

  it('the functions refuse a month that has no anchored seal, is not over or is sealed already', async () => {
    const worker = keeper.deps.database.pool;
    const codeOf = (sql: string) =>
      worker.query(sql).then(
        () => 'none',
        (error: pg.DatabaseError) => error.code,
      );
    expect(await codeOf(`SELECT audit.archive_partition('2019-01-01')`)).toBe('AU006');
    expect(await codeOf(`SELECT audit.drop_search('${new Date().toISOString().slice(0, 7)}-01')`)).toBe('AU006');
    const seal = (of: string, counts: object = {}) =>
      codeOf(`SELECT audit.seal_partition('${JSON.stringify({ month: of, events: '0', actions: '0', ...counts })}')`);
    expect(await seal(new Date().toISOString().slice(0, 7))).toBe('AU006');
    expect(await seal(month)).toBe('AU006');
    expect(await seal('2019-01', { events: '7' })).toBe('AU006');
    expect(await codeOf(`SELECT audit.forget_enrichment('${new Date().toISOString().slice(0, 7)}-01', 10)`)).toBe('AU006');
    expect(dropSql).toContain('archive_partition');
    const web = app.deps.database.pool;
    await expect(web.query(`SELECT audit.archive_partition('2018-05-01')`)).rejects.toMatchObject({ code: '42501' });
    await expect(web.query(`SELECT audit.read_contents('{}', '{}')`)).rejects.toMatchObject({ code: '42501' });
  });

  it('altered rows are neither archived nor dropped', async () => {
    const altered = '2018-07';
    await writeOldRows(keeper.admin, { month: altered, bodies: ['{"a":[1,2]}', '{"a":[2,3]}'], snapshot: '{"a":2}' });
    await keeper.sealAndAnchor();
    await keeper.noteVerify();
    const tampered: readonly (readonly [string, string, string, string])[] = [
      ['snapshot_p201807', `body = body || ' '`, `body = rtrim(body)`, 'the snapshot is altered'],
      ['event_p201807', 'op = 3', 'op = 2', 'the row does not give its leaf'],
    ];
    for (const [table, change, back, said] of tampered) {
      keeper.logs.splice(0);
      await keeper.admin.rows(`ALTER TABLE audit.${table} DISABLE TRIGGER ALL`);
      await keeper.admin.rows(`UPDATE audit.${table} SET ${change}`);
      expect(await stateOf(altered)).toBe('altered');
      expect(keeper.logs.join('')).toContain(said);
      await keeper.admin.rows(`UPDATE audit.${table} SET ${back}`);
    }
    await keeper.admin.rows(`ALTER TABLE audit.value_p201807 DISABLE TRIGGER ALL`);
    await keeper.admin.rows(`UPDATE audit.value_p201807 SET body = '{"a":[1,9]}' WHERE body = '{"a":[1,2]}'`);
    expect(await stateOf(altered)).toBe('altered');
    expect(keeper.logs.join('')).toContain('the value is altered; run audit:verify');
    expect(existsSync(join(folder(), `${archiveFileName(altered)}.part`))).toBe(false);
    await keeper.admin.rows(`UPDATE audit.value_p201807 SET body = '{"a":[1,2]}' WHERE body = '{"a":[1,9]}'`);
    await keeper.admin.rows(`ALTER TABLE audit.value_p201807 ENABLE ALWAYS TRIGGER guard_rows, ENABLE ALWAYS TRIGGER guard_truncate`);
    expect(await stateOf(altered)).toBe('archived');
  });
});

describe('what cannot be done is said and leaves nothing half done', () => {
  it('without keys there is no archive, not even a part of one, and what the database refuses is not tried again', async () => {
    const month = '2018-09';
    await writeOldRows(keeper.admin, { month, bodies: ['{"a":[1,2]}'] });
    await keeper.sealAndAnchor();
    await keeper.noteVerify();
    const noKeys = () => Promise.reject(new Error('the keys are away'));
    await expect(retainMonth(keeper.deps, spanOf(month), noKeys)).rejects.toThrow('the keys are away');
    expect(readdirSync(folder()).filter((file) => file.includes(month))).toEqual([]);
    expect(await keeper.admin.rows(`SELECT 1 FROM audit.control WHERE type = 'partition_seal' AND body LIKE '%2018-09%'`)).toEqual([]);
    await expect(takeSteps(keeper.deps, 'SELECT audit.archive_partition($1::date) AS step', `${month}-01`)).rejects.toMatchObject({
      code: 'AU006',
    });
    const nowhere = { ...keeper.deps, config: { ...keeper.deps.config, auditArchiveDir: join(folder(), archiveFileName('2018-03')) } };
    await expect(registeredErasures(nowhere)).rejects.toMatchObject({ code: 'ENOTDIR' });
    expect(() => onlyRow([])).toThrow('The database gave no row');
  });

  it('a row that is gone stops the archive; many rows are written in pages', async () => {
    const month = '2018-11';
    await writeOldRows(keeper.admin, { month, bodies: Array.from({ length: 260 }, (_, n) => `{"a":[${n},${n + 1}]}`) });
    await keeper.sealAndAnchor();
    await keeper.noteVerify();
    await keeper.admin.rows('CREATE TABLE public.kept AS SELECT * FROM audit.event_p201811 LIMIT 1');
    await keeper.admin.rows('ALTER TABLE audit.event_p201811 DISABLE TRIGGER ALL');
    await keeper.admin.rows('DELETE FROM audit.event_p201811 WHERE id IN (SELECT id FROM public.kept)');
    expect(await stateOf(month)).toBe('altered');
    expect(keeper.logs.join('')).toContain('its row is gone');
    await keeper.admin.rows('INSERT INTO audit.event_p201811 SELECT * FROM public.kept');
    expect(await stateOf(month)).toBe('archived');
    expect(rowsIn(month)).toHaveLength(520);
    expect(linesOf(month).at(-1)).toMatchObject({ k: 'end', events: 260, actions: 260, values: 520 });
  });

  it('the present month is never looked at', async () => {
    expect(await retainMonth(keeper.deps, spanOf(new Date().toISOString().slice(0, 7)), dataKeysOf)).toBe('open');
  });

  it('a content about two people opens with both keys only, and is left out once one of them is erased', () => {
    const { keyring } = keeper.deps;
    const [ada, bola] = [keyring.newDataKey().dataKey, keyring.newDataKey().dataKey];
    const place = { part: 'value', rowId: 'r' } as const;
    const content = { salt: randomBytes(16), body: '{"reason":"both"}' };
    const people = ['ada', 'bola', 'a country'];
    const sealed = sealContent(keyring, content, {
      place,
      people,
      keys: new Map([
        ['ada', ada],
        ['bola', bola],
      ]),
    });
    expect(sealed).toMatchObject({ people: ['ada', 'bola'] });
    expect(
      openContent(keyring, sealed, {
        place,
        keys: new Map([
          ['ada', ada],
          ['bola', bola],
        ]),
      })?.body,
    ).toBe(content.body);
    expect(
      openContent(keyring, sealed, {
        place,
        keys: new Map([
          ['ada', ada],
          ['bola', null],
        ]),
      }),
    ).toBeNull();
    expect(
      openContent(keyring, sealed, {
        place,
        keys: new Map([
          ['ada', null],
          ['bola', bola],
        ]),
      }),
    ).toBeNull();
    expect(() =>
      openContent(keyring, sealed, {
        place: { ...place, rowId: 'other' },
        keys: new Map([
          ['ada', ada],
          ['bola', bola],
        ]),
      }),
    ).toThrow();
    expect(
      sealContent(keyring, content, {
        place,
        people,
        keys: new Map([
          ['ada', ada],
          ['bola', null],
        ]),
      }),
    ).toBeNull();
    expect(openContent(keyring, null, { place, keys: new Map() })).toBeNull();
  });
});

describe('search rows, coming months and closed ones', () => {
  const run0: JobRun = { id: '', attempt: 0, isLastAttempt: false, signal: new AbortController().signal, send: async () => undefined };

  it('search rows past their time are dropped without more ado; the job does all of it', async () => {
    const month = '2019-02';
    await keeper.admin.rows('SELECT audit.make_partitions($1::date, $1::date)', [`${month}-01`]);
    await keeper.asJob('audit.retention', () => retentionJob({ dataKeysOf, forgetters: [] }).handle({}, keeper.deps, run0));
    expect((await tablesOf(month)).map((table) => table.name)).not.toContain('search_p201902');
  });

  it('the partitions job makes the months ahead, protected, and indexes fields of months that are over, once', async () => {
    const old = '2025-11';
    await keeper.admin.rows('SELECT audit.make_partitions($1::date, $1::date)', [`${old}-01`]);
    for (let times = 0; times < 2; times += 1) await keeper.asJob('audit.partitions', () => partitionsJob.handle({}, keeper.deps, run0));
    const ahead = new Date(Date.now() + 95 * 86_400_000).toISOString().slice(0, 7).replace('-', '');
    const [found] = await keeper.admin.rows<{ ahead: boolean; indexed: boolean; open: boolean }>(
      `SELECT to_regclass('audit.event_p${ahead}') IS NOT NULL AS ahead, to_regclass('audit.event_p202511_changed_idx') IS NOT NULL AS indexed,
              to_regclass('audit.event_p${new Date().toISOString().slice(0, 7).replace('-', '')}_changed_idx') IS NOT NULL AS open`,
    );
    expect(found).toEqual({ ahead: true, indexed: true, open: false });
    for (const statement of ['DELETE FROM', 'TRUNCATE']) {
      expect(await keeper.admin.errorCode(`${statement} audit.event_p${ahead}`)).toBe('42501');
    }
  });
});

beforeEach(() => keeper.logs.splice(0));
afterAll(() => rmSync(folder(), { recursive: true, force: true }));

let writerId = '';
beforeAll(async () => {
  writerId = (await registerPerson(app)).actor.id;
});

/** Commits audited changes one after another, as the web role does, until stopped; tells how long the slowest took. */
function beWriting(): { stop(): Promise<{ writes: number; longestMs: number }> } {
  let isOn = true;
  let writes = 0;
  let longestMs = 0;
  const loop = (async () => {
    const { pool } = app.deps.database;
    const context = Buffer.from(JSON.stringify({ actorType: 'system:test' })).toString('base64');
    while (isOn) {
      const started = performance.now();
      await pool.query(
        `BEGIN; SELECT set_config('audit.ctx', '${context}', true); UPDATE identity."user" SET lock_level = lock_level + 1 WHERE id = '${writerId}'; COMMIT`,
      );
      longestMs = Math.max(longestMs, performance.now() - started);
      writes += 1;
    }
  })();
  return {
    async stop() {
      isOn = false;
      await loop;
      return { writes, longestMs };
    },
  };
}
