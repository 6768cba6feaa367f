import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { runCommand } from '../../src/foundation/command/run-command.ts';
import { newId } from '../../src/foundation/runtime/new-id.ts';
import { systemCommands } from '../../src/modules/identity/index.ts';
import { AdminClient } from '../admin/support/admin-client.ts';
import { startTestApp, type TestApp } from '../support/app.ts';
import { openSql, type Sql } from '../support/sql.ts';

const password = 'correct horse battery staple 9';
type Shown = {
  id: string;
  params: Record<string, unknown>;
  populated: Record<string, { id: string; title: string; resource: string }>;
};

let app: TestApp;
let admin: Sql;
let origin = '';
let auditor: AdminClient;
let customerId = '';

beforeAll(async () => {
  app = await startTestApp({ NODE_ENV: 'production', APP_LAB: '1', TRUST_PROXY: '127.0.0.1/32' });
  admin = await openSql(app.database.adminUrl);
  const { port } = await app.startWeb();
  origin = `http://127.0.0.1:${port}`;
  const email = 'chioma@shop.example.com';
  const input = { email, password, firstName: 'Chioma', lastName: 'Eze', countryCode: 'NG' };
  const made = await app.as({ kind: 'system', name: 'seed' }, () => runCommand(app.deps, systemCommands.registerVerified, { input }));
  customerId = made.output.userId;
  const logIn = (secret: string, ip: string) =>
    fetch(`${origin}/api/v1/auth/login`, {
      method: 'POST',
      headers: {
        'Content-Type': 'application/json',
        'X-Forwarded-For': ip,
        'User-Agent': 'Mozilla/5.0 (Android 14; Mobile; rv:140.0) Firefox/140.0',
      },
      body: JSON.stringify({ email, password: secret }),
    });
  expect((await logIn(password, '105.112.0.1')).status).toBe(200);
  app.clock.advance(3_600);
  expect((await logIn('not it at all', '81.2.69.142')).status).toBe(401);
  expect((await logIn(password, '81.2.69.142')).status).toBe(200);
  auditor = await signedIn('auditor');
}, 120_000);
afterAll(async () => {
  await admin?.close();
  await app?.stop();
});

async function signedIn(role: 'auditor' | 'support'): Promise<AdminClient> {
  const email = `${role}.${newId()}@staff.example.com`;
  await app.as({ kind: 'system', name: 'seed' }, () =>
    runCommand(app.deps, systemCommands.createStaffAccount, {
      input: { email, password, firstName: 'Ada', lastName: 'Obi', grants: [{ role, isLead: false }] },
    }),
  );
  const client = new AdminClient(origin);
  await client.postForm('/admin/login', { email, password });
  return client;
}

async function list(client: AdminClient, query = ''): Promise<Shown[]> {
  const answer = await client.get(`/admin/api/resources/LoginEvent/actions/list${query}`);
  expect([answer.status, answer.text.slice(0, 200)]).toEqual([200, expect.any(String)]);
  return JSON.parse(answer.text).records;
}

