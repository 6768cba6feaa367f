import type { CommandDeps } from '../../foundation/command/command.ts';
import type { Checkpoint } from '../proof/checkpoint.ts';
import type { ExportRow } from '../proof/export-manifest.ts';
import { verifyInclusion } from '../proof/merkle-proof.ts';
import { findLeaf, isSameLeaf, readExportRow, readLeafObject, type SealedLeaf } from './provable-row.ts';
import { readInclusionPath } from './tree-path.ts';

/** A signed checkpoint with where it was anchored first. */
export type CoveringCheckpoint = Checkpoint & {
  keyId: string;
  /** Base64. */
  signature: string;
  anchored: { at: Date; target: string } | null;
};

/**
 * How far a row is proved. `waiting`: no leaf yet. `absent`: sealed, and the row is not in the database any more (its month is archived).
 * `broken`: the row, its leaf and the signed root do not fit together, which only a change after sealing can cause.
 */
export type RowProof =
  | { state: 'waiting' }
  | { state: 'absent' | 'broken'; sealed: SealedLeaf; checkpoint: CoveringCheckpoint | null }
  | { state: 'sealed'; sealed: SealedLeaf; checkpoint: CoveringCheckpoint; row: ExportRow; path: readonly Buffer[] };

/**
 * The inclusion proof of a row in the earliest anchored checkpoint that covers it, or else in the earliest one. Checked here against
 * the root before anybody is shown it. The caller has checked the permission and records the read.
 */
export async function readRowProof(deps: CommandDeps, rowId: string): Promise<RowProof> {
  const sealed = await findLeaf(deps, rowId);
  if (!sealed) return { state: 'waiting' };
  const [checkpoint, leaf] = await Promise.all([coveringCheckpoint(deps, sealed.seq), readLeafObject(deps, sealed)]);
  if (!leaf) return { state: 'absent', sealed, checkpoint };
  if (!checkpoint || !isSameLeaf(leaf, sealed)) return { state: 'broken', sealed, checkpoint };
  const { size, root } = checkpoint;
  const path = await readInclusionPath(deps.database.pool, sealed.seq, size);
  if (!verifyInclusion({ leaf: sealed.hash, seq: sealed.seq, size, path, root })) return { state: 'broken', sealed, checkpoint };
  return { state: 'sealed', sealed, checkpoint, path, row: await readExportRow(deps, sealed, leaf) };
}

type CheckpointRow = {
  size: string;
  at: string;
  epoch: number;
  watermark: string;
  root: Buffer;
  key_id: string;
  sig: Buffer;
  anchored_at: Date | null;
  target: string | null;
};

async function coveringCheckpoint(deps: CommandDeps, seq: number): Promise<CoveringCheckpoint | null> {
  const { rows } = await deps.database.pool.query<CheckpointRow>(
    `SELECT c.size, to_char(c.at AT TIME ZONE 'UTC', 'YYYY-MM-DD"T"HH24:MI:SS.US"Z"') AS at, c.epoch, c.watermark::text AS watermark, c.root,
            c.key_id, c.sig, a.at AS anchored_at, a.target
       FROM ((SELECT n.checkpoint_size AS size FROM audit.anchor n WHERE n.checkpoint_size > $1 ORDER BY n.checkpoint_size LIMIT 1)
             UNION ALL (SELECT k.size FROM audit.checkpoint k WHERE k.size > $1 ORDER BY k.size LIMIT 1) LIMIT 1) AS first
       JOIN audit.checkpoint c ON c.size = first.size
       LEFT JOIN LATERAL (SELECT n.at, n.target FROM audit.anchor n WHERE n.checkpoint_size = c.size ORDER BY n.at LIMIT 1) AS a ON true`,
    [seq],
  );
  const [row] = rows;
  if (!row) return null;
  return {
    origin: deps.config.auditOrigin,
    size: Number(row.size),
    at: row.at,
    epoch: row.epoch,
    watermark: row.watermark,
    root: row.root,
    keyId: row.key_id,
    signature: row.sig.toString('base64'),
    anchored: row.anchored_at && row.target !== null ? { at: row.anchored_at, target: row.target } : null,
  };
}
