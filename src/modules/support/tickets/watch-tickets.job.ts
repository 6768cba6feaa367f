import { z } from 'zod';
import { defineJob } from '../../../foundation/jobs/job.ts';
import { watchTickets } from './watch-tickets.ts';

/** Every minute: lets claims lapse, tells of clocks, closes what stayed resolved. Repeating is harmless: what is done is not due again. */
export const watchTicketsJob = defineJob({
  queue: 'support.watch-tickets',
  payload: z.object({}),
  policy: 'exclusive',
  schedule: '* * * * *',
  handle: (_payload, deps) => watchTickets(deps),
});
