import { z } from 'zod';
import { holdsAgainstErasure } from '../../../audit/index.ts';
import { defineCommand } from '../../../foundation/command/command.ts';
import { type Customer, loadCustomer } from '../customers/customer-record.ts';
import { type Erased, erasePerson } from './erase-person.ts';

const input = z.strictObject({ id: z.uuid() });

/**
 * Erases somebody anew who was erased before and came back with a restored backup; whether that was so is the register's to say
 * (docs/runbooks/restore-from-backup.md). For the operator's tool only; the two people decided the first time.
 * @throws AppError 404 `not_found`, 409 `legal_hold`, `transition_not_allowed` for somebody who is erased
 */
export const repeatErasure = defineCommand<z.infer<typeof input>, Erased, undefined, Customer>({
  name: 'repeat-erasure',
  resource: 'user',
  access: 'system',
  input,
  isIdempotent: false,
  load: loadCustomer,
  async run(scope, _input, { user }) {
    if (user.status === 'erased') return { refused: 'transition_not_allowed' };
    if (user.legalHold || (await holdsAgainstErasure(scope.tx, user.id)).length > 0) return { refused: 'legal_hold' };
    return erasePerson(scope, user, { approvalId: null, reasonCode: 'legal', by: null, people: {} });
  },
});
