import { mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { isAlive } from '../../scripts/embedded-postgres.ts';
import { keepRunning } from '../../scripts/kept-child.ts';

let folder = '';
beforeEach(() => {
  folder = mkdtempSync(join(tmpdir(), 'kept-child-'));
});
afterEach(() => rmSync(folder, { recursive: true, force: true }));

function keep(code: string) {
  const program = join(folder, 'program.mjs');
  writeFileSync(program, code);
  const notices: string[] = [];
  const logFile = join(folder, 'app.log');
  const child = keepRunning({ args: [program], env: { ...process.env }, logFile, onNotice: (line) => notices.push(line) });
  return { child, notices, log: () => readFileSync(logFile, 'utf8') };
}

const server = `console.log(JSON.stringify({ level: 'info', event: 'up', pid: process.pid }));
  process.send({ type: 'ready' });
  setInterval(() => undefined, 1000);`;

const pids = (log: string) => [...log.matchAll(/"pid":(\d+)/g)].map(([, pid]) => Number(pid));

describe('the application under the supervisor', () => {
  it('is started again when it is killed, and not when it is stopped', async () => {
    const { child, notices, log } = keep(server);
    await child.ready;
    await expect.poll(() => pids(log()).length).toBe(1);
    process.kill(pids(log())[0] ?? 0, 'SIGKILL');
    await expect.poll(() => pids(log()).length, { timeout: 20_000 }).toBe(2);
    expect(notices).toContain('The application ended (SIGKILL); starting it again.');
    await child.stop();
    expect(pids(log()).some(isAlive)).toBe(false);
    expect(pids(log())).toHaveLength(2);
  });

  it('gives its last words when it ends before it is ready', async () => {
    const { child } = keep("console.error('DATABASE_URL is missing'); process.exit(1);");
    await expect(child.ready).rejects.toThrow(/^DATABASE_URL is missing$/);
    await child.stop();
  });

  it('shows warnings at the terminal and keeps the rest in the log', async () => {
    const { child, notices, log } = keep(`${server}
      setTimeout(() => {
        console.log(JSON.stringify({ level: 'error', event: 'http.request', route: '/x', status: 500, error: { message: 'gone' } }));
        console.log('plain text');
      }, 200);`);
    await child.ready;
    await expect.poll(() => log(), { timeout: 10_000 }).toContain('plain text');
    await child.stop();
    expect(notices).toEqual(['error: http.request /x 500 gone']);
    expect(log()).toContain('plain text');
  });
});
