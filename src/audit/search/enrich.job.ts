import { defineJob } from '../../foundation/jobs/job.ts';
import { enrichAll, enrichRange } from './enrich-range.ts';
import { type FollowPayload, followPayload, rangeIn } from './follow-payload.ts';
import { followRange } from './progress.ts';

/**
 * After a seal, by range of seq; each minute from the mark on. Repeating either is harmless: see enrichRange(). A range that was
 * lost is done by the next tick, since the mark does not move over it.
 */
export const enrichJob = defineJob<FollowPayload>({
  queue: 'audit.enrich',
  payload: followPayload,
  policy: 'standard',
  schedule: '* * * * *',
  handle(payload, deps) {
    const range = rangeIn(payload);
    return range ? followRange(deps, 'enrich', range, (batch) => enrichRange(deps, batch)) : enrichAll(deps);
  },
});
