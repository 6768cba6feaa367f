import type { Prisma, Ticket } from '@prisma/client';
import { z } from 'zod';
import { type CommandDeps, type CommandScope, defineCommand, type Refusal } from '../../../foundation/command/command.ts';
import { AppError, fail } from '../../../foundation/errors/app-error.ts';
import { actorIdOf } from '../../../foundation/runtime/actor.ts';
import { addSeconds } from '../../../foundation/runtime/clock.ts';
import { newId } from '../../../foundation/runtime/new-id.ts';
import { scaledLimit, takeToken } from '../../../foundation/runtime/rate-bucket.ts';
import type { RequestContext } from '../../../foundation/runtime/request-context.ts';
import { openTicket } from '../open-ticket.ts';
import { changeTicket, emitTicket, moveTicket } from './move-ticket.ts';
import { readBody, writeMessage } from './ticket-message.ts';
import { lockTicket } from './ticket-record.ts';
import { isAwaiting, mayReopen, ticketCategories } from './ticket-state.ts';

/** New tickets of one person a day (auth-api.md 2.7). */
const newPerDay = 10;
const daySeconds = 86_400;
/** Later contact about the same thing is linked with a ticket closed at most so long ago. */
const linkedSeconds = 90 * daySeconds;

/** What a customer may see: tickets about themselves which they opened, or in which they were written to. */
export const ownTickets = (userId: string): Prisma.TicketWhereInput => ({
  subjectUserId: userId,
  OR: [{ submitterUserId: userId }, { messages: { some: { visibility: 'public', state: 'sent' } } }],
});

const opening = z.strictObject({
  category: z.enum(ticketCategories),
  title: z.string().trim().min(3).max(300),
  body: z.string(),
  orderId: z.uuid().nullish(),
});
type Opening = z.infer<typeof opening>;

/**
 * Opens a ticket of the caller's own. Where the last one about the same order, or of the same category, was closed lately, it is linked.
 * @throws AppError 422 `too_short`, `too_long`, `required`, `invalid_value`, 429 `rate_limited` at the eleventh of a day
 */
export const openOwnTicket = defineCommand<Opening, { ticketId: string }>({
  name: 'open-own-ticket',
  resource: 'ticket',
  access: 'owner',
  input: opening,
  isIdempotent: false,
  prepare: countNew,
  async run(scope, { body, orderId = null, ...words }) {
    const userId = ownerIn(scope);
    const text = readBody(body);
    const linkedTicketId = await earlierTicket(scope, { userId, orderId, category: words.category });
    const id = newId();
    await openTicket(scope, { id, ...words, orderId, linkedTicketId, priority: 'medium', subjectUserId: userId, submitterUserId: userId });
    const ticket = await lockTicket(scope, id);
    if (!ticket) return fail('not_found');
    await writeMessage(scope, ticket, { body: text, authorId: userId, visibility: 'public', state: 'sent' });
    return { ticketId: id };
  },
});

async function countNew(deps: CommandDeps, given: Opening, { actor }: RequestContext): Promise<undefined> {
  // Words that will be refused use nothing up.
  readBody(given.body);
  const limit = scaledLimit(newPerDay, deps.config.rateLimitScale);
  const request = { name: 'tickets-new', key: actorIdOf(actor) ?? fail('token_missing'), limit, windowSeconds: daySeconds };
  const taken = await takeToken(deps.database.pool, request, deps.clock.now());
  if (!taken.isAllowed) throw new AppError('rate_limited', { retryAfterSeconds: taken.resetSeconds, limit: taken });
  return undefined;
}

async function earlierTicket(
  { tx, now }: CommandScope,
  { userId, orderId, category }: { userId: string; orderId: string | null; category: Ticket['category'] },
): Promise<string | null> {
  const about = orderId ? { orderId } : { category };
  const closedAt = { gte: addSeconds(now, -linkedSeconds) };
  const where = { ...ownTickets(userId), status: 'closed' as const, closedAt, ...about };
  return (await tx.ticket.findFirst({ where, orderBy: { closedAt: 'desc' }, select: { id: true } }))?.id ?? null;
}

const replying = z.strictObject({ id: z.uuid(), body: z.string() });
type Output = { ticketId: string };

/**
 * A customer's answer. It starts the clocks again that waited for it, and opens again what was resolved at most seven days ago.
 * @throws AppError 404 `not_found`, 409 `ticket_closed`, 422 `required`, `too_long`
 */
export const replyToOwnTicket = defineCommand<z.infer<typeof replying>, Output, undefined, Ticket>({
  name: 'reply-to-own-ticket',
  resource: 'ticket',
  access: 'owner',
  input: replying,
  isIdempotent: false,
  load: loadOwn,
  async run(scope, { body }, ticket) {
    const text = readBody(body);
    if (isOver(scope, ticket)) return over;
    await writeMessage(scope, ticket, { body: text, authorId: ownerIn(scope), visibility: 'public', state: 'sent' });
    return (await goOn(scope, ticket)) ? { ticketId: ticket.id } : { refused: 'version_conflict' };
  },
});

const reopening = z.strictObject({ id: z.uuid(), body: z.string().nullish() });

/**
 * Opens a resolved ticket again, with words or without, for seven days.
 * @throws AppError 404 `not_found`, 409 `ticket_closed`, `transition_not_allowed`, 422 `required`, `too_long`
 */
export const reopenOwnTicket = defineCommand<z.infer<typeof reopening>, Output, undefined, Ticket>({
  name: 'reopen-own-ticket',
  resource: 'ticket',
  access: 'owner',
  input: reopening,
  isIdempotent: false,
  load: loadOwn,
  async run(scope, { body }, ticket) {
    const text = body === null || body === undefined ? null : readBody(body);
    if (isOver(scope, ticket)) return over;
    if (ticket.status !== 'resolved') return { refused: 'transition_not_allowed' };
    if (text) await writeMessage(scope, ticket, { body: text, authorId: ownerIn(scope), visibility: 'public', state: 'sent' });
    return (await goOn(scope, ticket)) ? { ticketId: ticket.id } : { refused: 'version_conflict' };
  },
});

const over: Refusal = { refused: 'ticket_closed' };

/** Closed, or resolved for so long that the worker is about to close it. */
function isOver({ now }: CommandScope, ticket: Ticket): boolean {
  return ticket.status === 'closed' || (ticket.status === 'resolved' && !mayReopen(ticket, now));
}

/** What an answer does to the ticket; null where another call was faster. */
async function goOn(scope: CommandScope, ticket: Ticket): Promise<Ticket | null> {
  if (ticket.status === 'resolved') {
    const reopened = await moveTicket(scope, ticket, { step: 'reopen', change: { resolution: null } });
    if (reopened) emitTicket(scope, 'reopened', reopened);
    return reopened;
  }
  const written = isAwaiting(ticket) ? await moveTicket(scope, ticket, { step: 'customer_reply' }) : await changeTicket(scope, ticket, {});
  if (written) emitTicket(scope, 'customer_replied', written);
  return written;
}

async function loadOwn(scope: CommandScope, { id }: { id: string }): Promise<Ticket> {
  const ticket = await lockTicket(scope, id);
  const isOwn = (await scope.tx.ticket.count({ where: { AND: [{ id }, ownTickets(ownerIn(scope))] } })) === 1;
  return ticket && isOwn ? ticket : fail('not_found');
}

function ownerIn({ actor }: Pick<CommandScope, 'actor'>): string {
  return actorIdOf(actor) ?? fail('token_missing');
}
