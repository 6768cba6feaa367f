import { hash } from 'node:crypto';
import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { readInclusionPath } from '../../src/audit/history/tree-path.ts';
import { foldTree, makeProofFile, type RowProof, readRowProof } from '../../src/audit/index.ts';
import { rootOf } from '../../src/audit/proof/merkle.ts';
import { inclusionProof, verifyInclusion } from '../../src/audit/proof/merkle-proof.ts';
import { anchorLast } from '../../src/audit/seal/anchor.ts';
import { sealAll } from '../../src/audit/seal/sealer.ts';
import { readPinnedKeys } from '../../src/audit/seal/signing-key.ts';
import { verifyExport } from '../../src/audit/verify/verify-export.ts';
import { newId } from '../../src/foundation/runtime/new-id.ts';
import { createSealBench, type SealBench, until, writeRows } from './support/seal-bench.ts';

let bench: SealBench;
let folder: string;

beforeAll(async () => {
  bench = await createSealBench();
  folder = mkdtempSync(join(tmpdir(), 'fashionistar-proof-'));
});
afterAll(async () => {
  await bench.stop();
  rmSync(folder, { recursive: true, force: true });
});

const lastEvent = async () =>
  (await bench.admin.rows<{ id: string }>('SELECT id FROM audit.event ORDER BY occurred_at DESC, id DESC LIMIT 1'))[0]?.id ?? '';

/** Seals until this row has its leaf: another database's open transaction may hold the sealer back. */
async function sealed(rowId: string): Promise<RowProof> {
  await until(async () => {
    await sealAll(bench.deps);
    return (await readRowProof(bench.deps, rowId)).state !== 'waiting';
  });
  return readRowProof(bench.deps, rowId);
}

function proved(proof: RowProof): Extract<RowProof, { state: 'sealed' }> {
  if (proof.state !== 'sealed') throw new Error(`it is ${proof.state}`);
  return proof;
}

async function verified(proof: RowProof) {
  const path = join(folder, `${newId()}.json`);
  writeFileSync(path, makeProofFile(bench.deps, proved(proof), newId()));
  return verifyExport({ path, keys: readPinnedKeys(bench.deps.config.auditKeysFile) });
}

describe('the proof of a row', () => {
  it('waits for the seal, then is a file that verifies with the public key alone', async () => {
    await bench.admin.inContext((sql) => writeRows(sql, 20));
    const rowId = await lastEvent();
    expect(await readRowProof(bench.deps, rowId)).toEqual({ state: 'waiting' });
    const proof = proved(await sealed(rowId));
    expect(proof.row).toMatchObject({
      kind: 'event',
      leaf: { id: rowId, tbl: 'identity.user' },
      value: { body: expect.stringContaining('Ada') },
    });
    expect(proof.checkpoint.anchored).toBeNull();
    expect(await verified(proof)).toMatchObject({ outcome: 'valid', rows: 1, proofs: 1, bodies: 2, absent: 0, faults: [] });
  });

  it('is of the anchored checkpoint once there is one', async () => {
    const rowId = await lastEvent();
    expect(await anchorLast(bench.deps)).toBeGreaterThan(0);
    const proof = proved(await readRowProof(bench.deps, rowId));
    expect(proof.checkpoint.anchored).toMatchObject({ target: expect.any(String), at: expect.any(Date) });
    expect(await verified(proof)).toMatchObject({ outcome: 'valid' });
  });

  it('is made of actions and control rows too', async () => {
    const action = newId();
    await bench.admin.rows('SELECT audit.record_action($1::jsonb)', [
      JSON.stringify({
        id: action,
        requestId: newId(),
        actorType: 'staff',
        actorId: newId(),
        outcome: 'read',
        door: 'admin',
        resource: 'user',
        action: 'show',
      }),
    ]);
    const [control] = await bench.admin.rows<{ id: string }>(`SELECT audit.record_control('policy', '{"why":"a test"}') AS id`);
    expect(await verified(await sealed(action))).toMatchObject({ outcome: 'valid', bodies: 1 });
    expect(await verified(await sealed(control?.id ?? ''))).toMatchObject({ outcome: 'valid', bodies: 0 });
  });

  it('of an erased value still proves that the row happened', async () => {
    const id = newId();
    await bench.admin.inContext((sql) =>
      sql.rows(
        `INSERT INTO identity."user" (id, kind, auth_method, email_enc, email_bidx) VALUES ($1, 'client', 'email', '\\x01', sha256('planted'))`,
        [id],
      ),
    );
    const rowId = await lastEvent();
    await sealed(rowId);
    await bench.admin.rows(`BEGIN; SET LOCAL ROLE audit_owner; SET LOCAL audit.erasing = 'on';
      DELETE FROM audit.value WHERE subject_id = '${id}'; DELETE FROM audit.snapshot WHERE subject_id = '${id}'; COMMIT`);
    const proof = proved(await readRowProof(bench.deps, rowId));
    expect(proof.row).toMatchObject({ value: { absent: 'erased' }, snapshot: { absent: 'erased' } });
    expect(await verified(proof)).toMatchObject({ outcome: 'valid', absent: 2 });
  });

  it('breaks when somebody with all rights changes the row, its leaf or a sibling', async () => {
    await bench.admin.inContext((sql) => writeRows(sql, 3));
    const rowId = await lastEvent();
    const { sealed: leaf } = proved(await sealed(rowId));
    const tamper = (sql: string) =>
      bench.admin.rows(`BEGIN; SET LOCAL session_replication_role = replica;
        ALTER TABLE audit.leaf DISABLE TRIGGER ALL; ALTER TABLE audit.event DISABLE TRIGGER ALL; ${sql}; COMMIT`);
    await tamper(`UPDATE audit.leaf SET leaf = sha256('other') WHERE seq = ${leaf.seq - 1}`);
    expect((await readRowProof(bench.deps, rowId)).state).toBe('broken');
    await tamper(`UPDATE audit.leaf SET leaf = sha256('other') WHERE seq = ${leaf.seq}`);
    expect((await readRowProof(bench.deps, rowId)).state).toBe('broken');
  });

  it('of a row that is not in the database any more says so', async () => {
    const rowId = newId();
    await bench.admin.rows(
      `INSERT INTO audit.leaf (seq, row_id, occurred_at, kind, leaf) SELECT max(seq) + 1, $1, now(), 1, sha256('x') FROM audit.leaf`,
      [rowId],
    );
    expect((await readRowProof(bench.deps, rowId)).state).toBe('absent');
  });
});

