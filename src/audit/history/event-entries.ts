import type { CommandDeps } from '../../foundation/command/command.ts';
import { type FieldChange, type HistoryChange, type HistoryEntry, operations } from './history-types.ts';
import { shownValue } from './shown-value.ts';
import { pairOf, readBodies, reasonOf } from './stored-bodies.ts';

/** An event as `eventColumns` of `audit.event e` selects it. */
export type EventRow = {
  kind: 'event';
  id: string;
  occurred_at: Date;
  at_text: string;
  txid: string;
  epoch: number;
  action_id: string | null;
  actor_id: string | null;
  actor_type: string;
  db_user: string;
  op: keyof typeof operations;
  tbl: string;
  record_id: string;
  changed: string[];
  is_sealed: boolean;
};

export const eventColumns = `'event' AS kind, e.id, e.occurred_at, e.occurred_at::text AS at_text, e.txid::text AS txid, e.epoch, e.action_id,
  e.actor_id, e.actor_type, e.db_user::text AS db_user, e.op, e.tbl, e.record_id, e.changed,
  EXISTS (SELECT 1 FROM audit.leaf l WHERE l.row_id = e.id) AS is_sealed`;

type OwningAction = {
  id: string;
  roles: string[];
  resource: string;
  action: string;
  outcome: string;
  error_code: string | null;
  request_id: string | null;
  reverts: string | null;
  at_text: string;
};

/** Events with their actions and values, one entry for each click, by the action's id (or the event's where no action owns it). */
export async function eventEntries(deps: CommandDeps, events: readonly EventRow[]): Promise<ReadonlyMap<string, HistoryEntry>> {
  if (events.length === 0) return new Map();
  const actions = await owningActions(deps, events);
  const bodies = await readBodies(deps, [
    ...events.map((event) => ({ id: event.id, at: event.at_text })),
    ...[...actions.values()].map((action) => ({ id: action.id, at: action.at_text })),
  ]);
  const entries = new Map<string, { entry: HistoryEntry; changes: HistoryChange[] }>();
  for (const event of events) {
    const key = event.action_id ?? event.id;
    const action = actions.get(event.action_id ?? '');
    const known = entries.get(key) ?? { entry: entryOf(event, action, reasonOf(bodies.get(event.action_id ?? ''))), changes: [] };
    known.changes.push(changeOf(event, bodies.get(event.id)));
    entries.set(key, known);
  }
  return new Map([...entries].map(([key, { entry, changes }]) => [key, { ...entry, changes }]));
}

function entryOf(event: EventRow, action: OwningAction | undefined, reason: string | null): HistoryEntry {
  return {
    actionId: event.action_id,
    at: event.occurred_at.toISOString(),
    actorId: event.actor_id,
    actorType: event.actor_type,
    roles: action?.roles ?? [],
    resource: action?.resource ?? null,
    action: action?.action ?? null,
    outcome: action?.outcome ?? null,
    errorCode: action?.error_code ?? null,
    reason,
    requestId: action?.request_id ?? null,
    reverts: action?.reverts ?? null,
    databaseUser: event.action_id === null ? event.db_user : null,
    isSealed: event.is_sealed,
    changes: [],
  };
}

function changeOf(event: EventRow, body: unknown): HistoryChange {
  return {
    eventId: event.id,
    table: event.tbl,
    recordId: event.record_id,
    op: operations[event.op],
    fields: event.changed.map((field) => fieldChange(field, body)),
  };
}

/** A body without the field: its value is never stored. No body: it was erased. */
export function fieldChange(field: string, body: unknown): FieldChange {
  if (body === undefined) return { field, before: { kind: 'erased' }, after: { kind: 'erased' } };
  const pair = pairOf(body, field);
  if (!pair) return { field, before: { kind: 'secret' }, after: { kind: 'secret' } };
  return { field, before: shownValue(field, pair[0]), after: shownValue(field, pair[1]) };
}

/** The action of an event shares its transaction, which is what the index serves. */
async function owningActions(deps: CommandDeps, events: readonly EventRow[]): Promise<ReadonlyMap<string, OwningAction>> {
  const transactions = new Map(events.map((event) => [`${event.epoch} ${event.txid}`, event]));
  const { rows } = await deps.database.pool.query<OwningAction>(
    `SELECT a.id, a.actor_roles AS roles, a.resource, a.action, a.outcome, a.error_code, a.request_id, a.reverts, a.occurred_at::text AS at_text
       FROM unnest($1::int[], $2::text[]) AS t(epoch, txid)
       JOIN audit.action a ON a.epoch = t.epoch AND a.txid = t.txid::xid8`,
    [[...transactions.values()].map((event) => event.epoch), [...transactions.values()].map((event) => event.txid)],
  );
  return new Map(rows.map((row) => [row.id, row]));
}
