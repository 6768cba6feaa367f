import type React from 'react';
import { useEffect, useState } from 'react';
import { getJson, Problem } from './admin-api.component.tsx';
import { EmptyState, ErrorState } from './empty-state.component.tsx';
import { Timeline, type TimelineEntry } from './timeline.component.tsx';
import { useIsSlow } from './use-remote.component.tsx';

type Page = { entries: readonly TimelineEntry[]; next: string | null };

/** The timeline of one record (`record=identity.user:ID`) or of everything about a person (`subject=ID`), fifty lines at a time. */
export function RecordHistory({ of }: { of: string }): React.ReactElement {
  const [entries, setEntries] = useState<readonly TimelineEntry[]>([]);
  const [next, setNext] = useState<string | null>(null);
  const [problem, setProblem] = useState<Problem | null>(null);
  const [isLoading, setIsLoading] = useState(true);
  const isSlow = useIsSlow(isLoading);
  const load = async (before: string | null, signal?: AbortSignal) => {
    setIsLoading(true);
    setProblem(null);
    try {
      const page = await getJson<Page>(`/pages/audit?${of}${before ? `&before=${encodeURIComponent(before)}` : ''}`, signal);
      setEntries((shown) => (before ? [...shown, ...page.entries] : page.entries));
      setNext(page.next);
    } catch (error) {
      if (!signal?.aborted) setProblem(error instanceof Problem ? error : new Problem(0, {}));
    } finally {
      if (!signal?.aborted) setIsLoading(false);
    }
  };
  // biome-ignore lint/correctness/useExhaustiveDependencies: another record is another history; load itself never changes.
  useEffect(() => {
    const abort = new AbortController();
    void load(null, abort.signal);
    return () => abort.abort();
  }, [of]);
  if (problem) return <ErrorState problem={problem} retry={() => void load(null)} />;
  return (
    <div aria-busy={isLoading}>
      {entries.length === 0 && !isLoading ? (
        <EmptyState icon="history" title="Nothing has happened yet">
          Every change from now on is kept here.
        </EmptyState>
      ) : null}
      <Timeline entries={entries} />
      {isSlow ? <p role="status">Loading</p> : null}
      {next ? (
        <button type="button" className="fs-button" aria-disabled={isLoading} onClick={() => (isLoading ? undefined : void load(next))}>
          Older
        </button>
      ) : null}
    </div>
  );
}
