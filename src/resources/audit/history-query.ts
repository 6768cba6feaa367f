import { parseCursor } from '../../admin/index.ts';
import type { HistoryCursor, HistoryFilter, HistoryKind, Moment, RecordRef } from '../../audit/index.ts';
import { AppError } from '../../foundation/errors/app-error.ts';
import { isStorableTime } from '../../foundation/runtime/storable-time.ts';

/** What the address of a history asks for. */
export type HistoryQuery =
  | { view: 'timeline'; of: RecordRef | { subjectId: string }; filter: HistoryFilter; before: HistoryCursor | undefined }
  | { view: 'records'; subjectId: string }
  | { view: 'field'; of: RecordRef; field: string; before: HistoryCursor | undefined }
  | { view: 'as-of'; of: RecordRef; moment: Moment }
  | { view: 'compare'; of: RecordRef; moments: readonly [Moment, Moment] }
  | { view: 'proof'; rowId: string; isFile: boolean };

type Query = Readonly<Record<string, string>>;

const uuid = /^[0-9a-f]{8}-[0-9a-f]{4}-[0-9a-f]{4}-[0-9a-f]{4}-[0-9a-f]{12}$/i;
const recordName = /^([a-z_]{1,40}\.[a-z_]{1,60}):([\w.:-]{1,100})$/i;
const column = /^[a-z][a-z0-9_]{0,62}$/;
const kinds: readonly HistoryKind[] = ['change', 'read', 'refused', 'all'];

/** Parameters of each view besides `view`. */
const known: Readonly<Record<HistoryQuery['view'], readonly string[]>> = {
  timeline: ['record', 'subject', 'field', 'actor', 'kind', 'from', 'to', 'before'],
  records: ['subject'],
  field: ['record', 'field', 'before'],
  'as-of': ['record', 'at', 'version'],
  compare: ['record', 'left', 'right'],
  proof: ['row', 'file'],
};

/**
 * Reads the query string strictly: what is not understood is refused, never ignored.
 * @throws AppError unknown_filter, invalid_filter
 */
export function parseHistoryQuery(query: Query): HistoryQuery {
  const { view = 'timeline' } = query;
  if (!isView(view)) return refuse('view');
  for (const name of Object.keys(query)) {
    if (name !== 'view' && !known[view].includes(name)) throw new AppError('unknown_filter', { extra: { filter: name } });
  }
  const before = parseCursor(query.before);
  switch (view) {
    case 'timeline':
      return { view, of: subjectOrRecord(query), filter: filterOf(query), before };
    case 'records':
      return { view, subjectId: required(query, 'subject', uuid) };
    case 'field':
      return { view, of: recordOf(query), field: required(query, 'field', column), before };
    case 'as-of':
      return {
        view,
        of: recordOf(query),
        moment: query.version ? momentOf(query, 'version') : { at: timeOf(query, 'at') ?? refuse('at') },
      };
    case 'compare':
      return { view, of: recordOf(query), moments: [momentOf(query, 'left'), momentOf(query, 'right')] };
    case 'proof':
      return { view, rowId: required(query, 'row', uuid), isFile: query.file === '1' };
    default:
      return view satisfies never;
  }
}

function isView(text: string): text is HistoryQuery['view'] {
  return Object.hasOwn(known, text);
}

function subjectOrRecord(query: Query): RecordRef | { subjectId: string } {
  return query.subject === undefined ? recordOf(query) : { subjectId: required(query, 'subject', uuid) };
}

function recordOf(query: Query): RecordRef {
  const [, table, recordId] = recordName.exec(query.record ?? '') ?? [];
  return table && recordId ? { table, recordId } : refuse('record');
}

function filterOf(query: Query): HistoryFilter {
  const kind = kinds.find((each) => each === query.kind);
  if (query.kind !== undefined && !kind) refuse('kind');
  return {
    field: query.field === undefined ? undefined : required(query, 'field', column),
    actorId: query.actor === undefined ? undefined : required(query, 'actor', uuid),
    kind,
    from: timeOf(query, 'from'),
    to: timeOf(query, 'to'),
  };
}

/** A version by its event, or `now`: the latest. */
function momentOf(query: Query, name: 'left' | 'right' | 'version'): Moment {
  const text = query[name] ?? refuse(name);
  if (text === 'now') return { at: 'infinity' };
  return { eventId: required(query, name, uuid) };
}

const moment = /^\d{4}-\d\d-\d\dT\d\d:\d\d(?::\d\d(?:\.\d{1,6})?)?(?:Z|[+-]\d\d:\d\d)$/;

/** A moment with its zone; undefined when it is not asked for. */
function timeOf(query: Query, name: 'at' | 'from' | 'to'): string | undefined {
  const text = query[name];
  if (text === undefined) return undefined;
  const at = moment.test(text) ? Date.parse(text) : Number.NaN;
  return isStorableTime(at) ? new Date(at).toISOString() : refuse(name);
}

function required(query: Query, name: string, form: RegExp): string {
  const text = query[name];
  return text !== undefined && form.test(text) ? text : refuse(name);
}

function refuse(filter: string): never {
  throw new AppError('invalid_filter', { extra: { filter } });
}
