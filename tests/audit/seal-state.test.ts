import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { anchorLast } from '../../src/audit/seal/anchor.ts';
import { sealJob } from '../../src/audit/seal/seal.job.ts';
import { readSealBlockers } from '../../src/audit/seal/seal-blockers.ts';
import { showSealFigures } from '../../src/audit/seal/seal-figures.ts';
import { readSealState } from '../../src/audit/seal/seal-state.queries.ts';
import { sealAll } from '../../src/audit/seal/sealer.ts';
import { sealLagging, watchSealJob } from '../../src/audit/seal/watch-seal.job.ts';
import { openDatabase } from '../../src/foundation/runtime/database.ts';
import { createMetrics } from '../../src/foundation/runtime/metrics.ts';
import { runInContext, systemContext } from '../../src/foundation/runtime/request-context.ts';
import { createSealBench, openTransaction, type SealBench, unsealed, until, writeRows } from './support/seal-bench.ts';

let bench: SealBench;
beforeAll(async () => {
  bench = await createSealBench();
});
afterAll(() => bench.stop());

const sent: { queue: string; payload: object }[] = [];
const runWith = (signal: AbortSignal) => ({
  ...{ id: 'x', attempt: 0, isLastAttempt: false, signal },
  send: async (queue: string, payload: object) => void sent.push({ queue, payload }),
});
const run = runWith(new AbortController().signal);
const sealEverything = () =>
  until(async () => {
    await sealAll(bench.deps);
    return (await unsealed(bench.admin)) === 0;
  });

describe('the state of the seal', () => {
  test('of a new installation: nothing sealed, nothing late', async () => {
    expect(await readSealState(bench.deps)).toEqual({
      ...{ epoch: 1, sealedSize: 0, sealedAt: null, unsealedRows: 0, lagSeconds: 0, isEpochRequired: false, lastVerify: null },
      anchors: [{ target: 'file', size: null, at: null }],
    });
  });

  test('counts what waits, and shows what was sealed, anchored and verified; the web role may ask too', async () => {
    await writeRows(bench.admin, 3);
    expect(await readSealState(bench.deps)).toMatchObject({ unsealedRows: 3, sealedSize: 0 });
    await sealEverything();
    await anchorLast(bench.deps);
    await writeRows(bench.admin, 2);
    await bench.admin.rows(`SELECT audit.record_control('verify', '{"outcome":"valid"}')`);
    const database = openDatabase({ url: bench.database.webUrl, applicationName: 'test-web', maxConnections: 1 });
    const state = await readSealState({ ...bench.deps, database });
    await database.close();
    expect(state).toMatchObject({ sealedSize: 3, unsealedRows: 3, isEpochRequired: false, anchors: [{ target: 'file', size: 3 }] });
    expect(state.lastVerify?.body).toBe('{"outcome":"valid"}');
    expect(state.sealedAt).toBeInstanceOf(Date);
  });

  test('is what Prometheus sees; figures that cannot be read are not numbers', async () => {
    const metrics = createMetrics();
    showSealFigures(metrics, bench.deps);
    const text = await metrics.text();
    for (const line of ['audit_sealed_leaves 3', 'audit_anchored_leaves 3', 'audit_unsealed_rows 3', 'audit_epoch_required 0']) {
      expect(text).toMatch(new RegExp(`^${line}$`, 'm'));
    }
    expect(text).toMatch(/^audit_seal_lag_seconds \d+$/m);
    expect(text).toMatch(/^audit_anchor_age_seconds -?[\d.]+$/m);
    const blind = createMetrics();
    const database = openDatabase({
      url: bench.database.workerUrl.replace(/\/[^/]*$/, '/nowhere'),
      applicationName: 'x',
      maxConnections: 1,
    });
    showSealFigures(blind, { ...bench.deps, database });
    expect(await blind.text()).toMatch(/^audit_seal_lag_seconds Nan$/im);
    await database.close();
  });

  test('an anchor that never was is infinitely old', async () => {
    const metrics = createMetrics();
    showSealFigures(metrics, { ...bench.deps, config: { ...bench.deps.config, auditAnchorUrls: ['https://anchors.invalid'] } });
    expect(await metrics.text()).toMatch(/^audit_anchor_age_seconds \+Inf$/m);
    expect(await metrics.text()).toMatch(/^audit_anchored_leaves 0$/m);
  });
});

