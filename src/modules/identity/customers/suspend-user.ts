import type { z } from 'zod';
import { gradesOf } from '../../../foundation/access/evaluate.ts';
import { type CommandScope, defineCommand } from '../../../foundation/command/command.ts';
import { actorIdOf } from '../../../foundation/runtime/actor.ts';
import { endSessions } from '../sessions/end-sessions.ts';
import { type Customer, customerInput, customerSubject, endsSessions, loadCustomer, sendsTo } from './customer-record.ts';
import { reasonCode, reasonNote } from './reason-words.ts';

type Input = z.infer<typeof customerInput>;

/**
 * active -> suspended (product.md 4.1): sign-in is refused, every session ends at once. A moderator may do it for abuse only.
 * @throws AppError 403 `forbidden`, 404 `not_found`, 409 `transition_not_allowed`
 */
export const suspendUser = defineCommand<Input, { status: 'suspended'; ended: number; version: number }, undefined, Customer>({
  name: 'suspend-user',
  resource: 'user',
  access: 'user.suspend',
  input: customerInput,
  load: loadCustomer,
  subject: customerSubject,
  version: ({ user }) => user.version,
  async preview(scope, { id }, customer) {
    return ['The person can no longer sign in.', await endsSessions(scope, id), sendsTo(customer)];
  },
  async run(scope, { id }, { user }) {
    const code = reasonCode(scope.reason);
    if (isModeratorOnly(scope) && code !== 'abuse') return { refused: 'forbidden', details: { extra: { rule: 'moderator_abuse_only' } } };
    if (user.status !== 'active') return { refused: 'transition_not_allowed' };
    await scope.tx.user.updateMany({
      where: { id, status: 'active' },
      data: {
        status: 'suspended',
        statusReasonCode: code,
        statusReason: reasonNote(scope.reason),
        statusChangedAt: scope.now,
        statusChangedBy: actorIdOf(scope.actor),
        version: { increment: 1 },
      },
    });
    scope.touched(id);
    const ended = await endSessions(scope, { userId: id, reason: 'suspended' });
    scope.emit({ name: 'identity.user.suspended', aggregateId: id, payload: { userId: id, reasonCode: code } });
    return { status: 'suspended', ended: ended.length, version: user.version + 1 };
  },
});

function isModeratorOnly(scope: CommandScope): boolean {
  const grades = gradesOf(scope.actor, scope.now);
  return grades.includes('moderator') && !grades.some((grade) => grade === 'support_lead' || grade === 'admin' || grade === 'super_admin');
}
