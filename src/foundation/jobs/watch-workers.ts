import type { Pool } from 'pg';
import type { PgBoss } from 'pg-boss';
import type { Logger } from 'pino';
import { jobsTable, queueSchema } from './queue-plan.ts';

/** Looks for jobs whose worker died, in a worker process. */
export type WorkerWatch = { start(): void; stop(): Promise<void> };

/**
 * A job that gives no sign of life, or whose time is over: by what pg-boss itself asks (failJobsByHeartbeat, failJobsByTimeout). It has a
 * name, so that each connection plans it once: a table per queue takes the planner 50 ms, and the answer 3.
 */
const lostJobs = {
  name: 'lost-jobs',
  text: `
  SELECT DISTINCT name FROM ${jobsTable}
   WHERE state = 'active'
     AND (heartbeat_on + heartbeat_seconds * interval '1 s' < ${queueSchema}.job_now()
          OR started_on + expire_seconds * interval '1 s' < ${queueSchema}.job_now())`,
};

export type WorkerWatchOptions = {
  boss: PgBoss;
  /** Of app_worker. */
  pool: Pool;
  everySeconds: number;
  log: Logger;
};

/**
 * pg-boss's supervisor asks several questions of each queue in turn, and each of ours is a table of its own: at the pace that a killed
 * worker asks for it kept a quarter of a processor busy with nothing to do. So it makes its round rarely, and one question asked often
 * says which queue needs it now.
 */
export function createWorkerWatch({ boss, pool, everySeconds, log }: WorkerWatchOptions): WorkerWatch {
  let timer: NodeJS.Timeout | null = null;
  let looking: Promise<void> | null = null;

  async function look(): Promise<void> {
    const { rows } = await pool.query<{ name: string }>(lostJobs);
    for (const { name } of rows) await boss.supervise(name);
  }

  return {
    start() {
      timer = setInterval(() => {
        looking ??= look()
          .catch((error: unknown) => log.warn({ event: 'jobs.watch_failed', error }))
          .finally(() => {
            looking = null;
          });
      }, everySeconds * 1_000);
    },
    async stop() {
      if (timer) clearInterval(timer);
      await looking;
    },
  };
}
