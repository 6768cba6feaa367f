import type React from 'react';
import { useState } from 'react';
import type { Filter, Resource } from './admin-types.component.tsx';
import { Dialog } from './dialog.component.tsx';
import { Icon } from './icon.component.tsx';
import { sentenceCase } from './status-pill.component.tsx';

const operatorWords: Readonly<Record<string, string>> = {
  equals: 'is',
  in: 'is one of',
  contains: 'contains',
  starts: 'starts with',
  isEmpty: 'is empty',
};

type Chip = { keys: readonly string[]; text: string };

function chipsOf(resource: Resource, params: URLSearchParams, titles: ReadonlyMap<string, string>): readonly Chip[] {
  return resource.filters.flatMap((filter): Chip[] => {
    const base = `filters.${filter.field}`;
    const word = (value: string) =>
      filter.states?.[value]?.label ?? titles.get(value) ?? (filter.type === 'enum' ? sentenceCase(value) : value);
    const chips: Chip[] = [];
    const equal = params.get(base);
    if (equal !== null) chips.push({ keys: [base], text: `${filter.label}: ${word(equal)}` });
    const from = params.get(`${base}~~from`);
    const to = params.get(`${base}~~to`);
    if (from !== null || to !== null)
      chips.push({ keys: [`${base}~~from`, `${base}~~to`], text: `${filter.label}: ${from ?? 'start'} to ${to ?? 'now'}` });
    for (const operator of ['in', 'contains', 'starts', 'isEmpty']) {
      const value = params.get(`${base}~~${operator}`);
      if (value === null) continue;
      const shown =
        operator === 'in' ? value.split(',').map(word).join(', ') : operator === 'isEmpty' ? (value === 'true' ? 'yes' : 'no') : value;
      chips.push({ keys: [`${base}~~${operator}`], text: `${filter.label} ${operatorWords[operator]}: ${shown}` });
    }
    return chips;
  });
}

/** Filters in force as chips, each removable; the dialog only adds. Everything is in the address. */
export function FilterBar(props: {
  resource: Resource;
  params: URLSearchParams;
  titles: ReadonlyMap<string, string>;
  onChange: (next: URLSearchParams) => void;
}): React.ReactElement | null {
  const { resource, params, titles, onChange } = props;
  const [isOpen, setIsOpen] = useState(false);
  const chips = chipsOf(resource, params, titles);
  const without = (keys: readonly string[]) => {
    const next = new URLSearchParams(params);
    for (const key of keys) next.delete(key);
    onChange(next);
  };
  if (resource.filters.length === 0) return null;
  return (
    <div className="fs-filter-bar">
      <button type="button" className="fs-button fs-button-small" onClick={() => setIsOpen(true)}>
        <Icon name="filter" /> Add filter
      </button>
      <ul className="fs-chips" aria-label="Filters in force">
        {chips.map((chip) => (
          <li key={chip.text}>
            <button type="button" className="fs-chip" aria-label={`Remove filter ${chip.text}`} onClick={() => without(chip.keys)}>
              {chip.text} <Icon name="x" />
            </button>
          </li>
        ))}
      </ul>
      {chips.length > 1 ? (
        <button type="button" className="fs-link-button" onClick={() => without(chips.flatMap((chip) => chip.keys))}>
          Clear all
        </button>
      ) : null}
      {isOpen ? (
        <AddFilter
          filters={resource.filters}
          onClose={() => setIsOpen(false)}
          onAdd={(pairs) => {
            const next = new URLSearchParams(params);
            for (const [key, value] of pairs) next.set(key, value);
            setIsOpen(false);
            onChange(next);
          }}
        />
      ) : null}
    </div>
  );
}

function AddFilter(props: {
  filters: readonly Filter[];
  onClose: () => void;
  onAdd: (pairs: readonly (readonly [string, string])[]) => void;
}): React.ReactElement {
  const [field, setField] = useState(props.filters[0]?.field ?? '');
  const filter = props.filters.find((candidate) => candidate.field === field) ?? props.filters[0];
  const [operator, setOperator] = useState('');
  const [value, setValue] = useState('');
  const [to, setTo] = useState('');
  const used = filter?.operators.includes(operator) ? operator : (filter?.operators[0] ?? 'equals');
  const submit = (event: React.FormEvent) => {
    event.preventDefault();
    if (!filter) return;
    const base = `filters.${filter.field}`;
    const pairs: [string, string][] = [];
    if (used === 'between') {
      if (value) pairs.push([`${base}~~from`, value]);
      if (to) pairs.push([`${base}~~to`, to]);
    } else if (used === 'isEmpty') pairs.push([`${base}~~isEmpty`, value || 'true']);
    else if (value) pairs.push([used === 'equals' ? base : `${base}~~${used}`, value]);
    if (pairs.length > 0) props.onAdd(pairs);
  };
  const inputType = filter?.type === 'date' || filter?.type === 'datetime' ? 'date' : 'text';
  return (
    <Dialog title="Add a filter" onClose={props.onClose}>
      <form className="fs-dialog-body" onSubmit={submit}>
        <div className="fs-field">
          <label htmlFor="fs-filter-field">Field</label>
          <select
            id="fs-filter-field"
            value={filter?.field}
            onChange={(event) => {
              setField(event.target.value);
              setValue('');
              setTo('');
            }}
          >
            {props.filters.map((candidate) => (
              <option key={candidate.field} value={candidate.field}>
                {candidate.label}
              </option>
            ))}
          </select>
        </div>
        {filter && filter.operators.length > 1 ? (
          <div className="fs-field">
            <label htmlFor="fs-filter-operator">How</label>
            <select id="fs-filter-operator" value={used} onChange={(event) => setOperator(event.target.value)}>
              {filter.operators.map((candidate) => (
                <option key={candidate} value={candidate}>
                  {candidate === 'between' ? 'between' : operatorWords[candidate]}
                </option>
              ))}
            </select>
          </div>
        ) : null}
        {filter ? (
          <div className="fs-field">
            <label htmlFor="fs-filter-value">{used === 'between' ? 'From' : 'Value'}</label>
            {filter.type === 'enum' && used !== 'isEmpty' ? (
              <select id="fs-filter-value" value={value} onChange={(event) => setValue(event.target.value)}>
                <option value="">Choose</option>
                {filter.values.map((member) => (
                  <option key={member} value={member}>
                    {filter.states?.[member]?.label ?? sentenceCase(member)}
                  </option>
                ))}
              </select>
            ) : filter.type === 'boolean' || used === 'isEmpty' ? (
              <select id="fs-filter-value" value={value} onChange={(event) => setValue(event.target.value)}>
                <option value="">Choose</option>
                <option value="true">Yes</option>
                <option value="false">No</option>
              </select>
            ) : (
              <input id="fs-filter-value" type={inputType} value={value} onChange={(event) => setValue(event.target.value)} />
            )}
          </div>
        ) : null}
        {used === 'between' ? (
          <div className="fs-field">
            <label htmlFor="fs-filter-to">To</label>
            <input id="fs-filter-to" type={inputType} value={to} onChange={(event) => setTo(event.target.value)} />
          </div>
        ) : null}
        <footer className="fs-dialog-foot">
          <button type="button" className="fs-button" onClick={props.onClose}>
            Cancel
          </button>
          <button type="submit" className="fs-button fs-button-primary">
            Add filter
          </button>
        </footer>
      </form>
    </Dialog>
  );
}
