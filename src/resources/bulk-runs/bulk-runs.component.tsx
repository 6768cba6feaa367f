import type React from 'react';
import { type BulkRunJson, runStates } from '../../admin/components/bulk-run-types.component.tsx';
import { BulkRunView } from '../../admin/components/bulk-run-view.component.tsx';
import { EmptyState, ErrorState } from '../../admin/components/empty-state.component.tsx';
import { Link, navigate, useAddress } from '../../admin/components/router.component.tsx';
import { StatusPill } from '../../admin/components/status-pill.component.tsx';
import { t } from '../../admin/components/text.component.tsx';
import { Time } from '../../admin/components/time.component.tsx';
import { useIsSlow, useRemote } from '../../admin/components/use-remote.component.tsx';

const page = '/admin/pages/bulk-runs';

/** Runs over many records, newest first; one of them with its rows where the address names it. */
export default function BulkRuns(): React.ReactElement {
  const params = new URLSearchParams(useAddress().search);
  const run = params.get('run');
  return run ? <OneRun key={run} runId={run} /> : <RunList before={params.get('before')} />;
}

function OneRun({ runId }: { runId: string }): React.ReactElement {
  return (
    <>
      <nav aria-label={t('Back')} className="fs-back">
        <Link href={page}>{t('Bulk runs')}</Link>
      </nav>
      <header className="fs-screen-head">
        <h1>{t('Bulk run')}</h1>
      </header>
      <section className="fs-card">
        <BulkRunView runId={runId} showsRows onRun={(id) => navigate(`${page}?run=${id}`)} />
      </section>
    </>
  );
}

function RunList({ before }: { before: string | null }): React.ReactElement {
  const { data, problem, isLoading, reload } = useRemote<{ runs: readonly BulkRunJson[]; next: string | null }>(
    `/pages/bulk-runs${before ? `?before=${before}` : ''}`,
  );
  const isSlow = useIsSlow(isLoading && data === null);
  return (
    <>
      <header className="fs-screen-head">
        <h1>{t('Bulk runs')}</h1>
      </header>
      {problem ? <ErrorState problem={problem} retry={reload} /> : null}
      {!data && !problem ? <div className="fs-skeleton">{isSlow ? <div role="status" aria-label={t('Loading')} /> : null}</div> : null}
      {data && data.runs.length === 0 ? (
        <EmptyState icon="list" title={t('No bulk runs yet')}>
          {t('Select rows in a list to act on several at once. What became of each is kept here.')}
        </EmptyState>
      ) : null}
      {data && data.runs.length > 0 ? (
        <ol className="fs-audit fs-exports">
          {data.runs.map((run) => (
            <RunLine key={run.id} run={run} />
          ))}
        </ol>
      ) : null}
      {data?.next ? (
        <p>
          <Link href={`${page}?before=${data.next}`} className="fs-button fs-button-small">
            {t('Older')}
          </Link>
        </p>
      ) : null}
    </>
  );
}

function RunLine({ run }: { run: BulkRunJson }): React.ReactElement {
  const { label, tone } = runStates[run.status];
  return (
    <li className="fs-export">
      <div>
        <p>
          <Link href={`${page}?run=${run.id}`}>
            <strong>{run.action}</strong>
          </Link>{' '}
          <StatusPill tone={tone}>{label}</StatusPill> <Time value={run.createdAt} />
        </p>
        <p className="fs-muted fs-small">
          {run.undoOf
            ? t('{list}, {total} rows, by {person}; takes another run back', { list: run.list, total: run.total, person: run.by })
            : t('{list}, {total} rows, by {person}', { list: run.list, total: run.total, person: run.by })}
        </p>
        <p className="fs-small fs-tabular">
          {t('{changed} changed, {unchanged} unchanged, {refused} refused, {waiting} not done', run.counts)}
        </p>
      </div>
    </li>
  );
}
