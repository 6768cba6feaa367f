import { z } from 'zod';
import { runCommand } from '../../../foundation/command/run-command.ts';
import { defineJob } from '../../../foundation/jobs/job.ts';
import { alertDueRequests } from './alert-due.ts';

/** Every hour. Repeating is harmless: each alert is said once. */
export const alertDueJob = defineJob({
  queue: 'support.alert-due-requests',
  payload: z.object({}),
  policy: 'exclusive',
  schedule: '7 * * * *',
  handle: async (_payload, deps) => void (await runCommand(deps, alertDueRequests, { input: {} })),
});
