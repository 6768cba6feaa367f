import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { type AttemptBucket, clearAttempts, returnAttempt, takeAttempt } from '../../../src/foundation/runtime/attempt-bucket.ts';
import { type Database, openDatabase } from '../../../src/foundation/runtime/database.ts';
import { createTestClock } from '../../support/clock.ts';
import { createTestDatabase, type TestDatabase } from '../../support/database.ts';

let test: TestDatabase;
let database: Database;
beforeAll(async () => {
  test = await createTestDatabase();
  database = openDatabase({ url: test.webUrl, applicationName: 'test', maxConnections: 5 });
});
afterAll(async () => {
  await database.close();
  await test.drop();
});

const clock = createTestClock();
let keys = 0;
function bucket(options: Partial<AttemptBucket> = {}): AttemptBucket {
  keys += 1;
  return { name: 'test', key: `somebody ${keys}`, limit: 3, windowSeconds: 900, waits: [], ...options };
}
const take = (of: AttemptBucket) => takeAttempt(database.pool, of, clock.now());
const takeAll = async (of: AttemptBucket, count: number) => {
  const taken = [];
  for (let each = 0; each < count; each += 1) taken.push(await take(of));
  return taken;
};

describe('attempt buckets', () => {
  it('lets the limit through and then waits for the window to end', async () => {
    const of = bucket();
    const taken = await takeAll(of, 4);
    expect(taken.map((each) => each.isAllowed)).toEqual([true, true, true, false]);
    expect(taken[3]).toMatchObject({ used: 3, consecutive: 3, retryAfterSeconds: 900 });
    clock.advance(899);
    expect((await take(of)).isAllowed).toBe(false);
    clock.advance(1);
    expect(await take(of)).toMatchObject({ isAllowed: true, used: 1, consecutive: 4, level: 0, lockedUntil: null });
  });

  it('gives one attempt per wait beyond the limit, the last wait repeating', async () => {
    const of = bucket({ waits: [60, 120], windowSeconds: 3600 });
    await takeAll(of, 3);
    for (const [wait, level] of [
      [60, 1],
      [120, 2],
      [120, 3],
    ] as const) {
      expect(await take(of)).toMatchObject({ isAllowed: false, retryAfterSeconds: wait, level });
      clock.advance(wait);
      expect((await take(of)).isAllowed).toBe(true);
    }
  });

  it('lets one attempt through at a time where the limit is one', async () => {
    const of = bucket({ limit: 1, waits: [30] });
    expect((await takeAll(of, 2)).map((each) => each.isAllowed)).toEqual([true, false]);
    clock.advance(901);
    expect(await take(of)).toMatchObject({ isAllowed: true, level: 1 });
    expect((await take(of)).isAllowed).toBe(false);
    const plain = bucket({ limit: 1 });
    expect((await takeAll(plain, 2)).map((each) => each.isAllowed)).toEqual([true, false]);
  });

  it('lets exactly the limit through under any parallelism', async () => {
    const of = bucket({ limit: 7 });
    const taken = await Promise.all(Array.from({ length: 60 }, () => take(of)));
    expect(taken.filter((each) => each.isAllowed)).toHaveLength(7);
  });

  it('takes back what was not made, lifting the lock it caused', async () => {
    const of = bucket();
    await takeAll(of, 3);
    await returnAttempt(database.pool, of);
    expect(await take(of)).toMatchObject({ isAllowed: true, used: 3, consecutive: 3 });
    expect((await take(of)).isAllowed).toBe(false);
    const untouched = bucket();
    await returnAttempt(database.pool, untouched);
    expect(await take(untouched)).toMatchObject({ isAllowed: true, used: 1 });
  });

  it('forgets everything when cleared, consecutive failures too', async () => {
    const of = bucket();
    await takeAll(of, 5);
    await clearAttempts(database.pool, of);
    expect(await take(of)).toMatchObject({ isAllowed: true, used: 1, consecutive: 1 });
  });

  it('never passes anybody when it cannot count', async () => {
    const closed = openDatabase({ url: test.webUrl, applicationName: 'closed', maxConnections: 1 });
    await closed.close();
    await expect(takeAttempt(closed.pool, bucket(), clock.now())).rejects.toMatchObject({ code: 'unavailable' });
    await expect(returnAttempt(closed.pool, bucket())).rejects.toMatchObject({ code: 'unavailable' });
    await expect(clearAttempts(closed.pool, bucket())).rejects.toMatchObject({ code: 'unavailable' });
  });
});
