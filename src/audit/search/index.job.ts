import type { CommandDeps } from '../../foundation/command/command.ts';
import { defineJob } from '../../foundation/jobs/job.ts';
import { type FollowPayload, followPayload, rangeIn } from './follow-payload.ts';
import { indexRange } from './index-range.ts';
import { catchUp, followRange, lagSeconds } from './progress.ts';

/**
 * After a seal, by range of seq; each minute from the mark on. Repeating either is harmless: see indexRange(). A range that was
 * lost is done by the next tick, since the mark does not move over it.
 */
export const indexJob = defineJob<FollowPayload>({
  queue: 'audit.index',
  payload: followPayload,
  policy: 'standard',
  schedule: '* * * * *',
  handle(payload, deps) {
    const range = rangeIn(payload);
    return range ? followRange(deps, 'index', range, (batch) => indexRange(deps, batch)) : indexAll(deps);
  },
});

/** Everything sealed that is not in the search index yet. */
export function indexAll(deps: CommandDeps): Promise<void> {
  return catchUp(deps, 'index', (range) => indexRange(deps, range));
}

/** Age in seconds of the oldest row that cannot be found by search yet, its sealing included; 0 when there is none. */
export function searchLagSeconds(deps: CommandDeps): Promise<number> {
  return lagSeconds(deps, 'index');
}
