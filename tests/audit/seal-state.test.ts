import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { anchorLast } from '../../src/audit/seal/anchor.ts';
import { sealJob } from '../../src/audit/seal/seal.job.ts';
import { readSealBlockers } from '../../src/audit/seal/seal-delay.ts';
import { showSealFigures } from '../../src/audit/seal/seal-figures.ts';
import { readSealState } from '../../src/audit/seal/seal-state.queries.ts';
import { sealAll } from '../../src/audit/seal/sealer.ts';
import { openDatabase } from '../../src/foundation/runtime/database.ts';
import { createMetrics } from '../../src/foundation/runtime/metrics.ts';
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

  test('an open transaction that delays sealing over 60 s is told of once a minute, by its process and login', async () => {
    await sealEverything();
    const long = await openTransaction(bench);
    await writeRows(long, 1);
    const [{ pid } = { pid: 0 }] = await long.rows<{ pid: number }>('SELECT pg_backend_pid() AS pid');
    const late = await openTransaction(bench);
    await late.rows(
      `INSERT INTO audit.event (occurred_at, txid, epoch, op, tbl, record_id, actor_type, db_user, changed)
       VALUES (clock_timestamp() - interval '61 seconds', pg_current_xact_id(), 1, 2, 'identity.user', 'x', 'system:db', 'postgres', '{}')`,
    );
    await late.end();
    await until(async () => (await readSealBlockers(bench.deps)).some((blocker) => blocker.pid === pid));
    expect(await readSealBlockers(bench.deps)).toMatchObject([
      { pid, login: expect.any(String), database: expect.stringContaining('test_') },
    ]);
    await sealJob.handle({}, bench.deps, run);
    await sealJob.handle({}, bench.deps, run);
    const told = bench.logs.filter((line) => line.includes('"event":"audit.seal_delayed"'));
    expect(told).toHaveLength(1);
    expect(told[0]).toContain(`"pid":${pid}`);
    await long.end();
    await sealEverything();
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
