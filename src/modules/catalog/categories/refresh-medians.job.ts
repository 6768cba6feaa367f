import { z } from 'zod';
import { defineJob } from '../../../foundation/jobs/job.ts';
import { refreshMovedMedians } from './refresh-medians.ts';

/** Every hour: the usual price of each category, from what is live. Repeating is harmless: it writes only what moved. */
export const refreshMediansJob = defineJob({
  queue: 'catalog.refresh-medians',
  payload: z.object({}),
  policy: 'exclusive',
  schedule: '23 * * * *',
  isSentAtStart: true,
  handle: (_payload, deps) => refreshMovedMedians(deps),
});
