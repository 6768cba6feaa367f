import type React from 'react';
import { pageState } from './admin-types.component.tsx';
import { Icon } from './icon.component.tsx';
import { t } from './text.component.tsx';
import { exactTime } from './time.component.tsx';

const numbers = new Intl.NumberFormat(pageState.preferences.locale, { maximumFractionDigits: 0 });

type Clock = {
  /** ISO 8601: when the time began, when it is over, and the server's now. */
  from: string;
  until: string;
  now: string;
  /** What the clock is for, such as "Decide within". */
  label: string;
};

/** Time left as words, icon and bar: warns at 80 % gone, danger when it is over. */
export function DueClock({ from, until, now, label }: Clock): React.ReactElement {
  const [start, end, present] = [from, until, now].map((text) => new Date(text).getTime());
  const total = Math.max(1, (end ?? 0) - (start ?? 0));
  const left = (end ?? 0) - (present ?? 0);
  const gone = Math.min(1, Math.max(0, 1 - left / total));
  const tone = left <= 0 ? 'danger' : gone >= 0.8 ? 'warn' : 'ok';
  return (
    <p className={`fs-due fs-due-${tone}`}>
      <span className="fs-due-text">
        <Icon name="clock" /> {label}: <strong className="fs-tabular">{leftWords(left)}</strong>
      </span>
      <span className="fs-due-bar">
        <svg viewBox="0 0 100 4" preserveAspectRatio="none" aria-hidden="true" focusable="false">
          <rect width={Math.round(gone * 100)} height="4" />
        </svg>
      </span>
      <span className="fs-muted fs-small">{t('until {time}', { time: exactTime(new Date(until)) })}</span>
    </p>
  );
}

function leftWords(milliseconds: number): string {
  const minutes = Math.floor(Math.abs(milliseconds) / 60_000);
  const [count, unit] = minutes >= 2 * 1440 ? [minutes / 1440, 'day'] : minutes >= 120 ? [minutes / 60, 'hour'] : [minutes, 'minute'];
  const amount = numbers.format(Math.floor(count));
  if (milliseconds <= 0) return overWords(unit, amount);
  if (unit === 'day') return t('{count} days left', { count: amount });
  return unit === 'hour' ? t('{count} hours left', { count: amount }) : t('{count} minutes left', { count: amount });
}

function overWords(unit: string, amount: string): string {
  if (unit === 'day') return t('over since {count} days', { count: amount });
  return unit === 'hour' ? t('over since {count} hours', { count: amount }) : t('over since {count} minutes', { count: amount });
}
