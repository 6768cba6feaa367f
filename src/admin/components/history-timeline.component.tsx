import type React from 'react';
import { useEffect, useState } from 'react';
import type { TimelineAnswer } from '../history/history-answers.ts';
import type { DiffJson, HistoryJson } from '../history/history-json.ts';
import { EmptyState, ErrorState } from './empty-state.component.tsx';
import type { HistoryAddress } from './history-address.component.tsx';
import { ProofDialog } from './proof-dialog.component.tsx';
import { RevealStored } from './reveal-stored.component.tsx';
import { Link } from './router.component.tsx';
import { t } from './text.component.tsx';
import { Timeline } from './timeline.component.tsx';
import { usePages } from './use-pages.component.tsx';
import { useIsSlow } from './use-remote.component.tsx';

const kinds = [
  ['', t('Changes and refusals')],
  ['change', t('Changes')],
  ['refused', t('Refused or failed')],
  ['read', t('Looked at')],
  ['all', t('Everything')],
] as const;

/** Everything that happened to a record, fifty lines at a time, narrowed by kind, field and person. */
export function HistoryTimeline(props: {
  of: string;
  address: HistoryAddress;
  onAllowed: (can: TimelineAnswer['can']) => void;
}): React.ReactElement {
  const { of, address, onAllowed } = props;
  const [proved, setProved] = useState<HistoryJson | null>(null);
  const filters = (['kind', 'field', 'actor'] as const).flatMap((name) => {
    const value = address.read(name);
    return value ? [`&${name}=${encodeURIComponent(value)}`] : [];
  });
  const pages = usePages<TimelineAnswer, HistoryJson>(`/pages/history?${of}${filters.join('')}`, ({ entries, next }) => ({
    items: entries,
    next,
  }));
  const { items, last } = pages;
  const isSlow = useIsSlow(pages.isLoading);
  useEffect(() => {
    if (last) onAllowed(last.can);
  }, [last, onAllowed]);
  if (pages.problem) return <ErrorState problem={pages.problem} retry={pages.reload} />;
  const can = last?.can ?? { seeVersions: false, downloadProof: false };
  return (
    <div aria-busy={pages.isLoading}>
      <Filters address={address} entries={items} />
      {items.length === 0 && !pages.isLoading ? <NothingFound address={address} isFiltered={filters.length > 0} /> : null}
      <Timeline
        entries={items}
        tools={{
          line: (entry) => <LineTools entry={entry} address={address} can={can} onProve={() => setProved(entry)} />,
          field: (entry) => <FieldTools entry={entry} address={address} reveal={last?.reveal ?? null} />,
        }}
      />
      {isSlow ? <p role="status">{t('Loading')}</p> : null}
      {pages.next ? (
        <button
          type="button"
          className="fs-button"
          aria-disabled={pages.isLoading}
          onClick={() => (pages.isLoading ? undefined : pages.more())}
        >
          {t('Older')}
        </button>
      ) : null}
      {proved ? <ProofDialog rows={proved.rows} onClose={() => setProved(null)} /> : null}
    </div>
  );
}

function NothingFound({ address, isFiltered }: { address: HistoryAddress; isFiltered: boolean }): React.ReactElement {
  if (isFiltered) {
    return (
      <EmptyState icon="history" title={t('Nothing matches')} action={{ label: t('Clear filters'), run: () => address.go({ view: null }) }}>
        {t('Nothing of this history fits all filters.')}
      </EmptyState>
    );
  }
  return (
    <EmptyState icon="history" title={t('Nothing has happened yet')}>
      {t('Every change from now on is kept here.')}
    </EmptyState>
  );
}

/** Fields and people to choose from are those of the lines shown, with the one chosen. */
function Filters({ address, entries }: { address: HistoryAddress; entries: readonly HistoryJson[] }): React.ReactElement {
  const fields = new Map(entries.flatMap((entry) => entry.changes.map(({ field, label }) => [field, label.replace(/^.*: /, '')] as const)));
  const people = new Map(entries.flatMap(({ actorId, actor }) => (actorId ? [[actorId, actor] as const] : [])));
  return (
    <div className="fs-history-filters">
      <Choice id="kind" label={t('Show')} options={kinds} value={address.read('kind')} onChange={(kind) => address.go({ kind })} />
      <Choice
        id="field"
        label={t('Field')}
        options={withChosen(fields, address.read('field'), t('Any field'))}
        value={address.read('field')}
        onChange={(field) => address.go({ field })}
      />
      <Choice
        id="actor"
        label={t('Person')}
        options={withChosen(people, address.read('actor'), t('Anybody'))}
        value={address.read('actor')}
        onChange={(actor) => address.go({ actor })}
      />
    </div>
  );
}

function withChosen(known: ReadonlyMap<string, string>, chosen: string | null, any: string): readonly (readonly [string, string])[] {
  const all = chosen && !known.has(chosen) ? [...known, [chosen, chosen] as const] : [...known];
  return [['', any] as const, ...all.sort(([, a], [, b]) => a.localeCompare(b))];
}

function Choice(props: {
  id: string;
  label: string;
  options: readonly (readonly [string, string])[];
  value: string | null;
  onChange: (value: string) => void;
}): React.ReactElement {
  const id = `fs-history-${props.id}`;
  return (
    <div className="fs-field">
      <label htmlFor={id}>{props.label}</label>
      <select id={id} value={props.value ?? ''} onChange={(event) => props.onChange(event.target.value)}>
        {props.options.map(([value, label]) => (
          <option key={value} value={value}>
            {label}
          </option>
        ))}
      </select>
    </div>
  );
}

function LineTools(props: {
  entry: HistoryJson;
  address: HistoryAddress;
  can: TimelineAnswer['can'];
  onProve: () => void;
}): React.ReactElement {
  const { entry, address, can } = props;
  const [change] = entry.changes;
  const on = change ? `${change.table}:${change.recordId}` : null;
  const said = `${entry.actor} ${entry.what}`;
  return (
    <>
      {can.seeVersions && change ? (
        <>
          <Link href={address.hrefOf({ view: 'as-of', on, version: change.eventId })} aria-label={t('State after it: {said}', { said })}>
            {t('State after it')}
          </Link>
          <Link
            href={address.hrefOf({ view: 'compare', on, left: change.eventId, right: 'now' })}
            aria-label={t('Compare with now: {said}', { said })}
          >
            {t('Compare with now')}
          </Link>
        </>
      ) : null}
      {can.downloadProof && entry.rows.length > 0 ? (
        <button type="button" className="fs-link-button" aria-label={t('Proof: {said}', { said })} onClick={props.onProve}>
          {t('Proof')}
        </button>
      ) : null}
    </>
  );
}

function FieldTools(props: { entry: DiffJson; address: HistoryAddress; reveal: TimelineAnswer['reveal'] }): React.ReactElement {
  const { entry, address, reveal } = props;
  return (
    <>
      <Link
        className="fs-small"
        href={address.hrefOf({ view: 'field', on: `${entry.table}:${entry.recordId}`, field: entry.field })}
        aria-label={t('{label} over time', { label: entry.label })}
      >
        {t('Over time')}
      </Link>
      <RevealStored action={reveal} entry={entry} value={entry.before} side="before" />
      <RevealStored action={reveal} entry={entry} value={entry.after} side="after" />
    </>
  );
}
