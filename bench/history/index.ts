import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { availableParallelism, cpus, loadavg, tmpdir, totalmem } from 'node:os';
import { join } from 'node:path';
import { parseArgs } from 'node:util';
import { migrate } from '../../prisma/runner/migrate.ts';
import { withDatabase } from '../../prisma/runner/with-database.ts';
import { startEmbeddedPostgres } from '../../scripts/embedded-postgres.ts';
import { projectRoot } from '../../scripts/run-program.ts';
import { createApp, migrationSteps } from '../../src/app.ts';
import type { CommandDeps } from '../../src/foundation/command/command.ts';
import { loadConfig } from '../../src/foundation/config/config.ts';
import { runInContext, systemContext } from '../../src/foundation/runtime/request-context.ts';
import { compare, lineOf, type Result, type Variant } from '../compare.ts';
import { runSql } from '../ground.ts';
import { type LoadedHistory, loadHistory } from './load-history.ts';
import { type Question, questions } from './questions.ts';

const smallEvents = 10_000;
const resultsFile = join(projectRoot, 'bench/history-results.json');
/** A server of the size that a history of this size would be given; fsync stays on. */
const settings = {
  shared_buffers: '1GB',
  effective_cache_size: '6GB',
  max_wal_size: '16GB',
  checkpoint_timeout: '1h',
  jit: 'off',
  random_page_cost: '1.1',
};

/**
 * `npm run bench:history [-- --events 10000000]`: the same questions asked of a history of 10,000 events and of a large one, in the
 * same server and in turn. Keeps nothing but bench/history-results.json.
 */
async function main(): Promise<void> {
  const { values } = parseArgs({ options: { events: { type: 'string', default: '10000000' } } });
  const events = Number(values.events);
  if (!Number.isSafeInteger(events) || events < smallEvents) throw new Error(`--events takes a number from ${smallEvents}.`);
  const folder = mkdtempSync(join(tmpdir(), 'fashionistar-history-'));
  const server = await startEmbeddedPostgres({ dataDir: folder, port: 0, settings });
  const stop = async () => {
    await server.stop();
    rmSync(folder, { recursive: true, force: true });
  };
  for (const signal of ['SIGINT', 'SIGTERM'] as const) process.once(signal, () => void stop().finally(() => process.exit(130)));
  try {
    const small = await openSide(server.adminUrl, 'small', smallEvents, folder);
    const large = await openSide(server.adminUrl, 'large', events, folder);
    const results: Measured[] = [];
    for (const question of questions) {
      const measured = await measure(question, small, large);
      results.push(measured);
      console.log(`${lineOf(measured.result)}${measured.isWithinMs ? '' : `   OVER ${question.atMostMs} ms`}`);
    }
    await small.stop();
    await large.stop();
    report(results, [small.loaded, large.loaded]);
  } finally {
    await stop();
  }
}

type Side = { deps: CommandDeps; loaded: LoadedHistory; stop(): Promise<void> };

async function openSide(adminUrl: string, name: string, events: number, folder: string): Promise<Side> {
  const url = withDatabase(adminUrl, name);
  await runSql(adminUrl, `CREATE DATABASE ${name}`);
  await migrate({ adminUrl: url, steps: migrationSteps });
  console.log(`Loading ${events} events`);
  const loaded = await loadHistory(url, events);
  console.log(`  ${loaded.seconds.toFixed(0)} s, ${(loaded.bytes / 1e9).toFixed(1)} GB`);
  const env = { NODE_ENV: 'production', APP_LAB: '1', LOG_LEVEL: 'silent', BCRYPT_COST: '4', DATA_DIR: folder, DATABASE_URL: url };
  const app = await createApp({ config: loadConfig(env) });
  return { deps: app.deps, loaded, stop: () => app.stop() };
}

type Measured = { result: Result; atMostMs: number | null; isWithinMs: boolean };

async function measure(question: Question, small: Side, large: Side): Promise<Measured> {
  const result = await compare({
    name: question.name,
    unit: 'ms',
    kind: 'time',
    bar: question.bar,
    product: variant(question, large),
    peer: variant(question, small),
  });
  const atMostMs = question.atMostMs ?? null;
  return { result, atMostMs, isWithinMs: atMostMs === null || result.product.min <= atMostMs };
}

let round = 0;

function variant(question: Question, side: Side): Variant {
  return {
    name: `${side.loaded.events} events`,
    async run() {
      const began = performance.now();
      for (let n = 0; n < question.times; n += 1) {
        round += 1;
        await runInContext(systemContext('bench', 'cli'), () => question.ask(side.deps, round));
      }
      return (performance.now() - began) / question.times;
    },
  };
}

function report(results: readonly Measured[], loaded: readonly LoadedHistory[]): void {
  const machine = {
    cpus: availableParallelism(),
    model: cpus()[0]?.model ?? 'unknown',
    memoryMb: Math.round(totalmem() / 1_048_576),
    load: loadavg(),
  };
  writeFileSync(
    resultsFile,
    `${JSON.stringify({ at: new Date().toISOString(), machine, node: process.version, settings, loaded, results }, null, 2)}\n`,
  );
  const missed = results.filter(({ result, isWithinMs }) => !result.isMet || !isWithinMs);
  console.log(`\n${results.length - missed.length} met, ${missed.length} missed. Kept in bench/history-results.json.`);
}

await main();
process.exit();
