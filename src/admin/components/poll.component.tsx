import { useEffect, useRef } from 'react';
import { lastAnswerAt } from './admin-api.component.tsx';
import { currentAdmin } from './admin-types.component.tsx';
import { noteReadOnly } from './read-only.component.tsx';

/** A little less than the idle time of a session, so that no poll is the request that finds it over. */
const asksForMs = 29 * 60_000;

let refusedAt = 0;

/**
 * Asks the server something that nobody clicked for. Null when it may not ask now (hidden page, session over or about to be) or got no
 * good answer: a poll that fails is repeated by the next one and tells nobody.
 */
export async function poll<T>(path: string, body?: object, signal?: AbortSignal): Promise<T | null> {
  if (!mayPoll()) return null;
  try {
    const response = await fetch(`/admin/api${path}`, {
      credentials: 'same-origin',
      headers: { Accept: 'application/json', ...(body ? { 'Content-Type': 'application/json' } : {}) },
      ...(body ? { method: 'POST', body: JSON.stringify(body) } : {}),
      ...(signal ? { signal } : {}),
    });
    noteReadOnly(response);
    if (response.status === 401) refusedAt = Date.now();
    return response.ok ? ((await response.json()) as T) : null;
  } catch {
    return null;
  }
}

/** After a refusal nothing is asked before somebody's own click was answered again. */
function mayPoll(): boolean {
  const answeredAt = lastAnswerAt();
  return document.visibilityState === 'visible' && currentAdmin.id !== '' && refusedAt <= answeredAt && Date.now() - answeredAt < asksForMs;
}

/** Calls now, every so often, and when the window comes back to the front. The latest `work` is called, whichever it was at the start. */
export function useEvery(ms: number, work: () => void): void {
  const latest = useRef(work);
  latest.current = work;
  useEffect(() => {
    const run = () => latest.current();
    run();
    const timer = setInterval(run, ms);
    window.addEventListener('focus', run);
    document.addEventListener('visibilitychange', run);
    return () => {
      clearInterval(timer);
      window.removeEventListener('focus', run);
      document.removeEventListener('visibilitychange', run);
    };
  }, [ms]);
}
