import type React from 'react';
import { EmptyState } from '../../admin/components/empty-state.component.tsx';
import { Link, recordHref } from '../../admin/components/router.component.tsx';
import { StatusPill, sentenceCase } from '../../admin/components/status-pill.component.tsx';
import { t } from '../../admin/components/text.component.tsx';
import { Time } from '../../admin/components/time.component.tsx';
import type { TicketRow } from './customer-types.component.tsx';

const tones = { open: 'info', in_progress: 'info', awaiting_customer: 'warn', awaiting_vendor: 'warn', resolved: 'ok' } as const;

/** What the person asked before, newest first; the open ones on top. */
export function TicketsTab({ tickets }: { tickets: readonly TicketRow[] }): React.ReactElement {
  if (tickets.length === 0) {
    return (
      <EmptyState icon="ticket" title={t('No tickets about this person')}>
        {t('They wrote nothing yet. Actions that need a ticket open one for the call.')}
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
                {sentenceCase(ticket.category)}, {t('priority {priority}', { priority: ticket.priority })}, {t('opened')}{' '}
                <Time value={ticket.createdAt} />
                {ticket.assigneeName ? ` ${t('with {name}', { name: ticket.assigneeName })}` : ''}
              </p>
            </div>
            <StatusPill tone={Object.hasOwn(tones, ticket.status) ? tones[ticket.status as keyof typeof tones] : 'neutral'}>
              {sentenceCase(ticket.status)}
            </StatusPill>
          </li>
        ))}
      </ul>
    </section>
  );
}
