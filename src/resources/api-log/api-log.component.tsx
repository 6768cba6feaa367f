import type React from 'react';
import { pageState } from '../../admin/components/admin-types.component.tsx';
import { EmptyState, ErrorState } from '../../admin/components/empty-state.component.tsx';
import { navigate, useAddress } from '../../admin/components/router.component.tsx';
import { StatusPill } from '../../admin/components/status-pill.component.tsx';
import { t } from '../../admin/components/text.component.tsx';
import { exactTime, Time } from '../../admin/components/time.component.tsx';
import { useIsSlow, useRemote } from '../../admin/components/use-remote.component.tsx';
import { ApiLogCharts } from './api-log-charts.component.tsx';
import { ApiLogFilters } from './api-log-filters.component.tsx';
import { ApiLogList } from './api-log-list.component.tsx';
import { ApiLogRoutes } from './api-log-routes.component.tsx';
import type { ApiLogView } from './api-log-types.component.tsx';

const numbers = new Intl.NumberFormat(pageState.preferences.locale);

/** Requests of both doors: what was asked, how it ended, how long it took. Everything that narrows it is in the address. */
export default function ApiLog(): React.ReactElement {
  const { search } = useAddress();
  const remote = useRemote<ApiLogView>(`/pages/api-log${search}`);
  const isSlow = useIsSlow(remote.isLoading && remote.data === null);
  const params = new URLSearchParams(search);
  const go = (next: URLSearchParams) => {
    next.delete('before');
    const text = next.toString();
    navigate(`/admin/pages/api-log${text ? `?${text}` : ''}`);
  };
  const only = (changes: Readonly<Record<string, string>>) => {
    const next = new URLSearchParams(params);
    for (const [name, value] of Object.entries(changes)) next.set(name, value);
    go(next);
  };
  const { data: view } = remote;
  return (
    <div aria-busy={remote.isLoading}>
      <header className="fs-screen-head">
        <h1>{t('API log')}</h1>
        {view ? <Extent view={view} /> : null}
      </header>
      <ApiLogFilters params={params} actorName={view?.actorName ?? null} routes={view?.figures?.routes ?? []} onChange={go} />
      {remote.problem ? <ErrorState problem={remote.problem} retry={remote.reload} /> : null}
      {!view && !remote.problem ? (
        <div className="fs-skeleton">{isSlow ? <div role="status" aria-label={t('Loading')} /> : null}</div>
      ) : null}
      {view ? <Losses view={view} /> : null}
      {view && view.rows.length === 0 ? <Nothing params={params} onClear={() => go(new URLSearchParams())} /> : null}
      {view && view.rows.length > 0 ? (
        <>
          {view.figures ? <ApiLogCharts figures={view.figures} /> : null}
          {view.figures ? <ApiLogRoutes figures={view.figures} samplePercent={view.samplePercent} onOnly={only} /> : null}
          <ApiLogList first={view} params={params} onOnly={only} />
        </>
      ) : null}
    </div>
  );
}

/** How much it is and of when; the number is an estimate wherever reads were sampled. */
function Extent({ view }: { view: ApiLogView }): React.ReactElement {
  const sum = (view.figures?.routes ?? []).reduce((total, route) => total + route.requests, 0);
  const { from, to } = view.window;
  return (
    <>
      {view.figures ? (
        <span className="fs-muted fs-tabular" role="status">
          {sum === 1 ? t('About 1 request') : t('About {sum} requests', { sum: numbers.format(sum) })}
          {view.figures.isCut ? `, ${t('of the latest 50,000 kept rows')}` : ''}
        </span>
      ) : null}
      <span className="fs-muted" title={t('{from} to {to}', { from: exactTime(new Date(from)), to: exactTime(new Date(to)) })}>
        {t('since')} <Time value={from} />
      </span>
    </>
  );
}

function Losses({ view }: { view: ApiLogView }): React.ReactElement | null {
  const losses = view.figures?.losses;
  if (!losses || losses.lost === 0) return null;
  return (
    <p role="status" className="fs-log-losses">
      <StatusPill tone="warn">{t('{lost} rows lost', { lost: numbers.format(losses.lost) })}</StatusPill>{' '}
      {t(
        'In this time so many answers were not written down, because too many came at once or the database did not take them. The figures leave them out.',
      )}
      {losses.lastAt ? (
        <>
          {' '}
          {t('Last')} <Time value={losses.lastAt} />.
        </>
      ) : null}
    </p>
  );
}

function Nothing({ params, onClear }: { params: URLSearchParams; onClear: () => void }): React.ReactElement {
  if ([...params.keys()].length === 0)
    return (
      <EmptyState icon="gauge" title={t('No requests in the last 24 hours')}>
        {t('They appear here half a second after they were answered.')}
      </EmptyState>
    );
  return (
    <EmptyState icon="filter" title={t('Nothing matches')} action={{ label: t('Clear filters'), run: onClear }}>
      {t('No kept request fits these filters. Of successful reads only a sample is kept.')}
    </EmptyState>
  );
}
