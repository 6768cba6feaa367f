/** Filters of the audit explorer (audit.md section 11). Times are ISO 8601, both inclusive; the default window is the last 30 days. */
export type SearchFilter = {
  from?: string | undefined;
  to?: string | undefined;
  /** What was typed; under 3 characters it is left out. Words are all to be found in one row, "quoted ones" as they stand. */
  text?: string | undefined;
  actorId?: string | undefined;
  actorType?: string | undefined;
  resource?: string | undefined;
  action?: string | undefined;
  outcome?: string | undefined;
  /** A grade the actor held, for example `support_lead`. */
  role?: string | undefined;
  /** A record that was touched, or the person it was about. */
  recordId?: string | undefined;
  /** A column, with or without its table: `store_name`, `identity.vendor.store_name`. */
  field?: string | undefined;
  /** ISO 3166-1 code of where it came from. */
  country?: string | undefined;
  /** Anomaly score at least. */
  minScore?: number | undefined;
  /** Id or number of the ticket that was quoted. */
  ticket?: string | undefined;
  /** `direct`: changes that no action of the application owns, made with SQL. */
  door?: string | undefined;
  requestId?: string | undefined;
  actionId?: string | undefined;
  txid?: string | undefined;
};

/**
 * What the reader may see; it goes into the SQL. Absent: everything. `actorIds`: these people's actions. `timelineOf`: besides,
 * changes of rows about this person, whose timeline the reader may open.
 */
export type SearchReach = { actorIds: readonly string[]; timelineOf?: string | undefined };

const minTextLength = 3;

/** The parts of a text that are long enough to look for; none where the filters alone decide. */
export function termsOf(text: string | undefined): string[] {
  const parts = [...(text ?? '').matchAll(/"([^"]+)"|\S+/g)].map(([whole, phrase]) => (phrase ?? whole).trim());
  // As the index writes them: names in parts, the parts apart, in lower case.
  const terms = parts.map((part) => part.replaceAll(/(?<=[\p{L}\d])[_-](?=[\p{L}\d])/gu, ' ').toLowerCase());
  return [...new Set(terms.filter((term) => [...term].length >= minTextLength))];
}

const uuid = /^[0-9a-f]{8}(?:-[0-9a-f]{4}){3}-[0-9a-f]{12}$/i;

/** Somebody pastes an id into the box: it is a record, a person, a click or a request, and none of them is a word. */
export function idIn(text: string | undefined): string | null {
  const trimmed = text?.trim() ?? '';
  return uuid.test(trimmed) ? trimmed.toLowerCase() : null;
}

/** What only the search index can answer: the hot tables have no index for it, and none may be added there. */
export function needsIndex(filter: SearchFilter, reach: SearchReach | undefined): boolean {
  const { recordId, field, country, ticket, door, text } = filter;
  const hasText = termsOf(text).length > 0 || idIn(text) !== null;
  return (
    hasText ||
    [recordId, field, country, ticket].some((value) => value !== undefined) ||
    door === 'direct' ||
    reach?.timelineOf !== undefined
  );
}
