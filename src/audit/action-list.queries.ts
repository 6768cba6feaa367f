import type { CommandDeps } from '../foundation/command/command.ts';
import { type HistoryCursor, readBodies, reasonOf } from './record-history.queries.ts';

/** Filters of the audit explorer (audit.md section 11). Times are ISO 8601; the default window is the last 30 days. */
export type ActionFilter = {
  from?: string | undefined;
  to?: string | undefined;
  actorId?: string | undefined;
  /** Limits the reader in the SQL: only these people's actions. */
  onlyActorIds?: readonly string[] | undefined;
  actorType?: string | undefined;
  resource?: string | undefined;
  action?: string | undefined;
  outcome?: string | undefined;
  /** A grade the actor held, for example `support_lead`. */
  role?: string | undefined;
  recordId?: string | undefined;
  door?: string | undefined;
  requestId?: string | undefined;
  actionId?: string | undefined;
  txid?: string | undefined;
};

export type ActionListRow = {
  id: string;
  at: string;
  actorId: string | null;
  actorType: string;
  roles: readonly string[];
  door: string;
  resource: string;
  action: string;
  outcome: string;
  errorCode: string | null;
  recordIds: readonly string[];
  recordCount: number;
  requestId: string | null;
  txid: string;
  ms: number;
  hasMfa: boolean;
  reason: string | null;
  country: string | null;
  device: string | null;
  isSealed: boolean;
  /** Rows changed by the same click. */
  changeCount: number;
};

type Row = Omit<ActionListRow, 'at' | 'reason' | 'recordCount' | 'changeCount'> & {
  at: Date;
  atText: string;
  recordCount: number;
  changeCount: string;
};

/** Counts stop here; beyond it the explorer says "10,000+". */
export const countCeiling = 10_000;

/** A page of actions, newest first, keyset paged; no OFFSET, no unbounded count. The caller records the read. */
export async function listActions(
  deps: CommandDeps,
  filter: ActionFilter,
  page: { limit: number; before?: HistoryCursor | undefined },
): Promise<{ rows: readonly ActionListRow[]; next: HistoryCursor | null }> {
  const limit = Math.min(Math.max(page.limit, 1), 100);
  const { where, values } = conditions(deps, filter);
  if (page.before) {
    values.push(page.before.at, page.before.id);
    where.push(`a.occurred_at <= $${values.length - 1} AND (a.occurred_at, a.id) < ($${values.length - 1}, $${values.length})`);
  }
  const { rows } = await deps.database.pool.query<Row>(
    `SELECT a.id, a.occurred_at AS at, a.occurred_at::text AS "atText", a.actor_id AS "actorId", a.actor_type AS "actorType", a.actor_roles AS roles, a.door,
            a.resource, a.action, a.outcome, a.error_code AS "errorCode", a.record_ids AS "recordIds", a.record_count AS "recordCount",
            a.request_id AS "requestId", a.txid::text AS txid, a.ms, a.mfa AS "hasMfa", n.country, n.device,
            EXISTS (SELECT 1 FROM audit.leaf l WHERE l.row_id = a.id) AS "isSealed",
            (SELECT count(*) FROM (SELECT 1 FROM audit.event e WHERE e.action_id = a.id LIMIT 101) c) AS "changeCount"
       FROM audit.action a LEFT JOIN audit.enrichment n ON n.row_id = a.id
      WHERE ${where.join(' AND ')} ORDER BY a.occurred_at DESC, a.id DESC LIMIT ${limit + 1}`,
    values,
  );
  const shown = rows.slice(0, limit);
  const bodies = await readBodies(
    deps,
    shown.map((row) => ({ id: row.id, at: row.atText })),
  );
  const last = shown.at(-1);
  return {
    rows: shown.map(({ at, atText: _, changeCount, ...row }) => ({
      ...row,
      at: at.toISOString(),
      changeCount: Number(changeCount),
      reason: reasonOf(bodies.get(row.id)),
    })),
    next: rows.length > limit && last ? { at: last.atText, id: last.id } : null,
  };
}

/** How many actions match, exact to 10,000; the ceiling plus one means "more". */
export async function countActions(deps: CommandDeps, filter: ActionFilter): Promise<number> {
  const { where, values } = conditions(deps, filter);
  const { rows } = await deps.database.pool.query<{ n: string }>(
    `SELECT count(*) AS n FROM (SELECT 1 FROM audit.action a WHERE ${where.join(' AND ')} LIMIT ${countCeiling + 1}) c`,
    values,
  );
  return Number(rows[0]?.n ?? 0);
}

const defaultWindowMs = 30 * 86_400_000;

function conditions(deps: CommandDeps, filter: ActionFilter): { where: string[]; values: unknown[] } {
  const values: unknown[] = [filter.from ?? new Date(deps.clock.now().getTime() - defaultWindowMs).toISOString()];
  const where = ['a.occurred_at >= $1'];
  const add = (sql: (n: number) => string, value: unknown) => {
    if (value === undefined) return;
    values.push(value);
    where.push(sql(values.length));
  };
  add((n) => `a.occurred_at <= $${n}`, filter.to);
  add((n) => `a.actor_id = $${n}`, filter.actorId);
  add((n) => `a.actor_id = ANY($${n}::uuid[])`, filter.onlyActorIds);
  add((n) => `a.actor_type = $${n}`, filter.actorType);
  add((n) => `a.resource = $${n}`, filter.resource);
  add((n) => `a.action = $${n}`, filter.action);
  add((n) => `a.outcome = $${n}`, filter.outcome);
  add((n) => `$${n} = ANY(a.actor_roles)`, filter.role);
  add((n) => `$${n} = ANY(a.record_ids)`, filter.recordId);
  add((n) => `a.door = $${n}`, filter.door);
  add((n) => `a.request_id = $${n}`, filter.requestId);
  add((n) => `a.id = $${n}`, filter.actionId);
  add((n) => `a.txid = $${n}::xid8`, filter.txid);
  return { where, values };
}
