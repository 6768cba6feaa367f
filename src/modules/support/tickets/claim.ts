import type { Ticket } from '@prisma/client';
import { z } from 'zod';
import { type CommandScope, defineCommand, type Refusal } from '../../../foundation/command/command.ts';
import { addSeconds } from '../../../foundation/runtime/clock.ts';
import { mayHoldMore } from './hold.ts';
import { emitTicket, moveTicket } from './move-ticket.ts';
import { loadTicket, queueSubject, staffIn } from './ticket-record.ts';
import { claimSeconds, isClaimed } from './ticket-state.ts';

const input = z.strictObject({ id: z.uuid() });
type Input = z.infer<typeof input>;
type Output = { claimExpiresAt: Date; isUnchanged: boolean };
type Loaded = { ticket: Ticket; mayTake: boolean; staffId: string };

/**
 * Takes one ticket by name. The row is locked while it is decided: of n parallel claims one gets it, the others learn who did.
 * @throws AppError 403 `forbidden`, 404 `not_found`, 409 `claimed_by_other`, `claim_limit`, `transition_not_allowed`, `version_conflict`
 */
export const claimTicket = defineCommand<Input, Output, undefined, Loaded>({
  name: 'claim-ticket',
  resource: 'ticket',
  access: 'ticket.claim',
  input,
  isIdempotent: true,
  async load(scope, { id }) {
    const staffId = staffIn(scope).id;
    const mayTake = await mayHoldMore(scope, staffId);
    return { mayTake, staffId, ticket: await loadTicket(scope, { id }) };
  },
  subject: ({ ticket, staffId }) => queueSubject(ticket, staffId),
  version: ({ ticket }) => ticket.version,
  preview: async () => ['Yours for 30 minutes; everything you do with it starts them again.'],
  async run(scope, _input, loaded) {
    const { ticket, staffId, mayTake } = loaded;
    if (isClaimed(ticket, scope.now)) return ticket.assignedTo === staffId ? renew(scope, ticket) : claimedByOther(ticket);
    if (!mayTake) return { refused: 'claim_limit' };
    // A claim that ended before the worker came to say so.
    const free = ticket.status === 'in_progress' ? await moveTicket(scope, ticket, { step: 'lapse' }) : ticket;
    const taken = free && (await moveTicket(scope, free, { step: 'take', change: { assignedTo: staffId } }));
    if (!taken?.claimExpiresAt) return { refused: 'transition_not_allowed' };
    emitTicket(scope, 'assigned', taken);
    return { claimExpiresAt: taken.claimExpiresAt, isUnchanged: false };
  },
});

/** Who holds it and until when, for the sentence beside the button. */
function claimedByOther({ assignedTo, claimExpiresAt }: Ticket): Refusal {
  return {
    refused: 'claimed_by_other',
    details: { extra: { rule: 'claimed_by_other', claimedBy: assignedTo, claimedUntil: claimExpiresAt?.toISOString() ?? null } },
  };
}

/** Without a new version: somebody who is writing an answer must not meet a conflict with themselves. */
async function renew({ tx, now, touched }: CommandScope, { id, assignedTo }: Ticket): Promise<Output> {
  const claimExpiresAt = addSeconds(now, claimSeconds);
  await tx.ticket.updateMany({ where: { id, assignedTo, status: 'in_progress' }, data: { claimExpiresAt } });
  touched(id);
  return { claimExpiresAt, isUnchanged: true };
}
