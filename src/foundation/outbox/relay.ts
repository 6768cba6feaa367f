import type pg from 'pg';
import type { CommandDeps } from '../command/command.ts';
import type { EventSubscription } from '../jobs/job.ts';
import type { OutboxEvent } from './append.ts';
import { createListener } from './listener.ts';
import { outboxChannel } from './nudge.ts';
import { createRouter } from './route-events.ts';

export type Relay = {
  start(): Promise<void>;
  /** Lets the batch in hand finish. */
  stop(): Promise<void>;
};

/** A job to insert; its id is the event id, so that a second insert of one event on one queue is ignored. */
export type RelayedJob = { id: string; data: { event: OutboxEvent } };

/** Runs statements on the relay's open transaction; the shape pg-boss takes as `db`. */
export type SqlExecutor = { executeSql(text: string, values?: unknown[]): Promise<{ rows: unknown[] }> };

export type RelayOptions = {
  deps: CommandDeps;
  subscriptions: readonly EventSubscription[];
  /** Login for the connection that listens; it must reach PostgreSQL itself, not a transaction pooler. */
  listenUrl: string;
  /** Inserts jobs through `db`, which is the relay's open transaction. */
  insert(queue: string, jobs: readonly RelayedJob[], db: SqlExecutor): Promise<void>;
};

const batchSize = 200;
const pollMs = 500;

/**
 * Hands committed outbox events to the queues: jobs and the published mark are one transaction, so a crash at any point
 * neither loses nor doubles an event. Several relays share the work (SKIP LOCKED). Woken by nudgeOutbox(), else it polls.
 */
export function createRelay(options: RelayOptions): Relay {
  const { deps } = options;
  const pool = deps.database.pool;
  const route = createRouter(options.subscriptions);
  let isStopped = true;
  let isWoken = false;
  let timer: NodeJS.Timeout | null = null;
  let running: Promise<void> | null = null;
  const listener = createListener({ url: options.listenUrl, channel: outboxChannel, onWake: wake, log: deps.log });

  function wake(): void {
    isWoken = true;
    if (running || isStopped) return;
    if (timer) clearTimeout(timer);
    timer = null;
    running = drain().finally(() => {
      running = null;
      if (isStopped) return;
      if (isWoken) wake();
      else timer = setTimeout(wake, pollMs);
    });
  }

  async function drain(): Promise<void> {
    isWoken = false;
    try {
      while (!isStopped && (await relayBatch(pool, route, options.insert)) === batchSize);
    } catch (error) {
      deps.log.error({ event: 'outbox.relay_failed', error });
    }
  }

  return {
    async start() {
      isStopped = false;
      await listener.start();
      wake();
    },
    async stop() {
      isStopped = true;
      if (timer) clearTimeout(timer);
      await running;
      await listener.stop();
    },
  };
}

type Insert = RelayOptions['insert'];

/** One batch in one transaction. @returns how many events were taken */
export async function relayBatch(pool: pg.Pool, route: (name: string) => readonly string[], insert: Insert): Promise<number> {
  const client = await pool.connect();
  let broken: Error | undefined;
  const onError = (error: Error) => {
    broken = error;
  };
  client.on('error', onError);
  try {
    await client.query('BEGIN');
    const { rows } = await client.query<EventRow>(takeSql, [batchSize]);
    if (rows.length > 0) {
      const db: SqlExecutor = { executeSql: (text, values) => client.query(text, values) };
      for (const [queue, jobs] of groupByQueue(rows, route)) await insert(queue, jobs, db);
      await client.query('UPDATE platform.outbox_event SET published_at = clock_timestamp() WHERE id = ANY($1::uuid[])', [
        rows.map((row) => row.id),
      ]);
    }
    await client.query('COMMIT');
    return rows.length;
  } catch (error) {
    await client.query('ROLLBACK').catch((failure: Error) => {
      broken = failure;
    });
    throw error;
  } finally {
    client.removeListener('error', onError);
    client.release(broken);
  }
}

type EventRow = {
  id: string;
  name: string;
  aggregate_id: string | null;
  action_id: string | null;
  occurred_at: Date;
  payload: OutboxEvent['payload'];
};

const takeSql = `SELECT id, name, aggregate_id, action_id, occurred_at, payload
  FROM platform.outbox_event WHERE published_at IS NULL ORDER BY id LIMIT $1 FOR UPDATE SKIP LOCKED`;

function groupByQueue(rows: readonly EventRow[], route: (name: string) => readonly string[]): Map<string, RelayedJob[]> {
  const groups = new Map<string, RelayedJob[]>();
  for (const row of rows) {
    for (const queue of route(row.name)) {
      const jobs = groups.get(queue) ?? [];
      jobs.push({ id: row.id, data: { event: toEvent(row) } });
      groups.set(queue, jobs);
    }
  }
  return groups;
}

function toEvent(row: EventRow): OutboxEvent {
  return {
    eventId: row.id,
    name: row.name,
    aggregateId: row.aggregate_id,
    actionId: row.action_id,
    occurredAt: row.occurred_at.toISOString(),
    payload: row.payload,
  };
}
