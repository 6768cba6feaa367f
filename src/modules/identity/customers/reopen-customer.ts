import type { CommandScope, Refusal } from '../../../foundation/command/command.ts';
import { actorIdOf } from '../../../foundation/runtime/actor.ts';
import { addSeconds } from '../../../foundation/runtime/clock.ts';
import type { Customer } from './customer-record.ts';
import { reasonCode, reasonNote } from './reason-words.ts';

/** A closed account can be opened again for 30 days (product.md 4.1). */
export const reopenSeconds = 30 * 86_400;

/**
 * closed -> active within 30 days. The customer is locked by whoever calls.
 * @returns `transition_not_allowed` for an account that is not closed, or closed too long ago
 */
export async function reopenCustomer(scope: CommandScope, { user }: Customer): Promise<{ status: 'active' } | Refusal> {
  const earliest = addSeconds(scope.now, -reopenSeconds);
  const code = reasonCode(scope.reason);
  const { count } = await scope.tx.user.updateMany({
    where: { id: user.id, status: 'closed', statusChangedAt: { gte: earliest } },
    data: {
      status: 'active',
      statusReasonCode: code,
      statusReason: reasonNote(scope.reason),
      statusChangedAt: scope.now,
      statusChangedBy: actorIdOf(scope.actor),
      version: { increment: 1 },
    },
  });
  if (count === 0) return { refused: 'transition_not_allowed' };
  scope.touched(user.id);
  scope.emit({ name: 'identity.user.reopened', aggregateId: user.id, payload: { userId: user.id, reasonCode: code } });
  return { status: 'active' };
}
