import { randomUUID } from 'node:crypto';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import type { AdminClient } from '../admin/support/admin-client.ts';
import { actionsOf, type BackOffice, type Person } from '../admin/support/back-office.ts';
import { startWholeOffice } from '../admin/support/whole-office.ts';
import { openSql, type Sql } from '../support/sql.ts';

let office: BackOffice;
let sql: Sql;
let root: { person: Person; client: AdminClient };
let admin: { person: Person; client: AdminClient };

async function staff(role: 'super_admin' | 'admin' | 'auditor' | 'support') {
  const person = await office.addStaff(role, { hasTotp: true });
  return { person, client: await office.signedIn(person) };
}

beforeAll(async () => {
  office = await startWholeOffice();
  sql = await openSql(office.app.database.adminUrl);
  root = await staff('super_admin');
  admin = await staff('admin');
}, 180_000);
afterAll(async () => {
  await sql?.close();
  await office?.stop();
});

const path = '/admin/api/pages/settings';
const reason = { code: 'policy', text: 'decided in the weekly meeting' };

function post(client: AdminClient, action: string, input: object, more: object = {}) {
  return client.postJson(path, { action, input, reason, idempotencyKey: randomUUID(), ...more });
}

type View = {
  flags: { name: string; isEnabled: boolean; version: number; id: string | null }[];
  quotas: { version: number; rows: { grade: string; people: number; reveals: number }[] };
  actions: Record<string, { refusal: string | null }>;
};

async function view(client: AdminClient): Promise<View> {
  const { status, json, text } = await client.get(path);
  expect(status, text).toBe(200);
  return json as unknown as View;
}

const breakGlass = async () => (await view(root.client)).flags.find(({ name }) => name === 'break_glass');

