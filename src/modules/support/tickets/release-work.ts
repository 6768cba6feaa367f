import { z } from 'zod';
import { defineCommand } from '../../../foundation/command/command.ts';
import { changeTicket, moveTicket } from './move-ticket.ts';

const input = z.strictObject({ userId: z.uuid() });

/**
 * Takes everything off the hands of somebody who left or works on tickets no longer: what they were working on waits in the queue, what
 * awaits an answer goes there once it comes. Under one action id. Repeating it finds nothing more.
 */
export const releaseWork = defineCommand<z.infer<typeof input>, { released: number }>({
  name: 'release-tickets',
  resource: 'ticket',
  access: 'system',
  input,
  isIdempotent: false,
  async run(scope, { userId }) {
    const held = await scope.tx.ticket.findMany({ where: { assignedTo: userId, status: { not: 'closed' } } });
    let released = 0;
    for (const ticket of held) {
      const isWorked = ticket.status === 'in_progress';
      const done = isWorked
        ? await moveTicket(scope, ticket, { step: 'unassign' })
        : await changeTicket(scope, ticket, { assignedTo: null });
      if (done) released += 1;
      // Somebody was faster with this one: the job runs again and finds it.
      else throw new Error('A ticket changed while it was released');
    }
    scope.note(`${released} tickets released`);
    return { released };
  },
});
