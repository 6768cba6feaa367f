import { randomUUID } from 'node:crypto';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { newId } from '../../src/foundation/runtime/new-id.ts';
import type { AdminClient } from '../admin/support/admin-client.ts';
import { actionsOf, type BackOffice } from '../admin/support/back-office.ts';
import { startWholeOffice } from '../admin/support/whole-office.ts';
import { openSql, type Sql } from '../support/sql.ts';

let office: BackOffice;
let sql: Sql;
let one: AdminClient;
let two: AdminClient;

beforeAll(async () => {
  office = await startWholeOffice();
  sql = await openSql(office.app.database.adminUrl);
  one = await office.signedIn(await office.addStaff('admin', { hasTotp: true }));
  two = await office.signedIn(await office.addStaff('super_admin', { hasTotp: true }));
}, 180_000);
afterAll(async () => {
  await sql?.close();
  await office?.stop();
});

const path = '/admin/api/pages/webhooks';
const reason = { code: 'policy', text: 'the warehouse wants to know' };

function post(client: AdminClient, action: string, input: object, more: object = {}) {
  return client.postJson(path, { action, input, reason, idempotencyKey: randomUUID(), ...more });
}

const events = ['identity.vendor.approved', 'identity.user.registered'];
let made = 0;

async function create(): Promise<{ id: string; secret: string }> {
  made += 1;
  const answer = await post(one, 'createWebhook', { name: `Warehouse ${made}`, url: `https://hooks.shop.com/in/${made}`, events });
  expect(answer.status, answer.text).toBe(200);
  const [row] = await sql.rows<{ id: string }>(`SELECT id FROM notifications.webhook_endpoint WHERE name = $1`, [`Warehouse ${made}`]);
  const { secret } = answer.json.shown as { secret: string };
  return { id: row?.id ?? '', secret };
}

async function detail(
  id: string,
  query = '',
): Promise<{ endpoint: { state: string; version: number; events: string[] }; items: { id: string; status: string }[] }> {
  const { json } = await one.get(`${path}?id=${id}${query}`);
  return json.open as never;
}

