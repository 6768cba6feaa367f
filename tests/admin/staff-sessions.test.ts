import { randomUUID } from 'node:crypto';
import { afterAll, beforeAll, expect, test } from 'vitest';
import { runCommand } from '../../src/foundation/command/run-command.ts';
import { staffCommands, systemCommands } from '../../src/modules/identity/index.ts';
import { dashboard, pages, resources } from '../../src/resources/index.ts';
import { staffActor } from '../support/app.ts';
import { type BackOffice, startBackOffice } from './support/back-office.ts';

let office: BackOffice;
beforeAll(async () => {
  office = await startBackOffice({ resources, pages, dashboard });
}, 180_000);
afterAll(() => office?.stop());

const reason = { code: 'policy', text: 'Left the company on Friday' };
const asAdmin = <T>(work: () => Promise<T>) =>
  office.app.as(staffActor({ role: 'super_admin', isLead: false }, office.app.clock.now()), work);
const deps = () => office.app.deps;
const openSessions = async (userId: string) => {
  const { rows } = await deps().database.pool.query<{ count: number }>(
    'SELECT count(*)::int AS count FROM platform.admin_session WHERE user_id = $1 AND revoked_at IS NULL',
    [userId],
  );
  return rows[0]?.count;
};

test('disabling somebody ends their open sessions in the same moment, also in the middle of requests', async () => {
  const person = await office.addStaff('support', { hasTotp: true });
  const client = await office.signedIn(person);
  expect((await client.get('/admin/api/me')).status).toBe(200);
  expect(await openSessions(person.userId)).toBe(1);
  const [, ...during] = await Promise.all([
    asAdmin(() => runCommand(deps(), staffCommands.disableStaff, { input: { id: person.userId }, reason })),
    ...Array.from({ length: 20 }, () => client.get('/admin/api/resources/User/actions/list')),
  ]);
  expect(during.every(({ status }) => status === 200 || status === 401)).toBe(true);
  expect(await openSessions(person.userId)).toBe(0);
  expect((await client.get('/admin/api/me')).status).toBe(401);
  expect((await client.get('/admin/api/resources/User/actions/list')).status).toBe(401);
  const again = office.newClient();
  expect((await again.postForm('/admin/login', { email: person.email, password: 'correct horse battery staple 9' })).status).toBe(401);
});

test('the id that a sign-in gives stays until the roles change', async () => {
  const person = await office.addStaff('support', { hasTotp: true });
  const client = await office.signedIn(person);
  const given = client.cookieHeader;
  for (const path of ['/admin', '/admin/resources/User', '/admin/api/me']) expect((await client.get(path)).status).toBe(200);
  expect(client.cookieHeader).toBe(given);
  await asAdmin(() => runCommand(deps(), staffCommands.grantRole, { input: { id: person.userId, role: 'assistant' }, reason }));
  await client.get('/admin');
  expect(client.cookieHeader).not.toBe(given);
});

test('what is tried beforehand is refused as it would be', async () => {
  const client = await office.signedIn(await office.addStaff('super_admin', { hasTotp: true }));
  const id = await office.addCustomer('Ada', 'Obi');
  const path = `/admin/api/resources/User/records/${id}/suspendUser`;
  const post = (code: string, more: object = {}) =>
    client.postJson(path, { input: {}, reason: { code, text: 'Cards of other people were tried' }, idempotencyKey: randomUUID(), ...more });
  expect((await post('fraud', { dryRun: true })).json).toMatchObject({ dryRun: true, effects: expect.any(Array) });
  expect((await post('fraud')).status).toBe(200);
  const again = await post('fraud', { dryRun: true });
  expect(again.status, again.text).toBeGreaterThanOrEqual(400);
});

test('a filter takes only what it offers, whatever it is made of', async () => {
  const client = await office.signedIn(await office.addStaff('admin', { hasTotp: true }));
  const list = (role: string) => client.get(`/admin/api/resources/Staff/actions/list?filters.role=${encodeURIComponent(role)}`);
  expect((await list('support')).status).toBe(200);
  for (const odd of ['nope', '[object Object]', `'; drop`, '{"not":true}']) expect((await list(odd)).status).toBe(400);
});

test('a role that ends by its date is gone at that instant, without a sign-out', async () => {
  const person = await office.addStaff('assistant', { hasTotp: true });
  const expiresAt = new Date(office.app.clock.now().getTime() + 600_000).toISOString();
  await asAdmin(() => runCommand(deps(), staffCommands.grantRole, { input: { id: person.userId, role: 'finance', expiresAt }, reason }));
  const client = await office.signedIn(person);
  const vendors = () => client.get('/admin/api/resources/Client/actions/list');
  expect((await client.get('/admin/api/me')).json.roles).toEqual(['assistant', 'finance']);
  expect((await vendors()).status).toBe(200);
  office.app.clock.advance(600);
  expect((await client.get('/admin/api/me')).json.roles).toEqual(['assistant']);
  await office.app.as({ kind: 'system', name: 'identity.tend-grants' }, () => runCommand(deps(), systemCommands.tendGrants, { input: {} }));
  expect((await client.get('/admin/api/me')).status).toBe(200);
});

test('emergency access is told to the page, with its end', async () => {
  const person = await office.addStaff('support', { hasTotp: true });
  await office.app.as({ kind: 'system', name: 'seed' }, () =>
    deps().database.prisma.staffRoleGrant.create({
      data: {
        userId: person.userId,
        role: 'admin',
        reason: 'the payment provider is down',
        grantedBy: person.userId,
        createdAt: office.app.clock.now(),
        expiresAt: new Date(office.app.clock.now().getTime() + 3_600_000),
        isBreakGlass: true,
      },
    }),
  );
  const client = await office.signedIn(person);
  expect((await client.get('/admin')).text).toMatch(/"breakGlass":\{"role":"admin","until":"/);
  office.app.clock.advance(1500);
  expect((await client.get('/admin')).text).toContain('"breakGlass":{');
  office.app.clock.advance(1500);
  await client.get('/admin');
  office.app.clock.advance(600);
  expect((await client.get('/admin')).text).toContain('"breakGlass":null');
});

test('the simulator answers over its route, read only, and leaves one read row that says about whom', async () => {
  const auditor = await office.addStaff('auditor', { hasTotp: true });
  const subject = await office.addStaff('support');
  const client = await office.signedIn(auditor);
  const answer = await client.get(`/admin/api/pages/permission-simulator?role=support_lead&kind=Staff&record=${subject.userId}`);
  expect(answer.json).toMatchObject({ who: { name: 'Support lead' }, record: { isWithinReach: false } });
  expect((await client.postJson('/admin/api/pages/permission-simulator', { role: 'admin' })).status).toBe(405);
  const { rows } = await deps().database.pool.query<{ outcome: string; record_ids: string[] }>(
    `SELECT outcome, record_ids FROM audit.action WHERE actor_id = $1 AND resource = 'permission_simulator'`,
    [auditor.userId],
  );
  expect(rows.filter(({ outcome }) => outcome === 'read')).toEqual([{ outcome: 'read', record_ids: [subject.userId] }]);
  const support = await office.signedIn(subject);
  expect((await support.get('/admin/api/pages/permission-simulator')).status).toBe(403);
});
