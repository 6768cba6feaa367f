import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { runCommand } from '../../src/foundation/command/run-command.ts';
import { newId } from '../../src/foundation/runtime/new-id.ts';
import { requestUuid } from '../../src/foundation/runtime/request-uuid.ts';
import { systemCommands } from '../../src/modules/identity/index.ts';
import { parseApiLogQuery } from '../../src/resources/api-log/api-log-query.ts';
import { AdminClient } from '../admin/support/admin-client.ts';
import { startTestApp, type TestApp } from '../support/app.ts';
import { openSql, type Sql } from '../support/sql.ts';

const password = 'correct horse battery staple 9';
const day = 86_400_000;

let app: TestApp;
let admin: Sql;
let origin = '';

beforeAll(async () => {
  app = await startTestApp({ NODE_ENV: 'production', APP_LAB: '1' });
  admin = await openSql(app.database.adminUrl);
  const { port } = await app.startWeb();
  origin = `http://127.0.0.1:${port}`;
}, 120_000);
afterAll(async () => {
  await admin?.close();
  await app?.stop();
});

async function signedIn(role: 'auditor' | 'support' | 'admin', isLead = false): Promise<{ client: AdminClient; userId: string }> {
  const email = `${role}.${newId()}@staff.example.com`;
  const { output } = await app.as({ kind: 'system', name: 'seed' }, () =>
    runCommand(app.deps, systemCommands.createStaffAccount, {
      input: { email, password, firstName: 'Ada', lastName: 'Obi', grants: [{ role, isLead }] },
    }),
  );
  const client = new AdminClient(origin);
  await client.postForm('/admin/login', { email, password });
  return { client, userId: output.userId };
}

const page = async (client: AdminClient, query = '') => {
  const answer = await client.get(`/admin/api/pages/api-log${query}`);
  return { status: answer.status, body: JSON.parse(answer.text) };
};

