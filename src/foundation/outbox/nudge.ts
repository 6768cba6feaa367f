import type { Database } from '../runtime/database.ts';

/** The channel on which relays listen. One name per database. */
export const outboxChannel = 'fashionistar_outbox';

const debounceMs = 5;
const waiting = new WeakMap<Database, NodeJS.Timeout>();

/**
 * Wakes the relays after a commit that wrote events: at most one NOTIFY per 5 ms and process, outside the transaction.
 * A NOTIFY inside it would make all writers queue for one lock at commit. A lost nudge is harmless: the relay also polls.
 */
export function nudgeOutbox(database: Database): void {
  if (waiting.has(database)) return;
  const timer = setTimeout(() => {
    waiting.delete(database);
    database.pool.query('SELECT pg_notify($1, $2)', [outboxChannel, '']).catch(() => undefined);
  }, debounceMs);
  timer.unref();
  waiting.set(database, timer);
}
