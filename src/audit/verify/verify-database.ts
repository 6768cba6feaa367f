import type { PinnedKey } from '../proof/pinned-keys.ts';
import { type Anchor, type AnchorRow, findTruncation, readAnchorRows, readAnchors } from './anchors.ts';
import { compareArchiveFiles } from './archive-files.ts';
import { Archives } from './archives.ts';
import { findUnexplainedEpochs } from './epochs.ts';
import { Erasures } from './erasures.ts';
import { type Fault, FaultLog, type Warning } from './faults.ts';
import { openReadSession, type ReadSession, type ReadTarget } from './read-session.ts';
import { CheckpointCheck } from './stored-checkpoint.ts';
import { findUnsealed, type Lag, measureLag } from './unsealed-rows.ts';
import { type Ends, readEnds, type Span, spansOf, type VerifyScope } from './verify-scope.ts';
import { type Checks, type Tally, verifySpan } from './verify-span.ts';
import { warningsOf } from './warnings.ts';

export type VerifyOptions = {
  target: ReadTarget;
  scope: VerifyScope;
  /** AUDIT_ORIGIN: a checkpoint of another log is worth nothing here. */
  origin: string;
  keys: readonly PinnedKey[];
  /** Folders; null where there is none to look at. */
  anchorFolder: string | null;
  archiveFolder: string | null;
  now: Date;
  /** `total` leaves in all, `done` of them looked at. */
  onProgress?: (done: number, total: number) => void;
  /** Stops at the next stretch and throws. */
  signal?: AbortSignal;
};

/** What verify did and found. */
export type VerifyResult = {
  outcome: 'valid' | 'faults';
  origin: string;
  epoch: number | null;
  scope: VerifyScope['kind'];
  /** Leaf numbers, the last excluded. */
  range: { from: number; to: number };
  rows: number;
  leaves: number;
  checkpoints: number;
  anchors: { files: number; compared: number; rows: number };
  values: number;
  snapshots: number;
  erased: number;
  archives: { months: number; files: number; rows: number };
  lag: Lag;
  /** Hex, of the last leaf looked at. */
  root: string | null;
  seconds: number;
  faultCount: number;
  /** The first hundred. */
  faults: readonly Fault[];
  warnings: readonly Warning[];
};

/**
 * Recomputes the history from its rows: leaves from rows and contents, roots from leaves, signatures with pinned keys, and
 * compares them with every anchor. Believes nothing that is stored beside the rows; shares only src/audit/proof with the sealer.
 * Throws where it cannot run (no connection, no rights, an unreadable folder); what it finds wrong is in the result.
 */
export async function verifyDatabase(options: VerifyOptions): Promise<VerifyResult> {
  const started = performance.now();
  const session = await openReadSession(options.target);
  try {
    const result = await verifyIn(session, options);
    return { ...result, seconds: Math.round(performance.now() - started) / 1000 };
  } finally {
    await session.close();
  }
}

type Known = { faults: FaultLog; ends: Ends; files: readonly Anchor[]; anchorRows: readonly AnchorRow[]; spans: readonly Span[] };

async function verifyIn(session: ReadSession, options: VerifyOptions): Promise<Omit<VerifyResult, 'seconds'>> {
  const faults = new FaultLog();
  const files = await readAnchors(options.anchorFolder, options, faults);
  const anchorRows = await readAnchorRows(session);
  const ends = await readEnds(session);
  const spans = await spansOf(session, options.scope, ends, { files, rows: anchorRows });
  const known = { faults, ends, files, anchorRows, spans };
  const checks = await checksOf(session, options, known);
  let root: Buffer | null = null;
  for (const span of spans) root = await verifySpan(checks, span);
  findTruncation(ends.end, files, anchorRows, faults);
  await verifyRest(session, options, known, checks);
  return resultOf(options, known, checks, {
    root,
    lag: await measureLag(session, ends.last),
    archiveFiles: await archivesOf(options, checks),
  });
}

async function checksOf(session: ReadSession, options: VerifyOptions, { faults, files, spans }: Known): Promise<Checks> {
  const total = spans.reduce((sum, span) => sum + span.to - span.from, 0);
  let done = 0;
  return {
    session,
    faults,
    anchors: files,
    checkpoints: new CheckpointCheck({ origin: options.origin, keys: options.keys, faults }),
    erasures: await Erasures.read(session, faults),
    archives: await Archives.read(session, faults),
    tally: { event: 0, action: 0, control: 0, leaves: 0, values: 0, snapshots: 0, anchors: 0 },
    onLeaves(count) {
      options.signal?.throwIfAborted();
      done += count;
      options.onProgress?.(done, total);
    },
  };
}

/** What is not about single leaves: surplus leaves, rows without one, epochs; and sums, which only a full run can compare. */
async function verifyRest(session: ReadSession, options: VerifyOptions, { faults, ends, spans }: Known, checks: Checks): Promise<void> {
  const sealed = ends.last?.size ?? 0;
  if (ends.end > sealed) {
    const detail = `${ends.end - sealed} leaves follow the last checkpoint, of ${sealed} leaves`;
    faults.add('leaf_beyond_checkpoint', detail, { seq: sealed, table: 'audit.leaf' });
  }
  const [span] = spans;
  if (options.scope.kind !== 'record' && ends.last && span)
    await findUnsealed(session, { after: span.after, last: ends.last }, checks.tally, faults);
  if (options.scope.kind !== 'full') return;
  checks.erasures.compareCounts(faults);
  checks.archives.compareLeaves(faults);
  await findUnexplainedEpochs(session, faults);
}

async function archivesOf(options: VerifyOptions, checks: Checks): Promise<number> {
  return options.scope.kind === 'full' ? compareArchiveFiles(options.archiveFolder, checks.archives.seals, checks.faults) : 0;
}

function resultOf(
  options: VerifyOptions,
  { faults, ends, files, anchorRows, spans }: Known,
  { tally, checkpoints, erasures, archives }: Checks,
  found: { root: Buffer | null; lag: Lag; archiveFiles: number },
): Omit<VerifyResult, 'seconds'> {
  return {
    outcome: faults.count === 0 ? 'valid' : 'faults',
    origin: options.origin,
    epoch: ends.last?.epoch ?? null,
    scope: options.scope.kind,
    range: { from: spans[0]?.from ?? 0, to: spans.at(-1)?.to ?? 0 },
    rows: rowsOf(tally),
    leaves: tally.leaves,
    checkpoints: checkpoints.checked,
    anchors: { files: files.length, compared: tally.anchors, rows: anchorRows.length },
    values: tally.values,
    snapshots: tally.snapshots,
    erased: erasures.erased,
    archives: { months: archives.dropped.length, files: found.archiveFiles, rows: archives.archivedRows },
    lag: found.lag,
    root: found.root?.toString('hex') ?? null,
    faultCount: faults.count,
    faults: faults.kept,
    warnings: warningsOf({ last: ends.last, files, anchorRows, lag: found.lag, keys: options.keys, now: options.now }),
  };
}

const rowsOf = (tally: Tally) => tally.event + tally.action + tally.control;
