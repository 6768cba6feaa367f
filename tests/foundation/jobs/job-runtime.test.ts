import pg from 'pg';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { z } from 'zod';
import { fail } from '../../../src/foundation/errors/app-error.ts';
import { countDeadLetters, listDeadLetters } from '../../../src/foundation/jobs/dead-letters.ts';
import { installJobs } from '../../../src/foundation/jobs/install-jobs.ts';
import { defineJob, type JobRun } from '../../../src/foundation/jobs/job.ts';
import { createJobRuntime } from '../../../src/foundation/jobs/job-runtime.ts';
import { queuePlanOf, sourceQueueOf } from '../../../src/foundation/jobs/queue-plan.ts';
import { redriveRequested } from '../../../src/foundation/jobs/redrive-job.ts';
import { currentContext } from '../../../src/foundation/runtime/request-context.ts';
import { createJobBench, type JobBench } from '../../support/job-bench.ts';

type Seen = { number: number; run: JobRun; actor: unknown; door: string | undefined; at: number };
const seen: Seen[] = [];
const failing = new Set<number>();

const countJob = defineJob({
  queue: 'test.count',
  payload: z.object({ number: z.number().int() }),
  retryLimit: 2,
  async handle({ number }, _deps, run) {
    const context = currentContext();
    seen.push({ number, run, actor: context?.actor, door: context?.door, at: performance.now() });
    if (failing.has(number)) throw new Error(`Trouble with ada@fashion.ng and ${number}`);
  },
});
const refusingJob = defineJob({
  queue: 'test.refuse',
  payload: z.object({}),
  retryLimit: 0,
  handle: async () => fail('unavailable'),
});
const release: (() => void)[] = [];
const slowJob = defineJob({
  queue: 'test.slow',
  payload: z.object({}),
  policy: 'exclusive',
  async handle(_payload, _deps, run) {
    seen.push({ number: -1, run, actor: null, door: undefined, at: performance.now() });
    await new Promise<void>((resolve) => {
      release.push(resolve);
      run.signal.addEventListener('abort', () => resolve());
    });
  },
});
const tickJob = defineJob({ queue: 'test.tick', payload: z.strictObject({}), schedule: '5 4 * * *', handle: async () => undefined });
const jobs = [countJob, refusingJob, slowJob, tickJob];

let bench: JobBench;
beforeAll(async () => {
  bench = await createJobBench({ jobs, subscriptions: [] });
});
afterAll(() => bench.stop());

const runsOf = (number: number) => seen.filter((one) => one.number === number);

