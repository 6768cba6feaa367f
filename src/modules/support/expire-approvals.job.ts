import { z } from 'zod';
import { runCommand } from '../../foundation/command/run-command.ts';
import { defineJob } from '../../foundation/jobs/job.ts';
import { expireApprovals } from './expire-approvals.ts';

/** Every five minutes. Repeating is harmless: what has ended is not found again. */
export const expireApprovalsJob = defineJob({
  queue: 'support.expire-approvals',
  payload: z.object({}),
  policy: 'exclusive',
  schedule: '*/5 * * * *',
  handle: async (_payload, deps) => void (await runCommand(deps, expireApprovals, { input: {} })),
});
