import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { compareVersions, type RecordState, readRestorePoint, type ShownValue, stateAt } from '../../src/audit/index.ts';
import { newId } from '../../src/foundation/runtime/new-id.ts';
import { insertUser } from '../support/sql.ts';
import { createSealBench, type SealBench } from './support/seal-bench.ts';

const table = 'platform.feature_flag';
const plain = (value: unknown): ShownValue => ({ kind: 'plain', value });
const erased: ShownValue = { kind: 'erased' };
const fieldOf = (state: RecordState, field: string) => state.fields.find((each) => each.field === field)?.value;
const filler = (kilobytes: number) => 'x'.repeat(kilobytes * 1024);

let bench: SealBench;

beforeAll(async () => {
  bench = await createSealBench();
});
afterAll(() => bench.stop());

/** A record of a table without snapshots; `to` writes a column and gives the id of the version that it made. */
async function makeFlag(rules: object, id = newId()) {
  const { admin } = bench;
  const lastVersion = async () =>
    (
      await admin.rows<{ id: string }>(
        'SELECT id FROM audit.event WHERE tbl = $1 AND record_id = $2 ORDER BY occurred_at DESC, id DESC LIMIT 1',
        [table, id],
      )
    )[0]?.id ?? '';
  const write = async (sql: string, value: unknown) => {
    await admin.inContext((tx) => tx.rows(sql, [id, value]));
    return lastVersion();
  };
  const first = await write(
    `INSERT INTO platform.feature_flag (id, name, rules) VALUES ($1::uuid, $1::uuid::text, $2)`,
    JSON.stringify(rules),
  );
  return {
    first,
    ref: { table, recordId: id },
    setRules: (to: unknown) => write('UPDATE platform.feature_flag SET rules = $2 WHERE id = $1', JSON.stringify(to)),
    setName: (to: string) => write('UPDATE platform.feature_flag SET name = $2 WHERE id = $1', to),
    remove: async () => {
      await admin.inContext((tx) => tx.rows('DELETE FROM platform.feature_flag WHERE id = $1', [id]));
      return lastVersion();
    },
    at: (eventId: string) => stateAt(bench.deps, { table, recordId: id }, { eventId }),
    rulesAt: async (eventId: string) => fieldOf(await stateAt(bench.deps, { table, recordId: id }, { eventId }), 'rules'),
  };
}

const eraseValues = (eventId: string) =>
  bench.admin.rows(`BEGIN; SET LOCAL ROLE audit_owner; SET LOCAL audit.erasing = 'on';
    DELETE FROM audit.value WHERE row_id = '${eventId}'; DELETE FROM audit.snapshot WHERE row_id = '${eventId}'; COMMIT`);

describe('a document of which only the differences are kept', () => {
  it('is unknown, with size and hash, from a change too large to be kept until one that names the whole', async () => {
    const flag = await makeFlag({});
    const large = await flag.setRules({ big: filler(20) });
    const cut = { kind: 'truncated', bytes: expect.any(Number), sha256: expect.stringMatching(/^[0-9a-f]{64}$/) };
    expect(await flag.rulesAt(large)).toEqual(cut);
    const later = await flag.setRules({ big: filler(20), small: 1 });
    expect(await flag.rulesAt(later)).toEqual(cut);
    await expect(readRestorePoint(bench.deps, flag.ref, { eventId: later, fields: ['rules'] })).rejects.toMatchObject({
      code: 'version_not_kept',
      details: { extra: { field: 'rules' } },
    });
    expect(await flag.rulesAt(await flag.setRules([]))).toEqual(plain([]));
    expect(await flag.rulesAt(await flag.setRules({ small: 2 }))).toEqual(plain({ small: 2 }));
    expect(await flag.rulesAt(await flag.setRules({ small: 3 }))).toEqual(plain({ small: 3 }));
  });

  it('never keeps keys that went with a change too large to be kept', async () => {
    const flag = await makeFlag({ a: filler(10) });
    const grown = await flag.setRules({ a: filler(10), b: filler(10) });
    expect(await flag.rulesAt(grown)).toEqual(plain({ a: filler(10), b: filler(10) }));
    const shrunk = await flag.setRules({ c: 1 });
    expect(await flag.rulesAt(shrunk)).toMatchObject({ kind: 'truncated' });
  });

  it('is erased from an erased value on, never put together from what is left', async () => {
    const flag = await makeFlag({ keep: filler(5), n: 0 });
    const versions = [flag.first];
    for (const n of [1, 2, 3]) versions.push(await flag.setRules({ keep: filler(5), n }));
    await eraseValues(versions[2] ?? '');
    expect(await flag.rulesAt(versions[1] ?? '')).toEqual(plain({ keep: filler(5), n: 1 }));
    expect(await flag.rulesAt(versions[2] ?? '')).toEqual(erased);
    expect(await flag.rulesAt(versions[3] ?? '')).toEqual(erased);
    await eraseValues(flag.first);
    const begun = await flag.at(versions[1] ?? '');
    expect([fieldOf(begun, 'rules'), fieldOf(begun, 'name')]).toEqual([erased, erased]);
    const named = await flag.at(await flag.setName('known again'));
    expect([fieldOf(named, 'rules'), fieldOf(named, 'name')]).toEqual([erased, plain('known again')]);
    await expect(readRestorePoint(bench.deps, flag.ref, { eventId: versions[3] ?? '', fields: ['rules'] })).rejects.toMatchObject({
      code: 'version_not_kept',
    });
  });
});

