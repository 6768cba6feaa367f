import type React from 'react';
import { useEffect } from 'react';
import type { Tone } from './admin-types.component.tsx';
import { BulkReasons } from './bulk-preview.component.tsx';
import { RunButtons } from './bulk-run-buttons.component.tsx';
import {
  type BulkRowJson,
  type BulkRunAnswer,
  type BulkRunJson,
  bulkRunsPath,
  type RowOutcome,
  runStates,
} from './bulk-run-types.component.tsx';
import { ErrorState } from './empty-state.component.tsx';
import { Link, recordHref } from './router.component.tsx';
import { StatusPill, sentenceCase } from './status-pill.component.tsx';
import { t } from './text.component.tsx';
import { useRemote } from './use-remote.component.tsx';

const rowStates: Readonly<Record<RowOutcome, { label: string; tone: Tone }>> = {
  waiting: { label: t('Not done'), tone: 'neutral' },
  changed: { label: t('Changed'), tone: 'ok' },
  unchanged: { label: t('Unchanged'), tone: 'neutral' },
  refused: { label: t('Refused'), tone: 'danger' },
};

const refreshMs = 700;

/** One run: how far it is, what became of each row, and what may still be done about it. It follows the run until its end. */
export function BulkRunView(props: { runId: string; showsRows?: boolean; onRun: (runId: string) => void }): React.ReactElement {
  const { runId, onRun } = props;
  const { data, problem, reload } = useRemote<BulkRunAnswer>(`${bulkRunsPath}?run=${runId}`);
  const isOpen = data?.run.id === runId && (data.run.status === 'queued' || data.run.status === 'running');
  useEffect(() => {
    if (!isOpen) return undefined;
    const timer = setInterval(reload, refreshMs);
    return () => clearInterval(timer);
  }, [isOpen, reload]);
  if (problem) return <ErrorState problem={problem} retry={reload} />;
  if (!data || data.run.id !== runId) return <p className="fs-muted">{t('Loading')}</p>;
  const { run, rows } = data;
  return (
    <div className="fs-bulk-run">
      <p>
        <strong>{run.action}</strong> <StatusPill tone={runStates[run.status].tone}>{runStates[run.status].label}</StatusPill>
      </p>
      {run.reason ? <p className="fs-muted">{[sentenceCase(run.reason.code), run.reason.text].filter(Boolean).join(': ')}</p> : null}
      <Progress run={run} />
      <BulkReasons rows={rows.filter((row) => row.outcome === 'refused')} />
      {props.showsRows ? <RunRows resource={run.resource} rows={rows} /> : null}
      <RunButtons run={run} undo={data.undo} onRun={onRun} onChanged={reload} />
      {props.showsRows ? null : (
        <p className="fs-small">
          <Link href={`/admin${bulkRunsPath}?run=${run.id}`}>{t('Open this run')}</Link>
        </p>
      )}
    </div>
  );
}

function Progress({ run }: { run: BulkRunJson }): React.ReactElement {
  const { counts, total } = run;
  const done = total - counts.waiting;
  const words = t('{changed} changed, {unchanged} unchanged, {refused} refused, {waiting} not done', counts);
  return (
    <div role="status">
      <progress max={Math.max(total, 1)} value={done} aria-label={t('{done} of {total} rows', { done, total })} />
      <p className="fs-tabular">
        {t('{done} of {total} rows', { done, total })}: {words}.
      </p>
    </div>
  );
}

function RunRows({ resource, rows }: { resource: string; rows: readonly BulkRowJson[] }): React.ReactElement {
  return (
    <div className="fs-scroll">
      <table className="fs-table-plain">
        <thead>
          <tr>
            <th scope="col">{t('Record')}</th>
            <th scope="col">{t('Outcome')}</th>
            <th scope="col">{t('Why')}</th>
            <th scope="col">{t('Audit')}</th>
          </tr>
        </thead>
        <tbody>
          {rows.map((row) => (
            <tr key={row.id}>
              <td>{row.title === null ? <code>{row.id}</code> : <Link href={recordHref(resource, row.id)}>{row.title}</Link>}</td>
              <td>
                <StatusPill tone={rowStates[row.outcome].tone}>{rowStates[row.outcome].label}</StatusPill>
              </td>
              <td>{row.reason ?? ''}</td>
              <td>
                {row.actionId ? (
                  <Link
                    href={`/admin/pages/audit?action=${row.actionId}`}
                    aria-label={t('See in audit: {record}', { record: row.title ?? row.id })}
                  >
                    {t('See in audit')}
                  </Link>
                ) : null}
              </td>
            </tr>
          ))}
        </tbody>
      </table>
    </div>
  );
}
