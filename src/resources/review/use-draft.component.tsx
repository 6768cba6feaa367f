import { useCallback, useState } from 'react';
import { currentAdmin } from '../../admin/components/admin-types.component.tsx';
import { forgetInTab, keepInTab, keptInTab, ours } from '../../admin/components/tab-memory.component.tsx';

const prefix = `${ours}review:`;
const ofPerson = `${prefix}${currentAdmin.id}:`;

/**
 * Something typed about a case, kept through a reload: of this tab and person only, and forgotten with the decision, at sign-out and when
 * the tab is closed. `read` turns what was kept into a draft again, or gives null for what is not one.
 */
export function useDraft<T>(caseId: string, name: string, read: (kept: unknown) => T | null): [T | null, (draft: T | null) => void] {
  const key = `${ofPerson}${caseId}:${name}`;
  const [draft, setDraft] = useState(() => ({ key, value: keptInTab(key, read) }));
  // Another case has another draft; it is read while drawing, so that no draft is ever shown under the wrong case.
  const shown = draft.key === key ? draft : { key, value: keptInTab(key, read) };
  if (shown !== draft) setDraft(shown);
  const change = useCallback(
    (value: T | null) => {
      keepInTab(key, value);
      setDraft({ key, value });
    },
    [key],
  );
  return [shown.value, change];
}

/** Forgets everything typed about a case. */
export function forgetDrafts(caseId: string): void {
  forgetInTab((key) => key.startsWith(`${ofPerson}${caseId}:`));
}

/** Forgets what somebody else typed in this tab before. */
export function forgetOthersDrafts(): void {
  forgetInTab((key) => key.startsWith(prefix) && !key.startsWith(ofPerson));
}