describe('a started runtime', () => {
  let runtime: ReturnType<JobBench['runtime']>;
  beforeAll(async () => {
    runtime = bench.runtime();
    await runtime.start();
  });

  it('starts a job at once, as the system actor of its queue', async () => {
    const waits: number[] = [];
    for (const number of [100, 101, 102, 103, 104]) {
      const sent = performance.now();
      await runtime.send('test.count', { number });
      const [run] = await bench.until(async () => (runsOf(number).length > 0 ? runsOf(number) : null));
      waits.push((run?.at ?? 0) - sent);
      expect(run).toMatchObject({
        actor: { kind: 'system', name: 'test.count' },
        door: 'worker',
        run: { attempt: 0, isLastAttempt: false },
      });
    }
    // The best of five: the machine is shared, and polling alone would take seconds.
    expect(Math.min(...waits)).toBeLessThan(250);
  });

  it('tries a failed job again, tells the last attempt, then keeps it as a dead letter without personal data', async () => {
    failing.add(3);
    await runtime.send('test.count', { number: 3 });
    const [letter] = await bench.until(async () => {
      const letters = await listDeadLetters(bench.deps.database, { queue: 'test.count' });
      return letters.length > 0 ? letters : null;
    });
    expect(runsOf(3).map((one) => [one.run.attempt, one.run.isLastAttempt])).toEqual([
      [0, false],
      [1, false],
      [2, true],
    ]);
    expect(letter).toMatchObject({ queue: 'test.count', attempts: 3 });
    expect(await listDeadLetters(bench.deps.database)).toHaveLength(1);
    expect(letter?.error).toContain('Trouble with');
    const { rows } = await bench.admin.query(
      "SELECT coalesce(output::text, '') || coalesce(source_output::text, '') AS stored FROM pgboss.job",
    );
    expect(rows.map((row) => row.stored).join()).not.toContain('ada@fashion.ng');
    expect(bench.logs.join()).not.toContain('ada@fashion.ng');
    expect(bench.logs.some((line) => line.includes('"event":"job.failed"') && line.includes('"isLastAttempt":true'))).toBe(true);
  });

  it('takes a dead letter up again when someone asks, once', async () => {
    failing.delete(3);
    const before = runsOf(3).length;
    const [letter] = await listDeadLetters(bench.deps.database, { queue: 'test.count' });
    const wish = { name: redriveRequested, aggregateId: null, payload: { queue: 'test.count', jobId: letter?.id ?? '' } };
    await bench.emit(wish, wish);
    await bench.until(async () => runsOf(3).length > before);
    await bench.until(async () => (await countDeadLetters(bench.deps.database)) === 0);
    expect(runsOf(3)).toHaveLength(before + 1);
  });

  it('sends a payload that does not parse to the dead letter at once, naming the field and not the value', async () => {
    await runtime.send('test.count', { number: 'ada@fashion.ng' });
    const [letter] = await bench.until(async () => {
      const letters = await listDeadLetters(bench.deps.database);
      return letters.length > 0 ? letters : null;
    });
    expect(letter).toMatchObject({ queue: 'test.count', attempts: 1, error: 'The payload does not fit the job' });
    const line = bench.logs.find((one) => one.includes('job.unparsable'));
    expect(line).toContain('number: invalid_type');
    expect(line).not.toContain('ada@fashion.ng');
  });

  it('names the whole where no field is to blame', async () => {
    await runtime.send('test.tick', { range: 7 });
    await bench.until(async () => bench.logs.some((one) => one.includes('(whole): unrecognized_keys')));
  });

  it('keeps the catalogue code of a refused job', async () => {
    await runtime.send('test.refuse', {});
    const letters = await bench.until(async () => {
      const found = await listDeadLetters(bench.deps.database, { queue: 'test.refuse', limit: 500 });
      return found.length > 0 ? found : null;
    });
    expect(letters[0]?.error).toBe('A needed part does not answer');
  });

  it('ignores a tick while one waits or runs', async () => {
    await Promise.all([1, 2, 3, 4].map(() => runtime.send('test.slow', {})));
    await bench.until(async () => release.length > 0);
    await runtime.send('test.slow', {});
    const { rows } = await bench.admin.query(
      "SELECT count(*)::int AS count FROM pgboss.job WHERE name = 'test.slow' AND state IN ('created', 'active')",
    );
    expect(rows[0].count).toBe(1);
    for (const done of release.splice(0)) done();
    await bench.until(async () => {
      const left = await bench.admin.query("SELECT 1 FROM pgboss.job WHERE name = 'test.slow' AND state = 'active'");
      return left.rowCount === 0;
    });
  });

  it('keeps one schedule for each job that has one, and drops those of jobs that lost theirs', async () => {
    await bench.admin.query(
      "INSERT INTO pgboss.schedule (name, key, cron, timezone, kind) VALUES ('test.count', '', '* * * * *', 'UTC', 'cron')",
    );
    const second = bench.runtime();
    await second.start();
    await second.stop();
    const { rows } = await bench.admin.query('SELECT name, cron FROM pgboss.schedule ORDER BY name');
    expect(rows).toEqual([
      { name: 'platform.make-partitions', cron: '7 1 * * *' },
      { name: 'platform.tidy-counters', cron: '37 * * * *' },
      { name: 'platform.tidy-outbox', cron: '17 2 * * *' },
      { name: 'platform.trim-request-log', cron: '23 2 * * *' },
      { name: 'platform.watch-dead-letters', cron: '* * * * *' },
      { name: 'test.tick', cron: '5 4 * * *' },
    ]);
  });

  it('hands running jobs back when it stops, within ten seconds, and another worker finishes them', async () => {
    const before = seen.filter((one) => one.number === -1).length;
    await runtime.send('test.slow', {});
    await bench.until(async () => seen.filter((one) => one.number === -1).length > before);
    const stopping = performance.now();
    await runtime.stop();
    expect(performance.now() - stopping).toBeLessThan(10_000);
    const { rows } = await bench.admin.query("SELECT state::text FROM pgboss.job WHERE name = 'test.slow' AND state NOT IN ('completed')");
    expect(rows).toEqual([{ state: 'retry' }]);
    release.length = 0;
    const successor = bench.runtime();
    await successor.start();
    await bench.until(async () => release.length > 0);
    for (const done of release.splice(0)) done();
    await successor.stop();
  });
});

