import { afterAll, beforeAll, beforeEach, describe, expect, it } from 'vitest';
import { runCommand } from '../../../../src/foundation/command/run-command.ts';
import { newId } from '../../../../src/foundation/runtime/new-id.ts';
import { runInContext } from '../../../../src/foundation/runtime/request-context.ts';
import { notificationJobs, notificationSubscriptions, webhookCommands } from '../../../../src/modules/notifications/index.ts';
import { sendAttempt } from '../../../../src/modules/notifications/webhooks/send-attempt.ts';
import { requestContext, staffActor } from '../../../support/app.ts';
import { createJobBench, type JobBench } from '../../../support/job-bench.ts';
import { isGenuine, type Receiver, startReceiver } from './receiver.ts';

let bench: JobBench;
let receiver: Receiver;
const secrets = new Map<string, string>();

beforeAll(async () => {
  bench = await createJobBench({ jobs: notificationJobs, subscriptions: notificationSubscriptions, env: { WEBHOOKS_TO_LOOPBACK: 'true' } });
  receiver = await startReceiver();
  await bench.runtime().start();
});
afterAll(async () => {
  await bench?.stop();
  await receiver?.close();
});
beforeEach(async () => {
  await bench.admin.query('DELETE FROM notifications.webhook_attempt');
  receiver.calls.length = 0;
  receiver.answer = { status: 200 };
});

const admin = () => staffActor({ role: 'admin', isLead: false }, bench.clock.now());

async function run<Input, Output, Prepared, Loaded>(
  command: Parameters<typeof runCommand<Input, Output, Prepared, Loaded>>[1],
  input: object,
  expectedVersion?: number,
): Promise<Output> {
  const envelope = { input, reason: { code: 'other', text: 'asked for by the test' }, expectedVersion };
  return (await runInContext(requestContext(admin()), () => runCommand(bench.deps, command, envelope))).output;
}

/** One endpoint for the whole file: its address is unique. */
async function endpoint(events = ['identity.user.registered']): Promise<string> {
  const known = [...secrets.keys()][0];
  if (known) {
    await bench.admin.query(
      'UPDATE notifications.webhook_endpoint SET is_active = true, paused_at = NULL, paused_because = NULL, failing_since = NULL, events = $2 WHERE id = $1',
      [known, events],
    );
    return known;
  }
  const made = await run(webhookCommands.createWebhook, { name: 'Warehouse', url: receiver.url, events });
  secrets.set(made.id, made.secret);
  return made.id;
}

const registered = () => {
  const userId = newId();
  return { name: 'identity.user.registered', aggregateId: userId, payload: { userId, kind: 'client', authMethod: 'email' } };
};

async function attempts(): Promise<
  {
    id: string;
    status: string;
    http_status: number | null;
    error_code: string | null;
    attempts: number;
    next_at: Date | null;
    tries: unknown[];
  }[]
> {
  return (await bench.admin.query('SELECT * FROM notifications.webhook_attempt ORDER BY id')).rows;
}

const settled = (count = 1) =>
  bench.until(async () => {
    const rows = await attempts();
    return rows.length === count && rows.every((row) => row.tries.length > 0) ? rows : null;
  });

async function stateOf(id: string) {
  const { rows } = await bench.admin.query(
    'SELECT is_active, paused_because, failing_since FROM notifications.webhook_endpoint WHERE id = $1',
    [id],
  );
  return rows[0];
}

