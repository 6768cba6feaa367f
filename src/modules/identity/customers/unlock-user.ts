import type { z } from 'zod';
import { defineCommand } from '../../../foundation/command/command.ts';
import { requireContact } from '../account.ts';
import { contactOf } from '../contact.ts';
import { clearStrangers } from '../login-guard.ts';
import { type Customer, customerInput, customerSubject, loadCustomer, sendsTo } from './customer-record.ts';

type Input = z.infer<typeof customerInput>;

/**
 * Lets unknown devices try a password again at once. Does not touch a password that a person's report disabled.
 * @throws AppError 404 `not_found`, 409 `transition_not_allowed` for an account that is not locked
 */
export const unlockUser = defineCommand<Input, { lockedUntil: null }, undefined, Customer>({
  name: 'unlock-user',
  resource: 'user',
  access: 'user.unlock',
  input: customerInput,
  load: loadCustomer,
  subject: customerSubject,
  version: ({ user }) => user.version,
  async preview(_scope, _input, customer) {
    return ['Unknown devices can try the password again at once.', sendsTo(customer)];
  },
  async run(scope, { id }, { account, user }) {
    if (!user.lockedUntil || user.lockedUntil <= scope.now) return { refused: 'transition_not_allowed' };
    await scope.tx.user.updateMany({
      where: { id },
      data: { lockedUntil: null, lockLevel: 0, failedLogins: 0, failedConsecutive: 0, version: { increment: 1 } },
    });
    scope.touched(id);
    scope.note(`lock level ${user.lockLevel}, failures ${user.failedConsecutive}`);
    scope.emit({ name: 'identity.account.unlocked', aggregateId: id, payload: { userId: id, until: null, level: 0 } });
    await clearStrangers(scope, contactOf(scope.deps, requireContact(scope.deps.keyring, account)).limitKey);
    return { lockedUntil: null };
  },
});
