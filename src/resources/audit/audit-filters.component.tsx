import type React from 'react';
import { useId, useState } from 'react';
import { Icon } from '../../admin/components/icon.component.tsx';
import { sentenceCase } from '../../admin/components/status-pill.component.tsx';

type FilterKind = { label: string; options?: readonly string[]; help?: string; type?: 'date'; isUpper?: boolean };

const roles = [
  ...['assistant', 'support', 'support_lead', 'reviewer', 'reviewer_lead', 'enhancer', 'moderator', 'finance', 'auditor', 'admin'],
  'super_admin',
];

const kinds: Readonly<Record<string, FilterKind>> = {
  q: { label: 'Words' },
  from: { label: 'From', type: 'date' },
  to: { label: 'Until', type: 'date' },
  outcome: { label: 'Outcome', options: ['ok', 'denied', 'error', 'read'] },
  verb: { label: 'Action', help: 'As in the list, for example unlock-user' },
  resource: { label: 'Resource', help: 'For example user, staff_grant, session' },
  role: { label: 'Role', options: roles },
  actor: { label: 'Actor', help: 'Id of the person; a name in the list sets it too' },
  about: { label: 'Record', help: 'Id of a record that was touched, or of the person it is about' },
  field: { label: 'Field changed', help: 'For example store_name, or identity.vendor.store_name' },
  country: { label: 'Country', help: 'Two letters, for example NG', isUpper: true },
  score: { label: 'Score at least', options: ['70', '80', '90'] },
  ticket: { label: 'Ticket', help: 'Its number, for example T-100042, or its id' },
  request: { label: 'Request', help: 'Id of the request' },
  tx: { label: 'Transaction', help: 'Number of the database transaction' },
  type: { label: 'Kind of actor', options: ['staff', 'client', 'vendor', 'anonymous'] },
  door: { label: 'Door', options: ['admin', 'api', 'worker', 'cli', 'direct'] },
};

const presets = [
  { label: 'Last 24 hours', days: 1 },
  { label: 'Last 7 days', days: 7 },
  { label: 'Last 30 days', days: 30 },
  { label: 'Last 12 months', days: 365 },
] as const;

const optionWords: Readonly<Record<string, string>> = { ok: 'Done', error: 'Failed', direct: 'Past the application', cli: 'Command line' };

/** What narrows the list, one removable chip each; the drawer only adds. All of it is in the address. */
export function AuditFilters(props: {
  params: URLSearchParams;
  actorName: string | null;
  onChange: (next: URLSearchParams) => void;
}): React.ReactElement {
  const { params, actorName, onChange } = props;
  const set = Object.keys(kinds).filter((name) => params.has(name));
  const without = (name: string) => {
    const next = new URLSearchParams(params);
    next.delete(name);
    return next;
  };
  const withValue = (name: string, value: string) => {
    const next = without(name);
    next.set(name, value);
    return next;
  };
  return (
    <div className="fs-filter-bar">
      <ul className="fs-chips" aria-label="Filters">
        {params.has('from') || params.has('to') ? null : <li className="fs-muted">Last 30 days</li>}
        {set.map((name) => (
          <li key={name} className="fs-chip">
            {kinds[name]?.label}: {chipText(name, params.get(name) ?? '', actorName)}
            <button
              type="button"
              className="fs-icon-button"
              aria-label={`Remove filter ${kinds[name]?.label ?? name}`}
              onClick={() => onChange(without(name))}
            >
              <Icon name="x" />
            </button>
          </li>
        ))}
        {set.length > 0 ? (
          <li>
            <button type="button" className="fs-link-button" onClick={() => onChange(new URLSearchParams())}>
              Clear all
            </button>
          </li>
        ) : null}
      </ul>
      <details className="fs-audit-add">
        <summary>Add a filter</summary>
        <AddFilter onAdd={(name, value) => onChange(withValue(name, value))} />
        <fieldset className="fs-audit-presets">
          <legend className="fs-visually-hidden">Time</legend>
          {presets.map((preset) => (
            <button
              key={preset.days}
              type="button"
              className="fs-button fs-button-small"
              onClick={() => {
                const next = without('to');
                next.set('from', new Date(Date.now() - preset.days * 86_400_000).toISOString().slice(0, 19).concat('Z'));
                onChange(next);
              }}
            >
              {preset.label}
            </button>
          ))}
        </fieldset>
      </details>
    </div>
  );
}

function chipText(name: string, value: string, actorName: string | null): string {
  if (name === 'actor') return actorName ?? value.slice(0, 8);
  if (name === 'from' || name === 'to')
    return new Date(value).toLocaleString('en', { dateStyle: 'medium', ...(value.length > 10 ? { timeStyle: 'short' } : {}) });
  return kinds[name]?.options ? wordsOf(value) : value.length > 40 ? `${value.slice(0, 37)}...` : value;
}

function wordsOf(option: string): string {
  return optionWords[option] ?? sentenceCase(option);
}

function AddFilter({ onAdd }: { onAdd: (name: string, value: string) => void }): React.ReactElement {
  const [name, setName] = useState('outcome');
  const [value, setValue] = useState('');
  const kind = kinds[name];
  const id = useId();
  return (
    <form
      className="fs-audit-form"
      onSubmit={(event) => {
        event.preventDefault();
        const text = kind?.isUpper ? value.trim().toUpperCase() : value.trim();
        if (text === '') return;
        onAdd(name, text);
        setValue('');
      }}
    >
      <label>
        Filter{' '}
        <select
          value={name}
          onChange={(event) => {
            setName(event.target.value);
            setValue('');
          }}
        >
          {Object.entries(kinds)
            .filter(([key]) => key !== 'q')
            .map(([key, { label }]) => (
              <option key={key} value={key}>
                {label}
              </option>
            ))}
        </select>
      </label>
      <span>
        <label htmlFor={id}>Value</label>{' '}
        {kind?.options ? (
          <select id={id} value={value} onChange={(event) => setValue(event.target.value)}>
            <option value="">Choose</option>
            {kind.options.map((option) => (
              <option key={option} value={option}>
                {wordsOf(option)}
              </option>
            ))}
          </select>
        ) : (
          <input
            id={id}
            type={kind?.type ?? 'text'}
            value={value}
            aria-describedby={kind?.help ? `${id}-help` : undefined}
            onChange={(event) => setValue(event.target.value)}
          />
        )}
      </span>
      <button type="submit" className="fs-button">
        Add
      </button>
      {kind?.help ? (
        <span id={`${id}-help`} className="fs-muted fs-small">
          {kind.help}
        </span>
      ) : null}
    </form>
  );
}
