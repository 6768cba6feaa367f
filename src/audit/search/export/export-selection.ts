import { clickQuery } from '../search-conditions.ts';
import { needsIndex } from '../search-filter.ts';
import { type ExportFilter, searchFilterOf } from './export-filter.ts';
import type { ExportReader } from './export-reader.ts';

/** A row that an export holds, by its key. */
export type ChosenRow = { seq: number; kind: 1 | 2; id: string; at: string };

/** `unsealed`: how many more would belong to it and have no leaf in the tree yet. */
export type Selection = { rows: readonly ChosenRow[]; unsealed: number };

/**
 * The sealed rows of a filter below `size` leaves, ascending by seq. Whole clicks for the filters of the explorer: the action and
 * every row it changed. For a person or a record only the changes about it, with the actions that made them or were aimed at it:
 * what one click did to others stays out. At most `cap` + 1 rows, so that the caller sees that there are too many.
 */
export async function selectRows(
  reader: ExportReader,
  asked: { filter: ExportFilter; size: number; cap: number; now: Date },
): Promise<Selection> {
  const { filter, size, cap } = asked;
  const chosen = filter.subjectId || filter.record ? rowsAbout(filter) : rowsOfClicks(asked);
  const { rows } = await reader.query<{ seq: string | null; kind: 1 | 2; id: string; at: string }>(
    `SELECT l.seq, c.kind, c.id, c.at::text AS at
       FROM (SELECT DISTINCT k.kind, k.id, k.at FROM (${chosen.sql}) AS k WHERE k.at BETWEEN $1 AND $2 LIMIT ${cap + 1}) AS c
       LEFT JOIN audit.leaf AS l ON l.row_id = c.id AND l.occurred_at = c.at ORDER BY l.seq`,
    chosen.values,
  );
  const sealed = rows.filter((row) => row.seq !== null && Number(row.seq) < size);
  return { rows: sealed.map((row) => ({ ...row, seq: Number(row.seq) })), unsealed: rows.length - sealed.length };
}

/** Whether the selection looks into the search index, which must then have come as far as the tree. */
export function selectsByIndex(filter: ExportFilter): boolean {
  return !filter.subjectId && !filter.record && needsIndex(searchFilterOf(filter), undefined);
}

type Chosen = { sql: string; values: unknown[] };

function rowsOfClicks({ filter, cap, now }: { filter: ExportFilter; cap: number; now: Date }): Chosen {
  const query = clickQuery({ filter: searchFilterOf(filter), reach: undefined, now });
  const actor = filter.actorId ? `AND e.actor_id = $${query.values.push(filter.actorId)}::uuid` : '';
  return {
    sql: `WITH click AS MATERIALIZED (
            SELECT ${query.isDistinct ? 'DISTINCT ' : ''}${query.at} AS at, ${query.id} AS id FROM ${query.from}
             WHERE ${query.where.join(' AND ')} LIMIT ${cap + 1}
          )
          SELECT 2 AS kind, a.id, a.occurred_at AS at FROM click AS c JOIN audit.action AS a ON a.occurred_at = c.at AND a.id = c.id
          UNION ALL
          SELECT 1, e.id, e.occurred_at FROM click AS c JOIN audit.event AS e
              ON e.action_id = c.id AND e.occurred_at <= c.at AND e.occurred_at > c.at - interval '1 day' ${actor}
          UNION ALL
          SELECT 1, e.id, e.occurred_at FROM click AS c JOIN audit.event AS e ON e.occurred_at = c.at AND e.id = c.id`,
    values: query.values,
  };
}

function rowsAbout(filter: ExportFilter): Chosen {
  const values: unknown[] = [filter.from, filter.to];
  const place = (value: unknown) => `$${values.push(value)}`;
  const about = filter.subjectId ?? filter.record?.replace(/^[^:]*:/, '') ?? '';
  const changes = [
    ...(filter.subjectId ? [`e.subject_id = ${place(filter.subjectId)}::uuid`] : []),
    ...(filter.record
      ? [`e.tbl = ${place(filter.record.replace(/:.*$/s, ''))} AND e.record_id = ${place(filter.record.replace(/^[^:]*:/, ''))}`]
      : []),
    ...(filter.actorId ? [`e.actor_id = ${place(filter.actorId)}::uuid`] : []),
  ].join(' AND ');
  const byActor = filter.actorId ? `AND a.actor_id = ${place(filter.actorId)}::uuid` : '';
  return {
    sql: `WITH change AS MATERIALIZED (
            SELECT e.id, e.occurred_at, e.epoch, e.txid, e.action_id FROM audit.event AS e WHERE e.occurred_at BETWEEN $1 AND $2 AND ${changes}
          )
          SELECT 1 AS kind, c.id, c.occurred_at AS at FROM change AS c
          UNION ALL
          SELECT 2, a.id, a.occurred_at FROM change AS c JOIN audit.action AS a ON a.epoch = c.epoch AND a.txid = c.txid AND a.id = c.action_id
          UNION ALL
          SELECT 2, a.id, a.occurred_at FROM audit.action AS a
           WHERE a.occurred_at BETWEEN $1 AND $2 AND a.record_ids @> ARRAY[${place(about)}::text] ${byActor}`,
    values,
  };
}
