import { useCallback, useEffect, useState } from 'react';
import { getJson, newKey, Problem, postJson } from './admin-api.component.tsx';
import { pageState } from './admin-types.component.tsx';

export type ViewQuery = {
  filters: Readonly<Record<string, string>>;
  sortBy?: string;
  direction?: 'asc' | 'desc';
  columns: readonly string[];
  density?: 'comfortable' | 'compact';
};

export type SavedView = {
  id: string;
  name: string;
  isOwn: boolean;
  sharedRole: string | null;
  query: ViewQuery;
  dropped: readonly string[];
  countText: string | null;
};

export type Views = {
  views: readonly SavedView[];
  /** Roles to share with; empty for people who may not share. */
  roles: readonly string[];
  arrangement: { columns: readonly string[]; defaultViewId: string | null };
};

const none: Views = { views: [], roles: [], arrangement: { columns: [], defaultViewId: null } };
/** What was read last, so that coming back to a list does not wait for it. */
const known = new Map<string, Views>();

export type UseViews = Views & { isLoaded: boolean; reload: () => void; keepColumns: (columns: readonly string[]) => void };

/** The views of a list, and how the person arranged it. Without them, when they cannot be read, the list is as it is. */
export function useViews(resourceId: string): UseViews {
  const [views, setViews] = useState<Views | null>(known.get(resourceId) ?? null);
  const [round, setRound] = useState(0);
  const isOffered = Object.hasOwn(pageState.pages, 'saved-views');
  // biome-ignore lint/correctness/useExhaustiveDependencies: `round` is what reload() changes.
  useEffect(() => {
    if (!isOffered) return undefined;
    const abort = new AbortController();
    getJson<Views>(`/pages/saved-views?resource=${encodeURIComponent(resourceId)}`, abort.signal)
      .then((read) => {
        known.set(resourceId, read);
        setViews(read);
      })
      .catch(() => {
        if (!abort.signal.aborted) setViews((before) => before ?? none);
      });
    return () => abort.abort();
  }, [resourceId, round, isOffered]);
  const reload = useCallback(() => setRound((before) => before + 1), []);
  const keepColumns = (columns: readonly string[]) => {
    const next = { ...(views ?? none), arrangement: { ...(views ?? none).arrangement, columns } };
    known.set(resourceId, next);
    setViews(next);
    void askForViews('arrangeList', { resource: resourceId, columns }).catch(() => undefined);
  };
  return { ...(views ?? none), isLoaded: views !== null || !isOffered, reload, keepColumns };
}

/** One of the commands about views. Throws the Problem with its words. */
export async function askForViews(action: string, input: object): Promise<{ message?: string; shown?: Readonly<Record<string, unknown>> }> {
  try {
    return await postJson('/pages/saved-views', { action, input, idempotencyKey: newKey() });
  } catch (error) {
    throw error instanceof Problem ? error : new Problem(0, {});
  }
}

/** The address of a view: its filters and order stand in it, so that a link works without the view. */
export function paramsOfView(view: Pick<SavedView, 'id' | 'query'>): URLSearchParams {
  const { filters, sortBy, direction } = view.query;
  const params = new URLSearchParams({ view: view.id });
  for (const [key, value] of Object.entries(filters)) params.set(`filters.${key}`, value);
  if (sortBy) params.set('sortBy', sortBy);
  if (direction) params.set('direction', direction);
  return params;
}

/** What the list shows now, as a view keeps it. What was typed to search is not kept. */
export function viewQueryOf(params: URLSearchParams, columns: readonly string[]): ViewQuery {
  const filters = [...params]
    .filter(([key]) => key.startsWith('filters.'))
    .map(([key, value]) => [key.slice('filters.'.length), value] as const);
  const sortBy = params.get('sortBy');
  const direction = params.get('direction');
  const { density } = document.documentElement.dataset;
  return {
    filters: Object.fromEntries(filters),
    ...(sortBy ? { sortBy } : {}),
    ...(direction === 'asc' || direction === 'desc' ? { direction } : {}),
    columns,
    ...(density === 'compact' || density === 'comfortable' ? { density } : {}),
  };
}
