import { randomUUID } from 'node:crypto';
import { globSync, readFileSync } from 'node:fs';
import { afterAll, afterEach, beforeAll, describe, expect, it } from 'vitest';
import { keptInReadOnly } from '../../src/foundation/command/read-only.ts';
import { runCommand } from '../../src/foundation/command/run-command.ts';
import { openDatabase } from '../../src/foundation/runtime/database.ts';
import { runInContext, systemContext } from '../../src/foundation/runtime/request-context.ts';
import { currentSettings, settingsAgeMs } from '../../src/foundation/settings/live-settings.ts';
import { switchReadOnlyByOperator } from '../../src/foundation/settings/switch-read-only.ts';
import { refreshCountries } from '../../src/modules/reference/index.ts';
import type { AdminClient } from '../admin/support/admin-client.ts';
import { type BackOffice, type Person, password } from '../admin/support/back-office.ts';
import { startWholeOffice } from '../admin/support/whole-office.ts';
import { openSql, type Sql } from '../support/sql.ts';

let office: BackOffice;
let sql: Sql;
let root: { person: Person; client: AdminClient };
let customer: string;

beforeAll(async () => {
  office = await startWholeOffice();
  sql = await openSql(office.app.database.adminUrl);
  const person = await office.addStaff('super_admin', { hasTotp: true });
  root = { person, client: await office.signedIn(person) };
  customer = await office.addCustomer('Ngozi', 'Bello');
}, 180_000);
afterAll(async () => {
  await sql?.close();
  await office?.stop();
});
afterEach(() => switchBy({ isOn: false }));

function switchBy(input: { isOn: boolean; message?: string }) {
  return runInContext(systemContext('operator', 'cli'), () => runCommand(office.app.deps, switchReadOnlyByOperator, { input }));
}

const settings = '/admin/api/pages/settings';
const reason = { code: 'policy', text: 'the database is being moved' };
const post = (path: string, body: object, client = root.client) => client.postJson(path, { reason, idempotencyKey: randomUUID(), ...body });
const edit = () => post(`/admin/api/resources/User/records/${customer}/addNote`, { input: { body: 'Called about a parcel.' } });

