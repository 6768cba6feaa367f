import type { QueryResultRow } from 'pg';
import { Frontier, rootOf } from '../proof/merkle.ts';
import { inclusionRanges, type LeafRange } from '../proof/merkle-proof.ts';

type Reader = { query<Row extends QueryResultRow>(sql: string, values?: unknown[]): Promise<{ rows: Row[] }> };

/** Subtrees whose roots audit.tree_node keeps, from large to small; leaves themselves are level 0. */
const storedLevels = [20, 10] as const;

/**
 * The inclusion path of leaf `seq` in the tree of `size` leaves, from the leaf upwards. Reads a few thousand hashes at most, however
 * large the tree: whole subtrees come from audit.tree_node, the rest from leaves. A node that is not there yet is computed from
 * below. Nobody need trust the stored nodes: the caller checks the path against the signed root.
 */
export async function readInclusionPath(reader: Reader, seq: number, size: number): Promise<Buffer[]> {
  const path: Buffer[] = [];
  for (const range of inclusionRanges(seq, size)) path.push(await readRangeRoot(reader, range));
  return path;
}

/** The root over a range of leaves that a tree of RFC 9162 can have as a subtree: its perfect parts, folded like a frontier. */
export async function readRangeRoot(reader: Reader, { from, to }: LeafRange): Promise<Buffer> {
  const roots: Buffer[] = [];
  for (let at = from; at < to; ) {
    const level = largestLevel(at, to);
    roots.push(await readPerfectRoot(reader, level, at / 2 ** level));
    at += 2 ** level;
  }
  return new Frontier(to - from, roots).root();
}

/** The largest perfect subtree that begins at `at` and ends before `to`. */
function largestLevel(at: number, to: number): number {
  let level = 0;
  while (at % 2 ** (level + 1) === 0 && at + 2 ** (level + 1) <= to) level += 1;
  return level;
}

async function readPerfectRoot(reader: Reader, level: number, position: number): Promise<Buffer> {
  const stored = storedLevels.find((each) => each <= level) ?? 0;
  const count = 2 ** (level - stored);
  return rootOf(await readNodes(reader, stored, { from: position * count, to: (position + 1) * count }));
}

/** Nodes of a stored level (0: leaves) in order; missing ones are computed from the level below. */
async function readNodes(reader: Reader, level: number, { from, to }: LeafRange): Promise<readonly Buffer[]> {
  const { rows } = await reader.query<{ position: string; hash: Buffer }>(
    level === 0
      ? 'SELECT l.seq AS position, l.leaf AS hash FROM audit.leaf l WHERE l.seq >= $1 AND l.seq < $2 ORDER BY l.seq'
      : `SELECT n.position, n.hash FROM audit.tree_node n WHERE n.level = ${level} AND n.position >= $1 AND n.position < $2 ORDER BY n.position`,
    [from, to],
  );
  if (rows.length === to - from) return rows.map((row) => row.hash);
  if (level === 0) throw new Error(`leaves are missing between ${from} and ${to}: run audit:verify`);
  const known = new Map(rows.map((row) => [Number(row.position), row.hash]));
  const nodes: Buffer[] = [];
  for (let position = from; position < to; position += 1) {
    nodes.push(known.get(position) ?? (await computeNode(reader, level, position)));
  }
  return nodes;
}

async function computeNode(reader: Reader, level: number, position: number): Promise<Buffer> {
  const below = level === 20 ? 10 : 0;
  const count = 2 ** (level - below);
  return rootOf(await readNodes(reader, below, { from: position * count, to: (position + 1) * count }));
}
