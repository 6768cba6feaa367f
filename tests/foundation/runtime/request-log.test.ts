import pg from 'pg';
import pino from 'pino';
import { afterAll, afterEach, beforeAll, describe, expect, it } from 'vitest';
import {
  createRequestLog,
  type LoggedRequest,
  type RequestLog,
  type RequestLogOptions,
} from '../../../src/foundation/runtime/request-log.ts';
import { createTestClock } from '../../support/clock.ts';
import { createTestDatabase, type TestDatabase } from '../../support/database.ts';

const quiet = pino({ level: 'silent' });
const clock = createTestClock();

function answered(overrides: Partial<LoggedRequest> = {}): LoggedRequest {
  return {
    requestId: 'request-1',
    actorId: null,
    status: 200,
    ms: 3.6,
    reqBytes: 0,
    resBytes: 10,
    method: 'GET',
    pathTemplate: '/api/v1/account',
    door: 'api',
    errorCode: null,
    headers: {},
    ...overrides,
  };
}

describe('the request log', () => {
  let database: TestDatabase;
  let pool: pg.Pool;
  let open: RequestLog[] = [];
  const start = (options: Partial<RequestLogOptions> = {}) => {
    const made = createRequestLog({ pool, clock, log: quiet, sampleRate: 0, flushEveryMs: 60_000, ...options });
    open.push(made);
    return made;
  };
  const rows = async () => (await pool.query('SELECT * FROM platform.api_log ORDER BY id')).rows;

  beforeAll(async () => {
    database = await createTestDatabase();
    // The role the web process really uses: it may insert and read, no more.
    pool = new pg.Pool({ connectionString: database.webUrl, max: 4 });
    // Dropping the database cuts what is still open.
    pool.on('error', () => undefined);
  });
  afterEach(async () => {
    await Promise.all(open.map((log) => log.close()));
    open = [];
    const admin = new pg.Client({ connectionString: database.adminUrl });
    await admin.connect();
    await admin.query('DELETE FROM platform.api_log');
    await admin.end();
  });
  afterAll(async () => {
    await pool.end();
    await database.drop();
  });

  it('keeps errors, slow answers and writes, and of ordinary reads only the sample', async () => {
    const log = start();
    log.record(answered());
    log.record(answered({ status: 404, pathTemplate: '/not-found' }));
    log.record(answered({ ms: 501, pathTemplate: '/slow' }));
    log.record(answered({ method: 'POST', pathTemplate: '/write' }));
    await log.flush();
    expect((await rows()).map((row) => [row.path_template, row.slow, row.sampled])).toEqual([
      ['/not-found', false, false],
      ['/slow', true, false],
      ['/write', false, false],
    ]);
    const all = start({ sampleRate: 0.1, random: () => 0.05 });
    all.record(answered({ pathTemplate: '/sampled' }));
    await all.flush();
    expect((await rows()).at(-1)).toMatchObject({ path_template: '/sampled', sampled: true, ms: 4, res_bytes: 10, door: 'api' });
  });

  it('keeps headers by allow-list: never a credential, never an unknown one', async () => {
    const log = start();
    const headers = {
      authorization: 'Bearer secret',
      cookie: '__Host-fsh_rt=secret',
      'x-device-token': 'secret',
      'x-fsh-client': 'secret',
      'x-anything': 'secret',
      'user-agent': 'agent',
      'accept-language': 'yo',
      'content-type': 'application/json',
      'x-client-version': '7',
    };
    log.record(answered({ method: 'POST', headers }));
    await log.flush();
    const [row] = await rows();
    expect(row.headers).toEqual({
      'user-agent': 'agent',
      'accept-language': 'yo',
      'content-type': 'application/json',
      'x-client-version': '7',
    });
    expect(JSON.stringify(row)).not.toContain('secret');
  });

  it('keeps of a body only listed fields, only for failures and samples, and nothing over 4 KB', async () => {
    const log = start();
    const body = { role: 'client', password: 'hidden' };
    log.record(answered({ method: 'POST', body, loggedFields: ['role'], pathTemplate: '/1' }));
    log.record(answered({ method: 'POST', status: 422, body, loggedFields: ['role'], pathTemplate: '/2' }));
    log.record(answered({ method: 'POST', status: 422, body, pathTemplate: '/3' }));
    log.record(answered({ method: 'POST', status: 422, body: { role: 'x'.repeat(5_000) }, loggedFields: ['role'], pathTemplate: '/4' }));
    log.record(answered({ method: 'POST', status: 422, body: 'text', loggedFields: ['role'], pathTemplate: '/5' }));
    await log.flush();
    expect((await rows()).map((row) => row.body)).toEqual([null, { role: 'client' }, null, { $truncated: true }, null]);
  });

  it('stores text that PostgreSQL would refuse', async () => {
    const log = start();
    log.record(
      answered({
        status: 422,
        method: 'POST',
        body: { role: 'a\u0000b\ud800' },
        loggedFields: ['role'],
        headers: { 'user-agent': 'a\u0000\udfff' },
      }),
    );
    await log.flush();
    expect(await rows()).toHaveLength(1);
    expect(log.dropped()).toBe(0);
  });

  it('calls an answer slow when it takes three times the 95th percentile of its route', async () => {
    const log = start();
    for (let count = 0; count < 128; count += 1) log.record(answered({ ms: 10 }));
    log.record(answered({ ms: 29 }));
    log.record(answered({ ms: 31 }));
    log.record(answered({ ms: 31, pathTemplate: '/other' }));
    await log.flush();
    expect((await rows()).map((row) => [row.path_template, row.ms])).toEqual([['/api/v1/account', 31]]);
  });

  it('writes many rows in few statements and loses none at shutdown', async () => {
    const log = start();
    for (let count = 0; count < 450; count += 1) log.record(answered({ method: 'POST' }));
    await log.close();
    expect(await rows()).toHaveLength(450);
  });

  it('counts what it loses: a full buffer, a database that does not answer', async () => {
    const dead = new pg.Pool({ connectionString: 'postgres://nobody@127.0.0.1:1/none', connectionTimeoutMillis: 500 });
    dead.on('error', () => undefined);
    const log = start({ pool: dead });
    for (let count = 0; count < 5_300; count += 1) log.record(answered({ method: 'POST' }));
    expect(log.dropped()).toBeGreaterThanOrEqual(1);
    await log.close();
    expect(log.dropped()).toBe(5_300);
    await dead.end();
  });
});
