import type { z } from 'zod';
import { defineCommand } from '../../../foundation/command/command.ts';
import { type Customer, customerInput, customerSubject, loadCustomer, sendsTo } from './customer-record.ts';

type Input = z.infer<typeof customerInput>;

/**
 * A lead says that the contact on file is the customer's own, without a code. The person is told that it was done.
 * @throws AppError 404 `not_found`, 409 `transition_not_allowed` where it is verified already or the account is not active
 */
export const verifyUserIdentifier = defineCommand<Input, { verifiedHow: 'manual' }, undefined, Customer>({
  name: 'verify-user-identifier',
  resource: 'user',
  access: 'user.verify_identifier',
  input: customerInput,
  load: loadCustomer,
  subject: customerSubject,
  version: ({ user }) => user.version,
  async preview(_scope, _input, customer) {
    return [`Marks ${customer.user.emailMasked ?? customer.user.phoneMasked ?? 'the contact'} as verified by hand.`, sendsTo(customer)];
  },
  async run(scope, { id }, { user }) {
    if (user.status !== 'active') return { refused: 'transition_not_allowed' };
    // The account is locked by `load`; the condition says so to the database as well.
    const { count } = await scope.tx.user.updateMany({
      where: { id, identifierVerifiedAt: null },
      data: { identifierVerifiedAt: scope.now, verifiedHow: 'manual', version: { increment: 1 } },
    });
    if (count === 0) return { refused: 'transition_not_allowed' };
    scope.touched(id);
    scope.emit({ name: 'identity.user.profile_changed', aggregateId: id, payload: { userId: id, fields: ['identifierVerified'] } });
    return { verifiedHow: 'manual' };
  },
});
