import type { CommandDeps } from '../../foundation/command/command.ts';
import type { HistoryCursor } from '../history/history-types.ts';
import { boundedRead } from './bounded-read.ts';
import { type ClickRow, readClicks } from './click-rows.ts';
import { type ClickQuery, clickQuery } from './search-conditions.ts';
import type { SearchFilter, SearchReach } from './search-filter.ts';

/** One side of the page that is shown: further into the past, or back towards now. */
export type SearchPage = { limit: number; before?: HistoryCursor | undefined; after?: HistoryCursor | undefined };

export type SearchAnswer = {
  /** Newest first. */
  rows: readonly ClickRow[];
  /** Where the next older page begins; null at the end. */
  older: HistoryCursor | null;
  /** Where the next newer page begins; null on the first page. */
  newer: HistoryCursor | null;
};

const maxLimit = 100;

/**
 * A page of clicks, newest first by time and id, no other order; keyset paged. The caller has the reach from the matrix and records
 * the read.
 * @throws AppError query_too_broad after 3 seconds
 */
export async function searchActions(
  deps: CommandDeps,
  asked: { filter: SearchFilter; reach?: SearchReach | undefined },
  page: SearchPage,
): Promise<SearchAnswer> {
  const limit = Math.min(Math.max(page.limit, 1), maxLimit);
  const query = clickQuery({ ...asked, reach: asked.reach, now: deps.clock.now() });
  const isForward = page.after !== undefined && page.before === undefined;
  const found = await boundedRead<HistoryCursor>(deps, pageSql(query, { ...page, limit: limit + 1 }), query.values);
  const cut = found.slice(0, limit);
  const shown = isForward ? cut.reverse() : cut;
  const hasMore = found.length > limit;
  const [first, last] = [shown.at(0) ?? null, shown.at(-1) ?? null];
  return {
    rows: await readClicks(deps, shown),
    older: isForward || hasMore ? last : null,
    newer: isForward ? (hasMore ? first : null) : page.before ? first : null,
  };
}

/** Adds the cursor to the query's conditions and values; `<=` on the partition key is redundant, and what prunes the months. */
function pageSql(query: ClickQuery, page: SearchPage): string {
  const cursor = page.before ?? page.after;
  const isForward = page.before === undefined && page.after !== undefined;
  if (cursor) {
    query.values.push(cursor.at, cursor.id);
    const [at, id] = [`$${query.values.length - 1}::timestamptz`, `$${query.values.length}::uuid`];
    query.where.push(
      isForward
        ? `${query.at} >= ${at} AND ${query.partitionAt} >= ${at} - interval '1 day' AND (${query.at}, ${query.id}) > (${at}, ${id})`
        : `${query.at} <= ${at} AND ${query.partitionAt} <= ${at} AND (${query.at}, ${query.id}) < (${at}, ${id})`,
    );
  }
  const direction = isForward ? 'ASC' : 'DESC';
  return `SELECT k.at::text AS at, k.id FROM (
            SELECT ${query.isDistinct ? 'DISTINCT ' : ''}${query.at} AS at, ${query.id} AS id FROM ${query.from}
             WHERE ${query.where.join('\n               AND ')}
             ORDER BY ${query.at} ${direction}, ${query.id} ${direction} LIMIT ${page.limit}
          ) AS k ORDER BY k.at ${direction}, k.id ${direction}`;
}

/** Counts stop here; beyond it the explorer says "10,000+". */
export const countCeiling = 10_000;

type Counts = Map<string, { at: number; count: Promise<number | null> }>;
const counts = new WeakMap<CommandDeps['database'], Counts>();
const keepMs = 30_000;
const maxCounts = 500;

/**
 * How many clicks match, exact to 10,000; the ceiling plus one means "more", null that it takes too long to tell. Kept for 30
 * seconds for everybody with the same reach: the reach is part of what is remembered.
 */
export function countActions(deps: CommandDeps, asked: { filter: SearchFilter; reach?: SearchReach | undefined }): Promise<number | null> {
  const known = counts.get(deps.database) ?? new Map<string, { at: number; count: Promise<number | null> }>();
  counts.set(deps.database, known);
  const now = deps.clock.now().getTime();
  const key = JSON.stringify([asked.filter, asked.reach ?? null]);
  const remembered = known.get(key);
  if (remembered && now - remembered.at < keepMs) return remembered.count;
  if (known.size >= maxCounts) known.clear();
  const count = countNow(deps, asked);
  known.set(key, { at: now, count });
  // A failure is for who asked; the next one tries again.
  count.catch(() => known.delete(key));
  return count;
}

async function countNow(deps: CommandDeps, asked: { filter: SearchFilter; reach?: SearchReach | undefined }): Promise<number | null> {
  const query = clickQuery({ ...asked, reach: asked.reach, now: deps.clock.now() });
  try {
    const rows = await boundedRead<{ n: number }>(
      deps,
      `SELECT count(*)::int AS n FROM (${pageSql(query, { limit: countCeiling + 1 })}) AS c`,
      query.values,
    );
    return rows[0]?.n ?? 0;
  } catch (error) {
    if (isTooBroad(error)) return null;
    throw error;
  }
}

function isTooBroad(error: unknown): boolean {
  return error instanceof Error && 'code' in error && error.code === 'query_too_broad';
}
