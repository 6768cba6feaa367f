import { type JobResult, type JobWithMetadata, PgBoss } from 'pg-boss';
import type { CommandDeps } from '../command/command.ts';
import { createRelay } from '../outbox/relay.ts';
import { tidyOutboxJob } from '../outbox/tidy-outbox.job.ts';
import { cancelJobsJob, cancelSubscription } from './cancel-jobs.job.ts';
import type { AnyJobDefinition, EventSubscription } from './job.ts';
import { makePartitionsJob } from './make-partitions.job.ts';
import { queueSchema } from './queue-plan.ts';
import { redriveJob, redriveSubscription } from './redrive-job.ts';
import { runJob } from './run-job.ts';
import { createTick } from './tick.ts';
import { tidyCountersJob } from './tidy-counters.job.ts';
import { trimRequestLogJob } from './trim-request-log.job.ts';
import { watchDeadLettersJob } from './watch-dead-letters.job.ts';
import { createWorkerWatch } from './watch-workers.ts';

export type JobRuntime = {
  /** Takes up the queues and the outbox; the queues must have been made by installJobs(). */
  start(): Promise<void>;
  /** Stops taking jobs, gives running ones 7 s, then hands them back; returns within 10 s. */
  stop(): Promise<void>;
  /** Sends a job outside any transaction; a queue of policy `exclusive` ignores it while one waits or runs. */
  send(queue: string, payload: object): Promise<void>;
};

export type JobRuntimeOptions = {
  deps: CommandDeps;
  jobs: readonly AnyJobDefinition[];
  subscriptions: readonly EventSubscription[];
  /** Login of app_worker. */
  workerUrl: string;
  /** Connections of pg-boss beside the listener; 4 unless said otherwise. */
  maxConnections?: number;
};

const graceMs = 7_000;
/** Without LISTEN/NOTIFY a worker looks this often; with it, every `backstopSeconds`. */
const pollingSeconds = 0.5;
const backstopSeconds = 5;
/** How often the watch looks for jobs whose worker died. */
const watchSeconds = 3;
/** How often pg-boss goes through every queue: figures of its own, and old jobs that are to be deleted. */
const roundSeconds = 60;
/**
 * pg-boss looks for jobs that wait for other jobs ("flows") with one statement per queue, each of which takes the planner 35 ms: every 5 s,
 * as it is by default, that is a quarter of a processor. No job here waits for another. It counts a round that never was as a week old, so
 * a longer interval keeps it from beginning.
 */
const flowRoundSeconds = 14 * 86_400;

/** All jobs the runtime serves: the given ones and its own. The migration step makes a queue for each. */
export function withRuntimeJobs(jobs: readonly AnyJobDefinition[]): readonly AnyJobDefinition[] {
  const unbound = () => Promise.reject(new Error('The runtime binds this job'));
  return [...jobs, ...runtimeJobs({ redrive: unbound, cancel: unbound })];
}

/** What only pg-boss itself can do with its jobs. */
type QueueActs = { redrive: Parameters<typeof redriveJob>[0]; cancel: Parameters<typeof cancelJobsJob>[0] };

function runtimeJobs({ redrive, cancel }: QueueActs): readonly AnyJobDefinition[] {
  const queueJobs = [redriveJob(redrive), cancelJobsJob(cancel), watchDeadLettersJob];
  return [...queueJobs, tidyOutboxJob, tidyCountersJob, makePartitionsJob, trimRequestLogJob];
}

