import { createHash } from 'node:crypto';
import type { QueryResultRow } from 'pg';
import { describe, expect, it } from 'vitest';
import { rootOf } from '../../src/audit/proof/merkle.ts';
import { verifyInclusion } from '../../src/audit/proof/merkle-proof.ts';
import { readInclusionPaths } from '../../src/audit/search/export/export-paths.ts';
import type { ExportReader } from '../../src/audit/search/export/export-reader.ts';

const leaves = Array.from({ length: 5_000 }, (_, n) => createHash('sha256').update(String(n)).digest());

/** A tree of hashes without a database: ranges of leaves, and no stored nodes. */
function readerOf(size: number, lost: number | null = null): ExportReader & { read: number } {
  const reader = {
    read: 0,
    mayReadValues: true,
    async query<Row extends QueryResultRow>(sql: string, values: unknown[] = []): Promise<{ rows: Row[] }> {
      if (sql.includes('tree_node')) return { rows: [] };
      const [from, to] = [Number(values[0]), Math.min(Number(values[1]), size)];
      const found = leaves.slice(from, to).map((leaf, at) => ({ position: String(from + at), hash: leaf, leaf }));
      reader.read += found.length;
      // biome-ignore lint/suspicious/noExplicitAny: stands in for the driver, whose rows are whatever the statement selects.
      return { rows: found.filter((row) => Number(row.position) !== lost) as any };
    },
  };
  return reader;
}

describe('inclusion paths of many leaves', () => {
  it.each([1, 2, 3, 7, 1_024, 1_025, 2_500, 5_000])('lead to the root of a tree of %i', async (size) => {
    const root = rootOf(leaves.slice(0, size));
    const wanted = [...new Set([0, 1, Math.floor(size / 3), Math.floor(size / 2), size - 2, size - 1])]
      .filter((seq) => seq >= 0 && seq < size)
      .sort((a, b) => a - b);
    const paths = await readInclusionPaths(readerOf(size), wanted, size);
    expect([...paths.keys()]).toEqual(wanted);
    for (const seq of wanted) {
      const leaf = leaves[seq] ?? Buffer.alloc(32);
      expect([seq, verifyInclusion({ leaf, seq, size, path: paths.get(seq) ?? [], root })]).toEqual([seq, true]);
    }
  });

  it('of every leaf of a tree read each leaf once', async () => {
    const reader = readerOf(3_000);
    const wanted = Array.from({ length: 3_000 }, (_, n) => n);
    let told = 0;
    const paths = await readInclusionPaths(reader, wanted, 3_000, (done) => {
      told = done;
    });
    expect([paths.size, reader.read, told]).toEqual([3_000, 3_000, 3_000]);
  });

  it('of nothing is nothing, and looks at nothing', async () => {
    const reader = readerOf(100);
    expect((await readInclusionPaths(reader, [], 100)).size).toBe(0);
    expect(reader.read).toBe(0);
  });

  it('are not made where a leaf is missing', async () => {
    await expect(readInclusionPaths(readerOf(2_000, 700), [3], 2_000)).rejects.toThrow('leaves are missing');
    await expect(readInclusionPaths(readerOf(2_000, 1_700), [3], 2_000)).rejects.toThrow('leaves are missing');
  });
});
