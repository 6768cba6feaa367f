import { type PinnedKey, pinnedKeyAt } from '../proof/pinned-keys.ts';
import type { Anchor, AnchorRow } from './anchors.ts';
import type { Warning } from './faults.ts';
import type { StoredCheckpoint } from './stored-checkpoint.ts';
import type { Lag } from './unsealed-rows.ts';

/** audit.md section 7: a long open transaction delays sealing, alert at 60 s. */
export const lagAllowedSeconds = 60;
/** The anchor job comes every five minutes; two may fail before somebody is told. */
export const anchorAllowedMinutes = 15;
export const keyNoticeDays = 14;

export type Health = {
  last: StoredCheckpoint | null;
  files: readonly Anchor[];
  anchorRows: readonly AnchorRow[];
  lag: Lag;
  keys: readonly PinnedKey[];
  now: Date;
};

/** What is no sign of tampering, but weakens the proof or soon will. */
export function warningsOf({ last, files, anchorRows, lag, keys, now }: Health): Warning[] {
  const warnings: Warning[] = [];
  if (!last) warnings.push({ kind: 'no_checkpoint', detail: 'no checkpoint has been written yet' });
  if (last) warnings.push(...anchorWarnings(last, files, anchorRows), ...keyWarnings(last, keys, now));
  if (lag.seconds > lagAllowedSeconds)
    warnings.push({ kind: 'seal_lag', detail: `${lag.rows} rows wait for their seal, the oldest for ${lag.seconds} s` });
  return warnings;
}

function anchorWarnings(last: StoredCheckpoint, files: readonly Anchor[], rows: readonly AnchorRow[]): Warning[] {
  const [newest] = [...files, ...rows].toSorted((left, right) => right.size - left.size);
  if (!newest) return [{ kind: 'no_anchor', detail: 'no anchor was found to compare with' }];
  const known = new Set(files.map((file) => file.size));
  const absent = rows.filter((row) => isFile(row) && row.size <= last.size && !known.has(row.size));
  const warnings: Warning[] = [];
  if (absent.length > 0)
    warnings.push({
      kind: 'anchor_absent',
      detail: `${absent.length} anchor files are not in the folder, among them that of ${absent[0]?.size} leaves`,
    });
  const minutes = newest.size < last.size ? (Date.parse(last.at) - Date.parse(newest.at)) / 60_000 : 0;
  if (minutes > anchorAllowedMinutes)
    warnings.push({ kind: 'anchor_late', detail: `the last anchor is ${Math.round(minutes)} minutes older than the last checkpoint` });
  return warnings;
}

const isFile = (row: AnchorRow) => row.target === 'file' || row.target.startsWith('file:');

function keyWarnings(last: StoredCheckpoint, keys: readonly PinnedKey[], now: Date): Warning[] {
  const end = pinnedKeyAt(keys, last.keyId, last.at)?.to;
  if (end === undefined) return [];
  const days = (Date.parse(end) - now.getTime()) / 86_400_000;
  return days < keyNoticeDays ? [{ kind: 'key_expiring', detail: `key ${last.keyId} signs until ${end}; pin its successor before` }] : [];
}
