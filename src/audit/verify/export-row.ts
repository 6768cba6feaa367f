import { canonicalJson } from '../proof/canonical-json.ts';
import type { Checkpoint } from '../proof/checkpoint.ts';
import { commitSnapshot, commitValue } from '../proof/commitment.ts';
import type { ExportProof, ExportRow } from '../proof/export-manifest.ts';
import { leafHashOfText } from '../proof/leaf.ts';
import { verifyInclusion } from '../proof/merkle-proof.ts';

/** What the lines add up to; the names are those of the manifest. */
export type ExportCounts = {
  rows: number;
  events: number;
  actions: number;
  controls: number;
  bodies: number;
  absent: number;
  proofs: number;
};

export function noCounts(): ExportCounts {
  return { rows: 0, events: 0, actions: 0, controls: 0, bodies: 0, absent: 0, proofs: 0 };
}

type Claim = {
  row: ExportRow;
  proof: ExportProof | null;
  checkpoint: Pick<Checkpoint, 'size' | 'root'> | null;
  filter: Readonly<Record<string, unknown>>;
};

/** What is wrong with one row, in words; counts it along the way. */
export function checkExportRow({ row, proof, checkpoint, filter }: Claim, counts: ExportCounts): string[] {
  const faults: string[] = [];
  counts[`${row.kind}s`] += 1;
  if (row.kind !== row.leaf.k) faults.push(`it is called ${row.kind} and its leaf is one of ${row.leaf.k}`);
  const leaf = leafHashOfText(canonicalJson(row.leaf));
  if (!proof || proof.seq !== row.seq) faults.push('it has no proof');
  else if (
    checkpoint &&
    !verifyInclusion({
      leaf,
      seq: row.seq,
      size: checkpoint.size,
      path: proof.path.map((node) => Buffer.from(node, 'hex')),
      root: checkpoint.root,
    })
  )
    faults.push('its leaf does not lead to the root of the checkpoint: the row, its number or its proof was changed');
  for (const part of ['value', 'snapshot'] as const) {
    const wrong = contentFault(part, row, counts);
    if (wrong) faults.push(wrong);
  }
  const outside = outsideOf(filter, row);
  return outside ? [...faults, outside] : faults;
}

function contentFault(part: 'value' | 'snapshot', row: ExportRow, counts: ExportCounts): string | null {
  const content = row[part];
  const commitment = commitmentOf(part, row);
  if (content === null) return commitment === null ? null : `its leaf commits to a ${part}, and the file does not say where that is`;
  if (commitment === null) return `it has a ${part} that its leaf does not commit to`;
  if ('absent' in content) {
    counts.absent += 1;
    return null;
  }
  counts.bodies += 1;
  const commit = part === 'value' ? commitValue : commitSnapshot;
  return commit(Buffer.from(content.salt, 'hex'), content.body).toString('hex') === commitment
    ? null
    : `its ${part} is not the one it committed to`;
}

function commitmentOf(part: 'value' | 'snapshot', { leaf }: ExportRow): string | null {
  if (leaf.k === 'control') return null;
  if (part === 'value') return leaf.value;
  return leaf.k === 'event' ? leaf.snap : null;
}

/** Of the filter, what can be told from any leaf: times and, where the leaf names one, the actor. */
function outsideOf(filter: Readonly<Record<string, unknown>>, { leaf }: ExportRow): string | null {
  const { from, to, actor } = filter;
  if (typeof from === 'string' && leaf.at < comparable(from, '0')) return `it is older than the filter's ${from}`;
  if (typeof to === 'string' && leaf.at > comparable(to, '9')) return `it is newer than the filter's ${to}`;
  if (typeof actor === 'string' && leaf.k !== 'control' && leaf.actor !== actor) return `its actor is not the filter's ${actor}`;
  return null;
}

/** A time of fewer digits as one of six, so that texts compare as times do; anything else stays and is compared as it is. */
function comparable(time: string, fill: string): string {
  const [, moment, fraction = ''] = /^(\d{4}-\d\d-\d\dT\d\d:\d\d:\d\d)(?:\.(\d{1,6}))?Z$/.exec(time) ?? [];
  return moment ? `${moment}.${fraction.padEnd(6, fill)}Z` : time;
}
