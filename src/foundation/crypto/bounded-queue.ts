import { AppError } from '../errors/app-error.ts';

export type BoundedQueueOptions = {
  /** Pieces of work that run at once. */
  concurrency: number;
  /** Pieces of work that may wait. */
  queue: number;
  /** Longest wait in milliseconds. */
  waitMs: number;
};

export type BoundedQueue = {
  /** Runs `work` in turn. Throws `overloaded` when the queue is full or the wait is over; then `work` never starts. */
  run<T>(work: () => Promise<T>): Promise<T>;
  /** Throws `overloaded` when run() would refuse at once: for callers with work to do before it. */
  requireRoom(): void;
  /** Refuses all that waits and all that comes later; what runs is left to finish. */
  close(): void;
};

type Waiting = { start(): void; refuse(): void };

const overloaded = () => new AppError('overloaded', { retryAfterSeconds: 1 });

/** A first-come semaphore that would rather refuse than let an answer be late (auth-api.md P21). */
export function createBoundedQueue(options: BoundedQueueOptions): BoundedQueue {
  const waiting = new Set<Waiting>();
  let running = 0;
  let isClosed = false;

  const isFull = () => waiting.size >= options.queue;

  const enter = (): Promise<void> => {
    if (isClosed || isFull()) return Promise.reject(overloaded());
    return new Promise((resolve, reject) => {
      const leave = (settle: () => void) => () => {
        clearTimeout(timer);
        waiting.delete(entry);
        settle();
      };
      const entry: Waiting = { start: leave(resolve), refuse: leave(() => reject(overloaded())) };
      const timer = setTimeout(entry.refuse, options.waitMs);
      waiting.add(entry);
    });
  };

  // The place of finished work passes to the first in line without becoming free, so nobody can slip in between.
  const leave = () => {
    const [next] = waiting;
    if (next) next.start();
    else running -= 1;
  };

  return {
    async run(work) {
      if (!isClosed && running < options.concurrency) running += 1;
      else await enter();
      try {
        return await work();
      } finally {
        leave();
      }
    },
    requireRoom() {
      if (isClosed || (running >= options.concurrency && isFull())) throw overloaded();
    },
    close() {
      isClosed = true;
      for (const entry of [...waiting]) entry.refuse();
    },
  };
}
