import type { User } from '@prisma/client';
import { z } from 'zod';
import { holdsAgainstErasure } from '../../../audit/index.ts';
import { type CommandScope, defineCommand, type Refusal } from '../../../foundation/command/command.ts';
import { fail } from '../../../foundation/errors/app-error.ts';
import { type Customer, loadCustomer } from '../customers/customer-record.ts';
import { requireTwoPeople } from '../staff/two-people.ts';
import { type Erased, erasePerson } from './erase-person.ts';

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
  run: eraseByTwo,
});

/** The same within the transaction of a command of the module that keeps the request. The person is locked by loadCustomer. */
export async function eraseByTwo(
  scope: CommandScope,
  { id, approvalId, reasonCode, ...people }: Input,
  { user }: Pick<Customer, 'user'>,
): Promise<Erased | Refusal> {
  await requireTwoPeople(scope, { permission: 'user.erase', userId: id, ...people });
  if (user.status === 'erased') return { refused: 'transition_not_allowed' };
  // The row is locked: a hold on the person is either seen here or finds the person erased.
  if (await isHeld(scope.tx, user)) return { refused: 'legal_hold' };
  scope.note(`requested by ${people.requestedBy}, approved by ${people.approvedBy}`);
  return erasePerson(scope, user, { approvalId, reasonCode, by: people.approvedBy, people });
}

/** Whether a legal hold keeps the person, or any record about them, from being erased. */
async function isHeld(tx: CommandScope['tx'], user: Pick<User, 'id' | 'legalHold'>): Promise<boolean> {
  return user.legalHold || (await holdsAgainstErasure(tx, user.id)).length > 0;
}

/** The same for somebody of whom only the id is known. @throws AppError 404 `not_found` */
export async function isPersonHeld(tx: CommandScope['tx'], userId: string): Promise<boolean> {
  const user = await tx.user.findUnique({ where: { id: userId }, select: { id: true, legalHold: true } });
  return user ? isHeld(tx, user) : fail('not_found');
}
