import type { LeafRange } from '../proof/merkle-proof.ts';
import type { ReadSession, TextRow } from './read-session.ts';
import { kindNames, kindOf, type SealedRow, sealedRowOf, textOf } from './sealed-row.ts';
import { checkpointColumns, type StoredCheckpoint, storedCheckpointOf } from './stored-checkpoint.ts';

/**
 * A stretch of leaves. Of a row that gives its leaf and whose content fits, only the leaf is kept: what is left of a million rows is
 * 32 bytes each, and the few that are not as they should be.
 */
export type Chunk = LeafRange & {
  /** Stored leaves one after another; zeros where a number has none. */
  leaves: Buffer;
  /** 1 for each number that has a leaf. */
  present: Uint8Array;
  /** Rows that need a second look, by seq. */
  odd: Map<number, SealedRow>;
  counts: Counts;
  checkpoints: StoredCheckpoint[];
};

/** Rows there are, by kind, and contents that fit. */
export type Counts = { event: number; action: number; control: number; values: number; snapshots: number };

/** Where the rows of a stretch lie in time, by kind. */
export type Stretch = LeafRange & { times: { kind: 1 | 2 | 3; first: string; last: string }[] };

/** Leaves that are read together: enough that a statement's own cost vanishes, few enough to stay small in memory. */
export const chunkSize = 8_192;

// Leaf by leaf with the row it names by time and id. The times repeat in words what the join says, so that only the months and
// index pages of this stretch are touched.
const head = (kind: number, row: string) =>
  `${kind}, l.seq, l.leaf, CASE WHEN ${row}.id IS NULL THEN l.row_id END, CASE WHEN ${row}.id IS NULL THEN l.occurred_at END`;
const leaves = (range: LeafRange, kind: number) =>
  `(SELECT * FROM audit.leaf WHERE seq >= ${range.from} AND seq < ${range.to} AND kind = ${kind}) AS l`;
const within = (table: string, times: string) => `(SELECT * FROM audit.${table} WHERE ${times})`;
const content = (alias: string, extra: string) => `${alias}.salt, ${alias}.body, ${extra}`;

const queries: Record<1 | 2 | 3, (range: LeafRange, times: string) => string> = {
  1: (
    range,
    times,
  ) => `SELECT ${head(1, 'e')}, e.id, e.occurred_at, e.txid, e.epoch, e.action_id, e.actor_id, e.actor_type, e.db_user, e.op, e.tbl,
        e.record_id, e.subject_id, array_to_json(e.changed), e.value_commit, e.snapshot_commit,
        ${content('v', 'v.subject_id IS NOT DISTINCT FROM e.subject_id')},
        ${content('s', 's.subject_id IS NOT DISTINCT FROM e.subject_id AND s.tbl = e.tbl AND s.record_id = e.record_id')}
      FROM ${leaves(range, 1)}
      LEFT JOIN ${within('event', times)} AS e ON e.occurred_at = l.occurred_at AND e.id = l.row_id
      LEFT JOIN ${within('value', times)} AS v ON v.occurred_at = l.occurred_at AND v.row_id = l.row_id
      LEFT JOIN ${within('snapshot', times)} AS s ON s.occurred_at = l.occurred_at AND s.row_id = l.row_id`,
  2: (
    range,
    times,
  ) => `SELECT ${head(2, 'a')}, a.id, a.occurred_at, a.txid, a.epoch, a.request_id, a.door, a.resource, a.action, a.outcome, a.error_code,
        array_to_json(a.record_ids), a.record_count, a.ms, a.actor_id, a.actor_type, array_to_json(a.actor_roles), a.session_hash, a.mfa,
        a.reverts, a.ticket_id, a.approval_id, a.value_commit, ${content('v', 'true')}
      FROM ${leaves(range, 2)}
      LEFT JOIN ${within('action', times)} AS a ON a.occurred_at = l.occurred_at AND a.id = l.row_id
      LEFT JOIN ${within('value', times)} AS v ON v.occurred_at = l.occurred_at AND v.row_id = l.row_id`,
  3: (range) => `SELECT ${head(3, 'c')}, c.id, c.occurred_at, c.txid, c.epoch, c.type, c.body
      FROM ${leaves(range, 3)} LEFT JOIN audit.control AS c ON c.id = l.row_id AND c.occurred_at = l.occurred_at`,
};

