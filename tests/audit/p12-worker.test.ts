import { type ChildProcess, spawn } from 'node:child_process';
import { once } from 'node:events';
import { join } from 'node:path';
import { afterAll, beforeAll, expect, test } from 'vitest';
import { openSql } from '../support/sql.ts';
import { createSealBench, type SealBench, unsealed, until, writeRows } from './support/seal-bench.ts';
import { treeFaults } from './support/tree-faults.ts';

let bench: SealBench;
const children: ChildProcess[] = [];

beforeAll(async () => {
  bench = await createSealBench();
});
afterAll(async () => {
  for (const child of children) child.kill('SIGKILL');
  await bench.stop();
});

/** The worker as `npm start` runs it: pg-boss, its timer, its schedules and all other jobs. */
async function startWorker(): Promise<ChildProcess> {
  const child = spawn(process.execPath, ['--disable-warning=ExperimentalWarning', 'src/main.ts', 'worker'], {
    cwd: join(import.meta.dirname, '../..'),
    stdio: ['ignore', 'ignore', 'inherit', 'ipc'],
    env: {
      ...process.env,
      NODE_ENV: 'test',
      LOG_LEVEL: 'silent',
      DATA_DIR: bench.deps.config.dataDir,
      DATABASE_URL: bench.database.adminUrl,
    },
  });
  children.push(child);
  await new Promise<void>((resolve, reject) => {
    child.once('message', () => resolve());
    child.once('exit', (code) => reject(new Error(`worker ended with ${code} before it was ready`)));
  });
  return child;
}

/** Lets nobody write checkpoints until it is given up: a batch stays open between its leaves and its checkpoint. */
async function holdCheckpoints(): Promise<() => Promise<void>> {
  const sql = await openSql(bench.database.adminUrl);
  await sql.rows('BEGIN; LOCK TABLE audit.checkpoint IN SHARE MODE');
  return async () => {
    await sql.rows('COMMIT');
    await sql.close();
  };
}

const isHeld = async () =>
  (await bench.admin.rows("SELECT 1 FROM pg_locks WHERE relation = 'audit.checkpoint'::regclass AND NOT granted")).length > 0;

test('P12: the worker seals by itself; killed mid-batch, the next one goes on where the last checkpoint ends', {
  timeout: 180_000,
}, async () => {
  const first = await startWorker();
  await writeRows(bench.admin, 5);
  await until(async () => (await unsealed(bench.admin)) === 0);
  const giveUp = await holdCheckpoints();
  await writeRows(bench.admin, 400);
  await until(isHeld);
  const gone = once(first, 'exit');
  first.kill('SIGKILL');
  await gone;
  await giveUp();
  expect(await unsealed(bench.admin)).toBeGreaterThanOrEqual(400);
  expect(await treeFaults(bench.admin, bench.deps.config)).toEqual([]);
  await startWorker();
  await writeRows(bench.admin, 5);
  await until(async () => (await unsealed(bench.admin)) === 0);
  expect(await treeFaults(bench.admin, bench.deps.config)).toEqual([]);
});
