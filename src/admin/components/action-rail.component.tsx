import React, { useState } from 'react';
import type { Action } from './admin-types.component.tsx';
import { Icon } from './icon.component.tsx';
import { readOnlyWords, useReadOnly } from './read-only.component.tsx';
import { type ActionTarget, ReasonForm } from './reason-form.component.tsx';
import { t } from './text.component.tsx';

const groups = [
  ['everyday', t('Everyday')],
  ['careful', t('Careful')],
  ['two_people', t('Two people')],
] as const;

/** The actions of a record by risk; a refused one stays in reach of the keyboard and says why. */
export function ActionRail(props: {
  actions: readonly Action[];
  targetOf: (action: Action) => ActionTarget;
  onDone: () => void;
}): React.ReactElement | null {
  const [open, setOpen] = useState<Action | null>(null);
  const [isSheetOpen, setIsSheetOpen] = useState(false);
  if (props.actions.length === 0) return null;
  return (
    <>
      <button
        type="button"
        className="fs-button fs-button-primary fs-rail-toggle"
        aria-expanded={isSheetOpen}
        onClick={() => setIsSheetOpen((before) => !before)}
      >
        {t('Actions')}
      </button>
      <aside className={`fs-rail${isSheetOpen ? ' fs-rail-open' : ''}`} aria-label={t('Actions')}>
        {groups.map(([group, title]) => (
          <RailGroup key={group} title={title} actions={props.actions.filter((action) => action.group === group)} onOpen={setOpen} />
        ))}
      </aside>
      {open ? (
        <ReasonForm
          action={open}
          target={props.targetOf(open)}
          onClose={() => setOpen(null)}
          onDone={() => {
            setOpen(null);
            setIsSheetOpen(false);
            props.onDone();
          }}
        />
      ) : null}
    </>
  );
}

function RailGroup(props: { title: string; actions: readonly Action[]; onOpen: (action: Action) => void }): React.ReactElement | null {
  if (props.actions.length === 0) return null;
  return (
    <section>
      <h2>{props.title}</h2>
      {props.actions.map((action) => (
        <RailButton key={action.name} action={action} onOpen={props.onOpen} />
      ))}
    </section>
  );
}

function RailButton({ action, onOpen }: { action: Action; onOpen: (action: Action) => void }): React.ReactElement {
  const id = React.useId();
  const readOnly = useReadOnly();
  // The page may be older than the switch.
  const refusal = action.refusal ?? (readOnly ? readOnlyWords(readOnly) : null);
  const isRefused = refusal !== null;
  return (
    <button
      type="button"
      className="fs-rail-button"
      aria-disabled={isRefused}
      aria-describedby={id}
      onClick={() => {
        if (!isRefused) onOpen(action);
      }}
    >
      <span className="fs-rail-label">
        {action.label}
        {action.needs.stepUpMinutes > 0 ? <Icon name="key" /> : null}
      </span>
      <span id={id} className="fs-muted fs-small">
        {refusal ?? action.effect}
      </span>
    </button>
  );
}
