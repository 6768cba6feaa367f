import { type ChildProcess, spawn } from 'node:child_process';
import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { areAssetsBuilt, compileCacheDir } from '../../scripts/build-state.ts';
import { freePort } from '../../scripts/free-port.ts';
import { projectRoot, quiet, runNode } from '../../scripts/run-program.ts';
import { type App, createApp } from '../../src/app.ts';
import { loadConfig } from '../../src/foundation/config/config.ts';
import { runInContext, systemContext } from '../../src/foundation/runtime/request-context.ts';
import { createTestDatabase, type TestDatabase } from './database.ts';

export type Lab = {
  origin: string;
  /** Keys, anchors and files of this installation. */
  dataDir: string;
  database: TestDatabase;
  /** What the process wrote to its log so far. */
  said(): string;
  /** Another web process on the same database and keys. */
  startAnother(): Promise<{ origin: string; stop(): Promise<void> }>;
  stop(): Promise<void>;
};

const startWithinMs = 180_000;

/**
 * The product in lab mode as a process of its own: production build, headers and cookies, built assets, web and worker.
 * `arrange` fills its database beforehand through the same wiring and secrets; `more` are further settings.
 */
export async function startLab(arrange: (app: App) => Promise<void>, more: Readonly<Record<string, string>> = {}): Promise<Lab> {
  if (!areAssetsBuilt()) await buildAssets();
  const database = await createTestDatabase();
  const dataDir = mkdtempSync(join(tmpdir(), 'fashionistar-lab-'));
  const port = await freePort();
  const origin = `http://127.0.0.1:${port}`;
  const settings = {
    NODE_ENV: 'production',
    APP_LAB: '1',
    DATA_DIR: dataDir,
    DATABASE_URL: database.adminUrl,
    DATABASE_POOL: '6',
    BCRYPT_COST: '4',
    HASH_WAIT_MS: '60000',
    HASH_CONCURRENCY: '1',
    PORT: String(port),
    PUBLIC_URL: origin,
    ...more,
  };
  const app = await createApp({ config: loadConfig({ ...settings, LOG_LEVEL: 'silent' }) });
  try {
    await runInContext(systemContext('seed', 'cli'), () => arrange(app));
  } finally {
    await app.stop();
  }
  const first = await startProcess('all', settings);
  return {
    origin,
    dataDir,
    database,
    said: first.said,
    async startAnother() {
      const other = await freePort();
      const { stop } = await startProcess('web', { ...settings, PORT: String(other) });
      return { origin: `http://127.0.0.1:${other}`, stop };
    },
    async stop() {
      await first.stop();
      await database.drop();
      rmSync(dataDir, { recursive: true, force: true });
    },
  };
}

type Process = { said(): string; stop(): Promise<void> };

async function startProcess(role: 'all' | 'web', settings: Readonly<Record<string, string>>): Promise<Process> {
  const child = spawn(process.execPath, [...quiet, 'src/main.ts', role], {
    cwd: projectRoot,
    env: { PATH: process.env['PATH'], HOME: process.env['HOME'], NODE_COMPILE_CACHE: compileCacheDir, ...settings },
    stdio: ['ignore', 'pipe', 'pipe', 'ipc'],
  });
  let said = '';
  child.stdout?.on('data', (part) => (said += part));
  child.stderr?.on('data', (part) => (said += part));
  const ended = new Promise<void>((resolve) => child.once('close', () => resolve()));
  const stop = async () => {
    child.kill('SIGTERM');
    await ended;
  };
  try {
    await ready(child);
  } catch (error) {
    await stop();
    throw new Error(`The lab did not start:\n${said}`, { cause: error });
  }
  return { said: () => said, stop };
}

function ready(child: ChildProcess): Promise<void> {
  return new Promise((resolve, reject) => {
    const timer = setTimeout(() => reject(new Error(`not ready after ${startWithinMs} ms`)), startWithinMs);
    const settle = (finish: () => void) => {
      clearTimeout(timer);
      finish();
    };
    child.once('message', () => settle(resolve));
    child.once('close', (code) => settle(() => reject(new Error(`ended with ${code}`))));
  });
}

async function buildAssets(): Promise<void> {
  const { code, output } = await runNode(['scripts/build-admin.ts']);
  if (code !== 0) throw new Error(`The back-office files could not be built: ${output}`);
}
