import { z } from 'zod';
import type { CommandDeps } from '../../foundation/command/command.ts';
import { defineJob, type EventSubscription } from '../../foundation/jobs/job.ts';
import { reportWorkflow } from '../../foundation/jobs/workflow-run.ts';
import { outboxEventSchema } from '../../foundation/outbox/outbox-event.ts';
import { verificationRequested } from './request-verification.ts';
import { runVerification } from './run-verification.ts';
import type { VerifyResult } from './verify-database.ts';

const queue = 'audit.verify-now';
const payload = z.object({ event: outboxEventSchema(z.object({ runId: z.uuid(), scope: z.enum(['full', 'since_verified']) })) });

export const verifyNowSubscription: EventSubscription = { queue, events: [verificationRequested] };

/** What staff see beside a run: enough to act, while the whole list is for the command line. */
const faultsShown = 20;
const reportEveryMs = 500;

/**
 * A verification that staff asked for, with its progress. Repeating is harmless: it verifies again, and a run that ended keeps
 * its end.
 */
export const verifyNowJob = defineJob({
  queue,
  payload,
  batchSize: 1,
  retryLimit: 1,
  retryDelaySeconds: 5,
  async handle({ event }, deps, run) {
    const { runId, scope } = event.payload;
    const report = progressOf(deps, runId, scope);
    try {
      const result = await runVerification(deps, { scope, by: `system:${queue}`, signal: run.signal, onProgress: report.onProgress });
      await report.settled();
      await reportWorkflow(deps.database, runId, {
        status: 'completed',
        step: scope,
        state: stateOf(result),
        completedAt: deps.clock.now(),
      });
    } catch (error) {
      await report.settled();
      if (run.isLastAttempt)
        await reportWorkflow(deps.database, runId, { status: 'failed', step: scope, state: {}, errorCode: 'verify_failed' });
      throw error;
    }
  },
});

/** Passes on how far it is, twice a second at most; writes are one after another, so that none arrives late. */
function progressOf({ database }: CommandDeps, runId: string, step: string) {
  let writing: Promise<void> = Promise.resolve();
  let reportedAt = Number.NEGATIVE_INFINITY;
  return {
    onProgress(done: number, total: number) {
      if (performance.now() - reportedAt < reportEveryMs) return;
      reportedAt = performance.now();
      writing = writing
        .then(() => reportWorkflow(database, runId, { status: 'running', step, state: { done, total } }))
        .catch(() => undefined);
    },
    settled: () => writing,
  };
}

function stateOf(result: VerifyResult) {
  const { outcome, faultCount, seconds, range } = result;
  const total = range.to - range.from;
  const faults = result.faults.slice(0, faultsShown).map((fault) => ({ ...fault }));
  return { done: total, total, outcome, faultCount, faults, warnings: result.warnings.map((warning) => warning.detail), seconds };
}
