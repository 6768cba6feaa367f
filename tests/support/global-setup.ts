import { randomBytes } from 'node:crypto';
import { mkdtempSync, rmSync, statfsSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import pg from 'pg';
import type { TestProject } from 'vitest/node';
import { migrate } from '../../prisma/runner/migrate.ts';
import { startEmbeddedPostgres } from '../../scripts/embedded-postgres.ts';
import { migrationSteps } from '../../src/app.ts';

declare module 'vitest' {
  interface ProvidedContext {
    /** Superuser URL of the server that this run uses. */
    adminUrl: string;
    /** A migrated database to clone: CREATE DATABASE ... TEMPLATE. Nothing may connect to it. */
    templateName: string;
  }
}

/** Durability is worth nothing to a cluster that is thrown away. */
const throwAway = {
  ...{ fsync: 'off', synchronous_commit: 'off', full_page_writes: 'off', max_connections: '200', max_wal_size: '1GB' },
  // Passwords of its roles are random: thousands of sign-ins need not be slow.
  scram_iterations: '1',
};

const memoryFolder = '/dev/shm';
/** Bytes: twice what the cluster of a whole run takes, and what its processes take beside it. */
const roomOfRun = 8 * 2 ** 30;

/**
 * One server for the run (DATABASE_URL_TEST, else an embedded one), one migrated template on it, and a folder for all that the tests and
 * their processes write (TMPDIR), which goes with the run.
 */
export default async function setUp(project: TestProject): Promise<() => Promise<void>> {
  const folder = mkdtempSync(join(roomFor(roomOfRun), 'fashionistar-test-'));
  const remove = () => rmSync(folder, { recursive: true, force: true });
  const templateName = `test_template_${process.pid}_${randomBytes(3).toString('hex')}`;
  let server: TestServer | null = null;
  try {
    server = await startServer(folder);
    await query(server.adminUrl, `CREATE DATABASE ${templateName}`);
    await migrate({ adminUrl: withDatabase(server.adminUrl, templateName), steps: migrationSteps });
    await query(server.adminUrl, `ALTER DATABASE ${templateName} WITH ALLOW_CONNECTIONS false`);
  } catch (error) {
    await server?.stop();
    remove();
    throw error;
  }
  const { adminUrl, isThrowAway, stop } = server;
  project.provide('adminUrl', adminUrl);
  project.provide('templateName', templateName);
  process.env['TMPDIR'] = folder;
  return async () => {
    if (!isThrowAway) await query(adminUrl, `DROP DATABASE IF EXISTS ${templateName} WITH (FORCE)`);
    await stop().finally(remove);
  };
}

type TestServer = { adminUrl: string; isThrowAway: boolean; stop(): Promise<void> };

async function startServer(folder: string): Promise<TestServer> {
  const given = process.env['DATABASE_URL_TEST'];
  if (given) return { adminUrl: given, isThrowAway: false, stop: async () => undefined };
  const server = await startEmbeddedPostgres({ dataDir: folder, port: 0, settings: throwAway });
  return { adminUrl: server.adminUrl, isThrowAway: true, stop: () => server.stop() };
}

/** The folder whose files live in memory, if it has that many bytes: a database of its own per test file is thousands of files. */
function roomFor(bytes: number): string {
  try {
    const { bavail, bsize } = statfsSync(memoryFolder);
    if (Math.min(bavail * bsize, process.availableMemory()) > bytes) return memoryFolder;
  } catch {
    // A system without such a folder.
  }
  return tmpdir();
}

async function query(url: string, sql: string): Promise<void> {
  const client = new pg.Client({ connectionString: url });
  await client.connect();
  try {
    await client.query(sql);
  } finally {
    await client.end();
  }
}

function withDatabase(url: string, name: string): string {
  const target = new URL(url);
  target.pathname = `/${name}`;
  return target.href;
}
