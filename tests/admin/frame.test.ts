import { randomUUID } from 'node:crypto';
import { connect } from 'node:net';
import { afterAll, beforeAll, expect, test } from 'vitest';
import { commandAction, definePage, defineResource } from '../../src/admin/index.ts';
import { readWithin } from '../../src/admin/read-within.ts';
import { setCountryActive } from '../../src/modules/reference/index.ts';
import { openSql } from '../support/sql.ts';
import { type BackOffice, type Person, password, startBackOffice } from './support/back-office.ts';
import { country, dashboard } from './support/composition.ts';

/** The frame in demo mode, as `npm start` runs it: http, cookies without Secure, sign-in possible without a factor. */
let office: BackOffice;
let admin: Person;

const board = definePage({
  id: 'failing',
  noun: 'user',
  title: 'Board',
  icon: 'chart',
  navigationGroup: 'Oversight',
  permission: 'country.list',
  handler: async ({ query }) => ({ query, people: [admin.userId] }),
  component: country.components.show ?? new URL('../../src/admin/components/dashboard.component.tsx', import.meta.url).pathname,
  recordsRead: (answer) => (Array.isArray(answer.people) ? answer.people.map(String) : []),
  waiting: async () => Promise.reject(new Error('down')),
  actions: [
    commandAction(setCountryActive, {
      name: 'setActive',
      label: 'Change',
      effect: 'Changes',
      placement: ['resource'],
      group: 'everyday',
      message: () => 'Changed.',
    }),
  ],
});

const run = defineResource({
  id: 'Run',
  noun: 'country',
  title: 'Runs',
  singular: 'Run',
  icon: 'refresh',
  navigationGroup: 'System',
  model: 'RefreshRun',
  columns: { source: { type: 'text', label: 'Source' }, id: { type: 'id', label: 'Id' }, added: { type: 'integer', label: 'Added' } },
  filters: { source: { type: 'text', label: 'Source', operators: ['equals'] } },
  sorts: { id: { index: 'refresh_run_pkey' } },
  defaultSort: { field: 'id', direction: 'desc' },
  scope: null,
  permissions: { list: 'country.list', show: 'country.list', search: 'country.list' },
  recordTitle: { from: ['source'], of: (row) => String(row.source) },
  actions: [],
  components: {},
  isPersonalData: false,
});

/** A partitioned table: its key is (at, id). */
const attempt = defineResource({
  ...run,
  id: 'Attempt',
  noun: 'login_event',
  model: 'LoginEvent',
  columns: { outcome: { type: 'enum', label: 'Outcome' }, at: { type: 'datetime', label: 'Time' }, id: { type: 'id', label: 'Id' } },
  filters: {},
  sorts: { at: { index: 'login_event_pkey' } },
  defaultSort: { field: 'at', direction: 'desc' },
  permissions: { list: 'login_event.list', show: 'login_event.list', search: 'login_event.list' },
  recordTitle: { from: ['outcome'], of: (row) => String(row.outcome) },
  isPersonalData: true,
});

beforeAll(async () => {
  office = await startBackOffice({ resources: [country, run, attempt], pages: [board], dashboard }, { NODE_ENV: 'test', APP_LAB: '0' });
  admin = await office.addStaff('admin');
});
afterAll(() => office?.stop());

test('outside production the cookie has no Secure, a missing Origin passes, a foreign one does not', async () => {
  const client = office.newClient();
  await client.postForm('/admin/login', { email: admin.email, password });
  expect(client.lastSetCookie.some((line) => /^fs_admin=[\w-]{43}; Path=\/; HttpOnly; SameSite=Strict$/.test(line))).toBe(true);
  const bare = { 'content-type': 'application/x-www-form-urlencoded' };
  expect((await client.send('/admin/logout', { method: 'POST', headers: bare, body: '' })).status).toBe(303);
  expect(
    (await client.send('/admin/logout', { method: 'POST', headers: { ...bare, origin: 'http://localhost:1' }, body: '' })).status,
  ).toBe(403);
  expect((await client.get('/admin/login')).text).toContain('Demo: made-up people');
});

