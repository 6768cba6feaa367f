import type React from 'react';
import { useState } from 'react';
import type { Resource } from './admin-types.component.tsx';
import { Link } from './router.component.tsx';
import { t } from './text.component.tsx';
import { paramsOfView, type SavedView, type UseViews, viewQueryOf } from './use-views.component.tsx';
import { ViewMenu } from './view-menu.component.tsx';
import { type NamedView, ViewNameDialog } from './view-name-dialog.component.tsx';

/** The views above a list: all records, one's own views, those shared with one's role; each a link with its count. */
export function ViewBar(props: {
  resource: Resource;
  views: UseViews;
  params: URLSearchParams;
  /** Columns as shown now, empty for the list's own. */
  columns: readonly string[];
}): React.ReactElement {
  const { resource, views, params, columns } = props;
  const [naming, setNaming] = useState<NamedView | null>(null);
  const active = views.views.find((view) => view.id === params.get('view')) ?? null;
  const base = `/admin/resources/${resource.id}`;
  const query = viewQueryOf(params, columns);
  const canSave = Object.keys(query.filters).length > 0 || query.sortBy !== undefined || columns.length > 0;
  return (
    <nav className="fs-views" aria-label={t('Views')}>
      <ul>
        <li>
          <Link
            href={views.arrangement.defaultViewId ? `${base}?view=all` : base}
            className="fs-view"
            aria-current={isAll(params) ? 'page' : undefined}
          >
            {t('All')}
          </Link>
        </li>
        {views.views.map((view) => (
          <li key={view.id}>
            <Link href={`${base}?${paramsOfView(view)}`} className="fs-view" aria-current={view === active ? 'page' : undefined}>
              {view.name} {view.countText === null ? null : <span className="fs-view-count fs-tabular">{view.countText}</span>}
              {view.isOwn ? null : <span className="fs-visually-hidden">, {t('shared with you')}</span>}
            </Link>
          </li>
        ))}
      </ul>
      {canSave || active ? (
        <ViewMenu resource={resource} views={views} active={active} query={query} canSave={canSave} onName={setNaming} />
      ) : null}
      {active ? <Dropped view={active} /> : null}
      {naming ? (
        <ViewNameDialog resource={resource} naming={naming} query={query} onClose={() => setNaming(null)} onDone={views.reload} />
      ) : null}
    </nav>
  );
}

function isAll(params: URLSearchParams): boolean {
  return ![...params.keys()].some((key) => key.startsWith('filters.') || key === 'q') && !isView(params.get('view'));
}

function isView(value: string | null): boolean {
  return value !== null && value !== 'all';
}

/** A view never shows more than its reader may see: what of it does not apply is said. */
function Dropped({ view }: { view: SavedView }): React.ReactElement | null {
  if (view.dropped.length === 0) return null;
  return (
    <p className="fs-muted fs-small" role="status">
      {t('Left out of this view, because it is not open to you: {parts}.', { parts: view.dropped.join(', ') })}
    </p>
  );
}
