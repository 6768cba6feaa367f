import { readRangeRoot } from '../../history/tree-path.ts';
import { nodeHash, splitOf } from '../../proof/merkle.ts';
import type { ExportReader } from './export-reader.ts';

/** Leaves that are read at once; also the subtree below which stored nodes do not go. */
const blockLeaves = 1_024;

type Block = { from: number; to: number; wanted: readonly number[] };

/**
 * The inclusion paths (RFC 9162) of many leaves in one tree, each from the leaf upwards. Every subtree is looked at once, and one
 * that holds none of the wanted leaves is one stored node; siblings are shared between the paths.
 * @param wanted ascending
 */
export async function readInclusionPaths(
  reader: ExportReader,
  wanted: readonly number[],
  size: number,
  onLeaf: (done: number) => void = () => undefined,
): Promise<ReadonlyMap<number, readonly Buffer[]>> {
  const paths = new Map<number, Buffer[]>(wanted.map((seq) => [seq, []]));
  let done = 0;
  const note = (from: Block, sibling: Buffer) => {
    for (const seq of from.wanted) paths.get(seq)?.push(sibling);
  };
  const rootOfPart = async (block: Block): Promise<Buffer> => {
    if (block.wanted.length === 0) return readRangeRoot(reader, block);
    if (block.to - block.from <= blockLeaves) {
      const root = rootInMemory(await readLeaves(reader, block), block, note);
      done += block.wanted.length;
      onLeaf(done);
      return root;
    }
    const [left, right] = halves(block);
    const [leftRoot, rightRoot] = [await rootOfPart(left), await rootOfPart(right)];
    note(left, rightRoot);
    note(right, leftRoot);
    return nodeHash(leftRoot, rightRoot);
  };
  if (wanted.length > 0) await rootOfPart({ from: 0, to: size, wanted });
  return paths;
}

function rootInMemory(leaves: readonly Buffer[], block: Block, note: (from: Block, sibling: Buffer) => void): Buffer {
  if (leaves.length === 1 && leaves[0]) return leaves[0];
  const [left, right] = halves(block);
  const cut = left.to - left.from;
  const leftRoot = rootInMemory(leaves.slice(0, cut), left, note);
  const rightRoot = rootInMemory(leaves.slice(cut), right, note);
  note(left, rightRoot);
  note(right, leftRoot);
  return nodeHash(leftRoot, rightRoot);
}

function halves({ from, to, wanted }: Block): [Block, Block] {
  const middle = from + splitOf(to - from);
  const at = wanted.findIndex((seq) => seq >= middle);
  const cut = at === -1 ? wanted.length : at;
  return [
    { from, to: middle, wanted: wanted.slice(0, cut) },
    { from: middle, to, wanted: wanted.slice(cut) },
  ];
}

async function readLeaves(reader: ExportReader, { from, to }: Block): Promise<Buffer[]> {
  const { rows } = await reader.query<{ leaf: Buffer }>(
    'SELECT l.leaf FROM audit.leaf AS l WHERE l.seq >= $1 AND l.seq < $2 ORDER BY l.seq',
    [from, to],
  );
  if (rows.length !== to - from) throw new Error(`leaves are missing between ${from} and ${to}: run audit:verify`);
  return rows.map((row) => row.leaf);
}
