import type { BoundedRead } from './bounded-read.ts';

/** What narrows the request log. `from` and `to` always bound it, so that only the months asked for are read. */
export type RequestFilter = {
  from: Date;
  to: Date;
  isSlow?: boolean | undefined;
  /** `refused` is 4xx, `failed` 5xx, `error` both, `ok` neither. */
  outcome?: 'ok' | 'refused' | 'failed' | 'error' | undefined;
  status?: number | undefined;
  method?: string | undefined;
  /** A path template, exactly. */
  route?: string | undefined;
  door?: string | undefined;
  actorId?: string | undefined;
  /** As the caller was told it. */
  requestId?: string | undefined;
  errorCode?: string | undefined;
  /** Milliseconds, at least. */
  leastMs?: number | undefined;
};

/** Where a page of the list goes on: the last row shown. `at` is PostgreSQL's own text, to the microsecond. */
export type RequestCursor = { at: string; id: string };

export type RequestListRow = {
  id: string;
  at: Date;
  atText: string;
  requestId: string;
  actorId: string | null;
  status: number;
  ms: number;
  reqBytes: number;
  resBytes: number;
  method: string;
  route: string;
  door: string;
  errorCode: string | null;
  isSlow: boolean;
  isSampled: boolean;
  ip: string | null;
  headers: Readonly<Record<string, string>>;
  body: unknown;
};

/** A page of kept requests, newest first; no OFFSET, no count. The caller records the read. */
export async function listRequests(
  read: BoundedRead,
  filter: RequestFilter,
  page: { limit: number; before?: RequestCursor | undefined },
): Promise<{ rows: readonly RequestListRow[]; next: RequestCursor | null }> {
  const { where, values } = requestConditions(filter);
  if (page.before) {
    values.push(page.before.at, page.before.id);
    const [at, id] = [`$${values.length - 1}::timestamptz`, `$${values.length}::uuid`];
    // The first half is implied by the second; it is what lets the planner leave later months out.
    where.push(`l.occurred_at <= ${at} AND (l.occurred_at, l.id) < (${at}, ${id})`);
  }
  const rows = await read<RequestListRow>(
    `SELECT l.id, l.occurred_at AS at, l.occurred_at::text AS "atText", l.request_id AS "requestId", l.actor_id AS "actorId", l.status, l.ms,
            l.req_bytes AS "reqBytes", l.res_bytes AS "resBytes", l.method, l.path_template AS route, l.door, l.error_code AS "errorCode",
            l.slow AS "isSlow", l.sampled AS "isSampled", l.ip::text AS ip, l.headers, l.body
       FROM platform.api_log l WHERE ${where.join(' AND ')} ORDER BY l.occurred_at DESC, l.id DESC LIMIT ${page.limit + 1}`,
    values,
  );
  const shown = rows.slice(0, page.limit);
  const last = shown.at(-1);
  return { rows: shown, next: rows.length > page.limit && last ? { at: last.atText, id: last.id } : null };
}

const outcomes = {
  ok: 'l.status < 400',
  refused: 'l.status BETWEEN 400 AND 499',
  failed: 'l.status >= 500',
  error: 'l.status >= 400',
} as const;

/** The WHERE of a filter over `platform.api_log l`. Its texts are fixed; what was asked for travels as values. */
export function requestConditions(filter: RequestFilter): { where: string[]; values: unknown[] } {
  const values: unknown[] = [filter.from, filter.to];
  const where = ['l.occurred_at >= $1::timestamptz', 'l.occurred_at <= $2::timestamptz'];
  const add = (value: unknown, condition: (place: string) => string) => {
    if (value === undefined) return;
    values.push(value);
    where.push(condition(`$${values.length}`));
  };
  // The bare column, so that the partial index is used.
  if (filter.isSlow !== undefined) where.push(filter.isSlow ? 'l.slow' : 'NOT l.slow');
  if (filter.outcome) where.push(outcomes[filter.outcome]);
  add(filter.status, (place) => `l.status = ${place}::smallint`);
  add(filter.method, (place) => `l.method = ${place}`);
  add(filter.route, (place) => `l.path_template = ${place}`);
  add(filter.door, (place) => `l.door = ${place}`);
  add(filter.actorId, (place) => `l.actor_id = ${place}::uuid`);
  add(filter.requestId, (place) => `l.request_id = ${place}`);
  add(filter.errorCode, (place) => `l.error_code = ${place}`);
  add(filter.leastMs, (place) => `l.ms >= ${place}::int`);
  return { where, values };
}