describe('inclusion paths of large trees', () => {
  const size = 2 ** 20 + 2 ** 12 + 77;
  /** Whole subtrees of 1,024 leaves before the last of the first 2^20. */
  const before = 1_023;
  let tree: SealBench;
  let leaves: Buffer[];

  beforeAll(async () => {
    tree = await createSealBench();
    leaves = Array.from({ length: size }, (_, n) => hash('sha256', String(n), 'buffer'));
    // A million rows would take the test a minute: the leaves in the middle are there as their roots only.
    await tree.admin.rows(
      `INSERT INTO audit.leaf (seq, row_id, occurred_at, kind, leaf)
       SELECT g, gen_random_uuid(), now(), 1, sha256(convert_to(g::text, 'UTF8'))
         FROM generate_series(0, $1::bigint - 1) AS g WHERE g < 6144 OR g >= $2`,
      [size, before * 1_024],
    );
    await tree.admin.rows(
      `INSERT INTO audit.checkpoint (size, at, epoch, watermark, root, frontier, key_id, sig) VALUES ($1, now(), 1, '1', '\\x', '{}', 'k', '\\x')`,
      [size],
    );
  }, 120_000);
  afterAll(() => tree.stop());

  it('are those of RFC 9162 without any stored node', { timeout: 60_000 }, async () => {
    for (const [seq, end] of [
      [0, 1],
      [0, 2],
      [5, 7],
      [1023, 1024],
      [1500, 5000],
      [4999, 5000],
    ] as const) {
      const path = await readInclusionPath(tree.deps.database.pool, seq, end);
      expect(path).toEqual(inclusionProof(leaves.slice(0, end), seq));
    }
  });

  it('are the same from stored nodes, at a million leaves', { timeout: 180_000 }, async () => {
    // What the database folds of the leaves that are there, and then of the rest, is what RFC 9162 says.
    expect(await foldTree(tree.deps)).toBe(6);
    const nodeOf = (position: number) => rootOf(leaves.slice(position * 1_024, (position + 1) * 1_024));
    const stored = await tree.admin.rows<{ hash: Buffer }>('SELECT hash FROM audit.tree_node WHERE level = 10 ORDER BY position');
    expect(stored.map((row) => row.hash)).toEqual(Array.from({ length: 6 }, (_, position) => nodeOf(position)));
    const missing = Array.from({ length: before - 6 }, (_, n) => n + 6);
    await tree.admin.rows(
      'INSERT INTO audit.tree_node (level, position, hash) SELECT 10, p, h FROM unnest($1::bigint[], $2::bytea[]) AS m (p, h)',
      [missing, missing.map(nodeOf)],
    );
    expect(await foldTree(tree.deps)).toBe(Math.floor(size / 1024) - before);
    expect(await foldTree(tree.deps)).toBe(0);
    const [top] = await tree.admin.rows<{ hash: Buffer }>('SELECT hash FROM audit.tree_node WHERE level = 20');
    expect(top?.hash).toEqual(rootOf(leaves.slice(0, 2 ** 20)));
    const root = rootOf(leaves);
    for (const seq of [0, 3, 1_023, 1_024, 6_143, 1_048_575, 1_048_576, size - 78, size - 1]) {
      const path = await readInclusionPath(tree.deps.database.pool, seq, size);
      const leaf = leaves[seq] ?? Buffer.alloc(0);
      expect(verifyInclusion({ leaf, seq, size, path, root })).toBe(true);
    }
  });

  it('of a tree whose leaf is missing are refused, never guessed', async () => {
    await tree.admin.rows(`BEGIN; ALTER TABLE audit.leaf DISABLE TRIGGER ALL; DELETE FROM audit.leaf WHERE seq = ${size - 3}; COMMIT`);
    await expect(readInclusionPath(tree.deps.database.pool, size - 1, size)).rejects.toThrow('leaves are missing');
  });
});
