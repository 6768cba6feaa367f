import { z } from 'zod';
import type { CommandDeps } from '../foundation/command/command.ts';
import { runCommand } from '../foundation/command/run-command.ts';
import { type AnyJobDefinition, defineJob, type EventSubscription } from '../foundation/jobs/job.ts';
import { outboxEventSchema } from '../foundation/outbox/outbox-event.ts';
import { addSeconds } from '../foundation/runtime/clock.ts';
import { findRun, staleRuns } from './bulk/bulk-run.queries.ts';
import { proofSeconds } from './bulk/bulk-run.ts';
import { executeRun } from './bulk/execute-run.ts';
import { endRun } from './bulk/move-bulk-run.ts';
import { bulkRunRequested } from './bulk/start-bulk-run.ts';
import type { PageDefinition } from './define-page.ts';
import type { ResourceDefinition } from './define-resource.ts';
import { listExportRequested } from './exports/ask-list-export.ts';
import { forgetListExports } from './exports/forget-list-exports.ts';
import { makeListExport } from './exports/make-list-export.ts';
import type { Registry } from './registry.ts';
import { bindRegistry, findRegistry } from './registry-of.ts';
import type { StaffIdentityPort } from './sign-in/port.ts';

export type Screens = { resources: readonly ResourceDefinition[]; pages: readonly PageDefinition[]; dashboard: PageDefinition };

type ListJobOptions = {
  /** Every screen of the product; loaded by the first job that needs one, since the engine behind them is slow to load. */
  loadScreens: () => Promise<Screens>;
  identity: (deps: CommandDeps) => Pick<StaffIdentityPort, 'loadStaff'>;
};

const runBulkQueue = 'platform.run-bulk';

/** What the worker does for lists: runs over many rows, exports, and the tidying of both. */
export function listJobs({ loadScreens, identity }: ListJobOptions): readonly AnyJobDefinition[] {
  const runBulkJob = defineJob({
    queue: runBulkQueue,
    payload: z.union([
      z.object({ event: outboxEventSchema(z.object({ runId: z.uuid() })) }).transform(({ event }) => event.payload),
      z.object({ runId: z.uuid() }),
    ]),
    batchSize: 1,
    lanes: 2,
    async handle({ runId }, deps, run) {
      await withScreens(deps, loadScreens);
      await executeRun({ deps, runCommand, identity: identity(deps) }, runId, run.signal);
    },
  });
  const makeExportJob = defineJob({
    queue: 'platform.make-list-export',
    payload: z.object({ event: outboxEventSchema(z.object({ exportId: z.uuid() })) }),
    batchSize: 1,
    lanes: 2,
    async handle({ event }, deps, run) {
      await withScreens(deps, loadScreens);
      await makeListExport({ deps, identity: identity(deps) }, event.payload.exportId, run.isLastAttempt);
    },
  });
  return [runBulkJob, makeExportJob, resumeBulkJob, forgetListExportsJob];
}

export const listSubscriptions: readonly EventSubscription[] = [
  { queue: runBulkQueue, events: [bulkRunRequested] },
  { queue: 'platform.make-list-export', events: [listExportRequested] },
];

/**
 * Hands runs that nobody works on to the worker: their process died at the door, or their job came to its end. Repeating is
 * harmless: one process at a time holds a run. Those older than an hour end, since their proof of a person is over.
 */
const resumeBulkJob = defineJob({
  queue: 'platform.resume-bulk',
  payload: z.object({}),
  policy: 'exclusive',
  schedule: '* * * * *',
  async handle(_payload, deps, run) {
    for (const runId of await staleRuns(deps)) {
      const known = await findRun(deps, runId);
      if (!known) continue;
      const isLate = deps.clock.now() > addSeconds(known.createdAt, proofSeconds);
      if (isLate && known.status === 'running')
        await endRun(deps, { id: runId, status: 'failed', reason: 'It could not be finished within an hour.' });
      else await run.send(runBulkQueue, { runId });
    }
  },
});

/** Repeating is harmless; see forgetListExports(). */
const forgetListExportsJob = defineJob({
  queue: 'platform.forget-list-exports',
  payload: z.object({}),
  policy: 'exclusive',
  schedule: '*/10 * * * *',
  handle: (_payload, deps) => forgetListExports(deps),
});

/** The screens of this worker, built once. */
async function withScreens(deps: CommandDeps, load: ListJobOptions['loadScreens']): Promise<Registry> {
  const known = findRegistry(deps);
  if (known) return known;
  const [screens, { buildRegistry }, { loadDmmf }] = await Promise.all([load(), import('./registry.ts'), import('./dmmf.ts')]);
  return findRegistry(deps) ?? bindRegistry(deps, buildRegistry(screens, loadDmmf(), deps));
}
