import type React from 'react';
import { EmptyState, ErrorState } from '../../admin/components/empty-state.component.tsx';
import { Icon } from '../../admin/components/icon.component.tsx';
import { Link, useAddress } from '../../admin/components/router.component.tsx';
import { t } from '../../admin/components/text.component.tsx';
import { exactTime } from '../../admin/components/time.component.tsx';
import { useIsSlow, useRemote } from '../../admin/components/use-remote.component.tsx';
import {
  numberText,
  type Report,
  rowsText,
  type Statement,
  type StatementOrder,
  type StatementsView,
  shareText,
  timeText,
} from './statement-types.component.tsx';

const path = '/pages/statements';

const orders = (): readonly (readonly [StatementOrder, string])[] => [
  ['total', t('Most time in all')],
  ['mean', t('Longest each')],
  ['calls', t('Most often')],
  ['rows', t('Most rows each')],
];

/** What the web processes ask the database, by what it costs. */
export default function Statements(): React.ReactElement {
  const { search } = useAddress();
  const remote = useRemote<StatementsView>(`${path}${search}`);
  const isSlow = useIsSlow(remote.isLoading && remote.data === null);
  if (remote.problem) return <ErrorState problem={remote.problem} retry={remote.reload} />;
  if (!remote.data) return <div className="fs-skeleton">{isSlow ? <div role="status" aria-label={t('Loading')} /> : null}</div>;
  const { by, at, report } = remote.data;
  return (
    <>
      <header className="fs-screen-head">
        <h1>{t('Statements')}</h1>
        <div className="fs-screen-actions">
          <span className="fs-muted fs-small">{t('As of {time}', { time: exactTime(new Date(at)) })}</span>
          <button type="button" className="fs-button" aria-disabled={remote.isLoading} onClick={remote.reload}>
            <Icon name="refresh" /> {t('Refresh')}
          </button>
        </div>
      </header>
      {report.state === 'ready' ? <Figures by={by} report={report} /> : <NoFigures state={report.state} />}
    </>
  );
}

function NoFigures({ state }: { state: Exclude<Report['state'], 'ready'> }): React.ReactElement {
  const how = {
    missing: t(
      'This database does not have the extension pg_stat_statements. A superuser switches it on with CREATE EXTENSION pg_stat_statements SCHEMA public, then grants app_web EXECUTE on pg_stat_statements(boolean) and pg_stat_statements_info().',
    ),
    unloaded: t(
      'The server has not loaded pg_stat_statements. Add it to shared_preload_libraries in postgresql.conf and restart the server.',
    ),
    refused: t(
      'The login of this service may not ask pg_stat_statements. Whoever owns the extension grants it EXECUTE on pg_stat_statements(boolean) and pg_stat_statements_info().',
    ),
  }[state];
  return (
    <EmptyState icon="gauge" title={t('No figures of statements')}>
      {how}
    </EmptyState>
  );
}

function Figures({ by, report }: { by: StatementOrder; report: Extract<Report, { state: 'ready' }> }): React.ReactElement {
  return (
    <>
      <p className="fs-muted">
        {t('Statements of the web processes since {time}. Values are never part of a text.', { time: exactTime(new Date(report.since)) })}{' '}
        {report.forgotten > 0
          ? t('There were too many kinds of statements: {count} times the rarest were forgotten (pg_stat_statements.max).', {
              count: numberText(report.forgotten),
            })
          : null}
      </p>
      <nav aria-label={t('Order')} className="fs-ops-states">
        {orders().map(([value, label]) => (
          <Link
            key={value}
            className="fs-button"
            href={`/admin/pages/statements?by=${value}`}
            {...(value === by ? { 'aria-current': 'page' } : {})}
          >
            {label}
          </Link>
        ))}
      </nav>
      {report.statements.length === 0 ? (
        <EmptyState icon="gauge" title={t('Nothing was asked yet')}>
          {t('The figures begin anew when somebody resets them. Open a list, then refresh.')}
        </EmptyState>
      ) : (
        <StatementTable statements={report.statements} />
      )}
      <Logins logins={report.logins} />
    </>
  );
}

function StatementTable({ statements }: { statements: readonly Statement[] }): React.ReactElement {
  return (
    <table className="fs-ops-table">
      <thead>
        <tr>
          <th scope="col">{t('Statement')}</th>
          <th scope="col">{t('Share of time')}</th>
          <th scope="col">{t('In all')}</th>
          <th scope="col">{t('Calls')}</th>
          <th scope="col">{t('Each')}</th>
          <th scope="col">{t('Slowest')}</th>
          <th scope="col">{t('Rows each')}</th>
        </tr>
      </thead>
      <tbody>
        {statements.map((statement) => (
          <tr key={statement.id}>
            <th scope="row">
              <Text text={statement.text} />
            </th>
            <td data-label={t('Share of time')} className="fs-tabular">
              {shareText(statement.share)}
            </td>
            <td data-label={t('In all')} className="fs-tabular">
              {timeText(statement.totalMs)}
            </td>
            <td data-label={t('Calls')} className="fs-tabular">
              {numberText(statement.calls)}
            </td>
            <td data-label={t('Each')} className="fs-tabular">
              {timeText(statement.meanMs)}
            </td>
            <td data-label={t('Slowest')} className="fs-tabular">
              {timeText(statement.slowestMs)}
            </td>
            <td data-label={t('Rows each')} className="fs-tabular">
              {rowsText(statement.rows)}
            </td>
          </tr>
        ))}
      </tbody>
    </table>
  );
}

/** Longer texts than this are folded to their beginning. */
const shownCharacters = 110;

function Text({ text }: { text: string }): React.ReactElement {
  const line = text.replaceAll(/\s+/g, ' ').trim();
  if (line.length <= shownCharacters) return <code className="fs-statement">{line}</code>;
  return (
    <details>
      <summary>
        <code className="fs-statement">{`${line.slice(0, shownCharacters)}…`}</code>
      </summary>
      <pre className="fs-statement">{text.trim()}</pre>
    </details>
  );
}

function Logins({ logins }: { logins: Extract<Report, { state: 'ready' }>['logins'] }): React.ReactElement {
  return (
    <section className="fs-card">
      <h2>{t('By login')}</h2>
      <p className="fs-muted fs-small">
        {t('PostgreSQL shows each login the texts of its own statements only; of the others, such as the worker, there are sums.')}
      </p>
      <table className="fs-ops-table">
        <thead>
          <tr>
            <th scope="col">{t('Login')}</th>
            <th scope="col">{t('Kinds of statements')}</th>
            <th scope="col">{t('Calls')}</th>
            <th scope="col">{t('In all')}</th>
          </tr>
        </thead>
        <tbody>
          {logins.map(({ login, statements, calls, totalMs }) => (
            <tr key={login}>
              <th scope="row">{login}</th>
              <td data-label={t('Kinds of statements')} className="fs-tabular">
                {numberText(statements)}
              </td>
              <td data-label={t('Calls')} className="fs-tabular">
                {numberText(calls)}
              </td>
              <td data-label={t('In all')} className="fs-tabular">
                {timeText(totalMs)}
              </td>
            </tr>
          ))}
        </tbody>
      </table>
    </section>
  );
}
