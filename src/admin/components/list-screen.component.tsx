import type React from 'react';
import { useState } from 'react';
import type { Action, Column, ListAnswer, RecordJson, Resource } from './admin-types.component.tsx';
import { CellValue, isNumeric } from './cell-value.component.tsx';
import { EmptyState, ErrorState } from './empty-state.component.tsx';
import { FilterBar } from './filter-bar.component.tsx';
import { Icon } from './icon.component.tsx';
import { ReasonForm } from './reason-form.component.tsx';
import { Link, navigate, recordHref, useAddress } from './router.component.tsx';
import { useIsSlow, useRemote } from './use-remote.component.tsx';

/** The list of a resource. Filters, sort, search and page live in the address, so the back button and links keep them. */
export function ListScreen({ resource }: { resource: Resource }): React.ReactElement {
  const { search } = useAddress();
  const params = new URLSearchParams(search);
  const remote = useRemote<ListAnswer>(`/resources/${resource.id}/actions/list${search}`);
  const isSlow = useIsSlow(remote.isLoading && remote.data === null);
  const [selected, setSelected] = useState<ReadonlySet<string>>(new Set());
  const go = (next: URLSearchParams, keepPage = false) => {
    if (!keepPage) {
      next.delete('page');
      next.delete('after');
    }
    setSelected(new Set());
    const text = next.toString();
    navigate(`/admin/resources/${resource.id}${text ? `?${text}` : ''}`);
  };
  const hasConditions = [...params.keys()].some((key) => key.startsWith('filters.') || key === 'q');
  const records = remote.data?.records ?? [];
  return (
    <div className="fs-list-screen" aria-busy={remote.isLoading}>
      <header className="fs-screen-head">
        <h1>{resource.title}</h1>
        <span className="fs-muted fs-tabular" role="status">
          {remote.data ? `${remote.data.meta.totalText} ${remote.data.meta.total === 1 ? 'record' : 'records'}` : ''}
        </span>
        <PlaceActions resource={resource} actions={resource.actions} onDone={remote.reload} />
      </header>
      <div className="fs-list-tools">
        {resource.canSearch ? (
          <SearchBox
            key={params.get('q') ?? ''}
            initial={params.get('q') ?? ''}
            title={resource.title}
            onSearch={(text) => go(withParam(params, 'q', text))}
          />
        ) : null}
        <FilterBar resource={resource} params={params} titles={referencedTitles(records)} onChange={(next) => go(next)} />
      </div>
      {selected.size > 0 ? (
        <BulkBar
          key={[...selected].join()}
          resource={resource}
          selected={selected}
          onDone={() => {
            setSelected(new Set());
            remote.reload();
          }}
        />
      ) : null}
      {remote.problem ? <ErrorState problem={remote.problem} retry={remote.reload} /> : null}
      {isSlow ? <Skeleton /> : null}
      {remote.data && records.length === 0 ? (
        <NothingHere resource={resource} isFiltered={hasConditions} onClear={() => go(new URLSearchParams())} />
      ) : null}
      {remote.data && records.length > 0 ? (
        <>
          <RecordTable
            resource={resource}
            records={records}
            meta={remote.data.meta}
            selected={selected}
            onSelect={setSelected}
            onSort={(field) => go(sorted(params, remote.data?.meta, field))}
          />
          <Pager params={params} meta={remote.data.meta} count={records.length} onGo={(next) => go(next, true)} />
        </>
      ) : null}
    </div>
  );
}

/** Titles of the records that the shown ones point to, so that a filter by one of them can say its name. */
function referencedTitles(records: readonly RecordJson[]): ReadonlyMap<string, string> {
  return new Map(records.flatMap((record) => Object.values(record.populated).map(({ id, title }) => [id, title] as const)));
}

function withParam(params: URLSearchParams, name: string, value: string): URLSearchParams {
  const next = new URLSearchParams(params);
  if (value) next.set(name, value);
  else next.delete(name);
  return next;
}

function sorted(params: URLSearchParams, meta: ListAnswer['meta'] | undefined, field: string): URLSearchParams {
  const isAscending = meta?.sortBy === field && meta.direction === 'asc';
  return withParam(withParam(params, 'sortBy', field), 'direction', isAscending ? 'desc' : 'asc');
}

