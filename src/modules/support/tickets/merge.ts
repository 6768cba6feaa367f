import type { Ticket } from '@prisma/client';
import { z } from 'zod';
import { type CommandScope, defineCommand } from '../../../foundation/command/command.ts';
import { fail, validationError } from '../../../foundation/errors/app-error.ts';
import { emitTicket, moveTicket } from './move-ticket.ts';
import { leadsTickets } from './ticket-reach.ts';
import { isReached, loadTicket, lockTicket, personOf, staffIn, ticketSubject } from './ticket-record.ts';
import { isClaimed, isLive } from './ticket-state.ts';

/** `id` is the duplicate; `into` the number of the ticket that goes on. */
const input = z.strictObject({ id: z.uuid(), into: z.string().trim().min(3).max(14) });
type Input = z.infer<typeof input>;
type Loaded = { duplicate: Ticket; target: Ticket; staffId: string };

/**
 * Ends a duplicate in favour of another ticket of the same person; its conversation is read there. Whoever holds either of the two
 * may do it, a lead always.
 * @throws AppError 403 `forbidden`, 404 `not_found`, 409 `claimed_by_other`, `transition_not_allowed`, `version_conflict`, 422 `invalid_value`
 */
export const mergeTicket = defineCommand<Input, { into: string; intoId: string }, undefined, Loaded>({
  name: 'merge-ticket',
  resource: 'ticket',
  access: 'ticket.resolve',
  input,
  isIdempotent: true,
  load,
  subject({ duplicate, target, staffId }) {
    const isOwn = duplicate.assignedTo === staffId || target.assignedTo === staffId;
    return { ...ticketSubject(duplicate, staffId), isOwn };
  },
  version: ({ duplicate }) => duplicate.version,
  preview: async (_scope, _input, { target }) => [`Closes this ticket. Its conversation is read in ${target.number} from now on.`],
  async run(scope, _input, { duplicate, target, staffId }) {
    if (!isLive(target) || !isLive(duplicate)) return { refused: 'transition_not_allowed' };
    const isOthers = isClaimed(duplicate, scope.now) && duplicate.assignedTo !== staffId;
    if (isOthers && !leadsTickets(staffIn(scope), scope.now)) return { refused: 'claimed_by_other' };
    const resolution = `Merged into ${target.number}`;
    const change = { mergedIntoId: target.id, linkedTicketId: target.id, resolution };
    const merged = await moveTicket(scope, duplicate, { step: 'merge', change });
    if (!merged) return { refused: 'transition_not_allowed' };
    const drafts = { ticketId: duplicate.id, state: 'draft' as const };
    await scope.tx.ticketMessage.updateMany({ where: drafts, data: { state: 'discarded', version: { increment: 1 } } });
    scope.touched(target.id);
    emitTicket(scope, 'closed', merged);
    return { into: target.number, intoId: target.id };
  },
});

/** Both rows, locked in the order of their ids, so that two merges across each other wait instead of blocking. */
async function load(scope: CommandScope, { id, into }: Input): Promise<Loaded> {
  const found = await scope.tx.ticket.findUnique({ where: { number: into.toUpperCase() }, select: { id: true } });
  if (!found || found.id === id) return wrongTarget();
  const [first, second] = [id, found.id].toSorted();
  await lockTicket(scope, first ?? id);
  await lockTicket(scope, second ?? id);
  const duplicate = await loadTicket(scope, { id });
  const target = (await isReached(scope, found.id)) ? await lockTicket(scope, found.id) : wrongTarget();
  if (!target) return fail('not_found');
  if (personOf(duplicate) !== personOf(target)) return wrongTarget();
  return { duplicate, target, staffId: staffIn(scope).id };
}

/** Also where the caller may not see it: a number names nothing they cannot open. */
function wrongTarget(): never {
  throw validationError([{ path: 'into', code: 'invalid_value' }]);
}
