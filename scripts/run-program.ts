import { type ChildProcess, spawn } from 'node:child_process';
import { fileURLToPath } from 'node:url';

export const projectRoot = fileURLToPath(new URL('..', import.meta.url));

export type Finished = { code: number; output: string };

export type ProgramOptions = {
  env?: Record<string, string | undefined>;
  signal?: AbortSignal;
};

/** Node's notes on features we chose with open eyes are no news to the person at the terminal. */
export const quiet = ['--disable-warning=ExperimentalWarning'];

/** Runs a TypeScript file of ours with the Node that runs us; resolves with its exit code and all it printed. Aborting stops it. */
export function runNode(args: readonly string[], options: ProgramOptions = {}): Promise<Finished> {
  return runProgram(process.execPath, [...quiet, ...args], options);
}

export function runProgram(program: string, args: readonly string[], options: ProgramOptions = {}): Promise<Finished> {
  return new Promise((resolve, reject) => {
    const child: ChildProcess = spawn(program, args, {
      cwd: projectRoot,
      env: options.env ?? process.env,
      stdio: ['ignore', 'pipe', 'pipe'],
      ...(options.signal ? { signal: options.signal } : {}),
    });
    const parts: Buffer[] = [];
    child.stdout?.on('data', (part: Buffer) => parts.push(part));
    child.stderr?.on('data', (part: Buffer) => parts.push(part));
    child.once('error', reject);
    child.once('close', (code) => resolve({ code: code ?? 1, output: Buffer.concat(parts).toString('utf8') }));
  });
}