describe('the login events', () => {
  it('name people: customers by their name, staff by name and role', async () => {
    const shown = await list(auditor);
    const people = shown.map((record) => record.populated.userId);
    expect(people).toContainEqual(expect.objectContaining({ id: customerId, resource: 'User' }));
    expect(people).toContainEqual(expect.objectContaining({ title: 'Ada Obi, auditor', resource: 'Staff' }));
    expect(shown.every((record) => record.params.userId === null || record.populated.userId)).toBe(true);
  });

  it('say place, device, reason and risk in words', async () => {
    const [latest, failed] = await list(auditor, `?filters.userId=${customerId}`);
    expect(latest?.params).toMatchObject({
      outcome: 'success',
      place: 'United Kingdom',
      deviceName: 'Firefox on Android',
      why: null,
      riskScore: 85,
    });
    expect(failed?.params).toMatchObject({ outcome: 'failed', why: 'Refused: wrong identifier or password', riskScore: 85 });
    expect(JSON.stringify(latest)).not.toContain('81.2.69.142');
    expect(latest?.params).not.toHaveProperty('ruleTrace');
  });

  it('open to the rules in words, and to the action that proves them', async () => {
    const [latest] = await list(auditor, `?filters.userId=${customerId}&filters.outcome=success`);
    const answer = await auditor.get(`/admin/api/resources/LoginEvent/records/${latest?.id}/show`);
    const { extra, record } = JSON.parse(answer.text);
    expect(extra.steps.map((step: { text: string; points: number | null }) => [step.points, step.text])).toEqual([
      [null, 'Try 2 of 5 in 15 minutes from this network.'],
      [null, 'Unknown device. Wrong tries by all unknown devices within an hour: 2 of 10.'],
      [null, 'The password was right.'],
      [30, 'The person did not sign in from this country in the last half year.'],
      [15, 'The person never signed in on this device before.'],
      [40, expect.stringContaining('Nigeria')],
    ]);
    expect(record.params.network).toBe('81.2.69.0/24');
    const actions = await admin.rows(
      "SELECT resource, action, outcome FROM audit.action WHERE record_ids @> ARRAY[$1] AND outcome <> 'read'",
      [latest?.id],
    );
    expect(actions).toEqual([{ resource: 'auth', action: 'sign-in', outcome: 'ok' }]);
  });

  it.each([
    ['filters.countryCode=United Kingdom', 2],
    ['filters.countryCode=ng', 1],
    ['filters.countryCode~~in=Nigeria,GB', 3],
    ['filters.outcome=failed', 1],
    ['filters.isNewDevice=true', 3],
    ['filters.isNewCountry=true', 2],
    ['filters.deviceName~~starts=fire', 3],
    ['filters.method=otp', 0],
    ['filters.surface=api', 3],
    ['filters.riskScore~~from=80', 2],
    ['filters.ip=81.2.69.142', 2],
    ['filters.ip=81.2.69.0/24', 2],
  ])('are narrowed by %s', async (filter, count) => {
    const [name = '', value = ''] = filter.split('=');
    const query = new URLSearchParams({ 'filters.userId': customerId, [name]: value });
    expect(await list(auditor, `?${query.toString()}`)).toHaveLength(count);
  });

  it('refuse a country and an address that are none', async () => {
    for (const query of ['filters.countryCode=Atlantis', 'filters.ip=somewhere', 'filters.countryCode~~isEmpty=maybe'])
      expect((await auditor.get(`/admin/api/resources/LoginEvent/actions/list?${query}`)).status).toBe(400);
    expect(await list(auditor, '?filters.countryCode~~isEmpty=true')).not.toHaveLength(0);
    expect(await list(auditor, `?filters.countryCode~~isEmpty=false&filters.userId=${customerId}`)).toHaveLength(3);
  });

  it('P5 leave a read row for each list and each opened event', async () => {
    const reader = await signedIn('auditor');
    const [first] = await list(reader, '?filters.outcome=failed');
    await reader.get(`/admin/api/resources/LoginEvent/records/${first?.id}/show`);
    const reads = await admin.rows<{ action: string; record_ids: string[] }>(
      `SELECT a.action, a.record_ids FROM audit.action AS a WHERE a.outcome = 'read' AND a.resource = 'login_event' ORDER BY a.occurred_at DESC LIMIT 2`,
    );
    expect(reads.map((read) => read.action)).toEqual(['show', 'list']);
    expect(reads.every((read) => read.record_ids.includes(first?.id ?? ''))).toBe(true);
  });

  it('of staff are for oversight: support sees the storefront only', async () => {
    const support = await signedIn('support');
    const shown = await list(support);
    expect(shown.length).toBeGreaterThan(0);
    expect(shown.every((record) => record.params.surface === 'api')).toBe(true);
  });
});
