import { z } from 'zod';
import type { CommandDeps } from '../../foundation/command/command.ts';
import { defineJob, type JobRun } from '../../foundation/jobs/job.ts';
import { sealChannel } from '../../foundation/outbox/nudge.ts';
import { EpochRequiredError, type SealedRange, sealBatch } from './sealer.ts';

/** Jobs that go along the leaves; each is sent the range that was added. */
const followers = ['audit.index', 'audit.enrich'];

/** A backlog of millions is done in several jobs, so that none outlives its claim. */
const longestMs = 60_000;

/**
 * Seals what is committed, batch after batch, until two passes found nothing. Repeating it is harmless: the leaves' numbers go on
 * where the last checkpoint ends, under a lock. Nudged after commits, each 5 s by every worker, and each minute by the schedule.
 */
export const sealJob = defineJob({
  queue: 'audit.seal',
  payload: z.object({}),
  policy: 'exclusive',
  schedule: '* * * * *',
  everySeconds: 5,
  wakeOn: sealChannel,
  async handle(_payload, deps, run) {
    try {
      const range = await sealPasses(deps, run.signal);
      if (range) await tellFollowers(run, range);
    } catch (error) {
      if (!(error instanceof EpochRequiredError)) throw error;
      // Trying again helps nobody: the state query, the doctor, the watch and this line call for the operator.
      deps.log.error({ event: 'audit.epoch_required', error }, 'sealing has stopped: see docs/runbooks/epoch-restart.md');
    }
  },
});

/** All batches there are, within limits of time; what they added together, or null. */
async function sealPasses(deps: CommandDeps, signal: AbortSignal): Promise<SealedRange | null> {
  const end = performance.now() + longestMs;
  const ranges: SealedRange[] = [];
  for (let empty = 0; empty < 2 && !signal.aborted && performance.now() < end; ) {
    const range = await sealBatch(deps);
    empty = range ? 0 : empty + 1;
    if (range) ranges.push(range);
  }
  const [first, last] = [ranges.at(0), ranges.at(-1)];
  return first && last ? { from: first.from, to: last.to } : null;
}

/** One that is lost is made good by the follower's own schedule. */
async function tellFollowers(run: JobRun, range: SealedRange): Promise<void> {
  for (const queue of followers) await run.send(queue, range);
}
