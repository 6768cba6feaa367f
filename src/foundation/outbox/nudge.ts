import type { Database } from '../runtime/database.ts';

/** The channel on which relays listen. One name per database. */
export const outboxChannel = 'fashionistar_outbox';

/** The channel on which workers wait for rows to seal. */
export const sealChannel = 'fashionistar_seal';

const waits = { [outboxChannel]: 5, [sealChannel]: 200 } as const;
const waiting = new WeakMap<Database, Map<string, NodeJS.Timeout>>();

/**
 * Wakes the relays after a commit that wrote events: at most one NOTIFY per 5 ms and process, outside the transaction.
 * A NOTIFY inside it would make all writers queue for one lock at commit. A lost nudge is harmless: the relay also polls.
 */
export function nudgeOutbox(database: Database): void {
  nudge(database, outboxChannel);
}

/**
 * Wakes the sealer after a commit that wrote audit rows: at most once per 200 ms and process (audit.md section 4). A lost nudge is
 * harmless: workers also look every few seconds.
 */
export function nudgeSealer(database: Database): void {
  nudge(database, sealChannel);
}

function nudge(database: Database, channel: keyof typeof waits): void {
  const timers = waiting.get(database) ?? new Map<string, NodeJS.Timeout>();
  waiting.set(database, timers);
  if (timers.has(channel)) return;
  const timer = setTimeout(() => {
    timers.delete(channel);
    database.pool.query('SELECT pg_notify($1, $2)', [channel, '']).catch(() => undefined);
  }, waits[channel]);
  timer.unref();
  timers.set(channel, timer);
}