function SearchBox(props: { initial: string; title: string; onSearch: (text: string) => void }): React.ReactElement {
  const [text, setText] = useState(props.initial);
  return (
    <search className="fs-search">
      <form
        onSubmit={(event) => {
          event.preventDefault();
          props.onSearch(text.trim());
        }}
      >
        <Icon name="search" />
        <input
          type="search"
          aria-label={`Search ${props.title.toLowerCase()}`}
          placeholder={`Search ${props.title.toLowerCase()}`}
          value={text}
          maxLength={200}
          onChange={(event) => setText(event.target.value)}
        />
      </form>
    </search>
  );
}

function NothingHere(props: { resource: Resource; isFiltered: boolean; onClear: () => void }): React.ReactElement {
  if (props.isFiltered) {
    return (
      <EmptyState icon="filter" title="Nothing matches" action={{ label: 'Clear filters', run: props.onClear }}>
        No {props.resource.title.toLowerCase()} fit these filters.
      </EmptyState>
    );
  }
  return (
    <EmptyState title={`No ${props.resource.title.toLowerCase()} yet`}>
      They appear here as soon as there are some that you may see.
    </EmptyState>
  );
}

function Skeleton(): React.ReactElement {
  return (
    <div className="fs-skeleton" role="status" aria-label="Loading">
      {['a', 'b', 'c', 'd', 'e', 'f'].map((key) => (
        <div key={key} />
      ))}
    </div>
  );
}

function RecordTable(props: {
  resource: Resource;
  records: readonly RecordJson[];
  meta: ListAnswer['meta'];
  selected: ReadonlySet<string>;
  onSelect: (ids: ReadonlySet<string>) => void;
  onSort: (field: string) => void;
}): React.ReactElement {
  const { resource, records, meta, selected, onSelect } = props;
  const canSelect = resource.bulkActions.length > 0;
  const areAllSelected = records.every((record) => selected.has(record.id));
  return (
    // biome-ignore lint/a11y/noNoninteractiveTabindex: a scrolling region must be reachable by keyboard (WCAG 2.1.1).
    <section className="fs-table-scroller" tabIndex={0} aria-label={`${resource.title}, table`}>
      <table className="fs-table">
        <thead>
          <tr>
            {canSelect ? (
              <th className="fs-select-cell">
                <input
                  type="checkbox"
                  aria-label="Select all on this page"
                  checked={areAllSelected}
                  onChange={() => onSelect(areAllSelected ? new Set() : new Set(records.map((record) => record.id)))}
                />
              </th>
            ) : null}
            {resource.columns.map((column) => (
              <HeadCell key={column.name} column={column} meta={meta} onSort={props.onSort} />
            ))}
          </tr>
        </thead>
        <tbody>
          {records.map((record) => (
            <tr key={record.id}>
              {canSelect ? (
                <td className="fs-select-cell">
                  <input
                    type="checkbox"
                    aria-label={`Select ${record.title}`}
                    checked={selected.has(record.id)}
                    onChange={() => onSelect(toggled(selected, record.id))}
                  />
                </td>
              ) : null}
              {resource.columns.map((column, index) => (
                <td key={column.name} data-label={column.label} className={cellClass(column)}>
                  {index === 0 && resource.canShow ? (
                    <Link href={recordHref(resource.id, record.id)} className="fs-row-link">
                      {column.type === 'reference' ? record.title : <CellValue column={column} record={record} />}
                    </Link>
                  ) : (
                    <CellValue column={column} record={record} />
                  )}
                </td>
              ))}
            </tr>
          ))}
        </tbody>
      </table>
    </section>
  );
}

function toggled(selected: ReadonlySet<string>, id: string): ReadonlySet<string> {
  const next = new Set(selected);
  if (!next.delete(id)) next.add(id);
  return next;
}

function cellClass(column: Column): string {
  return [isNumeric(column) ? 'fs-number' : '', column.isKey ? 'fs-key-cell' : ''].filter(Boolean).join(' ');
}

function HeadCell(props: { column: Column; meta: ListAnswer['meta']; onSort: (field: string) => void }): React.ReactElement {
  const { column, meta } = props;
  const isCurrent = meta.sortBy === column.name;
  if (!column.isSortable) {
    return (
      <th scope="col" className={cellClass(column)}>
        {column.label}
      </th>
    );
  }
  const direction = meta.direction === 'asc' ? 'ascending' : 'descending';
  return (
    <th scope="col" className={cellClass(column)} aria-sort={isCurrent ? direction : 'none'}>
      <button type="button" className="fs-sort" onClick={() => props.onSort(column.name)}>
        {column.label}
        {isCurrent ? <Icon name={meta.direction === 'asc' ? 'chevron-up' : 'chevron-down'} /> : null}
      </button>
    </th>
  );
}

