import { z } from 'zod';
import type { CommandDeps } from '../../../foundation/command/command.ts';
import { runCommand } from '../../../foundation/command/run-command.ts';
import { defineJob, type EventSubscription } from '../../../foundation/jobs/job.ts';
import { outboxEventSchema } from '../../../foundation/outbox/outbox-event.ts';
import { addSeconds } from '../../../foundation/runtime/clock.ts';
import { forgetExports } from './forget-exports.ts';
import { failExport, makeExport } from './make-export.ts';

/** Makes the file of an export; see makeExport() for why repeating is harmless. */
export const makeExportJob = defineJob({
  queue: 'support.make-export',
  payload: z.object({ event: outboxEventSchema(z.object({ requestId: z.uuid(), kind: z.string() })) }),
  batchSize: 1,
  lanes: 2,
  async handle({ event }, deps, run) {
    if (event.payload.kind === 'export') await makeExport(deps, event.payload.requestId, run.isLastAttempt);
  },
});

export const makeExportSubscription: EventSubscription = { queue: makeExportJob.queue, events: ['support.privacy.approved'] };

/** Longer than every retry of the job that makes it. */
const stuckSeconds = 3600;

/**
 * Destroys files that nobody fetched in their day, and ends exports whose worker died for good. Repeating is harmless: what is gone is
 * not found again.
 */
export const forgetExportsJob = defineJob({
  queue: 'support.forget-exports',
  payload: z.object({}),
  policy: 'exclusive',
  schedule: '*/10 * * * *',
  async handle(_payload, deps) {
    await runCommand(deps, forgetExports, { input: {} });
    for (const id of await stuckExports(deps)) await runCommand(deps, failExport, { input: { id, errorCode: 'stuck' } });
  },
});

async function stuckExports({ database, clock }: CommandDeps): Promise<string[]> {
  const rows = await database.prisma.privacyRequest.findMany({
    where: { kind: 'export', status: { in: ['approved', 'processing'] }, createdAt: { lt: addSeconds(clock.now(), -stuckSeconds) } },
    select: { id: true },
  });
  return rows.map(({ id }) => id);
}
