import { noteOf, reasonOf, ticketOf } from '../history/stored-bodies.ts';
import { canonicalWords, readableStrings } from './searchable-text.ts';

/** A row of audit.event with what its click is known by; the names are those of the query in index-range.ts. */
export type IndexedEvent = {
  id: string;
  at: string;
  actorId: string | null;
  subjectId: string | null;
  actorType: string;
  op: keyof typeof opWords;
  table: string;
  recordId: string;
  changed: readonly string[];
  click: IndexedAction | null;
};

/** A row of audit.action. Times are text with all their digits. */
export type IndexedAction = {
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
  ticketId: string | null;
  requestId: string | null;
};

/** What audit.put_search takes. */
export type SearchEntry = {
  occurredAt: string;
  clickAt: string;
  rowId: string;
  clickId: string;
  isFromValue: boolean;
  actorId: string | null;
  subjectId: string | null;
  kind: 1 | 2;
  tbl: string | null;
  action: string | null;
  tags: readonly string[];
  text: string;
};

/** Which fields of which tables hold words that may be looked for; see searchable-columns.ts. */
export type IsSearchable = (table: string, field: string) => boolean;

const maxTextLength = 2_000;
/** Rows of a bulk action are found by their own record; the others' ids would make each of them a row about all. */
const fewRecords = 3;

const opWords = { 1: 'added', 2: 'changed', 3: 'deleted', 4: 'emptied', 5: 'first recorded' } as const;

/** The search row of a changed row: its table, the fields changed, and the words in them. `body` null: erased or withheld. */
export function entryOfEvent(
  event: IndexedEvent,
  facts: { body: unknown; clickBody: unknown; country: string | null; isSearchable: IsSearchable },
): SearchEntry {
  const { click } = event;
  const table = event.table.replace(/^.*\./, '');
  const words = [opWords[event.op], table, ...event.changed, ...wordsOfChange(event.table, facts.body, facts.isSearchable)];
  const about = [event.recordId, event.subjectId, ...(click && click.recordIds.length <= fewRecords ? click.recordIds : [])];
  return {
    occurredAt: event.at,
    clickAt: click?.at ?? event.at,
    rowId: event.id,
    clickId: click?.id ?? event.id,
    isFromValue: facts.body !== null,
    actorId: event.actorId,
    subjectId: event.subjectId,
    kind: 1,
    tbl: event.table,
    action: click?.action ?? null,
    tags: distinct([
      ...(click ? tagsOfAction(click, facts) : [`door:direct`, `type:${event.actorType}`]),
      ...about.map((id) => (id ? `about:${id}` : null)),
      `tbl:${event.table}`,
      ...event.changed.flatMap((field) => [`field:${field}`, `field:${event.table}.${field}`]),
    ]),
    text: textOf(words),
  };
}

/** The search row of a click itself: what was done, to what, with what outcome, and why. */
export function entryOfAction(action: IndexedAction, facts: { body: unknown; country: string | null }): SearchEntry {
  const body = facts.body;
  const words = [action.action, action.resource, action.outcome, action.errorCode, reasonOf(body), noteOf(body), ticketOf(body)];
  return {
    occurredAt: action.at,
    clickAt: action.at,
    rowId: action.id,
    clickId: action.id,
    isFromValue: body !== null,
    actorId: action.actorId,
    subjectId: null,
    kind: 2,
    tbl: null,
    action: action.action,
    tags: distinct([
      ...tagsOfAction(action, { clickBody: body, country: facts.country }),
      ...action.recordIds.map((id) => `about:${id}`),
      action.requestId ? `req:${action.requestId}` : null,
    ]),
    text: textOf(words),
  };
}

function tagsOfAction(action: IndexedAction, facts: { clickBody: unknown; country: string | null }): (string | null)[] {
  // By its id and by its number: people quote the one, screens link by the other.
  const tickets = [action.ticketId, ticketOf(facts.clickBody)].filter((ticket) => ticket !== null);
  return [
    `out:${action.outcome}`,
    `door:${action.door}`,
    `type:${action.actorType}`,
    `res:${action.resource}`,
    `act:${action.action}`,
    ...action.roles.map((role) => `role:${role}`),
    ...tickets.map((ticket) => `ticket:${ticket}`),
    facts.country ? `country:${facts.country}` : null,
  ];
}

function wordsOfChange(table: string, body: unknown, isSearchable: IsSearchable): string[] {
  if (typeof body !== 'object' || body === null) return [];
  return Object.entries(body).flatMap(([field, pair]) => (isSearchable(table, field) ? readableStrings(pair) : []));
}

/** Old and new value are often alike: each word is kept once, in the order of its first use. */
function textOf(words: readonly (string | null)[]): string {
  const parts = words.filter((word): word is string => word !== null && word !== '').map(canonicalWords);
  return [...new Set(parts)].join(' ').slice(0, maxTextLength).toWellFormed();
}

function distinct(tags: readonly (string | null)[]): string[] {
  return [...new Set(tags.filter((tag) => tag !== null))];
}
