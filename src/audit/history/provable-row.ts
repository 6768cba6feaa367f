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
export function readLeafObject({ database: { pool } }: CommandDeps, { kind, rowId, atText }: SealedLeaf): Promise<Leaf | null> {
  return readers[kind](pool, [atText, rowId]);
}

type Read = (pool: CommandDeps['database']['pool'], key: readonly string[]) => Promise<Leaf | null>;

const readers: Readonly<Record<SealedLeaf['kind'], Read>> = {
  async event(pool, key) {
    const text = `SELECT ${eventColumns} FROM audit.event e WHERE e.occurred_at = $1::timestamptz AND e.id = $2`;
    const [row] = (await pool.query<EventRow>(text, [...key])).rows;
    return row ? eventLeaf(row) : null;
  },
  async action(pool, key) {
    const text = `SELECT ${actionColumns} FROM audit.action a WHERE a.occurred_at = $1::timestamptz AND a.id = $2`;
    const [row] = (await pool.query<ActionRow>(text, [...key])).rows;
    return row ? actionLeaf(row) : null;
  },
  async control(pool, key) {
    const text = `SELECT ${controlColumns} FROM audit.control c WHERE c.occurred_at = $1::timestamptz AND c.id = $2`;
    const [row] = (await pool.query<ControlRow>(text, [...key])).rows;
    return row ? controlLeaf(row) : null;
  },
};

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
    value: value === null ? null : committed(stored?.value_salt, stored?.value_body),
    snapshot: snapshot === null ? null : committed(stored?.snapshot_salt, stored?.snapshot_body),
  };
}

/** The same members, in lists that may be written to. */
function asExportLeaf(leaf: Leaf): ExportRow['leaf'] {
  if (leaf.k === 'event') return { ...leaf, changed: [...leaf.changed] };
  return leaf.k === 'action' ? { ...leaf, recs: [...leaf.recs], roles: [...leaf.roles] } : leaf;
}

function committed(salt?: Buffer | null, body?: string | null): ExportRow['value'] {
  return salt && body ? { salt: salt.toString('hex'), body } : { absent: 'erased' };
}
