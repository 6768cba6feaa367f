import type { CommandDeps } from '../foundation/command/command.ts';

/** Where a page of history goes on: the last row shown. Both parts are needed, since several rows may share a time. */
export type HistoryCursor = { at: string; id: string };

/** One click: who, why and with what outcome, and every row it changed. */
export type HistoryEntry = {
  /** Id of the action row; null for changes that no action owns (psql, migrations). */
  actionId: string | null;
  at: string;
  actorId: string | null;
  actorType: string;
  roles: readonly string[];
  resource: string | null;
  action: string | null;
  outcome: string | null;
  errorCode: string | null;
  reason: string | null;
  requestId: string | null;
  /** True once the row has its leaf in the tree. */
  isSealed: boolean;
  changes: readonly HistoryChange[];
};

export type HistoryChange = {
  eventId: string;
  table: string;
  recordId: string;
  op: 'insert' | 'update' | 'delete' | 'truncate' | 'baseline';
  /** Names of changed fields, secret ones included. */
  changed: readonly string[];
  /** Old and new value by field; secret fields are absent, encrypted ones say so, erased ones give null for the whole diff. */
  diff: Readonly<Record<string, readonly [unknown, unknown]>> | null;
};

const ops = { 1: 'insert', 2: 'update', 3: 'delete', 4: 'truncate', 5: 'baseline' } as const;

type EventRow = {
  id: string;
  occurred_at: Date;
  at_text: string;
  txid: string;
  epoch: number;
  action_id: string | null;
  actor_id: string | null;
  actor_type: string;
  op: keyof typeof ops;
  tbl: string;
  record_id: string;
  changed: string[];
  is_sealed: boolean;
};

const eventColumns = `e.id, e.occurred_at, e.occurred_at::text AS at_text, e.txid::text AS txid, e.epoch, e.action_id, e.actor_id, e.actor_type, e.op, e.tbl,
  e.record_id, e.changed, EXISTS (SELECT 1 FROM audit.leaf l WHERE l.row_id = e.id) AS is_sealed`;

/** Which history is asked for: all rows about a person, one record, or one click. */
export type HistoryOf = { subjectId: string } | { table: string; recordId: string } | { actionId: string };

/**
 * A page of history, newest first, keyset paged. The caller has checked the permission and records the read.
 * @param limit rows changed, 1 to 100
 */
export async function readHistory(
  deps: CommandDeps,
  of: HistoryOf,
  page: { limit: number; before?: HistoryCursor | undefined },
): Promise<{ entries: readonly HistoryEntry[]; next: HistoryCursor | null }> {
  const limit = Math.min(Math.max(page.limit, 1), 100);
  const [where, values] = conditionOf(of);
  const bound = page.before
    ? `AND e.occurred_at <= $${values.length + 1} AND (e.occurred_at, e.id) < ($${values.length + 1}, $${values.length + 2})`
    : '';
  const cursor = page.before ? [page.before.at, page.before.id] : [];
  const { rows } = await deps.database.pool.query<EventRow>(
    `SELECT ${eventColumns} FROM audit.event e WHERE ${where} ${bound} ORDER BY e.occurred_at DESC, e.id DESC LIMIT ${limit + 1}`,
    [...values, ...cursor],
  );
  const shown = rows.slice(0, limit);
  const last = shown.at(-1);
  const entries = await asEntries(deps, shown);
  return { entries, next: rows.length > limit && last ? { at: last.at_text, id: last.id } : null };
}

function conditionOf(of: HistoryOf): [string, unknown[]] {
  if ('subjectId' in of) return ['e.subject_id = $1', [of.subjectId]];
  if ('actionId' in of) return ['e.action_id = $1', [of.actionId]];
  return ['e.tbl = $1 AND e.record_id = $2', [of.table, of.recordId]];
}

type ActionRow = {
  id: string;
  roles: string[];
  resource: string;
  action: string;
  outcome: string;
  error_code: string | null;
  request_id: string | null;
  at_text: string;
};

