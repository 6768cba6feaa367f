import type { CommandDeps } from '../../foundation/command/command.ts';
import type { HistoryCursor } from '../history/history-types.ts';
import { noteOf, readBodies, reasonOf } from '../history/stored-bodies.ts';

/** One click, or one change that no click owns. */
export type ClickRow = {
  id: string;
  at: string;
  actorId: string | null;
  actorType: string;
  roles: readonly string[];
  /** `direct` for a change made past the application. */
  door: string;
  resource: string;
  action: string;
  outcome: string;
  errorCode: string | null;
  recordIds: readonly string[];
  recordCount: number;
  /** `schema.table:id` where the row is a change without a click: its timeline is what can be opened. */
  record: string | null;
  requestId: string | null;
  ticketId: string | null;
  txid: string;
  ms: number;
  hasMfa: boolean;
  reason: string | null;
  /** Short facts of the command, such as who was checked and how. */
  note: string | null;
  country: string | null;
  device: string | null;
  score: number | null;
  isSealed: boolean;
  /** Rows changed by the same click; 101 means more than 100. */
  changeCount: number;
};

type StoredClick = Omit<ClickRow, 'at' | 'reason' | 'note'> & { at: Date; atText: string };

const sealed = (id: string) => `EXISTS (SELECT FROM audit.leaf AS l WHERE l.row_id = ${id}) AS "isSealed"`;

/** The clicks of these keys in their order: by key, so that their number is what it costs, however long the history is. */
export async function readClicks(deps: CommandDeps, keys: readonly HistoryCursor[]): Promise<ClickRow[]> {
  if (keys.length === 0) return [];
  const [ids, moments] = [keys.map((key) => key.id), keys.map((key) => key.at)];
  const { rows: actions } = await deps.database.pool.query<StoredClick>(
    `SELECT a.id, a.occurred_at AS at, a.occurred_at::text AS "atText", a.actor_id AS "actorId", a.actor_type AS "actorType", a.actor_roles AS roles,
            a.door, a.resource, a.action, a.outcome, a.error_code AS "errorCode", a.record_ids AS "recordIds", a.record_count AS "recordCount",
            NULL AS record, a.request_id AS "requestId", a.ticket_id AS "ticketId", a.txid::text AS txid, a.ms, a.mfa AS "hasMfa",
            n.country, n.device, n.score, ${sealed('a.id')},
            (SELECT count(*)::int FROM (
               SELECT FROM audit.event AS e
                WHERE e.action_id = a.id AND e.occurred_at <= a.occurred_at AND e.occurred_at > a.occurred_at - interval '1 day' LIMIT 101) AS c
            ) AS "changeCount"
       FROM unnest($1::uuid[], $2::timestamptz[]) AS wanted (id, moment)
       JOIN audit.action AS a ON a.occurred_at = wanted.moment AND a.id = wanted.id
       LEFT JOIN audit.enrichment AS n ON n.row_id = a.id`,
    [ids, moments],
  );
  const found = new Map(actions.map((row) => [row.id, row]));
  const missing = keys.filter((key) => !found.has(key.id));
  for (const row of await directChanges(deps, missing)) found.set(row.id, row);
  const shown = keys.flatMap((key) => found.get(key.id) ?? []);
  const bodies = await readBodies(
    deps,
    actions.map((row) => ({ id: row.id, at: row.atText })),
  );
  return shown.map(({ at, atText: _, ...row }) => ({
    ...row,
    at: at.toISOString(),
    reason: reasonOf(bodies.get(row.id)),
    note: noteOf(bodies.get(row.id)),
  }));
}

/** Changes without an action row, in the form of a click of their own. */
async function directChanges(deps: CommandDeps, keys: readonly HistoryCursor[]): Promise<StoredClick[]> {
  if (keys.length === 0) return [];
  const { rows } = await deps.database.pool.query<StoredClick>(
    `SELECT e.id, e.occurred_at AS at, e.occurred_at::text AS "atText", e.actor_id AS "actorId", e.actor_type AS "actorType", '{}'::text[] AS roles,
            'direct' AS door, replace(split_part(e.tbl, '.', 2), '_', ' ') AS resource,
            (ARRAY['insert', 'update', 'delete', 'truncate', 'baseline'])[e.op] AS action, 'ok' AS outcome, NULL AS "errorCode",
            ARRAY[e.record_id] AS "recordIds", 1 AS "recordCount", e.tbl || ':' || e.record_id AS record, NULL AS "requestId", NULL AS "ticketId",
            e.txid::text AS txid, 0 AS ms, false AS "hasMfa", NULL AS country, NULL AS device, NULL AS score, ${sealed('e.id')}, 1 AS "changeCount"
       FROM unnest($1::uuid[], $2::timestamptz[]) AS wanted (id, moment)
       JOIN audit.event AS e ON e.occurred_at = wanted.moment AND e.id = wanted.id`,
    [keys.map((key) => key.id), keys.map((key) => key.at)],
  );
  return rows;
}
