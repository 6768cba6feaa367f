import { type Shortcut, useShortcuts } from '../../admin/components/shortcuts.component.tsx';
import { t } from '../../admin/components/text.component.tsx';
import type { FormName } from './decision-draft.component.tsx';
import { formKeys, formRefusal, formsOf } from './decision-pane.component.tsx';
import type { CaseJson } from './review-types.ts';
import type { Checklist } from './use-checklist.component.tsx';
import type { TakeNext } from './use-take-next.component.tsx';

type Forms = { shown: CaseJson; list: Checklist; onForm: (name: FormName) => void };

/** Keys of the screen: they move, take and open forms. None of them sends anything. */
export function useReviewKeys({ take, form }: { take: TakeNext | null; form: Forms | null }): void {
  const shortcuts: Shortcut[] = [
    { key: 'j', label: t('Next case of the list'), run: () => moveInList(1) },
    { key: 'k', label: t('Case before it'), run: () => moveInList(-1) },
  ];
  if (take) shortcuts.push({ key: 't', label: t('Take next'), run: () => void take.run() });
  if (form) {
    for (const name of formsOf(form.shown)) shortcuts.push({ key: formKeys[name], label: labels[name], run: () => openForm(form, name) });
  }
  useShortcuts(shortcuts);
}

const labels: Readonly<Record<FormName, string>> = {
  approve: t('Open the form to approve'),
  requestChanges: t('Open the form to request changes'),
  reject: t('Open the form to reject'),
  escalate: t('Open the form to escalate'),
  secondApprove: t('Open the form to approve as second'),
  secondDisagree: t('Open the form to disagree'),
};

/** A refused one takes the focus instead, so that its sentence is read. */
function openForm({ shown, list, onForm }: Forms, name: FormName): void {
  if (formRefusal(shown, name, list) === null) onForm(name);
  else document.querySelector<HTMLElement>(`[data-form="${name}"]`)?.focus();
}

function moveInList(by: 1 | -1): void {
  const lines = [...document.querySelectorAll<HTMLElement>('[data-line]')].filter((line) => line.offsetParent !== null);
  const at = lines.findIndex((line) => line === document.activeElement || line.contains(document.activeElement));
  const open = lines.findIndex((line) => line.getAttribute('aria-current') === 'true');
  const from = at === -1 ? open : at;
  const goal = lines[from === -1 ? 0 : Math.min(lines.length - 1, Math.max(0, from + by))];
  goal?.focus();
  goal?.scrollIntoView({ block: 'nearest' });
}