test('pages around sign-in lead where they should', async () => {
  const client = office.newClient();
  expect((await client.get('/admin/login/mfa')).headers.get('location')).toBe('/admin/login');
  expect((await client.get('/admin/enrol')).headers.get('location')).toBe('/admin/login');
  expect((await client.postForm('/admin/enrol', { code: '1' })).headers.get('location')).toBe('/admin/login');
  expect((await client.postForm('/admin/login/mfa', { code: '123456' })).status).toBe(401);
  expect((await client.get('/admin/step-up')).status).toBe(303);
  expect((await client.get('/admin/resources/Country?page=2')).headers.get('location')).toBe(
    '/admin/login?next=%2Fadmin%2Fresources%2FCountry%3Fpage%3D2',
  );
  const strong = await office.addStaff('support', { hasTotp: true });
  await client.postForm('/admin/login', { email: strong.email, password });
  expect((await client.get('/admin/login/mfa?next=/admin/account')).text).toContain('value="/admin/account"');
  const signedIn = await office.signedIn(admin);
  expect((await signedIn.get('/admin/login?next=/admin/account')).headers.get('location')).toBe('/admin/account');
});

test('step-up works without JavaScript, for both kinds of staff', async () => {
  const bare = await office.signedIn(admin);
  expect((await bare.get('/admin/step-up?next=/admin/account')).text).toContain('type="password"');
  const wrong = await bare.postForm('/admin/step-up', { password: 'not the password at all', next: '/admin/account' });
  expect([wrong.status, wrong.text.includes('not right')]).toEqual([401, true]);
  expect((await bare.postForm('/admin/step-up', { password, next: '/admin/account' })).headers.get('location')).toBe('/admin/account');
  const strong = await office.addStaff('support', { hasTotp: true });
  const client = await office.signedIn(strong);
  expect((await client.get('/admin/step-up')).text).toContain('one-time-code');
  for (let round = 0; round < 12; round += 1) {
    const answer = await client.postJson('/admin/step-up', { code: '000000' });
    if (answer.status === 429) {
      expect(Number(answer.headers.get('retry-after'))).toBeGreaterThan(0);
      const form = await client.postForm('/admin/step-up', { code: '000000' });
      expect(form.text).toContain('Too many attempts');
      return;
    }
    expect(answer).toMatchObject({ status: 401, json: { code: 'mfa_invalid' } });
  }
  expect.unreachable('wrong factors are limited');
});

test('a page has data, counts that may fail, and commands of its own', async () => {
  const client = await office.signedIn(admin);
  expect((await client.get('/admin/api/pages/failing?a=1')).json).toEqual({ query: { a: '1' }, people: [admin.userId] });
  expect((await client.get('/admin/api/waiting')).json).toEqual({});
  const { id } = await office.app.deps.database.prisma.country.findFirstOrThrow({ where: { name: 'Oman' } });
  const body = {
    action: 'setActive',
    input: { id, isActive: false },
    reason: { code: 'policy', text: 'asked for by the board' },
    idempotencyKey: randomUUID(),
  };
  const done = await client.postJson('/admin/api/pages/failing', body);
  expect([done.status, done.json.message], done.text).toEqual([200, 'Changed.']);
  expect((await client.postJson('/admin/api/pages/failing', { ...body, action: 'nope' })).status).toBe(404);
  expect((await client.postJson('/admin/api/dashboard', body)).status).toBe(405);
  expect((await client.get('/admin/api/dashboard')).json).toMatchObject({ cards: [{ id: 'countries' }, { id: 'broken', value: null }] });
  expect((await client.get('/admin/api/dashboard')).status).toBe(200);
});

test('records of a partitioned table open like any other', async () => {
  const client = await office.signedIn(admin);
  const list = await client.get('/admin/api/resources/Attempt/actions/list');
  const [first] = Array.isArray(list.json.records) ? list.json.records : [];
  const shown = await client.get(`/admin/api/resources/Attempt/records/${first?.id}/show`);
  expect([shown.status, Object(shown.json.record).title]).toEqual([200, 'success']);
});

