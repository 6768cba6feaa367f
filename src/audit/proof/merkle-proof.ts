import { nodeHash, rootOf, splitOf } from './merkle.ts';

/** Leaves `from` (included) to `to` (excluded). */
export type LeafRange = { from: number; to: number };

/**
 * The subtrees whose roots prove that leaf `seq` is in a tree of `size` leaves, from the leaf upwards (RFC 9162 section 2.1.3.1).
 * Who can hash them without reading every leaf (from stored frontiers, say) need not hold the leaves at all.
 */
export function inclusionRanges(seq: number, size: number): LeafRange[] {
  if (seq < 0 || seq >= size) throw new RangeError(`no leaf ${seq} in a tree of ${size}`);
  const ranges: LeafRange[] = [];
  let from = 0;
  let to = size;
  while (to - from > 1) {
    const middle = from + splitOf(to - from);
    if (seq < middle) {
      ranges.push({ from: middle, to });
      to = middle;
    } else {
      ranges.push({ from, to: middle });
      from = middle;
    }
  }
  return ranges.reverse();
}

/** The subtrees whose roots prove that the tree of `newSize` begins with the tree of `oldSize` (RFC 9162 section 2.1.4.1). */
export function consistencyRanges(oldSize: number, newSize: number): LeafRange[] {
  if (oldSize < 0 || oldSize > newSize) throw new RangeError(`a tree of ${newSize} cannot begin with one of ${oldSize}`);
  if (oldSize === 0 || oldSize === newSize) return [];
  const ranges: LeafRange[] = [];
  let from = 0;
  let to = newSize;
  let isWhole = true;
  while (oldSize !== to) {
    const middle = from + splitOf(to - from);
    if (oldSize <= middle) {
      ranges.push({ from: middle, to });
      to = middle;
    } else {
      ranges.push({ from, to: middle });
      from = middle;
      isWhole = false;
    }
  }
  // The verifier has the old root already; any other last subtree must be told.
  if (!isWhole) ranges.push({ from, to });
  return ranges.reverse();
}

/** Inclusion proof of leaf `seq` from all leaves at hand. */
export function inclusionProof(leaves: readonly Buffer[], seq: number): Buffer[] {
  return inclusionRanges(seq, leaves.length).map(({ from, to }) => rootOf(leaves.slice(from, to)));
}

/** Consistency proof of the first `oldSize` of the leaves at hand. */
export function consistencyProof(leaves: readonly Buffer[], oldSize: number): Buffer[] {
  return consistencyRanges(oldSize, leaves.length).map(({ from, to }) => rootOf(leaves.slice(from, to)));
}

/** True only if `leaf` is number `seq` of the tree of `size` leaves with this root (RFC 9162 section 2.1.3.2). */
export function verifyInclusion(claim: { leaf: Buffer; seq: number; size: number; path: readonly Buffer[]; root: Buffer }): boolean {
  const { leaf, seq, size, path, root } = claim;
  if (!isCount(seq) || !isCount(size) || seq >= size || !areHashes([leaf, root, ...path])) return false;
  let fn = seq;
  let sn = size - 1;
  let node = leaf;
  for (const sibling of path) {
    if (sn === 0) return false;
    if (fn % 2 === 1 || fn === sn) {
      node = nodeHash(sibling, node);
      while (fn % 2 === 0 && fn !== 0) [fn, sn] = [half(fn), half(sn)];
    } else {
      node = nodeHash(node, sibling);
    }
    [fn, sn] = [half(fn), half(sn)];
  }
  return sn === 0 && node.equals(root);
}

/** True only if the tree of `newSize` leaves begins with that of `oldSize` (RFC 9162 section 2.1.4.2). */
export function verifyConsistency(claim: {
  oldSize: number;
  newSize: number;
  oldRoot: Buffer;
  newRoot: Buffer;
  path: readonly Buffer[];
}): boolean {
  const { oldSize, newSize, oldRoot, newRoot, path } = claim;
  if (!isCount(oldSize) || !isCount(newSize) || oldSize > newSize || !areHashes([oldRoot, newRoot, ...path])) return false;
  if (oldSize === newSize) return path.length === 0 && oldRoot.equals(newRoot);
  if (oldSize === 0) return path.length === 0 && oldRoot.equals(rootOf([]));
  const [first, ...rest] = isPowerOfTwo(oldSize) ? [oldRoot, ...path] : path;
  if (!first) return false;
  let fn = oldSize - 1;
  let sn = newSize - 1;
  while (fn % 2 === 1) [fn, sn] = [half(fn), half(sn)];
  let [before, after] = [first, first];
  for (const node of rest) {
    if (sn === 0) return false;
    if (fn % 2 === 1 || fn === sn) {
      [before, after] = [nodeHash(node, before), nodeHash(node, after)];
      while (fn % 2 === 0 && fn !== 0) [fn, sn] = [half(fn), half(sn)];
    } else {
      after = nodeHash(after, node);
    }
    [fn, sn] = [half(fn), half(sn)];
  }
  return sn === 0 && before.equals(oldRoot) && after.equals(newRoot);
}

/** A shift would cut numbers to 32 bits. */
const half = (n: number) => Math.floor(n / 2);
const isCount = (n: number) => Number.isSafeInteger(n) && n >= 0;
const isPowerOfTwo = (n: number) => splitOf(n * 2) === n;
const areHashes = (nodes: readonly Buffer[]) => nodes.every((node) => node.length === 32);
