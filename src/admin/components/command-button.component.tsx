import React from 'react';
import type { Action } from './admin-types.component.tsx';
import { readOnlyWords, useReadOnly } from './read-only.component.tsx';

/**
 * The button of a command on a page of its own. One that is refused stays in reach of the keyboard and says why, below it and to
 * screen readers; `about` tells apart the buttons of a list.
 */
export function CommandButton(props: {
  action: Action;
  about?: string;
  isPrimary?: boolean;
  isSmall?: boolean;
  /** In a list: the sentence shows when the button is pointed at or has the focus. */
  isQuiet?: boolean;
  worksInReadOnly?: boolean;
  onPress: () => void;
}): React.ReactElement {
  const { action, about, isPrimary = false, isSmall = false, isQuiet = false, worksInReadOnly = false, onPress } = props;
  const id = React.useId();
  const readOnly = useReadOnly();
  // The page may be older than the switch.
  const refusal = action.refusal ?? (readOnly && !worksInReadOnly ? readOnlyWords(readOnly) : null);
  return (
    <span className={`fs-command${isQuiet ? ' fs-command-quiet' : ''}`}>
      <button
        type="button"
        className={`fs-button${isPrimary ? ' fs-button-primary' : ''}${isSmall ? ' fs-button-small' : ''}`}
        aria-disabled={refusal !== null}
        aria-describedby={refusal ? id : undefined}
        onClick={() => {
          if (refusal === null) onPress();
        }}
      >
        {action.label}
        {about ? <span className="fs-visually-hidden">: {about}</span> : null}
      </button>
      {refusal ? (
        <span id={id} className="fs-muted fs-small fs-command-why">
          {refusal}
        </span>
      ) : null}
    </span>
  );
}
