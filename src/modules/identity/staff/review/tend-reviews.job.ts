import { z } from 'zod';
import { runCommand } from '../../../../foundation/command/run-command.ts';
import { defineJob } from '../../../../foundation/jobs/job.ts';
import { tendReviews } from './tend-reviews.ts';

/**
 * Daily, and when a worker starts: opens the access review of the quarter, reminds of it, ends what it left unconfirmed. Repeating is
 * harmless: a quarter has one review, and each step marks what it did.
 */
export const tendReviewsJob = defineJob({
  queue: 'identity.tend-access-reviews',
  payload: z.object({}),
  policy: 'exclusive',
  schedule: '23 3 * * *',
  isSentAtStart: true,
  handle: async (_payload, deps) => void (await runCommand(deps, tendReviews, { input: {} })),
});
