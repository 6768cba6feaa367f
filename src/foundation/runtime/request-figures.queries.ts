import type { BoundedRead } from './bounded-read.ts';
import { type RequestFilter, requestConditions } from './request-log.queries.ts';

/** Figures are made from at most so many kept rows, the latest of the filter. */
export const figuresCeiling = 50_000;

/** One route over the time asked for. Requests, shares and percentiles are weighted: a sampled read stands for 1 / sample rate. */
export type RouteFigures = {
  method: string;
  route: string;
  /** Estimated requests; exact for writes, errors and slow answers. */
  requests: number;
  /** Rows the estimate rests on. */
  kept: number;
  p50: number;
  p95: number;
  p99: number;
  slowest: number;
  /** Shares from 0 to 1. */
  refusedShare: number;
  failedShare: number;
};

const sampleOf = (where: readonly string[], ceiling: string) =>
  `SELECT l.occurred_at, l.method, l.path_template, l.status, l.ms, l.weight::float8 AS weight FROM platform.api_log l
    WHERE ${where.join(' AND ')} ORDER BY l.occurred_at DESC LIMIT ${ceiling}`;

/** The busiest 100 routes. */
export async function routeFigures(read: BoundedRead, filter: RequestFilter, ceiling = figuresCeiling): Promise<RouteFigures[]> {
  const { where, values } = requestConditions(filter);
  values.push(ceiling);
  return read<RouteFigures>(
    `WITH sample AS (${sampleOf(where, `$${values.length}`)}),
          ranked AS (
            SELECT method, path_template, status, ms, weight, sum(weight) OVER (PARTITION BY method, path_template) AS total,
                   sum(weight) OVER (PARTITION BY method, path_template ORDER BY ms ROWS UNBOUNDED PRECEDING) AS upto FROM sample)
     SELECT method, path_template AS route, round(max(total))::int AS requests, count(*)::int AS kept,
            min(ms) FILTER (WHERE upto >= total * 0.50) AS p50, min(ms) FILTER (WHERE upto >= total * 0.95) AS p95,
            min(ms) FILTER (WHERE upto >= total * 0.99) AS p99, max(ms) AS slowest,
            coalesce(sum(weight) FILTER (WHERE status BETWEEN 400 AND 499), 0) / max(total) AS "refusedShare",
            coalesce(sum(weight) FILTER (WHERE status >= 500), 0) / max(total) AS "failedShare"
       FROM ranked GROUP BY method, path_template ORDER BY requests DESC, route, method LIMIT 100`,
    values,
  );
}

/** One step of time: requests and errors estimated, times in milliseconds; null where nothing was asked. */
export type RequestStep = { at: Date; requests: number; errors: number; p50: number | null; p95: number | null };

const stepsAtMost = 30;
const minute = 60;
const widths = [1, 5, 15, 30, 60, 180, 360, 720, 1_440, 2_880, 10_080].map((minutes) => minutes * minute);

/** Seconds of a step, so that a time has at most 30 of them. */
export function stepSeconds(from: Date, to: Date): number {
  const seconds = (to.getTime() - from.getTime()) / 1_000;
  return widths.find((width) => seconds / width <= stepsAtMost) ?? Math.ceil(seconds / stepsAtMost);
}

/** Requests, errors and times over the filter, oldest first, empty steps included. Begins where the ceiling cut the sample off. */
export async function requestSteps(
  read: BoundedRead,
  filter: RequestFilter,
  ceiling = figuresCeiling,
): Promise<{ steps: readonly RequestStep[]; seconds: number; isCut: boolean }> {
  const { where, values } = requestConditions(filter);
  values.push(ceiling);
  const seconds = stepSeconds(filter.from, filter.to);
  const rows = await read<{ step: number; requests: number; errors: number; p50: number; p95: number; kept: number }>(
    `WITH sample AS (${sampleOf(where, `$${values.length}`)}),
          ranked AS (
            SELECT floor(extract(epoch FROM occurred_at) / ${seconds})::int AS step, status, ms, weight,
                   sum(weight) OVER (PARTITION BY floor(extract(epoch FROM occurred_at) / ${seconds})) AS total,
                   sum(weight) OVER (PARTITION BY floor(extract(epoch FROM occurred_at) / ${seconds}) ORDER BY ms ROWS UNBOUNDED PRECEDING) AS upto
              FROM sample)
     SELECT step, round(max(total))::int AS requests, round(coalesce(sum(weight) FILTER (WHERE status >= 400), 0))::int AS errors,
            min(ms) FILTER (WHERE upto >= total * 0.50) AS p50, min(ms) FILTER (WHERE upto >= total * 0.95) AS p95, count(*)::int AS kept
       FROM ranked GROUP BY step ORDER BY step`,
    values,
  );
  const isCut = rows.reduce((sum, row) => sum + row.kept, 0) >= ceiling;
  const first = isCut && rows[0] ? rows[0].step : Math.floor(filter.from.getTime() / 1_000 / seconds);
  const last = Math.floor(filter.to.getTime() / 1_000 / seconds);
  const byStep = new Map(rows.map((row) => [row.step, row]));
  const steps = Array.from({ length: Math.max(0, last - first + 1) }, (_, index) => {
    const row = byStep.get(first + index);
    const at = new Date((first + index) * seconds * 1_000);
    return { at, requests: row?.requests ?? 0, errors: row?.errors ?? 0, p50: row?.p50 ?? null, p95: row?.p95 ?? null };
  });
  return { steps, seconds, isCut };
}

export type Losses = { lost: number; lastAt: Date | null };

/** Rows that never came to the log in this time, of all processes, for whatever cause. */
export async function requestLosses(read: BoundedRead, { from, to }: Pick<RequestFilter, 'from' | 'to'>): Promise<Losses> {
  const [row] = await read<Losses>(
    `SELECT coalesce(sum(lost), 0)::int AS lost, max(occurred_at) AS "lastAt" FROM platform.api_log_loss
      WHERE occurred_at >= $1::timestamptz AND occurred_at <= $2::timestamptz`,
    [from, to],
  );
  return row ?? { lost: 0, lastAt: null };
}
