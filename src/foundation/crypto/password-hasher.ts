import { createHmac, randomInt } from 'node:crypto';
import { availableParallelism } from 'node:os';
import { Piscina } from 'piscina';
import type { NamedKey } from '../config/secrets.ts';
import { createBoundedQueue } from './bounded-queue.ts';
import type { PasswordTask } from './password-worker.ts';

export type PasswordHasherOptions = {
  /** bcrypt cost; 12 in production. */
  cost: number;
  /** The first is current; the others verify what was hashed under them. */
  peppers: readonly NamedKey[];
  /** bcrypt runs at once; without it the CPU cores, at most 4. */
  concurrency?: number | undefined;
  /** Callers that may wait. */
  queue: number;
  /** Longest wait in milliseconds. */
  waitMs: number;
};

export type PasswordCheck = {
  isMatch: boolean;
  /** True only for a match whose pepper or cost is older than the current one: hash again and store. */
  needsRehash: boolean;
};

export type PasswordHasher = {
  /** `v1$<kid>$<bcrypt>`. Throws `overloaded`. */
  hash(password: string): Promise<string>;
  /**
   * Exactly one bcrypt comparison whatever is stored, against a dummy where nothing usable is (`null`, unknown pepper).
   * Takes any string: empty, NUL, 16 KiB. Throws `overloaded`.
   */
  verify(password: string, stored: string | null): Promise<PasswordCheck>;
  /** Throws `overloaded` while nobody more may wait: asked before look-ups, so that what is refused anyway costs nothing. */
  requireRoom(): void;
  /** Starts the threads ahead of the first sign-in; otherwise the first call starts them. */
  warm(): Promise<void>;
  close(): Promise<void>;
};

/** Ten steps below everything else: the event loop and libuv's pool win the processor whenever they want it. */
const niceIncrement = 10;

/**
 * bcrypt over base64(HMAC-SHA-384(pepper, NFC(password))): 64 characters without NUL, so bcrypt's 72 byte cut and its
 * stop at NUL never apply, and a stolen table is useless without the pepper (auth-api.md section 3).
 */
export function createPasswordHasher(options: PasswordHasherOptions): PasswordHasher {
  const [current] = options.peppers;
  if (!current) throw new Error('PASSWORD_PEPPERS names no key');
  const peppers = new Map(options.peppers.map((pepper) => [pepper.kid, pepper.key]));
  const concurrency = options.concurrency ?? Math.min(availableParallelism(), 4);
  const queue = createBoundedQueue({ concurrency, queue: options.queue, waitMs: options.waitMs });
  const threads = createThreads(concurrency);
  const dummy = { kid: current.kid, key: current.key, bcrypt: unmatchable(options.cost), cost: options.cost };

  return {
    async hash(password) {
      const secret = preHash(current.key, password);
      const bcrypt = await queue.run(() => threads.run({ do: 'hash', secret, cost: options.cost }));
      return `v1$${current.kid}$${bcrypt}`;
    },
    async verify(password, stored) {
      const parsed = stored === null ? null : parseStored(stored, peppers);
      const target = parsed ?? dummy;
      const secret = preHash(target.key, password);
      const isEqual = await queue.run(() => threads.run({ do: 'compare', secret, stored: target.bcrypt }));
      const isMatch = isEqual === true && parsed !== null;
      return { isMatch, needsRehash: isMatch && (target.kid !== current.kid || target.cost < options.cost) };
    },
    requireRoom: () => queue.requireRoom(),
    warm: () => threads.warm(),
    async close() {
      queue.close();
      await threads.close();
    },
  };
}

type Stored = { kid: string; key: Buffer; bcrypt: string; cost: number };

const storedPattern = /^v1\$([^$]{1,64})\$(\$2[aby]\$(\d\d)\$[./A-Za-z0-9]{53})$/;

function parseStored(stored: string, peppers: ReadonlyMap<string, Buffer>): Stored | null {
  const [, kid, bcrypt, cost] = storedPattern.exec(stored) ?? [];
  const key = kid === undefined ? undefined : peppers.get(kid);
  return key && kid !== undefined && bcrypt !== undefined ? { kid, key, bcrypt, cost: Number(cost) } : null;
}

function preHash(pepper: Buffer, password: string): string {
  return createHmac('sha384', pepper).update(password.normalize('NFC'), 'utf8').digest('base64');
}

const bcryptAlphabet = './ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789';

/** A well-formed hash of nothing: comparing with it costs what a real one costs, and making it costs nothing at start. */
function unmatchable(cost: number): string {
  const characters = (count: number) => Array.from({ length: count }, () => bcryptAlphabet[randomInt(64)]).join('');
  // The 22nd character of a salt carries 2 bits, the last of a hash 4: both end on the canonical "." / zero bits.
  return `$2b$${String(cost).padStart(2, '0')}$${characters(21)}.${characters(30)}.`;
}

function createThreads(count: number) {
  let pool: Piscina<PasswordTask, string | boolean> | null = null;
  const start = () =>
    new Piscina<PasswordTask, string | boolean>({
      filename: new URL('./password-worker.ts', import.meta.url).href,
      name: 'runPasswordTask',
      minThreads: count,
      maxThreads: count,
      niceIncrement,
      recordTiming: false,
    });
  const threads = () => {
    pool ??= start();
    return pool;
  };
  return {
    run: (task: PasswordTask) => threads().run(task),
    async warm() {
      await Promise.all(Array.from({ length: count }, () => threads().run({ do: 'hash', secret: '', cost: 4 })));
    },
    async close() {
      await pool?.destroy();
      pool = null;
    },
  };
}
