import pg from 'pg';
import type { Logger } from 'pino';

export type Listener = { start(): Promise<void>; stop(): Promise<void> };

type ListenerOptions = { url: string; channel: string; onWake(): void; log: Logger };

const firstWaitMs = 200;
const longestWaitMs = 5_000;

/**
 * A connection of its own that listens on a channel and connects anew when it is lost. A failure never stops the caller:
 * notifications only make things faster, polling makes them sure.
 */
export function createListener(options: ListenerOptions): Listener {
  let client: pg.Client | null = null;
  let timer: NodeJS.Timeout | null = null;
  let waitMs = firstWaitMs;

  async function connect(): Promise<void> {
    const next = new pg.Client({ connectionString: options.url, application_name: 'fashionistar-relay', keepAlive: true });
    client = next;
    next.on('notification', () => options.onWake());
    next.on('error', (error) => lost(next, error));
    next.on('end', () => lost(next, null));
    try {
      await next.connect();
      await next.query(`LISTEN ${pg.escapeIdentifier(options.channel)}`);
    } catch (error) {
      lost(next, error);
      return;
    }
    waitMs = firstWaitMs;
    // Whatever was written while nobody listened.
    options.onWake();
  }

  function lost(which: pg.Client, error: unknown): void {
    if (client !== which) return;
    client = null;
    which.end().catch(() => undefined);
    options.log.warn({ event: 'outbox.listener_lost', error });
    timer = setTimeout(() => void connect(), waitMs);
    waitMs = Math.min(waitMs * 2, longestWaitMs);
  }

  return {
    start: connect,
    async stop() {
      if (timer) clearTimeout(timer);
      const open = client;
      client = null;
      await open?.end().catch(() => undefined);
    },
  };
}
