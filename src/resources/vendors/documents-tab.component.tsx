import type React from 'react';
import { EmptyState } from '../../admin/components/empty-state.component.tsx';
import { StatusPill, sentenceCase } from '../../admin/components/status-pill.component.tsx';
import { t } from '../../admin/components/text.component.tsx';
import { toneOf, type VendorExtra } from './vendor-types.component.tsx';

/** Which proofs the owner handed in and what became of them. What is on them is opened on the claimed case only. */
export function DocumentsTab({ kyc }: { kyc: NonNullable<VendorExtra['kyc']> }): React.ReactElement {
  if (kyc.documents.length === 0) {
    return (
      <EmptyState icon="file" title={t('No documents yet')}>
        {t('The owner has not sent any proof of identity.')}
      </EmptyState>
    );
  }
  return (
    <section className="fs-card">
      <h2>{t('Documents')}</h2>
      <p>
        <StatusPill tone={toneOf(kyc.status)}>{sentenceCase(kyc.status)}</StatusPill>
      </p>
      <ul className="fs-plain-list fs-lines">
        {kyc.documents.map(({ label, status }) => (
          <li key={label}>
            <div>
              <p>{label}</p>
            </div>
            <StatusPill tone={toneOf(status)}>{sentenceCase(status)}</StatusPill>
          </li>
        ))}
      </ul>
      <p className="fs-muted fs-small">{t('Files and numbers are opened on the claimed KYC case; each opening is recorded.')}</p>
    </section>
  );
}
