import { readdirSync } from 'node:fs';
import { connect } from 'node:net';
import { tmpdir } from 'node:os';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import type { AdminClient } from '../support/admin-client.ts';
import { actionsOf, type BackOffice, type Person, startBackOffice } from '../support/back-office.ts';

let office: BackOffice;
let admin: Person;
let client: AdminClient;
const list = '/admin/api/resources/Country/actions/list';

beforeAll(async () => {
  office = await startBackOffice();
  admin = await office.addStaff('super_admin', { hasTotp: true });
  client = await office.signedIn(admin);
});
afterAll(() => office?.stop());

/** Sends raw bytes, the body a while after the head, and gives what came back until the socket closed. */
function rawRequest(head: string, body: Buffer, delayMs: number): Promise<string> {
  return new Promise((resolve) => {
    let answer = '';
    const socket = connect(office.port, '127.0.0.1', () => {
      socket.write(`${head}\r\nHost: 127.0.0.1:${office.port}\r\n\r\n`);
      setTimeout(() => socket.write(body), delayMs);
    });
    socket.on('data', (chunk) => {
      answer += chunk.toString('latin1');
    });
    socket.on('error', () => undefined);
    socket.on('close', () => resolve(answer));
    setTimeout(() => socket.destroy(), 3000);
  });
}

describe('H1 no request can end the process', () => {
  const origin = () => `Origin: http://127.0.0.1:${office.port}\r\n`;
  const cases = [
    ['plain text', () => `POST /admin/login HTTP/1.1\r\n${origin()}Content-Type: text/plain\r\nContent-Length: 10`],
    ['no type', () => `POST /admin/login HTTP/1.1\r\n${origin()}Content-Length: 10`],
    ['XML', () => `POST /admin/login HTTP/1.1\r\n${origin()}Content-Type: application/xml\r\nContent-Length: 10`],
    ['without an origin', () => 'POST /admin/login HTTP/1.1\r\nContent-Type: text/plain\r\nContent-Length: 10'],
    ['on an asset', () => 'POST /admin/frontend/assets/app.bundle.js HTTP/1.1\r\nContent-Type: text/plain\r\nContent-Length: 10'],
    [
      'chunked',
      () => `POST /admin/login HTTP/1.1\r\n${origin()}Content-Type: application/x-www-form-urlencoded\r\nTransfer-Encoding: chunked`,
    ],
  ] as const;
  for (const [name, head] of cases) {
    test(`H1 ten late bytes, ${name}: 4xx and the server lives`, async () => {
      const answer = await rawRequest(head(), Buffer.from('0123456789'), 400);
      expect(answer).toMatch(/^HTTP\/1\.1 4\d\d /);
      expect((await client.get('/admin/login')).status).toBeLessThan(400);
    });
  }

  test('H1 a 210 MB multipart body is refused by its headers', async () => {
    const head = `POST /admin/login HTTP/1.1\r\n${origin()}Content-Type: multipart/form-data; boundary=x\r\nContent-Length: ${210 * 1024 * 1024}`;
    const answer = await rawRequest(head, Buffer.alloc(4 * 1024 * 1024, 97), 10);
    expect(answer).toMatch(/^HTTP\/1\.1 4(?:13|15) /);
    expect(answer.toLowerCase()).toContain('connection: close');
    expect((await office.newClient().get('/admin/login')).status).toBe(200);
  });
});

test('H20 nothing is written to disk and memory stays flat, with and without a session', async () => {
  const uploads = () => readdirSync(tmpdir()).filter((name) => /^upload_|^[0-9a-f]{25,32}$/.test(name));
  const before = uploads();
  const body = Buffer.alloc(50 * 1024 * 1024, 97);
  const resident = process.memoryUsage().rss;
  for (const who of [client, office.newClient()]) {
    for (const path of ['/admin/api/resources/Country/actions/new', '/admin/login']) {
      const head = `POST ${path} HTTP/1.1\r\nOrigin: ${office.origin}\r\nCookie: ${who.cookieHeader || 'a=b'}\r\nContent-Type: multipart/form-data; boundary=x\r\nContent-Length: ${body.length}`;
      const answer = await rawRequest(head, body.subarray(0, 1024 * 1024), 5);
      expect(answer).toMatch(/^HTTP\/1\.1 (?:401|413|415) /);
    }
  }
  expect(uploads()).toEqual(before);
  expect(process.memoryUsage().rss - resident).toBeLessThan(50 * 1024 * 1024);
});

