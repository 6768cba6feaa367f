import type { z } from 'zod';
import { defineCommand } from '../../../foundation/command/command.ts';
import { actorIdOf } from '../../../foundation/runtime/actor.ts';
import { type Customer, customerInput, customerSubject, loadCustomer, sendsTo } from './customer-record.ts';
import { reasonCode, reasonNote } from './reason-words.ts';

type Input = z.infer<typeof customerInput>;

/**
 * suspended -> active (product.md 4.1). Who suspended for fraud may not undo it alone.
 * @throws AppError 403 `four_eyes`, 404 `not_found`, 409 `transition_not_allowed`
 */
export const reactivateUser = defineCommand<Input, { status: 'active'; version: number }, undefined, Customer>({
  name: 'reactivate-user',
  resource: 'user',
  access: 'user.reactivate',
  input: customerInput,
  load: loadCustomer,
  subject: customerSubject,
  version: ({ user }) => user.version,
  async preview(_scope, _input, customer) {
    return ['The person can sign in again. Ended sessions stay ended.', sendsTo(customer)];
  },
  async run(scope, { id }, { user }) {
    if (user.status !== 'suspended') return { refused: 'transition_not_allowed' };
    const actorId = actorIdOf(scope.actor);
    if (user.statusReasonCode === 'fraud' && actorId !== null && user.statusChangedBy === actorId) {
      return { refused: 'four_eyes', details: { extra: { rule: 'suspended_by_self_for_fraud' } } };
    }
    const code = reasonCode(scope.reason);
    await scope.tx.user.updateMany({
      where: { id, status: 'suspended' },
      data: {
        status: 'active',
        statusReasonCode: code,
        statusReason: reasonNote(scope.reason),
        statusChangedAt: scope.now,
        statusChangedBy: actorId,
        version: { increment: 1 },
      },
    });
    scope.touched(id);
    scope.emit({ name: 'identity.user.reactivated', aggregateId: id, payload: { userId: id, reasonCode: code } });
    return { status: 'active', version: user.version + 1 };
  },
});
