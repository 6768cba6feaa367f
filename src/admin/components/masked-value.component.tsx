import type React from 'react';
import { useEffect, useState } from 'react';
import { Icon } from './icon.component.tsx';
import { t } from './text.component.tsx';

const visibleSeconds = 60;
const radius = 8;
const round = 2 * Math.PI * radius;

/**
 * A masked contact. With `reveal` it has an eye button; what is revealed masks itself again after 60 seconds, counted
 * down beside it by a ring and a number.
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
  if (value === null || value === '') return <span className="fs-muted">{t('None')}</span>;
  return (
    <span className="fs-masked">
      <code className="fs-wrap">{shown ?? value}</code>
      {reveal && shown === null ? (
        <button
          type="button"
          className="fs-icon-button"
          aria-label={t('Reveal {label}', { label })}
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
          aria-label={t('Hide {label}, {left} seconds left', { label, left })}
          onClick={() => setShown(null)}
        >
          <Icon name="eye-off" />
          <Ring left={left} />
        </button>
      ) : null}
    </span>
  );
}

/** How much of the minute is left. */
function Ring({ left }: { left: number }): React.ReactElement {
  return (
    <span className="fs-ring" aria-hidden="true">
      <svg viewBox="0 0 20 20" width="20" height="20" focusable="false">
        <title>{left}</title>
        <circle className="fs-ring-ground" cx="10" cy="10" r={radius} />
        <circle
          className="fs-ring-left"
          cx="10"
          cy="10"
          r={radius}
          strokeDasharray={round}
          strokeDashoffset={round * (1 - left / visibleSeconds)}
          transform="rotate(-90 10 10)"
        />
      </svg>
      <span>{left}</span>
    </span>
  );
}
