import type React from 'react';
import { useEffect, useRef, useState } from 'react';
import { pageState } from './admin-types.component.tsx';
import { Dialog } from './dialog.component.tsx';
import { t } from './text.component.tsx';

/** A single key that does something on the screen that is open. `key` as the browser names it: `/`, `t`, `?`. */
export type Shortcut = { key: string; label: string; run: () => void };

const held = new Set<{ current: readonly Shortcut[] }>();

/**
 * Gives keys a meaning while the caller is shown. They never fire in fields, in dialogs or with Ctrl, Alt or Meta, and not at all for
 * people who switched them off; every one of them is listed behind `?`. The screen opened last wins a key that two of them want.
 */
export function useShortcuts(shortcuts: readonly Shortcut[]): void {
  const latest = useRef(shortcuts);
  latest.current = shortcuts;
  useEffect(() => {
    held.add(latest);
    return () => void held.delete(latest);
  }, []);
}

function current(): readonly Shortcut[] {
  return [...held].reverse().flatMap(({ current: each }) => each);
}

/** Whether a key was meant for what has the focus: a field that takes letters, or a dialog that lies on top. A choice takes none. */
export function isMeantForField(target: EventTarget | null): boolean {
  if (document.querySelector('dialog[open]')) return true;
  if (!(target instanceof HTMLElement)) return false;
  return (
    target.isContentEditable ||
    target.matches('input:not([type="radio"], [type="checkbox"]), textarea, select, [role="combobox"], [role="listbox"], [role="textbox"]')
  );
}

/** Listens for all of them; once per page, in the shell. */
export function useShortcutKeys(): void {
  useEffect(() => {
    const onKeyDown = (event: KeyboardEvent) => {
      if (!pageState.preferences.singleKeys || event.defaultPrevented || event.isComposing) return;
      if (event.ctrlKey || event.metaKey || event.altKey || isMeantForField(event.target)) return;
      const shortcut = current().find(({ key }) => key === event.key);
      if (!shortcut) return;
      event.preventDefault();
      shortcut.run();
    };
    document.addEventListener('keydown', onKeyDown);
    return () => document.removeEventListener('keydown', onKeyDown);
  }, []);
}

/** What the keys of this screen do, and how to switch them off. */
export function ShortcutHelp({ onClose }: { onClose: () => void }): React.ReactElement {
  const [shortcuts] = useState(() => current().filter((each, at, all) => all.findIndex(({ key }) => key === each.key) === at));
  return (
    <Dialog title={t('Keyboard')} onClose={onClose}>
      <div className="fs-dialog-body">
        <dl className="fs-shortcuts">
          <Keys keys="Ctrl K" label={t('Search and commands, from anywhere')} />
          {shortcuts.map(({ key, label }) => (
            <Keys key={key} keys={key} label={label} />
          ))}
          <Keys keys="Ctrl Enter" label={t('Send the form that is open')} />
          <Keys keys="Esc" label={t('Close what lies on top')} />
        </dl>
        <p className="fs-muted fs-small">
          {pageState.preferences.singleKeys ? t('Single keys do nothing while you type.') : t('Single keys are switched off.')}{' '}
          <a href="/admin/account">{t('Change it in your account')}</a>
        </p>
      </div>
    </Dialog>
  );
}

function Keys({ keys, label }: { keys: string; label: string }): React.ReactElement {
  return (
    <div>
      <dt>
        {keys.split(' ').map((key) => (
          <kbd key={key}>{key}</kbd>
        ))}
      </dt>
      <dd>{label}</dd>
    </div>
  );
}
