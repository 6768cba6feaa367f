import type { AccessSubject } from '../access/decide.ts';
import { matrix } from '../access/matrix.ts';
import { fail, validationError } from '../errors/app-error.ts';
import type { Actor } from '../runtime/actor.ts';
import type { Tx } from '../runtime/database.ts';
import type { AnyCommand } from './command.ts';

/** What the runner asks of a ticket that staff name as the reason of their work. */
export type TicketFacts = {
  id: string;
  number: string;
  /** Whom it is about, and who brought it up. */
  subjectUserId: string | null;
  submitterUserId: string | null;
  assignedTo: string | null;
  isClosed: boolean;
};

/** Finds a ticket by its id or its number; given by the module that keeps them. */
export type FindTicket = (tx: Tx, reference: string) => Promise<TicketFacts | null>;

/** The ticket of a call: named by staff and found or not; null where none was named. */
export type NamedTicket = { found: TicketFacts | null };

/** Customers and jobs name none; what a job carries on was looked at when somebody asked for it. */
export async function namedTicket(
  find: FindTicket,
  tx: Tx,
  { actor, reference }: { actor: Actor; reference: string | null | undefined },
): Promise<NamedTicket | null> {
  return reference && actor.kind === 'staff' ? { found: await find(tx, reference) } : null;
}

/** Whether the matrix asks for a ticket; whoever decides on a request refers to the request, which names it. */
function asksTicket({ access, half }: Pick<AnyCommand, 'access' | 'half'>): boolean {
  if (access === 'public' || access === 'owner' || access === 'system' || half === 'approve' || half === 'withdraw') return false;
  return matrix[access].conditions.ticket;
}

/**
 * Where the matrix asks for a ticket and gives own records only, the person of a ticket that is assigned to the actor is their own
 * (product.md 6.4: an assistant resends a code on an assigned ticket). No other action gains anything by naming one.
 */
export function subjectOnTicket(
  command: Pick<AnyCommand, 'access' | 'half'>,
  subject: AccessSubject | undefined,
  asked: { ticket: NamedTicket | null; actor: Actor },
): AccessSubject | undefined {
  const { ticket, actor } = asked;
  const facts = ticket?.found;
  if (!asksTicket(command) || actor.kind !== 'staff' || !facts) return subject;
  const isOwn = facts.assignedTo === actor.id && !facts.isClosed && isAbout(facts, subject);
  return isOwn ? { ...subject, isOwn } : subject;
}

/**
 * The ticket that an action has to name exists, is not closed for good and is about the person whose record is touched: nobody opens a
 * record on the strength of a number. Where none is asked for, one from the time before this system may be quoted.
 * @throws AppError 422 `ticket_unknown`, `ticket_other_person` at path `ticketId`, 409 `ticket_closed`
 */
export function requireTicket(
  command: Pick<AnyCommand, 'access' | 'half'>,
  ticket: NamedTicket | null,
  subject: AccessSubject | undefined,
): void {
  if (!ticket || !asksTicket(command)) return;
  const { found } = ticket;
  if (!found) throw validationError([{ path: 'ticketId', code: 'ticket_unknown' }]);
  if (subject?.userId !== undefined && !isAbout(found, subject)) {
    throw validationError([{ path: 'ticketId', code: 'ticket_other_person' }]);
  }
  if (found.isClosed) fail('ticket_closed');
}

function isAbout(facts: TicketFacts, subject: AccessSubject | undefined): boolean {
  const userId = subject?.userId;
  return userId !== undefined && (facts.subjectUserId === userId || facts.submitterUserId === userId);
}
