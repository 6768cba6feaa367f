/** What somebody typed into the search box, as far as its shape tells. */
export type TypedKind = 'email' | 'phone' | 'member_id' | 'uuid' | 'ticket' | 'words';

const uuid = /^[0-9a-f]{8}-[0-9a-f]{4}-[0-9a-f]{4}-[0-9a-f]{4}-[0-9a-f]{12}$/i;

/** Anything with an @ or mostly digits may be somebody's contact, complete or not: it is never written down. */
export function typedKind(text: string): TypedKind {
  if (uuid.test(text)) return 'uuid';
  if (/^FASTAR\d{1,10}$/i.test(text)) return 'member_id';
  if (/^T-\d{1,12}$/i.test(text)) return 'ticket';
  if (text.includes('@')) return 'email';
  return /^\+?[\d\s().-]{5,}$/.test(text) ? 'phone' : 'words';
}

/**
 * How a search stands in the history (F94): the kind of what was typed, and the value only where it is an id of ours. Contacts are
 * never kept, and neither are words, which are mostly names; what was found is in the row by its ids.
 */
export function auditedFilter(text: string): string {
  const kind = typedKind(text);
  return kind === 'uuid' || kind === 'member_id' || kind === 'ticket' ? `q.${kind}=${text.toUpperCase()}` : `q.${kind}`;
}
