import { z } from 'zod';
import { endHold, holdsOnPerson } from '../../../audit/index.ts';
import { defineCommand } from '../../../foundation/command/command.ts';
import { type Customer, customerSubject, loadCustomer } from './customer-record.ts';

const input = z.strictObject({
  id: z.uuid(),
  /** Which one, where several stand; without it there must be just one. */
  holdId: z.uuid().optional(),
});
type Input = z.infer<typeof input>;

/**
 * Releases a hold on a customer. The others go on; with the last one the person may be erased again.
 * @throws AppError 403 `forbidden`, 404 `not_found`, 409 `transition_not_allowed` when none is open or it is not clear which
 */
export const releaseLegalHold = defineCommand<Input, { left: number }, undefined, Customer>({
  name: 'release-legal-hold',
  resource: 'user',
  access: 'user.clear_legal_hold',
  input,
  load: loadCustomer,
  subject: customerSubject,
  async preview(scope, { id }) {
    const open = await holdsOnPerson(scope.tx, id);
    return open.length > 1
      ? [`One of ${open.length} holds ends; the others go on.`]
      : ['The person may be erased again, and what is old enough is dropped.'];
  },
  async run(scope, { id, holdId }) {
    const open = await holdsOnPerson(scope.tx, id);
    const chosen = holdId ?? (open.length === 1 ? open[0] : undefined);
    if (!chosen || !open.includes(chosen) || !(await endHold(scope, chosen))) return { refused: 'transition_not_allowed' };
    const left = open.length - 1;
    await scope.tx.user.updateMany({ where: { id }, data: { legalHold: left > 0, version: { increment: 1 } } });
    scope.touched(id, chosen);
    return { left };
  },
});
