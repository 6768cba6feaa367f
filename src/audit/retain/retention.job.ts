import { z } from 'zod';
import type { CommandDeps } from '../../foundation/command/command.ts';
import { defineJob, type JobDefinition } from '../../foundation/jobs/job.ts';
import { type Forgetter, finishErasures } from './erase-subject.job.ts';
import { monthBefore, spanOf } from './months.ts';
import { type MonthState, retainMonth, takeSteps } from './retain-month.ts';
import type { DataKeysOf } from './seal-content.ts';

const payload = z.object({});

/** What the retention needs of other owners, handed in where the product is joined. */
export type RetentionPorts = { dataKeysOf: DataKeysOf; forgetters: readonly Forgetter[] };

/** A month the retention looked at. `part`: the history itself or its search rows. */
export type RetainedMonth = { part: 'history' | 'search'; month: string; state: MonthState };

/**
 * Daily: takes months of the history that are past AUDIT_RETENTION_MONTHS on their way out (archive, seal, drop), drops search rows
 * past AUDIT_SEARCH_MONTHS, and erases anew what was written about erased people since. A month goes one step a day at most as
 * far as its seal is anchored; every step is safe to repeat.
 */
export function retentionJob(ports: RetentionPorts): JobDefinition<z.infer<typeof payload>> {
  return defineJob({
    queue: 'audit.retention',
    payload,
    policy: 'exclusive',
    schedule: '41 2 * * *',
    async handle(_payload, deps, run) {
      await runRetention(deps, ports);
      await deps.database.pool.query('SELECT audit.reopen_erasures()');
      await finishErasures(deps, ports.forgetters, run.signal);
    },
  });
}

/** One look at every month that is past its time, oldest first; what became of each is logged and returned. */
export async function runRetention(deps: CommandDeps, { dataKeysOf }: Pick<RetentionPorts, 'dataKeysOf'>): Promise<RetainedMonth[]> {
  const { config, clock } = deps;
  const now = clock.now();
  const looked: RetainedMonth[] = [];
  const note = (seen: RetainedMonth) => {
    looked.push(seen);
    const level = seen.state === 'dropped' || seen.state === 'archived' ? 'info' : 'warn';
    deps.log[level]({ event: 'audit.retention', ...seen, why: sentences[seen.state] });
  };
  for (const month of await monthsOf(deps, ['search'], monthBefore(now, config.auditSearchMonths))) {
    const state = await takeSteps(deps, 'SELECT audit.drop_search($1::date) AS step', `${month}-01`);
    note({ part: 'search', month, state });
  }
  const parents = ['action', 'event', 'value', 'snapshot'];
  for (const month of await monthsOf(deps, parents, monthBefore(now, config.auditRetentionMonths))) {
    note({ part: 'history', month, state: await retainMonth(deps, spanOf(month), dataKeysOf) });
  }
  return looked;
}

const sentences: Record<MonthState, string> = {
  open: 'the month is not over',
  held: 'a legal hold keeps it: see the list of holds',
  unsealed: 'some of its rows have no leaf yet',
  unverified: 'no verify run that found nothing covers it',
  altered: 'its rows are not what was sealed: run audit:verify',
  archived: 'its archive is written; it is dropped once the seal is anchored',
  locked: 'its tables are in use; tried again tomorrow',
  dropped: 'its tables are gone',
};

/** Months before `until` of which a table is there, attached or not, oldest first. */
async function monthsOf(deps: CommandDeps, parents: readonly string[], until: string): Promise<string[]> {
  const { rows } = await deps.database.pool.query<{ month: string }>(
    `SELECT DISTINCT to_char(to_date(right(c.relname, 6), 'YYYYMM'), 'YYYY-MM') AS month
       FROM pg_class AS c JOIN pg_namespace AS n ON n.oid = c.relnamespace
      WHERE n.nspname = 'audit' AND c.relkind = 'r' AND c.relname ~ ('^(' || array_to_string($1::text[], '|') || ')_p[0-9]{6}$')
        AND to_char(to_date(right(c.relname, 6), 'YYYYMM'), 'YYYY-MM') < $2 ORDER BY 1`,
    [parents, until],
  );
  return rows.map((row) => row.month);
}
