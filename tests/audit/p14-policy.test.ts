import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { createTestDatabase, type TestDatabase } from '../support/database.ts';
import { eventsOf, openSql, type Sql } from '../support/sql.ts';

/** audit.md section 5: a column named like this needs an explicit mode. */
const secretLooking = /password|secret|token|otp|pin|hash|pepper|cvv|key/;

describe('P14: every table is audited or exempt with a written reason', () => {
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

  const tables = () =>
    admin.rows<{ name: string; isAudited: boolean }>(
      `SELECT n.nspname || '.' || c.relname AS name,
              EXISTS (SELECT FROM pg_trigger AS t WHERE t.tgrelid = c.oid AND t.tgname = 'audit_rows' AND t.tgenabled = 'A') AS "isAudited"
         FROM pg_class AS c JOIN pg_namespace AS n ON n.oid = c.relnamespace
        WHERE c.relkind IN ('r', 'p') AND NOT c.relispartition AND n.nspname NOT IN ('pg_catalog', 'information_schema') AND n.nspname NOT LIKE 'pg_toast%'
        ORDER BY 1`,
    );
  const policies = () =>
    admin.rows<{ tbl: string; field: string; mode: string; why: string | null; pk_columns: string[]; subject_column: string | null }>(
      'SELECT * FROM audit.policy',
    );

  it('lists every table of every schema', async () => {
    const rules = new Map((await policies()).filter((rule) => rule.field === '*').map((rule) => [rule.tbl, rule.mode]));
    const modeOf = (name: string) => rules.get(name) ?? rules.get(`${name.split('.')[0]}.*`);
    const all = await tables();
    expect(all.length).toBeGreaterThan(40);
    expect(all.filter((table) => modeOf(table.name) === undefined)).toEqual([]);
    expect(all.filter((table) => (modeOf(table.name) === 'audit') !== table.isAudited)).toEqual([]);
    const names = new Set(all.map((table) => table.name));
    expect([...rules.keys()].filter((name) => !name.endsWith('.*') && !names.has(name))).toEqual([]);
  });

  it('gives a reason for every exemption', async () => {
    for (const rule of await policies()) {
      if (rule.mode === 'ignore') expect(`${rule.tbl}.${rule.field}: ${rule.why}`).toMatch(/: .{10,}/);
    }
    expect(await admin.errorCode("INSERT INTO audit.policy (tbl, field, mode) VALUES ('a.b', '*', 'ignore')")).toBe('23514');
    expect(await admin.errorCode("INSERT INTO audit.policy (tbl, field, mode) VALUES ('a.b', '*', 'secret')")).toBe('23514');
  });

  it('names only columns that exist, with the real primary key', async () => {
    const columns = await admin.rows<{ tbl: string; field: string; type: string }>(
      `SELECT table_schema || '.' || table_name AS tbl, column_name AS field, udt_name AS type FROM information_schema.columns WHERE table_schema IN
        ('catalog', 'identity', 'notifications', 'platform', 'reference', 'review', 'support')`,
    );
    const known = new Map(columns.map((column) => [`${column.tbl}.${column.field}`, column.type]));
    for (const rule of (await policies()).filter((one) => !one.tbl.endsWith('.*'))) {
      if (rule.field !== '*') expect(known.has(`${rule.tbl}.${rule.field}`)).toBe(true);
      if (rule.subject_column) expect(known.get(`${rule.tbl}.${rule.subject_column}`)).toBe('uuid');
      if (rule.mode !== 'audit') continue;
      const key = await admin.rows<{ field: string }>(
        `SELECT a.attname AS field FROM pg_index AS i JOIN pg_attribute AS a ON a.attrelid = i.indrelid AND a.attnum = ANY (i.indkey)
          WHERE i.indisprimary AND i.indrelid = $1::regclass`,
        [rule.tbl.replace('identity.user', 'identity."user"')],
      );
      expect(key.map((row) => row.field)).toEqual(rule.pk_columns);
    }
  });

  it('has an explicit mode for every secret-looking column, and "secret" for every blind index', async () => {
    const rules = await policies();
    const audited = new Set(rules.filter((rule) => rule.field === '*' && rule.mode === 'audit').map((rule) => rule.tbl));
    const modes = new Map(rules.map((rule) => [`${rule.tbl}.${rule.field}`, rule.mode]));
    const columns = await admin.rows<{ tbl: string; field: string }>(
      "SELECT table_schema || '.' || table_name AS tbl, column_name AS field FROM information_schema.columns",
    );
    const own = columns.filter((column) => audited.has(column.tbl));
    expect(own.filter((column) => secretLooking.test(column.field) && !modes.has(`${column.tbl}.${column.field}`))).toEqual([]);
    expect(own.filter((column) => column.field.endsWith('_bidx') && modes.get(`${column.tbl}.${column.field}`) !== 'secret')).toEqual([]);
  });

  it('is what the triggers were compiled from', async () => {
    const stale = await admin.rows<{ name: string }>(
      `SELECT t.tgrelid::regclass::text AS name FROM pg_trigger AS t JOIN pg_proc AS p ON p.oid = t.tgfoid
        WHERE t.tgname = 'audit_rows' AND (p.prosrc IS DISTINCT FROM audit.capture_source(t.tgrelid)
          OR t.tgargs <> (SELECT string_agg(convert_to(a.value, 'UTF8') || '\\x00'::bytea, ''::bytea ORDER BY a.position)
                            FROM unnest(audit.trigger_arguments(t.tgrelid)) WITH ORDINALITY AS a (value, position)))`,
    );
    expect(stale).toEqual([]);
  });

  it('is taken over by the trigger when it changes, and only then', async () => {
    await admin.rows(
      "SET ROLE audit_owner; UPDATE audit.policy SET mode = 'secret' WHERE tbl = 'identity.passkey' AND field = 'public_key'; RESET ROLE",
    );
    const source =
      "SELECT p.prosrc = audit.capture_source('identity.passkey') AS fresh FROM pg_proc AS p WHERE p.oid = 'audit.capture__identity__passkey'::regproc";
    expect(await admin.rows(source)).toEqual([{ fresh: false }]);
    await admin.rows("SET ROLE migrator; SELECT audit.enable_table('identity.passkey'); RESET ROLE");
    expect(await admin.rows(source)).toEqual([{ fresh: true }]);
  });

  it('refuses to audit a table without a policy', async () => {
    await admin.rows('SET ROLE migrator; CREATE TABLE reference.planned (id uuid PRIMARY KEY); RESET ROLE');
    expect(await admin.errorCode("SELECT audit.enable_table('reference.planned')")).toBe('AU002');
  });

  it('writes a baseline for rows that are older than auditing, and none twice', async () => {
    await admin.rows(
      `SET ROLE migrator; CREATE TABLE reference.legacy (id uuid PRIMARY KEY DEFAULT uuidv7(), name text, pin text, seen_at timestamptz); RESET ROLE`,
    );
    await admin.rows(
      "INSERT INTO reference.legacy (name, pin, seen_at) SELECT 'row ' || n, '1234', '2026-01-02T03:04:05Z' FROM generate_series(1, 5003) AS n",
    );
    await admin.rows(
      "INSERT INTO audit.policy (tbl, field, mode, pk_columns) VALUES ('reference.legacy', '*', 'audit', '{id}'), ('reference.legacy', 'pin', 'secret', '{}')",
    );
    const enable = "SELECT audit.enable_table('reference.legacy')";
    await admin.rows('SET ROLE migrator');
    expect(await admin.rows(enable)).toEqual([{ enable_table: '5003' }]);
    expect(await admin.rows(enable)).toEqual([{ enable_table: '0' }]);
    await admin.rows('RESET ROLE');
    const baseline = await eventsOf(admin, 'reference.legacy');
    expect(baseline.length).toBe(5003);
    expect(new Set(baseline.map((event) => event.record_id)).size).toBe(5003);
    expect(baseline.every((event) => event.op === 5 && event.is_committed)).toBe(true);
    expect(baseline[0]?.changed).toEqual(['id', 'name', 'pin', 'seen_at']);
    expect(baseline[0]?.body).toBe(
      `{"id":[null,"${baseline[0]?.record_id}"],"name":[null,"row 1"],"seen_at":[null,"2026-01-02T03:04:05.000000Z"]}`,
    );
    expect(await admin.rows("SELECT has_table_privilege('audit_owner', 'reference.legacy', 'SELECT') AS can")).toEqual([{ can: false }]);
  });

  it('leaves a sealed trace when auditing of a table ends', async () => {
    await admin.rows('SET ROLE migrator');
    await admin.rows("SELECT audit.disable_table('reference.legacy', 'table is being retired')");
    await admin.rows('RESET ROLE');
    expect(await admin.rows('SELECT type, body FROM audit.control')).toEqual([
      { type: 'policy', body: '{"by":"postgres","change":"disabled","reason":"table is being retired","table":"reference.legacy"}' },
    ]);
  });
});
