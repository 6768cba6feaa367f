import { randomBytes } from 'node:crypto';
import type { PoolClient } from 'pg';
import { afterAll, beforeAll, beforeEach, describe, expect, test } from 'vitest';
import { Frontier } from '../../src/audit/proof/merkle.ts';
import { type OpenBatch, sealAll, sealBatch } from '../../src/audit/seal/sealer.ts';
import { openSql } from '../support/sql.ts';
import { asWorker, createSealBench, type SealBench, unsealed, until, writeRows } from './support/seal-bench.ts';
import { treeFaults } from './support/tree-faults.ts';

let bench: SealBench;

beforeAll(async () => {
  bench = await createSealBench();
});
afterAll(() => bench.stop());
beforeEach(async () => {
  await until(async () => {
    await sealAll(bench.deps);
    return (await unsealed(bench.admin)) === 0;
  });
  await writeRows(bench.admin, 3);
});

/** SQLSTATE and message of what fails, inside a transaction of app_worker. */
async function refusal(work: (client: PoolClient) => Promise<unknown>): Promise<string> {
  return asWorker(bench, (client) =>
    work(client).then(
      () => 'none',
      (error: { code?: string; message: string }) => `${error.code}: ${error.message}`,
    ),
  );
}

/** Leaves of all that waits, and the tree that belongs to them. */
async function openBatch(client: PoolClient): Promise<{ batch: OpenBatch; tree: Frontier }> {
  let batch: OpenBatch | undefined;
  await until(async () => {
    batch = (await client.query<OpenBatch>('SELECT * FROM audit.append_leaves(5000)')).rows[0];
    return batch?.from_size !== batch?.to_size;
  });
  if (!batch) throw new Error('no batch');
  const tree = new Frontier(Number(batch.from_size), batch.frontier);
  tree.appendAll(batch.leaves);
  return { batch, tree };
}

const checkpoint = (
  client: PoolClient,
  parts: { size: string | number; root: Buffer; frontier: readonly Buffer[]; key?: string; sig?: Buffer },
) =>
  client.query('SELECT audit.append_checkpoint($1, $2, $3, $4, $5)', [
    parts.size,
    parts.root,
    parts.frontier,
    parts.key ?? '0123456789abcdef',
    parts.sig ?? randomBytes(64),
  ]);

describe('P12: what a faulty or hostile worker cannot do', () => {
  test('leave leaves without a checkpoint', async () => {
    const said = await refusal(async (client) => {
      await openBatch(client);
      await client.query('COMMIT');
    });
    expect(said).toBe('AU011: leaves without a checkpoint');
  });

  test('take a second batch before the first has its checkpoint', async () => {
    const said = await refusal(async (client) => {
      await openBatch(client);
      await client.query('SELECT audit.append_leaves(5000)');
    });
    expect(said).toBe('AU011: the batch before has no checkpoint yet');
  });

  test('write a checkpoint of no batch, or of another size', async () => {
    const { size } = { size: 4 };
    expect(await refusal((client) => checkpoint(client, { size, root: randomBytes(32), frontier: [randomBytes(32)] }))).toBe(
      'AU011: no batch ends at 4',
    );
    const said = await refusal(async (client) => {
      const { batch, tree } = await openBatch(client);
      await checkpoint(client, { size: Number(batch.to_size) + 1, root: tree.root(), frontier: tree.roots });
    });
    expect(said).toMatch(/^AU011: no batch ends at/);
  });

  test.each([
    ['too many parts', (tree: Frontier) => ({ root: tree.root(), frontier: [...tree.roots, randomBytes(32)] }), 'no frontier'],
    ['parts of other lengths', (tree: Frontier) => ({ root: tree.root(), frontier: tree.roots.map(() => randomBytes(31)) }), 'no frontier'],
    ['a root that is not the frontier', (tree: Frontier) => ({ root: randomBytes(32), frontier: tree.roots }), 'are not such'],
    ['half a signature', (tree: Frontier) => ({ root: tree.root(), frontier: tree.roots, sig: randomBytes(32) }), 'are not such'],
    ['a key without a name', (tree: Frontier) => ({ root: tree.root(), frontier: tree.roots, key: '' }), 'are not such'],
  ])('write a checkpoint with %s', async (_what, parts, said) => {
    const refused = await refusal(async (client) => {
      const { batch, tree } = await openBatch(client);
      await checkpoint(client, { size: batch.to_size, ...parts(tree) });
    });
    expect(refused).toContain('AU011');
    expect(refused).toContain(said);
  });

  test('seal under an older snapshot, or in batches of no size', async () => {
    const older = await refusal(async (client) => {
      await client.query('ROLLBACK; BEGIN ISOLATION LEVEL REPEATABLE READ');
      await client.query('SELECT audit.append_leaves(10)');
    });
    expect(older).toBe('AU011: sealing needs READ COMMITTED');
    for (const rows of [0, 1_000_001])
      expect(await refusal((client) => client.query('SELECT audit.append_leaves($1)', [rows]))).toContain('22023');
  });

  test('reach the tables, or the parts of the functions, themselves', async () => {
    for (const sql of [
      "INSERT INTO audit.leaf VALUES (999, uuidv7(), now(), 1, sha256(''))",
      "INSERT INTO audit.seal_batch (from_size, to_size, at, watermark, epoch) VALUES (0, 1, now(), '0', 1)",
      'DELETE FROM audit.seal_batch',
      'SELECT * FROM audit.leaf_source',
      'SELECT audit.begin_sealing()',
    ]) {
      expect(await refusal((client) => client.query(sql))).toMatch(/^42501/);
    }
  });

  test('be somebody else: the web role seals nothing and starts no epoch', async () => {
    const web = await openSql(bench.database.webUrl);
    for (const sql of [
      'SELECT audit.append_leaves(1)',
      "SELECT audit.start_epoch('because I want to')",
      "SELECT audit.mark_anchored(1, 'file', 'x')",
    ]) {
      expect(await web.errorCode(sql)).toBe('42501');
    }
    await web.close();
  });

  test('go on where leaves or checkpoints were removed', async () => {
    await bench.admin.rows(
      'BEGIN; ALTER TABLE audit.leaf DISABLE TRIGGER guard_rows; CREATE TABLE public.kept AS SELECT * FROM audit.leaf ORDER BY seq DESC LIMIT 1',
    );
    await bench.admin.rows('DELETE FROM audit.leaf WHERE seq = (SELECT seq FROM public.kept)');
    await bench.admin.rows('COMMIT');
    await expect(sealBatch(bench.deps)).rejects.toThrow(/the last checkpoint covers \d+ leaves, and there are \d+/);
    await bench.admin.rows('INSERT INTO audit.leaf SELECT * FROM public.kept; ALTER TABLE audit.leaf ENABLE ALWAYS TRIGGER guard_rows');
    await until(async () => (await sealBatch(bench.deps)) !== null);
  });
});

test('after every refusal the tree is what it was', async () => {
  expect(await treeFaults(bench.admin, bench.deps.config)).toEqual([]);
});
