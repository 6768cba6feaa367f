import type { Ticket } from '@prisma/client';
import { z } from 'zod';
import { type CommandDeps, type CommandScope, defineCommand } from '../../../foundation/command/command.ts';
import { validationError } from '../../../foundation/errors/app-error.ts';
import { staffQueries } from '../../identity/index.ts';
import { changeTicket, emitTicket, moveTicket } from './move-ticket.ts';
import { worksOnTickets } from './ticket-reach.ts';
import { loadTicket, staffIn, ticketSubject } from './ticket-record.ts';
import { mayMove } from './ticket-state.ts';

const input = z.strictObject({ id: z.uuid(), staffId: z.uuid() });
type Input = z.infer<typeof input>;
type Loaded = { ticket: Ticket; leadId: string };

/**
 * Gives a ticket to a colleague who may work on tickets. What awaits somebody, or is resolved, only changes its owner.
 * @throws AppError 403 `forbidden`, 404 `not_found`, 409 `transition_not_allowed`, `version_conflict`, 422 `invalid_value`
 */
export const assignTicket = defineCommand<Input, { isUnchanged: boolean }, undefined, Loaded>({
  name: 'assign-ticket',
  resource: 'ticket',
  access: 'ticket.assign',
  input,
  prepare: (deps, { staffId }) => requireWorker(deps, staffId),
  load: async (scope, { id }) => ({ ticket: await loadTicket(scope, { id }), leadId: staffIn(scope).id }),
  subject: ({ ticket, leadId }) => ticketSubject(ticket, leadId),
  version: ({ ticket }) => ticket.version,
  preview: async () => ['They are told, and hold it for 30 minutes.'],
  async run(scope, { staffId }, { ticket }) {
    if (ticket.assignedTo === staffId) return { isUnchanged: true };
    if (ticket.subjectUserId === staffId) throw validationError([{ path: 'staffId', code: 'invalid_value' }]);
    const given = await give(scope, ticket, staffId);
    if (!given) return { refused: 'transition_not_allowed' };
    emitTicket(scope, 'assigned', given);
    return { isUnchanged: false };
  },
});

async function give(scope: CommandScope, ticket: Ticket, assignedTo: string): Promise<Ticket | null> {
  if (mayMove(ticket, 'assign')) return moveTicket(scope, ticket, { step: 'assign', change: { assignedTo } });
  return ticket.status === 'closed' ? null : changeTicket(scope, ticket, { assignedTo });
}

/** @throws AppError 422 `invalid_value` for nobody, for those who left, and for roles that work on no tickets */
async function requireWorker(deps: CommandDeps, staffId: string): Promise<undefined> {
  const grants = await staffQueries.activeGrantsOf(deps, staffId);
  if (!worksOnTickets(grants, deps.clock.now())) throw validationError([{ path: 'staffId', code: 'invalid_value' }]);
  return undefined;
}
