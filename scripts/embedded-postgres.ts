import { spawn, spawnSync } from 'node:child_process';
import { randomBytes } from 'node:crypto';
import {
  chownSync,
  closeSync,
  existsSync,
  mkdirSync,
  openSync,
  readFileSync,
  readlinkSync,
  realpathSync,
  rmSync,
  statSync,
  writeFileSync,
} from 'node:fs';
import { join } from 'node:path';
import { setTimeout as wait } from 'node:timers/promises';
import pg from 'pg';
import { z } from 'zod';
import { freePort, isPortFree } from './free-port.ts';
import { PlainFailure, systemCode } from './plain-failure.ts';
import { type PostgresAccount, postgresAccount, postgresBinaries } from './postgres-binaries.ts';

export type EmbeddedPostgres = {
  /** Superuser URL of the database `fashionistar`: for migrations and for making roles, never for serving. */
  adminUrl: string;
  port: number;
  pid: number;
  /** True when a server that an earlier run left behind was taken over. */
  isReattached: boolean;
  /** Fast shutdown: sessions are ended, everything is on disk. Resolves when the process is gone; at most about 3.5 s. */
  stop(): Promise<void>;
};

export type EmbeddedPostgresOptions = {
  /** Holds `pg/` (the cluster), `postgres.json` (port and password, mode 600) and `postgres.log`. */
  dataDir: string;
  /** TCP port on 127.0.0.1; 0 takes the last one again or a free one. */
  port: number;
  /** Server settings, for example `{ fsync: 'off' }` for throw-away clusters. */
  settings?: Record<string, string>;
};

const kept = z.object({ port: z.number().int(), password: z.string().min(20) });
type Kept = z.infer<typeof kept>;

const database = 'fashionistar';

/** Failing statements are not logged with their text or values: they hold personal data. */
const baseSettings = {
  listen_addresses: '127.0.0.1',
  unix_socket_directories: '',
  max_connections: '120',
  timezone: 'UTC',
  log_timezone: 'UTC',
  log_min_error_statement: 'panic',
  log_error_verbosity: 'terse',
  log_parameter_max_length: '0',
  shared_preload_libraries: 'pg_stat_statements',
};

/**
 * Starts PostgreSQL on `<dataDir>/pg`, making the cluster on first use. It runs in a session of its own, so that Ctrl-C in the
 * terminal reaches the caller only, who stops it last. A server left behind by a killed run is taken over.
 */
export async function startEmbeddedPostgres(options: EmbeddedPostgresOptions): Promise<EmbeddedPostgres> {
  const cluster = join(options.dataDir, 'pg');
  const runAs = postgresAccount();
  const settings = prepareFolder(options.dataDir, cluster, runAs);
  const orphan = orphanOf(cluster);
  if (orphan && (options.port === 0 || orphan.port === options.port)) {
    const server = serverOf(orphan.pid, orphan.port, settings.password, true);
    if (await isAnswering(server.adminUrl, 'postgres', 5_000)) return server;
  }
  if (orphan) await stopServer(orphan.pid);
  const binaries = await postgresBinaries(runAs);
  if (!existsSync(join(cluster, 'PG_VERSION'))) initialise(binaries.initdb, cluster, settings.password, runAs);
  const started = await launch(binaries.postgres, cluster, options, settings, runAs);
  const server = serverOf(started.pid, started.port, settings.password, false);
  writeKept(options.dataDir, { ...settings, port: started.port });
  await createDatabase(server.adminUrl);
  return server;
}

