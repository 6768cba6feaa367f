import { type Checkpoint, checkpointText, type SignatureState, verifyCheckpoint } from '../proof/checkpoint.ts';
import { Frontier } from '../proof/merkle.ts';
import type { PinnedKey } from '../proof/pinned-keys.ts';
import type { FaultLog } from './faults.ts';
import type { TextRow } from './read-session.ts';
import { bytesOf, instantOf, textOf } from './sealed-row.ts';

/** A row of audit.checkpoint, unchecked. */
export type StoredCheckpoint = Omit<Checkpoint, 'origin'> & { frontier: readonly Buffer[]; keyId: string; signature: string };

export const checkpointColumns = "size, at, epoch, watermark, root, array_to_string(frontier, ','), key_id, sig";

export function storedCheckpointOf([size, at, epoch, watermark, root, frontier, keyId, sig]: TextRow): StoredCheckpoint {
  return {
    size: Number(size),
    at: instantOf(textOf(at)),
    epoch: Number(epoch),
    watermark: textOf(watermark),
    root: bytesOf(textOf(root)),
    frontier: textOf(frontier).split(',').filter(Boolean).map(bytesOf),
    keyId: textOf(keyId),
    signature: bytesOf(textOf(sig)).toString('base64'),
  };
}

const reasons: Record<Exclude<SignatureState, 'valid'>, string> = {
  malformed: 'its fields do not make a checkpoint text',
  unknown_key: 'its key is not among the pinned keys',
  outside_key_period: 'its key was not valid at its time',
  bad_signature: 'its signature does not fit its epoch, size, root, watermark and time',
};

/** Checks signatures and the order of checkpoints; feed it ascending. */
export class CheckpointCheck {
  #last: StoredCheckpoint | null = null;
  checked = 0;
  readonly #origin: string;
  readonly #keys: readonly PinnedKey[];
  readonly #faults: FaultLog;

  constructor(options: { origin: string; keys: readonly PinnedKey[]; faults: FaultLog }) {
    this.#origin = options.origin;
    this.#keys = options.keys;
    this.#faults = options.faults;
  }

  /** Whether the root of this checkpoint may be believed. */
  accept(checkpoint: StoredCheckpoint): boolean {
    this.checked += 1;
    const { keyId, signature, size, at } = checkpoint;
    const where = { seq: size - 1, table: 'audit.checkpoint', id: String(size), at };
    const state = verifyCheckpoint(checkpointText({ ...checkpoint, origin: this.#origin }, keyId), signature, this.#keys);
    if (state !== 'valid') {
      const isKey = state === 'unknown_key' || state === 'outside_key_period';
      this.#faults.add(
        isKey ? 'checkpoint_key' : 'checkpoint_altered',
        `checkpoint of ${size} leaves: ${reasons[state]} (key ${keyId})`,
        where,
      );
      return false;
    }
    const backwards = this.#last ? runsBackwards(this.#last, checkpoint) : null;
    if (backwards) this.#faults.add('checkpoint_order', `checkpoint of ${size} leaves: ${backwards}`, where);
    this.#last = checkpoint;
    return true;
  }
}

function runsBackwards(before: StoredCheckpoint, after: StoredCheckpoint): string | null {
  if (after.epoch < before.epoch) return `epoch ${after.epoch} after epoch ${before.epoch}`;
  // Times are not compared: a clock that was set right is no tampering.
  const isBack = after.epoch === before.epoch && BigInt(after.watermark) < BigInt(before.watermark);
  return isBack ? `watermark ${after.watermark} after ${before.watermark}` : null;
}

/** The tree as the checkpoint stores it, if that gives the root that was signed: then it can be gone on from. */
export function treeOf(checkpoint: StoredCheckpoint): Frontier | null {
  try {
    const tree = new Frontier(checkpoint.size, checkpoint.frontier);
    return tree.root().equals(checkpoint.root) ? tree : null;
  } catch {
    return null;
  }
}
