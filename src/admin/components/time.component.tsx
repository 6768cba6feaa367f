import type React from 'react';
import { pageState } from './admin-types.component.tsx';

const { locale, timeZone } = pageState.preferences;
const exact = new Intl.DateTimeFormat(locale, { dateStyle: 'medium', timeStyle: 'medium', timeZone });
const dayOnly = new Intl.DateTimeFormat(locale, { dateStyle: 'medium', timeZone });
const relative = new Intl.RelativeTimeFormat(locale, { numeric: 'auto', style: 'short' });

const steps: readonly (readonly [Intl.RelativeTimeFormatUnit, number])[] = [
  ['year', 31_536_000],
  ['month', 2_592_000],
  ['day', 86_400],
  ['hour', 3600],
  ['minute', 60],
];

export function exactTime(at: Date): string {
  return `${exact.format(at)} (${timeZone})`;
}

function relativeTime(at: Date, now: number): string {
  const seconds = Math.round((at.getTime() - now) / 1000);
  const step = steps.find(([, size]) => Math.abs(seconds) >= size);
  return step ? relative.format(Math.round(seconds / step[1]), step[0]) : relative.format(seconds, 'second');
}

/** Relative, with the exact time and its zone on hover and focus. */
export function Time({ value, isDay = false }: { value: string; isDay?: boolean }): React.ReactElement {
  const at = new Date(value);
  if (isDay)
    return (
      <time dateTime={value} className="fs-time">
        {dayOnly.format(at)}
      </time>
    );
  return (
    <time dateTime={value} title={exactTime(at)} className="fs-time">
      {relativeTime(at, Date.now())}
      <span className="fs-visually-hidden">, {exactTime(at)}</span>
    </time>
  );
}
