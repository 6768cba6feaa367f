import { z } from 'zod';
import { runCommand } from '../../../foundation/command/run-command.ts';
import { defineJob } from '../../../foundation/jobs/job.ts';
import { takeToken } from '../../../foundation/runtime/rate-bucket.ts';
import { raiseSignInAlarm } from './raise-sign-in-alarm.ts';
import { isAttack, signInPressure } from './sign-in-attack.queries.ts';

/** Operators hear of one attack once an hour while it goes on. */
const quietSeconds = 3600;

/**
 * Looks for passwords tried from many networks on many identifiers, and raises an alarm. Nothing is written while there is none.
 * Repeating is harmless: an alarm is raised once an hour, also by two workers at the same time.
 */
export const watchSignInsJob = defineJob({
  queue: 'identity.watch-sign-ins',
  payload: z.object({}),
  policy: 'exclusive',
  schedule: '* * * * *',
  async handle(_payload, deps) {
    const pressure = await signInPressure(deps);
    if (!isAttack(pressure)) return;
    const once = { name: 'sign-in-alarm', key: 'all', limit: 1, windowSeconds: quietSeconds };
    if (!(await takeToken(deps.database.pool, once, deps.clock.now())).isAllowed) return;
    await runCommand(deps, raiseSignInAlarm, { input: pressure });
    deps.log.error({ event: 'sign_in.attacked', ...pressure }, 'passwords are being tried from many networks on many identifiers');
  },
});
