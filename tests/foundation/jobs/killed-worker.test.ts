import { type ChildProcess, spawn } from 'node:child_process';
import { once } from 'node:events';
import { afterAll, beforeAll, expect, it } from 'vitest';
import { createJobBench, type JobBench } from '../../support/job-bench.ts';
import { effectJob, effectSubscription } from '../../support/processes/effect-worker.ts';

const eventCount = 400;
let bench: JobBench;
const children: ChildProcess[] = [];

beforeAll(async () => {
  bench = await createJobBench({ jobs: [effectJob], subscriptions: [effectSubscription] });
  await bench.admin.query('CREATE TABLE public.effect (number int NOT NULL, pid int NOT NULL)');
  await bench.admin.query('GRANT SELECT, INSERT ON public.effect TO app_worker');
});
afterAll(async () => {
  for (const child of children) child.kill('SIGKILL');
  await bench.stop();
});

async function startWorker(): Promise<ChildProcess> {
  const child = spawn(process.execPath, [new URL('../../support/processes/effect-worker.ts', import.meta.url).pathname], {
    env: { ...process.env, EFFECT_WORKER_URL: bench.database.workerUrl, EFFECT_DATA_DIR: bench.deps.config.dataDir },
    stdio: ['ignore', 'pipe', 'inherit'],
  });
  children.push(child);
  if (child.stdout) await once(child.stdout, 'data');
  return child;
}

const effects = async (): Promise<number> => {
  const { rows } = await bench.admin.query('SELECT count(*)::int AS count FROM public.effect');
  return rows[0].count;
};

it('kill -9 of workers in the middle loses no event and doubles no effect', { timeout: 150_000 }, async () => {
  const [first, second] = await Promise.all([startWorker(), startWorker()]);
  const numbers = Array.from({ length: eventCount }, (_, number) => number);
  const emitting = (async () => {
    for (const number of numbers) await bench.emit({ name: 'test.thing.happened', aggregateId: null, payload: { number } });
  })();
  await bench.until(async () => (await effects()) > 40, 30_000);
  first.kill('SIGKILL');
  await bench.until(async () => (await effects()) > 150, 30_000);
  second.kill('SIGKILL');
  await emitting;
  await startWorker();
  await bench.until(async () => (await effects()) >= eventCount, 60_000);
  await bench.until(async () => {
    const { rows } = await bench.admin.query("SELECT DISTINCT state::text FROM pgboss.job WHERE name = 'test.effect'");
    return rows.length === 1 && rows[0].state === 'completed';
  }, 60_000);
  const { rows } = await bench.admin.query(
    'SELECT count(*)::int AS rows, count(DISTINCT number)::int AS numbers, count(DISTINCT pid)::int AS workers FROM public.effect',
  );
  expect(rows[0]).toEqual({ rows: eventCount, numbers: eventCount, workers: 3 });
  const waiting = await bench.admin.query('SELECT 1 FROM platform.outbox_event WHERE published_at IS NULL');
  expect(waiting.rowCount).toBe(0);
});
