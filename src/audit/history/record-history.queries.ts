import type { CommandDeps } from '../../foundation/command/command.ts';
import { type EventRow, eventColumns, eventEntries } from './event-entries.ts';
import type { HistoryCursor, HistoryEntry, HistoryOf, HistoryPage } from './history-types.ts';
import { readBodies, reasonOf } from './stored-bodies.ts';

/** `change`: rows that changed; `read`: looked at; `refused`: denied or failed; `all`. Left out: everything but reads. */
export type HistoryKind = 'change' | 'read' | 'refused' | 'all';

export type HistoryFilter = {
  /** Only changes of this field. */
  field?: string | undefined;
  actorId?: string | undefined;
  kind?: HistoryKind | undefined;
  /** ISO 8601. */
  from?: string | undefined;
  to?: string | undefined;
};

type Asked = { limit: number; before?: HistoryCursor | undefined; filter?: HistoryFilter | undefined };

/**
 * A page of history, newest first, keyset paged: changed rows grouped by click, and the actions that were aimed at the record and
 * changed nothing. The caller has checked the permission and records the read.
 * @param limit rows, 1 to 100
 */
export async function readHistory(deps: CommandDeps, of: HistoryOf, page: Asked): Promise<HistoryPage> {
  const limit = Math.min(Math.max(page.limit, 1), 100);
  const [events, actions] = await Promise.all([eventsOf(deps, of, page, limit + 1), actionsOf(deps, of, page, limit + 1)]);
  const merged = [...events, ...actions].sort(newestFirst);
  const shown = cutBetweenClicks(merged.slice(0, limit + 1), limit);
  const last = shown.at(-1);
  const entries = await asEntries(deps, shown);
  return { entries, next: merged.length > shown.length && last ? { at: last.at_text, id: last.id } : null };
}

type ActionRow = {
  kind: 'action';
  id: string;
  occurred_at: Date;
  at_text: string;
  action_id: string;
  actor_id: string | null;
  actor_type: string;
  roles: string[];
  resource: string;
  action: string;
  outcome: string;
  error_code: string | null;
  request_id: string;
  reverts: string | null;
  is_sealed: boolean;
};
type Row = EventRow | ActionRow;

/** Texts of PostgreSQL leave trailing zeros out: the times are compared, then the ids. */
function newestFirst(left: Row, right: Row): number {
  const [a, b] = [microsOf(left.at_text), microsOf(right.at_text)];
  if (a !== b) return a < b ? 1 : -1;
  return left.id < right.id ? 1 : -1;
}

/** `2026-11-22 03:04:05.000006+00` in microseconds. */
function microsOf(text: string): bigint {
  const fraction = /\.(\d+)/.exec(text)?.[1] ?? '';
  const seconds = Date.parse(`${text.slice(0, 19).replace(' ', 'T')}Z`) / 1000;
  return BigInt(seconds) * 1_000_000n + BigInt(fraction.padEnd(6, '0'));
}

/** The rows of one click stay on one page, unless they fill it. */
function cutBetweenClicks(rows: readonly Row[], limit: number): readonly Row[] {
  const beyond = rows[limit];
  const kept = rows.slice(0, limit);
  if (!beyond?.action_id || kept.at(-1)?.action_id !== beyond.action_id) return kept;
  const start = kept.findLastIndex((row) => row.action_id !== beyond.action_id) + 1;
  return start === 0 ? kept : kept.slice(0, start);
}

async function eventsOf(deps: CommandDeps, of: HistoryOf, { before, filter = {} }: Asked, limit: number): Promise<EventRow[]> {
  if (filter.kind === 'read' || filter.kind === 'refused') return [];
  const { where, values, add } = conditions('e', { before, filter });
  if ('subjectId' in of) add((n) => `e.subject_id = $${n}`, of.subjectId);
  else if ('actionId' in of) add((n) => `e.action_id = $${n}`, of.actionId);
  else {
    add((n) => `e.tbl = $${n}`, of.table);
    add((n) => `e.record_id = $${n}`, of.recordId);
  }
  add((n) => `e.changed @> ARRAY[$${n}]`, filter.field);
  const { rows } = await deps.database.pool.query<EventRow>(
    `SELECT ${eventColumns} FROM audit.event e WHERE ${where.join(' AND ')} ORDER BY e.occurred_at DESC, e.id DESC LIMIT ${limit}`,
    values,
  );
  return rows;
}

