import { AppError } from '../../foundation/errors/app-error.ts';
import type { RequestCursor, RequestFilter } from '../../foundation/runtime/request-log.queries.ts';
import { isStorableTime } from '../../foundation/runtime/storable-time.ts';

const uuid = /^[0-9a-f]{8}-[0-9a-f]{4}-[0-9a-f]{4}-[0-9a-f]{4}-[0-9a-f]{12}$/i;
const cursor = /^(\d{4}-\d{2}-\d{2} \d{2}:\d{2}:\d{2}(?:\.\d{1,6})?[+-]\d{2})~([\da-f]{8}(?:-[\da-f]{4}){3}-[\da-f]{12})$/;
const hour = 3_600_000;
const day = 24 * hour;

const known: ReadonlySet<string> = new Set([
  ...['from', 'to', 'slow', 'outcome', 'status', 'method', 'route', 'door', 'actor', 'request', 'code', 'ms', 'before'],
]);

export type ApiLogQuery = { filter: RequestFilter; before: RequestCursor | undefined };

/**
 * Reads the query string strictly: a filter that is not understood is refused, never ignored. Without a time it is the last 24
 * hours; a request is looked for around the moment of its id, or, where its id tells none, in all that is kept.
 * @throws AppError unknown_filter, invalid_filter
 */
export function parseApiLogQuery(query: Readonly<Record<string, string>>, at: { now: Date; keptDays: number }): ApiLogQuery {
  for (const name of Object.keys(query)) if (!known.has(name)) throw new AppError('unknown_filter', { extra: { filter: name } });
  const read = (name: string, form: RegExp) => (query[name] === undefined ? undefined : matching(name, query[name], form));
  const number = (name: string, form: RegExp) => (query[name] === undefined ? undefined : Number(matching(name, query[name], form)));
  const requestId = read('request', /^[A-Za-z0-9_-]{8,64}$/);
  const filter: RequestFilter = {
    ...windowOf(query, { ...at, requestId }),
    isSlow: query.slow === undefined ? undefined : matching('slow', query.slow, /^(?:yes|no)$/) === 'yes',
    outcome: outcomeOf(query.outcome),
    status: number('status', /^[1-5]\d{2}$/),
    method: read('method', /^[A-Z]{3,10}$/),
    route: read('route', /^[/(][\w/.{}()-]{0,199}$/),
    door: read('door', /^(?:admin|api)$/),
    actorId: read('actor', uuid),
    requestId,
    errorCode: read('code', /^[a-z][a-z0-9_]{0,59}$/),
    leastMs: number('ms', /^\d{1,7}$/),
  };
  return { filter, before: cursorOf(query.before) };
}

/** As one word for an address. */
export const cursorText = (at: RequestCursor | null): string | null => (at ? `${at.at}~${at.id}` : null);

function cursorOf(text: string | undefined): RequestCursor | undefined {
  if (text === undefined) return undefined;
  const [, at, id] = cursor.exec(text) ?? [];
  if (!at || !id || !isStorableTime(Date.parse(`${at.replace(' ', 'T')}:00`)))
    throw new AppError('invalid_filter', { extra: { filter: 'before' } });
  return { at, id };
}

function outcomeOf(text: string | undefined): RequestFilter['outcome'] {
  switch (text) {
    case undefined:
    case 'ok':
    case 'refused':
    case 'failed':
    case 'error':
      return text;
    default:
      throw new AppError('invalid_filter', { extra: { filter: 'outcome' } });
  }
}

function windowOf(
  query: Readonly<Record<string, string>>,
  at: { now: Date; keptDays: number; requestId: string | undefined },
): { from: Date; to: Date } {
  const to = timeIn(query, 'to') ?? at.now;
  const from = timeIn(query, 'from') ?? (at.requestId ? startFor(at.requestId, at) : new Date(to.getTime() - day));
  if (from > to) throw new AppError('invalid_filter', { extra: { filter: 'from' } });
  return { from, to };
}

const timedUuid = /^[0-9a-f]{8}-[0-9a-f]{4}-7/i;

/** A UUIDv7 begins with its time; the answer came after it. */
function startFor(requestId: string, { now, keptDays }: { now: Date; keptDays: number }): Date {
  const kept = now.getTime() - (keptDays + 31) * day;
  if (!uuid.test(requestId) || !timedUuid.test(requestId)) return new Date(kept);
  const made = Number.parseInt(requestId.replaceAll('-', '').slice(0, 12), 16);
  return new Date(Math.min(now.getTime(), Math.max(kept, made - hour)));
}

const time = /^\d{4}-\d{2}-\d{2}(?:T\d{2}:\d{2}(?::\d{2}(?:\.\d{1,6})?)?(?:Z|[+-]\d{2}:\d{2})?)?$/;

/** A day or a moment, in UTC unless it says otherwise; a day as `to` includes that day. */
function timeIn(query: Readonly<Record<string, string>>, name: 'from' | 'to'): Date | undefined {
  const text = query[name];
  if (text === undefined) return undefined;
  matching(name, text, time);
  const isDay = text.length === 10;
  const whole = isDay
    ? `${text}T${name === 'to' ? '23:59:59.999' : '00:00:00'}Z`
    : /[Z+]|\d-\d{2}:\d{2}$/.test(text.slice(10))
      ? text
      : `${text}Z`;
  const at = Date.parse(whole);
  if (!isStorableTime(at)) throw new AppError('invalid_filter', { extra: { filter: name } });
  return new Date(at);
}

function matching(name: string, text: string, form: RegExp): string {
  if (!form.test(text)) throw new AppError('invalid_filter', { extra: { filter: name } });
  return text;
}
