import { z } from 'zod';
import { holdsAgainstErasure } from '../../audit/index.ts';
import { defineCommand } from '../../foundation/command/command.ts';
import { type Customer, loadCustomer } from './customer-record.ts';
import { type Erased, erasePerson } from './erase-person.ts';
import { requireTwoPeople } from './two-people.ts';

const input = z.strictObject({
  id: z.uuid(),
  /** A member of staff with Q or P in the matrix row, or the person themselves. */
  requestedBy: z.uuid(),
  /** A second member of staff, with P. */
  approvedBy: z.uuid(),
  approvalId: z.uuid().nullable().default(null),
  reasonCode: z.enum(['customer_request', 'legal', 'policy', 'other']).default('customer_request'),
});
type Input = z.infer<typeof input>;

/**
 * active, suspended, closed -> erased (product.md 4.1), for the executor of an approval only. Everything that tells of the person
 * is emptied or deleted, the data key is destroyed, the member id stays. Whoever calls has sent the completion message before:
 * afterwards there is no contact to send it to. One transaction; the worker erases the history after it.
 * @throws AppError 403 `four_eyes`, `forbidden`, 404 `not_found`, 409 `legal_hold`, `transition_not_allowed`
 */
export const executeErasure = defineCommand<Input, Erased, undefined, Customer>({
  name: 'execute-erasure',
  resource: 'user',
  access: 'system',
  input,
  isIdempotent: false,
  load: loadCustomer,
  async run(scope, { id, approvalId, reasonCode, ...people }, { user }) {
    await requireTwoPeople(scope, { permission: 'user.erase', userId: id, ...people });
    if (user.status === 'erased') return { refused: 'transition_not_allowed' };
    // The row is locked: a hold on the person is either seen here or finds the person erased.
    if (user.legalHold || (await holdsAgainstErasure(scope.tx, id)).length > 0) return { refused: 'legal_hold' };
    scope.note(`requested by ${people.requestedBy}, approved by ${people.approvedBy}`);
    return erasePerson(scope, user, { approvalId, reasonCode, by: people.approvedBy, people });
  },
});
