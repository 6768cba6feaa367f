import { useEffect, useRef, useState } from 'react';
import { getJson, Problem } from '../../admin/components/admin-api.component.tsx';
import { pageState } from '../../admin/components/admin-types.component.tsx';
import { poll, useEvery } from '../../admin/components/poll.component.tsx';
import { reviewPath } from './review-paths.component.tsx';
import type { Counts, CountsJson, ListJson, Tab } from './review-types.ts';

export type Queue = {
  list: ListJson | null;
  counts: Counts | null;
  canTake: boolean;
  problem: Problem | null;
  isLoading: boolean;
  reload: () => void;
  more: () => void;
};

const countsEveryMs = 15_000;

/** As the page itself says, before the first list is there. */
function mayTake(): boolean {
  return pageState.resources.ReviewCase?.actions.some(({ name, refusal }) => name === 'takeNext' && refusal === null) ?? false;
}

/** A queue with its counts. The counts are asked for every 15 seconds; where the one of this queue moved, the list is loaded anew. */
export function useQueue(tab: Tab): Queue {
  const [list, setList] = useState<ListJson | null>(null);
  const [counts, setCounts] = useState<Counts | null>(null);
  const [problem, setProblem] = useState<Problem | null>(null);
  const [isLoading, setIsLoading] = useState(true);
  const latest = useRef<AbortController | null>(null);
  const load = async (cursor: string | null) => {
    latest.current?.abort();
    const abort = new AbortController();
    latest.current = abort;
    setIsLoading(true);
    try {
      const more = cursor ? `&cursor=${encodeURIComponent(cursor)}` : '';
      const answer = await getJson<ListJson>(`${reviewPath}?tab=${tab}${more}`, abort.signal);
      setList((before) => (cursor && before ? { ...answer, lines: [...before.lines, ...answer.lines] } : answer));
      setCounts(answer.counts);
      setProblem(null);
    } catch (error) {
      if (!abort.signal.aborted) setProblem(error instanceof Problem ? error : new Problem(0, {}));
    } finally {
      if (!abort.signal.aborted) setIsLoading(false);
    }
  };
  // biome-ignore lint/correctness/useExhaustiveDependencies: another queue is another list; load itself never changes otherwise.
  useEffect(() => {
    setList((before) => (before?.tab === tab ? before : null));
    void load(null);
    return () => latest.current?.abort();
  }, [tab]);
  useEvery(countsEveryMs, () => {
    if (list === null) return;
    void poll<CountsJson>(`${reviewPath}?counts=true`).then((found) => {
      if (!found) return;
      setCounts(found.counts);
      if (found.counts[tab] !== list.counts[tab]) void load(null);
    });
  });
  const shown = list?.tab === tab ? list : null;
  return {
    list: shown,
    counts,
    canTake: list?.canTake ?? mayTake(),
    problem,
    isLoading,
    reload: () => void load(null),
    more: () => void load(shown?.next ?? null),
  };
}