const maxOffset = 10_000;

function Pager(props: {
  params: URLSearchParams;
  meta: ListAnswer['meta'];
  count: number;
  onGo: (next: URLSearchParams) => void;
}): React.ReactElement {
  const { params, meta, count } = props;
  const isByCursor = params.has('after');
  const canOffset = !isByCursor && meta.page * meta.perPage <= maxOffset;
  const first = (meta.page - 1) * meta.perPage + 1;
  const next = () => {
    const target = withParam(withParam(params, 'page', ''), 'after', '');
    if (canOffset) target.set('page', String(meta.page + 1));
    else if (meta.next) target.set('after', meta.next);
    props.onGo(target);
  };
  const hasNext = isByCursor ? meta.next !== null : meta.isTotalCapped || meta.page * meta.perPage < meta.total;
  return (
    <nav className="fs-pager" aria-label="Pages">
      <span className="fs-muted fs-tabular">{isByCursor ? `${count} shown` : `${first} to ${first + count - 1} of ${meta.totalText}`}</span>
      <button
        type="button"
        className="fs-button fs-button-small"
        disabled={meta.page <= 1 && !isByCursor}
        onClick={() => {
          if (isByCursor) window.history.back();
          else props.onGo(withParam(params, 'page', meta.page > 2 ? String(meta.page - 1) : ''));
        }}
      >
        <Icon name="chevron-left" /> Previous
      </button>
      <button type="button" className="fs-button fs-button-small" disabled={!hasNext || count === 0} onClick={next}>
        Next <Icon name="chevron-right" />
      </button>
    </nav>
  );
}

/** Actions of the whole resource, beside its heading. */
function PlaceActions(props: { resource: Resource; actions: readonly Action[]; onDone: () => void }): React.ReactElement {
  const [open, setOpen] = useState<Action | null>(null);
  const base = `/resources/${props.resource.id}/actions`;
  return (
    <span className="fs-screen-actions">
      {props.actions.map((action) => (
        <button key={action.name} type="button" className="fs-button fs-button-small" onClick={() => setOpen(action)}>
          {action.label}
        </button>
      ))}
      {open ? (
        <ReasonForm
          action={open}
          target={{ path: `${base}/${open.name}`, base, record: null, version: null }}
          onClose={() => setOpen(null)}
          onDone={() => {
            setOpen(null);
            props.onDone();
          }}
        />
      ) : null}
    </span>
  );
}

type BulkResult = { id: string; outcome: string; reason?: string };

function BulkBar(props: { resource: Resource; selected: ReadonlySet<string>; onDone: () => void }): React.ReactElement {
  const { resource, selected } = props;
  const [open, setOpen] = useState<Action | null>(null);
  const [results, setResults] = useState<readonly BulkResult[] | null>(null);
  const base = `/resources/${resource.id}/bulk`;
  const ids = [...selected];
  return (
    <section className="fs-bulk-bar" aria-label="Selected records">
      <span className="fs-tabular">{selected.size} selected</span>
      {resource.bulkActions.map((action) => (
        <button key={action.name} type="button" className="fs-button fs-button-small" onClick={() => setOpen(action)}>
          {action.label}
        </button>
      ))}
      {results ? <BulkOutcome results={results} onClose={props.onDone} /> : null}
      {open ? (
        <ReasonForm
          action={open}
          target={{ path: `${base}/${open.name}`, base, record: null, version: null, recordIds: ids }}
          onClose={() => setOpen(null)}
          onDone={(answer) => {
            setOpen(null);
            setResults(answer.results ?? []);
          }}
        />
      ) : null}
    </section>
  );
}

function BulkOutcome({ results, onClose }: { results: readonly BulkResult[]; onClose: () => void }): React.ReactElement {
  const count = (outcome: string) => results.filter((result) => result.outcome === outcome).length;
  return (
    <div className="fs-bulk-outcome" role="status">
      <p>
        {count('changed')} changed, {count('unchanged')} unchanged, {count('refused')} refused.
      </p>
      <ul>
        {results
          .filter((result) => result.reason)
          .map((result) => (
            <li key={result.id}>
              <code>{result.id}</code> {result.reason}
            </li>
          ))}
      </ul>
      <button type="button" className="fs-button fs-button-small" onClick={onClose}>
        Done
      </button>
    </div>
  );
}
