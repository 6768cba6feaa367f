import type pg from 'pg';
import type { Logger } from 'pino';
import type { Clock } from './clock.ts';
import { insertLosses, insertRequests, isBadRow } from './request-log-insert.ts';
import { type LoggedRequest, type RequestRow, requestRow } from './request-log-row.ts';
import type { IpMode } from './shown-ip.ts';
import { createSlowness } from './slowness.ts';

export type { LoggedRequest };

/** Writer of platform.api_log (audit.md section 12), shared by both doors. */
export type RequestLog = {
  /** Decides whether the request is kept and buffers it; never waits, never throws. */
  record(request: LoggedRequest): void;
  /** Rows that were lost because the buffer was full or the database did not take them. */
  dropped(): number;
  /** Writes what is buffered. */
  flush(): Promise<void>;
  /** Flushes and stops the timer. */
  close(): Promise<void>;
};

export type RequestLogOptions = {
  pool: pg.Pool;
  clock: Clock;
  log: Logger;
  /** Share of successful reads that is kept, 0 to 1. */
  sampleRate?: number;
  ipMode?: IpMode;
  /** Handed in by tests; uniform in [0, 1). */
  random?: () => number;
  flushEveryMs?: number;
};

const maxBuffered = 5_000;
const flushRows = 200;
const reads: ReadonlySet<string> = new Set(['GET', 'HEAD', 'OPTIONS']);

export function createRequestLog(options: RequestLogOptions): RequestLog {
  const { pool, clock, log, sampleRate = 0.1, ipMode = 'truncated', random = Math.random, flushEveryMs = 500 } = options;
  const slowness = createSlowness();
  const losses = createLosses(pool, log);
  let buffer: RequestRow[] = [];
  let running: Promise<void> | null = null;

  const writeAll = async () => {
    while (buffer.length > 0) {
      const rows = buffer.slice(0, flushRows);
      buffer = buffer.slice(rows.length);
      await write(pool, rows, (lost, cause) => losses.add('not_written', lost, cause));
    }
    await losses.report(clock.now());
  };

  const flush = (): Promise<void> => {
    running ??= writeAll().finally(() => {
      running = null;
    });
    return running;
  };

  const timer = setInterval(() => void flush(), flushEveryMs);
  timer.unref();

  return {
    record(request) {
      const isSlow = slowness.isSlow(`${request.method} ${request.pathTemplate}`, request.ms);
      const isSampled = random() < sampleRate;
      const isAlwaysKept = isSlow || request.status >= 400 || !reads.has(request.method);
      if (!isSampled && !isAlwaysKept) return;
      if (buffer.length >= maxBuffered) return losses.add('buffer_full', 1);
      // A read that only the sample kept stands for all those that it did not.
      const weight = isAlwaysKept ? 1 : 1 / sampleRate;
      buffer.push(requestRow(request, { at: clock.now(), isSlow, isSampled, weight, ipMode }));
      if (buffer.length >= flushRows) void flush();
    },
    dropped: () => losses.total(),
    flush,
    async close() {
      clearInterval(timer);
      await flush();
      await flush();
    },
  };
}

/** A batch that PostgreSQL refuses for its content is halved until only the bad row is lost; otherwise all of it is. */
async function write(pool: pg.Pool, rows: readonly RequestRow[], lose: (lost: number, cause: unknown) => void): Promise<void> {
  try {
    await insertRequests(pool, rows);
  } catch (error) {
    if (rows.length === 1 || !isBadRow(error)) return lose(rows.length, error);
    const middle = Math.ceil(rows.length / 2);
    await write(pool, rows.slice(0, middle), lose);
    await write(pool, rows.slice(middle), lose);
  }
}

export type LossCause = 'buffer_full' | 'not_written';

/**
 * What never came to the table: counted at once, said in one log line per flush however many they were, and kept in
 * platform.api_log_loss as soon as the database takes it, so that the screen shows the losses of every process.
 */
function createLosses(pool: pg.Pool, log: Logger) {
  const unsaid = new Map<LossCause, number>();
  let unkept: { cause: LossCause; lost: number }[] = [];
  let total = 0;
  let lastError: unknown = null;
  return {
    total: () => total,
    add(cause: LossCause, lost: number, error?: unknown) {
      total += lost;
      unsaid.set(cause, (unsaid.get(cause) ?? 0) + lost);
      lastError = error ?? lastError;
    },
    async report(at: Date) {
      if (unsaid.size > 0) {
        const rows = Object.fromEntries(unsaid);
        log.warn({ event: 'request_log.dropped', rows, total, ...(lastError instanceof Error ? { error: lastError } : {}) });
        unkept = merged(unkept, unsaid);
        unsaid.clear();
        lastError = null;
      }
      if (unkept.length === 0) return;
      const keeping = unkept;
      unkept = [];
      await insertLosses(pool, keeping, at).catch(() => {
        unkept = [...keeping, ...unkept];
      });
    },
  };
}

function merged(known: readonly { cause: LossCause; lost: number }[], added: ReadonlyMap<LossCause, number>) {
  const sums = new Map(known.map(({ cause, lost }) => [cause, lost]));
  for (const [cause, lost] of added) sums.set(cause, (sums.get(cause) ?? 0) + lost);
  return [...sums].map(([cause, lost]) => ({ cause, lost }));
}