async function asEntries(deps: CommandDeps, events: readonly EventRow[]): Promise<HistoryEntry[]> {
  if (events.length === 0) return [];
  const actions = await actionsOf(deps, events);
  const bodies = await readBodies(deps, [
    ...events.map((event) => ({ id: event.id, at: event.at_text })),
    ...[...actions.values()].map((action) => ({ id: action.id, at: action.at_text })),
  ]);
  const entries = new Map<string, { entry: HistoryEntry; changes: HistoryChange[] }>();
  for (const event of events) {
    const key = event.action_id ?? event.id;
    const known = entries.get(key) ?? newEntry(event, actions.get(event.action_id ?? ''), bodies);
    known.changes.push(asChange(event, bodies.get(event.id)));
    entries.set(key, known);
  }
  return [...entries.values()].map(({ entry, changes }) => ({ ...entry, changes }));
}

function newEntry(
  event: EventRow,
  action: ActionRow | undefined,
  bodies: ReadonlyMap<string, unknown>,
): { entry: HistoryEntry; changes: HistoryChange[] } {
  return {
    entry: {
      actionId: event.action_id,
      at: event.occurred_at.toISOString(),
      actorId: event.actor_id,
      actorType: event.actor_type,
      roles: action?.roles ?? [],
      resource: action?.resource ?? null,
      action: action?.action ?? null,
      outcome: action?.outcome ?? null,
      errorCode: action?.error_code ?? null,
      reason: reasonOf(bodies.get(event.action_id ?? '')),
      requestId: action?.request_id ?? null,
      isSealed: event.is_sealed,
      changes: [],
    },
    changes: [],
  };
}

function asChange(event: EventRow, body: unknown): HistoryChange {
  return {
    eventId: event.id,
    table: event.tbl,
    recordId: event.record_id,
    op: ops[event.op],
    changed: event.changed,
    diff: shownDiff(body),
  };
}

/** The action of an event shares its transaction, which is what the index serves. */
async function actionsOf(deps: CommandDeps, events: readonly EventRow[]): Promise<Map<string, ActionRow>> {
  const { rows } = await deps.database.pool.query<ActionRow>(
    `SELECT a.id, a.actor_roles AS roles, a.resource, a.action, a.outcome, a.error_code, a.request_id, a.occurred_at::text AS at_text
       FROM unnest($1::int[], $2::text[]) AS t(epoch, txid)
       JOIN audit.action a ON a.epoch = t.epoch AND a.txid = t.txid::xid8`,
    [events.map((event) => event.epoch), events.map((event) => event.txid)],
  );
  return new Map(rows.map((row) => [row.id, row]));
}

/** Parsed value bodies by row id; a missing one was erased. `at` is the row's occurred_at as text, with all its digits. */
export async function readBodies(deps: CommandDeps, wanted: readonly { id: string; at: string }[]): Promise<ReadonlyMap<string, unknown>> {
  const { rows } = await deps.database.pool.query<{ row_id: string; body: string }>(
    'SELECT row_id, body FROM audit.read_values($1::uuid[], $2::timestamptz[])',
    [wanted.map((row) => row.id), wanted.map((row) => row.at)],
  );
  return new Map(rows.map((row) => [row.row_id, JSON.parse(row.body)]));
}

export function reasonOf(body: unknown): string | null {
  return typeof body === 'object' && body !== null && 'reason' in body && typeof body.reason === 'string' ? body.reason : null;
}

/** Ciphertext is no use to a reader: encrypted columns only say that they changed (audit.md section 10). */
function shownDiff(body: unknown): HistoryChange['diff'] {
  if (typeof body !== 'object' || body === null) return null;
  return Object.fromEntries(
    Object.entries(body)
      .filter((pair): pair is [string, [unknown, unknown]] => Array.isArray(pair[1]) && pair[1].length === 2)
      .map(([field, [before, after]]) => [field, field.endsWith('_enc') ? [masked(before), masked(after)] : [before, after]]),
  );
}

function masked(value: unknown): string | null {
  return value === null ? null : '••• encrypted';
}
