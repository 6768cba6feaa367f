import { commitSnapshot, commitValue } from '../../proof/commitment.ts';
import type { ExportRow } from '../../proof/export-manifest.ts';
import { type ActionRow, actionLeaf, type EventRow, eventLeaf, type Leaf, leafHash } from '../../proof/leaf.ts';
import { actionColumns, eventColumns } from '../../proof/leaf-columns.ts';
import type { ExportReader } from './export-reader.ts';
import type { ChosenRow } from './export-selection.ts';

/** A row does not fit its leaf, its commitment or the tree: nothing of the export is written. */
export class ProofFailedError extends Error {
  readonly seq: number;

  constructor(seq: number, what: string) {
    super(`leaf ${seq}: ${what}. Run audit:verify.`);
    this.name = 'ProofFailedError';
    this.seq = seq;
  }
}

/** The line of an export, and the leaf that its path begins with. */
export type ProvedRow = { row: ExportRow; hash: Buffer };

/**
 * Reads rows anew and makes their leaves from what they hold today. Each is compared with the leaf that was sealed, and each stored
 * text with its commitment.
 * @throws ProofFailedError
 */
export async function readProvedRows(reader: ExportReader, chosen: readonly ChosenRow[]): Promise<ProvedRow[]> {
  const leaves = await readLeafObjects(reader, chosen);
  const sealed = await readSealed(reader, chosen);
  const contents = await readContents(reader, chosen);
  return chosen.map((key) => {
    const leaf = leaves.get(key.id);
    const hash = sealed.get(key.seq);
    if (!leaf || !hash) throw new ProofFailedError(key.seq, 'its row is not there any more');
    if (!leafHash(leaf).equals(hash)) throw new ProofFailedError(key.seq, 'its row was altered after sealing');
    return { hash, row: exportRowOf(key.seq, leaf, contents.get(key.id)) };
  });
}

type Content = {
  row_id: string;
  value_salt: Buffer | null;
  value_body: string | null;
  snapshot_salt: Buffer | null;
  snapshot_body: string | null;
};

function exportRowOf(seq: number, leaf: EventLeafOrAction, content: Content | undefined): ExportRow {
  const value = { commitment: leaf.value, salt: content?.value_salt, body: content?.value_body, commit: commitValue };
  const snap = {
    commitment: leaf.k === 'event' ? leaf.snap : null,
    salt: content?.snapshot_salt,
    body: content?.snapshot_body,
    commit: commitSnapshot,
  };
  return { seq, kind: leaf.k, leaf: asWritten(leaf), value: committed(seq, value), snapshot: committed(seq, snap) };
}

function committed(
  seq: number,
  part: {
    commitment: string | null;
    salt: Buffer | null | undefined;
    body: string | null | undefined;
    commit: (salt: Buffer, body: string) => Buffer;
  },
): ExportRow['value'] {
  if (part.commitment === null) return null;
  if (!part.salt || !part.body) return { absent: 'erased' };
  if (part.commit(part.salt, part.body).toString('hex') !== part.commitment) throw new ProofFailedError(seq, 'what it stored was altered');
  return { salt: part.salt.toString('hex'), body: part.body };
}

type EventLeafOrAction = Exclude<Leaf, { k: 'control' }>;

/** The same members, in lists that may be written to. */
function asWritten(leaf: EventLeafOrAction): ExportRow['leaf'] {
  return leaf.k === 'event' ? { ...leaf, changed: [...leaf.changed] } : { ...leaf, recs: [...leaf.recs], roles: [...leaf.roles] };
}

async function readLeafObjects(reader: ExportReader, chosen: readonly ChosenRow[]): Promise<Map<string, EventLeafOrAction>> {
  const of = (kind: ChosenRow['kind']) => keysOf(chosen.filter((row) => row.kind === kind));
  const wanted = 'unnest($1::uuid[], $2::timestamptz[]) AS w (id, moment)';
  const eventsText = `SELECT ${eventColumns} FROM ${wanted} JOIN audit.event AS e ON e.occurred_at = w.moment AND e.id = w.id`;
  const actionsText = `SELECT ${actionColumns} FROM ${wanted} JOIN audit.action AS a ON a.occurred_at = w.moment AND a.id = w.id`;
  const events = await reader.query<EventRow>(eventsText, of(1));
  const actions = await reader.query<ActionRow>(actionsText, of(2));
  return new Map<string, EventLeafOrAction>([
    ...events.rows.map((row) => [row.id, eventLeaf(row)] as const),
    ...actions.rows.map((row) => [row.id, actionLeaf(row)] as const),
  ]);
}

async function readSealed(reader: ExportReader, chosen: readonly ChosenRow[]): Promise<Map<number, Buffer>> {
  const { rows } = await reader.query<{ seq: string; leaf: Buffer }>(
    'SELECT l.seq, l.leaf FROM audit.leaf AS l WHERE l.seq = ANY($1::bigint[])',
    [chosen.map((row) => row.seq)],
  );
  return new Map(rows.map((row) => [Number(row.seq), row.leaf]));
}

const fromTables = `SELECT w.id AS row_id, v.salt AS value_salt, v.body AS value_body, s.salt AS snapshot_salt, s.body AS snapshot_body
  FROM unnest($1::uuid[], $2::timestamptz[]) AS w (id, moment)
  LEFT JOIN audit.value AS v ON v.occurred_at = w.moment AND v.row_id = w.id
  LEFT JOIN audit.snapshot AS s ON s.occurred_at = w.moment AND s.row_id = w.id`;

async function readContents(reader: ExportReader, chosen: readonly ChosenRow[]): Promise<Map<string, Content>> {
  const { rows } = await reader.query<Content>(
    reader.mayReadValues ? fromTables : 'SELECT * FROM audit.read_commitments($1::uuid[], $2::timestamptz[])',
    keysOf(chosen),
  );
  return new Map(rows.map((row) => [row.row_id, row]));
}

function keysOf(rows: readonly ChosenRow[]): unknown[] {
  return [rows.map((row) => row.id), rows.map((row) => row.at)];
}
