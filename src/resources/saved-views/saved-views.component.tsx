import type React from 'react';
import { useState } from 'react';
import { Problem } from '../../admin/components/admin-api.component.tsx';
import { EmptyState, ErrorState } from '../../admin/components/empty-state.component.tsx';
import { Icon } from '../../admin/components/icon.component.tsx';
import { useReceipts } from '../../admin/components/receipts.component.tsx';
import { Link, navigate } from '../../admin/components/router.component.tsx';
import { sentenceCase } from '../../admin/components/status-pill.component.tsx';
import { t } from '../../admin/components/text.component.tsx';
import { useIsSlow, useRemote } from '../../admin/components/use-remote.component.tsx';
import { askForViews } from '../../admin/components/use-views.component.tsx';

type View = { id: string; resource: string; list: string; name: string; sharedRole: string | null };

/** All views a person keeps, list by list: put in order and deleted here, made and changed above their lists. */
export default function SavedViews(): React.ReactElement {
  const { data, problem, isLoading, reload } = useRemote<{ views: readonly View[] }>('/pages/saved-views');
  const isSlow = useIsSlow(isLoading && data === null);
  const [refusal, setRefusal] = useState<string | null>(null);
  const showReceipt = useReceipts();
  const ask = async (action: string, input: object, isTold = true) => {
    setRefusal(null);
    try {
      const answer = await askForViews(action, input);
      if (isTold) showReceipt({ message: answer.message ?? t('Done.'), receipt: null, undo: null });
    } catch (error) {
      setRefusal(error instanceof Problem ? error.message : t('This did not work. Nothing was changed.'));
    }
    reload();
  };
  const lists = Map.groupBy(data?.views ?? [], (view) => view.resource);
  return (
    <>
      <header className="fs-screen-head">
        <h1>{t('Your saved views')}</h1>
      </header>
      {refusal ? <p role="alert">{refusal}</p> : null}
      {problem ? <ErrorState problem={problem} retry={reload} /> : null}
      {!data && !problem ? <div className="fs-skeleton">{isSlow ? <div role="status" aria-label={t('Loading')} /> : null}</div> : null}
      {data && lists.size === 0 ? (
        <EmptyState
          icon="filter"
          title={t('No saved views yet')}
          action={{ label: t('Go to users'), run: () => navigate('/admin/resources/User') }}
        >
          {t('Filter a list, then press Save view above it.')}
        </EmptyState>
      ) : null}
      {[...lists].map(([resource, views]) => (
        <section key={resource} className="fs-card">
          <h2>{views[0]?.list}</h2>
          <ol className="fs-view-lines">
            {views.map((view, at) => (
              <ViewLine
                key={view.id}
                view={view}
                isFirst={at === 0}
                isLast={at === views.length - 1}
                onMove={(by) => void ask('orderViews', { resource, ids: moved(views, at, by) }, false)}
                onDelete={() => void ask('forgetView', { id: view.id })}
              />
            ))}
          </ol>
        </section>
      ))}
    </>
  );
}

function moved(views: readonly View[], at: number, by: number): readonly string[] {
  const ids = views.map((view) => view.id);
  const [id] = ids.splice(at, 1);
  if (id !== undefined) ids.splice(at + by, 0, id);
  return ids;
}

function ViewLine(props: {
  view: View;
  isFirst: boolean;
  isLast: boolean;
  onMove: (by: number) => void;
  onDelete: () => void;
}): React.ReactElement {
  const { view } = props;
  const mover = (label: string, icon: string, isOff: boolean, by: number) => (
    <button
      type="button"
      className="fs-icon-button"
      aria-label={label}
      aria-disabled={isOff}
      onClick={() => {
        if (!isOff) props.onMove(by);
      }}
    >
      <Icon name={icon} />
    </button>
  );
  return (
    <li>
      <Link href={`/admin/resources/${view.resource}?view=${view.id}`}>{view.name}</Link>
      <span className="fs-muted fs-small">
        {view.sharedRole ? t('Shared with {role}', { role: sentenceCase(view.sharedRole) }) : t('Only you')}
      </span>
      {mover(t('Move {view} up', { view: view.name }), 'chevron-up', props.isFirst, -1)}
      {mover(t('Move {view} down', { view: view.name }), 'chevron-down', props.isLast, 1)}
      <button type="button" className="fs-link-button" aria-label={t('Delete {view}', { view: view.name })} onClick={props.onDelete}>
        {t('Delete')}
      </button>
    </li>
  );
}
