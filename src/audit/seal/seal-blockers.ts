import type { CommandDeps } from '../../foundation/command/command.ts';

/** A transaction that no row may overtake into the tree while it is open. */
export type SealBlocker = { pid: number; application: string | null; login: string | null; database: string | null };

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
