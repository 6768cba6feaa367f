import { useEffect, useState } from 'react';
import { onNoticesChanged } from './notices.component.tsx';
import { poll, useEvery } from './poll.component.tsx';
import type { Counts } from './sidebar.component.tsx';

const countsEveryMs = 30_000;

/** Waiting items by page, unread notices among them: every 30 seconds, when the window comes back, and after notices were read. */
export function useCounts(): Counts {
  const [counts, setCounts] = useState<Counts>({});
  const load = () => {
    void poll<Counts>('/waiting').then((found) => {
      if (found) setCounts(found);
    });
  };
  useEvery(countsEveryMs, load);
  // biome-ignore lint/correctness/useExhaustiveDependencies: load() uses nothing that changes.
  useEffect(() => onNoticesChanged(load), []);
  return counts;
}
