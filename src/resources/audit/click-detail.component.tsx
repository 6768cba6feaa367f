import type React from 'react';
import { useState } from 'react';
import { pageState } from '../../admin/components/admin-types.component.tsx';
import { DiffView } from '../../admin/components/diff-view.component.tsx';
import { ProofDialog } from '../../admin/components/proof-dialog.component.tsx';
import { Link, recordHref } from '../../admin/components/router.component.tsx';
import { t } from '../../admin/components/text.component.tsx';
import { type ActionView, screenOf, tableName } from './audit-types.component.tsx';

/** One click: what it changed, which records it touched, and what belongs to the same request. */
export function ClickDetail({ view }: { view: ActionView }): React.ReactElement {
  const { row, tables, changes, rows, canProve } = view;
  const [isProving, setIsProving] = useState(false);
  return (
    <div className="fs-audit-detail">
      {changes.length > 0 ? <DiffView entries={changes} /> : <p className="fs-muted">{t('No row was changed by it.')}</p>}
      <dl className="fs-facts">
        <Fact label={t('Action')}>
          <code>{row.verb}</code> {t('on')} {row.resource.replaceAll('_', ' ')}
        </Fact>
        {row.recordIds.length > 0 ? (
          <Fact label={row.recordCount === 1 ? t('Record') : t('Records ({recordCount})', { recordCount: row.recordCount })}>
            {row.recordIds.slice(0, 10).map((id) => (
              <RecordLink key={id} noun={row.resource} id={id} />
            ))}
            {row.recordCount > 10 ? (
              <span className="fs-muted">
                {t('and')} {row.recordCount - 10} {t('more')}
              </span>
            ) : null}
          </Fact>
        ) : null}
        {tables.length > 0 ? (
          <Fact label={t('Histories')}>
            {tables.slice(0, 10).map(({ table, recordId, canOpen }) => (
              <span key={`${table}:${recordId}`} className="fs-block">
                {canOpen ? (
                  <Link href={`/admin/pages/history?record=${encodeURIComponent(`${table}:${recordId}`)}`}>
                    {t('Show in record history:')} {tableName(table)}
                  </Link>
                ) : (
                  tableName(table)
                )}{' '}
                <code>{recordId.slice(0, 8)}</code>
              </span>
            ))}
          </Fact>
        ) : null}
        <Fact label={t('Together with it')}>
          {row.requestId ? (
            <span className="fs-block">
              <Link href={`/admin/pages/audit?request=${row.requestId}`}>{t('Same request')}</Link>
            </span>
          ) : null}
          <span className="fs-block">
            <Link href={`/admin/pages/audit?tx=${row.txid}`}>{t('Same transaction')}</Link>
          </span>
        </Fact>
        {row.note ? <Fact label={t('Noted')}>{row.note}</Fact> : null}
        <Fact label={t('Proof of the actor')}>{row.hasMfa ? t('With a second factor') : t('Without a second factor')}</Fact>
        <Fact label={t('Took')}>{t('{ms} ms', { ms: row.ms })}</Fact>
        <Fact label={t('Id')}>
          <Link href={`/admin/pages/audit?action=${row.id}`}>
            <code>{row.id}</code>
          </Link>
        </Fact>
      </dl>
      {canProve ? (
        <button type="button" className="fs-button fs-button-small" onClick={() => setIsProving(true)}>
          {t('Proof')}
        </button>
      ) : null}
      {isProving ? <ProofDialog rows={rows} onClose={() => setIsProving(false)} /> : null}
    </div>
  );
}

function RecordLink({ noun, id }: { noun: string; id: string }): React.ReactElement {
  const screen = screenOf(noun);
  const isOpen = screen !== null && pageState.resources[screen]?.canShow === true;
  return (
    <span className="fs-block">
      {isOpen ? <Link href={recordHref(screen, id)}>{id.slice(0, 13)}</Link> : <code>{id.slice(0, 13)}</code>}
    </span>
  );
}

function Fact({ label, children }: { label: string; children: React.ReactNode }): React.ReactElement {
  return (
    <div>
      <dt>{label}</dt>
      <dd>{children}</dd>
    </div>
  );
}
