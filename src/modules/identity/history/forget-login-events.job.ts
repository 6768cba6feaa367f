import { z } from 'zod';
import { runCommand } from '../../../foundation/command/run-command.ts';
import { defineJob } from '../../../foundation/jobs/job.ts';
import { forgetLoginEvents } from './forget-login-events.ts';

/** Daily: drops the months of login events that are past their time. Repeating is harmless: what is gone is not found again. */
export const forgetLoginEventsJob = defineJob({
  queue: 'identity.forget-login-events',
  payload: z.object({}),
  policy: 'exclusive',
  schedule: '43 2 * * *',
  handle: async (_payload, deps) => void (await runCommand(deps, forgetLoginEvents, { input: {} })),
});
