/**
 * Everything verify can find wrong, with what it means. docs/runbooks/verify-failed.md says for each what to do; a test holds the
 * two lists together. Names are permanent: people search for them.
 */
export const faultKinds = {
  event_altered: 'a change row no longer gives the leaf that was sealed for it',
  action_altered: 'an action row no longer gives the leaf that was sealed for it',
  control_altered: 'a control row no longer gives the leaf that was sealed for it',
  leaf_altered: 'a stored leaf is not the one that was sealed; the row itself is',
  row_or_leaf_altered: 'row and leaf disagree, and the signed root fits neither',
  event_missing: 'a sealed change row is gone',
  action_missing: 'a sealed action row is gone',
  control_missing: 'a sealed control row is gone',
  leaf_missing: 'the numbers of the leaves have a gap',
  leaf_beyond_checkpoint: 'leaves follow the last checkpoint: no sealer leaves that behind',
  row_unsealed: 'a row below the watermark has no leaf: it was slipped in, or its leaf was removed',
  value_altered: 'a value does not fit the commitment of its row',
  value_missing: 'a value is gone and no erasure explains it',
  snapshot_altered: 'a snapshot does not fit the commitment of its row',
  snapshot_missing: 'a snapshot is gone and no erasure explains it',
  erasure_exceeded: 'more content of a person is gone than the erasures of that person deleted',
  checkpoint_altered: 'the signature of a checkpoint does not fit what the checkpoint says',
  checkpoint_missing: 'an anchored checkpoint is gone',
  checkpoint_key: 'a checkpoint is signed by a key that is not pinned, or was not valid at that time',
  checkpoint_frontier: 'the stored subtree roots of a checkpoint do not give its signed root',
  checkpoint_order: 'a checkpoint runs backwards: its epoch or watermark is below that of the one before',
  root_mismatch: 'the leaves do not give the signed root: rows and leaves were replaced together',
  truncated: 'an anchor knows of more than the database holds: the newest rows were removed',
  anchor_mismatch: 'an anchor holds another root for the same size: history was rewritten',
  anchor_unreadable: 'an anchor file is not an anchor, or its signature does not fit',
  archive_altered: 'an archive file is not the one that was sealed',
  archive_leaves: 'the leaves of an archived month are not those that were sealed with the archive',
  control_unreadable: 'the body of a control row is not what its type asks for',
  epoch_unexplained: 'an epoch began without a sealed control row that says why',
} as const;

export type FaultKind = keyof typeof faultKinds;

/** Where something is wrong, as far as it can be told. */
export type Fault = {
  kind: FaultKind;
  seq: number | null;
  /** Table of schema audit, or of the business where a change row names one. */
  table: string | null;
  id: string | null;
  /** occurred_at of the row, or the time of the checkpoint or anchor. */
  at: string | null;
  /** What differs, in words. */
  detail: string;
};

export const warningKinds = {
  no_checkpoint: 'nothing is sealed yet',
  no_anchor: 'no anchor was found to compare with: truncation would not be seen',
  anchor_late: 'the last anchor is older than it should be',
  anchor_absent: 'an anchor that was written as a file is not in the folder',
  seal_lag: 'rows have been waiting for their seal for too long',
  key_expiring: 'the signing key ends soon',
} as const;

export type WarningKind = keyof typeof warningKinds;
export type Warning = { kind: WarningKind; detail: string };

/** How many faults are kept and printed; all are counted. */
export const faultsKept = 100;

/** Counts every fault and keeps the first hundred. */
export class FaultLog {
  readonly kept: Fault[] = [];
  count = 0;

  add(kind: FaultKind, detail: string, where: Partial<Omit<Fault, 'kind' | 'detail'>> = {}): void {
    this.count += 1;
    if (this.kept.length < faultsKept) this.kept.push({ kind, seq: null, table: null, id: null, at: null, ...where, detail });
  }
}

/** The line of audit.md section 9; a dash stands for what cannot be told. */
export function faultLine(fault: Fault): string {
  const { kind, seq, table, id, at, detail } = fault;
  return `FAULT ${kind} seq=${seq ?? '-'} table=${table ?? '-'} id=${id ?? '-'} at=${at ?? '-'} ${detail}`;
}
