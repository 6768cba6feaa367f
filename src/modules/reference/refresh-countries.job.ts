import { z } from 'zod';
import type { CommandDeps } from '../../foundation/command/command.ts';
import { runCommand } from '../../foundation/command/run-command.ts';
import { defineJob } from '../../foundation/jobs/job.ts';
import { refreshCountries } from './refresh-countries.ts';

/** Once a week, so that a release with newer data shows without anybody's doing. Repeating it is harmless: the command writes only differences. */
export const refreshCountriesJob = defineJob({
  queue: 'reference.refresh-countries',
  payload: z.object({}),
  policy: 'exclusive',
  schedule: '17 3 * * 1',
  async handle(_payload, deps) {
    await runCommand(deps, refreshCountries, { input: {} });
  },
});

/**
 * Fills the list on a new database, where every country would otherwise be `country_unknown` until the first Monday. Run
 * it in a context of the system; several processes at once are harmless: the second finds rows or fails on their keys.
 */
export async function fillCountries(deps: CommandDeps): Promise<void> {
  if ((await deps.database.prisma.country.count()) === 0) await runCommand(deps, refreshCountries, { input: {} });
}
