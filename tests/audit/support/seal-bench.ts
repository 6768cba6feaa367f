import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import type { PoolClient } from 'pg';
import type { CommandDeps } from '../../../src/foundation/command/command.ts';
import { loadConfig } from '../../../src/foundation/config/config.ts';
import { createTestClock, type TestClock } from '../../support/clock.ts';
import { createTestDatabase, type TestDatabase } from '../../support/database.ts';
import { openSql, type Sql } from '../../support/sql.ts';
import { workerDeps } from '../../support/worker-deps.ts';

/** A database, the worker's dependencies on it and a superuser to write and look with. */
export type SealBench = {
  database: TestDatabase;
  deps: CommandDeps;
  admin: Sql;
  clock: TestClock;
  /** Log lines of the worker's dependencies. */
  logs: string[];
  stop(): Promise<void>;
};

export async function createSealBench(env: Record<string, string> = {}): Promise<SealBench> {
  const database = await createTestDatabase();
  const dataDir = mkdtempSync(join(tmpdir(), 'fashionistar-seal-'));
  const logs: string[] = [];
  const config = loadConfig({ NODE_ENV: 'test', LOG_LEVEL: 'info', DATA_DIR: dataDir, ...env });
  const clock = createTestClock();
  const deps = workerDeps(config, { clock, logs, url: database.workerUrl });
  const admin = await openSql(database.adminUrl);
  return {
    database,
    deps,
    admin,
    clock,
    logs,
    async stop() {
      await admin.close();
      await deps.hasher.close();
      await deps.database.close();
      await database.drop();
      rmSync(dataDir, { recursive: true, force: true });
    },
  };
}

/** Writes n accounts, each with one event, in the transaction that is open or in one of its own. */
export async function writeRows(sql: Pick<Sql, 'rows'>, n: number): Promise<void> {
  await sql.rows(
    `INSERT INTO identity."user" (kind, auth_method, email_enc, email_bidx, first_name)
     SELECT 'client', 'email', '\\x01', sha256(convert_to(gen_random_uuid()::text, 'UTF8')), 'Ada' FROM generate_series(1, $1)`,
    [n],
  );
}

/** A transaction of the superuser that stays open until it is ended. */
export async function openTransaction(bench: SealBench): Promise<Sql & { end(): Promise<void> }> {
  const sql = await openSql(bench.database.adminUrl);
  await sql.rows('BEGIN');
  return {
    ...sql,
    async end() {
      await sql.rows('COMMIT');
      await sql.close();
    },
  };
}

/** Runs statements as the worker's login, in a transaction that is rolled back. */
export async function asWorker<T>({ deps }: SealBench, work: (client: PoolClient) => Promise<T>): Promise<T> {
  const client = await deps.database.pool.connect();
  try {
    await client.query('BEGIN');
    return await work(client);
  } finally {
    await client.query('ROLLBACK');
    client.release();
  }
}

/** Asks again until it holds; the test's own timeout is the limit. */
export async function until(holds: () => Promise<boolean>): Promise<void> {
  while (!(await holds())) await new Promise((resolve) => setImmediate(resolve));
}

/** Rows of the history that have no leaf. */
export async function unsealed(admin: Sql): Promise<number> {
  const [row] = await admin.rows<{ n: number }>(
    `SELECT count(*)::int AS n FROM (
       SELECT id FROM audit.event UNION ALL SELECT id FROM audit.action UNION ALL SELECT id FROM audit.control
     ) AS r WHERE NOT EXISTS (SELECT FROM audit.leaf AS l WHERE l.row_id = r.id)`,
  );
  return row?.n ?? 0;
}
