import type { CommandDeps } from '../../foundation/command/command.ts';
import { appendEvents } from '../../foundation/outbox/append.ts';
import { actorTypeOf } from '../../foundation/runtime/actor.ts';
import { addSeconds } from '../../foundation/runtime/clock.ts';
import { requireContext } from '../../foundation/runtime/request-context.ts';
import { deliveryFailed } from './events.ts';

/** Longer than all retries of a delivery together, shorter than anyone's patience. */
const stuckAfterSeconds = 3600;
const batchSize = 500;

/** Marks deliveries that have waited for more than an hour as failed, one batch a call, and says so as an event each. */
export async function failStuckDeliveries(deps: CommandDeps): Promise<void> {
  const now = deps.clock.now();
  const actorType = actorTypeOf(requireContext().actor);
  await deps.database.prisma.$transaction(async (tx) => {
    const stuck = await tx.delivery.findMany({
      where: {
        status: 'queued',
        createdAt: { lt: addSeconds(now, -stuckAfterSeconds) },
        // What waits for the hourly digest is not stuck before its hour is over.
        OR: [{ nextAttemptAt: null }, { nextAttemptAt: { lt: addSeconds(now, -stuckAfterSeconds) } }],
      },
      select: { id: true, template: true, userId: true },
      take: batchSize,
    });
    const ids = stuck.map((delivery) => delivery.id);
    await tx.delivery.updateMany({ where: { id: { in: ids }, status: 'queued' }, data: { status: 'failed', errorCode: 'worker_lost' } });
    const events = stuck.map(({ id, template, userId }) => ({
      name: deliveryFailed,
      aggregateId: id,
      payload: { deliveryId: id, template, userId, errorCode: 'worker_lost' },
    }));
    await appendEvents(tx, events, { actionId: null, actorType, at: now });
  });
}