test('H20 a small multipart form passes, a file in it does not', async () => {
  const part = (name: string, extra = '') => `--x\r\nContent-Disposition: form-data; name="${name}"${extra}\r\n\r\nvalue\r\n`;
  const send = (text: string) =>
    client.send('/admin/api/resources/Country/actions/new', {
      method: 'POST',
      headers: { origin: office.origin, 'content-type': 'multipart/form-data; boundary=x' },
      body: `${text}--x--\r\n`,
    });
  expect((await send(part('a'))).status).toBe(404);
  expect((await send(part('a', '; filename="x.txt"'))).status).toBe(415);
  expect((await send('--x\r\nno disposition\r\n')).status).toBe(400);
});

test('H13 a cross-site POST is refused, sign-in included', async () => {
  const attempts: Record<string, string>[] = [
    { origin: 'https://evil.example' },
    { origin: 'null' },
    { origin: 'not a url' },
    { origin: office.origin, 'sec-fetch-site': 'cross-site' },
    { origin: office.origin, 'sec-fetch-site': 'same-site' },
    {},
  ];
  for (const headers of attempts) {
    for (const path of ['/admin/login', '/admin/logout', '/admin/api/resources/Country/actions/new']) {
      const answer = await client.send(path, {
        method: 'POST',
        headers: { 'content-type': 'application/x-www-form-urlencoded', ...headers },
        body: 'email=a&password=b',
      });
      expect(answer.status, `${path} ${JSON.stringify(headers)}`).toBe(403);
    }
  }
});

test('H6 filters and sorts are an allow-list', async () => {
  const codes = await Promise.all(
    [
      ['filters.passwordHash=x', 'unknown_filter'],
      ['filters.capital=x', 'unknown_filter'],
      ['filters.__proto__=x', 'unknown_filter'],
      ['filters.name~~regex=x', 'unknown_filter'],
      ['filters=x', 'unknown_filter'],
      ['sortBy=passwordHash', 'unknown_sort'],
      ['sortBy=vendor.passwordHash', 'unknown_sort'],
      ['sortBy=constructor', 'unknown_sort'],
      ['direction=up', 'unknown_sort'],
    ].map(async ([query, code]) => [await client.get(`${list}?${query}`), code] as const),
  );
  for (const [answer, code] of codes) {
    expect(answer.status).toBe(400);
    expect(answer.json.code).toBe(code);
  }
});

test('H21 UUIDv7 filters find their row, references included', async () => {
  const [first] = recordsOf(await client.get(`${list}?perPage=1`));
  const byId = await client.get(`${list}?filters.id=${first?.id}`);
  expect(byId.status).toBe(200);
  expect(recordsOf(byId)).toHaveLength(1);
  const byReference = await client.get(`/admin/api/resources/Grant/actions/list?filters.userId=${admin.userId}`);
  expect(recordsOf(byReference)).toHaveLength(1);
});

test('H22 bad input is 400 or 404, never 500', async () => {
  const [first] = recordsOf(await client.get(`${list}?perPage=1`));
  const id = String(first?.id);
  const bad = [
    `${list}?filters.isActive=maybe`,
    `${list}?filters.version=1.5`,
    `${list}?filters.version=99999999999`,
    `${list}?filters.version=1e3`,
    `${list}?filters.createdAt~~from=yesterday`,
    `${list}?filters.createdAt~~from=2026-02-31`,
    `${list}?filters.id=nope`,
    `${list}?filters.name=`,
    `${list}?filters.name=%00`,
    `${list}?filters.name=a&filters.name=b`,
    `${list}?page=x`,
    `${list}?page=1&perPage=ten`,
    `${list}?after=nonsense`,
    `${list}?after=${Buffer.from('["x"]').toString('base64url')}`,
    `${list}?nonsense=1`,
    '/admin/api/resources/User/actions/list?filters.status=flying',
    '/admin/api/resources/Country/actions/nope',
    '/admin/api/resources/Country/actions/constructor',
    '/admin/api/resources/Country/actions/__proto__',
    '/admin/api/resources/Nope/actions/list',
    '/admin/api/resources/constructor/actions/list',
    '/admin/api/resources/__proto__/actions/list',
    '/admin/api/resources/Country/records/nope/show',
    `/admin/api/resources/Country/records/${id}/nope`,
    `/admin/api/resources/Country/records/${id}/constructor`,
    '/admin/api/resources/Country/records/%E0%A4%A/show',
    '/admin/api/pages/nope',
    '/admin/api/pages/__proto__',
    '/admin/api/nope',
  ];
  for (const path of bad) {
    const answer = await client.get(path);
    expect([400, 404], `${path} ${answer.text.slice(0, 200)}`).toContain(answer.status);
    expect(answer.headers.get('content-type')).toContain('json');
  }
  const bulk = await client.postJson('/admin/api/resources/Country/bulk/setActive', { recordIds: ['nope'], dryRun: true });
  expect(bulk.status).toBe(400);
});

