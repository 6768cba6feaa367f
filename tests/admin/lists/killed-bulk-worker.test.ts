import { type ChildProcess, spawn } from 'node:child_process';
import { afterAll, beforeAll, expect, it } from 'vitest';
import { projectRoot, quiet } from '../../../scripts/run-program.ts';
import { openSql, type Sql } from '../../support/sql.ts';
import type { BackOffice } from '../support/back-office.ts';
import { postBulk, signedInLead, startListOffice } from './list-office.ts';

const rows = 200;
const withinMs = 240_000;
let office: BackOffice;
let sql: Sql;
const children: ChildProcess[] = [];

beforeAll(async () => {
  office = await startListOffice();
  sql = await openSql(office.app.database.adminUrl);
}, 180_000);
afterAll(async () => {
  for (const child of children) child.kill('SIGKILL');
  await sql?.close();
  await office?.stop();
});

/** The product's own worker as a process, on the database and keys of the office. */
function startWorker(): ChildProcess {
  const child = spawn(process.execPath, [...quiet, 'src/main.ts', 'worker'], {
    cwd: projectRoot,
    env: {
      PATH: process.env['PATH'],
      NODE_COMPILE_CACHE: process.env['NODE_COMPILE_CACHE'],
      NODE_ENV: 'production',
      APP_LAB: '1',
      LOG_LEVEL: 'error',
      DATA_DIR: office.app.deps.config.dataDir,
      DATABASE_URL: office.app.database.adminUrl,
      BCRYPT_COST: '4',
    },
    stdio: ['ignore', 'inherit', 'inherit'],
  });
  children.push(child);
  return child;
}

async function until(check: () => Promise<boolean>): Promise<void> {
  const end = performance.now() + withinMs;
  while (!(await check())) {
    if (performance.now() > end) throw new Error(`Nothing after ${withinMs} ms`);
    await new Promise((resolve) => setTimeout(resolve, 20));
  }
}

it('kill -9 of a worker in the middle of 200 rows: another one finishes it, once, and nothing twice', { timeout: 600_000 }, async () => {
  const recordIds: string[] = [];
  while (recordIds.length < rows)
    recordIds.push(...(await Promise.all(Array.from({ length: 10 }, () => office.addCustomer('Killed', 'Row')))));
  // The workers go by the clock on the wall.
  office.app.clock.advance((Date.now() - office.app.clock.now().getTime()) / 1000);
  const { client } = await signedInLead(office);
  const { runId } = (await postBulk(client, 'suspendUser', { recordIds })).json;
  const done = async () =>
    (
      await sql.rows<{ n: number }>(`SELECT count(*)::int AS n FROM platform.bulk_row WHERE run_id = $1 AND outcome <> 'waiting'`, [runId])
    )[0]?.n ?? 0;
  const statusOf = async () =>
    (await sql.rows<{ status: string }>('SELECT status::text FROM platform.bulk_run WHERE id = $1', [runId]))[0]?.status;

  const first = startWorker();
  await until(async () => (await done()) > 20);
  first.kill('SIGKILL');
  const atDeath = await done();
  expect(atDeath).toBeLessThan(rows);
  expect(await statusOf()).toBe('running');
  startWorker();
  await until(async () => (await statusOf()) !== 'running');

  expect(await statusOf()).toBe('completed');
  expect(
    await sql.rows('SELECT outcome::text, count(*)::int AS n FROM platform.bulk_row WHERE run_id = $1 GROUP BY outcome', [runId]),
  ).toEqual([{ outcome: 'changed', n: rows }]);
  // Each account went one version on, left one action and one event, and no failed attempt.
  expect(await sql.rows(`SELECT DISTINCT status::text, version FROM identity."user" WHERE id = ANY($1::uuid[])`, [recordIds])).toEqual([
    { status: 'suspended', version: 2 },
  ]);
  expect(
    await sql.rows(
      `SELECT outcome, count(*)::int AS n, count(DISTINCT record_ids[1])::int AS people FROM audit.action WHERE action = 'suspend-user' GROUP BY outcome`,
    ),
  ).toEqual([{ outcome: 'ok', n: rows, people: rows }]);
  expect(await sql.rows(`SELECT count(*)::int AS n FROM platform.outbox_event WHERE name = 'identity.user.suspended'`)).toEqual([
    { n: rows },
  ]);
});
