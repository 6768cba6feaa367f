import { z } from 'zod';
import { defineJob } from '../../../foundation/jobs/job.ts';
import { outboxEventSchema } from '../../../foundation/outbox/outbox-event.ts';
import type { Forgetter } from '../../retain/erase-subject.job.ts';
import { exportRequested } from './ask-export.ts';
import { makeExport } from './make-export.ts';

/** Makes the file of an export that was asked for; see makeExport() for why repeating is harmless. */
export const exportJob = defineJob({
  queue: 'audit.export',
  payload: z.object({ event: outboxEventSchema(z.object({ exportId: z.uuid() })) }),
  batchSize: 1,
  lanes: 2,
  handle: ({ event }, deps, run) => makeExport(deps, event.payload.exportId, run.isLastAttempt),
});

export const exportSubscription = { queue: exportJob.queue, events: [exportRequested] };

/**
 * Ends exports that nobody fetched within their time, and destroys files and keys of all that ended. Repeating is harmless: what is
 * destroyed is not there to be destroyed again.
 */
export const forgetExportsJob = defineJob({
  queue: 'audit.forget-exports',
  payload: z.object({}),
  policy: 'exclusive',
  schedule: '*/10 * * * *',
  async handle(_payload, deps) {
    await deps.database.pool.query('SELECT audit.forget_exports($1, false)', [deps.clock.now()]);
  },
});

/** Ends every export whose file may hold something about a person who is being erased; an owner's part of an erasure. */
export const forgetExportFiles: Forgetter = async (deps) => {
  const { rows } = await deps.database.pool.query<{ ended: number }>('SELECT audit.forget_exports($1, true) AS ended', [deps.clock.now()]);
  return { rows: { 'audit.export': rows[0]?.ended ?? 0 }, records: [] };
};
