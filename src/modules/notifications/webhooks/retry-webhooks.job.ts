import { z } from 'zod';
import type { CommandDeps } from '../../../foundation/command/command.ts';
import { defineJob } from '../../../foundation/jobs/job.ts';
import { sendAttempt } from './send-attempt.ts';

/** Calls side by side; of one endpoint a few only, so that one that hangs leaves room for the others. */
const sideBySide = 20;
const perEndpoint = 4;

/**
 * Every five seconds: makes the calls that are due again, and those whose worker died. Repeating is harmless, see sendAttempt().
 * One at a time over all workers; a round takes ten seconds at most, however many receivers hang.
 */
export const retryWebhooksJob = defineJob({
  queue: 'notifications.retry-webhooks',
  payload: z.object({}),
  policy: 'exclusive',
  schedule: '* * * * *',
  everySeconds: 5,
  async handle(_payload, deps, run) {
    for (let due = await dueAttempts(deps); due.length > 0 && !run.signal.aborted; due = await dueAttempts(deps)) {
      await Promise.all(due.map((id) => sendAttempt(deps, id, run.signal)));
    }
  },
});

async function dueAttempts({ database, clock }: CommandDeps): Promise<string[]> {
  const now = clock.now();
  const rows = await database.prisma.$queryRaw<{ id: string }[]>`
    SELECT id FROM (
      SELECT a.id, a.next_at, row_number() OVER (PARTITION BY a.endpoint_id ORDER BY a.next_at) AS place
        FROM notifications.webhook_attempt AS a JOIN notifications.webhook_endpoint AS e ON e.id = a.endpoint_id
       WHERE a.status = 'queued' AND a.next_at <= ${now}::timestamptz AND (a.lease_until IS NULL OR a.lease_until <= ${now}::timestamptz) AND e.is_active
    ) AS due WHERE place <= ${perEndpoint} ORDER BY next_at LIMIT ${sideBySide}`;
  return rows.map(({ id }) => id);
}