test('a resource without search refuses the free text, and HEAD is answered like GET without a body', async () => {
  const client = await office.signedIn(admin);
  expect((await client.get('/admin/api/resources/Run/actions/list?q=x')).json.code).toBe('unknown_filter');
  expect((await client.get('/admin/api/resources/Run/actions/search?q=x')).json).toEqual({ records: [] });
  expect((await client.get('/admin/api/resources/Country/actions/search?q=')).json).toEqual({ records: [] });
  expect((await client.get(`/admin/api/resources/Country/actions/search?q=${'a'.repeat(201)}`)).status).toBe(400);
  const head = await client.send('/admin/api/resources/Country/actions/list', { method: 'HEAD' });
  expect([head.status, head.text]).toEqual([200, '']);
  expect((await office.newClient().send('/admin/login', { method: 'HEAD' })).status).toBe(200);
});

test('a statement that takes too long is cut off and says so', async () => {
  const { database } = office.app.deps;
  await expect(readWithin(database, (tx) => tx.$queryRawUnsafe('SELECT pg_sleep(10)'))).rejects.toMatchObject({ code: 'query_too_broad' });
  await expect(readWithin(database, () => Promise.reject(new Error('other')))).rejects.toThrow('other');
}, 15_000);

test('a flood from one address is held off without asking the database', async () => {
  const client = office.newClient();
  const answers = await Promise.all(Array.from({ length: 620 }, () => client.get('/admin/login')));
  const refused = answers.filter((answer) => answer.status === 429);
  expect(refused.length).toBeGreaterThan(0);
  expect(Number(refused[0]?.headers.get('retry-after'))).toBeGreaterThan(0);
  office.app.clock.advance(11);
  expect((await client.get('/admin/login')).status).toBe(200);
});

test('a body that stops half way is answered, not waited for', async () => {
  const answer = await new Promise<string>((resolve) => {
    let text = '';
    const socket = connect(office.port, '127.0.0.1', () => {
      socket.write(
        `POST /admin/login HTTP/1.1\r\nHost: x\r\nOrigin: ${office.origin}\r\nContent-Type: application/x-www-form-urlencoded\r\nContent-Length: 100\r\n\r\nemail=a`,
      );
      setTimeout(() => socket.end(), 100);
    });
    socket.on('data', (chunk) => {
      text += chunk.toString();
    });
    socket.on('close', () => resolve(text));
  });
  expect(answer === '' || answer.startsWith('HTTP/1.1 4')).toBe(true);
  expect((await office.newClient().get('/admin/login')).status).toBe(200);
});

test('H30 a million rows: a page in under 150 ms, counted as "10,000+", and the last page by cursor', async () => {
  const sql = await openSql(office.app.database.adminUrl);
  await sql.rows('ALTER TABLE reference.refresh_run DISABLE TRIGGER ALL');
  await sql.rows(
    `INSERT INTO reference.refresh_run (source, status) SELECT 'bulk ' || (n % 7), 'succeeded' FROM generate_series(1, 1000000) n`,
  );
  await sql.rows('ANALYZE reference.refresh_run');
  await sql.close();
  const client = await office.signedIn(admin);
  const path = '/admin/api/resources/Run/actions/list?perPage=25';
  const first = await client.get(path);
  expect(first.json.meta).toMatchObject({ total: 10_000, isTotalCapped: true, totalText: '10,000+' });
  const best = Math.min(await p95(() => client.get(path)), await p95(() => client.get(path)));
  expect(best).toBeLessThan(150);
  const next = Object(first.json.meta).next;
  expect((await client.get(`${path}&after=${next}`)).status).toBe(200);
}, 120_000);

async function p95(call: () => Promise<unknown>): Promise<number> {
  const times: number[] = [];
  for (let round = 0; round < 20; round += 1) {
    const start = performance.now();
    await call();
    times.push(performance.now() - start);
  }
  return times.sort((a, b) => a - b)[18] ?? Number.POSITIVE_INFINITY;
}
