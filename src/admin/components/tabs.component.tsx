import type React from 'react';
import { useEffect, useId, useRef } from 'react';
import { navigate, useAddress } from './router.component.tsx';

export type Tab = { id: string; label: string; count?: number | null; content: () => React.ReactElement };

/** Tabs by the WAI-ARIA pattern: arrow keys move, only the open one is drawn. The open tab is in the address, so links and reloads keep it. */
export function Tabs({ label, tabs }: { label: string; tabs: readonly Tab[] }): React.ReactElement | null {
  const { pathname, search } = useAddress();
  const prefix = useId();
  const buttons = useRef(new Map<string, HTMLButtonElement>());
  const asked = new URLSearchParams(search).get('tab');
  const open = tabs.find((tab) => tab.id === asked) ?? tabs[0];
  const openId = open?.id;
  useEffect(() => {
    // On narrow screens the row of tabs scrolls: the open one must be seen.
    if (openId !== undefined) buttons.current.get(openId)?.scrollIntoView({ block: 'nearest', inline: 'nearest' });
  }, [openId]);
  if (!open) return null;
  const choose = (tab: Tab) => {
    navigate(`${pathname}?tab=${encodeURIComponent(tab.id)}`, { replace: true });
    buttons.current.get(tab.id)?.focus();
  };
  const onKeyDown = (event: React.KeyboardEvent) => {
    const at = tabs.indexOf(open);
    const goal = { ArrowRight: at + 1, ArrowLeft: at - 1, Home: 0, End: tabs.length - 1 }[event.key];
    const next = goal === undefined ? undefined : tabs[(goal + tabs.length) % tabs.length];
    if (!next) return;
    event.preventDefault();
    choose(next);
  };
  return (
    <>
      <div role="tablist" aria-label={label} className="fs-tabs" onKeyDown={onKeyDown}>
        {tabs.map((tab) => (
          <button
            key={tab.id}
            ref={(element) => {
              if (element) buttons.current.set(tab.id, element);
              else buttons.current.delete(tab.id);
            }}
            type="button"
            role="tab"
            id={`${prefix}-${tab.id}`}
            aria-selected={tab === open}
            aria-controls={`${prefix}-panel`}
            tabIndex={tab === open ? 0 : -1}
            onClick={() => choose(tab)}
          >
            {tab.label}
            {typeof tab.count === 'number' && tab.count > 0 ? <span className="fs-muted fs-tabular"> {tab.count}</span> : null}
          </button>
        ))}
      </div>
      <div role="tabpanel" id={`${prefix}-panel`} aria-labelledby={`${prefix}-${open.id}`} className="fs-tab-panel" key={open.id}>
        {open.content()}
      </div>
    </>
  );
}
