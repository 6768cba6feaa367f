import type React from 'react';
import { useEffect, useState } from 'react';
import { getJson, Problem } from '../../admin/components/admin-api.component.tsx';
import { Icon } from '../../admin/components/icon.component.tsx';
import { Link } from '../../admin/components/router.component.tsx';
import { StatusPill } from '../../admin/components/status-pill.component.tsx';
import { t } from '../../admin/components/text.component.tsx';
import { Time } from '../../admin/components/time.component.tsx';
import { initials } from '../../admin/components/timeline.component.tsx';
import { type ActionRow, type ActionView, isOutcome, outcomes, tableName } from './audit-types.component.tsx';
import { ClickDetail } from './click-detail.component.tsx';

/** Clicks, newest first, one line each; a line opens to the rows it changed. */
export function AuditList(props: { rows: readonly ActionRow[]; onOnly: (name: string, value: string) => void }): React.ReactElement | null {
  if (props.rows.length === 0) return null;
  return (
    <ol className="fs-audit">
      {props.rows.map((row) => (
        <Line key={row.id} row={row} onOnly={props.onOnly} />
      ))}
    </ol>
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
                aria-label={t('Only actions of {actor}', { actor: row.actor })}
              >
                {row.actor}
              </button>
            ) : (
              <strong>{row.actor}</strong>
            )}{' '}
            {row.role ? <span className="fs-muted">({row.role})</span> : null} {row.what}
            {row.whom ? `: ${row.whom}` : null}
            {row.recordCount > 1 && !row.whom ? (
              <span className="fs-muted"> {t('({recordCount} records)', { recordCount: row.recordCount })}</span>
            ) : null}
          </p>
          {row.reason ? <blockquote>{row.reason}</blockquote> : null}
          <p className="fs-muted fs-small">
            <Time value={row.at} />
            {row.country ? `, ${t('from {country}', { country: row.country })}` : ''}
            {row.device ? `, ${row.device}` : ''}, {doorWords[row.door] ?? row.door}
          </p>
        </div>
        <span className="fs-audit-marks">
          {row.score !== null && row.score >= 70 ? <StatusPill tone="danger">{t('Score {score}', { score: row.score })}</StatusPill> : null}
          <OutcomePill row={row} />
          {row.isSealed ? <StatusPill tone="ok">{t('Sealed')}</StatusPill> : null}
          {row.record ? (
            <RowHistory record={row.record} canOpen={row.canOpenHistory} />
          ) : (
            <button type="button" className="fs-icon-button" aria-expanded={isOpen} onClick={() => setIsOpen((before) => !before)}>
              <span className="fs-small">
                {row.changeCount > 0 ? t('{value} changed', { value: row.changeCount > 100 ? '100+' : row.changeCount }) : t('Details')}
                <span className="fs-visually-hidden">
                  : {row.actor} {row.what}
                </span>
              </span>
              <Icon name={isOpen ? 'chevron-up' : 'chevron-down'} />
            </button>
          )}
        </span>
      </div>
      {isOpen ? <Opened row={row} /> : null}
    </li>
  );
}

/** Of a change that no action owns: its history where the reader may open it, else only which row it was. */
function RowHistory({ record, canOpen }: { record: string; canOpen: boolean }): React.ReactElement {
  if (canOpen) return <Link href={`/admin/pages/history?record=${encodeURIComponent(record)}`}>{t('History of the row')}</Link>;
  const [table = '', id = ''] = record.split(':');
  return (
    <span className="fs-muted fs-small">
      {tableName(table)} <code>{id.slice(0, 8)}</code>
    </span>
  );
}

export const doorWords: Readonly<Record<string, string>> = {
  admin: 'in the back office',
  api: 'through the API',
  worker: 'by a job',
  cli: 'on the command line',
  direct: 'with SQL',
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
  return view ? <ClickDetail view={view} /> : <p className="fs-muted">{t('Loading')}</p>;
}
