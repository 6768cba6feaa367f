import { z } from 'zod';
import { defineJob } from '../../foundation/jobs/job.ts';
import { failStuckDeliveries } from './fail-stuck-deliveries.ts';

/**
 * Every ten minutes: closes deliveries whose sending died without a word (the last attempt's worker was killed).
 * Repeating is harmless: a closed one is not looked at again.
 */
export const failStuckJob = defineJob({
  queue: 'notifications.fail-stuck',
  payload: z.object({}),
  policy: 'exclusive',
  schedule: '*/10 * * * *',
  handle: (_payload, deps) => failStuckDeliveries(deps),
});
