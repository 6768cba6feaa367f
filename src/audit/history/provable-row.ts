import type { CommandDeps } from '../../foundation/command/command.ts';
import type { ExportRow } from '../proof/export-manifest.ts';
import {
  type ActionRow,
  actionLeaf,
  type ControlRow,
  controlLeaf,
  type EventRow,
  eventLeaf,
  type Leaf,
  leafHash,
  leafKinds,
} from '../proof/leaf.ts';
import { actionColumns, controlColumns, eventColumns } from '../proof/leaf-columns.ts';

/** Where a row stands in the tree. */
export type SealedLeaf = { seq: number; rowId: string; atText: string; kind: keyof typeof leafKinds; hash: Buffer };

/** The leaf of a row; null while it is not sealed, or for an id that is no row's. */
export async function findLeaf(deps: CommandDeps, rowId: string): Promise<SealedLeaf | null> {
  const { rows } = await deps.database.pool.query<{ seq: string; atText: string; kind: number; leaf: Buffer }>(
    'SELECT l.seq, l.occurred_at::text AS "atText", l.kind, l.leaf FROM audit.leaf l WHERE l.row_id = $1',
    [rowId],
  );
  const [row] = rows;
  if (!row) return null;
  const kind = row.kind === leafKinds.event ? 'event' : row.kind === leafKinds.action ? 'action' : 'control';
  return { seq: Number(row.seq), rowId, atText: row.atText, kind, hash: row.leaf };
}

/** The leaf object made anew from the row as it stands now; null where the row is not there (its month is archived, or it was removed). */
export async function readLeafObject(deps: CommandDeps, { kind, rowId, atText }: SealedLeaf): Promise<Leaf | null> {
  const { pool } = deps.database;
  const key = [atText, rowId];
  switch (kind) {
    case 'event': {
      const { rows } = await pool.query<EventRow>(
        `SELECT ${eventColumns} FROM audit.event e WHERE e.occurred_at = $1::timestamptz AND e.id = $2`,
        key,
      );
      return rows[0] ? eventLeaf(rows[0]) : null;
    }
    case 'action': {
      const { rows } = await pool.query<ActionRow>(
        `SELECT ${actionColumns} FROM audit.action a WHERE a.occurred_at = $1::timestamptz AND a.id = $2`,
        key,
      );
      return rows[0] ? actionLeaf(rows[0]) : null;
    }
    case 'control': {
      const { rows } = await pool.query<ControlRow>(
        `SELECT ${controlColumns} FROM audit.control c WHERE c.occurred_at = $1::timestamptz AND c.id = $2`,
        key,
      );
      return rows[0] ? controlLeaf(rows[0]) : null;
    }
    default:
      return kind satisfies never;
  }
}

export function isSameLeaf(leaf: Leaf, sealed: SealedLeaf): boolean {
  return leafHash(leaf).equals(sealed.hash);
}

/** The row with what it committed to, as an export holds it. */
export async function readExportRow(deps: CommandDeps, sealed: SealedLeaf, leaf: Leaf): Promise<ExportRow> {
  const { rows } = await deps.database.pool.query<{
    value_salt: Buffer | null;
    value_body: string | null;
    snapshot_salt: Buffer | null;
    snapshot_body: string | null;
  }>('SELECT value_salt, value_body, snapshot_salt, snapshot_body FROM audit.read_commitments($1::uuid[], $2::timestamptz[])', [
    [sealed.rowId],
    [sealed.atText],
  ]);
  const [stored] = rows;
  const [value, snapshot] = leaf.k === 'event' ? [leaf.value, leaf.snap] : leaf.k === 'action' ? [leaf.value, null] : [null, null];
  return {
    seq: sealed.seq,
    kind: sealed.kind,
    leaf: asExportLeaf(leaf),
    value: value === null ? null : committed(stored?.value_salt ?? null, stored?.value_body ?? null),
    snapshot: snapshot === null ? null : committed(stored?.snapshot_salt ?? null, stored?.snapshot_body ?? null),
  };
}

/** The same members, in lists that may be written to. */
function asExportLeaf(leaf: Leaf): ExportRow['leaf'] {
  switch (leaf.k) {
    case 'event':
      return { ...leaf, changed: [...leaf.changed] };
    case 'action':
      return { ...leaf, recs: [...leaf.recs], roles: [...leaf.roles] };
    case 'control':
      return leaf;
    default:
      return leaf satisfies never;
  }
}

function committed(salt: Buffer | null, body: string | null): ExportRow['value'] {
  return salt !== null && body !== null ? { salt: salt.toString('hex'), body } : { absent: 'erased' };
}
