import type React from 'react';
import { useEffect, useState } from 'react';
import { Icon } from './icon.component.tsx';

const visibleSeconds = 60;

/**
 * A masked contact. With `reveal` it has an eye button; what is revealed masks itself again after 60 seconds, counted
 * down beside it.
 */
export function MaskedValue(props: { value: string | null; label: string; reveal?: () => Promise<string | null> }): React.ReactElement {
  const { value, label, reveal } = props;
  const [shown, setShown] = useState<string | null>(null);
  const [left, setLeft] = useState(0);
  useEffect(() => {
    if (shown === null) return undefined;
    if (left <= 0) {
      setShown(null);
      return undefined;
    }
    const timer = setTimeout(() => setLeft((seconds) => seconds - 1), 1000);
    return () => clearTimeout(timer);
  }, [shown, left]);
  if (value === null || value === '') return <span className="fs-muted">None</span>;
  return (
    <span className="fs-masked">
      <code>{shown ?? value}</code>
      {reveal && shown === null ? (
        <button
          type="button"
          className="fs-icon-button"
          aria-label={`Reveal ${label}`}
          onClick={() => {
            void reveal().then((clear) => {
              if (clear === null) return;
              setShown(clear);
              setLeft(visibleSeconds);
            });
          }}
        >
          <Icon name="eye" />
        </button>
      ) : null}
      {shown !== null ? (
        <button
          type="button"
          className="fs-icon-button fs-tabular"
          aria-label={`Hide ${label}, ${left} seconds left`}
          onClick={() => setShown(null)}
        >
          <Icon name="eye-off" />
          <span aria-hidden="true">{left}</span>
        </button>
      ) : null}
    </span>
  );
}
