import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { createTestDatabase, type TestDatabase } from '../support/database.ts';
import { eventsOf, insertUser, openSql, type Sql } from '../support/sql.ts';

describe('P2: an application login cannot write without an audit row', () => {
  let database: TestDatabase;
  let admin: Sql;
  let userId: string;

  beforeAll(async () => {
    database = await createTestDatabase();
    admin = await openSql(database.adminUrl);
    userId = (await admin.rows<{ id: string }>(insertUser))[0]?.id ?? '';
  });
  afterAll(async () => {
    await admin.close();
    await database.drop();
  });

  const firstName = async () =>
    (await admin.rows<{ first_name: string }>('SELECT first_name FROM identity."user" WHERE id = $1', [userId]))[0]?.first_name;
  const rename = (name: string) => `UPDATE identity."user" SET first_name = '${name}' WHERE id = '${userId}'`;

  it.each([['webUrl'], ['workerUrl']] as const)('refuses a write of the login of %s without a context', async (key) => {
    const sql = await openSql(database[key]);
    expect(await sql.errorCode(rename('Eve'))).toBe('AU001');
    expect(await sql.errorCode(insertUser)).toBe('AU001');
    expect(await sql.errorCode(`DELETE FROM identity."user" WHERE id = '${userId}'`)).toBe('AU001');
    expect(await firstName()).toBe('Ada');
    await sql.close();
  });

  it('takes no context for none, and unreadable ones for an error', async () => {
    const sql = await openSql(database.webUrl);
    const withRaw = async (raw: string) => {
      await sql.rows('BEGIN');
      await sql.rows("SELECT set_config('audit.ctx', $1, true)", [raw]);
      const code = await sql.errorCode(rename('Eve'));
      await sql.rows('ROLLBACK');
      return code;
    };
    expect(await withRaw('')).toBe('AU001');
    expect(await withRaw(Buffer.from('{"actorId":"x"}').toString('base64'))).toBe('AU001');
    expect(await withRaw(Buffer.from('{"actorType":""}').toString('base64'))).toBe('AU001');
    expect(await withRaw('!!!')).not.toBe('none');
    expect(await withRaw(Buffer.from('not json').toString('base64'))).not.toBe('none');
    expect(await firstName()).toBe('Ada');
    await sql.close();
  });

  it('drops the context with its transaction', async () => {
    const sql = await openSql(database.webUrl);
    await sql.inContext((tx) => tx.rows(rename('Ada B.')));
    expect(await sql.errorCode(rename('Eve'))).toBe('AU001');
    expect(await firstName()).toBe('Ada B.');
    await sql.inContext((tx) => tx.rows(rename('Ada')));
    await sql.close();
  });

  it('refuses the write while the audit tables are unavailable, and works again after', async () => {
    const sql = await openSql(database.webUrl);
    await admin.rows('ALTER TABLE audit.event RENAME TO event_hidden');
    await expect(sql.inContext((tx) => tx.rows(rename('Eve')))).rejects.toThrow(/audit\.event/);
    expect(await firstName()).toBe('Ada');
    await admin.rows('ALTER TABLE audit.event_hidden RENAME TO event');
    await sql.inContext((tx) => tx.rows(rename('Ada C.')));
    expect(await firstName()).toBe('Ada C.');
    await sql.close();
  });

  it('refuses the write when the month of the audit has no partition', async () => {
    const sql = await openSql(database.webUrl);
    const [partition] = await admin.rows<{ name: string }>("SELECT 'audit.event_p' || to_char(now() AT TIME ZONE 'UTC', 'YYYYMM') AS name");
    await admin.rows(`ALTER TABLE audit.event DETACH PARTITION ${partition?.name}`);
    await expect(sql.inContext((tx) => tx.rows(rename('Eve')))).rejects.toThrow(/no partition/);
    const [bounds] = await admin.rows<{ low: string; high: string }>(
      `SELECT date_trunc('month', now() AT TIME ZONE 'UTC')::date || ' 00:00+00' AS low,
              (date_trunc('month', now() AT TIME ZONE 'UTC') + interval '1 month')::date || ' 00:00+00' AS high`,
    );
    await admin.rows(
      `ALTER TABLE audit.event ATTACH PARTITION ${partition?.name} FOR VALUES FROM ('${bounds?.low}') TO ('${bounds?.high}')`,
    );
    await sql.inContext((tx) => tx.rows(rename('Ada D.')));
    expect(await firstName()).toBe('Ada D.');
    await sql.close();
  });

  it('refuses a write to a table that grew a column its audit does not know', async () => {
    const sql = await openSql(database.webUrl);
    await admin.rows('ALTER TABLE reference.country ADD COLUMN motto text');
    const insert = "INSERT INTO reference.country (iso2, iso3, name) VALUES ('NG', 'NGA', 'Nigeria')";
    await expect(sql.inContext((tx) => tx.rows(insert))).rejects.toMatchObject({ code: 'AU003' });
    await admin.rows("SET ROLE migrator; SELECT audit.enable_table('reference.country'); RESET ROLE");
    await sql.inContext((tx) => tx.rows(insert));
    await sql.inContext((tx) => tx.rows("UPDATE reference.country SET motto = 'Unity and Faith'"));
    expect((await eventsOf(admin, 'reference.country')).at(-1)).toMatchObject({
      changed: ['motto'],
      body: '{"motto":[null,"Unity and Faith"]}',
    });
    await sql.close();
  });

  it('records any other login under its own name', async () => {
    await admin.rows(rename('Ada E.'));
    const last = (await eventsOf(admin, 'identity.user', userId)).at(-1);
    expect(last).toMatchObject({ actor_type: 'system:db', actor_id: null, action_id: null, db_user: 'postgres' });
    const migrator = await openSql(database.migratorUrl);
    await migrator.rows(rename('Ada F.'));
    expect((await eventsOf(admin, 'identity.user', userId)).at(-1)).toMatchObject({ actor_type: 'system:db', db_user: 'migrator' });
    await migrator.close();
  });
});
