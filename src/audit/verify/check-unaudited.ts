import { canonicalJson } from '../proof/canonical-json.ts';
import { onlyRow } from '../retain/only-row.ts';
import type { Problem, Rows } from './doctor-problems.ts';

/** Rows named per table; more would not help. */
const namedPerTable = 20;
/** Rows per table whose content is compared in one run. */
const comparedPerTable = 500;

/**
 * Rows that are not as their history says, because they were changed while their trigger was off: live rows without history or after
 * their deletion, rows of the history that are gone, and rows whose last writer is not the transaction of their last event and
 * whose content differs from it. Content of erased people and of values cut for their size is not compared.
 */
export async function checkUnaudited(rows: Rows): Promise<Problem[]> {
  const problems: Problem[] = [];
  const { isArchived } = onlyRow(await rows<{ isArchived: boolean }>('SELECT EXISTS (SELECT FROM audit.partition_seal) AS "isArchived"'));
  for (const { tbl, query } of await rows<{ tbl: string; query: string }>('SELECT tbl, query FROM audit.picture_queries() ORDER BY tbl')) {
    problems.push(...(await checkTable(rows, { tbl, query, isArchived })));
  }
  return problems;
}

type Table = { tbl: string; query: string; isArchived: boolean };
type Live = { record: string; picture: string | null; op: number | null; late: string[] };

/** Which rows have a last writer, or a state of being, that their last event does not know of. */
const strangers = (query: string) => `
  WITH live AS (${query}), told AS (
    SELECT DISTINCT ON (e.record_id) e.record_id, e.op, e.txid, e.occurred_at FROM audit.event AS e
     WHERE e.tbl = $1 AND e.record_id <> '*' ORDER BY e.record_id, e.occurred_at DESC, e.id DESC
  ), emptied AS (SELECT max(e.occurred_at) AS at FROM audit.event AS e WHERE e.tbl = $1 AND e.op = 4)
  SELECT coalesce(l.record, t.record_id) AS record, l.picture, CASE WHEN t.occurred_at < m.at THEN 3 ELSE t.op END::int AS op,
         ARRAY(SELECT a.attname::text FROM pg_attribute AS a WHERE a.attrelid = $2::text::regclass AND a.atthasmissing) AS late
    FROM live AS l FULL JOIN told AS t ON t.record_id = l.record CROSS JOIN emptied AS m
   WHERE CASE WHEN l.record IS NULL THEN (t.op <> 3 AND NOT coalesce(t.occurred_at < m.at, false))
              ELSE t.record_id IS NULL OR t.op = 3 OR t.occurred_at < m.at OR l.writer <> t.txid::text::numeric % 4294967296 END
   ORDER BY 1 LIMIT ${comparedPerTable}`;

async function checkTable(rows: Rows, table: Table): Promise<Problem[]> {
  const found = await rows<Live>(strangers(table.query), [table.tbl, table.tbl.replace(/^(\w+)\.(.+)$/, '"$1"."$2"')]);
  const problems: Problem[] = [];
  for (const live of found) {
    if (problems.length >= namedPerTable) break;
    const detail = await differenceOf(rows, table, live);
    if (detail) problems.push({ kind: 'unaudited_change', subject: `${table.tbl} ${live.record}`, detail });
  }
  return problems;
}

async function differenceOf(rows: Rows, { tbl, isArchived }: Table, live: Live): Promise<string | null> {
  if (live.picture === null) return 'its history goes on, but the row is gone: it was deleted without an event';
  // What was written before the oldest month that is left has no event any more.
  if (live.op === null) return isArchived ? null : 'it has no history: it was written without an event';
  if (live.op === 3) return 'its history ends with a deletion, but the row is there: it was written without an event';
  const told = await replay(rows, tbl, live.record);
  if (!told) return null;
  const fields = Object.entries(objectOf(live.picture)).filter(([field, value]) => isDifferent(field, value, told, live.late));
  return fields.length > 0
    ? `${fields
        .map(([field]) => field)
        .sort()
        .join(', ')} changed without an event`
    : null;
}

/** The last value of each field by the history; null where parts of it are not known any more. */
async function replay(rows: Rows, tbl: string, record: string): Promise<Map<string, unknown> | null> {
  const events = await rows<{ op: number; body: string | null }>(
    `WITH told AS (SELECT e.id, e.occurred_at, e.op FROM audit.event AS e WHERE e.tbl = $1 AND e.record_id = $2),
          bodies AS (SELECT b.row_id, b.body FROM audit.read_values((SELECT array_agg(t.id ORDER BY t.id) FROM told AS t),
                                                                     (SELECT array_agg(t.occurred_at ORDER BY t.id) FROM told AS t)) AS b)
     SELECT t.op::int AS op, b.body FROM told AS t LEFT JOIN bodies AS b ON b.row_id = t.id ORDER BY t.occurred_at, t.id`,
    [tbl, record],
  );
  const told = new Map<string, unknown>();
  let isComplete = false;
  for (const { op, body } of events) {
    if (body === null) return null;
    if (op === 1 || op === 5) {
      told.clear();
      isComplete = true;
    }
    for (const [field, pair] of Object.entries(objectOf(body))) told.set(field, Array.isArray(pair) ? (pair[1] ?? null) : null);
  }
  return isComplete ? told : null;
}

function isDifferent(field: string, live: unknown, told: ReadonlyMap<string, unknown>, late: readonly string[]): boolean {
  if (!told.has(field) && late.includes(field)) return false;
  const last = told.get(field) ?? null;
  if (isCut(live) || isCut(last)) return false;
  // Of large documents, events hold only the members that changed.
  if (isObject(live) && isObject(last))
    return Object.entries(last).some(([name, value]) => canonicalJson(live[name] ?? null) !== canonicalJson(value));
  return canonicalJson(live) !== canonicalJson(last);
}

const isObject = (value: unknown): value is Record<string, unknown> => typeof value === 'object' && value !== null && !Array.isArray(value);
const isCut = (value: unknown) => isObject(value) && '$truncated' in value;

function objectOf(text: string): Record<string, unknown> {
  const read: unknown = JSON.parse(text);
  return isObject(read) ? read : {};
}
