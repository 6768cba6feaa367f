import type { Ticket } from '@prisma/client';
import { z } from 'zod';
import { type CommandScope, defineCommand, type Refusal } from '../../../foundation/command/command.ts';
import { answered, changeTicket, emitTicket, moveTicket } from './move-ticket.ts';
import { openDraft, readBody, sendDraft, writeMessage } from './ticket-message.ts';
import { loadTicket, staffIn, ticketSubject } from './ticket-record.ts';
import { isAwaiting, mayMove } from './ticket-state.ts';

const reply = {
  id: z.uuid(),
  body: z.string(),
  /** The draft that is sent, in the words of `body`; its author stays named. */
  draftId: z.uuid().nullish(),
};
type Reply = { id: string; body: string; draftId?: string | null | undefined };
type Output = { status: Ticket['status']; version: number };
type Loaded = { ticket: Ticket; staffId: string };

const load = async (scope: CommandScope, { id }: { id: string }): Promise<Loaded> => ({
  ticket: await loadTicket(scope, { id }),
  staffId: staffIn(scope).id,
});
const subject = ({ ticket, staffId }: Loaded) => ticketSubject(ticket, staffId);
const version = ({ ticket }: Loaded) => ticket.version;

/**
 * Sends a public reply: own words, or a colleague's draft. The first one ends the clock of the first response.
 * @throws AppError 403 `forbidden`, 404 `not_found`, 409 `transition_not_allowed`, `version_conflict`, 422 `required`, `too_long`
 */
export const sendReply = defineCommand<Reply, Output, undefined, Loaded>({
  name: 'send-ticket-reply',
  resource: 'ticket',
  access: 'ticket.send_reply',
  input: z.strictObject(reply),
  isIdempotent: true,
  load,
  subject,
  version,
  preview: async (_scope, { draftId }) => [told, ...(draftId ? ['The author of the draft stays named beside you.'] : [])],
  async run(scope, given, { ticket, staffId }) {
    if (ticket.status !== 'in_progress' && !isAwaiting(ticket)) return { refused: 'transition_not_allowed' };
    if (!(await say(scope, ticket, { ...given, staffId }))) return { refused: 'transition_not_allowed' };
    const written = await changeTicket(scope, ticket, isAwaiting(ticket) ? {} : answered(scope.now, ticket));
    if (!written) return conflict;
    emitTicket(scope, 'replied', written);
    return { status: written.status, version: written.version };
  },
});

const waiting = z.strictObject({ ...reply, for: z.enum(['customer', 'vendor']) });

/**
 * Replies and waits for the customer or a vendor: the clocks stand still until there is an answer.
 * @throws AppError 403 `forbidden`, 404 `not_found`, 409 `transition_not_allowed`, `version_conflict`, 422 `required`, `too_long`
 */
export const replyAndWait = defineCommand<z.infer<typeof waiting>, Output, undefined, Loaded>({
  name: 'reply-and-wait',
  resource: 'ticket',
  access: 'ticket.wait',
  input: waiting,
  isIdempotent: true,
  load,
  subject,
  version,
  preview: async () => [told, 'The clock stands still until there is an answer.'],
  async run(scope, { for: whom, ...given }, { ticket, staffId }) {
    const step = whom === 'customer' ? 'await_customer' : 'await_vendor';
    if (!mayMove(ticket, step) || !(await say(scope, ticket, { ...given, staffId }))) return { refused: 'transition_not_allowed' };
    const change = { firstRespondedAt: ticket.firstRespondedAt ?? scope.now };
    const written = await moveTicket(scope, ticket, { step, change });
    if (!written) return conflict;
    emitTicket(scope, 'replied', written);
    return { status: written.status, version: written.version };
  },
});

const resolving = z.strictObject({
  ...reply,
  body: z.string().optional(),
  /** What was done, for colleagues; the customer reads `body`. */
  resolution: z.string().trim().min(3).max(2000),
});

/**
 * Ends the work on a ticket, with a last reply or without. The customer's answer within seven days opens it again.
 * @throws AppError 403 `forbidden`, 404 `not_found`, 409 `transition_not_allowed`, `version_conflict`, 422 `required`, `too_long`
 */
export const resolveTicket = defineCommand<z.infer<typeof resolving>, Output, undefined, Loaded>({
  name: 'resolve-ticket',
  resource: 'ticket',
  access: 'ticket.resolve',
  input: resolving,
  isIdempotent: true,
  load,
  subject,
  version,
  preview: async () => [told, 'An answer within seven days opens it again; then it closes for good.'],
  async run(scope, { resolution, body, ...given }, { ticket, staffId }) {
    if (!mayMove(ticket, 'resolve')) return { refused: 'transition_not_allowed' };
    const isSaid = body === undefined || body.trim() === '' || (await say(scope, ticket, { ...given, body, staffId }));
    if (!isSaid) return { refused: 'transition_not_allowed' };
    const change = { resolution, firstRespondedAt: ticket.firstRespondedAt ?? scope.now };
    const written = await moveTicket(scope, ticket, { step: 'resolve', change });
    if (!written) return conflict;
    emitTicket(scope, 'resolved', written);
    return { status: written.status, version: written.version };
  },
});

const told = 'The customer is told by email or SMS; the words stay in the conversation.';
const conflict: Refusal = { refused: 'version_conflict' };

/** @returns false for a draft that is none any more */
async function say(
  scope: CommandScope,
  ticket: Ticket,
  { body, draftId, staffId }: Omit<Reply, 'id'> & { staffId: string },
): Promise<boolean> {
  const text = readBody(body);
  if (!draftId) {
    await writeMessage(scope, ticket, { body: text, authorId: staffId, visibility: 'public', state: 'sent' });
    return true;
  }
  const draft = await openDraft(scope, ticket, draftId);
  return draft !== null && sendDraft(scope, ticket, { draft, body: text, senderId: staffId });
}
