import type { IsolationLevel, SqlDriverAdapter, Transaction } from '@prisma/driver-adapter-utils';
import pg from 'pg';
import { afterAll, beforeAll, beforeEach, describe, expect, it } from 'vitest';
import { auditedAdapterFactory } from '../../../src/foundation/runtime/audited-adapter.ts';
import { runInContext, systemContext } from '../../../src/foundation/runtime/request-context.ts';
import { createTestDatabase, type TestDatabase } from '../../support/database.ts';
import { openSql, type Sql } from '../../support/sql.ts';

let database: TestDatabase;
let admin: Sql;
let pool: pg.Pool;
let adapter: SqlDriverAdapter;
beforeAll(async () => {
  database = await createTestDatabase();
  admin = await openSql(database.adminUrl);
});
beforeEach(async () => {
  pool = new pg.Pool({ connectionString: database.webUrl, max: 2 });
  pool.on('error', () => undefined);
  adapter = await auditedAdapterFactory(pool).connect();
  return () => pool.end();
});
afterAll(async () => {
  await admin.close();
  await database.drop();
});

const plain = (sql: string) => ({ sql, args: [], argTypes: [] });
const begin = () => runInContext(systemContext('test', 'cli'), () => adapter.startTransaction());
const addCountry = (on: Transaction, iso2: string) =>
  on.executeRaw(plain(`INSERT INTO reference.country (iso2, iso3, name) VALUES ('${iso2}', '${iso2}Z', 'Country ${iso2}')`));
const countries = async () =>
  (await admin.rows<{ iso2: string }>(`SELECT iso2 FROM reference.country WHERE name LIKE 'Country %' ORDER BY iso2`)).map(
    ({ iso2 }) => iso2,
  );

describe('a transaction of the adapter', () => {
  it('goes back to a savepoint and no further, and forgets one that is not needed', async () => {
    const on = await begin();
    await addCountry(on, 'QA');
    await on.createSavepoint?.('s1');
    await addCountry(on, 'QB');
    await on.rollbackToSavepoint?.('s1');
    await addCountry(on, 'QC');
    await on.releaseSavepoint?.('s1');
    await expect(on.rollbackToSavepoint?.('s1')).rejects.toThrow('savepoint "s1" does not exist');
    await on.executeRaw(plain('ROLLBACK'));
    await on.rollback();
    expect(await countries()).toEqual([]);
    const again = await begin();
    await addCountry(again, 'QA');
    await again.createSavepoint?.('s1');
    await addCountry(again, 'QB');
    await again.rollbackToSavepoint?.('s1');
    await again.executeRaw(plain('COMMIT'));
    await again.commit();
    expect(await countries()).toEqual(['QA']);
    expect([pool.totalCount, pool.idleCount]).toEqual([1, 1]);
  });

  it('does not begin at a level that PostgreSQL lacks, whatever stands in its name, and keeps no connection', async () => {
    for (const level of ['SNAPSHOT', "SERIALIZABLE; SET ROLE 'audit_owner'"]) {
      await expect(adapter.startTransaction(level as IsolationLevel)).rejects.toThrow(`Unknown isolation level ${level}`);
      expect(pool.totalCount).toBe(0);
    }
  });

  it('whose commit failed gives its connection to nobody', async () => {
    const on = await begin();
    await expect(on.executeRaw(plain('SELECT 1 / 0'))).rejects.toThrow();
    await expect(on.executeRaw(plain('COMMIT'))).rejects.toThrow();
    await on.rollback();
    expect(pool.totalCount).toBe(0);
    expect(await adapter.queryRaw(plain('SELECT 1 AS one'))).toMatchObject({ rows: [[1]] });
  });
});

describe('the adapter', () => {
  it('runs a script, and tells the engine what it can do', async () => {
    await adapter.executeScript('SELECT 1; SELECT 2');
    await expect(adapter.executeScript('SELECT 1; SELECT none')).rejects.toThrow();
    expect(adapter.getConnectionInfo?.()).toMatchObject({ supportsRelationJoins: true });
  });
});