describe('settings', { timeout: 60_000 }, () => {
  it('shows everything to super admins, admins and auditors, secrets to nobody, and nothing to others', async () => {
    const { text } = await root.client.get(path);
    for (const part of [
      'Token signing keys',
      'npm run keys:rotate -- kek',
      'AUDIT_RETENTION_MONTHS',
      'SMS_COUNTRY_DAILY_BUDGET',
      'otp_login',
    ])
      expect(text).toContain(part);
    const { secrets } = office.app.deps.config;
    for (const key of [secrets.piiKeks[0]?.key, secrets.passwordPeppers[0]?.key, secrets.tokenHmacKey])
      expect(text).not.toContain(key?.toString('base64'));
    expect(text).not.toContain(secrets.jwtSigningKeys[0]?.d);
    expect((await view(admin.client)).actions.flag).toMatchObject({ refusal: 'You can look at this, but not change it.' });
    const auditor = await staff('auditor');
    expect((await auditor.client.get(path)).status).toBe(200);
    const support = await staff('support');
    expect((await support.client.get(path)).status).toBe(403);
  });

  it('switches a part of the product with reason and version, at once for everybody, with a history row', async () => {
    const answer = await post(root.client, 'changeFeatureFlag', { name: 'break_glass', isEnabled: true }, { expectedVersion: 0 });
    expect(answer.json).toMatchObject({ message: 'Switched on, for everybody within a second.' });
    const flag = await breakGlass();
    expect(flag).toMatchObject({ isEnabled: true, version: 1 });
    const rows = await sql.rows<{ op: string; action: string }>(
      `SELECT e.op::text AS op, a.action FROM audit.event AS e JOIN audit.action AS a ON a.id = e.action_id WHERE e.tbl = 'platform.feature_flag' AND e.record_id = $1`,
      [flag?.id],
    );
    expect(rows).toEqual([{ op: expect.any(String), action: 'change-feature-flag' }]);
  });

  it('refuses the second of two who changed the same version, and shows what it is now', async () => {
    const stale = await post(root.client, 'changeFeatureFlag', { name: 'break_glass', isEnabled: false }, { expectedVersion: 0 });
    expect(stale.status).toBe(409);
    expect(stale.json).toMatchObject({ code: 'version_conflict', currentVersion: 1, current: { isEnabled: true } });
    const both = await Promise.all(
      [0, 1].map(() => post(root.client, 'changeFeatureFlag', { name: 'break_glass', isEnabled: false }, { expectedVersion: 1 })),
    );
    expect(both.map(({ status }) => status).sort()).toEqual([200, 409]);
    expect(await breakGlass()).toMatchObject({ isEnabled: false, version: 2 });
  });

  it('two first changes of one setting are one after the other', async () => {
    const input = (reveals: number) => ({ grade: 'support', people: 300, reveals });
    const both = await Promise.all([31, 32].map((reveals) => post(root.client, 'changeQuota', input(reveals), { expectedVersion: 0 })));
    expect(both.map(({ status }) => status).sort()).toEqual([200, 409]);
  });

  it('changes a quota for the next click, within bounds, and back to the standard', async () => {
    const version = (await view(root.client)).quotas.version;
    expect((await post(root.client, 'changeQuota', { grade: 'support', people: 5, reveals: 2 }, { expectedVersion: version })).status).toBe(
      200,
    );
    expect((await view(root.client)).quotas.rows.find(({ grade }) => grade === 'support')).toMatchObject({ people: 5, reveals: 2 });
    const support = await staff('support');
    const customer = await office.addCustomer('Ngozi', 'Bello');
    const page = await support.client.get(`/admin/api/resources/User/records/${customer}/show`);
    expect(page.text).toContain('"revealsLeft":2');
    for (const [people, reveals] of [
      [-1, 2],
      [5, 2_001],
      [1.5, 2],
    ]) {
      expect((await post(root.client, 'changeQuota', { grade: 'support', people, reveals })).status).toBe(422);
    }
    expect((await post(root.client, 'changeQuota', { grade: 'nobody', people: 1, reveals: 1 })).status).toBe(422);
    expect((await post(root.client, 'changeQuota', { grade: 'support', reveals: '30' })).status).toBe(200);
    expect((await view(root.client)).quotas.rows.find(({ grade }) => grade === 'support')).toMatchObject({ people: 5, reveals: 30 });
    expect((await post(root.client, 'changeQuota', { grade: 'support', people: '300' })).status).toBe(200);
    const [row] = await sql.rows<{ value: object }>(`SELECT value FROM platform.setting WHERE name = 'quotas'`);
    expect(row?.value).toEqual({});
  });

  it('says before a change what it does', async () => {
    const preview = async (action: string, input: object) =>
      (await root.client.postJson(path, { action, input, dryRun: true })).json.effects;
    expect(await preview('changeFeatureFlag', { name: 'break_glass', isEnabled: true })).toEqual([
      'Break-glass access is on for everybody within a second.',
    ]);
    expect(await preview('changeFeatureFlag', { name: 'break_glass', isEnabled: false })).toEqual(['Break-glass access stays off.']);
    expect(await preview('changeQuota', { grade: 'support', people: 1, reveals: 2 })).toHaveLength(2);
    expect(await preview('switchReadOnlyOff', {})).toEqual(['Everybody can make changes again, within a second.']);
  });

  it('shows how a message reads in each language, and 404 for what is none', async () => {
    const ask = async (query: string) => root.client.get(`${path}?${query}`);
    expect((await ask('template=otp_login&locale=en')).json).toMatchObject({
      preview: { id: 'otp_login', writtenIn: 'en', sms: expect.stringContaining('000000') },
    });
    expect((await ask('template=otp_login&locale=yo')).json).toMatchObject({ preview: { locale: 'yo', writtenIn: 'en' } });
    expect((await ask('template=nothing')).status).toBe(404);
    expect((await ask('template=constructor')).status).toBe(404);
    expect((await ask('template=otp_login&locale=xx')).status).toBe(404);
    expect((await ask('sort=name')).status).toBe(400);
  });

  it('refuses admins, auditors and support by direct HTTP, changes nothing and records each', async () => {
    const before = await sql.rows(
      `SELECT name, version FROM platform.setting UNION ALL SELECT name, version FROM platform.feature_flag ORDER BY name`,
    );
    for (const role of ['admin', 'auditor', 'support'] as const) {
      const { person, client } = await staff(role);
      const calls = [
        ['switchReadOnlyOn', { message: 'The database moves' }],
        ['switchReadOnlyOff', {}],
        ['changeFeatureFlag', { name: 'break_glass', isEnabled: true }],
        ['changeQuota', { grade: 'support', people: 1, reveals: 1 }],
      ] as const;
      for (const [action, input] of calls) expect((await post(client, action, input)).status, `${role} ${action}`).toBe(403);
      expect((await actionsOf(office, person.userId)).filter(({ outcome }) => outcome === 'denied').length, role).toBeGreaterThanOrEqual(
        calls.length - (role === 'support' ? 3 : 0),
      );
    }
    expect(
      await sql.rows(`SELECT name, version FROM platform.setting UNION ALL SELECT name, version FROM platform.feature_flag ORDER BY name`),
    ).toEqual(before);
  });
});
