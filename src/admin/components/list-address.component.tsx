import type { ListAnswer } from './admin-types.component.tsx';

/** The same address with one name set, or taken away by an empty value. */
export function withParam(params: URLSearchParams, name: string, value: string): URLSearchParams {
  const next = new URLSearchParams(params);
  if (value) next.set(name, value);
  else next.delete(name);
  return next;
}

/** Ordered by a column; the one that orders already turns round. */
export function sorted(params: URLSearchParams, meta: ListAnswer['meta'] | undefined, field: string): URLSearchParams {
  const isAscending = meta?.sortBy === field && meta.direction === 'asc';
  return withParam(withParam(params, 'sortBy', field), 'direction', isAscending ? 'desc' : 'asc');
}

/** What the server is asked: the address without what only the screen knows, such as which view it came from. */
export function queryOf(params: URLSearchParams): string {
  const asked = new URLSearchParams(params);
  asked.delete('view');
  const text = asked.toString();
  return text ? `?${text}` : '';
}

/** Where a person left a list, so that it is found again as it was: kept while the page lives. */
type ListPlace = { search: string; windowTop: number; tableTop: number; query: string; answer: ListAnswer | null };

const places = new Map<string, ListPlace>();

export function placeOf(resourceId: string): ListPlace | undefined {
  return places.get(resourceId);
}

export function keepPlace(resourceId: string, part: Partial<ListPlace>): void {
  const before = places.get(resourceId) ?? { search: '', windowTop: 0, tableTop: 0, query: '', answer: null };
  places.set(resourceId, { ...before, ...part });
}

/** Back to the list with the filters, order and page it was left with. */
export function listHref(resourceId: string): string {
  return `/admin/resources/${resourceId}${places.get(resourceId)?.search ?? ''}`;
}