describe('read-only mode in the back office', { timeout: 60_000 }, () => {
  it('is switched on and off by a super admin, with a banner text, audit rows and the header on every answer', async () => {
    const on = await post(settings, { action: 'switchReadOnlyOn', input: { message: 'The database moves, until about 15:00.' } });
    expect(on.status, on.text).toBe(200);
    const page = await root.client.get(settings);
    expect(JSON.parse(decodeURIComponent(page.headers.get('x-read-only') ?? ''))).toEqual({
      since: expect.any(String),
      reason: 'The database moves, until about 15:00.',
    });
    expect((await root.client.get('/admin')).text).toContain('"readOnly":{"since":');
    const off = await post(settings, { action: 'switchReadOnlyOff', input: {} });
    expect(off.status, off.text).toBe(200);
    expect((await root.client.get(settings)).headers.get('x-read-only')).toBeNull();
    const rows = await sql.rows(`SELECT outcome::text AS outcome FROM audit.action WHERE action = 'switch-read-only' AND actor_id = $1`, [
      root.person.userId,
    ]);
    expect(rows).toEqual([{ outcome: 'ok' }, { outcome: 'ok' }]);
  });

  it('refuses writes with 503 read_only and Retry-After, changes nothing, and says so on every button', async () => {
    await switchBy({ isOn: true, message: 'Maintenance' });
    const refused = await edit();
    expect(refused.status, refused.text).toBe(503);
    expect(refused.headers.get('retry-after')).toBe('60');
    expect(refused.json).toMatchObject({ code: 'read_only', since: expect.any(String) });
    expect(await sql.rows(`SELECT id FROM support.note WHERE subject_id = $1`, [customer])).toEqual([]);
    const { json } = await root.client.get(`/admin/api/resources/User/records/${customer}/show`);
    const actions = json.actions as { refusal: string | null }[];
    expect(actions.length).toBeGreaterThan(3);
    for (const action of actions) expect(action.refusal).not.toBeNull();
    expect(actions.some(({ refusal }) => /^Read-only mode since \d\d:\d\d$/.test(refusal ?? ''))).toBe(true);
    const { json: page } = await root.client.get(settings);
    expect(page.actions).toMatchObject({ readOnlyOff: { refusal: null }, flag: { refusal: expect.stringMatching(/^Read-only mode/) } });
  });

  it('refuses before a factor or a reason is asked for, and bulk calls too', async () => {
    await switchBy({ isOn: true, message: 'Maintenance' });
    office.app.clock.advance(3_600 / 3);
    expect((await post(settings, { action: 'changeFeatureFlag', input: { name: 'break_glass', isEnabled: true } })).status).toBe(503);
    expect(
      (
        await root.client.postJson(settings, {
          action: 'changeFeatureFlag',
          input: { name: 'break_glass', isEnabled: true },
          idempotencyKey: randomUUID(),
        })
      ).status,
    ).toBe(503);
  });

  it('lets people read, sign in and out, and step up', async () => {
    await switchBy({ isOn: true, message: 'Maintenance' });
    const person = await office.addStaff('support', { hasTotp: true });
    const client = await office.signedIn(person);
    expect((await client.get('/admin/api/me')).json).toMatchObject({ stage: 'full' });
    expect((await client.get('/admin/api/resources/User/actions/list')).status).toBe(200);
    const stepped = await client.postJson('/admin/step-up', { code: office.codeFor(person) });
    expect(stepped.status, stepped.text).toBe(200);
    expect((await client.postForm('/admin/logout', {})).status).toBe(303);
    const again = office.newClient();
    expect((await again.postForm('/admin/login', { email: person.email, password: 'wrong one entirely' })).status).toBe(401);
    expect((await again.postForm('/admin/login', { email: person.email, password })).status).toBe(303);
  });

  it('keeps the first time when it is switched on twice, and lets jobs and operators go on', async () => {
    await switchBy({ isOn: true, message: 'First' });
    const first = (await currentSettings(office.app.deps)).readOnly;
    office.app.clock.advance(60);
    await switchBy({ isOn: true, message: 'Second' });
    expect((await currentSettings(office.app.deps)).readOnly).toEqual({ since: first?.since, reason: 'Second' });
    const refreshed = await runInContext(systemContext('reference.refresh-countries', 'worker'), () =>
      runCommand(office.app.deps, refreshCountries, { input: {} }),
    );
    expect(refreshed.output.unchanged).toBeGreaterThan(200);
  });

  it('holds in every other web process within a second', async () => {
    const other = { database: openDatabase({ url: office.app.database.webUrl, applicationName: 'another-web', maxConnections: 2 }) };
    try {
      expect((await currentSettings(other)).readOnly).toBeNull();
      await switchBy({ isOn: true, message: 'Maintenance' });
      expect(settingsAgeMs).toBeLessThanOrEqual(1_000);
      await new Promise((resolve) => setTimeout(resolve, settingsAgeMs));
      expect((await currentSettings(other)).readOnly).toMatchObject({ reason: 'Maintenance' });
    } finally {
      await other.database.close();
    }
  });

  it('reads the settings once for a hundred callers', async () => {
    const other = openDatabase({ url: office.app.database.webUrl, applicationName: 'another-web', maxConnections: 2 });
    let asked = 0;
    const query = other.pool.query.bind(other.pool) as (...args: unknown[]) => unknown;
    Object.assign(other.pool, {
      query: (...args: unknown[]) => {
        asked += 1;
        return query(...args);
      },
    });
    try {
      await Promise.all(Array.from({ length: 100 }, () => currentSettings({ database: other })));
      expect(asked).toBe(1);
    } finally {
      await other.close();
    }
  });

  it('closes the doors when the setting cannot be read', async () => {
    await switchBy({ isOn: true, message: 'Maintenance' });
    await sql.rows(`SELECT set_config('session_replication_role', 'replica', false)`);
    await sql.rows(`UPDATE platform.setting SET value = '{"isOn": "perhaps"}' WHERE name = 'read_only'`);
    await new Promise((resolve) => setTimeout(resolve, settingsAgeMs));
    expect((await edit()).status).toBe(503);
    expect((await root.client.postJson('/admin/step-up', { code: office.codeFor(root.person) })).status).toBe(200);
    expect((await post(settings, { action: 'switchReadOnlyOff', input: {} })).status).toBe(200);
  });

  it('names only commands that exist', () => {
    const sources = globSync('src/{modules,foundation}/**/*.ts').map((path) => readFileSync(path, 'utf8'));
    const missing = [...keptInReadOnly].filter((name) => !sources.some((source) => source.includes(`name: '${name}'`)));
    expect(missing).toEqual([]);
  });
});
