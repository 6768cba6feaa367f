import { Frontier } from '../proof/merkle.ts';
import { type Anchor, compareAnchor } from './anchors.ts';
import type { Archives } from './archives.ts';
import type { Erasures } from './erasures.ts';
import type { FaultLog } from './faults.ts';
import { type Chunk, type Counts, readChunks, stretchesOf } from './read-chunk.ts';
import type { ReadSession } from './read-session.ts';
import { kindNames, type SealedRow } from './sealed-row.ts';
import { type CheckpointCheck, type StoredCheckpoint, treeOf } from './stored-checkpoint.ts';
import { TreeCheck, whereOf } from './tree-check.ts';
import type { Span } from './verify-scope.ts';

/** What was looked at; grows from span to span. */
export type Tally = Counts & { leaves: number; anchors: number };

/** What the checks of one run share. */
export type Checks = {
  session: ReadSession;
  faults: FaultLog;
  checkpoints: CheckpointCheck;
  erasures: Erasures;
  archives: Archives;
  /** Ascending by size. */
  anchors: readonly Anchor[];
  tally: Tally;
  /** Told after each stretch how many leaves it held. */
  onLeaves(count: number): void;
};

/** Checks the leaves of a span against their rows, and the tree they give against every signed root within it. Gives its last root. */
export async function verifySpan(checks: Checks, span: Span): Promise<Buffer | null> {
  const tree = new TreeCheck(span.from, startOf(checks, span), checks.faults);
  const anchors = checks.anchors.filter((anchor) => anchor.size > span.from && anchor.size <= span.to);
  const stretches = await stretchesOf(checks.session, span);
  for await (const chunk of readChunks(checks.session, stretches, (at) => checks.archives.isSealed(at))) {
    verifyChunk(checks, tree, chunk, anchors);
    checks.onLeaves(chunk.to - chunk.from);
  }
  tree.finish();
  return tree.root();
}

/** The tree a span goes on from: that of its checkpoint, whose signature and subtree roots are checked here; null if they do not fit. */
function startOf(checks: Checks, { after }: Span): Frontier | null {
  if (!after) return new Frontier();
  checks.checkpoints.accept(after);
  return resumeAt(checks, after);
}

function resumeAt(checks: Checks, checkpoint: StoredCheckpoint): Frontier | null {
  const tree = treeOf(checkpoint);
  if (!tree) {
    const { size, at } = checkpoint;
    checks.faults.add('checkpoint_frontier', `checkpoint of ${size} leaves: its subtree roots do not give its root`, {
      seq: size - 1,
      table: 'audit.checkpoint',
      id: String(size),
      at,
    });
  }
  return tree;
}

function verifyChunk(checks: Checks, tree: TreeCheck, chunk: Chunk, anchors: readonly Anchor[]): void {
  const checkpoints = new Map(chunk.checkpoints.map((checkpoint) => [checkpoint.size, checkpoint]));
  const anchored = Map.groupBy(
    anchors.filter((anchor) => anchor.size > chunk.from && anchor.size <= chunk.to),
    (anchor) => anchor.size,
  );
  for (let seq = chunk.from; seq < chunk.to; seq += 1) {
    const row = chunk.odd.get(seq);
    tree.add(leafAt(chunk, seq), row);
    if (row) verifyRow(checks, row);
    const size = seq + 1;
    const checkpoint = checkpoints.get(size);
    const found = anchored.get(size);
    if (!checkpoint && !found) continue;
    const leavesRoot = tree.root();
    const isSigned = checkpoint ? verifyCheckpointAt(checks, tree, checkpoint) : false;
    for (const anchor of found ?? []) {
      // Where the leaves do not give the signed root, that is said already; the anchor is asked about the signed one.
      compareAnchor(anchor, isSigned && checkpoint ? checkpoint.root : leavesRoot, checks.faults);
      checks.tally.anchors += 1;
    }
  }
  count(checks.tally, chunk);
}

function leafAt({ from, leaves, present }: Chunk, seq: number): Buffer | null {
  const position = seq - from;
  return present[position] === 1 ? leaves.subarray(position * 32, (position + 1) * 32) : null;
}

function count(tally: Tally, { counts, present }: Chunk): void {
  for (const name of ['event', 'action', 'control', 'values', 'snapshots'] as const) tally[name] += counts[name];
  tally.leaves += present.reduce((sum, one) => sum + one, 0);
}

/** Whether the checkpoint can be believed; if so, the leaves were compared with it. */
function verifyCheckpointAt(checks: Checks, tree: TreeCheck, checkpoint: StoredCheckpoint): boolean {
  const resume = resumeAt(checks, checkpoint);
  const isSigned = checks.checkpoints.accept(checkpoint);
  if (isSigned) tree.close(checkpoint.root, resume);
  return isSigned;
}

function verifyRow(checks: Checks, row: SealedRow): void {
  const { faults } = checks;
  const isArchived = checks.archives.explains(row);
  if (!row.recomputed) {
    if (!isArchived) faults.add(`${kindNames[row.kind]}_missing`, 'the row of this leaf is gone', whereOf(row));
    return;
  }
  for (const part of ['value', 'snapshot'] as const) {
    if (row[part] !== 'altered') continue;
    faults.add(`${part}_altered`, `${row.subject}: the stored ${part} is not the one the row committed to`, {
      ...whereOf(row),
      table: `audit.${part}`,
    });
  }
  if (row.about) checks.erasures.explain(row, row.about, faults);
}
