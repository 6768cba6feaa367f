import { randomUUID } from 'node:crypto';
import { afterAll, beforeAll, expect, test } from 'vitest';
import type { AdminClient, Answer } from '../support/admin-client.ts';
import { actionsOf, type BackOffice, type Person, startBackOffice } from '../support/back-office.ts';

let office: BackOffice;
let admin: Person;
let client: AdminClient;
const api = '/admin/api/resources/Country';
const reason = { code: 'policy', text: 'asked for by the board' };

beforeAll(async () => {
  office = await startBackOffice();
  admin = await office.addStaff('admin', { hasTotp: true });
  client = await office.signedIn(admin);
});
afterAll(() => office?.stop());

async function countryNamed(name: string): Promise<{ id: string; version: number; isActive: boolean }> {
  const country = await office.app.deps.database.prisma.country.findFirstOrThrow({ where: { name } });
  return { id: country.id, version: country.version, isActive: country.isActive };
}

function post(id: string, body: object, as = client): Promise<Answer> {
  return as.postJson(`${api}/records/${id}/setActive`, { idempotencyKey: randomUUID(), reason, ...body });
}

test('a command changes the row, answers with a receipt and leaves one action row', async () => {
  const ghana = await countryNamed('Ghana');
  const before = (await actionsOf(office, admin.userId)).length;
  const answer = await post(ghana.id, { input: { isActive: false }, expectedVersion: ghana.version });
  expect(answer.status, answer.text).toBe(200);
  expect(Object.keys(answer.json).sort()).toEqual(['message', 'receipt', 'record']);
  expect(answer.json).toMatchObject({
    message: 'Changed Ghana.',
    record: { id: ghana.id },
    receipt: { actionId: expect.any(String), undoUntil: expect.any(String) },
  });
  expect(await countryNamed('Ghana')).toMatchObject({ isActive: false });
  const rows = (await actionsOf(office, admin.userId)).slice(before);
  expect(rows).toHaveLength(1);
  expect(rows[0]).toMatchObject({ outcome: 'ok', resource: 'country', action: 'set-country-active', record_ids: [ghana.id] });
});

test('a dry run tells the effects in words and changes nothing', async () => {
  const kenya = await countryNamed('Kenya');
  const answer = await client.postJson(`${api}/records/${kenya.id}/setActive`, { dryRun: true, input: { isActive: false } });
  expect(answer.json).toEqual({ effects: ['Nobody new may choose Kenya.', 'People who have it keep it.'], dryRun: true });
  expect(await countryNamed('Kenya')).toEqual(kenya);
});

test('form bodies with dotted names do the same as JSON', async () => {
  const togo = await countryNamed('Togo');
  const answer = await client.postForm(
    `${api}/records/${togo.id}/setActive`,
    { 'reason.code': reason.code, 'reason.text': reason.text, expectedVersion: String(togo.version), idempotencyKey: randomUUID() },
    { accept: 'application/json' },
  );
  expect(answer.status).toBe(422);
  expect(answer.json.code).toBe('required');
});

test('the same key replays the answer, with another body it is refused', async () => {
  const mali = await countryNamed('Mali');
  const body = { idempotencyKey: randomUUID(), reason, input: { isActive: false }, expectedVersion: mali.version };
  const first = await client.postJson(`${api}/records/${mali.id}/setActive`, body);
  const second = await client.postJson(`${api}/records/${mali.id}/setActive`, body);
  expect(second.status).toBe(200);
  expect(second.json.receipt).toMatchObject({ actionId: Reflect.get(Object(first.json.receipt), 'actionId') });
  const other = await client.postJson(`${api}/records/${mali.id}/setActive`, { ...body, input: { isActive: true } });
  expect(other).toMatchObject({ status: 422, json: { code: 'idempotency_key_reused' } });
});

