import type { CommandDeps } from '../../foundation/command/command.ts';
import type { StoredField, StoredState } from './as-of.queries.ts';
import type { Version } from './find-version.ts';
import type { RecordRef } from './history-types.ts';
import { isCut, isObject, pairOf, type RowAt, readBodies, readSnapshots } from './stored-bodies.ts';

/**
 * State without a snapshot at hand: the nearest start before it (an insert, a baseline or a snapshot), then of each field the newest
 * change since. Only as many values are read as there are fields, however many versions lie between; documents of which only inner
 * differences are kept are put together from all of them.
 */
export async function replayFields(deps: CommandDeps, record: RecordRef, version: Version): Promise<Omit<StoredState, 'version'>> {
  const { start, newest } = await newestPerField(deps, record, version);
  const wanted = new Map([...newest.values(), ...(start ? [start] : [])].map((row) => [row.id, row]));
  const bodies = await readBodies(deps, [...wanted.values()]);
  const fields = start ? await startFields(deps, start, bodies) : new Map<string, StoredField>();
  for (const [field, row] of newest) {
    const body = bodies.get(row.id);
    const pair = pairOf(body, field);
    if (body === undefined) fields.set(field, { kind: 'erased' });
    else if (pair && isObject(pair[0]) && isObject(pair[1])) {
      fields.set(field, await replayDocument(deps, record, { field, start, until: row, base: fields.get(field) }));
    } else if (pair) fields.set(field, { kind: 'known', value: pair[1] });
  }
  return { condition: start ? 'present' : 'partial', fields };
}

type Start = RowAt & { changed: readonly string[]; hasSnapshot: boolean };

async function startFields(deps: CommandDeps, start: Start, bodies: ReadonlyMap<string, unknown>): Promise<Map<string, StoredField>> {
  const body = start.hasSnapshot ? (await readSnapshots(deps, [start])).get(start.id) : bodies.get(start.id);
  if (!isObject(body)) return new Map(start.changed.map((field) => [field, { kind: 'erased' }]));
  if (start.hasSnapshot) return new Map(Object.entries(body).map(([field, value]) => [field, { kind: 'known', value }]));
  return new Map(
    start.changed.flatMap((field) => {
      const pair = pairOf(body, field);
      return pair ? [[field, { kind: 'known', value: pair[1] }] as const] : [];
    }),
  );
}

/**
 * The start, and of each field that changed after it the event that changed it last: one pass over the record's index entries, which
 * gathers what changed together first, since few sets of fields ever do. Of one record no two changes share a time, since each waits
 * for the row's lock.
 */
async function newestPerField(
  deps: CommandDeps,
  record: RecordRef,
  version: Version,
): Promise<{ start: Start | null; newest: ReadonlyMap<string, RowAt> }> {
  const { rows } = await deps.database.pool.query<Start & { field: string }>(
    `WITH sets AS MATERIALIZED (
       SELECT CASE WHEN e.op IN (1, 5) OR e.snapshot_commit IS NOT NULL THEN ARRAY['*'] ELSE e.changed END AS fields, max(e.occurred_at) AS at
         FROM audit.event e
        WHERE e.tbl = $1 AND e.record_id = $2 AND e.op <> 3
          AND e.occurred_at <= $3::timestamptz AND (e.occurred_at < $3::timestamptz OR e.id <= $4::uuid)
        GROUP BY 1
     ), last AS MATERIALIZED (
       SELECT c.field, max(s.at) AS at FROM sets s CROSS JOIN LATERAL unnest(s.fields) AS c(field) GROUP BY c.field
     )
     SELECT DISTINCT ON (l.field) l.field, e.id, e.occurred_at::text AS at, e.changed, e.snapshot_commit IS NOT NULL AS "hasSnapshot"
       FROM last l JOIN audit.event e ON e.tbl = $1 AND e.record_id = $2 AND e.occurred_at = l.at
      WHERE l.field = '*' OR l.at > coalesce((SELECT s.at FROM last s WHERE s.field = '*'), '-infinity')
      ORDER BY l.field, e.id DESC`,
    [record.table, record.recordId, version.atText, version.eventId],
  );
  const newest = new Map(rows.filter((row) => row.field !== '*').map(({ field, id, at }) => [field, { id, at }]));
  return { start: rows.find((row) => row.field === '*') ?? null, newest };
}

/** Rows after $3, $4 and up to $5, $6. */
const between = `e.occurred_at BETWEEN $3::timestamptz AND $5::timestamptz
        AND (e.occurred_at, e.id) > ($3::timestamptz, $4::uuid) AND (e.occurred_at, e.id) <= ($5::timestamptz, $6::uuid)`;

function bounds(start: RowAt | null, until: RowAt): readonly string[] {
  const from = start ?? { at: '-infinity', id: '00000000-0000-0000-0000-000000000000' };
  return [from.at, from.id, until.at, until.id];
}

type DocumentParts = { field: string; start: RowAt | null; until: RowAt; base: StoredField | undefined };

/**
 * A jsonb column over 4 KB keeps only the top-level keys that differ. Taking the old keys out and putting the new ones in is right
 * for whole documents too, since those name all their keys. Without a start the keys that never changed are missing.
 */
async function replayDocument(deps: CommandDeps, record: RecordRef, { field, start, until, base }: DocumentParts): Promise<StoredField> {
  const { rows } = await deps.database.pool.query<RowAt>(
    `SELECT e.id, e.occurred_at::text AS at FROM audit.event e
      WHERE e.tbl = $1 AND e.record_id = $2 AND e.op = 2 AND e.changed @> ARRAY[$7] AND ${between}
      ORDER BY e.occurred_at, e.id`,
    [record.table, record.recordId, ...bounds(start, until), field],
  );
  const bodies = await readBodies(deps, rows);
  return rows.reduce((state, row) => stateAfter(state, pairOf(bodies.get(row.id), field)), base ?? empty);
}

const empty: StoredField = { kind: 'known', value: null };

/** A document after one change of it. What is not kept, or is too large to be kept, stays so until a change that names the whole. */
function stateAfter(state: StoredField, pair: readonly [unknown, unknown] | undefined): StoredField {
  if (!pair) return { kind: 'erased' };
  const [before, after] = pair;
  if (!isObject(before) || !isObject(after)) return { kind: 'known', value: after };
  if (state.kind === 'erased' || isCut(state.value)) return state;
  const cut = [after, before].find(isCut);
  if (cut) return { kind: 'known', value: cut };
  return { kind: 'known', value: isObject(state.value) ? merged(state.value, before, after) : after };
}

function merged(
  value: Readonly<Record<string, unknown>>,
  before: Readonly<Record<string, unknown>>,
  after: Readonly<Record<string, unknown>>,
): Readonly<Record<string, unknown>> {
  const kept = Object.entries(value).filter(([key]) => !Object.hasOwn(before, key));
  return Object.fromEntries([...kept, ...Object.entries(after)].sort(([a], [b]) => (a < b ? -1 : 1)));
}
