import { onlyRow } from '../retain/only-row.ts';
import type { FaultLog } from './faults.ts';
import type { ReadSession } from './read-session.ts';
import { instantOf, textOf } from './sealed-row.ts';
import type { StoredCheckpoint } from './stored-checkpoint.ts';

/** Rows that wait for the sealer: it has not come to their transactions yet. */
export type Lag = { rows: number; seconds: number };

const tables = [
  { name: 'event', subject: "tbl || ' ' || record_id" },
  { name: 'action', subject: "resource || ' ' || action" },
  { name: 'control', subject: 'type' },
] as const;
type TableName = (typeof tables)[number]['name'];

/** Where the sealer has been between two checkpoints: transactions from the first's watermark up to the last's. */
function covered(after: StoredCheckpoint | null, last: StoredCheckpoint): string {
  const below = `(epoch < ${last.epoch} OR (epoch = ${last.epoch} AND txid < '${last.watermark}'))`;
  if (!after) return below;
  return `${below} AND (epoch > ${after.epoch} OR (epoch = ${after.epoch} AND txid >= '${after.watermark}'))`;
}

/**
 * Rows the sealer has passed by. Counted first, which the index answers; only where there are more rows than leaves with a row
 * are they looked for one by one.
 */
export async function findUnsealed(
  session: ReadSession,
  span: { after: StoredCheckpoint | null; last: StoredCheckpoint },
  seen: Record<TableName, number>,
  faults: FaultLog,
): Promise<void> {
  const where = covered(span.after, span.last);
  for (const { name, subject } of tables) {
    const [counted] = await session.texts(`SELECT count(*) FROM audit.${name} WHERE ${where}`);
    if (Number(counted?.[0]) === seen[name]) continue;
    const found = await session.texts(
      `SELECT id, occurred_at, txid, ${subject} FROM audit.${name} AS r
        WHERE ${where} AND NOT EXISTS (SELECT FROM audit.leaf AS l WHERE l.row_id = r.id AND l.occurred_at = r.occurred_at)
        ORDER BY epoch, txid, id LIMIT 1000`,
    );
    for (const [id, at, txid, about] of found) {
      faults.add(
        'row_unsealed',
        `the row (${about}) of transaction ${txid} has no leaf, and the watermark ${span.last.watermark} has passed it`,
        {
          table: `audit.${name}`,
          id: textOf(id),
          at: instantOf(textOf(at)),
        },
      );
    }
  }
}

/** What is not sealed yet, beside the notes of earlier runs of verify: a copy of the database has no sealer for those. */
export async function measureLag(session: ReadSession, last: StoredCheckpoint | null): Promise<Lag> {
  const waiting = last ? `(epoch > ${last.epoch} OR (epoch = ${last.epoch} AND txid >= '${last.watermark}'))` : 'true';
  const sealed = 'EXISTS (SELECT FROM audit.leaf AS l WHERE l.row_id = r.id)';
  const parts = tables.map(({ name }) => {
    const except = name === 'control' ? "AND type <> 'verify'" : '';
    return `SELECT count(*) AS n, min(occurred_at) AS oldest FROM audit.${name} AS r WHERE ${waiting} AND NOT ${sealed} ${except}`;
  });
  return onlyRow(
    await session.rows<Lag>(
      `SELECT sum(n)::float8 AS rows, round(coalesce(greatest(extract(epoch FROM clock_timestamp() - min(oldest)), 0), 0))::float8 AS seconds
         FROM (${parts.join(' UNION ALL ')}) AS waiting`,
    ),
  );
}
