import './foundation/runtime/frugal-heap.ts';
import { ConfigError, loadConfig } from './foundation/config/config.ts';
import { environment } from './foundation/config/environment.ts';
import { createLogger } from './foundation/runtime/logger.ts';

const roles = ['all', 'web', 'worker', 'migrate', 'seed'] as const;
type ProcessRole = (typeof roles)[number];

/** Reads the configuration, starts the roles asked for, stops cleanly on SIGINT, SIGTERM and when the parent goes away. */
async function main(): Promise<void> {
  const role = roleOf(process.argv[2] ?? 'all');
  const config = loadConfig(environment());
  const log = createLogger(config);
  // Only now, since code is loaded before the first line of what imports it: the settings of the heap come first.
  const { createApp, loadScreens, loadWeb, migrateDatabase } = await import('./app.ts');
  if (role === 'migrate') {
    await migrateDatabase(config, log);
    // The migration engine keeps a timer that would hold the process for ten seconds.
    process.exit(0);
  }
  if (process.argv.includes('--await-schema')) await Promise.all([schemaMade(), loadWeb()]);
  const app = await createApp({ config, log });
  if (role === 'seed') {
    const finish = await app.seed();
    await finish();
    await app.stop();
    process.exit(0);
  }
  stopOnSignals(() => app.stop());
  // Loading the back office takes seconds of its own: let it happen while the database works.
  if (role !== 'worker') app.handler().catch(() => undefined);
  // For the supervisor of `npm start`: one process less to wait for on the first start.
  const finishSeed = process.argv.includes('--seed') ? await app.seed((line) => process.send?.({ type: 'progress', line })) : null;
  if (role !== 'worker') await app.startWeb();
  // Runs over lists and their exports need the screens, which load for seconds: not while jobs are running.
  if (role === 'worker') await loadScreens();
  if (role !== 'web') await app.startWorker();
  log.info({ event: 'ready', role, pid: process.pid, url: config.publicUrl }, 'ready');
  process.send?.({ type: 'ready' });
  // Shops, tickets and weeks of history take half a minute that nobody should wait for.
  await finishSeed?.().then(
    () => {
      log.info({ event: 'seed.complete' }, 'demo data is complete');
      process.send?.({ type: 'progress', line: 'Demo data is complete.' });
    },
    (error: unknown) => log.error({ event: 'seed.failed', error }, 'demo data is not complete; the next start goes on with it'),
  );
}

/** The supervisor of `npm start` starts us beside the migrations, so that code is loaded meanwhile; it tells when they are done. */
function schemaMade(): Promise<void> {
  return new Promise((resolve) => {
    process.once('message', () => resolve());
    process.once('disconnect', () => process.exit(0));
  });
}

function roleOf(text: string): ProcessRole {
  const role = roles.find((name) => name === text);
  if (!role) throw new ConfigError(`Unknown role "${text}". Use one of: ${roles.join(', ')}.`);
  return role;
}

/** Ten seconds are the promise of platform.md section 4; after them the process ends anyway. */
const stopWithinMs = 10_000;

function stopOnSignals(stop: () => Promise<void>): void {
  let isStopping = false;
  const begin = () => {
    if (isStopping) return;
    isStopping = true;
    setTimeout(() => process.exit(1), stopWithinMs).unref();
    stop().then(
      () => process.exit(0),
      () => process.exit(1),
    );
  };
  process.on('SIGINT', begin);
  process.on('SIGTERM', begin);
  // The supervisor died: without it the database goes away too.
  process.on('disconnect', begin);
}

main().catch((error: unknown) => {
  const message = error instanceof Error ? error.message : String(error);
  process.stderr.write(`${message}\n`);
  process.exit(1);
});