/** Cuts a range into stretches. One look at all its leaves, so that reading need not ask before each stretch. */
export async function stretchesOf(session: ReadSession, range: LeafRange): Promise<Stretch[]> {
  const found = await session.texts(
    // Of a leaf without a time there is no row; it is missed all the same.
    `SELECT seq / ${chunkSize}, kind, coalesce(min(occurred_at), '-infinity'), coalesce(max(occurred_at), '-infinity') FROM audit.leaf
      WHERE seq >= ${range.from} AND seq < ${range.to} AND kind IN (1, 2, 3) GROUP BY 1, 2`,
  );
  const stretches: Stretch[] = [];
  for (let from = range.from; from < range.to; from = (Math.floor(from / chunkSize) + 1) * chunkSize) {
    stretches.push({ from, to: Math.min((Math.floor(from / chunkSize) + 1) * chunkSize, range.to), times: [] });
  }
  const first = Math.floor(range.from / chunkSize);
  for (const [position, kind, from, to] of found) {
    stretches[Number(position) - first]?.times.push({ kind: kindOf(kind), first: textOf(from), last: textOf(to) });
  }
  return stretches;
}

/** Whether a row of this time must be kept whole even if nothing is wrong with it. */
export type KeepRow = (at: string) => boolean;

/** The stretches one after another. While one is looked at, the server works on the next. */
export async function* readChunks(session: ReadSession, stretches: readonly Stretch[], keepRow: KeepRow): AsyncGenerator<Chunk> {
  let next = readChunk(session, stretches[0], keepRow);
  for (const position of stretches.keys()) {
    const chunk = await next;
    next = readChunk(session, stretches[position + 1], keepRow);
    // Should the caller stop early, nobody else waits for it.
    next.catch(() => undefined);
    if (chunk) yield chunk;
  }
}

async function readChunk(session: ReadSession, stretch: Stretch | undefined, keepRow: KeepRow): Promise<Chunk | null> {
  if (!stretch) return null;
  const { from, to, times } = stretch;
  const chunk: Chunk = {
    from,
    to,
    leaves: Buffer.alloc((to - from) * leafBytes),
    present: new Uint8Array(to - from),
    odd: new Map(),
    counts: { event: 0, action: 0, control: 0, values: 0, snapshots: 0 },
    checkpoints: [],
  };
  const statements = times.map(({ kind, first, last }) => queries[kind](stretch, `occurred_at BETWEEN '${first}' AND '${last}'`));
  const checkpoints = `SELECT 0, ${checkpointColumns} FROM audit.checkpoint WHERE size > ${from} AND size <= ${to} ORDER BY size`;
  await session.stream([...statements, checkpoints], (columns) => {
    if (columns[0] === '0') chunk.checkpoints.push(storedCheckpointOf(columns.slice(1)));
    else put(chunk, columns, keepRow);
  });
  return chunk;
}

const leafBytes = 32;

function put(chunk: Chunk, columns: TextRow, keepRow: KeepRow): void {
  const row = sealedRowOf(columns);
  const position = row.seq - chunk.from;
  chunk.present[position] = 1;
  row.stored.copy(chunk.leaves, position * leafBytes);
  if (row.recomputed) chunk.counts[kindNames[row.kind]] += 1;
  if (row.value === 'fits') chunk.counts.values += 1;
  if (row.snapshot === 'fits') chunk.counts.snapshots += 1;
  if (!isWhole(row) || keepRow(row.at)) chunk.odd.set(row.seq, row);
}

/** Nothing about this row calls for a second look. */
function isWhole({ recomputed, stored, value, snapshot }: SealedRow): boolean {
  const isFitting = (state: SealedRow['value']) => state === 'none' || state === 'fits';
  return recomputed?.equals(stored) === true && isFitting(value) && isFitting(snapshot);
}
