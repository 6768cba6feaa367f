import { readdir, readFile } from 'node:fs/promises';
import { join } from 'node:path';
import { parseAnchor, sizeOfAnchorName } from '../proof/anchor-text.ts';
import { parseCheckpoint, verifyCheckpoint } from '../proof/checkpoint.ts';
import type { PinnedKey } from '../proof/pinned-keys.ts';
import type { FaultLog } from './faults.ts';
import type { ReadSession } from './read-session.ts';

/** What an anchor outside the database says: so many leaves had this root. */
export type Anchor = { size: number; root: Buffer; at: string; file: string };

/** A row of audit.anchor: the sealer's own note of what it anchored. */
export type AnchorRow = { size: number; at: string; target: string; ref: string; hasCheckpoint: boolean };

/**
 * The anchors of a folder, ascending by size. A file that is no anchor of this log, or is not signed by a pinned key, is a fault:
 * nobody but the anchor job has business in there. A folder that does not exist holds none.
 */
export async function readAnchors(
  folder: string | null,
  trust: { origin: string; keys: readonly PinnedKey[] },
  faults: FaultLog,
): Promise<Anchor[]> {
  const anchors: Anchor[] = [];
  if (folder === null) return anchors;
  for (const file of await namesIn(folder)) {
    const size = sizeOfAnchorName(file);
    if (size === null) continue;
    const read = anchorOf(await readFile(join(folder, file), 'utf8'), size, trust);
    if (typeof read === 'string') faults.add('anchor_unreadable', `${file}: ${read}`, { seq: size - 1, table: 'audit.anchor', id: file });
    else anchors.push({ ...read, file });
  }
  return anchors;
}

async function namesIn(folder: string): Promise<string[]> {
  try {
    return (await readdir(folder)).sort();
  } catch (error) {
    if (error instanceof Error && 'code' in error && error.code === 'ENOENT') return [];
    throw error;
  }
}

function anchorOf(content: string, size: number, trust: { origin: string; keys: readonly PinnedKey[] }): Omit<Anchor, 'file'> | string {
  const parts = parseAnchor(content);
  const checkpoint = parts ? parseCheckpoint(parts.text) : null;
  if (!parts || !checkpoint) return 'it does not hold a checkpoint and its signature';
  if (checkpoint.size !== size) return `it is about ${checkpoint.size} leaves, not the ${size} of its name`;
  if (checkpoint.origin !== trust.origin) return `it is of the log ${checkpoint.origin}, not of ${trust.origin}`;
  const state = verifyCheckpoint(parts.text, parts.signature, trust.keys);
  if (state !== 'valid') return `its signature is not good: ${state}`;
  return { size, root: checkpoint.root, at: checkpoint.at };
}

export async function readAnchorRows(session: ReadSession): Promise<AnchorRow[]> {
  return session.rows<AnchorRow>(
    `SELECT a.checkpoint_size::float8 AS size, to_char(a.at AT TIME ZONE 'UTC', 'YYYY-MM-DD"T"HH24:MI:SS.US"Z"') AS at, a.target, a.ref,
            c.size IS NOT NULL AS "hasCheckpoint"
       FROM audit.anchor AS a LEFT JOIN audit.checkpoint AS c ON c.size = a.checkpoint_size ORDER BY a.checkpoint_size, a.at`,
  );
}

/** Compares an anchor with the root that the leaves give; a null root says that missing leaves left none to compare. */
export function compareAnchor(anchor: Anchor, root: Buffer | null, faults: FaultLog): void {
  if (root?.equals(anchor.root) ?? true) return;
  faults.add('anchor_mismatch', `${anchor.file} holds another root for ${anchor.size} leaves than the leaves give`, {
    seq: anchor.size - 1,
    table: 'audit.anchor',
    id: anchor.file,
    at: anchor.at,
  });
}

/** What anchors and the rows about them know of beyond the end, and of checkpoints that are gone. */
export function findTruncation(end: number, anchors: readonly Anchor[], rows: readonly AnchorRow[], faults: FaultLog): void {
  const newest = anchors.at(-1);
  if (newest && newest.size > end) {
    const detail = `${newest.file} of ${newest.at} knows of ${newest.size} leaves; the database holds ${end}: the last ${newest.size - end} are gone`;
    faults.add('truncated', detail, { seq: end, table: 'audit.leaf', id: newest.file, at: newest.at });
  }
  const lost = rows.filter((row) => !row.hasCheckpoint);
  for (const row of lost.filter((one) => one.size <= end)) {
    faults.add('checkpoint_missing', `the checkpoint of ${row.size} leaves was anchored at ${row.target} and is gone`, {
      seq: row.size - 1,
      table: 'audit.checkpoint',
      id: String(row.size),
      at: row.at,
    });
  }
  const beyond = lost.findLast((row) => row.size > end);
  if (beyond && (newest?.size ?? 0) < beyond.size) {
    const detail = `audit.anchor says that ${beyond.size} leaves were anchored at ${beyond.target}; the database holds ${end}`;
    faults.add('truncated', detail, { seq: end, table: 'audit.leaf', id: String(beyond.size), at: beyond.at });
  }
}
