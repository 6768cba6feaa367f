import { writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { roleUrls } from '../prisma/runner/roles.ts';
import { isDemoComplete } from '../prisma/seed/demo-files.ts';
import type { Config } from '../src/foundation/config/config.ts';
import { areAssetsBuilt, compileCacheDir, isClientGenerated } from './build-state.ts';
import { type EmbeddedPostgres, isAlive, startEmbeddedPostgres } from './embedded-postgres.ts';
import { type KeptChild, keepRunning } from './kept-child.ts';
import { PlainFailure } from './plain-failure.ts';
import { preflight } from './preflight.ts';
import { step } from './progress.ts';
import { claimDataDir } from './run-lock.ts';
import { quiet, runNode } from './run-program.ts';
import { summary } from './summary.ts';

type Environment = Record<string, string | undefined>;

/** What has been started, in order; stopped in reverse. */
type Started = { child: KeptChild | null; server: EmbeddedPostgres | null; release: (() => void) | null };

type StopAsked = { signal: AbortSignal; promise: Promise<void>; abort(): void };

const watchMs = 2_000;
const parentWatchMs = 500;

/**
 * `npm start`: brings up everything a stranger needs and keeps it up until Ctrl-C or SIGTERM. Owns the embedded PostgreSQL
 * (none when DATABASE_URL is set), builds what is missing, migrates, seeds demo data once, then runs `src/main.ts all` as a
 * child that is started again when it ends unasked. Throws PlainFailure for what a person can put right.
 */
export async function supervise(env: Environment): Promise<void> {
  const started: Started = { child: null, server: null, release: null };
  const stopAsked = listenForStop();
  try {
    // Not raced: a server whose start is under way must be known before it can be stopped.
    await bringUp(env, started, stopAsked);
    await stopAsked.promise;
  } catch (error) {
    if (!stopAsked.signal.aborted) throw error;
  } finally {
    const isAsked = stopAsked.signal.aborted;
    // A step that still runs beside the one that failed is not left behind.
    stopAsked.abort();
    await tearDown(started, isAsked);
  }
}

async function bringUp(env: Environment, started: Started, { signal, promise: stopAsked }: StopAsked): Promise<void> {
  const config = await preflight(env);
  started.release = claimDataDir(config.dataDir);
  process.stdout.write('Starting Fashionistar\n');
  if (!isClientGenerated()) await runStep('Prisma client', ['prisma/runner/generate.ts'], env, signal);
  const building = areAssetsBuilt() ? null : runStep('Back-office files', ['scripts/build-admin.ts'], env, signal);
  // Awaited below; until then a failure of it must not end the process as an unhandled rejection.
  building?.catch(() => undefined);
  const databaseUrl = config.databaseUrl ?? (await startServer(config, started));
  if (signal.aborted) return;
  const appEnv = { NODE_COMPILE_CACHE: compileCacheDir, ...env, DATABASE_URL: databaseUrl };
  const logFile = join(config.dataDir, 'app.log');
  const isSeeding = needsSeed(config);
  // Loading its code takes seconds: let that happen while the schema is made.
  started.child = keepRunning({
    args: [...quiet, 'src/main.ts', 'all'],
    firstArgs: ['--await-schema', ...(isSeeding ? ['--seed'] : [])],
    env: appEnv,
    logFile,
    onNotice: (line) => process.stdout.write(`${line}\n`),
  });
  const { ready, tellMigrated } = started.child;
  ready.catch(() => undefined);
  await runStep('Database schema', ['src/main.ts', 'migrate'], appEnv, signal);
  await building;
  if (signal.aborted) return;
  tellMigrated();
  await step(isSeeding ? 'Demo data and application' : 'Application', () => Promise.race([ready, stopAsked]));
  if (signal.aborted) return;
  process.stdout.write(summary({ config, isEmbedded: config.databaseUrl === undefined, isSeeding, logFile }));
  if (started.server) watchServer(started, config, signal);
}

async function startServer(config: Config, started: Started): Promise<string> {
  const server = await step('PostgreSQL', () => startEmbeddedPostgres({ dataDir: config.dataDir, port: config.embeddedPgPort }));
  started.server = server;
  if (server.isReattached) process.stdout.write('  (took over the PostgreSQL that an earlier run left behind)\n');
  const urls = { adminUrl: server.adminUrl, ...roleUrls(server.adminUrl) };
  writeFileSync(join(config.dataDir, 'database.json'), `${JSON.stringify(urls, null, 2)}\n`, { mode: 0o600 });
  return server.adminUrl;
}

/** A start that was cut off left some of the demo to make; making it again is harmless. */
function needsSeed({ dataDir, mode }: Config): boolean {
  return mode !== 'production' && !isDemoComplete(dataDir, mode);
}

async function runStep(name: string, args: readonly string[], env: Environment, signal: AbortSignal): Promise<void> {
  await step(name, async () => {
    const { code, output } = await runNode(args, { env, signal });
    if (code !== 0) throw new PlainFailure(`${name} failed:\n${output.trim().split('\n').slice(-15).join('\n')}`);
  });
}

/** PostgreSQL can be killed too (out of memory); it is started again on its port, and the pools reconnect by themselves. */
function watchServer(started: Started, config: Config, signal: AbortSignal): void {
  const timer = setInterval(async () => {
    if (!started.server || isAlive(started.server.pid)) return;
    clearInterval(timer);
    process.stdout.write('PostgreSQL ended; starting it again.\n');
    try {
      started.server = await startEmbeddedPostgres({ dataDir: config.dataDir, port: started.server.port });
      watchServer(started, config, signal);
    } catch (error) {
      process.stdout.write(`${error instanceof Error ? error.message : String(error)}\n`);
      process.kill(process.pid, 'SIGTERM');
    }
  }, watchMs);
  signal.addEventListener('abort', () => clearInterval(timer), { once: true });
}

async function tearDown(started: Started, isAsked: boolean): Promise<void> {
  if (isAsked) process.stdout.write('\nStopping ...\n');
  await started.child?.stop();
  await started.server?.stop();
  started.release?.();
  if (isAsked) process.stdout.write('Stopped. Data is kept.\n');
}

/**
 * Aborts and resolves at the first SIGINT, SIGTERM or SIGHUP, or when the parent goes away; further ones are swallowed, so that
 * stopping is not cut short. npm hands a SIGTERM to the shell between itself and us, which dies of it without a word.
 */
function listenForStop(): StopAsked {
  const controller = new AbortController();
  const { promise, resolve } = Promise.withResolvers<void>();
  const stop = () => {
    controller.abort();
    resolve();
  };
  for (const name of ['SIGINT', 'SIGTERM', 'SIGHUP'] as const) process.on(name, stop);
  // Nobody may be reading any more: stopping cleanly matters more than saying so.
  for (const stream of [process.stdout, process.stderr]) stream.on('error', () => undefined);
  const parent = process.ppid;
  setInterval(() => process.ppid !== parent && stop(), parentWatchMs).unref();
  return { signal: controller.signal, promise, abort: () => controller.abort() };
}
