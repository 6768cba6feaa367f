import type { Ticket } from '@prisma/client';
import { z } from 'zod';
import { type CommandDeps, defineCommand } from '../../../foundation/command/command.ts';
import { fail, validationError } from '../../../foundation/errors/app-error.ts';
import { newId } from '../../../foundation/runtime/new-id.ts';
import { staffQueries } from '../../identity/index.ts';
import { openTicket } from '../open-ticket.ts';
import { readBody, writeMessage } from './ticket-message.ts';
import { lockTicket, staffIn } from './ticket-record.ts';
import { ticketCategories, ticketPriorities } from './ticket-state.ts';

const input = z.strictObject({
  /** Member id of the customer, as they read it out, or their id. */
  customer: z.string().trim().max(40).optional(),
  /** The same where the screen knows it already. */
  subjectUserId: z.uuid().optional(),
  category: z.enum(ticketCategories),
  priority: z.enum(ticketPriorities),
  title: z.string().trim().min(3).max(300),
  /** What the customer said, as a note for colleagues; the customer does not read it. */
  body: z.string().optional(),
});
type Input = z.infer<typeof input>;
type Output = { ticketId: string; number: string };

/**
 * Opens a ticket for a customer who called or wrote elsewhere. It waits in the queue; the customer sees it from the first reply on.
 * @throws AppError 403 `forbidden`, 422 `invalid_value` at `customer`, `required`, `too_long`
 */
export const openForCustomer = defineCommand<Input, Output, string>({
  name: 'open-ticket-for-customer',
  resource: 'ticket',
  access: 'ticket.open',
  input,
  isIdempotent: true,
  prepare: findCustomer,
  preview: async () => ['It waits in the queue. The customer is not told before the first reply.'],
  async run(scope, { customer: _, subjectUserId: __, body, ...words }, _loaded, customerId) {
    const staffId = staffIn(scope).id;
    const text = body?.trim() ? readBody(body) : null;
    const id = newId();
    await openTicket(scope, { id, ...words, subjectUserId: customerId, submitterUserId: staffId });
    const ticket = await requireTicket(lockTicket(scope, id));
    if (text) await writeMessage(scope, ticket, { body: text, authorId: staffId, visibility: 'internal', state: 'sent' });
    return { ticketId: id, number: ticket.number };
  },
});

async function requireTicket(found: Promise<Ticket | null>): Promise<Ticket> {
  return (await found) ?? fail('not_found');
}

async function findCustomer(deps: CommandDeps, { customer, subjectUserId }: Input): Promise<string> {
  const typed = subjectUserId ?? customer ?? '';
  const found = typed === '' ? null : await staffQueries.findCustomerId(deps, typed);
  if (!found) throw validationError([{ path: 'customer', code: typed === '' ? 'required' : 'invalid_value' }]);
  return found;
}
