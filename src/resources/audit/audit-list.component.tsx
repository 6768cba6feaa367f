import type React from 'react';
import { useEffect, useState } from 'react';
import { getJson, Problem } from '../../admin/components/admin-api.component.tsx';
import { EmptyState } from '../../admin/components/empty-state.component.tsx';
import { Icon } from '../../admin/components/icon.component.tsx';
import { navigate, useAddress } from '../../admin/components/router.component.tsx';
import { StatusPill } from '../../admin/components/status-pill.component.tsx';
import { Time } from '../../admin/components/time.component.tsx';
import { initials } from '../../admin/components/timeline.component.tsx';
import { AuditFilters } from './audit-filters.component.tsx';
import { type ActionRow, type ActionView, isOutcome, type ListView, outcomes } from './audit-types.component.tsx';
import { ClickDetail } from './click-detail.component.tsx';

const reachWords = { all: 'Everybody', team: 'You and your team', own: 'Your own actions' } as const;

/** Actions, newest first, one line per click; a line opens to the rows it changed. */
export function AuditList({ first }: { first: ListView }): React.ReactElement {
  const { search } = useAddress();
  const [rows, setRows] = useState(first.rows);
  const [next, setNext] = useState(first.next);
  const [problem, setProblem] = useState<Problem | null>(null);
  useEffect(() => {
    setRows(first.rows);
    setNext(first.next);
  }, [first]);
  const params = new URLSearchParams(search);
  const go = (changed: URLSearchParams) => {
    const text = changed.toString();
    navigate(`/admin/pages/audit${text ? `?${text}` : ''}`);
  };
  const more = async (before: string) => {
    params.set('before', before);
    try {
      const page = await getJson<ListView>(`/pages/audit?${params.toString()}`);
      setRows((shown) => [...shown, ...page.rows]);
      setNext(page.next);
    } catch (error) {
      setProblem(error instanceof Problem ? error : new Problem(0, {}));
    }
  };
  const only = (name: string, value: string) => {
    const changed = new URLSearchParams(search);
    changed.set(name, value);
    go(changed);
  };
  return (
    <>
      <header className="fs-screen-head">
        <h1>Audit</h1>
        <span className="fs-muted fs-tabular" role="status">
          {first.totalText} {first.totalText === '1' ? 'action' : 'actions'}
        </span>
        <span className="fs-muted">{reachWords[first.reach]}</span>
        {first.lagSeconds > 30 ? <StatusPill tone="warn">Country and device behind by {first.lagSeconds} s</StatusPill> : null}
      </header>
      <AuditFilters params={params} actorName={first.actorName} onChange={go} />
      {rows.length === 0 ? (
        <EmptyState icon="scroll" title="Nothing matches" action={{ label: 'Clear filters', run: () => go(new URLSearchParams()) }}>
          No action of this time fits all filters.
        </EmptyState>
      ) : null}
      <ol className="fs-audit">
        {rows.map((row) => (
          <Line key={row.id} row={row} onOnly={only} />
        ))}
      </ol>
      {problem ? <p role="alert">{problem.message}</p> : null}
      {next ? (
        <button type="button" className="fs-button" onClick={() => void more(next)}>
          Older
        </button>
      ) : null}
    </>
  );
}

function Line({ row, onOnly }: { row: ActionRow; onOnly: (name: string, value: string) => void }): React.ReactElement {
  const [isOpen, setIsOpen] = useState(false);
  return (
    <li>
      <div className="fs-audit-line">
        <span className="fs-avatar" aria-hidden="true">
          {initials(row.actor)}
        </span>
        <div>
          <p>
            {row.actorId ? (
              <button
                type="button"
                className="fs-link-button"
                onClick={() => onOnly('actor', row.actorId ?? '')}
                aria-label={`Only actions of ${row.actor}`}
              >
                {row.actor}
              </button>
            ) : (
              <strong>{row.actor}</strong>
            )}{' '}
            {row.role ? <span className="fs-muted">({row.role})</span> : null} {row.what}
            {row.whom ? `: ${row.whom}` : null}
            {row.recordCount > 1 && !row.whom ? <span className="fs-muted"> ({row.recordCount} records)</span> : null}
          </p>
          {row.reason ? <blockquote>{row.reason}</blockquote> : null}
          <p className="fs-muted fs-small">
            <Time value={row.at} />
            {row.country ? `, from ${row.country}` : ''}
            {row.device ? `, ${row.device}` : ''}, {doorWords[row.door] ?? row.door}
          </p>
        </div>
        <span className="fs-audit-marks">
          <OutcomePill row={row} />
          {row.isSealed ? <StatusPill tone="ok">Sealed</StatusPill> : null}
          <button type="button" className="fs-icon-button" aria-expanded={isOpen} onClick={() => setIsOpen((before) => !before)}>
            <span className="fs-small">
              {row.changeCount > 0 ? `${row.changeCount > 100 ? '100+' : row.changeCount} changed` : 'Details'}
              <span className="fs-visually-hidden">
                : {row.actor} {row.what}
              </span>
            </span>
            <Icon name={isOpen ? 'chevron-up' : 'chevron-down'} />
          </button>
        </span>
      </div>
      {isOpen ? <Opened row={row} /> : null}
    </li>
  );
}

export const doorWords: Readonly<Record<string, string>> = {
  admin: 'in the back office',
  api: 'through the API',
  worker: 'by a job',
  cli: 'on the command line',
};

export function OutcomePill({ row }: { row: Pick<ActionRow, 'outcome' | 'errorCode'> }): React.ReactElement {
  const { label, tone } = isOutcome(row.outcome) ? outcomes[row.outcome] : { label: row.outcome, tone: 'neutral' as const };
  return (
    <StatusPill tone={tone}>
      {label}
      {row.errorCode ? `: ${row.errorCode.replaceAll('_', ' ')}` : ''}
    </StatusPill>
  );
}

/** The rows of one click, loaded when the line is opened. */
function Opened({ row }: { row: ActionRow }): React.ReactElement {
  const [view, setView] = useState<ActionView | null>(null);
  const [problem, setProblem] = useState<Problem | null>(null);
  useEffect(() => {
    const abort = new AbortController();
    getJson<ActionView>(`/pages/audit?action=${row.id}`, abort.signal)
      .then(setView)
      .catch((error: unknown) => {
        if (!abort.signal.aborted) setProblem(error instanceof Problem ? error : new Problem(0, {}));
      });
    return () => abort.abort();
  }, [row.id]);
  if (problem) return <p role="alert">{problem.message}</p>;
  return view ? <ClickDetail view={view} /> : <p className="fs-muted">Loading</p>;
}
