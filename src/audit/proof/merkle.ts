import { sha256 } from './sha256.ts';

const nodeBytes = 32;

/** The root of no leaves: SHA-256 of the empty string (RFC 9162 section 2.1.1). */
export const emptyRoot: Buffer = sha256('');

/** SHA-256(0x01 ‖ left ‖ right). */
export function nodeHash(left: Buffer, right: Buffer): Buffer {
  // A buffer of its own for each call would double the cost of hashing; nothing else runs between the copies and the hash.
  left.copy(scratch, 1);
  right.copy(scratch, 1 + nodeBytes);
  return sha256(scratch);
}

const scratch = Buffer.alloc(1 + 2 * nodeBytes);
scratch[0] = 0x01;

/**
 * A tree that only grows, kept as the roots of its perfect subtrees from largest to smallest; their number is the number of one
 * bits of `size`. Appending a leaf costs one or two hashes on average, whatever the size.
 */
export class Frontier {
  #size: number;
  readonly #roots: Buffer[];

  /** Throws RangeError where `roots` cannot be those of `size` leaves. */
  constructor(size = 0, roots: readonly Buffer[] = []) {
    if (!Number.isSafeInteger(size) || size < 0) throw new RangeError(`no tree has ${size} leaves`);
    if (roots.length !== oneBits(size))
      throw new RangeError(`a tree of ${size} leaves has ${oneBits(size)} perfect subtrees, not ${roots.length}`);
    if (roots.some((root) => root.length !== nodeBytes)) throw new RangeError('a subtree root has 32 bytes');
    this.#size = size;
    this.#roots = [...roots];
  }

  get size(): number {
    return this.#size;
  }

  /** Subtree roots from largest to smallest, as `audit.checkpoint.frontier` holds them. */
  get roots(): readonly Buffer[] {
    return [...this.#roots];
  }

  append(leaf: Buffer): void {
    let node = leaf;
    for (let rest = this.#size; rest % 2 === 1; rest = (rest - 1) / 2) {
      const left = this.#roots.pop();
      if (left) node = nodeHash(left, node);
    }
    this.#roots.push(node);
    this.#size += 1;
  }

  /** Adds the leaves that lie one after another, 32 bytes each. */
  appendAll(leaves: Buffer): void {
    if (leaves.length % nodeBytes !== 0) throw new RangeError('leaves have 32 bytes each');
    for (let at = 0; at < leaves.length; at += nodeBytes) this.append(leaves.subarray(at, at + nodeBytes));
  }

  root(): Buffer {
    return this.#roots.reduceRight<Buffer | null>((right, left) => (right ? nodeHash(left, right) : left), null) ?? emptyRoot;
  }
}

/** Root of the given leaves as a tree of their own. */
export function rootOf(leaves: Iterable<Buffer>): Buffer {
  const tree = new Frontier();
  for (const leaf of leaves) tree.append(leaf);
  return tree.root();
}

/** How many perfect subtrees a tree of this size has. */
export function oneBits(size: number): number {
  let bits = 0;
  for (let rest = size; rest > 0; rest = Math.floor(rest / 2)) bits += rest % 2;
  return bits;
}

/** The largest power of two below `size`, for a size of 2 or more: where RFC 9162 splits a tree. */
export function splitOf(size: number): number {
  let split = 1;
  while (split * 2 < size) split *= 2;
  return split;
}
