import type React from 'react';
import { EmptyState } from '../../admin/components/empty-state.component.tsx';
import { Link } from '../../admin/components/router.component.tsx';
import { StatusPill, sentenceCase } from '../../admin/components/status-pill.component.tsx';
import { t } from '../../admin/components/text.component.tsx';
import { toneOf, type VendorExtra } from './vendor-types.component.tsx';

/** How many products the store has in each state; each number opens the list of them. */
export function ProductsTab(props: { vendorId: string; products: NonNullable<VendorExtra['products']> }): React.ReactElement {
  const { vendorId, products } = props;
  const list = (status?: string) =>
    `/admin/resources/Product?filters.vendorId=${vendorId}${status === undefined ? '' : `&filters.status=${status}`}`;
  if (products.length === 0) {
    return (
      <EmptyState icon="package" title={t('No products yet')}>
        {t('The owner has not written any.')}
      </EmptyState>
    );
  }
  return (
    <section className="fs-card">
      <h2>{t('Products')}</h2>
      <ul className="fs-plain-list fs-lines">
        {products.map(({ status, count }) => (
          <li key={status}>
            <div>
              <Link href={list(status)}>
                {count === 1 ? t('1 product') : t('{count} products', { count })}
                <span className="fs-visually-hidden">: {sentenceCase(status)}</span>
              </Link>
            </div>
            <StatusPill tone={toneOf(status)}>{sentenceCase(status)}</StatusPill>
          </li>
        ))}
      </ul>
      <p>
        <Link href={list()}>{t('All products of this store')}</Link>
      </p>
    </section>
  );
}