describe('sending', { timeout: 60_000 }, () => {
  it('tells a receiver of an event it asked for: signed, ids only, and of no other', async () => {
    const id = await endpoint();
    const event = registered();
    const [eventId] = await bench.emit(event, { ...registered(), name: 'identity.login.succeeded' });
    const [row] = await settled();
    expect(row).toMatchObject({ status: 'sent', http_status: 200, error_code: null, attempts: 1, next_at: null });
    const [call] = receiver.calls;
    expect(receiver.calls).toHaveLength(1);
    if (!call) throw new Error('No call came');
    expect(call.id).toBe(eventId);
    expect(isGenuine(secrets.get(id) ?? '', call)).toBe(true);
    expect(isGenuine(secrets.get(id) ?? '', { ...call, body: call.body.replace('client', 'vendor') })).toBe(false);
    expect(call.timestamp).toBe(Math.floor(bench.clock.now().getTime() / 1000));
    expect(JSON.parse(call.body)).toEqual({ type: event.name, timestamp: expect.any(String), data: event.payload });
  });

  it('tries again when it is due, with the same id and body, and notes each call', async () => {
    const id = await endpoint();
    receiver.answer = { status: 503 };
    await bench.emit(registered());
    const [first] = await settled();
    expect(first).toMatchObject({ status: 'queued', http_status: 503, error_code: 'refused', attempts: 1 });
    expect(await bench.until(async () => (await stateOf(id)).failing_since)).toEqual(bench.clock.now());
    receiver.answer = { status: 200 };
    bench.clock.advance(10);
    await bench.until(async () => (await attempts())[0]?.status === 'sent', 30_000);
    expect((await attempts())[0]?.tries).toMatchObject([
      { httpStatus: 503, errorCode: 'refused' },
      { httpStatus: 200, errorCode: null },
    ]);
    expect(receiver.calls.map(({ id: messageId, body }) => [messageId, body])).toEqual([
      [receiver.calls[0]?.id, receiver.calls[0]?.body],
      [receiver.calls[0]?.id, receiver.calls[0]?.body],
    ]);
    await bench.until(async () => (await stateOf(id)).failing_since === null);
  });

  it('does not follow a redirect', async () => {
    await endpoint();
    receiver.answer = { status: 302, headers: { location: 'http://127.0.0.1:1/' } };
    await bench.emit(registered());
    const [row] = await settled();
    expect(row).toMatchObject({ status: 'queued', http_status: 302, error_code: 'redirect' });
  });

  it('gives up an endpoint that failed for a day, tells of it once, and goes on when it is resumed', async () => {
    const id = await endpoint();
    receiver.answer = { status: 500 };
    await bench.emit(registered());
    await settled();
    bench.clock.advance(86_400);
    await bench.until(async () => !(await stateOf(id)).is_active, 30_000);
    expect(await stateOf(id)).toMatchObject({ paused_because: 'failing' });
    const { rows } = await bench.admin.query(`SELECT payload FROM platform.outbox_event WHERE name = 'notifications.webhook.paused'`);
    expect(rows.map(({ payload }) => payload.endpointId)).toEqual([id]);
    const { rows: actions } = await bench.admin.query(`SELECT actor_type FROM audit.action WHERE action = 'pause-failing-webhook'`);
    expect(actions).toHaveLength(1);
    receiver.answer = { status: 200 };
    const [missed] = await bench.emit(registered());
    await bench.until(async () => {
      const found = await bench.admin.query(
        `SELECT 1 FROM pgboss.job WHERE name = 'notifications.fan-out-webhooks' AND id = $1 AND state = 'completed'`,
        [missed],
      );
      return found.rows.length === 1;
    });
    await run(webhookCommands.resumeWebhook, { id });
    // What waited goes out; the event of the meantime was not kept for it.
    const [row] = await bench.until(async () => {
      const found = await attempts();
      return found[0]?.status === 'sent' ? found : null;
    }, 30_000);
    expect(await attempts()).toHaveLength(1);
    expect(row?.tries.length).toBeGreaterThan(1);
  });

  it('pauses at once an endpoint whose receiver says that it is gone', async () => {
    const id = await endpoint();
    receiver.answer = { status: 410 };
    await bench.emit(registered());
    await bench.until(async () => (await stateOf(id)).paused_because === 'gone');
  });

  it('signs by both secrets while one is being replaced, and by the new one alone a day later', async () => {
    const id = await endpoint();
    const { rows } = await bench.admin.query('SELECT version FROM notifications.webhook_endpoint WHERE id = $1', [id]);
    const before = secrets.get(id) ?? '';
    const { secret } = await run(webhookCommands.rotateWebhookSecret, { id }, rows[0]?.version);
    await bench.emit(registered());
    await settled();
    const [call] = receiver.calls;
    if (!call) throw new Error('No call came');
    expect([isGenuine(before, call), isGenuine(secret, call), call.signatures.length]).toEqual([true, true, 2]);
    bench.clock.advance(86_401);
    await bench.emit(registered());
    await settled(2);
    const last = receiver.calls.at(-1);
    if (!last) throw new Error('No call came');
    expect([isGenuine(before, last), isGenuine(secret, last), last.signatures.length]).toEqual([false, true, 1]);
    secrets.set(id, secret);
  });

  it('calls once however many workers take the same attempt up', async () => {
    await endpoint();
    receiver.answer = { status: 500 };
    await bench.emit(registered());
    const [row] = await settled();
    receiver.answer = { status: 200 };
    receiver.calls.length = 0;
    bench.clock.advance(6);
    const never = new AbortController().signal;
    await Promise.all(
      Array.from({ length: 20 }, () =>
        runInContext(requestContext({ kind: 'system', name: 'test' }), () => sendAttempt(bench.deps, row?.id ?? '', never)),
      ),
    );
    expect(receiver.calls).toHaveLength(1);
    expect((await attempts())[0]).toMatchObject({ status: 'sent', attempts: 2 });
  });

  it('takes up the call of a worker that died while it waited, after its lease', async () => {
    await endpoint();
    const { rows } = await bench.admin.query(
      `INSERT INTO notifications.webhook_attempt (endpoint_id, event_id, event_name, status, attempts, next_at, lease_until)
       SELECT e.id, o.id, o.name, 'queued', 1, $1, $2 FROM notifications.webhook_endpoint AS e, platform.outbox_event AS o
        WHERE o.name = 'identity.user.registered' ORDER BY o.id DESC LIMIT 1 RETURNING id`,
      [bench.clock.now(), new Date(bench.clock.now().getTime() + 30_000)],
    );
    const never = new AbortController().signal;
    await runInContext(requestContext({ kind: 'system', name: 'test' }), () => sendAttempt(bench.deps, rows[0]?.id, never));
    expect(receiver.calls).toHaveLength(0);
    bench.clock.advance(31);
    await bench.until(async () => (await attempts())[0]?.status === 'sent', 30_000);
    expect(receiver.calls).toHaveLength(1);
  });

  it('gives a call back that its worker had to stop, without counting it', async () => {
    await endpoint();
    receiver.answer = { status: 200, isSilent: true };
    const { rows } = await bench.admin.query(
      `INSERT INTO notifications.webhook_attempt (endpoint_id, event_id, event_name, next_at)
       SELECT e.id, o.id, o.name, $1 FROM notifications.webhook_endpoint AS e, platform.outbox_event AS o
        WHERE o.name = 'identity.user.registered' ORDER BY o.id DESC LIMIT 1 RETURNING id`,
      [bench.clock.now()],
    );
    const stop = new AbortController();
    const sending = runInContext(requestContext({ kind: 'system', name: 'test' }), () => sendAttempt(bench.deps, rows[0]?.id, stop.signal));
    await bench.until(async () => receiver.open() > 0);
    receiver.answer = { status: 200 };
    stop.abort();
    await sending;
    await bench.until(async () => (await attempts())[0]?.status === 'sent', 30_000);
    expect((await attempts())[0]).toMatchObject({ attempts: 1 });
  });

  it('sends a test and sends again, on request', async () => {
    const id = await endpoint();
    await run(webhookCommands.testWebhook, { id });
    const [row] = await settled();
    expect(JSON.parse(receiver.calls[0]?.body ?? '{}')).toMatchObject({ type: 'webhook.test', data: { endpointId: id } });
    await run(webhookCommands.sendWebhookAgain, { id: row?.id });
    await bench.until(async () => receiver.calls.length === 2);
    expect(receiver.calls[1]?.id).toBe(receiver.calls[0]?.id);
    await bench.until(async () => ((await attempts())[0]?.tries.length ?? 0) === 2);
  });

  it('closes a call whose event was forgotten, without blaming the receiver', async () => {
    const id = await endpoint();
    await bench.admin.query(
      `INSERT INTO notifications.webhook_attempt (endpoint_id, event_id, event_name, next_at) VALUES ($1, $2, 'identity.user.registered', $3)`,
      [id, newId(), bench.clock.now()],
    );
    const [row] = await settled();
    expect(row).toMatchObject({ status: 'failed', error_code: 'event_gone', next_at: null });
    expect(await stateOf(id)).toMatchObject({ is_active: true, failing_since: null });
  });
});
