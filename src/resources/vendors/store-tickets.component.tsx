import type React from 'react';
import { EmptyState } from '../../admin/components/empty-state.component.tsx';
import { Link, recordHref } from '../../admin/components/router.component.tsx';
import { StatusPill, sentenceCase } from '../../admin/components/status-pill.component.tsx';
import { t } from '../../admin/components/text.component.tsx';
import { Time } from '../../admin/components/time.component.tsx';
import { type TicketRow, toneOf } from './vendor-types.component.tsx';

/** What the owner asked, and what others said about the store; the open ones on top. */
export function StoreTickets({ tickets }: { tickets: readonly TicketRow[] }): React.ReactElement {
  if (tickets.length === 0) {
    return (
      <EmptyState icon="ticket" title={t('No tickets about this store')}>
        {t('Neither its owner nor anybody else wrote about it.')}
      </EmptyState>
    );
  }
  const sorted = [...tickets.filter((ticket) => ticket.isLive), ...tickets.filter((ticket) => !ticket.isLive)];
  return (
    <section className="fs-card">
      <h2>{t('Tickets')}</h2>
      <ul className="fs-plain-list fs-lines">
        {sorted.map((ticket) => (
          <li key={ticket.id}>
            <div>
              <Link href={recordHref('Ticket', ticket.id)}>
                <code>{ticket.number}</code> {ticket.title}
              </Link>
              <p className="fs-muted fs-small">
                {t('opened')} <Time value={ticket.createdAt} />
              </p>
            </div>
            <StatusPill tone={toneOf(ticket.status)}>{sentenceCase(ticket.status)}</StatusPill>
          </li>
        ))}
      </ul>
    </section>
  );
}
