import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { openDatabase } from '../../../src/foundation/runtime/database.ts';
import { type StatementReport, topStatements } from '../../../src/foundation/runtime/statement-figures.queries.ts';
import { createTestDatabase, type TestDatabase } from '../../support/database.ts';
import { openSql, type Sql } from '../../support/sql.ts';

let database: TestDatabase;
let admin: Sql;
let web: ReturnType<typeof openDatabase>;
let worker: ReturnType<typeof openDatabase>;
beforeAll(async () => {
  database = await createTestDatabase();
  admin = await openSql(database.adminUrl);
  web = openDatabase({ url: database.webUrl, applicationName: 'test-web', maxConnections: 1 });
  worker = openDatabase({ url: database.workerUrl, applicationName: 'test-worker', maxConnections: 1 });
});
afterAll(async () => {
  await web.close();
  await worker.close();
  await admin.close();
  await database.drop();
});

function ready(report: StatementReport): Extract<StatementReport, { state: 'ready' }> {
  if (report.state !== 'ready') throw new Error(`No figures: ${report.state}`);
  return report;
}

describe('the figures of statements', () => {
  it('are those of the login that asks, in this database, and hold no value of anybody', async () => {
    for (const name of ['planted-one', 'planted-two', 'planted-three']) {
      await web.pool.query(`SELECT count(*) FROM identity."user" WHERE first_name = '${name}'`);
    }
    await worker.pool.query('SELECT 1 AS asked_by_worker');
    const { statements, logins, since } = ready(await topStatements(web.pool, 'calls'));
    const asked = statements.find(({ text }) => text.includes('first_name = $1'));
    expect(asked).toMatchObject({ calls: 3, rows: 1, id: expect.stringMatching(/^-?\d+$/) });
    expect(asked?.totalMs).toBeGreaterThan(0);
    expect(asked?.slowestMs).toBeGreaterThanOrEqual(asked?.meanMs ?? 0);
    expect(asked?.share).toBeGreaterThan(0);
    expect(asked?.share).toBeLessThanOrEqual(1);
    expect(JSON.stringify(statements)).not.toMatch(/planted|asked_by_worker|insufficient privilege/);
    expect(logins.map(({ login }) => login)).toEqual(expect.arrayContaining(['app_web', 'app_worker']));
    expect(since).toBeInstanceOf(Date);
  });

  it('leave out what is no query and kept a literal', async () => {
    await web.pool.query("SET application_name = 'planted-literal'");
    expect(JSON.stringify(ready(await topStatements(web.pool, 'total')))).not.toContain('planted-literal');
  });

  it('come in the order that is asked for, and no more than twenty-five', async () => {
    for (let columns = 1; columns <= 30; columns += 1) {
      await web.pool.query(`SELECT ${Array.from({ length: columns }, (_, n) => `${n} AS c${n}`).join(', ')}`);
    }
    await web.pool.query('SELECT generate_series(1, 500)');
    const { statements } = ready(await topStatements(web.pool, 'rows'));
    expect(statements).toHaveLength(25);
    expect(statements[0]).toMatchObject({ rows: 500, text: 'SELECT generate_series($1, $2)' });
    const times = ready(await topStatements(web.pool, 'mean')).statements.map(({ meanMs }) => meanMs);
    expect(times).toEqual(times.toSorted((one, other) => other - one));
  });

  it('are nobody else’s business: other logins may not ask', async () => {
    expect(await topStatements(worker.pool, 'total')).toEqual({ state: 'refused' });
  });

  it('are said to be missing where the extension is not there, and any other failure is one', async () => {
    await admin.rows('DROP EXTENSION pg_stat_statements');
    expect(await topStatements(web.pool, 'total')).toEqual({ state: 'missing' });
    const nowhere = openDatabase({ url: database.webUrl.replace(/\/[^/]*$/, '/nowhere'), applicationName: 'x', maxConnections: 1 });
    await expect(topStatements(nowhere.pool, 'total')).rejects.toThrow('nowhere');
    await nowhere.close();
  });
});
