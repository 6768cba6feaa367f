import { afterAll, beforeAll, expect, it } from 'vitest';
import { z } from 'zod';
import type { Command } from '../../../src/foundation/command/command.ts';
import { previewCommand, runCommand } from '../../../src/foundation/command/run-command.ts';
import { cancelJob, retryJob, retryJobs } from '../../../src/foundation/jobs/change-jobs.ts';
import { countDeadLetters, listDeadLetters } from '../../../src/foundation/jobs/dead-letters.ts';
import { defineJob } from '../../../src/foundation/jobs/job.ts';
import { errorOf, payloadValues } from '../../../src/foundation/jobs/job-detail.ts';
import { queueFigures } from '../../../src/foundation/jobs/queue-figures.queries.ts';
import { deadGroups, listJobs } from '../../../src/foundation/jobs/queue-jobs.queries.ts';
import { runInContext } from '../../../src/foundation/runtime/request-context.ts';
import { requestContext, staffActor } from '../../support/app.ts';
import { createJobBench, type JobBench } from '../../support/job-bench.ts';

const outage = { isDown: true };
const sent: number[] = [];

const send = defineJob({
  queue: 'test.send',
  payload: z.object({ number: z.number() }),
  retryLimit: 0,
  async handle({ number }) {
    if (outage.isDown) throw new Error(number === 9 ? 'no such number' : 'the provider does not answer');
    sent.push(number);
  },
});

let bench: JobBench;
let runtime: ReturnType<JobBench['runtime']>;
beforeAll(async () => {
  bench = await createJobBench({ jobs: [send], subscriptions: [] });
  runtime = bench.runtime();
  await runtime.start();
}, 120_000);
afterAll(() => bench?.stop());

const admin = () => staffActor({ role: 'admin', isLead: false }, bench.clock.now());

async function run<Input, Output, Prepared, Loaded>(command: Command<Input, Output, Prepared, Loaded>, input: object): Promise<Output> {
  const envelope = { input, reason: { code: 'error_correction', text: 'the provider is back' } };
  return (await runInContext(requestContext(admin()), () => runCommand(bench.deps, command, envelope))).output;
}

const eventsNamed = async (name: string) =>
  (
    await bench.admin.query<{ payload: { queue: string; jobId: string } }>('SELECT payload FROM platform.outbox_event WHERE name = $1', [
      name,
    ])
  ).rows;

it('tells of each job that failed for good once, by ids only', { timeout: 60_000 }, async () => {
  for (const number of [1, 2, 3, 9]) await runtime.send('test.send', { number });
  await bench.until(async () => (await countDeadLetters(bench.deps.database)) === 4);
  const told = await bench.until(async () => {
    const rows = await eventsNamed('platform.job.dead_lettered');
    return rows.length >= 4 ? rows : null;
  }, 30_000);
  const letters = await listDeadLetters(bench.deps.database);
  expect(told.map(({ payload }) => payload.jobId).sort()).toEqual(letters.map(({ id }) => id).sort());
  expect(new Set(told.map(({ payload }) => payload.queue))).toEqual(new Set(['test.send']));
  await runtime.send('platform.watch-dead-letters', {});
  await new Promise((resolve) => setTimeout(resolve, 1_500));
  expect(await eventsNamed('platform.job.dead_lettered')).toHaveLength(4);
});

it('shows the dead letters by cause, and the figures of the queue', async () => {
  expect(await deadGroups(bench.deps.database, 'test.send')).toEqual([
    { error: 'the provider does not answer', count: 3 },
    { error: 'no such number', count: 1 },
  ]);
  const { items } = await listJobs(bench.deps.database, { queue: 'test.send', state: 'dead', error: 'no such number' });
  expect(items).toMatchObject([
    { state: 'dead', attempts: 1, error: { message: 'no such number' }, values: [{ path: 'number', value: '9' }] },
  ]);
  const all = await queueFigures(bench.deps.database);
  const figures = all.find(({ queue }) => queue === 'test.send');
  expect(all[0]).toBe(figures);
  // What has nothing to do stands by name.
  const idle = all.filter(({ dead, waiting, retrying }) => dead + waiting + retrying === 0).map(({ queue }) => queue);
  expect(idle.length).toBeGreaterThan(1);
  expect(idle).toEqual([...idle].sort());
  expect(figures).toMatchObject({ dead: 4, failed: 4, waiting: 0, active: 0, policy: 'standard', schedule: null });
});

