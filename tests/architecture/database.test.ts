import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { createTestDatabase, type TestDatabase } from '../support/database.ts';
import { openSql, type Sql } from '../support/sql.ts';

const business = ['catalog', 'identity', 'notifications', 'platform', 'reference', 'review', 'support'];

describe('the database', () => {
  let database: TestDatabase;
  let admin: Sql;

  beforeAll(async () => {
    database = await createTestDatabase();
    admin = await openSql(database.adminUrl);
  });
  afterAll(async () => {
    await admin.close();
    await database.drop();
  });

  it('has no foreign key from one owner to another', async () => {
    const keys = await admin.rows<{ name: string; isOwn: boolean }>(
      `SELECT k.conname AS name, f.relnamespace = t.relnamespace AS "isOwn" FROM pg_constraint AS k
         JOIN pg_class AS f ON f.oid = k.conrelid JOIN pg_class AS t ON t.oid = k.confrelid WHERE k.contype = 'f'`,
    );
    expect(keys.length).toBeGreaterThan(20);
    expect(keys.filter((key) => !key.isOwn)).toEqual([]);
    expect(await admin.rows("SELECT 1 FROM pg_constraint WHERE contype = 'f' AND connamespace = 'audit'::regnamespace")).toEqual([]);
  });

  it('belongs to the owners of audit.md section 2, none of whom serves', async () => {
    const owners = await admin.rows<{ schema: string; owner: string }>(
      `SELECT DISTINCT n.nspname AS schema, pg_get_userbyid(c.relowner) AS owner FROM pg_class AS c JOIN pg_namespace AS n ON n.oid = c.relnamespace
        WHERE n.nspname = ANY ($1) AND c.relkind IN ('r', 'p', 'v', 'S') ORDER BY 1`,
      [['audit', 'pgboss', ...business]],
    );
    for (const { schema, owner } of owners)
      expect(`${schema} ${owner}`).toBe(`${schema} ${schema === 'audit' ? 'audit_owner' : 'migrator'}`);
    const functions = await admin.rows<{ name: string; owner: string }>(
      `SELECT p.proname AS name, pg_get_userbyid(p.proowner) AS owner FROM pg_proc AS p WHERE p.pronamespace = 'audit'::regnamespace`,
    );
    expect(functions.filter((one) => one.owner !== 'audit_owner')).toEqual([]);
  });

  it('gives its logins nothing beyond a login', async () => {
    const roles = await admin.rows(
      `SELECT rolname, rolcanlogin, rolsuper OR rolcreaterole OR rolcreatedb OR rolbypassrls OR rolreplication AS strong FROM pg_roles
        WHERE rolname IN ('app_web', 'app_worker', 'audit_owner', 'audit_reader', 'migrator') ORDER BY 1`,
    );
    expect(roles).toEqual([
      { rolname: 'app_web', rolcanlogin: true, strong: false },
      { rolname: 'app_worker', rolcanlogin: true, strong: false },
      { rolname: 'audit_owner', rolcanlogin: false, strong: false },
      { rolname: 'audit_reader', rolcanlogin: true, strong: false },
      { rolname: 'migrator', rolcanlogin: true, strong: false },
    ]);
    const memberships = await admin.rows(
      `SELECT pg_get_userbyid(member) AS member, pg_get_userbyid(roleid) AS role FROM pg_auth_members WHERE pg_get_userbyid(member) IN ('app_web', 'app_worker', 'audit_reader')`,
    );
    expect(memberships).toEqual([]);
  });

  it.each([['webUrl'], ['workerUrl']] as const)('lets the application read and write every business table (%s)', async (key) => {
    const role = key === 'webUrl' ? 'app_web' : 'app_worker';
    const appendOnly =
      role === 'app_web' ? ['identity.consent', 'identity.login_event', 'platform.api_log'] : ['identity.consent', 'identity.login_event'];
    // What nothing deletes, or nothing changes, is not granted.
    const narrower = new Map([
      ['identity.access_review', ['SELECT', 'INSERT', 'UPDATE']],
      ['identity.access_review_line', ['SELECT', 'INSERT', 'UPDATE']],
      ['platform.setting', ['SELECT', 'INSERT', 'UPDATE']],
      ['identity.caller_check', ['SELECT', 'INSERT', 'DELETE']],
      ['catalog.banned_word', ['SELECT', 'INSERT']],
    ]);
    const tables = await admin.rows<{ name: string; rights: string[] }>(
      `SELECT n.nspname || '.' || c.relname AS name, ARRAY(SELECT r.name FROM unnest(ARRAY['SELECT', 'INSERT', 'UPDATE', 'DELETE', 'TRUNCATE', 'TRIGGER', 'REFERENCES'])
                WITH ORDINALITY AS r (name, position) WHERE has_table_privilege($1, c.oid, r.name) ORDER BY r.position) AS rights
         FROM pg_class AS c JOIN pg_namespace AS n ON n.oid = c.relnamespace
        WHERE n.nspname = ANY ($2) AND c.relkind IN ('r', 'p') AND NOT c.relispartition`,
      [role, business],
    );
    for (const table of tables) {
      const all = appendOnly.includes(table.name) ? ['SELECT', 'INSERT'] : ['SELECT', 'INSERT', 'UPDATE', 'DELETE'];
      const rights = narrower.get(table.name) ?? all;
      expect({ name: table.name, rights: table.rights }).toEqual({ name: table.name, rights });
    }
  });

  it('keeps the logins of the audit reader off personal data', async () => {
    const reader = await openSql(database.readerUrl);
    expect(await reader.errorCode('SELECT 1 FROM identity."user"')).toBe('42501');
    expect(await reader.errorCode('SELECT 1 FROM audit.value')).toBe('none');
    await reader.close();
  });

  it('makes partitions of both months for whatever may arrive around now', async () => {
    const months = await admin.rows<{ parent: string; n: number }>(
      `SELECT i.inhparent::regclass::text AS parent, count(*)::int AS n FROM pg_inherits AS i JOIN pg_class AS c ON c.oid = i.inhparent
        WHERE c.relkind = 'p' AND c.relnamespace <> 'pgboss'::regnamespace GROUP BY 1 ORDER BY 1`,
    );
    expect(months).toEqual([
      { parent: 'audit.action', n: 5 },
      { parent: 'audit.event', n: 5 },
      { parent: 'audit.search', n: 5 },
      { parent: 'audit.snapshot', n: 5 },
      { parent: 'audit.value', n: 5 },
      { parent: 'identity.login_event', n: 7 },
      { parent: 'platform.api_log', n: 7 },
    ]);
  });

  it('puts fixed-width columns first in the wide tables of the audit', async () => {
    const late = await admin.rows(
      `SELECT a.attrelid::regclass::text AS name, a.attname FROM pg_attribute AS a
        WHERE a.attrelid IN ('audit.action'::regclass, 'audit.event'::regclass, 'audit.value'::regclass, 'audit.snapshot'::regclass)
          AND a.attnum > 0 AND a.attlen > 0 AND a.atttypid <> 'name'::regtype
          AND EXISTS (SELECT FROM pg_attribute AS b WHERE b.attrelid = a.attrelid AND b.attnum BETWEEN 1 AND a.attnum AND b.attlen < 0)`,
    );
    expect(late).toEqual([]);
  });
});