describe('webhooks', { timeout: 60_000 }, () => {
  it('has an empty state, and shows a secret once: not in the list, the detail, a repeated call, the history or the database', async () => {
    expect((await one.get(path)).json).toMatchObject({ endpoints: [], open: null });
    const key = randomUUID();
    const body = {
      action: 'createWebhook',
      input: { name: 'Once', url: 'https://hooks.shop.com/once', events },
      reason,
      idempotencyKey: key,
    };
    const first = await one.postJson(path, body);
    const { secret } = first.json.shown as { secret: string };
    expect(secret).toMatch(/^whsec_[A-Za-z0-9+/]{43}=$/);
    const again = await one.postJson(path, body);
    expect([again.status, again.json.code]).toEqual([409, 'already_exists']);
    expect((await one.get(path)).text).not.toContain(secret);
    const stored = await sql.rows<{ text: string }>(`
      SELECT t::text AS text FROM notifications.webhook_endpoint AS t UNION ALL SELECT e::text FROM audit.event AS e UNION ALL SELECT v::text FROM audit."value" AS v
       UNION ALL SELECT k::text FROM platform.idempotency_key AS k UNION ALL SELECT o::text FROM platform.outbox_event AS o`);
    expect(stored.map(({ text }) => text).join()).not.toContain(secret.replace('whsec_', '').slice(0, 30));
  });

  it('takes only public https addresses and events that may leave', async () => {
    for (const url of [
      'http://hooks.shop.com/in',
      'https://127.0.0.1/in',
      'https://169.254.169.254/',
      'https://10.0.0.5/',
      'https://u:p@hooks.shop.com/',
      'x',
    ]) {
      const answer = await post(one, 'createWebhook', { name: 'No', url, events });
      expect([answer.status, answer.json.code], url).toEqual([422, 'url_invalid']);
    }
    const secretEvent = await post(one, 'createWebhook', {
      name: 'No',
      url: 'https://hooks.shop.com/no',
      events: ['identity.otp.requested'],
    });
    expect(secretEvent.status).toBe(422);
    expect((await post(one, 'createWebhook', { name: 'No', url: 'https://hooks.shop.com/no', events: [] })).status).toBe(422);
  });

  it('lets one of two replace a secret from the same page, and asks for the version', async () => {
    const { id } = await create();
    const { version } = (await detail(id)).endpoint;
    expect((await post(one, 'rotateWebhookSecret', { id })).status).toBe(422);
    const both = await Promise.all([one, two].map((client) => post(client, 'rotateWebhookSecret', { id }, { expectedVersion: version })));
    expect(both.map(({ status }) => status).sort()).toEqual([200, 409]);
    const refused = both.find(({ status }) => status === 409);
    expect(refused?.json).toMatchObject({ code: 'version_conflict', currentVersion: version + 1, current: { state: 'active' } });
  });

  it('lets one of two pause and the other nothing, by the version; repeating it changes nothing', async () => {
    const { id } = await create();
    const { version } = (await detail(id)).endpoint;
    const both = await Promise.all([one, two].map((client) => post(client, 'pauseWebhook', { id }, { expectedVersion: version })));
    expect(both.map(({ status }) => status).sort()).toEqual([200, 409]);
    expect((await detail(id)).endpoint.state).toBe('paused');
    expect((await post(one, 'pauseWebhook', { id })).status).toBe(200);
    const { json } = await one.get(`${path}?id=${id}`);
    expect(json.actions).toMatchObject({
      pause: { refusal: 'Active endpoints only: this one is paused.' },
      resume: { refusal: null },
      test: { refusal: 'Active endpoints only: resume it first.' },
    });
    expect((await post(one, 'testWebhook', { id })).status).toBe(409);
    expect((await post(one, 'resumeWebhook', { id })).status).toBe(200);
    expect((await detail(id)).endpoint.state).toBe('active');
  });

  it('changes name and events with the version, says before what changes, and removes with all calls', async () => {
    const { id } = await create();
    const { version } = (await detail(id)).endpoint;
    const input = { id, name: 'Renamed', events: ['identity.user.closed', 'identity.user.registered'] };
    const preview = await one.postJson(path, { action: 'changeWebhook', input, dryRun: true });
    expect(preview.json.effects).toEqual(['From now on also: identity.user.closed.', 'No longer: identity.vendor.approved.']);
    expect((await post(one, 'changeWebhook', input)).status).toBe(422);
    expect((await post(one, 'changeWebhook', input, { expectedVersion: version })).status).toBe(200);
    expect((await post(two, 'changeWebhook', input, { expectedVersion: version })).status).toBe(409);
    expect((await detail(id)).endpoint.events).toEqual(input.events);
    await sql.rows(
      `INSERT INTO notifications.webhook_attempt (endpoint_id, event_id, event_name, next_at) VALUES ($1, $2, 'identity.user.closed', now())`,
      [id, newId()],
    );
    expect((await post(one, 'removeWebhook', { id })).status).toBe(200);
    expect((await one.get(`${path}?id=${id}`)).status).toBe(404);
    expect(await sql.rows(`SELECT 1 FROM notifications.webhook_attempt WHERE endpoint_id = $1`, [id])).toEqual([]);
  });

  it('lists calls by pages and by state, and sends one again while its event is kept', async () => {
    const { id } = await create();
    await sql.rows(
      `INSERT INTO notifications.webhook_attempt (id, endpoint_id, event_id, event_name, status, http_status, tries)
       SELECT uuidv7(), $1, uuidv7(), 'identity.user.registered', 'sent', 200, '[{"at":"2026-11-22T10:00:00Z","httpStatus":200,"errorCode":null,"ms":12}]' FROM generate_series(1, 60)`,
      [id],
    );
    const first = (await one.get(`${path}?id=${id}`)).json.open as { items: { id: string }[]; next: string };
    expect(first.items).toHaveLength(50);
    const second = (await one.get(`${path}?id=${id}&before=${first.next}&status=sent`)).json.open as {
      items: { id: string }[];
      next: null;
    };
    expect([second.items.length, second.next]).toEqual([10, null]);
    expect((await detail(id, '&status=failed')).items).toEqual([]);
    const attemptId = first.items[0]?.id;
    expect((await post(one, 'sendWebhookAgain', { id: attemptId })).status).toBe(409);
    await sql.rows(
      `INSERT INTO platform.outbox_event (id, name, payload) SELECT event_id, event_name, '{}' FROM notifications.webhook_attempt WHERE id = $1`,
      [attemptId],
    );
    expect((await post(one, 'sendWebhookAgain', { id: attemptId })).status).toBe(200);
    expect((await detail(id, '&status=queued')).items.map((item) => item.id)).toEqual([attemptId]);
    await sql.rows(`UPDATE notifications.webhook_attempt SET lease_until = now() + interval '1 year' WHERE id = $1`, [attemptId]);
    const [before] = await sql.rows(`SELECT count(*) FROM platform.outbox_event WHERE name = 'notifications.webhook.requested'`);
    expect((await post(one, 'sendWebhookAgain', { id: attemptId })).status).toBe(200);
    expect(await sql.rows(`SELECT count(*) FROM platform.outbox_event WHERE name = 'notifications.webhook.requested'`)).toEqual([before]);
    expect((await post(one, 'sendWebhookAgain', { id: newId() })).status).toBe(404);
    expect((await one.get(`${path}?id=${newId()}`)).status).toBe(404);
    expect((await one.get(`${path}?state=sent`)).status).toBe(400);
  });

  it('refuses every other role by direct HTTP, changes nothing and records each; the auditor may look', async () => {
    const { id } = await create();
    const before = await sql.rows(`SELECT id, version FROM notifications.webhook_endpoint ORDER BY id`);
    for (const role of ['auditor', 'support', 'assistant', 'finance'] as const) {
      const person = await office.addStaff(role, { hasTotp: true });
      const client = await office.signedIn(person);
      expect((await client.get(`${path}?id=${id}`)).status).toBe(role === 'auditor' ? 200 : 403);
      for (const action of [
        'createWebhook',
        'changeWebhook',
        'pauseWebhook',
        'resumeWebhook',
        'rotateWebhookSecret',
        'removeWebhook',
        'testWebhook',
        'sendWebhookAgain',
      ]) {
        const input =
          action === 'createWebhook'
            ? { name: 'X', url: 'https://hooks.shop.com/x', events }
            : { id, ...(action === 'changeWebhook' ? { name: 'X', events } : {}) };
        expect((await post(client, action, input)).status, `${role} ${action}`).toBe(403);
      }
      expect((await actionsOf(office, person.userId)).filter(({ outcome }) => outcome === 'denied').length).toBeGreaterThanOrEqual(8);
    }
    expect(await sql.rows(`SELECT id, version FROM notifications.webhook_endpoint ORDER BY id`)).toEqual(before);
  });
});
