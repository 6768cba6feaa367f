import type { CommandDeps } from '../../foundation/command/command.ts';
import { isObject, readBodies } from '../history/stored-bodies.ts';
import { countryOf } from './describe.ts';
import type { SeqRange } from './progress.ts';
import { entryOfAction, entryOfEvent, type IndexedAction, type IndexedEvent, type SearchEntry } from './search-entry.ts';
import { searchableColumns } from './searchable-columns.ts';

/**
 * Makes the search rows of some leaves; returns how many there are to be. Repeating it is harmless: audit.put_search leaves what is there alone. A row whose value
 * was erased is indexed without its words.
 */
export async function indexRange(deps: CommandDeps, range: SeqRange): Promise<number> {
  const [events, actions, isSearchable] = await Promise.all([eventsIn(deps, range), actionsIn(deps, range), searchableColumns(deps)]);
  if (events.length + actions.length === 0) return 0;
  const clicks = new Map([...actions, ...events.flatMap((event) => event.click ?? [])].map((action) => [action.id, action]));
  const bodies = await readBodies(deps, [...events, ...clicks.values()]);
  const countries = new Map([...clicks.keys()].map((id) => [id, countryIn(bodies.get(id))]));
  const entries: SearchEntry[] = [
    ...events.map((event) => {
      const clickId = event.click?.id ?? '';
      const body = bodies.get(event.id) ?? null;
      return entryOfEvent(event, { body, clickBody: bodies.get(clickId), country: countries.get(clickId) ?? null, isSearchable });
    }),
    ...actions.map((action) => entryOfAction(action, { body: bodies.get(action.id) ?? null, country: countries.get(action.id) ?? null })),
  ];
  await putEntries(deps, entries);
  return entries.length;
}

/** One row that cannot be stored must not keep those beside it, and all later ones, out of the search: it is named and left out. */
async function putEntries(deps: CommandDeps, entries: readonly SearchEntry[]): Promise<void> {
  try {
    await deps.database.pool.query('SELECT audit.put_search($1::jsonb)', [JSON.stringify(entries, storable)]);
  } catch (error) {
    if (!isDataException(error)) throw error;
    const [only] = entries;
    if (only && entries.length === 1) return deps.log.error({ event: 'audit.row_not_indexed', rowId: only.rowId, error });
    const half = Math.ceil(entries.length / 2);
    await putEntries(deps, entries.slice(0, half));
    await putEntries(deps, entries.slice(half));
  }
}

/** jsonb refuses U+0000 and half a surrogate pair, which the sealed value of a row may hold. */
function storable(_key: string, value: unknown): unknown {
  return typeof value === 'string' ? value.toWellFormed().replaceAll('\u0000', '') : value;
}

/** Class 22 of PostgreSQL: the row itself is at fault, not the moment. */
function isDataException(error: unknown): boolean {
  return error instanceof Error && 'code' in error && typeof error.code === 'string' && error.code.startsWith('22');
}

const actionJson = `json_build_object('id', a.id, 'at', a.occurred_at::text, 'actorId', a.actor_id, 'actorType', a.actor_type, 'roles', a.actor_roles,
  'door', a.door, 'resource', a.resource, 'action', a.action, 'outcome', a.outcome, 'errorCode', a.error_code, 'recordIds', a.record_ids,
  'ticketId', a.ticket_id, 'requestId', a.request_id)`;

/**
 * LATERAL with OFFSET 0: each leaf is one look into the key of one month, whatever the planner thinks of the size of the range.
 * An event's action shares its transaction and comes after it.
 */
async function eventsIn(deps: CommandDeps, { from, to }: SeqRange): Promise<IndexedEvent[]> {
  const { rows } = await deps.database.pool.query<IndexedEvent>(
    `SELECT e.id, e.occurred_at::text AS at, e.actor_id AS "actorId", e.subject_id AS "subjectId", e.actor_type AS "actorType", e.op,
            e.tbl AS "table", e.record_id AS "recordId", e.changed, c.click
       FROM audit.leaf AS l
      CROSS JOIN LATERAL (SELECT * FROM audit.event AS x WHERE x.occurred_at = l.occurred_at AND x.id = l.row_id OFFSET 0) AS e
       LEFT JOIN LATERAL (
         SELECT ${actionJson} AS click FROM audit.action AS a
          WHERE a.epoch = e.epoch AND a.txid = e.txid AND a.id = e.action_id
            AND a.occurred_at >= e.occurred_at AND a.occurred_at < e.occurred_at + interval '1 day' OFFSET 0
       ) AS c ON true
      WHERE l.seq >= $1 AND l.seq < $2 AND l.kind = 1`,
    [from, to],
  );
  return rows;
}

async function actionsIn(deps: CommandDeps, { from, to }: SeqRange): Promise<IndexedAction[]> {
  const { rows } = await deps.database.pool.query<{ click: IndexedAction }>(
    `SELECT ${actionJson} AS click
       FROM audit.leaf AS l
      CROSS JOIN LATERAL (SELECT * FROM audit.action AS x WHERE x.occurred_at = l.occurred_at AND x.id = l.row_id OFFSET 0) AS a
      WHERE l.seq >= $1 AND l.seq < $2 AND l.kind = 2`,
    [from, to],
  );
  return rows.map((row) => row.click);
}

function countryIn(body: unknown): string | null {
  return isObject(body) && typeof body['ip'] === 'string' ? countryOf(body['ip']) : null;
}
