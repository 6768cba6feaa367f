import { useCallback, useEffect, useState } from 'react';
import { getJson, Problem } from './admin-api.component.tsx';

export type Remote<T> = { data: T | null; problem: Problem | null; isLoading: boolean; reload: () => void };

/** Loads a path and follows its changes; what was shown stays until the new answer is there, so nothing jumps. */
export function useRemote<T>(path: string): Remote<T> {
  const [state, setState] = useState<{ data: T | null; problem: Problem | null; isLoading: boolean }>({
    data: null,
    problem: null,
    isLoading: true,
  });
  const [round, setRound] = useState(0);
  // biome-ignore lint/correctness/useExhaustiveDependencies: `round` is what reload() changes.
  useEffect(() => {
    const abort = new AbortController();
    setState((before) => ({ ...before, isLoading: true }));
    getJson<T>(path, abort.signal)
      .then((data) => setState({ data, problem: null, isLoading: false }))
      .catch((error: unknown) => {
        if (abort.signal.aborted) return;
        setState({ data: null, problem: error instanceof Problem ? error : new Problem(0, {}), isLoading: false });
      });
    return () => abort.abort();
  }, [path, round]);
  const reload = useCallback(() => setRound((before) => before + 1), []);
  return { ...state, reload };
}

/** True when something has been pending for 150 ms: shorter waits show nothing. */
export function useIsSlow(isPending: boolean): boolean {
  const [isSlow, setIsSlow] = useState(false);
  useEffect(() => {
    if (!isPending) {
      setIsSlow(false);
      return undefined;
    }
    const timer = setTimeout(() => setIsSlow(true), 150);
    return () => clearTimeout(timer);
  }, [isPending]);
  return isSlow;
}
