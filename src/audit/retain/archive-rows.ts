import type { CommandDeps } from '../../foundation/command/command.ts';
import { uuidPattern } from '../../foundation/runtime/new-id.ts';
import { commitSnapshot, commitValue } from '../proof/commitment.ts';
import { type ActionLeaf, type ActionRow, actionLeaf, type EventLeaf, type EventRow, eventLeaf, leafHash } from '../proof/leaf.ts';
import { actionColumns, eventColumns } from '../proof/leaf-columns.ts';

export type StoredContent = { salt: Buffer; body: string };

/** A row of a month as it is stored, with whom it is about. Checked: leaf, commitments and row agree. */
export type MonthRow = {
  seq: number;
  hash: Buffer;
  leaf: EventLeaf | ActionLeaf;
  value: StoredContent | null;
  snapshot: StoredContent | null;
  /** Ids that may be of people: subject, acting customer, records aimed at. */
  people: readonly string[];
};

/** The seal's view of a month: `start` is inside, `end` is not. */
export type MonthSpan = { month: string; start: string; end: string };

/** The history is not what was sealed: nothing of it may be archived or dropped before that is explained. */
export class AlteredHistoryError extends Error {
  constructor(seq: number, what: string) {
    super(`leaf ${seq}: ${what}; run audit:verify`);
    this.name = 'AlteredHistoryError';
  }
}

const pageSize = 2_000;

type LeafRow = { seq: string; rowId: string; at: string; kind: number; leaf: Buffer };

/** Every event and action of a month in the order of its leaves, a page at a time. @throws AlteredHistoryError */
export async function* monthRows(deps: CommandDeps, span: MonthSpan, range: { first: string; last: string }): AsyncGenerator<MonthRow> {
  let from = BigInt(range.first);
  for (;;) {
    const leaves = await leafPage(deps, span, { from, last: range.last });
    const last = leaves.at(-1);
    if (!last) return;
    yield* await rowsOf(deps, leaves);
    from = BigInt(last.seq) + 1n;
  }
}

async function leafPage(deps: CommandDeps, span: MonthSpan, { from, last }: { from: bigint; last: string }): Promise<LeafRow[]> {
  const { rows } = await deps.database.pool.query<LeafRow>(
    `SELECT l.seq, l.row_id AS "rowId", l.occurred_at::text AS at, l.kind, l.leaf FROM audit.leaf AS l
      WHERE l.seq BETWEEN $1 AND $2 AND l.occurred_at >= $3 AND l.occurred_at < $4 AND l.kind IN (1, 2) ORDER BY l.seq LIMIT ${pageSize}`,
    [from.toString(), last, span.start, span.end],
  );
  return rows;
}

type Contents = { row_id: string; salt: Buffer | null; body: string | null; picture_salt: Buffer | null; picture: string | null };

async function rowsOf(deps: CommandDeps, leaves: readonly LeafRow[]): Promise<MonthRow[]> {
  const { pool } = deps.database;
  const keys = [leaves.map((leaf) => leaf.rowId), leaves.map((leaf) => leaf.at)];
  const of = (table: string, columns: string, name: string) =>
    `SELECT ${columns} FROM unnest($1::uuid[], $2::timestamptz[]) AS w (id, moment) JOIN audit.${table} AS ${name} ON ${name}.occurred_at = w.moment AND ${name}.id = w.id`;
  const events = await pool.query<EventRow>(of('event', eventColumns, 'e'), keys);
  const actions = await pool.query<ActionRow>(of('action', actionColumns, 'a'), keys);
  const contents = await pool.query<Contents>('SELECT * FROM audit.read_contents($1, $2)', keys);
  const touched = await subjectsTouched(deps, actions.rows);
  const leafOf = new Map<string, EventLeaf | ActionLeaf>([
    ...events.rows.map((row) => [row.id, eventLeaf(row)] as const),
    ...actions.rows.map((row) => [row.id, actionLeaf(row)] as const),
  ]);
  const contentsOf = new Map(contents.rows.map((row) => [row.row_id, row]));
  return leaves.map((stored) => {
    const leaf = leafOf.get(stored.rowId);
    if (!leaf) throw new AlteredHistoryError(Number(stored.seq), 'its row is gone');
    return checked(stored, leaf, { contents: contentsOf.get(stored.rowId), touched: touched.get(stored.rowId) ?? [] });
  });
}

function checked(
  stored: LeafRow,
  leaf: EventLeaf | ActionLeaf,
  about: { contents: Contents | undefined; touched: readonly string[] },
): MonthRow {
  const seq = Number(stored.seq);
  if (!leafHash(leaf).equals(stored.leaf)) throw new AlteredHistoryError(seq, 'the row does not give its leaf');
  const value = contentOf(about.contents?.salt, about.contents?.body);
  const snapshot = contentOf(about.contents?.picture_salt, about.contents?.picture);
  if (value && commitValue(value.salt, value.body).toString('hex') !== leaf.value)
    throw new AlteredHistoryError(seq, 'the value is altered');
  const snap = leaf.k === 'event' ? leaf.snap : null;
  if (snapshot && commitSnapshot(snapshot.salt, snapshot.body).toString('hex') !== snap)
    throw new AlteredHistoryError(seq, 'the snapshot is altered');
  return { seq, hash: stored.leaf, leaf, value, snapshot, people: peopleOf(leaf, about.touched) };
}

function contentOf(salt: Buffer | null | undefined, body: string | null | undefined): StoredContent | null {
  return salt && typeof body === 'string' ? { salt, body } : null;
}

/** As erasureCovers() in proof/archive-format.ts asks it. */
function peopleOf(leaf: EventLeaf | ActionLeaf, touched: readonly string[]): readonly string[] {
  if (leaf.k === 'event') return leaf.subject ? [leaf.subject] : [];
  const own = leaf.actor && (leaf.actorType === 'client' || leaf.actorType === 'vendor') ? [leaf.actor] : [];
  const aimedAt = leaf.out === 'read' ? [] : leaf.recs.filter((id) => uuidPattern.test(id));
  return [...new Set([...own, ...touched, ...aimedAt])].sort();
}

/** Whom the changes of each action were about. */
async function subjectsTouched(deps: CommandDeps, actions: readonly ActionRow[]): Promise<ReadonlyMap<string, readonly string[]>> {
  const { rows } = await deps.database.pool.query<{ id: string; subjects: string[] }>(
    `SELECT e.action_id AS id, array_agg(DISTINCT e.subject_id::text) AS subjects FROM audit.event AS e
      WHERE e.action_id = ANY($1) AND e.subject_id IS NOT NULL GROUP BY 1`,
    [actions.map((action) => action.id)],
  );
  return new Map(rows.map((row) => [row.id, row.subjects]));
}
