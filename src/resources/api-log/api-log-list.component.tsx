import type React from 'react';
import { useEffect, useState } from 'react';
import { getJson, Problem } from '../../admin/components/admin-api.component.tsx';
import { Icon } from '../../admin/components/icon.component.tsx';
import { Link } from '../../admin/components/router.component.tsx';
import { StatusPill, sentenceCase } from '../../admin/components/status-pill.component.tsx';
import { t } from '../../admin/components/text.component.tsx';
import { Time } from '../../admin/components/time.component.tsx';
import { type ApiLogRow, type ApiLogView, msText, sizeText, toneOf } from './api-log-types.component.tsx';

type Only = (changes: Readonly<Record<string, string>>) => void;

/** Kept requests, newest first; a line opens to what is known of the request and leads to its audit rows. */
export function ApiLogList({ first, params, onOnly }: { first: ApiLogView; params: URLSearchParams; onOnly: Only }): React.ReactElement {
  const [rows, setRows] = useState(first.rows);
  const [next, setNext] = useState(first.next);
  const [problem, setProblem] = useState<Problem | null>(null);
  useEffect(() => {
    setRows(first.rows);
    setNext(first.next);
    setProblem(null);
  }, [first]);
  const more = async (before: string) => {
    const asked = new URLSearchParams(params);
    asked.set('before', before);
    // Later pages stay within the time of the first one, whatever has been asked since.
    if (!asked.has('to')) asked.set('to', first.window.to);
    if (!asked.has('from')) asked.set('from', first.window.from);
    try {
      const page = await getJson<ApiLogView>(`/pages/api-log?${asked.toString()}`);
      setRows((shown) => [...shown, ...page.rows]);
      setNext(page.next);
      setProblem(null);
    } catch (error) {
      setProblem(error instanceof Problem ? error : new Problem(0, {}));
    }
  };
  return (
    <section aria-label={t('Requests')}>
      <ol className="fs-audit">
        {rows.map((row) => (
          <Line key={row.id} row={row} onOnly={onOnly} />
        ))}
      </ol>
      {problem ? <p role="alert">{problem.message}</p> : null}
      {next ? (
        <button type="button" className="fs-button" onClick={() => void more(next)}>
          {t('Older')}
        </button>
      ) : (
        <p className="fs-muted">{t('No older ones of this time.')}</p>
      )}
    </section>
  );
}

function Line({ row, onOnly }: { row: ApiLogRow; onOnly: Only }): React.ReactElement {
  const [isOpen, setIsOpen] = useState(false);
  return (
    <li>
      <div className="fs-log-line">
        <div>
          <p>
            <code>{row.method}</code> <code className="fs-wrap">{row.route}</code>
          </p>
          <p className="fs-muted fs-small">
            <Time value={row.at} />, {row.door === 'admin' ? t('back office') : t('API')}, <Who row={row} onOnly={onOnly} />
          </p>
        </div>
        <span className="fs-audit-marks">
          <StatusPill tone={toneOf(row.status)}>
            {row.status}
            {row.errorCode ? ` ${sentenceCase(row.errorCode)}` : ''}
          </StatusPill>
          {row.isSlow ? <StatusPill tone="warn">{t('Slow')}</StatusPill> : null}
          <span className="fs-tabular">{msText(row.ms)}</span>
          <span className="fs-tabular fs-muted">{sizeText(row.resBytes)}</span>
          <button type="button" className="fs-icon-button" aria-expanded={isOpen} onClick={() => setIsOpen((before) => !before)}>
            <span className="fs-small">
              {t('Details')}
              <span className="fs-visually-hidden">
                : {row.method} {row.route}, {row.status}
              </span>
            </span>
            <Icon name={isOpen ? 'chevron-up' : 'chevron-down'} />
          </button>
        </span>
      </div>
      {isOpen ? <Detail row={row} onOnly={onOnly} /> : null}
    </li>
  );
}

function Who({ row, onOnly }: { row: ApiLogRow; onOnly: Only }): React.ReactElement {
  const { actorId, actor } = row;
  if (!actorId || !actor) return <>{t('nobody signed in')}</>;
  return (
    <button
      type="button"
      className="fs-link-button"
      aria-label={t('Only requests of {actor}', { actor })}
      onClick={() => onOnly({ actor: actorId })}
    >
      {actor}
    </button>
  );
}

function Detail({ row, onOnly }: { row: ApiLogRow; onOnly: Only }): React.ReactElement {
  const { errorCode } = row;
  return (
    <div className="fs-audit-detail">
      <dl className="fs-facts">
        <Fact name="Request id">
          <code className="fs-wrap">{row.requestId}</code>
        </Fact>
        <Fact name="Asked, answered">
          {sizeText(row.reqBytes)}, {sizeText(row.resBytes)}
        </Fact>
        <Fact name="Network">{row.ip ? <code>{row.ip}</code> : t('Not kept')}</Fact>
        <Fact name="Kept because">{keptBecause(row)}</Fact>
        {Object.entries(row.headers).map(([name, value]) => (
          <Fact key={name} name={sentenceCase(name)}>
            <span className="fs-wrap">{value}</span>
          </Fact>
        ))}
        {row.body ? (
          <Fact name="Body, listed fields">
            <code className="fs-wrap">{'$truncated' in row.body ? t('Over 4 KB, left out') : JSON.stringify(row.body)}</code>
          </Fact>
        ) : null}
      </dl>
      <p className="fs-log-links">
        <Link href={`/admin/pages/audit?request=${row.auditRequest}`}>{t('Audit rows of this request')}</Link>
        <button type="button" className="fs-link-button" onClick={() => onOnly({ route: row.route, method: row.method })}>
          {t('Only this route')}
        </button>
        {errorCode ? (
          <button type="button" className="fs-link-button" onClick={() => onOnly({ code: errorCode })}>
            {t('Only this error')}
          </button>
        ) : null}
      </p>
    </div>
  );
}

function Fact({ name, children }: { name: string; children: React.ReactNode }): React.ReactElement {
  return (
    <div>
      <dt>{name}</dt>
      <dd>{children}</dd>
    </div>
  );
}

function keptBecause(row: ApiLogRow): string {
  const reasons = [
    row.status >= 500 ? t('It failed') : row.status >= 400 ? t('It was refused') : null,
    row.isSlow ? 'slow' : null,
    ['GET', 'HEAD', 'OPTIONS'].includes(row.method) ? null : 'a write',
    row.isSampled ? 'in the sample' : null,
  ].filter((reason) => reason !== null);
  return sentenceCase(reasons.join(', '));
}