describe('the job', () => {
  test('seals what waits and sends those who follow the range', async () => {
    await sealEverything();
    sent.length = 0;
    const { sealedSize: from } = await readSealState(bench.deps);
    await writeRows(bench.admin, 4);
    await until(async () => {
      await sealJob.handle({}, bench.deps, run);
      return sent.length > 0;
    });
    const range = { from, to: from + 4 };
    expect(sent).toEqual([
      { queue: 'audit.index', payload: range },
      { queue: 'audit.enrich', payload: range },
    ]);
  });

  test('stops between batches when it is told to', async () => {
    await writeRows(bench.admin, 1);
    await sealJob.handle({}, bench.deps, runWith(AbortSignal.abort()));
    expect(await unsealed(bench.admin)).toBe(1);
    expect(await sealAll(bench.deps, AbortSignal.abort())).toBe(0);
  });

  test('a failure of the database fails the job, so that it is tried again', async () => {
    const database = openDatabase({
      url: bench.database.workerUrl.replace(/\/[^/]*$/, '/nowhere'),
      applicationName: 'x',
      maxConnections: 1,
    });
    await expect(sealJob.handle({}, { ...bench.deps, database }, run)).rejects.toThrow('nowhere');
    await database.close();
  });
});

describe('the watch over the seal', () => {
  /** An open transaction with a row, which no later row may overtake into the tree. */
  const hold = async () => {
    const long = await openTransaction(bench);
    await writeRows(long, 1);
    const [{ pid } = { pid: 0 }] = await long.rows<{ pid: number }>('SELECT pg_backend_pid() AS pid');
    await until(async () => (await readSealBlockers(bench.deps)).some((blocker) => blocker.pid === pid));
    return { pid, release: () => long.end() };
  };
  const writeRowOf = async (secondsAgo: number) =>
    bench.admin.rows(
      `INSERT INTO audit.event (occurred_at, txid, epoch, op, tbl, record_id, actor_type, db_user, changed)
       VALUES (clock_timestamp() - make_interval(secs => $1), pg_current_xact_id(), 1, 2, 'identity.user', 'x', 'system:db', 'postgres', '{}')`,
      [secondsAgo],
    );
  const watch = () => runInContext(systemContext('audit.watch-seal', 'worker'), () => watchSealJob.handle({}, bench.deps, run));
  const events = () =>
    bench.admin.rows<{ payload: { minutes: number; rows: number } }>(
      'SELECT payload FROM platform.outbox_event WHERE name = $1 ORDER BY id',
      [sealLagging],
    );
  const lines = () => bench.logs.filter((line) => line.includes(`"event":"${sealLagging}"`));

  test('tells of a delay over 60 s once per episode, and each time in the log, by process and login', async () => {
    await sealEverything();
    const { pid, release } = await hold();
    expect(await readSealBlockers(bench.deps)).toMatchObject([
      { pid, login: expect.any(String), database: expect.stringContaining('test_') },
    ]);
    await writeRowOf(45);
    await watch();
    expect(await events()).toEqual([]);
    expect(lines()).toEqual([]);
    await writeRowOf(185);
    await watch();
    await watch();
    expect(await events()).toMatchObject([{ payload: { minutes: 3, rows: expect.any(Number) } }]);
    expect(lines()).toHaveLength(2);
    expect(lines()[0]).toContain(`"pid":${pid}`);
    await release();
    await sealEverything();
    const actions = await bench.admin.rows("SELECT 1 FROM audit.action WHERE action = 'report-seal-lag'");
    expect(actions).toHaveLength(1);
  });

  test('tells of the next episode, which begins when sealing had caught up', async () => {
    await watch();
    expect(await events()).toHaveLength(1);
    const { release } = await hold();
    await writeRowOf(61);
    await watch();
    expect(await events()).toMatchObject([{}, { payload: { minutes: 1 } }]);
    await release();
    await sealEverything();
  });

  test('reminds after a day of one that lasts', async () => {
    const { release } = await hold();
    await writeRowOf(86_500);
    await watch();
    expect(await events()).toHaveLength(2);
    bench.clock.advance(86_401);
    await watch();
    expect(await events()).toMatchObject([{}, {}, { payload: { minutes: 1_441 } }]);
    await release();
    await sealEverything();
  });

  test('takes an episode that could not be told for one that is still to be told', async () => {
    await watch();
    const { release } = await hold();
    await writeRowOf(61);
    await bench.admin.rows('REVOKE INSERT ON platform.outbox_event FROM app_worker');
    await expect(watch()).rejects.toThrow();
    await bench.admin.rows('GRANT INSERT ON platform.outbox_event TO app_worker');
    await watch();
    expect(await events()).toHaveLength(4);
    await release();
    await sealEverything();
  });
});
