import { execFileSync } from 'node:child_process';
import { randomBytes } from 'node:crypto';
import { platform } from 'node:os';
import { compareSync } from 'bcrypt';
import { afterAll, describe, expect, it } from 'vitest';
import { createBoundedQueue } from '../../../src/foundation/crypto/bounded-queue.ts';
import { createPasswordHasher, type PasswordHasher, type PasswordHasherOptions } from '../../../src/foundation/crypto/password-hasher.ts';
import { runPasswordTask } from '../../../src/foundation/crypto/password-worker.ts';

const [oldPepper, newPepper] = [
  { kid: 'k1', key: randomBytes(32) },
  { kid: 'k2', key: randomBytes(32) },
];

const open: PasswordHasher[] = [];
function hasherWith(options: Partial<PasswordHasherOptions> = {}): PasswordHasher {
  const hasher = createPasswordHasher({ cost: 4, peppers: [newPepper, oldPepper], concurrency: 2, queue: 32, waitMs: 30_000, ...options });
  open.push(hasher);
  return hasher;
}
afterAll(() => Promise.all(open.map((hasher) => hasher.close())));

const hasher = hasherWith();
const overloaded = expect.objectContaining({ code: 'overloaded', status: 503, details: expect.objectContaining({ retryAfterSeconds: 1 }) });

describe('a stored password', () => {
  it('names scheme, pepper and cost', async () => {
    expect(await hasher.hash('blue okra sings late')).toMatch(/^v1\$k2\$\$2b\$04\$[./A-Za-z0-9]{53}$/);
  });

  it('is the bcrypt of base64 of HMAC-SHA-384 of the NFC text', async () => {
    const stored = await hasher.hash('Ngo\u0323zi okra sings');
    const { createHmac } = await import('node:crypto');
    const preHash = createHmac('sha384', newPepper?.key ?? '')
      .update('Ng\u1ecdzi okra sings', 'utf8')
      .digest('base64');
    expect(preHash.length).toBe(64);
    expect(compareSync(preHash, stored.slice('v1$k2$'.length))).toBe(true);
  });

  it('is matched by its password only', async () => {
    const stored = await hasher.hash('blue okra sings late');
    expect(await hasher.verify('blue okra sings late', stored)).toEqual({ isMatch: true, needsRehash: false });
    for (const wrong of ['blue okra sings latE', 'blue okra sings late ', '', ' blue okra sings late', 'blue okra sings late\u0000']) {
      expect(await hasher.verify(wrong, stored)).toEqual({ isMatch: false, needsRehash: false });
    }
  });

  it('is told apart beyond 72 bytes', async () => {
    const base = 'p'.repeat(99);
    expect(await hasher.verify(`${base}b`, await hasher.hash(`${base}a`))).toMatchObject({ isMatch: false });
  });

  it('is told apart behind a NUL', async () => {
    expect(await hasher.verify('before\u0000other', await hasher.hash('before\u0000after'))).toMatchObject({ isMatch: false });
    expect(await hasher.verify('', await hasher.hash('\u0000'))).toMatchObject({ isMatch: false });
  });

  it('matches composed and decomposed spelling alike', async () => {
    expect(await hasher.verify('caf\u00e9 okra sings', await hasher.hash('cafe\u0301 okra sings'))).toMatchObject({ isMatch: true });
  });

  it('is checked for texts of any length', async () => {
    const long = 'x'.repeat(16_384);
    expect(await hasher.verify(long, await hasher.hash(long))).toMatchObject({ isMatch: true });
    expect(await hasher.verify('\ud800', await hasher.hash('x'))).toMatchObject({ isMatch: false });
  });

  it('under an older pepper or cost matches and asks to be hashed again', async () => {
    const older = await hasherWith({ peppers: oldPepper ? [oldPepper] : [] }).hash('blue okra sings late');
    expect(await hasher.verify('blue okra sings late', older)).toEqual({ isMatch: true, needsRehash: true });
    expect(await hasher.verify('wrong', older)).toEqual({ isMatch: false, needsRehash: false });
    const cheaper = await hasher.hash('blue okra sings late');
    expect(await hasherWith({ cost: 5 }).verify('blue okra sings late', cheaper)).toEqual({ isMatch: true, needsRehash: true });
    expect(await hasher.verify('blue okra sings late', await hasherWith({ cost: 5 }).hash('blue okra sings late'))).toEqual({
      isMatch: true,
      needsRehash: false,
    });
  });

  it('of an unknown pepper, of another scheme or absent never matches', async () => {
    const foreign = (await hasher.hash('x')).replace('v1$k2$', 'v1$k9$');
    for (const stored of [null, '', 'x', foreign, 'v2$k2$x', '$2b$04$abc', 'v1$k2$$2b$04$short']) {
      expect(await hasher.verify('x', stored)).toEqual({ isMatch: false, needsRehash: false });
    }
  });

  it('is hashed on as many threads as the machine has cores unless told otherwise', async () => {
    expect(await hasherWith({ concurrency: undefined }).verify('x', null)).toEqual({ isMatch: false, needsRehash: false });
  });

  it('cannot be made without a pepper', () => {
    expect(() => createPasswordHasher({ cost: 4, peppers: [], queue: 1, waitMs: 1 })).toThrow('PASSWORD_PEPPERS');
  });
});

