import { randomUUID } from 'node:crypto';
import { afterAll, beforeAll, beforeEach, describe, expect, it } from 'vitest';
import { newId } from '../../src/foundation/runtime/new-id.ts';
import type { AdminClient } from '../admin/support/admin-client.ts';
import { actionsOf, type BackOffice, type Person } from '../admin/support/back-office.ts';
import { startWholeOffice } from '../admin/support/whole-office.ts';
import { openSql, type Sql } from '../support/sql.ts';

let office: BackOffice;
let sql: Sql;
let admin: { person: Person; client: AdminClient };

beforeAll(async () => {
  office = await startWholeOffice();
  sql = await openSql(office.app.database.adminUrl);
  const person = await office.addStaff('admin', { hasTotp: true });
  admin = { person, client: await office.signedIn(person) };
}, 180_000);
afterAll(async () => {
  await sql?.close();
  await office?.stop();
});
beforeEach(async () => {
  await sql.rows('DELETE FROM pgboss.job');
});

const path = '/admin/api/pages/queues';
const queue = 'notifications.deliver';
const reason = { code: 'error_correction', text: 'the provider is back again' };
const post = (action: string, input: object, client = admin.client) =>
  client.postJson(path, { action, input, reason, idempotencyKey: randomUUID() });

/** A dead letter as pg-boss leaves it. */
async function deadLetter(message = 'the provider does not answer'): Promise<string> {
  const id = newId();
  await sql.rows(
    `INSERT INTO pgboss.job (id, name, data, state, source_name, source_id, source_created_on, source_retry_count, source_output)
     VALUES ($1, $2, $3, 'created', $4, $5, now(), 5, $6)`,
    [
      id,
      `${queue}.dead`,
      JSON.stringify({
        event: { eventId: newId(), name: 'notifications.delivery.queued', payload: { deliveryId: newId(), note: 'Ada <ada@example.com>' } },
      }),
      queue,
      newId(),
      JSON.stringify({ error: { type: 'SendError', message } }),
    ],
  );
  return id;
}

async function waitingJob(): Promise<string> {
  const id = newId();
  await sql.rows(`INSERT INTO pgboss.job (id, name, data) VALUES ($1, $2, '{}')`, [id, queue]);
  return id;
}

const wishes = (name: string) =>
  sql.rows<{ payload: { queue: string; jobIds: string[] } }>(`SELECT payload FROM platform.outbox_event WHERE name = $1 ORDER BY id`, [
    name,
  ]);

