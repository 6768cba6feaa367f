import type { CommandDeps } from '../../foundation/command/command.ts';
import { readSealState } from './seal-state.queries.ts';

/** Sealing later than this calls for somebody (audit.md section 7). */
export const delayAlertSeconds = 60;

/** A transaction that no row may overtake into the tree while it is open. */
export type SealBlocker = { pid: number; application: string | null; login: string | null; database: string | null };

const warned = new WeakMap<CommandDeps['database'], number>();
const silenceMs = 60_000;

/** Says in the log, at most once a minute and process, that rows wait longer than they should, and which transaction they wait for. */
export async function warnOfDelay(deps: CommandDeps): Promise<void> {
  const last = warned.get(deps.database);
  if (last !== undefined && performance.now() - last < silenceMs) return;
  const { lagSeconds, unsealedRows } = await readSealState(deps);
  if (lagSeconds <= delayAlertSeconds) return;
  warned.set(deps.database, performance.now());
  const blockers = await readSealBlockers(deps);
  deps.log.warn(
    { event: 'audit.seal_delayed', lagSeconds, unsealedRows, blockers },
    'rows wait to be sealed: a transaction is open for too long',
  );
}

/** Who holds the oldest transaction of the cluster open: what an operator ends, or waits for. */
export async function readSealBlockers({ database }: Pick<CommandDeps, 'database'>): Promise<readonly SealBlocker[]> {
  const { rows } = await database.pool.query<SealBlocker>(
    `SELECT l.pid, s.application_name AS application, s.usename AS login, s.datname AS database
       FROM pg_locks AS l LEFT JOIN pg_stat_activity AS s ON s.pid = l.pid
      WHERE l.locktype = 'transactionid' AND l.mode = 'ExclusiveLock' AND l.granted AND l.pid <> pg_backend_pid()
        AND l.transactionid = pg_snapshot_xmin(pg_current_snapshot())::xid`,
  );
  return rows;
}
