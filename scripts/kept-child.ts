import { type ChildProcess, spawn } from 'node:child_process';
import { createWriteStream, renameSync, statSync } from 'node:fs';
import { createInterface } from 'node:readline';
import type { Readable } from 'node:stream';
import { z } from 'zod';
import { PlainFailure } from './plain-failure.ts';
import { projectRoot } from './run-program.ts';

export type KeptChild = {
  /** Resolves when the first one answers requests; rejects with its last words when it ended before. */
  ready: Promise<void>;
  /** Tells the one that waits for it (`--await-schema`) that the schema is current. */
  tellMigrated(): void;
  /** Stops it for good: SIGTERM, and SIGKILL when it does not end in time. */
  stop(): Promise<void>;
};

export type KeptChildOptions = {
  args: readonly string[];
  /** Added to `args` for the first start only. */
  firstArgs?: readonly string[];
  env: Record<string, string | undefined>;
  logFile: string;
  /** Told of warnings, errors and restarts, one line each. */
  onNotice(line: string): void;
};

const messageSchema = z.discriminatedUnion('type', [
  z.object({ type: z.literal('ready') }),
  z.object({ type: z.literal('progress'), line: z.string() }),
]);
const logLine = z.object({
  level: z.string(),
  event: z.string().optional(),
  message: z.string().optional(),
  route: z.string().optional(),
  status: z.number().optional(),
  errorCode: z.string().optional(),
  error: z.object({ message: z.string() }).optional().catch(undefined),
});

const stopWithinMs = 6_500;
const calmMs = 30_000;
const longestPauseMs = 10_000;
const rotateAtBytes = 20_000_000;

/** Runs `node <args>` and starts it again, with growing pauses, whenever it ends unasked. Its log lines go to `logFile`. */
export function keepRunning(options: KeptChildOptions): KeptChild {
  const log = openLog(options.logFile);
  const firstReady = Promise.withResolvers<void>();
  let current: ChildProcess | null = null;
  let isStopping = false;
  let isReady = false;
  let pauseMs = 250;
  let timer: NodeJS.Timeout | null = null;

  const launch = () => {
    const began = performance.now();
    const lastWords: string[] = [];
    const child = spawn(process.execPath, [...options.args, ...(isReady ? [] : (options.firstArgs ?? []))], {
      cwd: projectRoot,
      env: options.env,
      stdio: ['ignore', 'pipe', 'pipe', 'ipc'],
    });
    current = child;
    eachLine(child.stdout, (line) => {
      log.write(`${line}\n`);
      // Until it is ready, its health check says so itself.
      const notice = isReady ? noticeOf(line) : null;
      if (notice) options.onNotice(notice);
    });
    eachLine(child.stderr, (line) => {
      log.write(`${line}\n`);
      lastWords.push(line);
      if (isReady) options.onNotice(line);
    });
    child.on('message', (message) => {
      const known = messageSchema.safeParse(message).data;
      if (known?.type === 'progress') options.onNotice(`  ${known.line}`);
      if (known?.type !== 'ready') return;
      isReady = true;
      firstReady.resolve();
    });
    child.once('error', (error) => lastWords.push(error.message));
    child.once('close', (code, signal) => {
      current = null;
      if (isStopping) return;
      if (!isReady) {
        firstReady.reject(
          new PlainFailure(
            lastWords.slice(-12).join('\n') || `The application ended while starting (${signal ?? code}); see ${options.logFile}.`,
          ),
        );
        return;
      }
      pauseMs = performance.now() - began > calmMs ? 250 : Math.min(pauseMs * 2, longestPauseMs);
      options.onNotice(`The application ended (${signal ?? `code ${code}`}); starting it again.`);
      timer = setTimeout(launch, pauseMs);
    });
  };
  launch();

  return {
    ready: firstReady.promise,
    tellMigrated: () => void current?.send({ type: 'migrated' }),
    async stop() {
      isStopping = true;
      if (timer) clearTimeout(timer);
      if (current) await end(current);
      await new Promise((resolve) => log.end(resolve));
    },
  };
}

function end(child: ChildProcess): Promise<void> {
  return new Promise((resolve) => {
    if (child.exitCode !== null || child.signalCode !== null) return resolve();
    const timer = setTimeout(() => child.kill('SIGKILL'), stopWithinMs);
    child.once('close', () => {
      clearTimeout(timer);
      resolve();
    });
    child.kill('SIGTERM');
  });
}

/** One old log is kept beside the new one. */
function openLog(file: string) {
  const size = statSync(file, { throwIfNoEntry: false })?.size ?? 0;
  if (size > rotateAtBytes) renameSync(file, `${file}.1`);
  return createWriteStream(file, { flags: 'a', mode: 0o600 });
}

function eachLine(stream: Readable | null, use: (line: string) => void): void {
  if (stream) createInterface({ input: stream }).on('line', use);
}

/** What the person at the terminal should see of a log line: warnings and worse. */
function noticeOf(line: string): string | null {
  const entry = parseLine(line);
  if (!entry || !['warn', 'error', 'fatal'].includes(entry.level)) return null;
  const { level, event, message, route, status, errorCode, error } = entry;
  return `${level}: ${[event, message, route, status, errorCode, error?.message].filter((part) => part !== undefined && part !== '').join(' ')}`;
}

function parseLine(line: string): z.infer<typeof logLine> | null {
  try {
    return logLine.safeParse(JSON.parse(line)).data ?? null;
  } catch {
    return null;
  }
}