describe('queues', { timeout: 60_000 }, () => {
  it('shows each queue with its figures, what needs a person first', async () => {
    await deadLetter();
    await sql.rows(`INSERT INTO pgboss.job (name, data, state, created_on, started_on, completed_on)
      SELECT 'audit.seal', '{}', 'completed', now(), now() - n * interval '10 ms', now() FROM generate_series(1, 100) AS n`);
    await sql.rows(
      `INSERT INTO pgboss.job (name, data, created_on, start_after) VALUES ('audit.anchor', '{}', now(), now() - interval '10 minutes')`,
    );
    const { json, status } = await admin.client.get(path);
    expect(status).toBe(200);
    const queues = json.queues as Record<string, unknown>[];
    expect(queues[0]).toMatchObject({ queue, dead: 1 });
    expect(queues.find((each) => each.queue === 'audit.anchor')).toMatchObject({
      waiting: 1,
      oldestSeconds: expect.toSatisfy((seconds: number) => seconds >= 600),
    });
    expect(queues.find((each) => each.queue === 'audit.seal')).toMatchObject({ done: 100, perMinute: 20, p95Ms: 950, policy: 'exclusive' });
    expect(queues.some((each) => String(each.queue).endsWith('.dead'))).toBe(false);
    expect((await admin.client.get('/admin/api/waiting')).json).toMatchObject({ queues: 1 });
  });

  it('opens a job by ids and its last error, and shows nothing else of its payload', async () => {
    const id = await deadLetter('cannot reach ada@example.com');
    const { json, text } = await admin.client.get(`${path}?queue=${queue}`);
    const open = json.open as {
      state: string;
      groups: unknown[];
      items: { id: string; attempts: number; error: { message: string }; values: { path: string; value: string }[] }[];
    };
    expect(open).toMatchObject({ state: 'dead', items: [{ id, attempts: 6, error: { type: 'SendError' } }] });
    expect(open.groups).toHaveLength(1);
    const values = Object.fromEntries((open.items[0]?.values ?? []).map(({ path: name, value }) => [name, value]));
    expect(values).toMatchObject({
      'event.name': 'notifications.delivery.queued',
      'event.payload.deliveryId': expect.stringMatching(/^[0-9a-f-]{36}$/),
      'event.payload.note': '(not shown)',
    });
    expect(text.replaceAll(String(open.groups), '')).not.toContain('Ada <');
    expect(open.items[0]?.error.message).toBe('cannot reach [redacted]');
  });

  it('asks the worker to put back one dead letter, or all of one cause, and leaves an audit row with the reason', async () => {
    const [one, two, other] = [await deadLetter(), await deadLetter(), await deadLetter('another cause')];
    const first = await post('retryJob', { queue, jobId: one });
    expect(first.status, first.text).toBe(200);
    const effects = await admin.client.postJson(path, {
      action: 'retryJobs',
      input: { queue, error: 'the provider does not answer' },
      dryRun: true,
    });
    expect(effects.json.effects).toEqual([`Puts 2 jobs back on ${queue}. They run within seconds, with the same payloads.`]);
    expect((await post('retryJobs', { queue, error: 'the provider does not answer' })).json).toMatchObject({
      message: 'Asked for. 2 jobs go back on their queue.',
    });
    expect((await post('retryJobs', { queue })).status).toBe(200);
    const asked = (await wishes('platform.dead_letter.retry_requested')).map(({ payload }) => payload);
    expect(asked.map(({ jobIds }) => [...jobIds].sort())).toEqual([[one], [one, two].sort(), [one, two, other].sort()]);
    const rows = (await actionsOf(office, admin.person.userId)).filter(({ action }) => action.startsWith('retry-job'));
    expect(rows.map(({ outcome, record_ids: ids }) => [outcome, ids.length])).toEqual([
      ['ok', 1],
      ['ok', 2],
      ['ok', 3],
    ]);
  });

  it('drops a job that waits and a dead letter, and nothing that is gone', async () => {
    const [waiting, dead] = [await waitingJob(), await deadLetter()];
    expect((await post('cancelJob', { queue, jobId: waiting })).status).toBe(200);
    expect((await post('cancelJob', { queue, jobId: dead })).status).toBe(200);
    expect((await wishes('platform.job.cancel_requested')).map(({ payload }) => [payload.queue, payload.jobIds])).toEqual([
      [queue, [waiting]],
      [`${queue}.dead`, [dead]],
    ]);
    for (const action of ['retryJob', 'cancelJob']) expect((await post(action, { queue, jobId: newId() })).status).toBe(404);
    expect((await post('retryJobs', { queue: 'audit.seal' })).status).toBe(404);
    expect((await post('retryJob', { queue: `${queue}'--`, jobId: dead })).status).toBe(422);
  });

  it('lists jobs of each state by pages, and refuses what the address does not know', async () => {
    for (let n = 0; n < 55; n += 1) await waitingJob();
    const first = (await admin.client.get(`${path}?queue=${queue}&state=waiting`)).json.open as { items: unknown[]; next: string };
    expect(first.items).toHaveLength(50);
    const rest = (await admin.client.get(`${path}?queue=${queue}&state=waiting&before=${first.next}`)).json.open as {
      items: unknown[];
      next: null;
    };
    expect([rest.items.length, rest.next]).toEqual([5, null]);
    for (const state of ['active', 'failed', 'done', 'dead'])
      expect((await admin.client.get(`${path}?queue=${queue}&state=${state}`)).json.open).toMatchObject({ items: [] });
    expect((await admin.client.get(`${path}?queue=nothing.here`)).status).toBe(404);
    expect((await admin.client.get(`${path}?queue=${queue}&state=soon`)).status).toBe(400);
  });

  it('refuses every other role by direct HTTP; the auditor may look and sees why the buttons do nothing', async () => {
    const jobId = await deadLetter();
    for (const role of ['auditor', 'support', 'reviewer'] as const) {
      const person = await office.addStaff(role, { hasTotp: true });
      const client = await office.signedIn(person);
      const page = await client.get(path);
      expect(page.status).toBe(role === 'auditor' ? 200 : 403);
      if (role === 'auditor') expect(page.json.actions).toMatchObject({ retry: { refusal: 'You can look at this, but not change it.' } });
      for (const action of ['retryJob', 'cancelJob'])
        expect((await post(action, { queue, jobId }, client)).status, `${role} ${action}`).toBe(403);
      expect((await post('retryJobs', { queue }, client)).status).toBe(403);
      expect((await actionsOf(office, person.userId)).filter(({ outcome }) => outcome === 'denied').length).toBeGreaterThanOrEqual(3);
    }
  });

  it('gives the web role nothing but looking', async () => {
    const web = await openSql(office.app.database.webUrl);
    try {
      await web.rows('SELECT 1 FROM pgboss.job LIMIT 1');
      for (const text of [
        `UPDATE pgboss.job SET state = 'created'`,
        'DELETE FROM pgboss.job_common',
        `INSERT INTO pgboss.job (name) VALUES ('audit.seal')`,
      ]) {
        await expect(web.rows(text)).rejects.toThrow(/permission denied/);
      }
    } finally {
      await web.close();
    }
  });
});
