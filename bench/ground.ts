import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import pg from 'pg';
import { migrate } from '../prisma/runner/migrate.ts';
import { roleUrls } from '../prisma/runner/roles.ts';
import { withDatabase } from '../prisma/runner/with-database.ts';
import { startEmbeddedPostgres } from '../scripts/embedded-postgres.ts';
import { runNode } from '../scripts/run-program.ts';
import { migrationSteps } from '../src/app.ts';

/** What all comparisons stand on: one embedded PostgreSQL, durable as in production, and a folder for keys. */
export type Ground = {
  serverVersion: string;
  /** A migrated database of its own; its administrative URL. */
  newDatabase(): Promise<string>;
  /** Environment of a server under test on that database. One set of keys for all. */
  envOf(adminUrl: string): Record<string, string>;
  stop(): Promise<void>;
};

/** fsync stays on. Checkpoints are put off so that none falls into one side of a pair. */
const calm = { max_wal_size: '4GB', checkpoint_timeout: '1h', autovacuum_naptime: '10min' };

export async function prepareGround(): Promise<Ground> {
  const built = await runNode(['scripts/build-admin.ts']);
  if (built.code !== 0) throw new Error(`The back office could not be built.\n${built.output}`);
  const folder = mkdtempSync(join(tmpdir(), 'fashionistar-bench-'));
  const remove = () => rmSync(folder, { recursive: true, force: true });
  try {
    const server = await startEmbeddedPostgres({ dataDir: folder, port: 0, settings: calm });
    const template = withDatabase(server.adminUrl, 'bench_template');
    await runSql(server.adminUrl, 'CREATE DATABASE bench_template');
    await migrate({ adminUrl: template, steps: migrationSteps });
    const [{ server_version: serverVersion } = { server_version: '' }] = await runSql<{ server_version: string }>(
      server.adminUrl,
      'SHOW server_version',
    );
    let count = 0;
    return {
      serverVersion,
      async newDatabase() {
        count += 1;
        await runSql(server.adminUrl, `CREATE DATABASE bench_${count} TEMPLATE bench_template STRATEGY FILE_COPY`);
        return withDatabase(server.adminUrl, `bench_${count}`);
      },
      envOf: (adminUrl) => ({
        APP_LAB: '1',
        DATABASE_URL: adminUrl,
        DATA_DIR: folder,
        // As the supervisor of `npm start` sets it.
        NODE_COMPILE_CACHE: join(folder, 'compile-cache'),
        JWT_ISSUER: 'http://bench.invalid',
        // One address sends every request: its limits are counted as ever, but must not refuse.
        RATE_LIMIT_SCALE: '1000000',
      }),
      stop: () => server.stop().finally(remove),
    };
  } catch (error) {
    remove();
    throw error;
  }
}

/** Runs one statement on a connection of its own. */
export async function runSql<Row extends pg.QueryResultRow>(url: string, sql: string, values: unknown[] = []): Promise<Row[]> {
  const client = new pg.Client({ connectionString: url });
  await client.connect();
  try {
    return (await client.query<Row>(sql, values)).rows;
  } finally {
    await client.end();
  }
}

/** Turns auditing off for every table of that database: the unaudited side of a comparison. */
export async function dropTriggers(adminUrl: string): Promise<void> {
  await runSql(
    roleUrls(adminUrl).migratorUrl,
    `DO $$ DECLARE t record; BEGIN
       FOR t IN SELECT DISTINCT tgrelid::regclass AS tbl FROM pg_trigger WHERE tgname = 'audit_rows' LOOP
         PERFORM audit.disable_table(t.tbl, 'bench: the unaudited side');
       END LOOP; END $$`,
  );
}
