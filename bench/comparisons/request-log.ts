import pg from 'pg';
import pino from 'pino';
import { systemClock } from '../../src/foundation/runtime/clock.ts';
import { newId } from '../../src/foundation/runtime/new-id.ts';
import { createRequestLog, type LoggedRequest, type RequestLog } from '../../src/foundation/runtime/request-log.ts';
import { compare } from '../compare.ts';
import { runSql } from '../ground.ts';
import type { Suite } from '../suite.ts';

/** Under what the writer buffers, so that nothing is lost. */
const rowsPerRound = 4_000;
const batchRows = 200;

/** The request log, from an answered request to its row, against plain batches of the same size into the same table. */
export const requestLog: Suite = {
  name: 'request-log',
  async run(ground) {
    const adminUrl = await ground.newDatabase();
    const pool = new pg.Pool({ connectionString: adminUrl, max: 2 });
    const log = createRequestLog({ pool, clock: systemClock, log: pino({ level: 'silent' }), flushEveryMs: 600_000 });
    try {
      return [
        await compare({
          name: `request log, ${rowsPerRound} rows in batches of ${batchRows}`,
          unit: 'ms',
          kind: 'rate',
          bar: 0.6,
          product: { name: 'writer', run: () => throughWriter(log) },
          peer: { name: 'raw batches', run: () => rawBatches(pool) },
          rounds: 11,
        }),
      ];
    } finally {
      await log.close();
      await pool.end();
      await runSql(adminUrl, 'TRUNCATE platform.api_log');
    }
  },
};

const headers = {
  'user-agent': 'Mozilla/5.0 (X11; Linux x86_64) AppleWebKit/537.36 (KHTML, like Gecko) Chrome/150.0.0.0 Safari/537.36',
  'accept-language': 'en-NG,en;q=0.9',
  'content-type': 'application/json',
};

const asked = (n: number): LoggedRequest => ({
  requestId: newId(),
  actorId: n % 3 === 0 ? newId() : null,
  status: n % 20 === 0 ? 422 : 200,
  ms: 3 + (n % 40),
  reqBytes: 120,
  resBytes: 900,
  method: 'POST',
  pathTemplate: `/api/v1/route-${n % 30}`,
  door: 'api',
  errorCode: n % 20 === 0 ? 'validation_failed' : null,
  headers: { ...headers, authorization: 'Bearer x', cookie: 'a=b' },
  ip: '102.89.23.17',
  body: { role: 'client', password: 'never kept' },
  loggedFields: ['role'],
});

async function throughWriter(log: RequestLog): Promise<number> {
  const requests = Array.from({ length: rowsPerRound }, (_, n) => asked(n));
  const before = log.dropped();
  const began = performance.now();
  for (const request of requests) log.record(request);
  await log.flush();
  await log.flush();
  const ms = performance.now() - began;
  if (log.dropped() !== before) throw new Error('Rows were lost');
  return ms;
}

const columns = [
  ...[
    'occurred_at',
    'id',
    'request_id',
    'actor_id',
    'status',
    'ms',
    'req_bytes',
    'res_bytes',
    'method',
    'path_template',
    'door',
    'error_code',
  ],
  ...['slow', 'sampled', 'headers', 'body', 'ip', 'weight'],
];
const rawSql = `INSERT INTO platform.api_log (${columns.join(', ')}) VALUES ${Array.from(
  { length: batchRows },
  (_, row) => `(${columns.map((__, column) => `$${row * columns.length + column + 1}`).join(', ')})`,
).join(', ')}`;

/** The rows are ready before the clock starts: nothing is measured but the insert. */
async function rawBatches(pool: pg.Pool): Promise<number> {
  const batches = Array.from({ length: rowsPerRound / batchRows }, (_, batch) =>
    Array.from({ length: batchRows }, (__, n) => rawRow(asked(batch * batchRows + n))).flat(),
  );
  const began = performance.now();
  for (const values of batches) await pool.query({ name: 'raw-batch', text: rawSql, values });
  return performance.now() - began;
}

function rawRow(request: LoggedRequest): unknown[] {
  const { requestId, actorId, status, ms, reqBytes, resBytes, method, pathTemplate, door, errorCode } = request;
  const body = status >= 400 ? { role: 'client' } : null;
  return [
    ...[systemClock.now(), newId(), requestId, actorId, status, Math.round(ms), reqBytes, resBytes, method, pathTemplate, door, errorCode],
    ...[false, false, headers, body, '102.89.23.0/24', 1],
  ];
}
