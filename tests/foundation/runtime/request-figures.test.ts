import pg from 'pg';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { readBounded } from '../../../src/foundation/runtime/bounded-read.ts';
import { requestLosses, requestSteps, routeFigures, stepSeconds } from '../../../src/foundation/runtime/request-figures.queries.ts';
import { listRequests, type RequestCursor, type RequestFilter } from '../../../src/foundation/runtime/request-log.queries.ts';
import { createTestDatabase, type TestDatabase } from '../../support/database.ts';

const noon = new Date('2026-11-10T12:00:00Z');
const at = (minutes: number) => new Date(noon.getTime() + minutes * 60_000);
const hour: RequestFilter = { from: noon, to: at(60) };

type Kept = {
  minute: number;
  route: string;
  ms: number;
  status?: number;
  weight?: number;
  method?: string;
  slow?: boolean;
  requestId?: string;
};

describe('the figures of the request log', () => {
  let database: TestDatabase;
  let pool: pg.Pool;
  let admin: pg.Client;
  const keep = async (rows: readonly Kept[]) => {
    for (const { minute, route, ms, status = 200, weight = 1, method = 'GET', slow = false, requestId = 'request-1' } of rows) {
      await admin.query(
        `INSERT INTO platform.api_log (occurred_at, request_id, status, ms, method, path_template, door, slow, weight)
         VALUES ($1, $2, $3, $4, $5, $6, 'api', $7, $8)`,
        [at(minute), requestId, status, ms, method, route, slow, weight],
      );
    }
  };

  beforeAll(async () => {
    database = await createTestDatabase();
    pool = new pg.Pool({ connectionString: database.webUrl, max: 2, options: '-c timezone=UTC' });
    pool.on('error', () => undefined);
    admin = new pg.Client({ connectionString: database.adminUrl });
    await admin.connect();
    await admin.query("SELECT platform.make_partitions('2026-10-01', '2027-01-01')");
    // 10 sampled reads that stand for 100, and 5 slow ones that stand for themselves.
    await keep(Array.from({ length: 10 }, (_, n) => ({ minute: n, route: '/read', ms: 10 + n, weight: 10 })));
    await keep(Array.from({ length: 5 }, (_, n) => ({ minute: 20 + n, route: '/read', ms: 1_000 + n, slow: true })));
    await keep([
      { minute: 30, route: '/write', ms: 40, method: 'POST' },
      { minute: 31, route: '/write', ms: 60, method: 'POST', status: 409 },
      { minute: 32, route: '/write', ms: 80, method: 'POST', status: 500, requestId: 'trace_87654321' },
      { minute: 33, route: '/write', ms: 50, method: 'POST' },
      { minute: 90, route: '/later', ms: 1 },
    ]);
    await admin.query(
      "INSERT INTO platform.api_log_loss (occurred_at, lost, cause) VALUES ($1, 7, 'buffer_full'), ($2, 3, 'not_written')",
      [at(5), at(90)],
    );
  });
  afterAll(async () => {
    await pool.end();
    await admin.end();
    await database.drop();
  });

  it('weighs each row by what it stands for: counts, percentiles and shares of a route', async () => {
    expect(await readBounded(pool, (read) => routeFigures(read, hour))).toEqual([
      {
        method: 'GET',
        route: '/read',
        requests: 105,
        kept: 15,
        p50: 15,
        p95: 19,
        p99: 1_003,
        slowest: 1_004,
        refusedShare: 0,
        failedShare: 0,
      },
      {
        method: 'POST',
        route: '/write',
        requests: 4,
        kept: 4,
        p50: 50,
        p95: 80,
        p99: 80,
        slowest: 80,
        refusedShare: 0.25,
        failedShare: 0.25,
      },
    ]);
  });

  it('follows the filter, and rests on the latest rows where there are too many', async () => {
    const of = (filter: Partial<RequestFilter>, ceiling?: number) =>
      readBounded(pool, (read) => routeFigures(read, { ...hour, ...filter }, ceiling));
    expect(await of({ isSlow: true })).toMatchObject([{ route: '/read', requests: 5, p50: 1_002 }]);
    expect(await of({ outcome: 'error' })).toMatchObject([{ route: '/write', requests: 2 }]);
    expect(await of({ outcome: 'refused', status: 409, method: 'POST', route: '/write', door: 'api', leastMs: 60 })).toHaveLength(1);
    expect(await of({ outcome: 'ok', isSlow: false })).toMatchObject([{ requests: 100 }, { requests: 2 }]);
    expect(await of({}, 4)).toMatchObject([{ route: '/write', kept: 4 }]);
  });

  it('shows every step of the time, the empty ones too', async () => {
    const { steps, seconds, isCut } = await readBounded(pool, (read) => requestSteps(read, hour));
    expect({ seconds, isCut, length: steps.length }).toEqual({ seconds: 300, isCut: false, length: 13 });
    expect(steps[0]).toEqual({ at: noon, requests: 50, errors: 0, p50: 12, p95: 14 });
    expect(steps[2]).toEqual({ at: at(10), requests: 0, errors: 0, p50: null, p95: null });
    expect(steps[6]).toMatchObject({ requests: 4, errors: 2 });
  });

  it('begins where the sample was cut off, and says so', async () => {
    const { steps, isCut } = await readBounded(pool, (read) => requestSteps(read, hour, 4));
    expect({ isCut, first: steps[0]?.at, requests: steps[0]?.requests }).toEqual({ isCut: true, first: at(30), requests: 4 });
  });

  it.each([
    [1, 60],
    [30, 60],
    [60, 300],
    [24 * 60, 3_600],
    [7 * 24 * 60, 21_600],
    [90 * 24 * 60, 604_800],
    [2_000 * 24 * 60, 5_760_000],
  ])('cuts %i minutes into steps of %i seconds', (minutes, seconds) => {
    expect(stepSeconds(noon, at(minutes))).toBe(seconds);
  });

  it('says what was lost in this time, by whichever process', async () => {
    expect(await readBounded(pool, (read) => requestLosses(read, hour))).toEqual({ lost: 7, lastAt: at(5) });
    expect(await readBounded(pool, (read) => requestLosses(read, { from: at(6), to: at(7) }))).toEqual({ lost: 0, lastAt: null });
  });

  it('lists newest first, each row once, however the pages are cut', async () => {
    const seen: string[] = [];
    let before: RequestCursor | undefined;
    do {
      const page = await readBounded(pool, (read) => listRequests(read, hour, { limit: 4, before }));
      seen.push(...page.rows.map((row) => row.id));
      before = page.next ?? undefined;
    } while (before);
    expect(new Set(seen).size).toBe(19);
    expect(seen).toHaveLength(19);
    const all = await readBounded(pool, (read) => listRequests(read, hour, { limit: 50 }));
    expect(all.rows.map((row) => row.id)).toEqual(seen);
    expect(all.next).toBeNull();
    expect(all.rows[0]).toMatchObject({ route: '/write', method: 'POST', status: 200, ms: 50, door: 'api', actorId: null });
  });

  it('finds a request by the id its caller was told', async () => {
    const { rows } = await readBounded(pool, (read) => listRequests(read, { ...hour, requestId: 'trace_87654321' }, { limit: 5 }));
    expect(rows).toMatchObject([{ status: 500, requestId: 'trace_87654321' }]);
    const none = await readBounded(pool, (read) =>
      listRequests(read, { ...hour, actorId: '01890000-0000-7000-8000-000000000000', errorCode: 'x' }, { limit: 5 }),
    );
    expect(none.rows).toEqual([]);
  });

  it('reads the months asked for and no other, by the index on time', async () => {
    const plan = await readBounded(pool, (read) =>
      read<{ 'QUERY PLAN': string }>(
        `EXPLAIN SELECT 1 FROM platform.api_log l WHERE l.occurred_at >= $1::timestamptz AND l.occurred_at <= $2::timestamptz
          AND l.status >= 500 ORDER BY l.occurred_at DESC LIMIT 50`,
        [hour.from, hour.to],
      ),
    );
    const text = plan.map((row) => row['QUERY PLAN']).join('\n');
    expect(text).toContain('api_log_p202611');
    expect(text).not.toContain('api_log_p202610');
  });

  it('cuts off a statement that takes too long, and leaves a connection that works', async () => {
    const one = new pg.Pool({ connectionString: database.webUrl, max: 1 });
    one.on('error', () => undefined);
    await expect(readBounded(one, (read) => read('SELECT pg_sleep(10)', []))).rejects.toMatchObject({ code: 'query_too_broad' });
    expect((await one.query('SHOW statement_timeout')).rows).toEqual([{ statement_timeout: '0' }]);
    await expect(readBounded(one, (read) => read('SELECT 1 / 0', []))).rejects.toMatchObject({ code: '22012' });
    await expect(
      readBounded(one, (read) => read("INSERT INTO platform.api_log_loss (lost, cause) VALUES (1, 'buffer_full')", [])),
    ).rejects.toMatchObject({
      code: '25006',
    });
    await one.end();
  });
});
