import type { JobWithMetadata } from 'pg-boss';
import { afterAll, beforeAll, expect, it } from 'vitest';
import { z } from 'zod';
import { defineJob } from '../../../src/foundation/jobs/job.ts';
import { runJob } from '../../../src/foundation/jobs/run-job.ts';
import { jobDeadLettered, watchDeadLettersJob } from '../../../src/foundation/jobs/watch-dead-letters.job.ts';
import { runInContext, systemContext } from '../../../src/foundation/runtime/request-context.ts';
import { createJobBench, type JobBench } from '../../support/job-bench.ts';

const payloads: unknown[] = [];
const tidy = defineJob({
  queue: 'test.tidy',
  payload: z.object({ upTo: z.number().optional() }),
  async handle(payload) {
    payloads.push(payload);
  },
});

let bench: JobBench;
beforeAll(async () => {
  bench = await createJobBench({ jobs: [tidy], subscriptions: [] });
}, 120_000);
afterAll(() => bench?.stop());

it('a job of the clock, which carries nothing, runs with an empty payload', async () => {
  const job = { id: 'job-1', name: 'test.tidy', retryCount: 0, retryLimit: 2, signal: new AbortController().signal };
  const attempt = (data: unknown) => runJob(tidy, { ...job, data } as unknown as JobWithMetadata, bench.deps, async () => undefined);
  expect(await attempt(null)).toEqual({ id: 'job-1', status: 'completed' });
  expect(await attempt({ upTo: 3 })).toEqual({ id: 'job-1', status: 'completed' });
  expect(payloads).toEqual([{}, { upTo: 3 }]);
  expect(await attempt('text')).toMatchObject({ status: 'deadletter', output: { error: { fields: ['(whole): invalid_type'] } } });
});

it('of two workers that see the same dead letter, one tells of it', async () => {
  const { rows } = await bench.admin.query(`INSERT INTO pgboss.job (name, data) VALUES ('test.tidy.dead', '{}') RETURNING id`);
  const { pool } = bench.deps.database;
  const [bothSaw, saw] = [Promise.withResolvers<void>(), { count: 0 }];
  const query = async (sql: string) => {
    const answer = await pool.query(sql);
    saw.count += 1;
    if (saw.count === 2) bothSaw.resolve();
    await bothSaw.promise;
    return answer;
  };
  const deps = { ...bench.deps, database: { ...bench.deps.database, pool: Object.assign(Object.create(pool), { query }) } };
  const run = { id: 'test', attempt: 0, isLastAttempt: false, signal: new AbortController().signal, send: async () => undefined };
  const look = () => runInContext(systemContext('test', 'worker'), () => watchDeadLettersJob.handle({}, deps, run));
  await Promise.all([look(), look()]);
  const told = await bench.admin.query('SELECT payload FROM platform.outbox_event WHERE name = $1', [jobDeadLettered]);
  expect(told.rows).toMatchObject([{ payload: { queue: 'test.tidy', jobId: rows[0]?.id } }]);
});
