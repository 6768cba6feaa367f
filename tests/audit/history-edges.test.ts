import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { fieldChange } from '../../src/audit/history/event-entries.ts';
import {
  type HistoryCursor,
  type HistoryEntry,
  readHistory,
  readRestorePoint,
  readRowProof,
  readStoredValue,
} from '../../src/audit/index.ts';
import { newId } from '../../src/foundation/runtime/new-id.ts';
import { insertUser } from '../support/sql.ts';
import { createSealBench, type SealBench } from './support/seal-bench.ts';

let bench: SealBench;

beforeAll(async () => {
  bench = await createSealBench();
});
afterAll(() => bench.stop());

const eventIds = async (recordId: string) =>
  (await bench.admin.rows<{ id: string }>('SELECT id FROM audit.event WHERE record_id = $1 ORDER BY occurred_at, id', [recordId])).map(
    (row) => row.id,
  );

/** An account made, and its name changed, each by a click of its own or by plain SQL. */
async function makeUser(context?: { actionId: string }): Promise<string> {
  const { admin } = bench;
  const [made] = context
    ? await admin.inContext((sql) => sql.rows<{ id: string }>(insertUser), context)
    : await admin.rows<{ id: string }>(insertUser);
  return made?.id ?? '';
}

async function recordAction(id: string, recordId: string): Promise<void> {
  const action = {
    id,
    requestId: newId(),
    actorType: 'staff',
    actorId: newId(),
    outcome: 'denied',
    door: 'admin',
    resource: 'user',
    action: 'show',
  };
  await bench.admin.rows('SELECT audit.record_action($1::jsonb)', [JSON.stringify({ ...action, recordIds: [recordId] })]);
}

async function pages(of: Parameters<typeof readHistory>[1], limit: number): Promise<HistoryEntry[][]> {
  const seen: HistoryEntry[][] = [];
  let before: HistoryCursor | undefined;
  do {
    const { entries, next } = await readHistory(bench.deps, of, { limit, before });
    seen.push([...entries]);
    before = next ?? undefined;
  } while (before);
  return seen;
}

describe('the timeline', () => {
  it('tells a change made past the application by its login, each on its own', async () => {
    const id = await makeUser();
    await bench.admin.rows(`UPDATE identity."user" SET bio = 'one' WHERE id = $1`, [id]);
    const { entries } = await readHistory(bench.deps, { table: 'identity.user', recordId: id }, { limit: 10 });
    const [login] = await bench.admin.rows<{ name: string }>('SELECT session_user::text AS name');
    expect(
      entries.map(({ actionId, databaseUser, roles, outcome, reason }) => ({ actionId, databaseUser, roles, outcome, reason })),
    ).toEqual(Array(2).fill({ actionId: null, databaseUser: login?.name, roles: [], outcome: null, reason: null }));
  });

  it('gives one click whole, on as many pages as it fills, and begins a page with a click that fits on it', async () => {
    const { admin } = bench;
    const subject = await makeUser();
    const clicks = [newId(), newId(), newId()];
    for (const [index, rows] of [2, 3, 12].entries()) {
      await admin.inContext(
        async (sql) => {
          for (let n = 0; n < rows; n += 1) await sql.rows('UPDATE identity."user" SET bio = $2 WHERE id = $1', [subject, `${index} ${n}`]);
        },
        { actionId: clicks[index] ?? '' },
      );
    }
    const sizes = (await pages({ subjectId: subject }, 4)).map((page) => page.map((entry) => entry.changes.length));
    expect(sizes).toEqual([[4], [4], [4], [3], [2, 1]]);
    const { entries } = await readHistory(bench.deps, { actionId: clicks[1] ?? '' }, { limit: 50 });
    expect(entries.map((entry) => [entry.actionId, entry.changes.length])).toEqual([[clicks[1], 3]]);
  });

  it('orders rows of one moment by their ids, with or without a fraction of a second', async () => {
    for (const [actionId, order] of [
      ['ffffffff-ffff-7fff-bfff-fffffffffff0', ['action', 'event']],
      ['00000000-0000-7000-8000-000000000001', ['event', 'action']],
    ] as const) {
      const id = await makeUser();
      await recordAction(actionId, id);
      await bench.admin.rows(`BEGIN; ALTER TABLE audit.event DISABLE TRIGGER ALL; ALTER TABLE audit.action DISABLE TRIGGER ALL;
        SET LOCAL session_replication_role = replica;
        UPDATE audit.event SET occurred_at = '2026-11-22 01:02:03Z' WHERE record_id = '${id}';
        UPDATE audit.action SET occurred_at = '2026-11-22 01:02:03Z' WHERE id = '${actionId}'; COMMIT`);
      const { entries } = await readHistory(bench.deps, { table: 'identity.user', recordId: id }, { limit: 10 });
      expect(entries.map((entry) => (entry.actionId === actionId ? 'action' : 'event'))).toEqual(order);
    }
  });

  it('shows nothing of a stored text that is not a change any more', () => {
    const hidden = { field: 'bio', before: { kind: 'secret' }, after: { kind: 'secret' } };
    expect(fieldChange('bio', { bio: 'one value' })).toEqual(hidden);
    expect(fieldChange('bio', ['bio'])).toEqual(hidden);
  });
});