test('H22 a URL over 8 KB is 414, more than 64 keys 400, another method 405', async () => {
  expect((await client.get(`${list}?q=${'a'.repeat(8200)}`)).status).toBe(414);
  expect((await client.get(`${list}?${Array.from({ length: 65 }, (_, index) => `a${index}=1`).join('&')}`)).status).toBe(400);
  for (const method of ['PUT', 'DELETE', 'PATCH', 'OPTIONS', 'TRACE']) {
    if (method === 'TRACE') continue;
    expect((await client.send(list, { method })).status).toBe(405);
  }
});

test('H23 scalars stay scalars', async () => {
  for (const query of [
    'filters.version={"gt":0}',
    'filters.isActive={"not":true}',
    'filters.version[gt]=0',
    'filters.version.gt=0',
    'filters.id={"not":null}',
  ]) {
    expect((await client.get(`${list}?${query}`)).status, query).toBe(400);
  }
});

test('H24 contains is literal and ignores case, isEmpty works, dates need a range', async () => {
  const titles = async (query: string) => recordsOf(await client.get(`${list}?perPage=100&${query}`)).map((record) => record.title);
  expect(await titles('filters.name~~contains=NIGERI')).toEqual(['Nigeria']);
  expect(await titles('filters.name~~contains=nigeri')).toEqual(['Nigeria']);
  expect(await titles('filters.name~~contains=%25%25%25')).toEqual([]);
  expect(await titles('filters.name~~contains=___')).toEqual([]);
  expect(await titles('filters.name~~starts=_')).toEqual([]);
  expect((await titles('filters.region~~isEmpty=false')).length).toBeGreaterThan(90);
  expect(await titles('filters.name~~isEmpty=true')).toEqual([]);
  expect((await client.get(`${list}?filters.name~~contains=ab`)).status).toBe(400);
  expect((await client.get(`${list}?filters.createdAt=2026-01-01`)).status).toBe(400);
  expect((await titles('filters.createdAt~~from=2020-01-01&filters.createdAt~~to=2100-01-01')).length).toBe(100);
});

test('H31 page and page size have limits', async () => {
  for (const query of ['perPage=0', 'perPage=-5', 'perPage=101', 'perPage=501', 'page=0', 'page=-1', 'page=102&perPage=100', 'page=1.5']) {
    const answer = await client.get(`${list}?${query}`);
    expect(answer.status, query).toBe(400);
    expect(answer.json.code).toBe('invalid_paging');
  }
  expect((await client.get(`${list}?page=101&perPage=100`)).status).toBe(200);
});

test('a cursor continues where the page ended, in both directions and without gaps', async () => {
  for (const direction of ['asc', 'desc']) {
    const seen: string[] = [];
    let after: unknown = null;
    for (let round = 0; round < 10; round += 1) {
      const answer = await client.get(
        `${list}?perPage=40&sortBy=sortOrder&direction=${direction}${after ? `&after=${String(after)}` : ''}`,
      );
      const records = recordsOf(answer);
      seen.push(...records.map((record) => record.id));
      after = metaOf(answer).next;
      if (!after) break;
    }
    expect(seen.length).toBe(252);
    expect(new Set(seen).size).toBe(252);
  }
});

test('H5 generic new and edit do not exist, and trying leaves a denied row', async () => {
  const before = (await actionsOf(office, admin.userId)).length;
  const [first] = recordsOf(await client.get('/admin/api/resources/User/actions/list?perPage=1'));
  const attack = { role: 'super_admin', passwordHash: 'x', mfaSecret: 'x', version: 99, balance: 1 };
  for (const path of [
    `/admin/api/resources/User/records/${first?.id}/edit`,
    '/admin/api/resources/User/actions/new',
    `/admin/api/resources/User/records/${first?.id}/delete`,
  ]) {
    const answer = await client.postJson(path, attack);
    expect([403, 404]).toContain(answer.status);
  }
  const rows = (await actionsOf(office, admin.userId)).slice(before).filter((row) => row.outcome === 'denied');
  expect(rows).toHaveLength(3);
});

