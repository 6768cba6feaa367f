import { type ChildProcess, spawn } from 'node:child_process';
import { mkdtempSync, rmSync } from 'node:fs';
import { createServer } from 'node:net';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { setTimeout as wait } from 'node:timers/promises';
import pg from 'pg';
import { afterAll, beforeAll, expect, test } from 'vitest';
import { runCommand } from '../../src/foundation/command/run-command.ts';
import { commands, systemCommands } from '../../src/modules/identity/index.ts';
import { anonymous, startTestApp, type TestApp } from '../support/app.ts';

const writers = 8;
const rounds = 8;
const password = 'blue okra sings late';

let dataDir: string;
let app: TestApp;
let port: number;
let admin: pg.Client;
let tokens: string[];

beforeAll(async () => {
  dataDir = mkdtempSync(join(tmpdir(), 'fashionistar-p1-'));
  port = await freePort();
  app = await startTestApp({ DATA_DIR: dataDir, PORT: String(port), PUBLIC_URL: `http://127.0.0.1:${port}` });
  admin = new pg.Client({ connectionString: app.database.adminUrl });
  await admin.connect();
  tokens = [];
  for (let n = 0; n < writers; n += 1) tokens.push(await signedIn(n));
});
afterAll(async () => {
  await admin.end();
  await app.stop();
  rmSync(dataDir, { recursive: true, force: true });
});

/** A client with an access token; the child process shares the keys through the data folder. */
async function signedIn(n: number): Promise<string> {
  const email = `writer${n}@example.com`;
  await app.as({ kind: 'system', name: 'test' }, () =>
    runCommand(app.deps, systemCommands.registerVerified, { input: { email, password } }),
  );
  const input = { email, password, client: { clientId: 'public', mode: 'body' }, device: { token: null } };
  const { output } = await app.as(anonymous, () => runCommand(app.deps, commands.logIn, { input }), { ip: `10.0.0.${n + 1}` });
  if (output.kind !== 'tokens') throw new Error('expected tokens');
  return output.tokens.accessToken;
}

/** The web process as `npm start` runs it. */
async function startWeb(): Promise<ChildProcess> {
  const child = spawn(process.execPath, ['--disable-warning=ExperimentalWarning', 'src/main.ts', 'web'], {
    cwd: join(import.meta.dirname, '../..'),
    stdio: ['ignore', 'ignore', 'ignore', 'ipc'],
    env: {
      ...process.env,
      NODE_ENV: 'test',
      BCRYPT_COST: '4',
      HASH_WAIT_MS: '30000',
      LOG_LEVEL: 'silent',
      RATE_LIMIT_SCALE: '1000',
      DATA_DIR: dataDir,
      DATABASE_URL: app.database.adminUrl,
      PORT: String(port),
      PUBLIC_URL: `http://127.0.0.1:${port}`,
    },
  });
  await new Promise<void>((resolve, reject) => {
    child.once('message', () => resolve());
    child.once('exit', (code) => reject(new Error(`web process ended with ${code} before it was ready`)));
  });
  return child;
}

/** Changes its own profile as fast as it can until the process is gone; returns how many changes were confirmed. */
async function write(token: string, isOver: () => boolean): Promise<number> {
  const url = `http://127.0.0.1:${port}/api/v1/account`;
  const headers = { authorization: `Bearer ${token}`, 'content-type': 'application/json' };
  let confirmed = 0;
  while (!isOver()) {
    try {
      const read = await fetch(url, { headers });
      const etag = read.headers.get('etag') ?? '';
      const answer = await fetch(url, {
        method: 'PATCH',
        headers: { ...headers, 'if-match': etag },
        body: JSON.stringify({ bio: `bio ${Math.random()}` }),
      });
      if (answer.status === 200) confirmed += 1;
    } catch {
      // The connection died with the process: whether this change was kept is what the test asks the database.
    }
  }
  return confirmed;
}

test('P1: kill -9 under 8 writers, 8 rounds: no change without its rows, no rows without their change', { timeout: 180_000 }, async () => {
  let confirmed = 0;
  for (let round = 0; round < rounds; round += 1) {
    const child = await startWeb();
    let isOver = false;
    const running = tokens.map((token) => write(token, () => isOver));
    await eventually(async () => (await updates()) > round * 8 + 8);
    const gone = new Promise((resolve) => child.once('exit', resolve));
    child.kill('SIGKILL');
    await gone;
    isOver = true;
    confirmed += (await Promise.all(running)).reduce((sum, each) => sum + each, 0);
    await eventually(async () => (await openTransactions()) === 0);
    expect(await mismatches()).toEqual([]);
  }
  expect(confirmed).toBeGreaterThan(rounds);
  // What was confirmed to a caller is there; a change whose answer was lost may be there too.
  expect(await updates()).toBeGreaterThanOrEqual(confirmed);
});

async function updates(): Promise<number> {
  const { rows } = await admin.query<{ n: number }>(
    `SELECT count(*)::int AS n FROM audit.event WHERE tbl = 'identity.user' AND op = 2 AND 'bio' = ANY(changed)`,
  );
  return rows[0]?.n ?? 0;
}

/** Every version step has its event, every event its action, every action its event, every value its row. */
async function mismatches(): Promise<unknown[]> {
  const { rows } = await admin.query(`
    WITH steps AS (SELECT e.record_id, count(*) AS n FROM audit.event e WHERE e.tbl = 'identity.user' AND e.op = 2 AND 'bio' = ANY(e.changed) GROUP BY 1)
    SELECT 'version without event' AS what, u.id::text AS id FROM identity."user" u LEFT JOIN steps s ON s.record_id = u.id::text
     WHERE u.kind = 'client' AND u.bio IS NOT NULL AND u.version <> 1 + coalesce(s.n, 0)
    UNION ALL
    SELECT 'event without action', e.id::text FROM audit.event e WHERE e.op = 2 AND 'bio' = ANY(e.changed)
       AND NOT EXISTS (SELECT 1 FROM audit.action a WHERE a.id = e.action_id AND a.txid = e.txid AND a.outcome = 'ok')
    UNION ALL
    SELECT 'action without event', a.id::text FROM audit.action a WHERE a.action = 'update-account' AND a.outcome = 'ok'
       AND NOT EXISTS (SELECT 1 FROM audit.event e WHERE e.action_id = a.id)
    UNION ALL
    SELECT 'event without value', e.id::text FROM audit.event e WHERE e.value_commit IS NOT NULL
       AND NOT EXISTS (SELECT 1 FROM audit.value v WHERE v.row_id = e.id AND v.occurred_at = e.occurred_at)`);
  return rows;
}

async function openTransactions(): Promise<number> {
  const { rows } = await admin.query<{ n: number }>(
    `SELECT count(*)::int AS n FROM pg_stat_activity WHERE datname = current_database() AND application_name = 'fashionistar-web' AND xact_start IS NOT NULL`,
  );
  return rows[0]?.n ?? 0;
}

/** Asks again until it holds; the test's own timeout is the limit. */
async function eventually(holds: () => Promise<boolean>): Promise<void> {
  while (!(await holds())) await wait(10);
}

function freePort(): Promise<number> {
  return new Promise((resolve, reject) => {
    const server = createServer();
    server.once('error', reject);
    server.listen(0, '127.0.0.1', () => {
      const address = server.address();
      server.close(() => (typeof address === 'object' && address ? resolve(address.port) : reject(new Error('no port'))));
    });
  });
}
