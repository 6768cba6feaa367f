import type React from 'react';
import { useEffect, useLayoutEffect, useRef } from 'react';
import type { ListAnswer } from './admin-types.component.tsx';
import { keepPlace, placeOf } from './list-address.component.tsx';
import { type Remote, useRemote } from './use-remote.component.tsx';

/**
 * The answer of a list. On the way back to it, what was shown is there at once, and the screen stands where it was left, while the
 * server is asked anew.
 */
export function useList(resourceId: string, query: string): Remote<ListAnswer> {
  const remote = useRemote<ListAnswer>(`/resources/${resourceId}/actions/list${query}`);
  const { data } = remote;
  const kept = useRef(placeOf(resourceId));
  useEffect(() => {
    if (data) keepPlace(resourceId, { query, answer: data });
  }, [resourceId, query, data]);
  const shown = data ?? (kept.current?.query === query ? kept.current.answer : null);
  return { ...remote, data: shown };
}

/** Remembers where the window and the table are scrolled to, and goes there again once there are rows. */
export function useScrollPlace(resourceId: string, search: string, hasRows: boolean): React.RefObject<HTMLElement> {
  const table = useRef<HTMLElement>(null);
  const restored = useRef(false);
  useLayoutEffect(() => {
    if (!hasRows || restored.current) return;
    restored.current = true;
    const place = placeOf(resourceId);
    if (place?.search !== search) return;
    // After the shell has put a new screen to its top.
    const timer = setTimeout(() => {
      window.scrollTo(0, place.windowTop);
      if (table.current) table.current.scrollTop = place.tableTop;
    });
    return () => clearTimeout(timer);
  }, [resourceId, search, hasRows]);
  useEffect(() => {
    const element = table.current;
    if (!hasRows || !element) return undefined;
    const keep = () => keepPlace(resourceId, { search, windowTop: window.scrollY, tableTop: element.scrollTop });
    element.addEventListener('scroll', keep, { passive: true });
    window.addEventListener('scroll', keep, { passive: true });
    return () => {
      element.removeEventListener('scroll', keep);
      window.removeEventListener('scroll', keep);
    };
  }, [resourceId, search, hasRows]);
  useEffect(() => {
    if (placeOf(resourceId)?.search !== search) keepPlace(resourceId, { search, windowTop: 0, tableTop: 0 });
  }, [resourceId, search]);
  return table;
}