describe('the state of a record', () => {
  it('brought back under its id has nothing of its earlier life, and both lives can be read', async () => {
    const id = newId();
    const before = await makeFlag({ life: 1 }, id);
    await before.setName('earlier');
    const gone = await before.remove();
    const after = await makeFlag({ life: 2 }, id);
    expect(await before.at(gone)).toMatchObject({ condition: 'deleted', version: { op: 'delete' } });
    expect(fieldOf(await before.at(gone), 'name')).toEqual(plain('earlier'));
    const state = await after.at(after.first);
    expect(state).toMatchObject({ condition: 'present', version: { op: 'insert' } });
    expect([fieldOf(state, 'name'), fieldOf(state, 'rules')]).toEqual([plain(id), plain({ life: 2 })]);
    const { fields } = await compareVersions(bench.deps, after.ref, [{ eventId: gone }, { eventId: after.first }]);
    expect(fields.filter((field) => field.isChanged).map((field) => field.field)).toEqual(
      expect.arrayContaining(['created_at', 'name', 'rules']),
    );
  });

  it('is partial where its beginning is archived: what never changed since is missing, not guessed', async () => {
    const flag = await makeFlag({ keep: filler(5), n: 0 });
    const changed = await flag.setRules({ keep: filler(5), n: 1 });
    await bench.admin.rows(
      `BEGIN; ALTER TABLE audit.event DISABLE TRIGGER ALL; DELETE FROM audit.event WHERE id = '${flag.first}'; COMMIT`,
    );
    const state = await flag.at(changed);
    expect(state.condition).toBe('partial');
    expect(state.fields).toEqual([{ field: 'rules', value: plain({ n: 1 }) }]);
  });

  it('against a time before its first change differs in everything', async () => {
    const flag = await makeFlag({ n: 1 });
    const compared = await compareVersions(bench.deps, flag.ref, [{ at: '2020-01-01T00:00:00Z' }, { eventId: flag.first }]);
    expect(compared.left).toEqual({ version: null, condition: 'unknown' });
    expect(compared.fields.find(({ field }) => field === 'rules')).toEqual({
      field: 'rules',
      left: { kind: 'empty' },
      right: plain({ n: 1 }),
      isChanged: true,
    });
  });

  it('names secret fields without a value, deleted or not', async () => {
    const { admin } = bench;
    const [user] = await admin.rows<{ id: string }>(insertUser);
    const [made] = await admin.rows<{ id: string }>(
      `INSERT INTO identity.credential (user_id, password_hash) VALUES ($1, 'v1$k1$planted') RETURNING id`,
      [user?.id],
    );
    await admin.rows(`UPDATE identity.credential SET password_hash = 'v1$k1$planted-too' WHERE id = $1`, [made?.id]);
    const ref = { table: 'identity.credential', recordId: made?.id ?? '' };
    const now = () => stateAt(bench.deps, ref, { at: '2999-01-01T00:00:00Z' });
    expect(fieldOf(await now(), 'password_hash')).toEqual({ kind: 'secret' });
    expect(fieldOf(await now(), 'user_id')).toEqual(plain(user?.id));
    await admin.rows('DELETE FROM identity.credential WHERE id = $1', [made?.id]);
    const gone = await now();
    expect(gone.condition).toBe('deleted');
    expect([fieldOf(gone, 'password_hash'), fieldOf(gone, 'user_id')]).toEqual([{ kind: 'secret' }, plain(user?.id)]);
  });

  it('of a table that takes no snapshots any more goes on from the last one, or says that it was erased', async () => {
    const { admin, deps } = bench;
    const [user] = await admin.rows<{ id: string }>(insertUser);
    const ref = { table: 'identity.user', recordId: user?.id ?? '' };
    await admin.rows(`UPDATE audit.policy SET snapshot = false WHERE tbl = 'identity.user' AND field = '*'`);
    await admin.rows(`SELECT audit.enable_table('identity."user"')`);
    await admin.rows(`UPDATE identity."user" SET bio = 'Weaver' WHERE id = $1`, [user?.id]);
    const state = await stateAt(deps, ref, { at: '2999-01-01T00:00:00Z' });
    expect(state).toMatchObject({ condition: 'present', version: { hasSnapshot: false } });
    expect([fieldOf(state, 'bio'), fieldOf(state, 'first_name')]).toEqual([plain('Weaver'), plain('Ada')]);
    const [first] = await admin.rows<{ id: string }>('SELECT id FROM audit.event WHERE record_id = $1 ORDER BY occurred_at LIMIT 1', [
      user?.id,
    ]);
    await eraseValues(first?.id ?? '');
    const later = await stateAt(deps, ref, { at: '2999-01-01T00:00:00Z' });
    expect([fieldOf(later, 'bio'), fieldOf(later, 'first_name')]).toEqual([plain('Weaver'), erased]);
  });
});
