import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { newId } from '../../src/foundation/runtime/new-id.ts';
import { createTestDatabase, type TestDatabase } from '../support/database.ts';
import { type AuditEvent, eventsOf, insertUser, openSql, type Sql } from '../support/sql.ts';

describe('P3: every route of writing leaves one event per changed row', () => {
  let database: TestDatabase;
  let admin: Sql;
  let web: Sql;
  let users: string[];

  beforeAll(async () => {
    database = await createTestDatabase();
    admin = await openSql(database.adminUrl);
    web = await openSql(database.webUrl);
    users = await web.inContext(async (tx) => {
      const ids: string[] = [];
      for (let made = 0; made < 5; made += 1) ids.push((await tx.rows<{ id: string }>(insertUser))[0]?.id ?? '');
      return ids;
    });
  });
  afterAll(async () => {
    await web.close();
    await admin.close();
    await database.drop();
  });

  /** Runs one statement in a context of its own and returns the events that carry its action. */
  async function eventsOfStatement(sql: Sql, statement: string, values: unknown[] = []): Promise<AuditEvent[]> {
    const actionId = newId();
    await sql.inContext((tx) => tx.rows(statement, values), { actionId });
    const tables = await admin.rows<{ tbl: string }>('SELECT DISTINCT tbl FROM audit.event WHERE action_id = $1', [actionId]);
    const events: AuditEvent[] = [];
    for (const { tbl } of tables) events.push(...(await eventsOf(admin, tbl)));
    return events.filter((event) => event.action_id === actionId);
  }

  it('an UPDATE of many rows', async () => {
    const events = await eventsOfStatement(web, `UPDATE identity."user" SET city = 'Lagos'`);
    expect(events.map((event) => event.record_id).sort()).toEqual([...users].sort());
    expect(events.every((event) => event.op === 2 && event.is_committed && event.body === '{"city":[null,"Lagos"]}')).toBe(true);
  });

  it('an upsert, both ways', async () => {
    const upsert = `INSERT INTO reference.country (iso2, iso3, name) VALUES ('GH', 'GHA', $1) ON CONFLICT (iso2) DO UPDATE SET name = excluded.name`;
    expect((await eventsOfStatement(web, upsert, ['Gold Coast'])).map((event) => event.op)).toEqual([1]);
    const [second] = await eventsOfStatement(web, upsert, ['Ghana']);
    expect(second).toMatchObject({ op: 2, body: '{"name":["Gold Coast","Ghana"]}' });
    expect(await eventsOfStatement(web, upsert, ['Ghana'])).toEqual([]);
    expect(
      await eventsOfStatement(web, "INSERT INTO reference.country (iso2, iso3, name) VALUES ('GH', 'GHA', 'x') ON CONFLICT DO NOTHING"),
    ).toEqual([]);
  });

  it('a CTE that writes three tables at once', async () => {
    const events = await eventsOfStatement(
      web,
      `WITH made AS (INSERT INTO identity.client (user_id) VALUES ($1) RETURNING id),
            moved AS (UPDATE identity."user" SET city = 'Kano' WHERE id = $1),
            named AS (INSERT INTO reference.country (iso2, iso3, name) VALUES ('KE', 'KEN', 'Kenya'))
       SELECT id FROM made`,
      [users[0]],
    );
    expect(events.map((event) => `${event.tbl} ${event.op}`).sort()).toEqual([
      'identity.client 1',
      'identity.user 2',
      'reference.country 1',
    ]);
  });

  it('a MERGE', async () => {
    const events = await eventsOfStatement(
      web,
      `MERGE INTO reference.country AS c USING (VALUES ('KE', 'KEN', 'Republic of Kenya'), ('TG', 'TGO', 'Togo')) AS n (iso2, iso3, name) ON c.iso2 = n.iso2
       WHEN MATCHED THEN UPDATE SET name = n.name WHEN NOT MATCHED THEN INSERT (iso2, iso3, name) VALUES (n.iso2, n.iso3, n.name)`,
    );
    expect(events.map((event) => event.op).sort()).toEqual([1, 2]);
  });

  it('a cascade, and a SET NULL, of foreign keys', async () => {
    const [owner, referred] = [users[1], users[2]];
    await web.inContext(async (tx) => {
      const [client] = await tx.rows<{ id: string }>('INSERT INTO identity.client (user_id) VALUES ($1) RETURNING id', [owner]);
      for (const label of ['home', 'work']) {
        await tx.rows(
          `INSERT INTO identity.client_address (client_id, label, full_name_enc, street_enc, city, country_code) VALUES ($1, $2, '\\x01', '\\x02', 'Lagos', 'NG')`,
          [client?.id, label],
        );
      }
      await tx.rows('UPDATE identity."user" SET referred_by = $1 WHERE id = $2', [owner, referred]);
    });
    const gone = await eventsOfStatement(web, 'DELETE FROM identity.client WHERE user_id = $1', [owner]);
    expect(gone.map((event) => `${event.tbl} ${event.op} ${event.subject_id}`).sort()).toEqual([
      `identity.client 3 ${owner}`,
      `identity.client_address 3 ${owner}`,
      `identity.client_address 3 ${owner}`,
    ]);
    const unlinked = await eventsOfStatement(web, 'DELETE FROM identity."user" WHERE id = $1', [owner]);
    expect(unlinked.map((event) => `${event.record_id} ${event.op}`).sort()).toEqual([`${owner} 3`, `${referred} 2`].sort());
  });

  it('a superuser at the keyboard', async () => {
    const before = (await eventsOf(admin, 'identity.user')).length;
    await admin.rows(`UPDATE identity."user" SET city = 'Abuja'`);
    const events = await eventsOf(admin, 'identity.user');
    expect(events.length - before).toBe(4);
    expect(events.at(-1)).toMatchObject({ actor_type: 'system:db', db_user: 'postgres' });
  });

  it('session_replication_role = replica', async () => {
    const before = (await eventsOf(admin, 'identity.user')).length;
    await admin.rows('SET session_replication_role = replica');
    await admin.rows(`UPDATE identity."user" SET city = 'Enugu'`);
    await admin.rows('RESET session_replication_role');
    expect((await eventsOf(admin, 'identity.user')).length - before).toBe(4);
  });

  it('TRUNCATE: refused for the application, recorded for others', async () => {
    expect(await web.errorCode('TRUNCATE platform.saved_view')).toBe('42501');
    await admin.rows('TRUNCATE platform.saved_view CASCADE');
    expect(await eventsOf(admin, 'platform.saved_view')).toMatchObject([
      { op: 4, record_id: '*', body: '{}', changed: [], is_committed: true },
    ]);
  });

  it('a rolled back write leaves no event', async () => {
    const actionId = newId();
    await expect(
      web.inContext(
        async (tx) => {
          await tx.rows(`UPDATE identity."user" SET city = 'Jos'`);
          throw new Error('changed my mind');
        },
        { actionId },
      ),
    ).rejects.toThrow('changed my mind');
    expect(await admin.rows('SELECT 1 FROM audit.event WHERE action_id = $1', [actionId])).toEqual([]);
  });
});
