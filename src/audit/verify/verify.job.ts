import { z } from 'zod';
import { defineJob } from '../../foundation/jobs/job.ts';
import { runVerification } from './run-verification.ts';

const queue = 'audit.verify';
const sunday = 0;

/**
 * Nightly: what came since the last verified leaf; on Sundays everything. Repeating is harmless: a run reads, and leaves a control
 * row of its own.
 */
export const verifyJob = defineJob({
  queue,
  payload: z.object({}),
  policy: 'exclusive',
  retryLimit: 2,
  retryDelaySeconds: 60,
  schedule: '41 1 * * *',
  async handle(_payload, deps, run) {
    const isWeekly = deps.clock.now().getUTCDay() === sunday;
    await runVerification(deps, { scope: isWeekly ? 'full' : 'since_verified', by: `system:${queue}`, signal: run.signal });
  },
});
