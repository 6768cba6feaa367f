import { z } from 'zod';
import { defineJob } from '../../foundation/jobs/job.ts';
import { anchorLast } from './anchor.ts';

/** Every 5 minutes the last checkpoint leaves this host. Repeating it is harmless: see anchorLast(). */
export const anchorJob = defineJob({
  queue: 'audit.anchor',
  payload: z.object({}),
  policy: 'exclusive',
  schedule: '*/5 * * * *',
  async handle(_payload, deps) {
    await anchorLast(deps);
  },
});
