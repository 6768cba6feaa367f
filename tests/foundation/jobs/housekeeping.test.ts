import { afterAll, beforeAll, expect, it } from 'vitest';
import { makePartitionsJob } from '../../../src/foundation/jobs/make-partitions.job.ts';
import { tidyCountersJob } from '../../../src/foundation/jobs/tidy-counters.job.ts';
import { takeAttempt } from '../../../src/foundation/runtime/attempt-bucket.ts';
import { openDatabase } from '../../../src/foundation/runtime/database.ts';
import { startTestApp } from '../../support/app.ts';

let app: Awaited<ReturnType<typeof startTestApp>>;
let deps: Awaited<ReturnType<typeof startTestApp>>['deps'];
beforeAll(async () => {
  app = await startTestApp();
  deps = { ...app.deps, database: openDatabase({ url: app.database.workerUrl, applicationName: 'test-worker', maxConnections: 2 }) };
});
afterAll(async () => {
  await deps.database.close();
  await app.stop();
});

const run = { id: 'test', attempt: 1, isLastAttempt: false, signal: new AbortController().signal, send: async () => undefined };
const bucket = { name: 'test', key: 'somebody', limit: 2, windowSeconds: 60, waits: [] };
const count = async () =>
  (await deps.database.pool.query("SELECT count(*)::int AS n FROM platform.rate_bucket WHERE key LIKE 'test:%'")).rows[0].n;

it('forgets counters only once their time is over', async () => {
  await takeAttempt(deps.database.pool, bucket, app.clock.now());
  await tidyCountersJob.handle({}, deps, run);
  expect(await count()).toBe(1);
  app.clock.advance(61);
  await tidyCountersJob.handle({}, deps, run);
  await tidyCountersJob.handle({}, deps, run);
  expect(await count()).toBe(0);
});

it('makes the coming months before anything needs them, as the worker role', async () => {
  app.clock.advance(200 * 86_400);
  await makePartitionsJob.handle({}, deps, run);
  await makePartitionsJob.handle({}, deps, run);
  const month = app.clock.now().toISOString().slice(0, 7).replace('-', '');
  const { rows } = await deps.database.pool.query('SELECT to_regclass($1) IS NOT NULL AS login, to_regclass($2) IS NOT NULL AS log', [
    `identity.login_event_p${month}`,
    `platform.api_log_p${month}`,
  ]);
  expect(rows).toEqual([{ login: true, log: true }]);
});