function prepareFolder(dataDir: string, cluster: string, runAs: PostgresAccount): Kept {
  try {
    mkdirSync(cluster, { recursive: true, mode: 0o700 });
    if (runAs) chownSync(cluster, runAs.uid, runAs.gid);
    const owner = runAs?.uid ?? process.getuid?.();
    if (owner !== undefined && statSync(cluster).uid !== owner) {
      throw new PlainFailure(`${cluster} belongs to another user: start as that user, or set DATA_DIR to a folder of your own.`);
    }
    const file = join(dataDir, 'postgres.json');
    if (existsSync(file)) return kept.parse(JSON.parse(readFileSync(file, 'utf8')));
    if (existsSync(join(cluster, 'PG_VERSION')))
      throw new PlainFailure(`${file} with the password of ${cluster} is gone: run "npm run reset" to begin afresh.`);
    const fresh = { port: 0, password: randomBytes(24).toString('base64url') };
    writeKept(dataDir, fresh);
    return fresh;
  } catch (error) {
    if (error instanceof PlainFailure) throw error;
    throw new PlainFailure(
      `DATA_DIR ${dataDir} cannot be used (${systemCode(error) ?? String(error)}): set DATA_DIR to a folder you may write to.`,
      { cause: error },
    );
  }
}

function writeKept(dataDir: string, value: Kept): void {
  writeFileSync(join(dataDir, 'postgres.json'), `${JSON.stringify(value)}\n`, { mode: 0o600 });
}

/**
 * As root on Linux the server enters its folder before it gives up its rights and calls it /proc/self/cwd: so it needs no
 * way through the folders above, which may be closed to it (/root, a private temporary folder).
 */
function clusterPath(cluster: string, runAs: PostgresAccount): string {
  return runAs && process.platform === 'linux' ? '/proc/self/cwd' : cluster;
}

function initialise(initdb: string, cluster: string, password: string, runAs: PostgresAccount): void {
  const flags = ['--username=postgres', '--auth=scram-sha-256', '--pwfile=/dev/stdin', '--encoding=UTF8', '--no-instructions'];
  // The same order and case rules on every machine, whatever locales it has.
  const locale = ['--locale-provider=builtin', '--builtin-locale=C.UTF-8', '--locale=C'];
  const passwordFile = `${cluster}.password`;
  writeFileSync(passwordFile, `${password}\n`, { mode: 0o600 });
  if (runAs) chownSync(passwordFile, runAs.uid, runAs.gid);
  const input = openSync(passwordFile, 'r');
  rmSync(passwordFile);
  const result = spawnSync(initdb, [`--pgdata=${clusterPath(cluster, runAs)}`, ...flags, ...locale], {
    cwd: cluster,
    stdio: [input, 'pipe', 'pipe'],
    encoding: 'utf8',
    ...(runAs ?? {}),
  });
  closeSync(input);
  if (result.status === 0) return;
  throw new PlainFailure(
    `PostgreSQL could not make its files in ${cluster}: ${(result.stderr || String(result.error)).trim().split('\n').at(-1)}`,
  );
}

async function launch(
  program: string,
  cluster: string,
  options: EmbeddedPostgresOptions,
  settings: Kept,
  runAs: PostgresAccount,
): Promise<{ pid: number; port: number }> {
  for (let attempt = 1; ; attempt += 1) {
    const port = await choosePort(options.port, attempt === 1 ? settings.port : 0);
    const pid = spawnServer(program, cluster, port, options, runAs);
    if (await isAnswering(adminUrl(port, settings.password, 'postgres'), 'postgres', 30_000, pid)) return { pid, port };
    await stopServer(pid);
    if (attempt === 3) throw new PlainFailure(`PostgreSQL did not start; its last words are in ${join(options.dataDir, 'postgres.log')}.`);
  }
}

async function choosePort(wanted: number, last: number): Promise<number> {
  if (wanted !== 0) {
    if (await isPortFree(wanted)) return wanted;
    throw new PlainFailure(`EMBEDDED_PG_PORT ${wanted} is taken: stop what uses it or set another (0 picks a free one).`);
  }
  return last !== 0 && (await isPortFree(last)) ? last : freePort();
}

