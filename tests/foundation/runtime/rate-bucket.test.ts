import pg from 'pg';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { clearBucket, scaledLimit, takeToken } from '../../../src/foundation/runtime/rate-bucket.ts';
import { createTestDatabase, type TestDatabase } from '../../support/database.ts';

const at = new Date('2026-03-01T10:00:00Z');
const later = (seconds: number) => new Date(at.getTime() + seconds * 1000);

describe('a rate bucket', () => {
  let database: TestDatabase;
  let pool: pg.Pool;

  beforeAll(async () => {
    database = await createTestDatabase();
    pool = new pg.Pool({ connectionString: database.adminUrl, max: 8 });
    pool.on('error', () => undefined);
  });
  afterAll(async () => {
    await pool.end();
    await database.drop();
  });

  it('allows exactly its limit, says what is left, and opens again when the window ends', async () => {
    const request = { name: 'test', key: 'window', limit: 3, windowSeconds: 60 };
    const decisions = [];
    for (let count = 0; count < 4; count += 1) decisions.push(await takeToken(pool, request, later(count * 10)));
    expect(decisions.map(({ isAllowed, left, resetSeconds }) => [isAllowed, left, resetSeconds])).toEqual([
      [true, 2, 60],
      [true, 1, 50],
      [true, 0, 40],
      [false, 0, 30],
    ]);
    expect((await takeToken(pool, request, later(60))).isAllowed).toBe(true);
  });

  it('lets no more than its limit through under a parallel burst from two pools', async () => {
    const other = new pg.Pool({ connectionString: database.adminUrl, max: 8 });
    other.on('error', () => undefined);
    const request = { name: 'test', key: 'burst', limit: 10, windowSeconds: 60 };
    const decisions = await Promise.all(Array.from({ length: 60 }, (_, index) => takeToken(index % 2 ? pool : other, request, at)));
    await other.end();
    expect(decisions.filter((decision) => decision.isAllowed)).toHaveLength(10);
  });

  it('keeps names and keys apart and takes as much as it is told to', async () => {
    const heavy = await takeToken(pool, { name: 'test', key: 'cost', limit: 5, windowSeconds: 60, cost: 5 }, at);
    expect(heavy).toMatchObject({ isAllowed: true, left: 0 });
    expect((await takeToken(pool, { name: 'test', key: 'cost', limit: 5, windowSeconds: 60, cost: 0 }, at)).isAllowed).toBe(true);
    expect((await takeToken(pool, { name: 'test', key: 'cost', limit: 5, windowSeconds: 60 }, at)).isAllowed).toBe(false);
    expect((await takeToken(pool, { name: 'other', key: 'cost', limit: 5, windowSeconds: 60 }, at)).left).toBe(4);
  });

  it('is empty again once it is cleared', async () => {
    const request = { name: 'test', key: 'cleared', limit: 1, windowSeconds: 60 };
    await takeToken(pool, request, at);
    await clearBucket(pool, request);
    expect((await takeToken(pool, request, at)).isAllowed).toBe(true);
  });

  it('stores no key in clear', async () => {
    await takeToken(pool, { name: 'test', key: 'somebody@example.com', limit: 1, windowSeconds: 60 }, at);
    const { rows } = await pool.query("SELECT key FROM platform.rate_bucket WHERE key LIKE '%somebody%'");
    expect(rows).toEqual([]);
  });

  it('is unavailable, never a free pass, when the database cannot count', async () => {
    const dead = new pg.Pool({ connectionString: 'postgres://nobody@127.0.0.1:1/none', connectionTimeoutMillis: 500 });
    dead.on('error', () => undefined);
    await expect(takeToken(dead, { name: 'test', key: 'x', limit: 1, windowSeconds: 60 }, at)).rejects.toMatchObject({
      code: 'unavailable',
    });
    await expect(clearBucket(dead, { name: 'test', key: 'x' })).rejects.toMatchObject({ code: 'unavailable' });
    await dead.end();
  });

  it('scales without ever reaching zero', () => {
    expect([scaledLimit(30, 1), scaledLimit(30, 0.5), scaledLimit(1, 0.01), scaledLimit(20, 100)]).toEqual([30, 15, 1, 2000]);
  });
});
