import { useEffect, useState } from 'react';
import { getJson, Problem } from './admin-api.component.tsx';

type Page<Item> = { items: readonly Item[]; next: string | null };

/** A list that grows by pages: the first when the path changes, the next on `more`. `read` finds the items in an answer. */
export function usePages<Answer, Item>(path: string, read: (answer: Answer) => Page<Item>) {
  const [page, setPage] = useState<Page<Item>>({ items: [], next: null });
  const [last, setLast] = useState<Answer | null>(null);
  const [problem, setProblem] = useState<Problem | null>(null);
  const [isLoading, setIsLoading] = useState(true);
  const load = async (before: string | null, signal?: AbortSignal) => {
    setIsLoading(true);
    setProblem(null);
    try {
      const answer = await getJson<Answer>(before ? `${path}&before=${encodeURIComponent(before)}` : path, signal);
      const { items, next } = read(answer);
      setLast(answer);
      setPage((shown) => ({ items: before ? [...shown.items, ...items] : items, next }));
    } catch (error) {
      if (!signal?.aborted) setProblem(error instanceof Problem ? error : new Problem(0, {}));
    } finally {
      if (!signal?.aborted) setIsLoading(false);
    }
  };
  // biome-ignore lint/correctness/useExhaustiveDependencies: another path is another list; load itself never changes.
  useEffect(() => {
    const abort = new AbortController();
    void load(null, abort.signal);
    return () => abort.abort();
  }, [path]);
  return { ...page, last, problem, isLoading, reload: () => void load(null), more: () => void load(page.next) };
}
