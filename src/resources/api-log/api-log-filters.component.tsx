import type React from 'react';
import { useId, useState } from 'react';
import { Icon } from '../../admin/components/icon.component.tsx';
import { sentenceCase } from '../../admin/components/status-pill.component.tsx';
import type { RouteFigures } from './api-log-types.component.tsx';

type FilterKind = { label: string; options?: Readonly<Record<string, string>>; help?: string; type?: 'date' | 'number' };

const kinds: Readonly<Record<string, FilterKind>> = {
  from: { label: 'From', type: 'date' },
  to: { label: 'Until', type: 'date' },
  outcome: {
    label: 'Outcome',
    options: { ok: 'Answered', refused: 'Refused (4xx)', failed: 'Failed (5xx)', error: 'Refused or failed' },
  },
  slow: { label: 'Slow', options: { yes: 'Yes', no: 'No' } },
  status: { label: 'Status', type: 'number', help: 'For example 409' },
  method: { label: 'Method', options: { GET: 'GET', POST: 'POST', PATCH: 'PATCH', PUT: 'PUT', DELETE: 'DELETE', HEAD: 'HEAD' } },
  route: { label: 'Route', help: 'Path template, for example /api/v1/account' },
  door: { label: 'Door', options: { api: 'API', admin: 'Back office' } },
  code: { label: 'Error', help: 'Code, for example invalid_credentials' },
  ms: { label: 'At least, ms', type: 'number' },
  actor: { label: 'Person', help: 'Id; a name in the list sets it too' },
  request: { label: 'Request', help: 'Id as an error message tells it' },
};

const presets: readonly { label: string; params: Readonly<Record<string, string>> }[] = [
  { label: 'All', params: {} },
  { label: 'Slow', params: { slow: 'yes' } },
  { label: 'Errors', params: { outcome: 'error' } },
];

const windows = [
  { label: 'Last hour', hours: 1 },
  { label: 'Last 24 hours', hours: 24 },
  { label: 'Last 7 days', hours: 168 },
  { label: 'Last 30 days', hours: 720 },
] as const;

type Change = (next: URLSearchParams) => void;

/** Presets, what narrows the list as removable chips, and a drawer that only adds. All of it is in the address. */
export function ApiLogFilters(props: {
  params: URLSearchParams;
  actorName: string | null;
  routes: readonly RouteFigures[];
  onChange: Change;
}): React.ReactElement {
  const { params, onChange } = props;
  const withValue = (name: string, value: string) => {
    const next = new URLSearchParams(params);
    next.set(name, value);
    return next;
  };
  return (
    <div className="fs-log-filters">
      <Presets params={params} onChange={onChange} />
      <div className="fs-filter-bar">
        <Chips params={params} actorName={props.actorName} onChange={onChange} />
        <details className="fs-audit-add">
          <summary>Add a filter</summary>
          <AddFilter routes={props.routes} onAdd={(name, value) => onChange(withValue(name, value))} />
          <p>
            {windows.map(({ label, hours }) => (
              <button
                key={hours}
                type="button"
                className="fs-button fs-button-small"
                onClick={() => {
                  const next = withValue('from', new Date(Date.now() - hours * 3_600_000).toISOString().slice(0, 19).concat('Z'));
                  next.delete('to');
                  onChange(next);
                }}
              >
                {label}
              </button>
            ))}
          </p>
        </details>
      </div>
    </div>
  );
}

/** Which of the three views is open; a preset keeps the other filters. */
function Presets({ params, onChange }: { params: URLSearchParams; onChange: Change }): React.ReactElement {
  const isOpen = (preset: Readonly<Record<string, string>>) =>
    ['slow', 'outcome'].every((name) => (params.get(name) ?? '') === (preset[name] ?? ''));
  return (
    <fieldset className="fs-log-presets">
      <legend className="fs-visually-hidden">Show</legend>
      {presets.map((preset) => (
        <button
          key={preset.label}
          type="button"
          className="fs-button fs-button-small"
          aria-pressed={isOpen(preset.params)}
          onClick={() => {
            const next = new URLSearchParams(params);
            next.delete('slow');
            next.delete('outcome');
            for (const [name, value] of Object.entries(preset.params)) next.set(name, value);
            onChange(next);
          }}
        >
          {preset.label}
        </button>
      ))}
    </fieldset>
  );
}

function Chips({
  params,
  actorName,
  onChange,
}: {
  params: URLSearchParams;
  actorName: string | null;
  onChange: Change;
}): React.ReactElement {
  const set = Object.keys(kinds).filter((name) => params.has(name));
  return (
    <ul className="fs-chips" aria-label="Filters in force">
      {params.has('from') || params.has('request') ? null : <li className="fs-muted">Last 24 hours</li>}
      {set.map((name) => {
        const text = `${kinds[name]?.label ?? name}: ${chipText(name, params.get(name) ?? '', actorName)}`;
        return (
          <li key={name}>
            <button
              type="button"
              className="fs-chip"
              aria-label={`Remove filter ${text}`}
              onClick={() => {
                const next = new URLSearchParams(params);
                next.delete(name);
                onChange(next);
              }}
            >
              {text} <Icon name="x" />
            </button>
          </li>
        );
      })}
      {set.length > 1 ? (
        <li>
          <button type="button" className="fs-link-button" onClick={() => onChange(new URLSearchParams())}>
            Clear all
          </button>
        </li>
      ) : null}
    </ul>
  );
}

function chipText(name: string, value: string, actorName: string | null): string {
  if (name === 'actor') return actorName ?? value.slice(0, 8);
  if (name === 'code') return sentenceCase(value);
  if (name === 'from' || name === 'to')
    return new Date(value).toLocaleString('en', { dateStyle: 'medium', ...(value.length > 10 ? { timeStyle: 'short' } : {}) });
  return kinds[name]?.options?.[value] ?? value;
}

function AddFilter({
  routes,
  onAdd,
}: {
  routes: readonly RouteFigures[];
  onAdd: (name: string, value: string) => void;
}): React.ReactElement {
  const [name, setName] = useState('outcome');
  const [value, setValue] = useState('');
  const kind = kinds[name];
  const id = useId();
  return (
    <form
      className="fs-audit-form"
      onSubmit={(event) => {
        event.preventDefault();
        const text = value.trim();
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
          {Object.entries(kinds).map(([key, { label }]) => (
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
            {Object.entries(kind.options).map(([option, label]) => (
              <option key={option} value={option}>
                {label}
              </option>
            ))}
          </select>
        ) : (
          <input
            id={id}
            type={kind?.type ?? 'text'}
            value={value}
            {...(name === 'route' ? { list: `${id}-routes` } : {})}
            onChange={(event) => setValue(event.target.value)}
          />
        )}
        <datalist id={`${id}-routes`}>
          {[...new Set(routes.map((route) => route.route))].map((route) => (
            <option key={route} value={route} />
          ))}
        </datalist>
      </span>
      <button type="submit" className="fs-button">
        Add
      </button>
      {kind?.help ? <span className="fs-muted fs-small">{kind.help}</span> : null}
    </form>
  );
}
