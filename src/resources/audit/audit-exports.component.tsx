import type React from 'react';
import { useEffect, useState } from 'react';
import { Problem } from '../../admin/components/admin-api.component.tsx';
import type { Tone } from '../../admin/components/admin-types.component.tsx';
import { EmptyState, ErrorState } from '../../admin/components/empty-state.component.tsx';
import { Link, navigate } from '../../admin/components/router.component.tsx';
import { saveFile } from '../../admin/components/save-file.component.tsx';
import { StatusPill } from '../../admin/components/status-pill.component.tsx';
import { t } from '../../admin/components/text.component.tsx';
import { Time } from '../../admin/components/time.component.tsx';
import { useRemote } from '../../admin/components/use-remote.component.tsx';

type Entry = {
  id: string;
  askedAt: string;
  expiresAt: string | null;
  fetchedAt: string | null;
  actionId: string;
  status: 'waiting' | 'running' | 'ready' | 'fetched' | 'expired' | 'failed';
  format: string;
  filter: Readonly<Record<string, string>>;
  rowsDone: number;
  rowsWanted: number;
  unsealed: number;
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
  export_too_large: t('It would hold more rows than your role may take. Narrow the filters, or make several exports.'),
  export_proof_failed: 'A row does not fit its proof, so nothing was written. Tell whoever runs the platform: verify names the row.',
};

const refreshMs = 1_500;

/** Own exports, newest first: what was asked for, how far it is, and the file, once. */
export default function AuditExports(): React.ReactElement {
  const remote = useRemote<{ exports: readonly Entry[] }>('/pages/audit-exports');
  const entries = remote.data?.exports ?? [];
  const isOpen = entries.some((entry) => entry.status === 'waiting' || entry.status === 'running');
  const { reload } = remote;
  useEffect(() => {
    if (!isOpen) return undefined;
    const timer = setInterval(reload, refreshMs);
    return () => clearInterval(timer);
  }, [isOpen, reload]);
  return (
    <>
      <nav aria-label={t('Back')} className="fs-back">
        <Link href="/admin/pages/audit">{t('Audit')}</Link>
      </nav>
      <header className="fs-screen-head">
        <h1>{t('Your exports')}</h1>
      </header>
      {remote.problem ? <ErrorState problem={remote.problem} retry={reload} /> : null}
      {remote.data && entries.length === 0 ? (
        <EmptyState
          icon="archive"
          title={t('No exports yet')}
          action={{ label: t('Go to the audit'), run: () => navigate('/admin/pages/audit') }}
        >
          {t('Filter the audit, then export what it shows.')}
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
  return (
    <li className="fs-export">
      <div>
        <p>
          <Time value={entry.askedAt} /> <StatusPill tone={tone}>{label}</StatusPill>
        </p>
        <p className="fs-muted fs-small fs-wrap">
          {filterWords(entry.filter)}; {entry.format === 'csv' ? t('spreadsheet and proof') : t('rows and proof')}
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

function Outcome({ entry }: { entry: Entry }): React.ReactElement | null {
  const number = (value: number) => new Intl.NumberFormat('en').format(value);
  switch (entry.status) {
    case 'waiting':
    case 'running':
      return (
        <p role="status">
          <label>
            <progress max={Math.max(entry.rowsWanted, 1)} value={Math.min(entry.rowsDone, Math.max(entry.rowsWanted, 1))} />{' '}
            <span className="fs-tabular">
              {entry.status === 'waiting' ? t('In the queue') : t('{rowsDone} rows', { rowsDone: number(entry.rowsDone) })}
            </span>
          </label>
        </p>
      );
    case 'failed':
      return <p role="alert">{failures[entry.errorCode ?? ''] ?? t('Something failed. Nothing was written; ask for it again.')}</p>;
    case 'ready':
    case 'fetched':
    case 'expired':
      return (
        <>
          <p>
            {entry.rowsDone === 1 ? t('1 row') : t('{rowsDone} rows', { rowsDone: number(entry.rowsDone) })}
            {entry.bytes === null ? '' : `, ${t('{size} KB', { size: number(Math.ceil(entry.bytes / 1024)) })}`}
            {entry.unsealed > 0
              ? `; ${t('{unsealed} left out because they were not sealed yet', { unsealed: number(entry.unsealed) })}`
              : ''}
            {entry.status === 'ready' && entry.expiresAt ? (
              <>
                ; {t('can be downloaded until')} <Time value={entry.expiresAt} />
              </>
            ) : null}
          </p>
          {entry.sha256 ? (
            <p className="fs-small fs-wrap">
              {t('SHA-256')} <code>{entry.sha256}</code>
            </p>
          ) : null}
        </>
      );
    default:
      return entry.status satisfies never;
  }
}

const filterNames: Readonly<Record<string, string>> = {
  actorId: 'actor',
  recordId: 'record',
  actorType: 'kind of actor',
  minScore: 'score at least',
  requestId: 'request',
  txid: 'transaction',
  text: 'words',
};

function filterWords(filter: Readonly<Record<string, string>>): string {
  const { from, to, ...rest } = filter;
  const day = (text: string | undefined) => (text ? new Date(text).toLocaleString('en', { dateStyle: 'medium', timeStyle: 'short' }) : '');
  return [`${day(from)} to ${day(to)}`, ...Object.entries(rest).map(([name, value]) => `${filterNames[name] ?? name}: ${value}`)].join(
    ', ',
  );
}

/** The file is fetched by script, so that a refusal is told here and not on an empty page. */
function DownloadButton({ entry, onDone }: { entry: Entry; onDone: () => void }): React.ReactElement {
  const [isBusy, setIsBusy] = useState(false);
  const [problem, setProblem] = useState<Problem | null>(null);
  const download = async () => {
    setIsBusy(true);
    setProblem(null);
    try {
      await saveFile('/pages/audit-exports', { action: 'downloadExport', input: { id: entry.id } });
    } catch (error) {
      setProblem(error instanceof Problem ? error : new Problem(0, {}));
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
        {isBusy ? t('Downloading') : t('Download')}
      </button>
      <p className="fs-muted fs-small">{t('Once; it is destroyed afterwards.')}</p>
      {problem ? <p role="alert">{problem.message}</p> : null}
    </div>
  );
}
