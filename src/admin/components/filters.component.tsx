import type React from 'react';
import { AddFilter } from './add-filter.component.tsx';
import { Icon } from './icon.component.tsx';
import { t } from './text.component.tsx';

/** One way to compare: its name, its control, and where its value stands in the address. */
export type FilterWay = {
  id: string;
  label: string;
  /** Names in the address: one, or start and end of a range. */
  params: readonly [string] | readonly [string, string];
  control: 'text' | 'number' | 'date' | 'choice' | 'choices';
  options?: readonly { value: string; label: string }[];
  /** Offered while typing. */
  suggestions?: readonly string[];
  help?: string;
  isUpper?: boolean;
  /** Times offered by a click; each begins so many hours ago and lasts until now. */
  presets?: readonly { label: string; hours: number }[];
};

/** A row of the table of a screen's filters. The first way is offered first, and its chip does without the name of the way. */
export type FilterKind = {
  id: string;
  label: string;
  ways: readonly FilterWay[];
  /** Shown as a chip, but not offered in the drawer: the screen has another control for it. */
  isHidden?: boolean;
};

type Change = (next: URLSearchParams) => void;

/**
 * What narrows a screen, one removable chip each, and a drawer that only adds. All of it is in the address, so that the back button, a
 * new tab and a link keep it. The one component for every list: what differs is the table of kinds.
 */
export function Filters(props: {
  kinds: readonly FilterKind[];
  params: URLSearchParams;
  /** Words for values, such as the name behind an id. */
  names?: ReadonlyMap<string, string>;
  /** What holds while nothing narrows the time. */
  note?: string | null;
  onChange: Change;
}): React.ReactElement | null {
  const { kinds, params, names = new Map(), note, onChange } = props;
  const chips = chipsOf(kinds, params, names);
  const without = (keys: readonly string[]) => {
    const next = new URLSearchParams(params);
    for (const key of keys) next.delete(key);
    onChange(next);
  };
  if (kinds.length === 0) return null;
  return (
    <div className="fs-filter-bar">
      <AddFilter
        kinds={kinds.filter((kind) => !kind.isHidden)}
        onAdd={(pairs) => {
          const next = new URLSearchParams(params);
          for (const [key, value] of pairs) {
            if (value === '') next.delete(key);
            else next.set(key, value);
          }
          onChange(next);
        }}
      />
      <ul className="fs-chips" aria-label={t('Filters in force')}>
        {note ? <li className="fs-muted">{note}</li> : null}
        {chips.map((chip) => (
          <li key={chip.keys.join()}>
            <button
              type="button"
              className="fs-chip"
              aria-label={t('Remove filter {filter}', { filter: chip.text })}
              onClick={() => without(chip.keys)}
            >
              <span>{chip.text}</span>
              <Icon name="x" />
            </button>
          </li>
        ))}
      </ul>
      {chips.length > 0 ? (
        <button type="button" className="fs-link-button" onClick={() => without(chips.flatMap((chip) => chip.keys))}>
          {t('Clear all')}
        </button>
      ) : null}
    </div>
  );
}

type Chip = { keys: readonly string[]; text: string };

function chipsOf(kinds: readonly FilterKind[], params: URLSearchParams, names: ReadonlyMap<string, string>): readonly Chip[] {
  return kinds.flatMap((kind) =>
    kind.ways.flatMap((way, index): Chip[] => {
      const [first, last] = way.params;
      const [from, to] = [params.get(first), last === undefined ? null : params.get(last)];
      if (from === null && to === null) return [];
      const filter =
        index === 0 || way.params.length === 2 ? kind.label : t('{field} {comparison}', { field: kind.label, comparison: way.label });
      const value =
        last === undefined
          ? wordsOf(way, from ?? '', names)
          : t('{from} to {to}', {
              from: from === null ? t('the beginning') : wordsOf(way, from, names),
              to: to === null ? t('now') : wordsOf(way, to, names),
            });
      return [{ keys: way.params, text: t('{filter}: {value}', { filter, value }) }];
    }),
  );
}

const longest = 60;

function wordsOf(way: FilterWay, value: string, names: ReadonlyMap<string, string>): string {
  const word = (one: string) => names.get(one) ?? way.options?.find((option) => option.value === one)?.label ?? one;
  if (way.control === 'choices') return value.split(',').map(word).join(', ');
  if (way.control === 'date') return timeWords(value);
  const text = word(value);
  return text.length > longest ? `${text.slice(0, longest - 3)}...` : text;
}

function timeWords(value: string): string {
  const at = new Date(value);
  if (Number.isNaN(at.getTime())) return value;
  // A bare day is a day everywhere; only a moment depends on where one is.
  const isDay = value.length <= 10;
  return at.toLocaleString('en', { dateStyle: 'medium', ...(isDay ? { timeZone: 'UTC' } : { timeStyle: 'short' }) });
}
