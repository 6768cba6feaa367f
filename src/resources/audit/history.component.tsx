import type React from 'react';
import { RecordHistory } from '../../admin/components/record-history.component.tsx';
import { Link, useAddress } from '../../admin/components/router.component.tsx';
import { t } from '../../admin/components/text.component.tsx';

/** A history on a page of its own: of a record that has no screen, or from the audit explorer. */
export default function History(): React.ReactElement {
  const params = new URLSearchParams(useAddress().search);
  const record = params.get('record');
  const subject = params.get('subject');
  const of = record !== null ? `record=${encodeURIComponent(record)}` : `subject=${subject ?? ''}`;
  return (
    <>
      <nav aria-label={t('Back')} className="fs-back">
        <Link href="/admin/pages/audit">{t('Audit')}</Link>
      </nav>
      <header className="fs-screen-head">
        <h1>{t('History')}</h1>
        <code className="fs-wrap">{record ?? subject}</code>
      </header>
      {(record ?? subject) ? <RecordHistory of={of} /> : <p className="fs-muted">{t('Open a history from a record or from the audit.')}</p>}
    </>
  );
}
