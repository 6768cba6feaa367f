import type React from 'react';
import { EmptyState } from '../../admin/components/empty-state.component.tsx';
import { Link, recordHref } from '../../admin/components/router.component.tsx';
import { StatusPill, sentenceCase } from '../../admin/components/status-pill.component.tsx';
import { t } from '../../admin/components/text.component.tsx';
import { type Signal, toneOf } from './vendor-types.component.tsx';

/** Other stores that share something with this one. What it is stays hidden; that it is shared is the signal. */
export function SignalsTab({ signals }: { signals: readonly Signal[] }): React.ReactElement {
  if (signals.length === 0) {
    return (
      <EmptyState icon="ok" title={t('Shares nothing')}>
        {t('No other store has its bank account, contact, tax id or device.')}
      </EmptyState>
    );
  }
  return (
    <section className="fs-card">
      <h2>{t('Shared with other stores')}</h2>
      <ul className="fs-plain-list fs-lines">
        {signals.map((signal) => (
          <li key={`${signal.kind} ${signal.vendorId}`}>
            <div>
              <Link href={recordHref('Vendor', signal.vendorId)}>{signal.storeName ?? t('Store without a name')}</Link>
              <p className="fs-muted fs-small">{kindWords(signal.kind)}</p>
            </div>
            <StatusPill tone={toneOf(signal.status)}>{sentenceCase(signal.status)}</StatusPill>
          </li>
        ))}
      </ul>
    </section>
  );
}

function kindWords(kind: Signal['kind']): string {
  switch (kind) {
    case 'bank':
      return t('The same bank account');
    case 'contact':
      return t('The same contact');
    case 'tax_id':
      return t('The same tax id');
    case 'device':
      return t('The same device');
    default:
      return kind satisfies never;
  }
}
