import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import pg from 'pg';
import type { CommandDeps } from '../../src/foundation/command/command.ts';
import { loadConfig } from '../../src/foundation/config/config.ts';
import { installJobs } from '../../src/foundation/jobs/install-jobs.ts';
import type { AnyJobDefinition, EventSubscription } from '../../src/foundation/jobs/job.ts';
import { createJobRuntime, type JobRuntime, withRuntimeJobs } from '../../src/foundation/jobs/job-runtime.ts';
import { queuePlanOf } from '../../src/foundation/jobs/queue-plan.ts';
import { appendEvents, type NewEvent } from '../../src/foundation/outbox/append.ts';
import { nudgeOutbox } from '../../src/foundation/outbox/nudge.ts';
import { runInContext, systemContext } from '../../src/foundation/runtime/request-context.ts';
import { createTestClock, type TestClock } from './clock.ts';
import { createTestDatabase, type TestDatabase } from './database.ts';
import { workerDeps } from './worker-deps.ts';

export type JobBench = {
  database: TestDatabase;
  /** As the worker has them: its login, the test's clock, a log that is kept in `logs`. */
  deps: CommandDeps;
  clock: TestClock;
  logs: string[];
  /** Superuser, for looking. */
  admin: pg.Pool;
  /** Not started. Several may share the database. */
  runtime(): JobRuntime;
  /** Commits events the way a command does; resolves with their ids. */
  emit(...events: NewEvent[]): Promise<string[]>;
  /** Waits until the check gives something; no fixed waits. */
  until<T>(check: () => Promise<T | null | undefined | false>, timeoutMs?: number): Promise<T>;
  stop(): Promise<void>;
};

type BenchOptions = { jobs: readonly AnyJobDefinition[]; subscriptions: readonly EventSubscription[]; env?: Record<string, string> };

/** A database with the queues of some jobs and the means to feed and watch them, without the web half of the product. */
export async function createJobBench(options: BenchOptions): Promise<JobBench> {
  const database = await createTestDatabase();
  await installJobs(database.adminUrl, withRuntimeJobs(options.jobs).map(queuePlanOf));
  const dataDir = mkdtempSync(join(tmpdir(), 'fashionistar-jobs-'));
  const logs: string[] = [];
  const clock = createTestClock();
  const config = loadConfig({ NODE_ENV: 'test', BCRYPT_COST: '4', DATA_DIR: dataDir, LOG_LEVEL: 'info', ...options.env });
  const deps = workerDeps(config, { clock, logs, url: database.workerUrl });
  const admin = new pg.Pool({ connectionString: database.adminUrl, max: 2 });
  admin.on('error', () => undefined);
  const runtimes: JobRuntime[] = [];
  return {
    database,
    deps,
    clock,
    logs,
    admin,
    runtime() {
      const runtime = createJobRuntime({ deps, jobs: options.jobs, subscriptions: options.subscriptions, workerUrl: database.workerUrl });
      runtimes.push(runtime);
      return runtime;
    },
    emit: (...events) => emit(deps, events),
    until,
    async stop() {
      for (const runtime of runtimes) await runtime.stop();
      await deps.hasher.close();
      await deps.database.close();
      await admin.end();
      await database.drop();
      rmSync(dataDir, { recursive: true, force: true });
    },
  };
}

async function emit(deps: CommandDeps, events: readonly NewEvent[]): Promise<string[]> {
  const ids = await runInContext(systemContext('test', 'cli'), () =>
    deps.database.prisma.$transaction(async (tx) => {
      const before = await tx.outboxEvent.count();
      await appendEvents(tx, events, { actionId: null, actorType: 'system:test', at: deps.clock.now() });
      const rows = await tx.outboxEvent.findMany({ orderBy: { id: 'asc' }, skip: before, select: { id: true } });
      return rows.map((row) => row.id);
    }),
  );
  nudgeOutbox(deps.database);
  return ids;
}

async function until<T>(check: () => Promise<T | null | undefined | false>, timeoutMs = 15_000): Promise<T> {
  const end = performance.now() + timeoutMs;
  for (;;) {
    const found = await check();
    if (found) return found;
    if (performance.now() > end) throw new Error(`Nothing after ${timeoutMs} ms`);
    await new Promise((resolve) => setTimeout(resolve, 15));
  }
}
