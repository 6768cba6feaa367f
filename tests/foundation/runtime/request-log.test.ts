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
    await admin.query('DELETE FROM platform.api_log; DELETE FROM platform.api_log_loss');
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

  it('keeps of an address what the configuration allows, and of a text that is none nothing', async () => {
    const ips = ['102.89.23.17', '2001:db8:1:2::9', '::ffff:102.89.23.17', 'fe80::1%eth0', 'unknown', null];
    const kept: Record<string, (string | null)[]> = {};
    for (const ipMode of ['full', 'truncated', 'off'] as const) {
      const log = start({ ipMode });
      for (const ip of ips) log.record(answered({ method: 'POST', pathTemplate: `/${ipMode}`, ip }));
      await log.flush();
      kept[ipMode] = (await rows()).filter((row) => row.path_template === `/${ipMode}`).map((row) => row.ip);
    }
    expect(kept).toEqual({
      full: ['102.89.23.17', '2001:db8:1:2::9', '::ffff:102.89.23.17', 'fe80::1', null, null],
      truncated: ['102.89.23.0/24', '2001:db8:1::/48', '102.89.23.0/24', 'fe80::/48', null, null],
      off: [null, null, null, null, null, null],
    });
  });

  it('says how many answers a row stands for: one where it is always kept, 1 / sample rate where only the sample kept it', async () => {
    const log = start({ sampleRate: 0.25, random: () => 0.1 });
    log.record(answered({ pathTemplate: '/read' }));
    log.record(answered({ pathTemplate: '/refused', status: 404 }));
    log.record(answered({ pathTemplate: '/slow', ms: 900 }));
    log.record(answered({ pathTemplate: '/write', method: 'POST' }));
    await log.flush();
    expect((await rows()).map((row) => [row.path_template, row.weight, row.sampled])).toEqual([
      ['/read', 4, true],
      ['/refused', 1, true],
      ['/slow', 1, true],
      ['/write', 1, true],
    ]);
  });

  it('keeps about one read in ten of those that are neither slow nor errors', async () => {
    let turn = 0;
    const log = start({ sampleRate: 0.1, random: () => (turn++ % 100) / 100 });
    for (let count = 0; count < 1_000; count += 1) log.record(answered());
    await log.flush();
    expect(await rows()).toHaveLength(100);
    expect((await rows()).reduce((sum, row) => sum + row.weight, 0)).toBeCloseTo(1_000, 3);
  });

  it('loses of a batch with a row that PostgreSQL refuses that row alone', async () => {
    const log = start();
    for (let count = 0; count < 9; count += 1) log.record(answered({ method: 'POST', pathTemplate: `/${count}` }));
    log.record(answered({ method: 'POST', pathTemplate: '/bad', actorId: 'not-an-id' }));
    for (let count = 9; count < 17; count += 1) log.record(answered({ method: 'POST', pathTemplate: `/${count}` }));
    await log.flush();
    expect(await rows()).toHaveLength(17);
    expect(log.dropped()).toBe(1);
    expect((await pool.query('SELECT lost, cause FROM platform.api_log_loss')).rows).toEqual([{ lost: 1, cause: 'not_written' }]);
  });

  it('never writes a number that the column does not hold', async () => {
    const log = start();
    log.record(answered({ method: 'POST', ms: 1e12, reqBytes: 1e12, resBytes: -5 }));
    await log.flush();
    expect(await rows()).toMatchObject([{ ms: 2_147_483_647, req_bytes: 2_147_483_647, res_bytes: 0 }]);
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

  it('says a loss once per flush, and keeps it for the screen as soon as the database takes it', async () => {
    const lines: string[] = [];
    const log = start({ log: pino({ level: 'warn' }, { write: (line: string) => void lines.push(line) }) });
    for (let count = 0; count < 5_300; count += 1) log.record(answered({ method: 'POST' }));
    const lost = log.dropped();
    expect(lost).toBeGreaterThan(0);
    await log.flush();
    expect(lines.map((line) => JSON.parse(line))).toMatchObject([
      { event: 'request_log.dropped', rows: { buffer_full: lost }, total: lost },
    ]);
    expect((await pool.query('SELECT lost, cause FROM platform.api_log_loss')).rows).toEqual([{ lost, cause: 'buffer_full' }]);
    await log.flush();
    expect(lines).toHaveLength(1);
  });

  it('keeps what it lost while the database was away, once it is back', async () => {
    const away = new pg.Pool({ connectionString: database.webUrl, max: 1 });
    away.on('error', () => undefined);
    const answer = away.query.bind(away);
    let isAway = true;
    // The pool of this process, not our code, is what fails here.
    Object.assign(away, {
      query: (...args: Parameters<typeof answer>) => (isAway ? Promise.reject(new Error('connection refused')) : answer(...args)),
    });
    const log = start({ pool: away });
    for (let count = 0; count < 3; count += 1) log.record(answered({ method: 'POST' }));
    await log.flush();
    isAway = false;
    log.record(answered({ method: 'POST' }));
    await log.flush();
    expect(await rows()).toHaveLength(1);
    expect((await pool.query('SELECT lost, cause FROM platform.api_log_loss')).rows).toEqual([{ lost: 3, cause: 'not_written' }]);
    await log.close();
    await away.end();
  });

  it('flushes by itself, without being asked', async () => {
    const log = start({ flushEveryMs: 20 });
    log.record(answered({ method: 'POST' }));
    await expect.poll(rows, { timeout: 5_000 }).toHaveLength(1);
    expect(log.dropped()).toBe(0);
  });
});
