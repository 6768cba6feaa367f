import { addSeconds } from '../../foundation/runtime/clock.ts';
import type { MonthSpan } from './archive-rows.ts';

/** `YYYY-MM` of the month that lies so many months before `now`'s, in UTC. */
export function monthBefore(now: Date, months: number): string {
  return new Date(Date.UTC(now.getUTCFullYear(), now.getUTCMonth() - months, 1)).toISOString().slice(0, 7);
}

/** First instants of a month and of the next, as PostgreSQL reads them. */
export function spanOf(month: string): MonthSpan {
  const start = new Date(`${month}-01T00:00:00Z`);
  const end = new Date(Date.UTC(start.getUTCFullYear(), start.getUTCMonth() + 1, 1));
  return { month, start: start.toISOString(), end: end.toISOString() };
}

const daySeconds = 86_400;

/** A day after its end, so that no transaction of the month can be open any more. */
export function isClosed(span: MonthSpan, now: Date): boolean {
  return addSeconds(new Date(span.end), daySeconds) <= now;
}
