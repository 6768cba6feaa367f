import type { IncomingHttpHeaders } from 'node:http';
import type pg from 'pg';
import type { Logger } from 'pino';
import type { Clock } from './clock.ts';
import { newId } from './new-id.ts';
import type { Door } from './request-context.ts';
import { createSlowness } from './slowness.ts';

/** One answered request. `pathTemplate` is never the raw path. */
export type LoggedRequest = {
  requestId: string;
  actorId: string | null;
  status: number;
  /** Milliseconds, not rounded. */
  ms: number;
  reqBytes: number;
  resBytes: number;
  method: string;
  pathTemplate: string;
  door: Door;
  errorCode: string | null;
  headers: IncomingHttpHeaders;
  /** The parsed body; only the fields named in `loggedFields` are ever kept. */
  body?: unknown;
  loggedFields?: readonly string[];
};

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
  /** Handed in by tests; uniform in [0, 1). */
  random?: () => number;
  flushEveryMs?: number;
};

const maxBuffered = 5_000;
const flushRows = 200;
const maxBodyBytes = 4_096;
const loggedHeaders = ['content-type', 'accept-language', 'user-agent', 'x-client-version'] as const;
const maxHeaderLength = 400;
const reads: ReadonlySet<string> = new Set(['GET', 'HEAD', 'OPTIONS']);

type Row = Record<string, string | number | boolean | object | null>;

export function createRequestLog(options: RequestLogOptions): RequestLog {
  const { pool, clock, log, sampleRate = 0.1, random = Math.random, flushEveryMs = 500 } = options;
  const slowness = createSlowness();
  let buffer: Row[] = [];
  let dropped = 0;
  let running: Promise<void> | null = null;

  const lose = (rows: number, cause?: unknown) => {
    dropped += rows;
    log.warn({ event: 'request_log.dropped', rows, total: dropped, ...(cause instanceof Error ? { error: cause } : {}) });
  };

  const writeAll = async () => {
    while (buffer.length > 0) {
      const rows = buffer.slice(0, flushRows);
      buffer = buffer.slice(rows.length);
      await insert(pool, rows).catch((cause: unknown) => lose(rows.length, cause));
    }
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
      const isKept = isSampled || isSlow || request.status >= 400 || !reads.has(request.method);
      if (!isKept) return;
      if (buffer.length >= maxBuffered) return lose(1);
      buffer.push(rowOf(request, { at: clock.now(), isSlow, isSampled }));
      if (buffer.length >= flushRows) void flush();
    },
    dropped: () => dropped,
    flush,
    async close() {
      clearInterval(timer);
      await flush();
      await flush();
    },
  };
}

function rowOf(request: LoggedRequest, how: { at: Date; isSlow: boolean; isSampled: boolean }): Row {
  const hasBody = request.status >= 400 || how.isSampled;
  return {
    occurred_at: how.at.toISOString(),
    id: newId(),
    request_id: request.requestId,
    actor_id: request.actorId,
    status: request.status,
    ms: Math.round(request.ms),
    req_bytes: request.reqBytes,
    res_bytes: request.resBytes,
    method: request.method,
    path_template: request.pathTemplate,
    door: request.door,
    error_code: request.errorCode,
    slow: how.isSlow,
    sampled: how.isSampled,
    headers: headersOf(request.headers),
    body: hasBody ? bodyOf(request.body, request.loggedFields ?? []) : null,
  };
}

function headersOf(headers: IncomingHttpHeaders): Record<string, string> {
  const kept: Record<string, string> = {};
  for (const name of loggedHeaders) {
    const value = headers[name];
    if (typeof value === 'string') kept[name] = storable(value.slice(0, maxHeaderLength));
  }
  return kept;
}

/** Fields by allow-list; what is over 4 KB is left out whole, since half a JSON text is none. */
function bodyOf(body: unknown, fields: readonly string[]): object | null {
  if (typeof body !== 'object' || body === null) return null;
  const kept = Object.entries(body).flatMap(([name, value]) => (fields.includes(name) ? [[name, plain(value)] as const] : []));
  if (kept.length === 0) return null;
  const entry = Object.fromEntries(kept);
  return Buffer.byteLength(JSON.stringify(entry)) > maxBodyBytes ? { $truncated: true } : entry;
}

/** Scalars only: the names inside a hostile object are text of the caller too. */
function plain(value: unknown): string | number | boolean | null {
  if (typeof value === 'string') return storable(value);
  return typeof value === 'number' || typeof value === 'boolean' ? value : null;
}

/** PostgreSQL refuses NUL in text and unpaired surrogates in jsonb. */
function storable(text: string): string {
  return text.toWellFormed().replaceAll('\u0000', '');
}

const insertSql = `
  INSERT INTO platform.api_log
    (occurred_at, id, request_id, actor_id, status, ms, req_bytes, res_bytes, method, path_template, door, error_code, slow, sampled, headers, body)
  SELECT occurred_at, id, request_id, actor_id, status, ms, req_bytes, res_bytes, method, path_template, door, error_code, slow, sampled, headers, body
  FROM jsonb_to_recordset($1::jsonb) AS entry (
    occurred_at timestamptz, id uuid, request_id text, actor_id uuid, status smallint, ms int, req_bytes int, res_bytes int, method text,
    path_template text, door text, error_code text, slow boolean, sampled boolean, headers jsonb, body jsonb)`;

async function insert(pool: pg.Pool, rows: readonly Row[]): Promise<void> {
  await pool.query({ name: 'request-log-insert', text: insertSql, values: [JSON.stringify(rows)] });
}
