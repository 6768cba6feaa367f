import { z } from 'zod';
import { runCommand } from '../../../foundation/command/run-command.ts';
import { defineJob } from '../../../foundation/jobs/job.ts';
import { tendGrants } from './tend-grants.ts';

/** Every ten minutes: closes grants that ran out and reminds of those that will. Repeating is harmless: each is marked when it is told of. */
export const tendGrantsJob = defineJob({
  queue: 'identity.tend-grants',
  payload: z.object({}),
  policy: 'exclusive',
  schedule: '*/10 * * * *',
  handle: async (_payload, deps) => void (await runCommand(deps, tendGrants, { input: {} })),
});
