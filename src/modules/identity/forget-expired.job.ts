import { z } from 'zod';
import { runCommand } from '../../foundation/command/run-command.ts';
import { defineJob } from '../../foundation/jobs/job.ts';
import { forgetExpired } from './forget-expired.ts';

/** Hourly: deletes what proved nothing in time. Repeating is harmless: what is gone is not found again. */
export const forgetExpiredJob = defineJob({
  queue: 'identity.forget-expired',
  payload: z.object({}),
  policy: 'exclusive',
  schedule: '17 * * * *',
  handle: async (_payload, deps) => void (await runCommand(deps, forgetExpired, { input: {} })),
});
