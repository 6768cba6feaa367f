import type React from 'react';
import { useEffect, useState } from 'react';
import type { Column, Resource } from './admin-types.component.tsx';
import { BulkBar } from './bulk-bar.component.tsx';
import { ColumnChooser } from './column-chooser.component.tsx';
import { ErrorState } from './empty-state.component.tsx';
import { Filters } from './filters.component.tsx';
import { ListActions } from './list-actions.component.tsx';
import { queryOf, sorted, withParam } from './list-address.component.tsx';
import { listFilterKinds, referencedTitles } from './list-filters.component.tsx';
import { ListPager } from './list-pager.component.tsx';
import { ListSearch, ListSkeleton, NothingHere } from './list-states.component.tsx';
import { RecordTable, type Selection } from './record-table.component.tsx';
import { navigate, useAddress } from './router.component.tsx';
import { t } from './text.component.tsx';
import { useList, useScrollPlace } from './use-list.component.tsx';
import { useIsSlow } from './use-remote.component.tsx';
import { paramsOfView, type SavedView, type UseViews, useViews } from './use-views.component.tsx';
import { ViewBar } from './view-bar.component.tsx';

/**
 * The list of a resource. Filters, order, search and page live in the address, so that the back button and links keep them; a list
 * that a person opens with a view of theirs goes there first.
 */
export function ListScreen({ resource }: { resource: Resource }): React.ReactElement {
  const { search } = useAddress();
  const views = useViews(resource.id);
  const isSlow = useIsSlow(!views.isLoaded);
  const opening = openingView(views, search);
  useEffect(() => {
    if (opening) navigate(`/admin/resources/${resource.id}?${paramsOfView(opening)}`, { replace: true });
  }, [opening, resource.id]);
  if (!views.isLoaded || opening) {
    return (
      <div className="fs-list-screen" aria-busy="true">
        <header className="fs-screen-head">
          <h1>{resource.title}</h1>
        </header>
        <ListSkeleton isShown={isSlow} />
      </div>
    );
  }
  return <LoadedList resource={resource} views={views} search={search} />;
}

/** The view that an address without anything, or with nothing but a view's name, stands for. */
function openingView(views: UseViews, search: string): SavedView | undefined {
  const params = new URLSearchParams(search);
  const isBare = params.size === 0 || (params.size === 1 && params.has('view'));
  const id = params.get('view') ?? views.arrangement.defaultViewId;
  const view = isBare ? views.views.find((candidate) => candidate.id === id) : undefined;
  return view && `?${paramsOfView(view)}` !== search ? view : undefined;
}

function LoadedList({ resource, views, search }: { resource: Resource; views: UseViews; search: string }): React.ReactElement {
  const params = new URLSearchParams(search);
  const query = queryOf(params);
  const remote = useList(resource.id, query);
  const isSlow = useIsSlow(remote.isLoading && remote.data === null);
  const [selected, setSelected] = useState<Selection>(new Map());
  const records = remote.data?.records ?? [];
  const scroller = useScrollPlace(resource.id, search, records.length > 0);
  const { columns, chosen, choose } = useColumns(resource, views, params);
  const go = (next: URLSearchParams, keepPage = false) => {
    if (!keepPage) {
      next.delete('page');
      next.delete('after');
      setSelected(new Map());
    }
    // Neither may the view whose filters were just cleared open again, nor the one that the list opens with.
    if (next.size === 1 && next.has('view')) next.delete('view');
    if (next.size === 0 && views.arrangement.defaultViewId) next.set('view', 'all');
    const text = next.toString();
    navigate(`/admin/resources/${resource.id}${text ? `?${text}` : ''}`);
  };
  const hasConditions = [...params.keys()].some((key) => key.startsWith('filters.') || key === 'q');
  const clear = () => go(new URLSearchParams());
  return (
    <div className="fs-list-screen" aria-busy={remote.isLoading}>
      <header className="fs-screen-head">
        <h1>{resource.title}</h1>
        <span className="fs-muted fs-tabular" role="status">
          {remote.data ? countWords(remote.data.meta) : ''}
        </span>
        <ListActions resource={resource} query={query} columns={columns.map((column) => column.name)} onDone={remote.reload} />
      </header>
      <ViewBar resource={resource} views={views} params={params} columns={chosen} />
      <div className="fs-list-tools">
        {resource.canSearch ? (
          <ListSearch
            key={params.get('q') ?? ''}
            initial={params.get('q') ?? ''}
            title={resource.title}
            onSearch={(text) => go(withParam(params, 'q', text))}
          />
        ) : null}
        <Filters kinds={listFilterKinds(resource)} params={params} names={referencedTitles(records)} onChange={(next) => go(next)} />
        <ColumnChooser columns={resource.columns} shown={columns.map((column) => column.name)} onChange={choose} />
      </div>
      {selected.size > 0 ? (
        <BulkBar
          resource={resource}
          selected={selected}
          onClear={() => setSelected(new Map())}
          onDone={() => {
            setSelected(new Map());
            remote.reload();
          }}
        />
      ) : null}
      {remote.problem ? <ErrorState problem={remote.problem} retry={remote.reload} /> : null}
      {!remote.data && !remote.problem ? <ListSkeleton isShown={isSlow} /> : null}
      {remote.data && records.length === 0 ? <NothingHere resource={resource} isFiltered={hasConditions} onClear={clear} /> : null}
      {remote.data && records.length > 0 ? (
        <>
          <RecordTable
            resource={resource}
            columns={columns}
            keys={keysOf(columns, chosen.length > 0)}
            records={records}
            meta={remote.data.meta}
            selected={selected}
            scroller={scroller}
            onSelect={setSelected}
            onSort={(field) => go(sorted(params, remote.data?.meta, field))}
          />
          <ListPager params={params} meta={remote.data.meta} count={records.length} onGo={(next) => go(next, true)} />
        </>
      ) : null}
    </div>
  );
}

function countWords({ total, totalText }: { total: number; totalText: string }): string {
  return total === 1 ? t('1 record') : t('{count} records', { count: totalText });
}

/** The columns as the open view has them, else as the person chose them, else as the list does. */
function useColumns(resource: Resource, views: UseViews, params: URLSearchParams) {
  const view = views.views.find((candidate) => candidate.id === params.get('view'));
  const [override, setOverride] = useState<{ viewId: string; columns: readonly string[] } | null>(null);
  const viewId = view?.id ?? '';
  const ofView = view && view.query.columns.length > 0 ? view.query.columns : views.arrangement.columns;
  const chosen = override?.viewId === viewId ? override.columns : ofView;
  const density = view?.query.density;
  useEffect(() => {
    if (!density) return undefined;
    const before = document.documentElement.dataset.density;
    document.documentElement.dataset.density = density;
    return () => {
      document.documentElement.dataset.density = before;
    };
  }, [density]);
  const byName = new Map(resource.columns.map((column) => [column.name, column]));
  const known = chosen.flatMap((name) => byName.get(name) ?? []);
  return {
    columns: known.length > 0 ? known : resource.columns,
    chosen,
    choose: (columns: readonly string[]) => {
      setOverride({ viewId, columns });
      views.keepColumns(columns);
    },
  };
}

/** The three that narrow screens keep: the first chosen ones, or those the list names. */
function keysOf(columns: readonly Column[], isChosen: boolean): ReadonlySet<string> {
  const keys = isChosen ? columns.slice(0, 3) : columns.filter((column) => column.isKey);
  return new Set(keys.map((column) => column.name));
}
