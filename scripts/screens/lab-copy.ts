import { type ChildProcess, spawn } from 'node:child_process';
import { existsSync, mkdtempSync, readFileSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join, resolve } from 'node:path';
import { setTimeout as wait } from 'node:timers/promises';
import { z } from 'zod';
import { freePort } from '../free-port.ts';
import { PlainFailure } from '../plain-failure.ts';
import { projectRoot, quiet } from '../run-program.ts';

const staffFile = z.array(z.object({ role: z.string(), email: z.string(), password: z.string(), totpSecret: z.string().optional() }));
export type Staff = z.infer<typeof staffFile>[number];

export type LabCopy = { origin: string; staff: readonly Staff[]; stop(): Promise<void> };

const readyWithinMs = 300_000;
const historyWithinMs = 900_000;

/** The copy that runs already, by PUBLIC_URL (or PORT) and DATA_DIR. Throws PlainFailure when its accounts are not there. */
export function runningCopy(): LabCopy {
  const origin = process.env['PUBLIC_URL'] || `http://localhost:${process.env['PORT'] || '3000'}`;
  return { origin, staff: readStaff(resolve(process.env['DATA_DIR'] || '.data')), stop: async () => undefined };
}

/** `npm run start:lab` on a port and in a folder of its own, with all of its demo history; stop() leaves nothing behind. */
export async function startCopy(): Promise<LabCopy> {
  const dataDir = mkdtempSync(join(tmpdir(), 'fashionistar-screens-'));
  const origin = `http://127.0.0.1:${await freePort()}`;
  const child = spawn(process.execPath, [...quiet, 'scripts/start-lab.ts'], {
    cwd: projectRoot,
    env: {
      PATH: process.env['PATH'],
      HOME: process.env['HOME'],
      PORT: new URL(origin).port,
      PUBLIC_URL: origin,
      DATA_DIR: dataDir,
      // One address looks at a thousand screens; the limits have tests of their own.
      RATE_LIMIT_SCALE: '1000',
      // A busy machine is no overloaded server.
      HASH_WAIT_MS: '60000',
    },
    stdio: ['ignore', 'pipe', 'pipe'],
  });
  const stop = async () => {
    await end(child);
    rmSync(dataDir, { recursive: true, force: true });
  };
  try {
    await isReady(child);
    await historyMade(join(dataDir, 'app.log'));
    return { origin, staff: readStaff(dataDir), stop };
  } catch (error) {
    await stop();
    throw error;
  }
}

function isReady(child: ChildProcess): Promise<void> {
  return new Promise((done, fail) => {
    let said = '';
    const timer = setTimeout(() => fail(new PlainFailure(`The lab copy was not ready in time.\n${said}`)), readyWithinMs);
    const listen = (part: Buffer) => {
      said += part.toString('utf8');
      if (!said.includes('Fashionistar is ready')) return;
      clearTimeout(timer);
      done();
    };
    child.stdout?.on('data', listen);
    child.stderr?.on('data', listen);
    child.once('close', () => fail(new PlainFailure(`The lab copy did not start.\n${said}`)));
  });
}

/** Weeks of history follow the first answer; pictures of half of them would differ from run to run. */
async function historyMade(logFile: string): Promise<void> {
  const until = performance.now() + historyWithinMs;
  while (!/"event":"seed\.(complete|failed)"/.test(readFileSync(logFile, 'utf8'))) {
    if (performance.now() > until) throw new PlainFailure(`The demo history was not complete in time; see ${logFile}.`);
    await wait(250);
  }
}

async function end(child: ChildProcess): Promise<void> {
  if (child.exitCode !== null || child.signalCode !== null) return;
  const gone = new Promise((done) => child.once('close', done));
  child.kill('SIGTERM');
  await gone;
}

function readStaff(dataDir: string): Staff[] {
  const file = join(dataDir, 'demo-staff.json');
  if (!existsSync(file))
    throw new PlainFailure(`${file} is missing: leave out --running, or run "npm run start:lab" and leave it running.`);
  const staff = staffFile.parse(JSON.parse(readFileSync(file, 'utf8')));
  // The first account of each grade.
  return [...new Map(staff.toReversed().map((person) => [person.role, person])).values()].reverse();
}