it('puts jobs back when a person asks, and each then runs once', { timeout: 60_000 }, async () => {
  outage.isDown = false;
  const [one] = (await listJobs(bench.deps.database, { queue: 'test.send', state: 'dead', error: 'the provider does not answer' })).items;
  // Of several who ask for the same the first moves it and the others find it gone, whether before or after they asked.
  await Promise.allSettled(Array.from({ length: 5 }, () => run(retryJob, { queue: 'test.send', jobId: one?.id })));
  await bench.until(async () => sent.length === 1);
  const effects = await runInContext(requestContext(admin()), () =>
    previewCommand(bench.deps, retryJobs, { input: { queue: 'test.send' } }),
  );
  expect(effects).toEqual(['Puts 3 jobs back on test.send. They run within seconds, with the same payloads.']);
  expect(await run(retryJobs, { queue: 'test.send', error: 'the provider does not answer' })).toEqual({ count: 2 });
  await bench.until(async () => sent.length === 3);
  expect([...sent].sort()).toEqual([1, 2, 3]);
  expect(await countDeadLetters(bench.deps.database)).toBe(1);
});

it('drops a dead letter, and a job that waits for its time', { timeout: 60_000 }, async () => {
  const [letter] = await listDeadLetters(bench.deps.database);
  const previews = [retryJob, cancelJob].map((command) =>
    runInContext(requestContext(admin()), () =>
      previewCommand<unknown, unknown, undefined, never>(bench.deps, command as never, {
        input: { queue: 'test.send', jobId: letter?.id },
      }),
    ),
  );
  expect((await Promise.all(previews)).flat()).toEqual([
    'Puts the job back on test.send. It runs within seconds, with the same payload.',
    'The dead letter is dropped: what it was for is not done.',
  ]);
  await run(cancelJob, { queue: 'test.send', jobId: letter?.id });
  await bench.until(async () => (await countDeadLetters(bench.deps.database)) === 0);
  const { rows } = await bench.admin.query(
    `INSERT INTO pgboss.job (name, data, start_after) VALUES ('test.send', '{"number":5}', now() + interval '1 day') RETURNING id`,
  );
  const effects = await runInContext(requestContext(admin()), () =>
    previewCommand(bench.deps, cancelJob, { input: { queue: 'test.send', jobId: rows[0]?.id } }),
  );
  expect(effects).toEqual(['The job of test.send is dropped before it ran: what it was for is not done.']);
  await run(cancelJob, { queue: 'test.send', jobId: rows[0]?.id });
  await bench.until(
    async () => (await bench.admin.query(`SELECT state FROM pgboss.job WHERE id = $1`, [rows[0]?.id])).rows[0]?.state === 'cancelled',
  );
  await expect(run(cancelJob, { queue: 'test.send', jobId: rows[0]?.id })).rejects.toMatchObject({ code: 'not_found' });
});

it('shows of a payload ids, codes, numbers and times, and of an error its redacted message', () => {
  const id = '0199a000-0000-7000-8000-000000000000';
  expect(
    payloadValues({
      a: { id, code: 'sms_prefix', at: '2026-11-22T10:00:00Z' },
      list: [1, true],
      name: 'Ada Obi',
      mail: 'ada@example.com',
      none: null,
      big: 10n,
    }),
  ).toEqual([
    { path: 'a.id', value: id },
    { path: 'a.code', value: 'sms_prefix' },
    { path: 'a.at', value: '2026-11-22T10:00:00Z' },
    { path: 'list.0', value: '1' },
    { path: 'list.1', value: 'true' },
    { path: 'name', value: '(not shown)' },
    { path: 'mail', value: '(not shown)' },
    { path: 'big', value: '(not shown)' },
  ]);
  expect(payloadValues(Array.from({ length: 100 }, (_, n) => n))).toHaveLength(40);
  expect(payloadValues(null)).toEqual([]);
  expect(errorOf({ error: { type: 'SendError', message: 'to +2348021234567' } })).toEqual({ type: 'SendError', message: 'to [redacted]' });
  expect(errorOf({ message: 'job timed out' })).toEqual({ type: null, message: 'job timed out' });
  expect([errorOf(null), errorOf({}), errorOf([1])]).toEqual([null, null, null]);
});