describe('what may be restored', () => {
  it('is null for a field that was empty, and takes nothing back where nothing followed', async () => {
    const id = await makeUser({ actionId: newId() });
    const record = { table: 'identity.user', recordId: id };
    const [first] = await eventIds(id);
    const point = () => readRestorePoint(bench.deps, record, { eventId: first ?? '', fields: ['bio', 'first_name'] });
    expect(await point()).toEqual({
      isDeletion: false,
      values: new Map([
        ['bio', null],
        ['first_name', 'Ada'],
      ]),
      reverts: null,
    });
    await bench.admin.rows(`UPDATE identity."user" SET bio = 'by hand' WHERE id = $1`, [id]);
    expect((await point()).reverts).toBeNull();
    const click = newId();
    await bench.admin.inContext((sql) => sql.rows(`UPDATE identity."user" SET bio = 'by click' WHERE id = $1`, [id]), { actionId: click });
    expect((await point()).reverts).toBe(click);
    expect((await readRestorePoint(bench.deps, record, { eventId: first ?? '', fields: [] })).values.size).toBeGreaterThan(10);
  });

  it('is no value of a version that was erased, on either side of the change', async () => {
    const id = await makeUser();
    const record = { table: 'identity.user', recordId: id };
    const [eventId = ''] = await eventIds(id);
    const read = (side: 'before' | 'after' | 'state', field = 'first_name') =>
      readStoredValue(bench.deps, record, { eventId, field, side });
    expect([await read('after'), await read('state')]).toEqual(['Ada', 'Ada']);
    await expect(read('before')).rejects.toMatchObject({ code: 'not_found' });
    await expect(read('state', 'bio')).rejects.toMatchObject({ code: 'not_found' });
    await bench.admin.rows(`BEGIN; SET LOCAL ROLE audit_owner; SET LOCAL audit.erasing = 'on';
      DELETE FROM audit.value WHERE subject_id = '${id}'; DELETE FROM audit.snapshot WHERE subject_id = '${id}'; COMMIT`);
    for (const side of ['before', 'after', 'state'] as const) await expect(read(side)).rejects.toMatchObject({ code: 'version_not_kept' });
  });
});

describe('the proof of a row', () => {
  it('is broken where a leaf stands that no checkpoint covers, and absent without its row, whatever its kind', async () => {
    const [eventId = ''] = await eventIds(await makeUser());
    const leaf = (rowId: string, kind: number) =>
      bench.admin.rows(
        `INSERT INTO audit.leaf (seq, row_id, occurred_at, kind, leaf)
         SELECT coalesce((SELECT max(l.seq) + 1 FROM audit.leaf AS l), 0), $1,
                coalesce((SELECT e.occurred_at FROM audit.event AS e WHERE e.id = $1), now()), $2, sha256('planted')`,
        [rowId, kind],
      );
    await leaf(eventId, 1);
    expect(await readRowProof(bench.deps, eventId)).toMatchObject({ state: 'broken', checkpoint: null, sealed: { kind: 'event' } });
    for (const [kind, name] of [
      [1, 'event'],
      [2, 'action'],
      [3, 'control'],
    ] as const) {
      const rowId = newId();
      await leaf(rowId, kind);
      expect(await readRowProof(bench.deps, rowId)).toMatchObject({ state: 'absent', checkpoint: null, sealed: { kind: name } });
    }
  });
});
