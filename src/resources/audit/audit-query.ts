import { parseCursor } from '../../admin/index.ts';
import type { HistoryCursor, SearchFilter } from '../../audit/index.ts';
import { AppError } from '../../foundation/errors/app-error.ts';
import { isStorableTime } from '../../foundation/runtime/storable-time.ts';

const uuid = /^[0-9a-f]{8}-[0-9a-f]{4}-[0-9a-f]{4}-[0-9a-f]{4}-[0-9a-f]{12}$/i;
const word = /^[a-z][a-z0-9_.:-]{0,79}$/i;
const number = /^\d{1,19}$/;

/** What the address of the explorer asks for. `kind` says which of its two views. */
export type AuditQuery =
  | { kind: 'list'; filter: SearchFilter; before: HistoryCursor | undefined; after: HistoryCursor | undefined }
  | { kind: 'action'; actionId: string };

const known: ReadonlySet<string> = new Set([
  ...['action', 'from', 'to', 'actor', 'type', 'role', 'resource', 'verb', 'outcome', 'door', 'request', 'tx'],
  ...['about', 'q', 'field', 'country', 'score', 'ticket', 'before', 'after'],
]);

/**
 * Reads the query string strictly: a filter that is not understood is refused, never ignored, so that no screen shows more
 * than was asked for.
 * @throws AppError unknown_filter, invalid_filter
 */
export function parseAuditQuery(query: Readonly<Record<string, string>>): AuditQuery {
  for (const name of Object.keys(query)) if (!known.has(name)) throw new AppError('unknown_filter', { extra: { filter: name } });
  const before = parseCursor(query.before);
  const { action } = query;
  if (action !== undefined) return { kind: 'action', actionId: matching('action', action, uuid) };
  return { kind: 'list', filter: filterOf(query), before, after: before ? undefined : parseCursor(query.after) };
}

/** The filters of the list, without its paging; an export takes the same. */
export function filterOf(query: Readonly<Record<string, string>>): SearchFilter {
  const read = (name: string, form: RegExp) => (query[name] === undefined ? undefined : matching(name, query[name], form));
  const filter: SearchFilter = {
    from: timeIn(query, 'from'),
    to: timeIn(query, 'to'),
    actorId: read('actor', uuid),
    actorType: read('type', word),
    role: read('role', word),
    resource: read('resource', word),
    action: read('verb', word),
    outcome: read('outcome', /^(?:ok|denied|error|read)$/),
    door: read('door', /^(?:admin|api|worker|cli|direct)$/),
    field: read('field', /^[a-z][a-z0-9_]{0,59}(?:\.[a-z][a-z0-9_]{0,59}){0,2}$/),
    country: read('country', /^[A-Z]{2}$/),
    minScore: query.score === undefined ? undefined : Number(matching('score', query.score, /^(?:[1-9]?\d|100)$/)),
    ticket: read('ticket', /^(?:T-\d{1,12}|[0-9a-f]{8}(?:-[0-9a-f]{4}){3}-[0-9a-f]{12})$/i),
    text: query.q === undefined ? undefined : matching('q', query.q.trim(), /^.{0,200}$/su) || undefined,
    requestId: read('request', uuid),
    txid: read('tx', number),
    recordId: read('about', /^[\w:-]{1,80}$/),
  };
  // One request or transaction is found by its index, however long ago it was.
  return filter.from === undefined && (filter.requestId || filter.txid) ? { ...filter, from: '2000-01-01T00:00:00Z' } : filter;
}

const time = /^\d{4}-\d{2}-\d{2}(?:T\d{2}:\d{2}(?::\d{2}(?:\.\d{1,6})?)?(?:Z|[+-]\d{2}:\d{2})?)?$/;

/** A day or a moment; a day as `to` includes that day. */
function timeIn(query: Readonly<Record<string, string>>, name: 'from' | 'to'): string | undefined {
  const text = query[name];
  if (text === undefined) return undefined;
  const whole = /^\d{4}-\d{2}-\d{2}$/.test(text) && name === 'to' ? `${text}T23:59:59.999Z` : text;
  const at = time.test(text) ? Date.parse(/[Z+]|\d-\d{2}:\d{2}$/.test(whole) || !whole.includes('T') ? whole : `${whole}Z`) : Number.NaN;
  if (!isStorableTime(at)) throw new AppError('invalid_filter', { extra: { filter: name } });
  return new Date(at).toISOString();
}

function matching(name: string, text: string, form: RegExp): string {
  if (!form.test(text)) throw new AppError('invalid_filter', { extra: { filter: name } });
  return text;
}