function spawnServer(program: string, cluster: string, port: number, options: EmbeddedPostgresOptions, runAs: PostgresAccount): number {
  // A file, not a pipe: a server that outlives us must still be able to write its log.
  const log = openSync(join(options.dataDir, 'postgres.log'), 'a', 0o600);
  const settings = Object.entries({ ...baseSettings, ...options.settings }).flatMap(([name, value]) => ['-c', `${name}=${value}`]);
  const child = spawn(program, ['-D', clusterPath(cluster, runAs), '-p', String(port), ...settings], {
    cwd: cluster,
    detached: true,
    stdio: ['ignore', log, log],
    ...(runAs ?? {}),
  });
  closeSync(log);
  child.on('error', () => undefined);
  child.unref();
  if (child.pid === undefined) throw new PlainFailure(`${program} cannot be started.`);
  return child.pid;
}

function serverOf(pid: number, port: number, password: string, isReattached: boolean): EmbeddedPostgres {
  return { adminUrl: adminUrl(port, password, database), port, pid, isReattached, stop: () => stopServer(pid) };
}

function adminUrl(port: number, password: string, name: string): string {
  return `postgresql://postgres:${password}@127.0.0.1:${port}/${name}`;
}

async function isAnswering(url: string, name: string, withinMs: number, pid?: number): Promise<boolean> {
  const until = performance.now() + withinMs;
  const target = new URL(url);
  target.pathname = `/${name}`;
  while (performance.now() < until) {
    const client = new pg.Client({ connectionString: target.href, connectionTimeoutMillis: 2_000 });
    client.on('error', () => undefined);
    try {
      await client.connect();
      return true;
    } catch {
      if (pid !== undefined && !isAlive(pid)) return false;
      await wait(50);
    } finally {
      await client.end().catch(() => undefined);
    }
  }
  return false;
}

async function createDatabase(url: string): Promise<void> {
  const target = new URL(url);
  target.pathname = '/postgres';
  const client = new pg.Client({ connectionString: target.href });
  await client.connect();
  try {
    const known = await client.query('SELECT 1 FROM pg_database WHERE datname = $1', [database]);
    if (known.rowCount === 0) await client.query(`CREATE DATABASE ${database}`);
  } finally {
    await client.end();
  }
}

/** The server that still runs on this cluster, from its postmaster.pid; a stale file, even one whose number was given to another process, is none. */
export function orphanOf(cluster: string): { pid: number; port: number } | null {
  const file = join(cluster, 'postmaster.pid');
  if (!existsSync(file)) return null;
  const lines = readFileSync(file, 'utf8').split('\n');
  const [pid, port] = [Number(lines[0]), Number(lines[3])];
  if (Number.isInteger(pid) && pid > 1 && isAlive(pid) && isServerOf(pid, cluster)) return { pid, port };
  rmSync(file, { force: true });
  return null;
}

function isServerOf(pid: number, cluster: string): boolean {
  if (process.platform !== 'linux')
    return spawnSync('ps', ['-p', String(pid), '-o', 'command='], { encoding: 'utf8' }).stdout.includes(cluster);
  try {
    return readlinkSync(`/proc/${pid}/cwd`) === realpathSync(cluster);
  } catch {
    return false;
  }
}

export function isAlive(pid: number): boolean {
  try {
    process.kill(pid, 0);
  } catch (error) {
    return systemCode(error) === 'EPERM';
  }
  return !isZombie(pid);
}

/** Ended, but nobody has asked for its exit code: in a container without an init that may last for ever. */
function isZombie(pid: number): boolean {
  if (process.platform !== 'linux') return false;
  try {
    return /\) Z /.test(readFileSync(`/proc/${pid}/stat`, 'utf8'));
  } catch {
    return true;
  }
}

/** SIGINT is PostgreSQL's fast shutdown, SIGQUIT the immediate one (recovery on the next start). */
export async function stopServer(pid: number): Promise<void> {
  for (const [signal, withinMs] of [
    ['SIGINT', 2_500],
    ['SIGQUIT', 500],
    ['SIGKILL', 500],
  ] as const) {
    if (!isAlive(pid)) return;
    process.kill(pid, signal);
    const until = performance.now() + withinMs;
    while (isAlive(pid) && performance.now() < until) await wait(20);
  }
}
