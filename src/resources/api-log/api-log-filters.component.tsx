import type React from 'react';
import { type FilterKind, Filters, type FilterWay } from '../../admin/components/filters.component.tsx';
import { sentenceCase } from '../../admin/components/status-pill.component.tsx';
import { t } from '../../admin/components/text.component.tsx';
import type { RouteFigures } from './api-log-types.component.tsx';

type Change = (next: URLSearchParams) => void;

const windows = [
  { label: t('Last hour'), hours: 1 },
  { label: t('Last 24 hours'), hours: 24 },
  { label: t('Last 7 days'), hours: 168 },
  { label: t('Last 30 days'), hours: 720 },
];

function kindOf(name: string, label: string, way: Partial<FilterWay> & { words?: Readonly<Record<string, string>> } = {}): FilterKind {
  const { words, ...rest } = way;
  const options = words ? Object.entries(words).map(([value, word]) => ({ value, label: word })) : undefined;
  const control = options ? 'choice' : 'text';
  return { id: name, label, ways: [{ id: 'equals', label: t('is'), params: [name], control, ...(options ? { options } : {}), ...rest }] };
}

const methods = Object.fromEntries(['GET', 'POST', 'PATCH', 'PUT', 'DELETE', 'HEAD'].map((method) => [method, method]));
const outcomes = { ok: t('Answered'), refused: t('Refused (4xx)'), failed: t('Failed (5xx)'), error: t('Refused or failed') };

function kindsFor(routes: readonly string[]): readonly FilterKind[] {
  return [
    kindOf('outcome', t('Outcome'), { words: outcomes }),
    kindOf('time', t('Time'), { params: ['from', 'to'], control: 'date', presets: windows }),
    kindOf('slow', t('Slow'), { words: { yes: t('Yes'), no: t('No') } }),
    kindOf('status', t('Status'), { control: 'number', help: t('For example 409') }),
    kindOf('method', t('Method'), { words: methods }),
    kindOf('route', t('Route'), { help: t('Path template, for example /api/v1/account'), suggestions: routes }),
    kindOf('door', t('Door'), { words: { api: t('API'), admin: t('Back office') } }),
    kindOf('code', t('Error'), { help: t('Code, for example invalid_credentials') }),
    kindOf('ms', t('At least, ms'), { control: 'number' }),
    kindOf('actor', t('Person'), { help: t('Id; a name in the list sets it too') }),
    kindOf('request', t('Request'), { help: t('Id as an error message tells it') }),
  ];
}

/** Presets, and the filter bar of every list over the log's own table. All of it is in the address. */
export function ApiLogFilters(props: {
  params: URLSearchParams;
  actorName: string | null;
  routes: readonly RouteFigures[];
  onChange: Change;
}): React.ReactElement {
  const { params, actorName, routes, onChange } = props;
  const [actor, code] = [params.get('actor'), params.get('code')];
  const names = new Map([
    ...(actor === null ? [] : [[actor, actorName ?? actor.slice(0, 8)] as const]),
    ...(code === null ? [] : [[code, sentenceCase(code)] as const]),
  ]);
  return (
    <div className="fs-log-filters">
      <Presets params={params} onChange={onChange} />
      <Filters
        kinds={kindsFor([...new Set(routes.map((route) => route.route))])}
        params={params}
        names={names}
        note={params.has('from') || params.has('request') ? null : t('Last 24 hours')}
        onChange={onChange}
      />
    </div>
  );
}

const presets: readonly { label: string; params: Readonly<Record<string, string>> }[] = [
  { label: t('All'), params: {} },
  { label: t('Slow'), params: { slow: 'yes' } },
  { label: t('Errors'), params: { outcome: 'error' } },
];

/** Which of the three views is open; a preset keeps the other filters. */
function Presets({ params, onChange }: { params: URLSearchParams; onChange: Change }): React.ReactElement {
  const isOpen = (preset: Readonly<Record<string, string>>) =>
    ['slow', 'outcome'].every((name) => (params.get(name) ?? '') === (preset[name] ?? ''));
  return (
    <fieldset className="fs-log-presets">
      <legend className="fs-visually-hidden">{t('Show')}</legend>
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
