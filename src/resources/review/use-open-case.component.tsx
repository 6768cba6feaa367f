import { useEffect, useRef, useState } from 'react';
import { getJson, Problem } from '../../admin/components/admin-api.component.tsx';
import { reviewPath } from './review-paths.component.tsx';
import type { CaseAnswer } from './review-types.ts';

export type OpenCase = { data: CaseAnswer | null; problem: Problem | null; isLoading: boolean; reload: () => void };

type State = { id: string | null; data: CaseAnswer | null; problem: Problem | null; isLoading: boolean };

/** The case of the address. A reload keeps what is shown until the new answer is there; another case starts empty. */
export function useOpenCase(id: string | null): OpenCase {
  const [state, setState] = useState<State>({ id, data: null, problem: null, isLoading: id !== null });
  const latest = useRef<AbortController | null>(null);
  const load = (caseId: string) => {
    latest.current?.abort();
    const abort = new AbortController();
    latest.current = abort;
    setState((before) => ({ ...(before.id === caseId ? before : { id: caseId, data: null, problem: null }), isLoading: true }));
    getJson<CaseAnswer>(`${reviewPath}?case=${encodeURIComponent(caseId)}`, abort.signal)
      .then((data) => setState({ id: caseId, data, problem: null, isLoading: false }))
      .catch((error: unknown) => {
        if (abort.signal.aborted) return;
        setState({ id: caseId, data: null, problem: error instanceof Problem ? error : new Problem(0, {}), isLoading: false });
      });
  };
  // biome-ignore lint/correctness/useExhaustiveDependencies: load uses nothing that changes.
  useEffect(() => {
    if (id === null) return undefined;
    load(id);
    return () => latest.current?.abort();
  }, [id]);
  const isOther = state.id !== id;
  return {
    data: isOther ? null : state.data,
    problem: isOther ? null : state.problem,
    isLoading: isOther || state.isLoading,
    reload: () => {
      if (id !== null) load(id);
    },
  };
}
