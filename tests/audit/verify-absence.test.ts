import { hash } from 'node:crypto';
import { writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { zstdCompressSync } from 'node:zlib';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { leafLine } from '../../src/audit/proof/archive-format.ts';
import { canonicalJson } from '../../src/audit/proof/canonical-json.ts';
import type { Fault } from '../../src/audit/verify/faults.ts';
import { type AdminSql, createSealedDatabase, type SealedDatabase } from '../support/sealed-database.ts';
import { tamper } from '../support/tamper.ts';

const now = () => `${new Date().toISOString().slice(0, -1)}999Z`;
const none = { v: '1', rows: {}, from: '', actions: [], records: [], action: '', approval: '' };
const counts = (value: number, snapshot: number) => ({ value: String(value), snapshot: String(snapshot), search: '0', enrichment: '0' });

describe('what may be absent, and what may not', () => {
  let sealed: SealedDatabase;
  let people: { userId: string; actionId: string }[];

  beforeAll(async () => {
    sealed = await createSealedDatabase();
    people = await sealed.fill(2);
    await sealed.seal();
    await sealed.anchor();
  });
  // Many copies to drop: on a busy machine that takes its time.
  afterAll(() => sealed.stop(), 180_000);

  const control = (admin: AdminSql, type: string, body: string) => admin('SELECT audit.record_control($1, $2)', [type, body]);
  async function faultsAfter(
    change: (admin: AdminSql) => Promise<unknown>,
    archiveFolder: string | null = null,
  ): Promise<readonly Fault[]> {
    const copy = await sealed.copy();
    await change(copy.admin);
    return (await sealed.verify({ target: { url: copy.url, role: 'audit_reader' }, archiveFolder })).faults;
  }
  const kinds = async (change: (admin: AdminSql) => Promise<unknown>, folder: string | null = null) =>
    (await faultsAfter(change, folder)).map((fault) => fault.kind);
  /** All contents of the first person: 3 values, 3 snapshots, and the value of the action that was aimed at them. */
  async function forget(admin: AdminSql): Promise<void> {
    const { userId, actionId } = people[0] ?? { userId: '', actionId: '' };
    await tamper(admin, 'audit.value', `DELETE FROM audit.value WHERE subject_id = '${userId}' OR row_id = '${actionId}'`);
    await tamper(admin, 'audit.snapshot', `DELETE FROM audit.snapshot WHERE subject_id = '${userId}'`);
  }

  it('an erasure explains what it deleted, of that person and until then', async () => {
    const copy = await sealed.copy();
    await forget(copy.admin);
    await control(copy.admin, 'erasure', canonicalJson({ ...none, subject: people[0]?.userId ?? '', history: counts(4, 3), to: now() }));
    const result = await sealed.verify({ target: { url: copy.url, role: 'audit_reader' } });
    expect(result).toMatchObject({ outcome: 'valid', erased: 7, values: 4, snapshots: 3 });
  });

  it('it explains no more than it counted, nobody else, nothing that came later, and nothing if it cannot be read', {
    timeout: 60_000,
  }, async () => {
    const erasure = (admin: AdminSql, change: object) =>
      control(admin, 'erasure', canonicalJson({ ...none, subject: people[0]?.userId ?? '', history: counts(4, 3), to: now(), ...change }));
    const found = (change: object) =>
      kinds(async (admin) => {
        await forget(admin);
        await erasure(admin, change);
      });
    expect(await found({ history: counts(2, 3) })).toEqual(['erasure_exceeded']);
    expect(new Set(await found({ subject: people[1]?.userId }))).toEqual(new Set(['value_missing', 'snapshot_missing']));
    expect(await found({ to: '2020-01-01T00:00:00.000000Z' })).toHaveLength(7);
    expect((await found({ v: '2' }))[0]).toBe('control_unreadable');
    expect(await kinds((admin) => control(admin, 'erasure', 'not JSON'))).toEqual(['control_unreadable']);
  });

  it('an archived month must have the leaves that were sealed with it, and its file the bytes', { timeout: 90_000 }, async () => {
    const leaves = await sealed.admin<{ seq: string; rowId: string; at: string; kind: number; leaf: Buffer }>(
      `SELECT seq, row_id AS "rowId", to_char(occurred_at AT TIME ZONE 'UTC', 'YYYY-MM-DD"T"HH24:MI:SS.US"Z"') AS at, kind, leaf FROM audit.leaf ORDER BY seq`,
    );
    const month = (leaves[0]?.at ?? '').slice(0, 7);
    const digest = hash('sha256', leaves.map((row) => leafLine(row)).join(''), 'hex');
    const file = `audit-${month}.ndjson.zst`;
    const folder = sealed.config.dataDir;
    const empty = zstdCompressSync(`${canonicalJson({ k: 'archive', v: 1, month, origin: 'x' })}\n`);
    const broken = Buffer.from('no zstd');
    const seal = (change: object) =>
      canonicalJson({
        v: '1',
        month,
        file,
        sha256: hash('sha256', empty, 'hex'),
        bytes: String(empty.length),
        events: '6',
        actions: '2',
        values: '8',
        snapshots: '6',
        firstSeq: '0',
        lastSeq: '7',
        leaves: digest,
        ...change,
      });
    const found = (change: object, content: Buffer | null) => {
      if (content) writeFileSync(join(folder, file), content);
      return kinds((admin) => control(admin, 'partition_seal', seal(change)), content ? folder : null);
    };
    expect(await found({}, null)).toEqual([]);
    expect(await found({ leaves: '0'.repeat(64) }, null)).toEqual(['archive_leaves']);
    expect(await found({ events: '5' }, null)).toEqual(['archive_leaves']);
    expect(await found({ month: '13' }, null)).toEqual(['control_unreadable']);
    expect(await found({}, Buffer.from('other bytes'))).toEqual(['archive_altered']);
    expect(await found({}, empty)).toEqual(['archive_altered']);
    expect(await found({ sha256: hash('sha256', broken, 'hex') }, broken)).toEqual(['archive_altered']);
    const dropped = await faultsAfter(async (admin) => {
      await control(admin, 'partition_seal', seal({}));
      const part = `_p${month.replace('-', '')}`;
      for (const table of ['event', 'action', 'value', 'snapshot']) await admin(`DROP TABLE audit.${table}${part}`);
    });
    expect(dropped).toEqual([]);
  });

  it('a month that is gone without a seal is missed row by row', async () => {
    const missed = await kinds(async (admin) => {
      const [month] = await admin<{ part: string }>("SELECT to_char(now() AT TIME ZONE 'UTC', '\"_p\"YYYYMM') AS part");
      await admin(`DROP TABLE audit.event${month?.part}; DROP TABLE audit.action${month?.part}`);
    });
    expect(missed.sort()).toEqual([...Array(2).fill('action_missing'), ...Array(6).fill('event_missing')]);
  });

  it('an epoch needs a control row that names it, and checkpoints never run backwards', async () => {
    const begin = (admin: AdminSql) => admin("INSERT INTO audit.epoch (epoch, system_identifier, reason) VALUES (2, 1, 'upgrade')");
    expect(await kinds(begin)).toEqual(['epoch_unexplained']);
    const named = (body: string) =>
      kinds(async (admin) => {
        await begin(admin);
        await control(admin, 'epoch', body);
      });
    expect(await named('{"epoch":"2"}')).toEqual([]);
    expect(await named('nothing')).toEqual(['epoch_unexplained']);
  });

  it('many disagreements in one stretch are told as far as the signed root allows', async () => {
    const all = await kinds((admin) => tamper(admin, 'audit.leaf', "UPDATE audit.leaf SET leaf = sha256('x')"));
    expect(all).toEqual(Array(8).fill('leaf_altered'));
    const mixed = await kinds(async (admin) => {
      await tamper(admin, 'audit.leaf', "UPDATE audit.leaf SET leaf = sha256('x') WHERE seq < 7");
      await tamper(admin, 'audit.action', 'UPDATE audit.action SET ms = ms + 1');
    });
    // Rows that another transaction held up lie under a checkpoint of their own, whose root may tell which of the two was altered.
    expect(mixed).toContain('row_or_leaf_altered');
    expect(mixed.filter((kind) => !['row_or_leaf_altered', 'leaf_altered', 'action_altered'].includes(kind))).toEqual([]);
  });
});
