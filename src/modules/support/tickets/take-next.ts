import type { Ticket } from '@prisma/client';
import { z } from 'zod';
import { type CommandScope, defineCommand } from '../../../foundation/command/command.ts';
import { mayHoldMore } from './hold.ts';
import { emitTicket, moveTicket } from './move-ticket.ts';
import { queueOf } from './ticket-reach.ts';
import { lockTicket, queueSubject, staffIn } from './ticket-record.ts';

const input = z.strictObject({});
type Output = { ticketId: string | null; number: string | null; isUnchanged: boolean };
type Loaded = { ticket: Ticket | null; mayTake: boolean };

/**
 * Hands the caller the waiting ticket of highest priority, the most overdue first. Rows that others are taking at this moment are
 * skipped, so n parallel calls get n different tickets or nothing.
 * @throws AppError 409 `claim_limit` for somebody who holds three
 */
export const takeNext = defineCommand<z.infer<typeof input>, Output, undefined, Loaded>({
  name: 'take-next-ticket',
  resource: 'ticket',
  access: 'ticket.take_next',
  input,
  isIdempotent: true,
  async load(scope) {
    const mayTake = await mayHoldMore(scope, staffIn(scope).id);
    return { mayTake, ticket: mayTake ? await pickNext(scope) : null };
  },
  // The queue is everybody's own; nobody is handed a ticket about themselves.
  subject: ({ ticket }) => (ticket ? queueSubject(ticket, '') : { isOwn: true }),
  preview: async () => ['Gives you the ticket that waits most urgently, for 30 minutes.'],
  async run(scope, _input, { ticket, mayTake }) {
    if (!mayTake) return { refused: 'claim_limit' };
    const taken = ticket && (await moveTicket(scope, ticket, { step: 'take', change: { assignedTo: staffIn(scope).id } }));
    if (!taken) return { ticketId: null, number: null, isUnchanged: true };
    emitTicket(scope, 'assigned', taken);
    return { ticketId: taken.id, number: taken.number, isUnchanged: false };
  },
});

async function pickNext(scope: CommandScope): Promise<Ticket | null> {
  const staff = staffIn(scope);
  const categories = queueOf(staff, scope.now);
  const [next] = await scope.tx.$queryRaw<{ id: string }[]>`
    SELECT t.id FROM support.ticket t
     WHERE t.status = 'open' AND t.assigned_to IS NULL AND t.subject_user_id IS DISTINCT FROM ${staff.id}::uuid
       AND (${categories === null} OR t.category::text = ANY(${[...(categories ?? [])]}::text[]))
     ORDER BY t.priority DESC, t.sla_breach_at, t.id LIMIT 1 FOR UPDATE SKIP LOCKED`;
  return next ? lockTicket(scope, next.id) : null;
}