describe('the queues', () => {
  it('belong to the migrator; the worker works them, the web role only reads them', async () => {
    const { rows } = await bench.admin.query("SELECT DISTINCT tableowner FROM pg_tables WHERE schemaname = 'pgboss'");
    expect(rows).toEqual([{ tableowner: 'migrator' }]);
    const rights = await bench.admin.query(`
      SELECT r AS role, bool_and(has_table_privilege(r, c.oid, 'SELECT')) AS reads,
             bool_or(has_table_privilege(r, c.oid, 'INSERT, UPDATE, DELETE, TRUNCATE')) AS writes
        FROM unnest(ARRAY['app_web', 'app_worker']) AS r, pg_class c
       WHERE c.relnamespace = 'pgboss'::regnamespace AND c.relkind IN ('r', 'p') GROUP BY r ORDER BY r`);
    expect(rights.rows).toEqual([
      { role: 'app_web', reads: true, writes: false },
      { role: 'app_worker', reads: true, writes: true },
    ]);
  });

  it('are brought up to date by a second installation, with their jobs kept', async () => {
    const plans = jobs.map(queuePlanOf).map((plan) => ({ ...plan, retryLimit: 9 }));
    await installJobs(bench.database.adminUrl, plans);
    const { rows } = await bench.admin.query("SELECT retry_limit FROM pgboss.queue WHERE name = 'test.count'");
    expect(rows).toEqual([{ retry_limit: 9 }]);
    await installJobs(bench.database.migratorUrl, jobs.map(queuePlanOf));
    const after = await bench.admin.query("SELECT retry_limit, partition, notify, dead_letter FROM pgboss.queue WHERE name = 'test.count'");
    expect(after.rows).toEqual([{ retry_limit: 2, partition: true, notify: true, dead_letter: 'test.count.dead' }]);
  });

  it('refuse a new policy under an old name', async () => {
    const plan = { ...queuePlanOf(countJob), policy: 'exclusive' as const };
    await expect(installJobs(bench.database.adminUrl, [plan])).rejects.toThrow('a new policy needs a new queue name');
  });

  it('know which queue a dead letter came from', () => {
    expect(sourceQueueOf('test.count.dead')).toBe('test.count');
    expect(sourceQueueOf('test.count')).toBe('test.count');
  });
});

describe('a database without migrations', () => {
  it('gets schema and queues all the same', async () => {
    const name = `bare_${process.pid}`;
    await bench.admin.query(`CREATE DATABASE ${name}`);
    const url = new URL(bench.database.adminUrl);
    url.pathname = `/${name}`;
    const bare = new pg.Client({ connectionString: url.href });
    try {
      await installJobs(url.href, [queuePlanOf(countJob)]);
      await bare.connect();
      const { rows } = await bare.query("SELECT name FROM pgboss.queue WHERE name LIKE 'test.%' ORDER BY name");
      expect(rows.map((row) => row.name)).toEqual(['test.count', 'test.count.dead']);
    } finally {
      await bare.end();
      await bench.admin.query(`DROP DATABASE ${name} WITH (FORCE)`);
    }
  });
});

describe('a runtime that is put together wrongly', () => {
  const runtimeOf = (parts: Pick<Parameters<typeof createJobRuntime>[0], 'jobs' | 'subscriptions'>) =>
    createJobRuntime({ deps: bench.deps, workerUrl: bench.database.workerUrl, ...parts });

  it('does not start when events are routed to a queue without a job', async () => {
    const runtime = runtimeOf({ jobs, subscriptions: [{ queue: 'test.nowhere', events: ['*'] }] });
    await expect(runtime.start()).rejects.toThrow('test.nowhere');
  });

  it('does not start when two jobs share a queue', async () => {
    await expect(runtimeOf({ jobs: [countJob, countJob], subscriptions: [] }).start()).rejects.toThrow('share a queue');
  });
});