const outcomes: Readonly<Record<Exclude<HistoryKind, 'change'>, readonly string[]>> = {
  read: ['read'],
  refused: ['denied', 'error'],
  all: ['ok', 'denied', 'error', 'read'],
};

/** Actions aimed at this one record, without those whose changes are shown as changes. */
async function actionsOf(deps: CommandDeps, of: HistoryOf, { before, filter = {} }: Asked, limit: number): Promise<ActionRow[]> {
  const { kind, field } = filter;
  if ('actionId' in of || kind === 'change' || field !== undefined) return [];
  const { where, values, add } = conditions('a', { before, filter });
  add((n) => `a.record_ids[1] = $${n} AND a.record_count = 1`, 'subjectId' in of ? of.subjectId : of.recordId);
  add((n) => `a.outcome = ANY($${n})`, kind === undefined ? ['ok', 'denied', 'error'] : outcomes[kind]);
  const owned = 'subjectId' in of ? 'e.subject_id = a.record_ids[1]::uuid' : 'e.record_id = a.record_ids[1]';
  const { rows } = await deps.database.pool.query<ActionRow>(
    `SELECT 'action' AS kind, a.id, a.occurred_at, a.occurred_at::text AS at_text, a.id AS action_id, a.actor_id, a.actor_type,
            a.actor_roles AS roles, a.resource, a.action, a.outcome, a.error_code, a.request_id, a.reverts,
            EXISTS (SELECT 1 FROM audit.leaf l WHERE l.row_id = a.id) AS is_sealed
       FROM audit.action a
      WHERE ${where.join(' AND ')}
        AND (a.outcome <> 'ok' OR NOT EXISTS (SELECT 1 FROM audit.event e WHERE e.action_id = a.id AND ${owned}))
      ORDER BY a.occurred_at DESC, a.id DESC LIMIT ${limit}`,
    values,
  );
  return rows;
}

/** The filters that events and actions share. A redundant bound on the time alone lets partitions be left out. */
function conditions(alias: 'e' | 'a', { before, filter = {} }: Pick<Asked, 'before' | 'filter'>) {
  const values: unknown[] = [];
  const where: string[] = [];
  const add = (sql: (n: number) => string, value: unknown) => {
    if (value === undefined) return;
    values.push(value);
    where.push(sql(values.length));
  };
  if (before) {
    values.push(before.at, before.id);
    where.push(`${alias}.occurred_at <= $1 AND (${alias}.occurred_at, ${alias}.id) < ($1, $2)`);
  }
  add((n) => `${alias}.actor_id = $${n}`, filter.actorId);
  add((n) => `${alias}.occurred_at >= $${n}`, filter.from);
  add((n) => `${alias}.occurred_at <= $${n}`, filter.to);
  return { where, values, add };
}

/** Entries in the order of the rows, one for each click. */
async function asEntries(deps: CommandDeps, rows: readonly Row[]): Promise<HistoryEntry[]> {
  const events = rows.filter((row): row is EventRow => row.kind === 'event');
  const actions = rows.filter((row): row is ActionRow => row.kind === 'action');
  const [changed, bodies] = await Promise.all([
    eventEntries(deps, events),
    readBodies(
      deps,
      actions.map((row) => ({ id: row.id, at: row.at_text })),
    ),
  ]);
  const entries = new Map<string, HistoryEntry>();
  for (const row of rows) {
    const key = row.action_id ?? row.id;
    if (entries.has(key)) continue;
    const entry = row.kind === 'action' ? actionEntry(row, bodies.get(row.id)) : changed.get(key);
    if (entry) entries.set(key, entry);
  }
  return [...entries.values()];
}

function actionEntry(row: ActionRow, body: unknown): HistoryEntry {
  return {
    actionId: row.id,
    at: row.occurred_at.toISOString(),
    actorId: row.actor_id,
    actorType: row.actor_type,
    roles: row.roles,
    resource: row.resource,
    action: row.action,
    outcome: row.outcome,
    errorCode: row.error_code,
    reason: reasonOf(body),
    requestId: row.request_id,
    reverts: row.reverts,
    databaseUser: null,
    isSealed: row.is_sealed,
    changes: [],
  };
}
