import type React from 'react';
import { useEffect, useState } from 'react';
import { Problem } from '../../admin/components/admin-api.component.tsx';
import { pageState, type Tone } from '../../admin/components/admin-types.component.tsx';
import { EmptyState, ErrorState } from '../../admin/components/empty-state.component.tsx';
import { Link, navigate } from '../../admin/components/router.component.tsx';
import { saveFile } from '../../admin/components/save-file.component.tsx';
import { StatusPill } from '../../admin/components/status-pill.component.tsx';
import { t } from '../../admin/components/text.component.tsx';
import { Time } from '../../admin/components/time.component.tsx';
import { useIsSlow, useRemote } from '../../admin/components/use-remote.component.tsx';

type Entry = {
  id: string;
  createdAt: string;
  expiresAt: string | null;
  actionId: string;
  list: string;
  format: string;
  filterNote: string;
  columns: readonly string[];
  status: 'waiting' | 'running' | 'ready' | 'fetched' | 'expired' | 'failed';
  rowsDone: number;
  rowsWanted: number;
  bytes: number | null;
  sha256: string | null;
  errorCode: string | null;
};

const states: Readonly<Record<Entry['status'], { label: string; tone: Tone }>> = {
  waiting: { label: t('Waiting'), tone: 'neutral' },
  running: { label: t('Being made'), tone: 'info' },
  ready: { label: t('Ready'), tone: 'ok' },
  fetched: { label: t('Downloaded'), tone: 'neutral' },
  expired: { label: t('Expired'), tone: 'neutral' },
  failed: { label: t('Not made'), tone: 'danger' },
};

const failures: Readonly<Record<string, string>> = {
  export_too_large: t('There are more rows than your role may take. Narrow the filters, or make several exports.'),
  forbidden: t('Your rights changed before it was made. Nothing was written.'),
  not_found: t('The list is not open to you any more. Nothing was written.'),
};

const refreshMs = 1_000;
const numbers = new Intl.NumberFormat(pageState.preferences.locale);

/** Own exports of lists, newest first: what was asked for, how far it is, and the file, once. */
export default function ListExports(): React.ReactElement {
  const { data, problem, isLoading, reload } = useRemote<{ exports: readonly Entry[] }>('/pages/list-exports');
  const isSlow = useIsSlow(isLoading && data === null);
  const entries = data?.exports ?? [];
  const isOpen = entries.some((entry) => entry.status === 'waiting' || entry.status === 'running');
  useEffect(() => {
    if (!isOpen) return undefined;
    const timer = setInterval(reload, refreshMs);
    return () => clearInterval(timer);
  }, [isOpen, reload]);
  return (
    <>
      <header className="fs-screen-head">
        <h1>{t('Your list exports')}</h1>
      </header>
      {problem ? <ErrorState problem={problem} retry={reload} /> : null}
      {!data && !problem ? <div className="fs-skeleton">{isSlow ? <div role="status" aria-label={t('Loading')} /> : null}</div> : null}
      {data && entries.length === 0 ? (
        <EmptyState
          icon="archive"
          title={t('No exports yet')}
          action={{ label: t('Go to users'), run: () => navigate('/admin/resources/User') }}
        >
          {t('Filter a list, then press Export above it.')}
        </EmptyState>
      ) : null}
      {entries.length > 0 ? (
        <ol className="fs-audit fs-exports">
          {entries.map((entry) => (
            <ExportLine key={entry.id} entry={entry} onDone={reload} />
          ))}
        </ol>
      ) : null}
    </>
  );
}

function ExportLine({ entry, onDone }: { entry: Entry; onDone: () => void }): React.ReactElement {
  const { label, tone } = states[entry.status];
  const format = entry.format === 'csv' ? t('Spreadsheet (CSV)') : t('JSON lines');
  return (
    <li className="fs-export">
      <div>
        <p>
          <strong>{entry.list}</strong> <StatusPill tone={tone}>{label}</StatusPill> <Time value={entry.createdAt} />
        </p>
        <p className="fs-muted fs-small fs-wrap">
          {format}; {entry.filterNote === '' ? t('all rows') : entry.filterNote}
        </p>
        <Outcome entry={entry} />
        <p className="fs-small">
          <Link href={`/admin/pages/audit?action=${entry.actionId}`}>{t('See in audit')}</Link>
        </p>
      </div>
      {entry.status === 'ready' ? <DownloadButton entry={entry} onDone={onDone} /> : null}
    </li>
  );
}

function Outcome({ entry }: { entry: Entry }): React.ReactElement {
  const { status, rowsDone, rowsWanted } = entry;
  if (status === 'waiting' || status === 'running') {
    const max = Math.max(rowsWanted, 1);
    const words =
      status === 'waiting'
        ? t('In the queue')
        : t('{done} of {total} rows', { done: numbers.format(rowsDone), total: numbers.format(rowsWanted) });
    return (
      <p role="status">
        <progress max={max} value={Math.min(rowsDone, max)} aria-label={words} /> <span className="fs-tabular">{words}</span>
      </p>
    );
  }
  if (status === 'failed')
    return <p role="alert">{failures[entry.errorCode ?? ''] ?? t('Something failed. Nothing was written; ask for it again.')}</p>;
  return (
    <>
      <p>
        {rowsDone === 1 ? t('1 row') : t('{count} rows', { count: numbers.format(rowsDone) })}
        {entry.bytes === null ? null : `, ${t('{size} KB', { size: numbers.format(Math.ceil(entry.bytes / 1024)) })}`}
        {status === 'ready' && entry.expiresAt ? (
          <>
            ; {t('can be downloaded until')} <Time value={entry.expiresAt} />
          </>
        ) : null}
      </p>
      {entry.sha256 ? (
        <p className="fs-small fs-wrap">
          SHA-256 <code>{entry.sha256}</code>
        </p>
      ) : null}
    </>
  );
}

/** The file is fetched by script, so that a refusal is told here and not on an empty page. */
function DownloadButton({ entry, onDone }: { entry: Entry; onDone: () => void }): React.ReactElement {
  const [isBusy, setIsBusy] = useState(false);
  const [refusal, setRefusal] = useState<string | null>(null);
  const download = async () => {
    setIsBusy(true);
    setRefusal(null);
    try {
      await saveFile('/pages/list-exports', { action: 'downloadExport', input: { id: entry.id } });
    } catch (error) {
      setRefusal(error instanceof Problem ? error.message : t('The file did not arrive. Ask for a new export.'));
    } finally {
      setIsBusy(false);
      onDone();
    }
  };
  return (
    <div>
      <button
        type="button"
        className="fs-button fs-button-primary"
        aria-disabled={isBusy}
        onClick={() => (isBusy ? undefined : void download())}
      >
        {t('Download')}
      </button>
      <p className="fs-muted fs-small">{t('Once; it is destroyed afterwards.')}</p>
      {refusal ? <p role="alert">{refusal}</p> : null}
    </div>
  );
}