test.each([{ action: 'deleteEverything' }, {}])(
  'a POST to a page that names no command of it is refused and recorded: %j',
  async (body) => {
    const before = (await actionsOf(office, admin.userId)).length;
    expect((await client.postJson('/admin/api/pages/saved-views', body)).status).toBe(404);
    expect((await actionsOf(office, admin.userId)).slice(before)).toMatchObject([
      { outcome: 'denied', resource: 'route', action: 'post', error_code: 'not_found' },
    ]);
  },
);

test('H11 the kind of an action is the kind of its route', async () => {
  const [first] = recordsOf(await client.get(`${list}?perPage=1`));
  const body = { dryRun: true, input: { isActive: true } };
  expect((await client.postJson('/admin/api/resources/Country/actions/setActive', body)).status).toBe(404);
  expect((await client.postJson('/admin/api/resources/Country/bulk/neverOffered', body)).status).toBe(404);
  expect((await client.get('/admin/api/resources/Country/actions/show')).status).toBe(404);
  expect((await client.get(`/admin/api/resources/Country/records/${first?.id}/list`)).status).toBe(404);
  expect((await client.get('/admin/api/resources/Country/bulk/list')).status).toBe(404);
});

test('H12 nothing changes on GET or HEAD', async () => {
  const [first] = recordsOf(await client.get(`${list}?perPage=1`));
  const paths = [
    `/admin/api/resources/Country/records/${first?.id}/setActive`,
    `/admin/api/resources/Country/records/${first?.id}/delete`,
    `/admin/api/resources/Country/bulk/setActive?recordIds=${first?.id}`,
    `/admin/api/resources/Country/bulk/bulkDelete?recordIds=${first?.id}`,
    `/admin/resources/Country/records/${first?.id}/setActive`,
  ];
  for (const method of ['GET', 'HEAD']) {
    for (const path of paths) expect([404, 405]).toContain((await client.send(path, { method })).status);
  }
  const [same] = recordsOf(await client.get(`${list}?filters.id=${first?.id}`));
  expect(same).toEqual(first);
});

describe('H22 what no database stores', () => {
  const bad = ['a\u0000b', 'a\ud800b'];
  test.each(bad)('%j is 400 at every depth of a body, and nothing is written', async (text) => {
    const before = (await actionsOf(office, admin.userId)).length;
    const command = '/admin/api/pages/saved-views';
    const bodies = [
      { action: text },
      { reason: { code: 'other', text } },
      { input: { deep: [{ [text]: 1 }] } },
      { input: { deep: [{ name: text }] } },
    ];
    for (const body of bodies) expect((await client.postJson(command, body)).status).toBe(400);
    expect((await client.postJson('/admin/api/presence', { resource: text, recordId: 'x', isLeaving: true })).status).toBe(400);
    expect(await actionsOf(office, admin.userId)).toHaveLength(before);
  });

  test('a form is read alike', async () => {
    expect((await client.postForm('/admin/account/factors/rename', { id: admin.userId, name: 'a\u0000' })).status).toBe(400);
    expect((await client.postJson('/admin/api/presence', { resource: 'Nothing', recordId: 'x', isLeaving: true })).status).toBe(404);
  });

  test('a time that no calendar of the database has is 400', async () => {
    for (const time of ['0000-01-01', '0001-01-01T00:00:00%2B23:59'])
      expect((await client.get(`${list}?filters.createdAt~~from=${time}`)).status).toBe(400);
    const cursor = Buffer.from(JSON.stringify(['Nigeria', 'not one']));
    expect((await client.get(`${list}?after=${cursor.toString('base64url')}`)).status).toBe(400);
  });
});

test('H7 legacy search routes are gone and searchProperty is refused', async () => {
  expect((await client.get('/admin/api/resources/Country/search/nig')).status).toBe(410);
  expect((await client.get('/admin/api/resources/Country/actions/search?q=nig&searchProperty=capital')).status).toBe(400);
  const found = await client.get('/admin/api/resources/Country/actions/search/nigeri');
  expect(recordsOf(found).map((record) => record.title)).toEqual(['Nigeria']);
});

type RecordJson = { id: string; title: string; params: Record<string, unknown> };

function recordsOf(answer: { json: Record<string, unknown> }): RecordJson[] {
  const { records } = answer.json;
  return Array.isArray(records) ? records : [];
}

function metaOf(answer: { json: Record<string, unknown> }): { next: string | null } {
  const { meta } = answer.json;
  return typeof meta === 'object' && meta !== null && 'next' in meta && typeof meta.next === 'string'
    ? { next: meta.next }
    : { next: null };
}
