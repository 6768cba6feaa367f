import type React from 'react';
import type { ValueJson } from '../history/value-json.ts';
import { pageState } from './admin-types.component.tsx';

const { locale, timeZone } = pageState.preferences;
const exact = new Intl.DateTimeFormat(locale, { dateStyle: 'medium', timeStyle: 'medium', timeZone });
const dayOnly = new Intl.DateTimeFormat(locale, { dateStyle: 'medium', timeZone: 'UTC' });
const sizes = new Intl.NumberFormat(locale, { style: 'unit', unit: 'kilobyte', maximumFractionDigits: 0 });

/** A value of the history as text, for comparing and for names of controls; times in the person's zone. */
export function valueText(value: ValueJson): string {
  switch (value.kind) {
    case 'text':
      return value.text;
    case 'time':
      return `${exact.format(new Date(value.text))} (${timeZone})`;
    case 'day':
      return dayOnly.format(new Date(value.text));
    case 'empty':
      return 'empty';
    case 'encrypted':
      return 'encrypted, shown by reveal';
    case 'secret':
      return 'changed, value never stored';
    case 'erased':
      return 'erased';
    case 'large':
      return `too large to keep (${sizes.format(value.bytes / 1024)}), SHA-256 ${value.sha256.slice(0, 12)}...`;
    default:
      return value satisfies never;
  }
}

/** Values that are words about a value are set apart from values. */
export function ValueView({ value }: { value: ValueJson }): React.ReactElement {
  const text = valueText(value);
  if (value.kind === 'text') return <span className="fs-wrap">{text}</span>;
  if (value.kind === 'time' || value.kind === 'day') return <time dateTime={value.text}>{text}</time>;
  return <em className="fs-muted">{text}</em>;
}
