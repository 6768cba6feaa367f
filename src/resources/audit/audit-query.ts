import { parseCursor } from '../../admin/index.ts';
import type { ActionFilter, HistoryCursor } from '../../audit/index.ts';
import { AppError } from '../../foundation/errors/app-error.ts';

const uuid = /^[0-9a-f]{8}-[0-9a-f]{4}-[0-9a-f]{4}-[0-9a-f]{4}-[0-9a-f]{12}$/i;
const word = /^[a-z][a-z0-9_.:-]{0,79}$/i;
const number = /^\d{1,19}$/;
const recordName = /^([a-z_]{1,40}\.[a-z_]{1,60}):([\w-]{1,64})$/i;

/** What the address of the explorer asks for. `kind` says which of its three views. */
export type AuditQuery =
  | { kind: 'list'; filter: ActionFilter; before: HistoryCursor | undefined }
  | { kind: 'action'; actionId: string }
  | { kind: 'timeline'; of: { table: string; recordId: string } | { subjectId: string }; before: HistoryCursor | undefined };

const known: ReadonlySet<string> = new Set([
  ...['action', 'record', 'subject', 'from', 'to', 'actor', 'type', 'role', 'resource', 'verb', 'outcome', 'door', 'request', 'tx'],
  ...['about', 'before'],
]);

/**
 * Reads the query string strictly: a filter that is not understood is refused, never ignored, so that no screen shows more
 * than was asked for.
 * @throws AppError unknown_filter, invalid_filter
 */
export function parseAuditQuery(query: Readonly<Record<string, string>>): AuditQuery {
  for (const name of Object.keys(query)) if (!known.has(name)) throw new AppError('unknown_filter', { extra: { filter: name } });
  const before = parseCursor(query.before);
  const { action, record, subject } = query;
  if (action !== undefined) return { kind: 'action', actionId: matching('action', action, uuid) };
  if (subject !== undefined) return { kind: 'timeline', of: { subjectId: matching('subject', subject, uuid) }, before };
  if (record !== undefined) return { kind: 'timeline', of: recordOf(record), before };
  return { kind: 'list', filter: filterOf(query), before };
}

function recordOf(text: string): { table: string; recordId: string } {
  const [, table, recordId] = recordName.exec(text) ?? [];
  if (!table || !recordId) throw new AppError('invalid_filter', { extra: { filter: 'record' } });
  return { table, recordId };
}

function filterOf(query: Readonly<Record<string, string>>): ActionFilter {
  const read = (name: string, form: RegExp) => (query[name] === undefined ? undefined : matching(name, query[name], form));
  const filter: ActionFilter = {
    from: timeIn(query, 'from'),
    to: timeIn(query, 'to'),
    actorId: read('actor', uuid),
    actorType: read('type', word),
    role: read('role', word),
    resource: read('resource', word),
    action: read('verb', word),
    outcome: read('outcome', /^(?:ok|denied|error|read)$/),
    door: read('door', /^(?:admin|api|worker|cli)$/),
    requestId: read('request', uuid),
    txid: read('tx', number),
    recordId: read('about', /^[\w-]{1,64}$/),
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
  if (Number.isNaN(at)) throw new AppError('invalid_filter', { extra: { filter: name } });
  return new Date(at).toISOString();
}

function matching(name: string, text: string, form: RegExp): string {
  if (!form.test(text)) throw new AppError('invalid_filter', { extra: { filter: name } });
  return text;
}
