import type { Logger } from 'pino';
import { createListener } from '../outbox/listener.ts';
import type { AnyJobDefinition } from './job.ts';

/** Asks for a job by timer and by notification, in a worker process. */
export type Tick = { start(): Promise<void>; stop(): Promise<void> };

type TickOptions = {
  job: Pick<AnyJobDefinition, 'queue' | 'everySeconds' | 'wakeOn'>;
  listenUrl: string;
  log: Logger;
  /** Sends the job outside any transaction; an `exclusive` queue ignores it while one waits or runs. */
  send(): Promise<void>;
};

/** A busy system notifies all the time; a job a second keeps up with it. */
const leastGapMs = 1_000;

/** pg-boss schedules have minute precision (audit.md section 8): what is due sooner is asked for by the worker itself. */
export function createTick({ job, listenUrl, log, send }: TickOptions): Tick {
  const listener = job.wakeOn ? createListener({ url: listenUrl, channel: job.wakeOn, onWake: wake, log }) : null;
  let every: NodeJS.Timeout | null = null;
  let soon: NodeJS.Timeout | null = null;
  let sentAt = Number.NEGATIVE_INFINITY;
  let sending: Promise<void> = Promise.resolve();

  function ask(): void {
    sentAt = performance.now();
    sending = send().catch((error: unknown) => log.warn({ event: 'jobs.tick_failed', queue: job.queue, error }));
  }

  function wake(): void {
    if (soon) return;
    const waitMs = Math.max(0, sentAt + leastGapMs - performance.now());
    soon = setTimeout(() => {
      soon = null;
      ask();
    }, waitMs);
  }

  return {
    async start() {
      if (job.everySeconds) every = setInterval(ask, job.everySeconds * 1_000);
      await listener?.start();
    },
    async stop() {
      await listener?.stop();
      if (every) clearInterval(every);
      if (soon) clearTimeout(soon);
      await sending;
    },
  };
}