describe('the time of a comparison', () => {
  it('is that of one bcrypt run whether or not there is a hash', async () => {
    const costly = hasherWith({ cost: 9, concurrency: 1 });
    await costly.warm();
    const stored = await costly.hash('blue okra sings late');
    // Interleaved, so that whatever else the machine does falls on all three alike.
    const targets = [stored, null, 'nonsense'];
    const times = targets.map((): number[] => []);
    for (let run = 0; run < 15; run += 1) {
      for (const [index, target] of targets.entries()) {
        const begun = performance.now();
        await costly.verify('wrong', target);
        times[index]?.push(performance.now() - begun);
      }
    }
    const [known = 0, unknown = 0, broken = 0] = times.map((list) => list.toSorted((a, b) => a - b)[7]);
    // Without a comparison the share would be next to nothing, with two it would be double: wide bounds tell both.
    expect(unknown / known).toBeGreaterThan(0.3);
    expect(unknown / known).toBeLessThan(1.8);
    expect(broken / known).toBeGreaterThan(0.3);
  });
});

describe('under load', () => {
  it('what does not fit the queue is refused, what fits is answered', async () => {
    const small = hasherWith({ cost: 8, concurrency: 1, queue: 2 });
    const answers = await Promise.allSettled(Array.from({ length: 8 }, () => small.verify('x', null)));
    const refused = answers.filter((answer) => answer.status === 'rejected');
    expect(answers.length - refused.length).toBe(3);
    expect(refused.map((answer) => answer.reason)).toEqual(Array(5).fill(overloaded));
    expect(await small.verify('x', null)).toMatchObject({ isMatch: false });
  });

  it('the event loop stays free', async () => {
    await hasher.warm();
    const costly = hasherWith({ cost: 11, concurrency: 2 });
    await costly.warm();
    let isDone = false;
    let turns = 0;
    const hashing = Promise.all(Array.from({ length: 4 }, () => costly.hash('blue okra sings late'))).then(() => {
      isDone = true;
    });
    while (!isDone) {
      turns += 1;
      await new Promise((resolve) => setImmediate(resolve));
    }
    await hashing;
    // On the loop four hashes would leave a handful of turns; beside it there are thousands, also on a busy machine.
    expect(turns).toBeGreaterThan(200);
  });

  it.runIf(platform() === 'linux')('the threads stand behind everything else', async () => {
    await hasher.warm();
    const nice = execFileSync('ps', ['-L', '-o', 'ni=', '-p', String(process.pid)], { encoding: 'utf8' })
      .trim()
      .split(/\s+/);
    expect(nice.filter((value) => value === '10').length).toBeGreaterThanOrEqual(2);
    expect(nice[0]).toBe('0');
  });

  it('after closing everything is refused', async () => {
    const closing = hasherWith();
    await closing.hash('x');
    await closing.close();
    await expect(closing.verify('x', null)).rejects.toEqual(overloaded);
    await closing.close();
  });
});

