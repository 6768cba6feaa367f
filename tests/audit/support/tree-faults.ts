import { readFileSync } from 'node:fs';
import { checkpointText, verifyCheckpoint } from '../../../src/audit/proof/checkpoint.ts';
import {
  type ActionRow,
  actionLeaf,
  type ControlRow,
  controlLeaf,
  type EventRow,
  eventLeaf,
  type Leaf,
  leafHash,
} from '../../../src/audit/proof/leaf.ts';
import { actionColumns, controlColumns, eventColumns } from '../../../src/audit/proof/leaf-columns.ts';
import { Frontier } from '../../../src/audit/proof/merkle.ts';
import { parsePinnedKeys } from '../../../src/audit/proof/pinned-keys.ts';
import type { Config } from '../../../src/foundation/config/config.ts';
import type { Sql } from '../../support/sql.ts';

type LeafRow = { seq: string; row_id: string; kind: number; leaf: Buffer };
type CheckpointRow = {
  size: string;
  at: string;
  epoch: number;
  watermark: string;
  root: Buffer;
  frontier: Buffer[];
  key_id: string;
  sig: Buffer;
};

/**
 * Everything that is wrong with the tree, from the rows up and by the formats alone: density of seq, each leaf against its row, rows
 * sealed twice, every checkpoint's root, frontier and signature, watermarks that go back. Empty when all is well.
 */
export async function treeFaults(admin: Sql, config: Config): Promise<string[]> {
  const leaves = await admin.rows<LeafRow>('SELECT seq, row_id, kind, leaf FROM audit.leaf ORDER BY seq');
  const checkpoints = await admin.rows<CheckpointRow>(
    `SELECT size, to_char(at AT TIME ZONE 'UTC', 'YYYY-MM-DD"T"HH24:MI:SS.US"Z"') AS at, epoch, watermark::text AS watermark, root, frontier, key_id, sig
       FROM audit.checkpoint ORDER BY size`,
  );
  const made = await leavesOfRows(admin);
  const faults = leaves.flatMap((leaf, index) => [
    ...(Number(leaf.seq) === index ? [] : [`leaf ${index} is missing`]),
    ...(made.get(`${leaf.kind} ${leaf.row_id}`)?.equals(leaf.leaf) ? [] : [`leaf ${leaf.seq} is not that of its row`]),
  ]);
  if (new Set(leaves.map((leaf) => leaf.row_id)).size !== leaves.length) faults.push('a row has two leaves');
  if (Number(checkpoints.at(-1)?.size ?? 0) !== leaves.length) faults.push('the last checkpoint does not cover the last leaf');
  return [...faults, ...checkpointFaults(leaves, checkpoints, config)];
}

async function leavesOfRows(admin: Sql): Promise<Map<string, Buffer>> {
  const events = await admin.rows<EventRow>(`SELECT ${eventColumns} FROM audit.event AS e`);
  const actions = await admin.rows<ActionRow>(`SELECT ${actionColumns} FROM audit.action AS a`);
  const controls = await admin.rows<ControlRow>(`SELECT ${controlColumns} FROM audit.control AS c`);
  const entry = (kind: number, leaf: Leaf) => [`${kind} ${leaf.id}`, leafHash(leaf)] as const;
  return new Map([
    ...events.map((row) => entry(1, eventLeaf(row))),
    ...actions.map((row) => entry(2, actionLeaf(row))),
    ...controls.map((row) => entry(3, controlLeaf(row))),
  ]);
}

function checkpointFaults(leaves: readonly LeafRow[], checkpoints: readonly CheckpointRow[], config: Config): string[] {
  const keys = checkpoints.length > 0 ? parsePinnedKeys(readFileSync(config.auditKeysFile, 'utf8')) : [];
  const tree = new Frontier();
  let before: CheckpointRow | null = null;
  const faults: string[] = [];
  for (const checkpoint of checkpoints) {
    const { epoch, watermark, at, root, sig } = checkpoint;
    const size = Number(checkpoint.size);
    for (const leaf of leaves.slice(tree.size, size)) tree.append(leaf.leaf);
    if (!tree.root().equals(root)) faults.push(`root of ${size}`);
    if (!Buffer.concat([...tree.roots]).equals(Buffer.concat(checkpoint.frontier))) faults.push(`frontier of ${size}`);
    const text = checkpointText({ origin: config.auditOrigin, epoch, size, root, watermark, at }, checkpoint.key_id);
    const state = verifyCheckpoint(text, sig.toString('base64'), keys);
    if (state !== 'valid') faults.push(`signature of ${size} is ${state}`);
    if (before?.epoch === epoch && BigInt(before.watermark) > BigInt(watermark)) faults.push(`watermark of ${size} goes back`);
    before = checkpoint;
  }
  return faults;
}
