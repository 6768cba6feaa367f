import type { LeafRange } from '../proof/merkle-proof.ts';
import { onlyRow } from '../retain/only-row.ts';
import type { Anchor, AnchorRow } from './anchors.ts';
import type { ReadSession } from './read-session.ts';
import { checkpointColumns, type StoredCheckpoint, storedCheckpointOf } from './stored-checkpoint.ts';

/** How much is looked at. Whatever it is, each part begins and ends at a signed root. */
export type VerifyScope =
  | { kind: 'full' }
  /** From the last checkpoint at or below this leaf number to the end. */
  | { kind: 'from'; seq: number }
  /** What came after the last anchor. */
  | { kind: 'since_anchor' }
  /** The leaves of one record's rows, each with all leaves between the checkpoints around it. */
  | { kind: 'record'; table: string; id: string };

/** A stretch of leaves with the checkpoint it begins at; null where it begins with the first leaf. */
export type Span = LeafRange & { after: StoredCheckpoint | null };

export type Ends = { last: StoredCheckpoint | null; end: number };

/** The last checkpoint, and the number after the last leaf that anything in the database knows of. */
export async function readEnds(session: ReadSession): Promise<Ends> {
  const [newest] = await session.texts(`SELECT ${checkpointColumns} FROM audit.checkpoint ORDER BY size DESC LIMIT 1`);
  const leaves = onlyRow(await session.rows<{ end: number }>('SELECT coalesce(max(seq) + 1, 0)::float8 AS end FROM audit.leaf'));
  const last = newest ? storedCheckpointOf(newest) : null;
  return { last, end: Math.max(last?.size ?? 0, leaves.end) };
}

/** What the scope comes to in this database. */
export async function spansOf(
  session: ReadSession,
  scope: VerifyScope,
  ends: Ends,
  anchored: { files: readonly Anchor[]; rows: readonly AnchorRow[] },
): Promise<Span[]> {
  switch (scope.kind) {
    case 'full':
      return [{ from: 0, to: ends.end, after: null }];
    case 'from':
      return [await spanFrom(session, scope.seq, ends.end)];
    case 'since_anchor':
      return [
        await spanFrom(
          session,
          Math.max(0, ...[...anchored.files, ...anchored.rows].map(({ size }) => size).filter((size) => size <= ends.end)),
          ends.end,
        ),
      ];
    case 'record':
      return recordSpans(session, scope, ends.end);
    default:
      return scope satisfies never;
  }
}

async function spanFrom(session: ReadSession, seq: number, end: number): Promise<Span> {
  const after = await checkpointAt(session, `size <= ${seq} ORDER BY size DESC`);
  return { from: after?.size ?? 0, to: end, after };
}

async function checkpointAt(session: ReadSession, condition: string): Promise<StoredCheckpoint | null> {
  const [found] = await session.texts(`SELECT ${checkpointColumns} FROM audit.checkpoint WHERE ${condition} LIMIT 1`);
  return found ? storedCheckpointOf(found) : null;
}

async function recordSpans(session: ReadSession, record: { table: string; id: string }, end: number): Promise<Span[]> {
  const found = await session.rows<{ seq: number }>(
    `SELECT l.seq::float8 AS seq FROM audit.leaf AS l WHERE l.row_id IN (
       SELECT e.id FROM audit.event AS e WHERE e.tbl = $1 AND e.record_id = $2
       UNION SELECT e.action_id FROM audit.event AS e WHERE e.tbl = $1 AND e.record_id = $2) ORDER BY l.seq`,
    [record.table, record.id],
  );
  const spans: Span[] = [];
  for (const { seq } of found) {
    if (seq < (spans.at(-1)?.to ?? 0)) continue;
    const after = await checkpointAt(session, `size <= ${seq} ORDER BY size DESC`);
    const next = await checkpointAt(session, `size > ${seq} ORDER BY size`);
    spans.push({ from: after?.size ?? 0, to: next?.size ?? end, after });
  }
  return spans;
}