describe('the bounded queue', () => {
  /** Work that ends when told to. */
  function heldWork() {
    const held = Promise.withResolvers<string>();
    return { work: () => held.promise, finish: () => held.resolve('done'), fail: () => held.reject(new Error('broken')) };
  }

  it('runs no more at once than allowed, in the order of arrival', async () => {
    const queue = createBoundedQueue({ concurrency: 2, queue: 10, waitMs: 5000 });
    const order: number[] = [];
    let [running, most] = [0, 0];
    await Promise.all(
      Array.from({ length: 10 }, (_, index) =>
        queue.run(async () => {
          order.push(index);
          running += 1;
          most = Math.max(most, running);
          await new Promise((resolve) => setImmediate(resolve));
          running -= 1;
        }),
      ),
    );
    expect(most).toBe(2);
    expect(order).toEqual([0, 1, 2, 3, 4, 5, 6, 7, 8, 9]);
  });

  it('refuses who waits too long, without ever starting their work', async () => {
    const queue = createBoundedQueue({ concurrency: 1, queue: 10, waitMs: 20 });
    const first = heldWork();
    const running = queue.run(first.work);
    let isStarted = false;
    const late = queue.run(async () => {
      isStarted = true;
    });
    await expect(late).rejects.toEqual(overloaded);
    first.finish();
    expect(await running).toBe('done');
    expect(isStarted).toBe(false);
    expect(await queue.run(async () => 'free again')).toBe('free again');
  });

  it('says beforehand whether there is room, with and without places to wait', async () => {
    const queue = createBoundedQueue({ concurrency: 1, queue: 1, waitMs: 1000 });
    const [first, second] = [heldWork(), heldWork()];
    const running = [queue.run(first.work)];
    expect(() => queue.requireRoom()).not.toThrow();
    running.push(queue.run(second.work));
    expect(() => queue.requireRoom()).toThrow(overloaded);
    first.finish();
    second.finish();
    await Promise.all(running);
    expect(() => queue.requireRoom()).not.toThrow();
    expect(() => createBoundedQueue({ concurrency: 1, queue: 0, waitMs: 1000 }).requireRoom()).not.toThrow();
    queue.close();
    expect(() => queue.requireRoom()).toThrow(overloaded);
  });

  it('frees the place of work that fails', async () => {
    const queue = createBoundedQueue({ concurrency: 1, queue: 1, waitMs: 1000 });
    const first = heldWork();
    const failing = queue.run(first.work);
    const following = queue.run(async () => 'next');
    first.fail();
    await expect(failing).rejects.toThrow('broken');
    expect(await following).toBe('next');
  });

  it('refuses those who wait when it is closed and lets the running finish', async () => {
    const queue = createBoundedQueue({ concurrency: 1, queue: 1, waitMs: 1000 });
    const first = heldWork();
    const running = queue.run(first.work);
    const waiting = expect(queue.run(async () => 'never')).rejects.toEqual(overloaded);
    queue.close();
    await waiting;
    first.finish();
    expect(await running).toBe('done');
    await expect(queue.run(async () => 'late')).rejects.toEqual(overloaded);
  });
});

describe("the thread's own work", () => {
  it('hashes and compares', () => {
    const stored = runPasswordTask({ do: 'hash', secret: 'secret', cost: 4 });
    expect(runPasswordTask({ do: 'compare', secret: 'secret', stored: String(stored) })).toBe(true);
    expect(runPasswordTask({ do: 'compare', secret: 'other', stored: String(stored) })).toBe(false);
  });
});