test('bodies are strict: unknown fields, missing keys and bad types are named', async () => {
  const niger = await countryNamed('Niger');
  const codes = await Promise.all(
    [
      { body: { input: { isActive: true }, idempotencyKey: undefined }, code: 'required' },
      { body: { input: { isActive: true }, role: 'admin' }, code: 'unknown_field' },
      { body: { input: { isActive: true, version: 9 } }, code: 'unknown_field' },
      { body: { input: { isActive: 'yes' } }, code: 'invalid_type' },
      { body: { input: 'x' }, code: 'invalid_type' },
      { body: { input: { isActive: true }, idempotencyKey: 'x' }, code: 'invalid_value' },
      { body: { input: { isActive: true }, reason: undefined }, code: 'required' },
    ].map(async ({ body, code }) => ({ answer: await post(niger.id, body), code })),
  );
  for (const { answer, code } of codes) expect([answer.status, answer.json.code], answer.text).toEqual([422, code]);
  expect(await countryNamed('Niger')).toEqual(niger);
});

test('H28 two people with the same version: one wins, the other gets the conflict with the record as it is now', async () => {
  const benin = await countryNamed('Benin');
  const answers = await Promise.all([1, 2].map(() => post(benin.id, { input: { isActive: false }, expectedVersion: benin.version })));
  expect(answers.map((answer) => answer.status).sort()).toEqual([200, 409]);
  const conflict = answers.find((answer) => answer.status === 409);
  expect(conflict?.json).toMatchObject({
    code: 'version_conflict',
    currentVersion: benin.version + 1,
    current: { name: 'Benin', isActive: false },
  });
  expect(conflict?.headers.get('content-type')).toContain('application/problem+json');
});

test('H29 bulk answers row by row, and the generic bulk delete does not exist', async () => {
  const [chad, gabon] = [await countryNamed('Chad'), await countryNamed('Gabon')];
  const missing = randomUUID();
  const body = { recordIds: [chad.id, gabon.id, missing], input: { isActive: true }, reason };
  const dry = await client.postJson(`${api}/bulk/setActive`, { ...body, dryRun: true });
  expect(dry.status).toBe(200);
  const done = await client.postJson(`${api}/bulk/setActive`, { ...body, input: { isActive: false }, idempotencyKey: randomUUID() });
  expect(done.status, done.text).toBe(200);
  expect(done.json.results).toMatchObject([
    { id: chad.id, outcome: 'changed' },
    { id: gabon.id, outcome: 'changed' },
    { id: missing, outcome: 'refused', reason: expect.any(String) },
  ]);
  const again = await client.postJson(`${api}/bulk/setActive`, { ...body, input: { isActive: false }, idempotencyKey: randomUUID() });
  expect(again.json.results).toMatchObject([{ outcome: 'unchanged' }, { outcome: 'unchanged' }, { outcome: 'refused' }]);
  expect((await client.postJson(`${api}/bulk/bulkDelete`, { recordIds: [chad.id] })).status).toBe(404);
  expect((await client.postJson(`${api}/bulk/setActive`, { idempotencyKey: randomUUID() })).status).toBe(400);
});

test('H8 what is not offered is not run', async () => {
  const peru = await countryNamed('Peru');
  const answer = await client.postJson(`${api}/records/${peru.id}/neverOffered`, { idempotencyKey: randomUUID(), reason });
  expect(answer).toMatchObject({ status: 403, json: { code: 'forbidden', rule: 'not_offered' } });
  expect(await countryNamed('Peru')).toEqual(peru);
  expect((await actionsOf(office, admin.userId)).at(-1)).toMatchObject({ outcome: 'denied', resource: 'country', record_ids: [peru.id] });
});

test('H7 H10 a role without the permission is denied before anything happens', async () => {
  const person = await office.addStaff('enhancer', { hasTotp: true });
  const enhancer = await office.signedIn(person);
  const peru = await countryNamed('Peru');
  const denied = [
    await post(peru.id, { input: { isActive: false } }, enhancer),
    await enhancer.get('/admin/api/resources/User/actions/list'),
    await enhancer.get('/admin/api/resources/User/actions/search?q=ada'),
    await enhancer.get(`/admin/api/resources/User/records/${admin.userId}/show`),
    await enhancer.get('/admin/api/resources/Grant/actions/search?q=x'),
  ];
  for (const answer of denied) expect([answer.status, answer.json.code]).toEqual([403, 'forbidden']);
  expect(await countryNamed('Peru')).toEqual(peru);
  const rows = (await actionsOf(office, person.userId)).filter((row) => row.outcome !== 'ok');
  expect(rows).toHaveLength(denied.length);
  expect(new Set(rows.map((row) => row.outcome))).toEqual(new Set(['denied']));
});

