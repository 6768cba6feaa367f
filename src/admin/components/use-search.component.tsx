import { useCallback, useEffect, useState } from 'react';
import { getJson, Problem } from './admin-api.component.tsx';

export type FoundItem = { id: string; title: string; detail: string | null };
export type FoundGroup = { resource: string; title: string; icon: string; items: readonly FoundItem[]; hasMore: boolean };
type SearchAnswer = { groups: readonly FoundGroup[]; failed: readonly string[] };

export type Search = SearchAnswer & {
  /** The text that the groups answer; behind what is typed while an answer is on its way. */
  answered: string;
  isLoading: boolean;
  problem: Problem | null;
  retry: () => void;
};

export const shortestSearch = 2;
const waitMs = 150;

const empty = { groups: [], failed: [], answered: '', isLoading: false, problem: null } as const;

/** Asks a moment after the last key; an answer that is no longer wanted is given up, so that no older one can replace a newer. */
export function useSearch(typed: string): Search {
  const text = typed.trim();
  const [state, setState] = useState<Omit<Search, 'retry'>>(empty);
  const [round, setRound] = useState(0);
  // biome-ignore lint/correctness/useExhaustiveDependencies: `round` is what retry() changes.
  useEffect(() => {
    if (text.length < shortestSearch) {
      setState(empty);
      return undefined;
    }
    const abort = new AbortController();
    setState((before) => ({ ...before, isLoading: true, problem: null }));
    const timer = setTimeout(() => {
      getJson<SearchAnswer>(`/search?q=${encodeURIComponent(text)}`, abort.signal)
        .then((answer) => {
          if (!abort.signal.aborted) setState({ ...answer, answered: text, isLoading: false, problem: null });
        })
        .catch((error: unknown) => {
          if (abort.signal.aborted) return;
          setState({ ...empty, answered: text, problem: error instanceof Problem ? error : new Problem(0, {}) });
        });
    }, waitMs);
    return () => {
      clearTimeout(timer);
      abort.abort();
    };
  }, [text, round]);
  const retry = useCallback(() => setRound((before) => before + 1), []);
  return { ...state, retry };
}
