import { type ChildProcess, spawn, spawnSync } from 'node:child_process';
import { existsSync, mkdtempSync, readFileSync, rmSync, statSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { setTimeout as wait } from 'node:timers/promises';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { isAlive } from '../../scripts/embedded-postgres.ts';
import { freePort } from '../../scripts/free-port.ts';
import { projectRoot } from '../../scripts/run-program.ts';

type Copy = { process: ChildProcess; said(): string; ended: Promise<number | null> };

let dataDir = '';
let port = 0;
const copies: Copy[] = [];
beforeAll(async () => {
  dataDir = mkdtempSync(join(tmpdir(), 'start-'));
  port = await freePort();
});
afterAll(async () => {
  for (const copy of copies) copy.process.kill('SIGTERM');
  await Promise.all(copies.map((copy) => copy.ended));
  rmSync(dataDir, { recursive: true, force: true });
});

/** What `npm start` runs, as a process of its own. */
function start(env: Record<string, string> = {}, program = [process.execPath, 'scripts/start.ts']): Copy {
  const child = spawn(program[0] ?? '', program.slice(1), {
    cwd: projectRoot,
    env: {
      PATH: process.env['PATH'],
      HOME: process.env['HOME'],
      PORT: String(port),
      PUBLIC_URL: `http://127.0.0.1:${port}`,
      DATA_DIR: dataDir,
      ...env,
    },
    stdio: ['ignore', 'pipe', 'pipe'],
  });
  let said = '';
  child.stdout.on('data', (part) => (said += part));
  child.stderr.on('data', (part) => (said += part));
  const copy = { process: child, said: () => said, ended: new Promise<number | null>((resolve) => child.once('close', resolve)) };
  copies.push(copy);
  return copy;
}

async function ready(copy: Copy): Promise<void> {
  const until = performance.now() + 200_000;
  while (!copy.said().includes('Fashionistar is ready')) {
    if (copy.process.exitCode !== null || performance.now() > until) throw new Error(`Not ready:\n${copy.said()}`);
    await wait(100);
  }
}

const status = (path: string) =>
  fetch(`http://127.0.0.1:${port}${path}`).then(
    (response) => response.status,
    () => 0,
  );

/** The number of the application process, from its newest `ready` line. */
function applicationPid(): number {
  const lines = readFileSync(join(dataDir, 'app.log'), 'utf8').trim().split('\n');
  return lines.flatMap((line) => (line.includes('"event":"ready"') ? [Number(JSON.parse(line).pid)] : [])).at(-1) ?? 0;
}

const databasePid = () => Number(readFileSync(join(dataDir, 'pg/postmaster.pid'), 'utf8').split('\n')[0]);

describe('npm start', { timeout: 300_000 }, () => {
  it('brings everything up, says where it is, and survives the death of the application', async () => {
    const copy = start();
    await ready(copy);
    expect(copy.said()).toContain(`http://127.0.0.1:${port}/admin`);
    expect(copy.said()).toContain(`http://127.0.0.1:${port}/docs`);
    expect(copy.said()).toContain(`http://127.0.0.1:${port}/dev/inbox`);
    expect(copy.said()).toContain('DATABASE_URL=');
    expect(copy.said()).toMatch(/super_admin +\S+@example\.com +\S+/);
    expect(await status('/health/ready')).toBe(200);
    for (const name of ['demo-staff.json', 'database.json', 'secrets.json', 'postgres.json', 'app.log']) {
      expect(statSync(join(dataDir, name)).mode & 0o077, name).toBe(0);
    }

    const killed = applicationPid();
    process.kill(killed, 'SIGKILL');
    await expect.poll(applicationPid, { timeout: 90_000 }).not.toBe(killed);
    expect(await status('/health/live')).toBe(200);

    const second = start({ PORT: String(await freePort()) });
    expect(await second.ended).toBe(1);
    expect(second.said()).toContain('give this copy its own DATA_DIR and PORT');

    const [application, database] = [applicationPid(), databasePid()];
    const began = performance.now();
    copy.process.kill('SIGINT');
    expect(await copy.ended).toBe(0);
    expect(performance.now() - began).toBeLessThan(10_000);
    expect([application, database].filter(isAlive)).toEqual([]);
    expect(existsSync(join(dataDir, 'run.pid'))).toBe(false);
  });

  it('keeps the data and the accounts over a kill -9 of everything, and does not seed twice', async () => {
    const accounts = readFileSync(join(dataDir, 'demo-staff.json'), 'utf8');
    const first = start();
    await ready(first);
    const [application, database] = [applicationPid(), databasePid()];
    first.process.kill('SIGKILL');
    await first.ended;
    await expect.poll(() => isAlive(application), { timeout: 30_000 }).toBe(false);
    expect(isAlive(database)).toBe(true);

    const second = start();
    await ready(second);
    expect(second.said()).toContain('took over the PostgreSQL');
    // It goes on with what was left of the demo, and makes nobody anew.
    expect(second.said()).not.toMatch(/^ *(?:Staff|Customers)$/m);
    expect(databasePid()).toBe(database);
    expect(readFileSync(join(dataDir, 'demo-staff.json'), 'utf8')).toBe(accounts);
    second.process.kill('SIGTERM');
    expect(await second.ended).toBe(0);
    expect(isAlive(database)).toBe(false);
  });

  it('stops cleanly when npm is told to stop, which does not hand the signal on', async () => {
    const copy = start({}, ['npm', 'start']);
    await ready(copy);
    const [application, database] = [applicationPid(), databasePid()];
    copy.process.kill('SIGTERM');
    await expect.poll(() => [application, database].filter(isAlive), { timeout: 20_000 }).toEqual([]);
    // The supervisor leaves after its children, and takes its file along.
    await expect.poll(() => existsSync(join(dataDir, 'run.pid')), { timeout: 20_000 }).toBe(false);
  });

  it('npm run reset empties the folder', () => {
    const { status: code, stdout } = spawnSync(process.execPath, ['scripts/reset.ts'], {
      cwd: projectRoot,
      env: { PATH: process.env['PATH'], DATA_DIR: dataDir },
      encoding: 'utf8',
    });
    expect({ code, stdout }).toEqual({ code: 0, stdout: 'Nothing of ours is left; "npm start" begins afresh.\n' });
    expect(existsSync(dataDir)).toBe(false);
  });
});