describe('the API log', () => {
  it('shows requests of both doors with route, status, time, size, person, code and request id, and never a raw path', async () => {
    const { client, userId } = await signedIn('auditor');
    await fetch(`${origin}/api/v1/reference/countries/zz?secret=4711`, { headers: { 'X-Request-Id': 'trace_12345678' } });
    await fetch(`${origin}/api/v1/account/sessions/01890000-0000-7000-8000-000000000000`, { method: 'DELETE' });
    await client.get('/admin/api/resources/Nonsense/actions/list');
    await new AdminClient(origin).postForm('/admin/login', { email: 'nobody@staff.example.com', password: 'planted-secret-4711' });
    const rows = async (): Promise<Record<string, unknown>[]> => (await page(client)).body.rows;
    const expected = ['/api/v1/account/sessions/{id} 401', '/admin/login 401', '/admin/login 303'];
    const seen = async () => (await rows()).map((row) => `${String(row.route)} ${String(row.status)}`);
    await expect.poll(seen, { timeout: 10_000 }).toEqual(expect.arrayContaining(expected));
    const shown = await rows();
    expect(shown.find((row) => row.route === '/api/v1/account/sessions/{id}')).toMatchObject({
      method: 'DELETE',
      status: 401,
      door: 'api',
      actor: null,
      ip: '127.0.0.0/24',
    });
    expect(shown.find((row) => row.requestId === 'trace_12345678')).toMatchObject({
      route: '/api/v1/reference/countries/{iso2}',
      auditRequest: requestUuid('trace_12345678'),
      isSampled: expect.any(Boolean),
    });
    expect(shown.find((row) => row.door === 'admin' && row.status === 404)).toMatchObject({
      actorId: userId,
      actor: 'Ada Obi',
      errorCode: 'not_found',
      resBytes: expect.any(Number),
    });
    expect(shown.filter((row) => row.route === '/admin/login')).toMatchObject([
      { method: 'POST', status: 401, errorCode: 'invalid_credentials', body: null },
      { method: 'POST', status: 303, errorCode: null, body: null },
    ]);
    expect(JSON.stringify(shown)).not.toMatch(/4711|Nonsense|01890000-0000|staple/);
    const sizes = shown.map((row) => Number(row.resBytes));
    expect(Math.min(...sizes)).toBeGreaterThan(0);
  });

  it('narrows by presets and filters, adds up each route, and says what was lost', async () => {
    const { client, userId } = await signedIn('admin');
    const at = new Date(app.clock.now().getTime() - 40 * 60_000);
    const insert = (route: string, ms: number, status: number, count: number) =>
      admin.rows(
        `INSERT INTO platform.api_log (occurred_at, request_id, actor_id, status, ms, method, path_template, door, error_code, slow)
         SELECT $1, $2, $3, $4::int, $5::int, 'POST', $6, 'api', CASE WHEN $4::int >= 400 THEN 'teapot' END, $5::int > 500 FROM generate_series(1, $7)`,
        [at, newId(), userId, status, ms, route, count],
      );
    await insert('/api/v1/kettle', 20, 200, 60);
    await insert('/api/v1/kettle', 900, 200, 3);
    await insert('/api/v1/kettle', 30, 418, 7);
    await admin.rows("INSERT INTO platform.api_log_loss (occurred_at, lost, cause) VALUES ($1, 12, 'buffer_full')", [at]);
    const only = '?route=/api/v1/kettle&method=POST';
    const { body } = await page(client, only);
    expect(body.rows).toHaveLength(50);
    expect(body.figures.routes).toEqual([
      {
        method: 'POST',
        route: '/api/v1/kettle',
        requests: 70,
        kept: 70,
        p50: 20,
        p95: 30,
        p99: 900,
        slowest: 900,
        refusedShare: 0.1,
        failedShare: 0,
      },
    ]);
    expect(body.figures.losses).toMatchObject({ lost: 12 });
    expect(body.figures.steps.reduce((sum: number, step: { requests: number }) => sum + step.requests, 0)).toBe(70);
    const older = await page(client, `${only}&before=${encodeURIComponent(body.next)}`);
    expect(older.body).toMatchObject({ figures: null, next: null });
    expect(new Set([...body.rows, ...older.body.rows].map((row: { id: string }) => row.id)).size).toBe(70);
    expect((await page(client, `${only}&slow=yes`)).body.rows).toHaveLength(3);
    expect((await page(client, `${only}&outcome=error`)).body.rows).toHaveLength(7);
    expect((await page(client, `${only}&code=teapot&status=418&actor=${userId}&ms=30`)).body).toMatchObject({ actorName: 'Ada Obi' });
    expect((await page(client, `${only}&from=2020-01-01&to=2020-02-01`)).body.rows).toEqual([]);
  });

  it('P5 records each view as a read of its rows, filter names and no values', async () => {
    const { client, userId } = await signedIn('auditor');
    const { body } = await page(client, '?outcome=error&code=not_found');
    const [read] = await admin.rows<{ record_ids: string[]; record_count: number; body: string }>(
      `SELECT a.record_ids, a.record_count, v.body FROM audit.action AS a JOIN audit.value AS v ON v.row_id = a.id AND v.occurred_at = a.occurred_at
        WHERE a.actor_id = $1 AND a.outcome = 'read' AND a.resource = 'api_log' ORDER BY a.occurred_at DESC LIMIT 1`,
      [userId],
    );
    expect(read?.record_ids).toEqual(body.rows.map((row: { id: string }) => row.id));
    expect(JSON.parse(read?.body ?? '{}').filter).toBe('outcome,code');
  });

  it('is open to leads of support, auditors and admins, and a refusal is recorded', async () => {
    const lead = await signedIn('support', true);
    expect((await page(lead.client)).status).toBe(200);
    const { client, userId } = await signedIn('support');
    expect((await page(client)).status).toBe(403);
    await expect
      .poll(() => admin.rows("SELECT outcome FROM audit.action WHERE actor_id = $1 AND resource = 'api_log'", [userId]), { timeout: 5_000 })
      .toEqual([{ outcome: 'denied' }]);
  });

  it('refuses what it does not understand', async () => {
    const { client } = await signedIn('auditor');
    for (const query of [
      '?status=abc',
      '?slow=maybe',
      '?before=x',
      '?outcome=good',
      '?from=yesterday',
      '?from=2026-02-30T99:00Z',
      '?actor=me',
    ])
      expect([query, (await page(client, query)).body.code]).toEqual([query, 'invalid_filter']);
    expect((await page(client, '?colour=red')).body.code).toBe('unknown_filter');
    expect((await page(client, '?from=2026-02-02&to=2026-01-01')).body.code).toBe('invalid_filter');
  });
});

describe('the times of the API log', () => {
  const now = new Date('2026-11-22T12:00:00Z');
  const windowOf = (query: Record<string, string>) => {
    const { filter } = parseApiLogQuery(query, { now, keptDays: 90 });
    return [filter.from.toISOString(), filter.to.toISOString()];
  };

  it('are the last 24 hours unless said otherwise; a day as the end includes that day', () => {
    expect(windowOf({})).toEqual(['2026-11-21T12:00:00.000Z', '2026-11-22T12:00:00.000Z']);
    expect(windowOf({ from: '2026-11-01', to: '2026-11-02' })).toEqual(['2026-11-01T00:00:00.000Z', '2026-11-02T23:59:59.999Z']);
    expect(windowOf({ from: '2026-11-01T10:00', to: '2026-11-01T12:00+01:00' })).toEqual([
      '2026-11-01T10:00:00.000Z',
      '2026-11-01T11:00:00.000Z',
    ]);
  });

  it('are found from the id of a request, where it tells', () => {
    const made = new Date(now.getTime() - 20 * day).getTime().toString(16).padStart(12, '0');
    expect(windowOf({ request: `${made.slice(0, 8)}-${made.slice(8)}-7000-8000-000000000000` })[0]).toBe('2026-11-02T11:00:00.000Z');
    expect(windowOf({ request: 'trace_12345678' })[0]).toBe('2026-07-24T12:00:00.000Z');
    expect(windowOf({ request: 'ffffffff-ffff-7000-8000-000000000000' })[0]).toBe(now.toISOString());
    expect(windowOf({ request: 'trace_12345678', from: '2026-11-20' })[0]).toBe('2026-11-20T00:00:00.000Z');
  });
});
