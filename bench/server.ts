import { type ChildProcess, spawn } from 'node:child_process';
import { once } from 'node:events';
import { join } from 'node:path';
import { z } from 'zod';
import { freePort } from '../scripts/free-port.ts';
import { projectRoot } from '../scripts/run-program.ts';

export type Usage = { cpuMs: number; rssMb: number };

export type Server = {
  port: number;
  /** From the start of the process to its first sign that it serves. */
  startMs: number;
  /** Processor time since its start, threads included, and resident memory. */
  usage(): Promise<Usage>;
  stop(): Promise<void>;
};

const ready = z.object({ type: z.literal('ready') });
const usage = z.object({ type: z.literal('usage'), cpuMs: z.number(), rssMb: z.number() });

/** Runs `node <args>` as a process of its own on a free port; resolves when it says it is ready. Its log is thrown away. */
export async function startServer(args: readonly string[], env: Readonly<Record<string, string>>): Promise<Server> {
  const port = await freePort();
  const began = performance.now();
  const child = spawn(process.execPath, ['--import', join(projectRoot, 'bench/servers/probe.ts'), ...args], {
    cwd: projectRoot,
    env: { ...inherited(), NODE_ENV: 'production', ...env, PORT: String(port) },
    stdio: ['ignore', 'ignore', 'pipe', 'ipc'],
  });
  const words: string[] = [];
  child.stderr?.on('data', (chunk: Buffer) => words.push(chunk.toString('utf8')));
  await messageOf(child, ready, () => words.join('').slice(-2_000));
  const startMs = performance.now() - began;
  return {
    port,
    startMs,
    async usage() {
      const answer = messageOf(child, usage, () => words.join('').slice(-2_000));
      child.send('usage');
      return answer;
    },
    async stop() {
      if (child.exitCode !== null || child.signalCode !== null) return;
      const isGone = once(child, 'exit');
      child.kill('SIGTERM');
      const timer = setTimeout(() => child.kill('SIGKILL'), 8_000);
      await isGone;
      clearTimeout(timer);
    },
  };
}

/** What a program needs of the shell it was started from, and nothing that would configure it. */
function inherited(): Record<string, string> {
  const names = ['PATH', 'HOME', 'TMPDIR', 'LANG'];
  return Object.fromEntries(names.flatMap((name) => (process.env[name] ? [[name, process.env[name]]] : [])));
}

function messageOf<T>(child: ChildProcess, shape: z.ZodType<T>, lastWords: () => string): Promise<T> {
  return new Promise((resolve, reject) => {
    const onMessage = (message: unknown) => {
      const found = shape.safeParse(message);
      if (!found.success) return;
      leave();
      resolve(found.data);
    };
    const onExit = () => {
      leave();
      reject(new Error(`The server under test ended.\n${lastWords()}`));
    };
    const leave = () => {
      child.off('message', onMessage);
      child.off('exit', onExit);
    };
    child.on('message', onMessage);
    child.on('exit', onExit);
  });
}
