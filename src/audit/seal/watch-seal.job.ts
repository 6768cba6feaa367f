import { z } from 'zod';
import { type CommandDeps, defineCommand } from '../../foundation/command/command.ts';
import { runCommand } from '../../foundation/command/run-command.ts';
import { defineJob } from '../../foundation/jobs/job.ts';
import { clearBucket, takeToken } from '../../foundation/runtime/rate-bucket.ts';
import { readSealBlockers } from './seal-blockers.ts';
import { readSealState } from './seal-state.queries.ts';

/** Published when sealing falls behind, once per episode. Payload: whole minutes that the oldest row has waited, and rows that wait. */
export const sealLagging = 'audit.seal.lagging';

/** Sealing later than this calls for somebody (audit.md section 7). */
const lateSeconds = 60;
/** The episode is over at this: a lag that hovers about the limit is one episode, not many. */
const caughtUpSeconds = 30;
/** An episode that lasts for days is told of again each day. */
const reminderSeconds = 86_400;

/** Kept in the database while an episode lasts, for all workers and over their restarts. */
const episode = { name: 'seal-lagging', key: 'all' };

const reportSealLag = defineCommand({
  name: 'report-seal-lag',
  resource: 'audit',
  access: 'system',
  input: z.strictObject({ seconds: z.int().positive(), rows: z.int().positive() }),
  async run(scope, { seconds, rows }) {
    scope.note(`${rows} rows wait, the oldest for ${seconds} s`);
    scope.emit({ name: sealLagging, aggregateId: null, payload: { minutes: Math.floor(seconds / 60), rows } });
    return null;
  },
});

/**
 * Each minute, apart from the sealer, so that it also sees one that fails or hangs. A delay is told by the log each time, with the
 * transactions it waits for, and by an action row and an event once per episode. Repeating is harmless: who opens the episode tells it.
 */
export const watchSealJob = defineJob({
  queue: 'audit.watch-seal',
  payload: z.object({}),
  policy: 'exclusive',
  schedule: '* * * * *',
  async handle(_payload, deps) {
    const { lagSeconds, unsealedRows } = await readSealState(deps);
    if (lagSeconds <= caughtUpSeconds) return await clearBucket(deps.database.pool, episode);
    if (lagSeconds <= lateSeconds) return;
    const blockers = await readSealBlockers(deps);
    deps.log.warn(
      { event: sealLagging, lagSeconds, unsealedRows, blockers },
      'rows wait to be sealed for too long: see docs/runbooks/seal-lagging.md',
    );
    if (await opensEpisode(deps)) await report(deps, { seconds: lagSeconds, rows: unsealedRows });
  },
});

async function opensEpisode(deps: CommandDeps): Promise<boolean> {
  const once = { ...episode, limit: 1, windowSeconds: reminderSeconds };
  return (await takeToken(deps.database.pool, once, deps.clock.now())).isAllowed;
}

async function report(deps: CommandDeps, input: { seconds: number; rows: number }): Promise<void> {
  try {
    await runCommand(deps, reportSealLag, { input });
  } catch (error) {
    // Nobody was told: the next try must not take the episode for one that was.
    await clearBucket(deps.database.pool, episode);
    throw error;
  }
}
