import type React from 'react';
import { EmptyState } from '../../admin/components/empty-state.component.tsx';
import { Link, recordHref } from '../../admin/components/router.component.tsx';
import { t } from '../../admin/components/text.component.tsx';
import type { TicketRow } from './customer-types.component.tsx';

/** Orders live in the storefront; here is how many there are and which tickets are about orders. */
export function OrdersTab({ total, tickets }: { total: number; tickets: readonly TicketRow[] }): React.ReactElement {
  const about = tickets.filter(({ category }) => orderCategories.has(category));
  if (total === 0 && about.length === 0) {
    return (
      <EmptyState icon="package" title={t('No orders so far')}>
        {t('Orders are kept by the storefront. References to them appear here with the tickets about them.')}
      </EmptyState>
    );
  }
  return (
    <section className="fs-card">
      <h2>{t('Orders')}</h2>
      <p>{total === 1 ? t('1 order in the storefront.') : t('{total} orders in the storefront.', { total })}</p>
      <h3>{t('Tickets about orders')}</h3>
      {about.length === 0 ? <p className="fs-muted">{t('None.')}</p> : null}
      <ul className="fs-plain-list fs-lines">
        {about.map((ticket) => (
          <li key={ticket.id}>
            <Link href={recordHref('Ticket', ticket.id)}>
              <code>{ticket.number}</code> {ticket.title}
            </Link>
          </li>
        ))}
      </ul>
    </section>
  );
}

const orderCategories: ReadonlySet<string> = new Set([
  'order_dispute',
  'payment_issue',
  'delivery_problem',
  'refund_request',
  'product_complaint',
]);
