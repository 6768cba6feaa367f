import { z } from 'zod';
import { runCommand } from '../../../foundation/command/run-command.ts';
import { defineJob } from '../../../foundation/jobs/job.ts';
import { lapseClaims } from './lapse.ts';
import { hasApprovalsToSample, sampleApprovals } from './sample.ts';
import { watchCaseClocks } from './sla.ts';

/** Every minute: puts back what nobody was active on for half an hour. Repeating is harmless: what is back is not due again. */
export const lapseClaimsJob = defineJob({
  queue: 'review.lapse-claims',
  payload: z.object({}),
  policy: 'exclusive',
  schedule: '* * * * *',
  isSentAtStart: true,
  handle: async (_payload, deps) => void (await lapseClaims(deps)),
});

/** Every minute: tells of clocks at risk and missed and of claims that are about to end, each once. Repeating is harmless: what was told is marked. */
export const tendReviewSlaJob = defineJob({
  queue: 'review.tend-sla',
  payload: z.object({}),
  policy: 'exclusive',
  schedule: '* * * * *',
  handle: (_payload, deps) => watchCaseClocks(deps),
});

/** Every hour: takes the share of approvals for a blind second look. Repeating is harmless: an approval has one sample at most. */
export const sampleApprovalsJob = defineJob({
  queue: 'review.sample-approvals',
  payload: z.object({}),
  policy: 'exclusive',
  schedule: '17 * * * *',
  async handle(_payload, deps) {
    const percent = deps.config.reviewSamplePercent;
    if (await hasApprovalsToSample(deps, percent)) await runCommand(deps, sampleApprovals, { input: { percent } });
  },
});