/** The worker half of the process: pg-boss on the queues, the relay on the outbox. */
export function createJobRuntime(options: JobRuntimeOptions): JobRuntime {
  const { deps } = options;
  const boss = new PgBoss({
    connectionString: options.workerUrl,
    schema: queueSchema,
    application_name: 'fashionistar-jobs',
    max: options.maxConnections ?? 4,
    migrate: false,
    createSchema: false,
    useListenNotify: true,
    superviseIntervalSeconds: roundSeconds,
    // What the watch asks for between two rounds is not put off.
    monitorIntervalSeconds: 1,
    flowIntervalSeconds: flowRoundSeconds,
    // Both need ownership or look at the whole cluster; the database's own care covers them.
    reindex: false,
    monitorVacuum: false,
  });
  boss.on('error', (error) => deps.log.error({ event: 'jobs.error', error }));
  boss.on('warning', (warning) => deps.log.warn({ event: 'jobs.warning', warning: warning.message }));

  const acts: QueueActs = {
    redrive: (queue, ids) => boss.redrive(queue, { ids: [...ids], limit: ids.length }),
    cancel: (queue, ids) => boss.cancel(queue, [...ids]),
  };
  const jobs = [...options.jobs, ...runtimeJobs(acts)];
  const relay = createRelay({
    deps,
    subscriptions: [...options.subscriptions, redriveSubscription, cancelSubscription],
    listenUrl: options.workerUrl,
    insert: async (queue, entries, db) => void (await boss.insert(queue, [...entries], { db })),
  });
  const ticks = jobs
    .filter((job) => job.everySeconds !== undefined || job.wakeOn !== undefined)
    .map((job) =>
      createTick({ job, listenUrl: options.workerUrl, log: deps.log, send: async () => void (await boss.send(job.queue, {})) }),
    );

  const watch = createWorkerWatch({ boss, pool: deps.database.pool, everySeconds: watchSeconds, log: deps.log });

  return {
    async start() {
      refuseUnknownQueues(jobs, options.subscriptions);
      await boss.start();
      await keepSchedules(boss, jobs);
      for (const job of jobs) await serve(boss, job, deps);
      for (const job of jobs) if (job.isSentAtStart) await boss.send(job.queue, {});
      for (const tick of ticks) await tick.start();
      await relay.start();
      watch.start();
    },
    async stop() {
      await watch.stop();
      await relay.stop();
      for (const tick of ticks) await tick.stop();
      await boss.stop({ graceful: true, timeout: graceMs, close: true });
    },
    async send(queue, payload) {
      await boss.send(queue, payload);
    },
  };
}

async function serve(boss: PgBoss, job: AnyJobDefinition, deps: CommandDeps): Promise<void> {
  const send = async (queue: string, payload: object) => void (await boss.send(queue, payload));
  const isTick = job.policy === 'exclusive';
  const options = {
    batchSize: isTick ? 1 : (job.batchSize ?? 4),
    localConcurrency: isTick ? 1 : (job.lanes ?? 1),
    includeMetadata: true,
    perJobResults: true,
    burstWhenBatchFull: true,
    pollingIntervalSeconds: pollingSeconds,
    notifyPollingIntervalSeconds: backstopSeconds,
    heartbeatRefreshSeconds: 3,
  } as const;
  const handle = (batch: JobWithMetadata[]): Promise<JobResult[]> => Promise.all(batch.map((one) => runJob(job, one, deps, send)));
  await boss.work(job.queue, options, handle);
}

/** Schedules live in the database: those of jobs that lost theirs are taken away. */
async function keepSchedules(boss: PgBoss, jobs: readonly AnyJobDefinition[]): Promise<void> {
  const wanted = new Map(jobs.flatMap((job) => (job.schedule ? [[job.queue, job.schedule] as const] : [])));
  for (const known of await boss.getSchedules()) {
    if (!wanted.has(known.name)) await boss.unschedule(known.name);
  }
  for (const [queue, cron] of wanted) await boss.schedule(queue, cron, {}, { tz: 'UTC' });
}

function refuseUnknownQueues(jobs: readonly AnyJobDefinition[], subscriptions: readonly EventSubscription[]): void {
  const queues = new Set(jobs.map((job) => job.queue));
  if (queues.size !== jobs.length) throw new Error('Two jobs share a queue name');
  const unknown = subscriptions.find((subscription) => !queues.has(subscription.queue));
  if (unknown) throw new Error(`Events are routed to ${unknown.queue}, which no job serves`);
}
