import type { z } from 'zod';
import { writeHold } from '../../../audit/index.ts';
import { defineCommand } from '../../../foundation/command/command.ts';
import { type Customer, customerInput, customerSubject, loadCustomer } from './customer-record.ts';

/**
 * Keeps everything about a customer: erasure is refused and no month with their rows is dropped. Several may stand side by side,
 * one for each matter.
 * @throws AppError 403 `forbidden`, 404 `not_found`, 409 `transition_not_allowed` when there is nothing left to keep
 */
export const placeLegalHold = defineCommand<z.infer<typeof customerInput>, { holdId: string }, undefined, Customer>({
  name: 'place-legal-hold',
  resource: 'user',
  access: 'user.set_legal_hold',
  input: customerInput,
  isIdempotent: true,
  load: loadCustomer,
  subject: customerSubject,
  async preview() {
    return ['The person cannot be erased and nothing about them is dropped.', 'The person is not told.'];
  },
  async run(scope, { id }, { user }) {
    if (user.status === 'erased') return { refused: 'transition_not_allowed' };
    const holdId = await writeHold(scope, { subjectId: id });
    await scope.tx.user.updateMany({ where: { id }, data: { legalHold: true, version: { increment: 1 } } });
    scope.touched(id, holdId);
    return { holdId };
  },
});
