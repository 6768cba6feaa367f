import type React from 'react';
import { useId, useState } from 'react';
import { Drawer } from './drawer.component.tsx';
import type { FilterKind, FilterWay } from './filters.component.tsx';
import { t } from './text.component.tsx';

/** Names of the address and their values; an empty value takes one away. */
type Pairs = readonly (readonly [string, string])[];

/** The drawer of a filter bar: field, comparison, value. It closes when something was added. */
export function AddFilter({ kinds, onAdd }: { kinds: readonly FilterKind[]; onAdd: (pairs: Pairs) => void }): React.ReactElement {
  return (
    <Drawer label={t('Add filter')} icon="filter" className="fs-filter-add">
      {(close) => (
        <FilterForm
          kinds={kinds}
          onAdd={(pairs) => {
            close();
            onAdd(pairs);
          }}
        />
      )}
    </Drawer>
  );
}

function FilterForm({ kinds, onAdd }: { kinds: readonly FilterKind[]; onAdd: (pairs: Pairs) => void }): React.ReactElement {
  const [kindId, setKindId] = useState('');
  const [wayId, setWayId] = useState('');
  const [values, setValues] = useState<readonly [string, string]>(['', '']);
  const id = useId();
  const kind = kinds.find((candidate) => candidate.id === kindId) ?? kinds[0];
  const way = kind?.ways.find((candidate) => candidate.id === wayId) ?? kind?.ways[0];
  const submit = (event: React.FormEvent) => {
    event.preventDefault();
    const pairs = way ? pairsOf(way, values) : [];
    if (pairs.every(([, value]) => value === '')) return;
    setValues(['', '']);
    onAdd(pairs);
  };
  return (
    <form className="fs-filter-form" onSubmit={submit}>
      <div className="fs-field">
        <label htmlFor={`${id}-kind`}>{t('Field')}</label>
        <select
          id={`${id}-kind`}
          value={kind?.id}
          onChange={(event) => {
            setKindId(event.target.value);
            setWayId('');
            setValues(['', '']);
          }}
        >
          {kinds.map((candidate) => (
            <option key={candidate.id} value={candidate.id}>
              {candidate.label}
            </option>
          ))}
        </select>
      </div>
      {kind && kind.ways.length > 1 ? (
        <div className="fs-field">
          <label htmlFor={`${id}-way`}>{t('How')}</label>
          <select
            id={`${id}-way`}
            value={way?.id}
            onChange={(event) => {
              setWayId(event.target.value);
              setValues(['', '']);
            }}
          >
            {kind.ways.map((candidate) => (
              <option key={candidate.id} value={candidate.id}>
                {candidate.label}
              </option>
            ))}
          </select>
        </div>
      ) : null}
      {way ? (
        <>
          <Value
            id={`${id}-value`}
            label={way.params.length === 2 ? t('From') : t('Value')}
            way={way}
            value={values[0]}
            onChange={(value) => setValues([value, values[1]])}
          />
          {way.params.length === 2 ? (
            <Value id={`${id}-to`} label={t('To')} way={way} value={values[1]} onChange={(value) => setValues([values[0], value])} />
          ) : null}
          <Presets way={way} onAdd={onAdd} />
        </>
      ) : null}
      <button type="submit" className="fs-button fs-button-primary">
        {t('Add')}
      </button>
    </form>
  );
}

function pairsOf(way: FilterWay, [first, second]: readonly [string, string]): Pairs {
  const clean = (value: string) => (way.isUpper ? value.trim().toUpperCase() : value.trim());
  const [from, to] = way.params;
  return to === undefined ? [[from, clean(first)]] : [[from, clean(first)] as const, [to, clean(second)] as const];
}

function Value(props: { id: string; label: string; way: FilterWay; value: string; onChange: (value: string) => void }): React.ReactElement {
  const { id, label, way, value, onChange } = props;
  const described = way.help ? `${id}-help` : undefined;
  const isChoice = way.control === 'choice' || way.control === 'choices';
  return (
    <div className="fs-field">
      <label htmlFor={id}>{label}</label>
      {isChoice ? (
        <select
          id={id}
          multiple={way.control === 'choices'}
          aria-describedby={described}
          value={way.control === 'choices' ? value.split(',') : value}
          onChange={(event) => onChange([...event.target.selectedOptions].map((option) => option.value).join(','))}
        >
          {way.control === 'choice' ? <option value="">{t('Choose')}</option> : null}
          {way.options?.map((option) => (
            <option key={option.value} value={option.value}>
              {option.label}
            </option>
          ))}
        </select>
      ) : (
        <input
          id={id}
          type={way.control}
          value={value}
          maxLength={200}
          aria-describedby={described}
          list={way.suggestions ? `${id}-list` : undefined}
          onChange={(event) => onChange(event.target.value)}
        />
      )}
      {way.suggestions ? (
        <datalist id={`${id}-list`}>
          {way.suggestions.map((suggestion) => (
            <option key={suggestion} value={suggestion} />
          ))}
        </datalist>
      ) : null}
      {way.help ? (
        <p id={`${id}-help`} className="fs-muted fs-small">
          {way.help}
        </p>
      ) : null}
    </div>
  );
}

function Presets({ way, onAdd }: { way: FilterWay; onAdd: (pairs: Pairs) => void }): React.ReactElement | null {
  const [from, to] = way.params;
  if (!way.presets || to === undefined) return null;
  return (
    <fieldset className="fs-filter-presets">
      <legend className="fs-visually-hidden">{t('Time')}</legend>
      {way.presets.map(({ label, hours }) => (
        <button
          key={hours}
          type="button"
          className="fs-button fs-button-small"
          onClick={() =>
            onAdd([
              [from, `${new Date(Date.now() - hours * 3_600_000).toISOString().slice(0, 19)}Z`],
              [to, ''],
            ])
          }
        >
          {label}
        </button>
      ))}
    </fieldset>
  );
}
