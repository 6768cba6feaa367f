import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import pg from 'pg';
import { afterAll, afterEach, beforeAll, beforeEach, describe, expect, it } from 'vitest';
import { loadConfig } from '../../../src/foundation/config/config.ts';
import { createTick, type Tick } from '../../../src/foundation/jobs/tick.ts';
import { nudgeSealer, sealChannel } from '../../../src/foundation/outbox/nudge.ts';
import { type Database, openDatabase } from '../../../src/foundation/runtime/database.ts';
import { createLogger } from '../../../src/foundation/runtime/logger.ts';
import { createTestDatabase, type TestDatabase } from '../../support/database.ts';

let dataDir: string;
let database: TestDatabase;
let web: Database;
let logs: string[];
let sent: number[];
let ticks: Tick[];

beforeAll(async () => {
  dataDir = mkdtempSync(join(tmpdir(), 'fashionistar-tick-'));
  database = await createTestDatabase();
  web = openDatabase({ url: database.webUrl, applicationName: 'test-web', maxConnections: 2 });
});
afterAll(async () => {
  await web.close();
  await database.drop();
  rmSync(dataDir, { recursive: true, force: true });
});
beforeEach(() => {
  logs = [];
  sent = [];
  ticks = [];
});
afterEach(async () => {
  for (const tick of ticks) await tick.stop();
});

async function startTick(
  job: { everySeconds?: number; wakeOn?: string },
  send = async () => void sent.push(performance.now()),
): Promise<void> {
  const log = createLogger(loadConfig({ NODE_ENV: 'test', LOG_LEVEL: 'info', DATA_DIR: dataDir }), {
    write: (line: string) => void logs.push(line),
  });
  const tick = createTick({ job: { queue: 'test.tick', ...job }, listenUrl: database.workerUrl, log, send });
  ticks.push(tick);
  await tick.start();
}

async function until(holds: () => boolean): Promise<void> {
  while (!holds()) await new Promise((resolve) => setImmediate(resolve));
}

describe('what a worker asks for by itself', () => {
  it('comes by timer, again and again', async () => {
    await startTick({ everySeconds: 0.05 });
    await until(() => sent.length >= 3);
  });

  it('comes when somebody notifies the channel, at most once a second however often that is', async () => {
    await startTick({ wakeOn: sealChannel });
    // The listener wakes once when it begins: something may have been written while nobody listened.
    await until(() => sent.length === 1);
    const client = new pg.Client({ connectionString: database.webUrl });
    await client.connect();
    for (let n = 0; n < 20; n += 1) await client.query('SELECT pg_notify($1, $2)', [sealChannel, '']);
    await until(() => sent.length === 2);
    await client.end();
    const [first = 0, second = 0] = sent;
    expect(second - first).toBeGreaterThanOrEqual(990);
  });

  it('comes no more once the worker stops, not even what somebody has just notified', async () => {
    await startTick({ wakeOn: sealChannel });
    await until(() => sent.length === 1);
    const client = new pg.Client({ connectionString: database.webUrl });
    await client.connect();
    let heard = 0;
    client.on('notification', () => (heard += 1));
    await client.query(`LISTEN ${sealChannel}; NOTIFY ${sealChannel}`);
    await until(() => heard === 1);
    await new Promise((resolve) => setTimeout(resolve, 50));
    await ticks.at(-1)?.stop();
    await client.end();
    await new Promise((resolve) => setTimeout(resolve, 1_100));
    expect(sent).toHaveLength(1);
  });

  it('fails without harm: the next one is asked for all the same', async () => {
    let asked = 0;
    await startTick({ everySeconds: 0.05 }, async () => {
      asked += 1;
      throw new Error('no database');
    });
    await until(() => asked >= 2);
    expect(logs.some((line) => line.includes('"event":"jobs.tick_failed","queue":"test.tick"'))).toBe(true);
  });
});

describe('a nudge of the sealer', () => {
  it('leaves the process once per 200 ms, however many commits there are', async () => {
    const listener = new pg.Client({ connectionString: database.workerUrl });
    const heard: number[] = [];
    await listener.connect();
    listener.on('notification', () => heard.push(performance.now()));
    await listener.query(`LISTEN ${sealChannel}`);
    for (let n = 0; n < 50; n += 1) nudgeSealer(web);
    await until(() => heard.length === 1);
    for (let n = 0; n < 50; n += 1) nudgeSealer(web);
    await until(() => heard.length === 2);
    await listener.end();
    const [first = 0, second = 0] = heard;
    expect(second - first).toBeGreaterThan(150);
  });

  it('that finds no connection is dropped in silence', async () => {
    const closed = openDatabase({ url: database.webUrl, applicationName: 'test-web', maxConnections: 1 });
    await closed.close();
    let asked = 0;
    nudgeSealer({
      ...closed,
      pool: Object.assign(Object.create(closed.pool), {
        query: () => {
          asked += 1;
          return closed.pool.query('SELECT 1');
        },
      }),
    });
    await until(() => asked === 1);
  });
});