test('H26 true status codes: out of reach and missing look the same', async () => {
  const assistant = await office.signedIn(await office.addStaff('assistant', { hasTotp: true }));
  const outOfReach = await assistant.get(`/admin/api/resources/User/records/${admin.userId}/show`);
  const missing = await assistant.get(`/admin/api/resources/User/records/${randomUUID()}/show`);
  const plain = (answer: Answer) => ({ ...answer.json, requestId: null });
  expect(outOfReach.status).toBe(404);
  expect(plain(outOfReach)).toEqual(plain(missing));
  expect((await office.newClient().get(`${api}/actions/list`)).status).toBe(401);
  expect((await client.get(`${api}/records/${randomUUID()}/show`)).status).toBe(404);
});

test('H3 secrets and unlisted columns are nowhere in list, show, search and bulk', async () => {
  const answers = [
    await client.get('/admin/api/resources/User/actions/list'),
    await client.get(`/admin/api/resources/User/records/${admin.userId}/show`),
    await client.get('/admin/api/resources/User/actions/search?q=ada'),
    await client.get('/admin/api/resources/Grant/actions/list'),
  ];
  for (const answer of answers) {
    expect(answer.status).toBe(200);
    expect(answer.text).not.toMatch(/passwordHash|emailEnc|emailBidx|phoneEnc|wrappedKey|secret|totp|lockedUntil/i);
    expect(answer.text).not.toContain('staff.example.com');
  }
});

test('H4 populated references carry id and title only, and only where the target may be read', async () => {
  const answer = await client.get('/admin/api/resources/Grant/actions/list');
  const records = Array.isArray(answer.json.records) ? answer.json.records : [];
  expect(records.length).toBeGreaterThan(0);
  for (const record of records) {
    expect(Object.keys(record.populated.userId).sort()).toEqual(['id', 'params', 'resource', 'title']);
    expect(Object.keys(record.populated.userId.params).sort()).toEqual(['id', 'title']);
  }
});

test('columns of other grades do not exist for a person, in data or page state', async () => {
  const support = await office.signedIn(await office.addStaff('support', { hasTotp: true }));
  expect((await support.get(`${api}/actions/list?perPage=1`)).text).not.toContain('capital');
  expect((await support.get('/admin')).text).not.toContain('Capital');
  expect((await client.get('/admin')).text).toContain('Capital');
});

test('H25 bigint columns leave as strings, with no change to any prototype', async () => {
  const answer = await client.get('/admin/api/pages/failing');
  expect(answer.text).toContain('"large":"9007199254740993"');
  expect(Object.hasOwn(BigInt.prototype, 'toJSON')).toBe(false);
});

test('H27 an unexpected failure shows a request id and nothing else', async () => {
  const answer = await client.get('/admin/api/pages/failing?fail=1');
  expect(answer.status).toBe(500);
  expect(answer.headers.get('content-type')).toContain('application/problem+json');
  expect(answer.text).not.toMatch(/hunter2|\/srv|at |\.ts|Country|User/);
  expect(answer.json).toMatchObject({ code: 'internal_error', requestId: expect.stringMatching(/^[0-9a-f-]{36}$/) });
});

test('opening people leaves exactly one read row per request', async () => {
  const before = (await actionsOf(office, admin.userId)).length;
  await client.get(`/admin/api/resources/User/records/${admin.userId}/show`);
  await client.get('/admin/api/resources/User/actions/list?filters.status=active');
  await client.get('/admin/api/resources/Country/actions/list');
  const rows = (await actionsOf(office, admin.userId)).slice(before);
  expect(rows.map((row) => [row.outcome, row.resource, row.action])).toEqual([
    ['read', 'user', 'show'],
    ['read', 'user', 'list'],
  ]);
});

test('without the read row nothing is shown', async () => {
  const broken = await startBackOffice({ recordRead: async () => Promise.reject(new Error('audit is down')) });
  try {
    const person = await broken.addStaff('admin');
    const signedIn = await broken.signedIn(person);
    const answer = await signedIn.get('/admin/api/resources/User/actions/list');
    expect([answer.status, answer.json.code]).toEqual([503, 'audit_unavailable']);
    expect(answer.text).not.toContain('FASTAR');
  } finally {
    await broken.stop();
  }
});
