import pg from 'pg';
import { afterAll, afterEach, beforeAll, describe, expect, it } from 'vitest';
import { readBounded } from '../../../src/foundation/runtime/bounded-read.ts';
import { outliveConnections } from '../../../src/foundation/runtime/database.ts';
import { refuseWrongRole } from '../../../src/foundation/runtime/database-role.ts';
import { createTestDatabase, type TestDatabase } from '../../support/database.ts';
import { openSql, type Sql } from '../../support/sql.ts';

let database: TestDatabase;
let admin: Sql;
const pools: pg.Pool[] = [];
beforeAll(async () => {
  database = await createTestDatabase();
  admin = await openSql(database.adminUrl);
});
afterEach(async () => {
  for (const pool of pools.splice(0)) await pool.end();
});
afterAll(async () => {
  await admin.close();
  await database.drop();
});

function poolOn(url: string): pg.Pool {
  const pool = new pg.Pool({ connectionString: url, max: 1 });
  outliveConnections(pool);
  pools.push(pool);
  return pool;
}

describe('the login that a process serves with', () => {
  it('may be that of the web and that of the worker', async () => {
    for (const url of [database.webUrl, database.workerUrl]) await expect(refuseWrongRole(poolOn(url))).resolves.toBeUndefined();
  });

  it('may not be one that gets round the audit, and is named', async () => {
    const { username } = new URL(database.adminUrl);
    await expect(refuseWrongRole(poolOn(database.adminUrl))).rejects.toThrow(`login "${username}" may change the audit trail`);
  });

  it('may not be one that was given a write to the audit by mistake', async () => {
    const pool = poolOn(database.webUrl);
    await admin.rows('GRANT INSERT ON audit.action TO app_web');
    await expect(refuseWrongRole(pool)).rejects.toThrow('login "app_web" may change the audit trail');
    await admin.rows('REVOKE INSERT ON audit.action FROM app_web');
    await expect(refuseWrongRole(pool)).resolves.toBeUndefined();
  });
});

describe('a bounded read', () => {
  it('sees one moment, changes nothing and gives its connection back', async () => {
    const pool = poolOn(database.webUrl);
    const told = await readBounded(pool, async (read) => {
      const counted = () => read<{ n: string }>('SELECT count(*) AS n FROM platform.cache_namespace', []);
      const before = await counted();
      await admin.rows(`INSERT INTO platform.cache_namespace (name) VALUES ('test.between')`);
      return [before, await counted()];
    });
    expect(told[0]).toEqual(told[1]);
    await expect(readBounded(pool, (read) => read('DELETE FROM platform.outbox_event', []))).rejects.toMatchObject({ code: '25006' });
    expect([pool.totalCount, pool.idleCount]).toEqual([1, 1]);
  });

  it('that a statement cuts off asks for narrower filters', async () => {
    const pool = poolOn(database.webUrl);
    const slow = (read: Parameters<Parameters<typeof readBounded>[1]>[0]) => read("SET LOCAL statement_timeout = '20ms'", []);
    const work = readBounded(pool, async (read) => {
      await slow(read);
      return read('SELECT pg_sleep(5)', []);
    });
    await expect(work).rejects.toMatchObject({ code: 'query_too_broad' });
  });

  it('whose connection dies hands nobody a dead one', async () => {
    const pool = poolOn(database.webUrl);
    const work = readBounded(pool, async (read) => {
      const [row] = await read<{ pid: number }>('SELECT pg_backend_pid() AS pid', []);
      await admin.rows('SELECT pg_terminate_backend($1)', [row?.pid]);
      return read('SELECT 1', []);
    });
    await expect(work).rejects.toThrow();
    expect(await readBounded(pool, (read) => read('SELECT 1 AS one', []))).toEqual([{ one: 1 }]);
    expect(pool.totalCount).toBe(1);
  });
});
