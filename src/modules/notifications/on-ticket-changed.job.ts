import { z } from 'zod';
import { ticketQueries } from '../support/index.ts';
import { defineNotice } from './notice.ts';
import type { TemplateId } from './templates/variables.ts';

/**
 * Tells a customer how their ticket goes on: that it came in, that there is a reply, that it is resolved. What was written stays in the
 * ticket. Nobody is told of a ticket that staff or the system opened before there is a reply in it.
 */
export const onTicketChanged = defineNotice({
  queue: 'notifications.on-ticket-changed',
  events: ['support.ticket.opened', 'support.ticket.replied', 'support.ticket.resolved', 'support.ticket.closed'],
  payload: z.object({ ticketId: z.uuid(), actorType: z.string() }),
  async plan({ name, payload: { ticketId, actorType } }, deps) {
    const template = templateOf(name, actorType);
    const ticket = template && (await ticketQueries.ticketNotice(deps, ticketId));
    // A duplicate ends in silence: the other ticket goes on.
    if (!template || !ticket || ticket.isMerged) return null;
    const isClosed = name === 'support.ticket.closed' ? { isClosed: true } : {};
    return { template, facts: { recipient: { userId: ticket.userId }, ticketId, ...isClosed } };
  },
});

function templateOf(name: string, actorType: string): TemplateId | null {
  const isCustomer = actorType === 'client' || actorType === 'vendor';
  switch (name) {
    case 'support.ticket.opened':
      return isCustomer ? 'ticket_received' : null;
    case 'support.ticket.replied':
      return 'ticket_reply';
    case 'support.ticket.resolved':
      return 'ticket_resolved';
    // The worker closes what was told of seven days before; an early end by a lead is news.
    case 'support.ticket.closed':
      return actorType === 'staff' ? 'ticket_resolved' : null;
    default:
      return null;
  }
}
