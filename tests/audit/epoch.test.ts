import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { startEpoch } from '../../src/audit/seal/epoch.ts';
import { sealJob } from '../../src/audit/seal/seal.job.ts';
import { readSealState } from '../../src/audit/seal/seal-state.queries.ts';
import { EpochRequiredError, sealAll, sealBatch } from '../../src/audit/seal/sealer.ts';
import { createSealBench, openTransaction, type SealBench, unsealed, until, writeRows } from './support/seal-bench.ts';
import { treeFaults } from './support/tree-faults.ts';

let bench: SealBench;

beforeAll(async () => {
  bench = await createSealBench();
  await writeRows(bench.admin, 4);
  await until(async () => (await sealBatch(bench.deps)) !== null);
});
afterAll(() => bench.stop());

const sealEverything = () =>
  until(async () => {
    await sealAll(bench.deps);
    return (await unsealed(bench.admin)) === 0;
  });
const epochs = () => bench.admin.rows<{ epoch: number; reason: string }>('SELECT epoch, reason FROM audit.epoch ORDER BY epoch');
const run = { id: 'x', attempt: 0, isLastAttempt: false, signal: new AbortController().signal, send: async () => undefined };

describe('a database whose transaction numbers are not those of the epoch', () => {
  test('after a logical restore elsewhere, sealing stops, says so once in state and log, and does not fail its job', async () => {
    await bench.admin.rows('UPDATE audit.epoch SET system_identifier = 1 WHERE epoch = 1');
    await writeRows(bench.admin, 5);
    await expect(sealBatch(bench.deps)).rejects.toThrow(EpochRequiredError);
    await sealJob.handle({}, bench.deps, run);
    expect(bench.logs.filter((line) => line.includes('"event":"audit.epoch_required"'))).toHaveLength(1);
    expect(await readSealState(bench.deps)).toMatchObject({ epoch: 1, isEpochRequired: true, sealedSize: 4, unsealedRows: 5 });
  });

  test('a new epoch needs a reason that says something', async () => {
    await expect(startEpoch(bench.deps, 'restore   ')).rejects.toThrow('a new epoch needs a reason of 10 characters');
    expect(await epochs()).toHaveLength(1);
  });

  test('the operator starts the next epoch: what was left is sealed, an open writer is waited for, and the step itself is a sealed row', async () => {
    const writer = await openTransaction(bench);
    await writeRows(writer, 2);
    const starting = startEpoch(bench.deps, 'restored from the dump of Sunday');
    await until(
      async () => (await bench.admin.rows("SELECT 1 FROM pg_locks WHERE relation = 'audit.event'::regclass AND NOT granted")).length > 0,
    );
    await writer.end();
    expect(await starting).toEqual({ epoch: 2, remaining: 7 });
    expect(await unsealed(bench.admin)).toBe(1);
    await sealEverything();
    const [control] = await bench.admin.rows<{ epoch: number; body: string; seq: string }>(
      "SELECT c.epoch, c.body, l.seq FROM audit.control AS c JOIN audit.leaf AS l ON l.row_id = c.id WHERE c.type = 'epoch'",
    );
    const [{ id } = { id: '' }] = await bench.admin.rows<{ id: string }>('SELECT system_identifier::text AS id FROM pg_control_system()');
    expect(control).toEqual({
      epoch: 2,
      body: `{"by":"app_worker","epoch":"2","reason":"restored from the dump of Sunday","remaining":"7","systemIdentifier":"${id}"}`,
      seq: '11',
    });
    expect(await epochs()).toEqual([expect.objectContaining({ epoch: 1 }), { epoch: 2, reason: 'restored from the dump of Sunday' }]);
    expect(await treeFaults(bench.admin, bench.deps.config)).toEqual([]);
  });

  test('the new epoch seals by its own watermark', async () => {
    await writeRows(bench.admin, 3);
    await sealEverything();
    expect(await bench.admin.rows('SELECT DISTINCT epoch FROM audit.checkpoint ORDER BY 1')).toEqual([{ epoch: 1 }, { epoch: 2 }]);
    expect(await readSealState(bench.deps)).toMatchObject({ epoch: 2, isEpochRequired: false, unsealedRows: 0 });
    expect(await treeFaults(bench.admin, bench.deps.config)).toEqual([]);
  });

  test('numbers that went back stop sealing too, and an epoch with nothing left over starts all the same', async () => {
    await sealEverything();
    await bench.admin.rows('ALTER TABLE audit.checkpoint DISABLE TRIGGER guard_rows');
    const [{ watermark } = { watermark: '' }] = await bench.admin.rows<{ watermark: string }>(
      'SELECT watermark::text FROM audit.checkpoint ORDER BY size DESC LIMIT 1',
    );
    const set = (to: string) =>
      bench.admin.rows('UPDATE audit.checkpoint SET watermark = $1::text::xid8 WHERE size = (SELECT max(size) FROM audit.checkpoint)', [
        to,
      ]);
    await set('999999999999');
    await expect(sealBatch(bench.deps)).rejects.toThrow(EpochRequiredError);
    expect((await readSealState(bench.deps)).isEpochRequired).toBe(true);
    await set(watermark);
    await bench.admin.rows('ALTER TABLE audit.checkpoint ENABLE ALWAYS TRIGGER guard_rows');
    expect(await startEpoch(bench.deps, 'planned upgrade to the next major version')).toEqual({ epoch: 3, remaining: 0 });
    await sealEverything();
    expect(await treeFaults(bench.admin, bench.deps.config)).toEqual([]);
  });
});
