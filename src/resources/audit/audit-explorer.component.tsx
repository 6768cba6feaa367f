import type React from 'react';
import { useState } from 'react';
import type { Problem } from '../../admin/components/admin-api.component.tsx';
import type { Action } from '../../admin/components/admin-types.component.tsx';
import { EmptyState, ErrorState } from '../../admin/components/empty-state.component.tsx';
import { Icon } from '../../admin/components/icon.component.tsx';
import { ReasonForm } from '../../admin/components/reason-form.component.tsx';
import { Link, navigate } from '../../admin/components/router.component.tsx';
import { StatusPill } from '../../admin/components/status-pill.component.tsx';
import { t } from '../../admin/components/text.component.tsx';
import { useIsSlow, useRemote } from '../../admin/components/use-remote.component.tsx';
import { AuditFilters } from './audit-filters.component.tsx';
import { AuditList } from './audit-list.component.tsx';
import type { ListView } from './audit-types.component.tsx';

const reachWords = {
  all: t('Everybody'),
  team: t('You and your team'),
  own: t('Your own actions'),
  timeline: t('Your actions, and changes of this person'),
} as const;

const minLetters = 3;

/** Search box, filters and the list, one line per click. All of what is asked for is in the address, the page of the list too. */
export function AuditExplorer({ search }: { search: string }): React.ReactElement {
  const remote = useRemote<ListView>(`/pages/audit${search}`);
  const isSlow = useIsSlow(remote.isLoading);
  const params = new URLSearchParams(search);
  const { data } = remote;
  const go = (next: URLSearchParams) => {
    next.delete('before');
    next.delete('after');
    navigate(hrefOf(next));
  };
  const withParam = (name: string, value: string) => {
    const next = new URLSearchParams(search);
    if (value) next.set(name, value);
    else next.delete(name);
    go(next);
  };
  return (
    <div aria-busy={remote.isLoading}>
      <header className="fs-screen-head">
        <h1>{t('Audit')}</h1>
        <span className="fs-muted fs-tabular" role="status">
          {isSlow
            ? t('Searching')
            : data
              ? data.totalText === '1'
                ? t('1 action')
                : t('{totalText} actions', { totalText: data.totalText })
              : ''}
        </span>
        {data ? <span className="fs-muted">{reachWords[data.reach]}</span> : null}
        {data && data.lagSeconds > 30 ? (
          <StatusPill tone="warn">
            {t('Search is behind by {lag}: the newest rows are not in it yet', { lag: lagWords(data.lagSeconds) })}
          </StatusPill>
        ) : null}
        {data?.exportAction ? <ExportButton action={data.exportAction} params={params} /> : null}
      </header>
      <SearchBox key={params.get('q') ?? ''} initial={params.get('q') ?? ''} onSearch={(text) => withParam('q', text)} />
      <AuditFilters params={params} actorName={data?.actorName ?? null} onChange={go} />
      {remote.problem ? <Trouble problem={remote.problem} retry={remote.reload} onClear={() => go(new URLSearchParams())} /> : null}
      {!data && !remote.problem ? (
        <div className="fs-skeleton">{isSlow ? <div role="status" aria-label={t('Loading')} /> : null}</div>
      ) : null}
      {data && data.rows.length === 0 ? <Nothing params={params} view={data} onClear={() => go(new URLSearchParams())} /> : null}
      {data ? <AuditList rows={data.rows} onOnly={withParam} /> : null}
      {data ? <Pager params={params} view={data} /> : null}
    </div>
  );
}

function hrefOf(params: URLSearchParams): string {
  const text = params.toString();
  return `/admin/pages/audit${text ? `?${text}` : ''}`;
}

function lagWords(seconds: number): string {
  if (seconds < 120) return `${seconds} s`;
  return seconds < 7200 ? `${Math.round(seconds / 60)} min` : `${Math.round(seconds / 3600)} h`;
}

function SearchBox({ initial, onSearch }: { initial: string; onSearch: (text: string) => void }): React.ReactElement {
  const [text, setText] = useState(initial);
  const isShort = text.trim() !== '' && text.trim().length < minLetters;
  return (
    <search className="fs-search fs-audit-search">
      <form
        onSubmit={(event) => {
          event.preventDefault();
          onSearch(text.trim());
        }}
      >
        <Icon name="search" />
        <input
          type="search"
          aria-label={t('Search the history')}
          aria-describedby="fs-audit-search-help"
          placeholder={t('Words of a change, a reason or an action; an id')}
          value={text}
          maxLength={200}
          onChange={(event) => setText(event.target.value)}
        />
      </form>
      <p id="fs-audit-search-help" className="fs-muted fs-small">
        {isShort
          ? t('At least {minLetters} letters: until then only the filters count.', { minLetters })
          : t('All words must be there; "in quotes" as they stand.')}
      </p>
    </search>
  );
}

