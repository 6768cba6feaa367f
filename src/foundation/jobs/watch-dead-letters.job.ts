import { z } from 'zod';
import { appendEvents } from '../outbox/append.ts';
import { consumeOnce } from '../outbox/consume-once.ts';
import { nudgeOutbox } from '../outbox/nudge.ts';
import { actorTypeOf } from '../runtime/actor.ts';
import { requireContext } from '../runtime/request-context.ts';
import { defineJob } from './job.ts';
import { deadLettersTable, sourceQueueOf } from './queue-plan.ts';

/** A job failed for good and waits for a person. Payload: queue, jobId (of the dead letter). Once for each. */
export const jobDeadLettered = 'platform.job.dead_lettered';

const consumer = 'platform.watch-dead-letters';
const atOnce = 200;

const unseenSql = `
  SELECT j.id, j.name FROM ${deadLettersTable} AS j
   WHERE j.name LIKE '%.dead' AND j.state = 'created'
     AND NOT EXISTS (SELECT 1 FROM platform.outbox_consumed AS c WHERE c.consumer = '${consumer}' AND c.event_id = j.id)
   ORDER BY j.created_on LIMIT ${atOnce}`;

/**
 * Every ten seconds: tells of dead letters that nobody was told of. By looking, not at the moment of failing: a job whose worker was
 * killed is given up by the watch of pg-boss, where no code of ours runs. Repeating is harmless: the mark and the event are one transaction.
 */
export const watchDeadLettersJob = defineJob({
  queue: consumer,
  payload: z.object({}),
  policy: 'exclusive',
  schedule: '* * * * *',
  everySeconds: 10,
  async handle(_payload, deps) {
    const { rows } = await deps.database.pool.query<{ id: string; name: string }>(unseenSql);
    if (rows.length === 0) return;
    const meta = { actionId: null, actorType: actorTypeOf(requireContext().actor), at: deps.clock.now() };
    await deps.database.prisma.$transaction(async (tx) => {
      for (const { id, name } of rows) {
        if (!(await consumeOnce(tx, consumer, id))) continue;
        const payload = { queue: sourceQueueOf(name), jobId: id };
        await appendEvents(tx, [{ name: jobDeadLettered, aggregateId: id, payload }], meta);
      }
    });
    nudgeOutbox(deps.database);
  },
});