/** A search that takes too long is no failure of the system: it says what to do, and the filters stay. */
function Trouble({ problem, retry, onClear }: { problem: Problem; retry: () => void; onClear: () => void }): React.ReactElement {
  if (problem.code === 'query_too_broad') {
    return (
      <div role="alert">
        <EmptyState icon="filter" title={t('That is too much to search')} action={{ label: t('Try again'), run: retry }}>
          {t('It was stopped after 3 seconds. A shorter time helps most; an actor, an action or a longer word help too.')}
        </EmptyState>
      </div>
    );
  }
  if (problem.code === 'invalid_filter' || problem.code === 'unknown_filter') {
    return (
      <div role="alert">
        <EmptyState icon="filter" title={t('This filter cannot be read')} action={{ label: t('Clear filters'), run: onClear }}>
          {problem.message}
        </EmptyState>
      </div>
    );
  }
  return <ErrorState problem={problem} retry={retry} />;
}

function Nothing({ params, view, onClear }: { params: URLSearchParams; view: ListView; onClear: () => void }): React.ReactElement {
  const isPaged = params.has('before') || params.has('after');
  if (isPaged)
    return (
      <EmptyState
        icon="scroll"
        title={t('The end of the list')}
        action={{ label: t('To the newest'), run: () => navigate(hrefOf(withoutPage(params))) }}
      />
    );
  const isFiltered = [...params.keys()].length > 0;
  if (!isFiltered) {
    return (
      <EmptyState icon="scroll" title={t('Nothing yet')}>
        {view.reach === 'all' ? t('Nobody did anything in the last 30 days.') : t('You did nothing in the last 30 days that is recorded.')}
      </EmptyState>
    );
  }
  return (
    <EmptyState icon="scroll" title={t('Nothing matches')} action={{ label: t('Clear filters'), run: onClear }}>
      {t('No action of this time fits all filters.')}
      {view.reach === 'all' ? null : ' '}
      {view.reach === 'team' ? t('You see your own actions and those of your team.') : null}
      {view.reach === 'all' || view.reach === 'team' ? null : t('You see your own actions.')}
    </EmptyState>
  );
}

function withoutPage(params: URLSearchParams): URLSearchParams {
  const next = new URLSearchParams(params);
  next.delete('before');
  next.delete('after');
  return next;
}

/** By cursor, never by number: links, so that a page can be kept and sent. */
function Pager({ params, view }: { params: URLSearchParams; view: ListView }): React.ReactElement | null {
  const to = (name: 'before' | 'after', cursor: string) => {
    const next = withoutPage(params);
    next.set(name, cursor);
    return hrefOf(next);
  };
  if (!view.next && !view.newer) return null;
  return (
    <nav aria-label={t('Pages')} className="fs-audit-pager">
      {view.newer ? (
        <Link className="fs-button" href={to('after', view.newer)}>
          {t('Newer')}
        </Link>
      ) : null}
      {view.next ? (
        <Link className="fs-button" href={to('before', view.next)}>
          {t('Older')}
        </Link>
      ) : null}
    </nav>
  );
}

function ExportButton({ action, params }: { action: Action; params: URLSearchParams }): React.ReactElement {
  const [isOpen, setIsOpen] = useState(false);
  return (
    <span className="fs-audit-export">
      <button type="button" className="fs-button" onClick={() => setIsOpen(true)}>
        {t('Export')}
      </button>{' '}
      <Link href="/admin/pages/audit-exports">{t('Your exports')}</Link>
      {isOpen ? (
        <ReasonForm
          action={action}
          target={{
            path: '/pages/audit-exports',
            base: '/pages/audit-exports',
            record: null,
            version: null,
            pageAction: action.name,
            fixedInput: { query: withoutPage(params).toString() },
          }}
          onClose={() => setIsOpen(false)}
          onDone={() => {
            setIsOpen(false);
            navigate('/admin/pages/audit-exports');
          }}
        />
      ) : null}
    </span>
  );
}
