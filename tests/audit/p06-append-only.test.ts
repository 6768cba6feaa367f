import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { newId } from '../../src/foundation/runtime/new-id.ts';
import { createTestDatabase, type TestDatabase } from '../support/database.ts';
import { insertUser, openSql, type Sql } from '../support/sql.ts';

const denied = '42501';
/** Tables of the history, each with one of its columns. */
const parents: Record<string, string> = {
  action: 'id',
  event: 'tbl',
  value: 'body',
  snapshot: 'body',
  control: 'body',
  leaf: 'leaf',
  checkpoint: 'root',
  anchor: 'ref',
  search: 'text',
  enrichment: 'city',
  hold: 'reason',
  policy: 'mode',
  epoch: 'reason',
};

describe('P6: the history is append-only', () => {
  let database: TestDatabase;
  let admin: Sql;
  let partitions: string[];

  beforeAll(async () => {
    database = await createTestDatabase();
    admin = await openSql(database.adminUrl);
    await admin.rows(insertUser);
    partitions = (
      await admin.rows<{ name: string }>(
        `SELECT i.inhrelid::regclass::text AS name FROM pg_inherits AS i JOIN pg_class AS p ON p.oid = i.inhparent
          WHERE p.relkind = 'p' AND p.relnamespace = 'audit'::regnamespace ORDER BY 1`,
      )
    ).map((row) => row.name);
  });
  afterAll(async () => {
    await admin.close();
    await database.drop();
  });

  const columnOf = (table: string) => parents[table.replace(/^audit\./, '').replace(/_p\d{6}$/, '')] ?? 'id';
  const forbidden = (table: string) => [
    `INSERT INTO ${table} SELECT * FROM ${table}`,
    `UPDATE ${table} SET ${columnOf(table)} = ${columnOf(table)}`,
    `DELETE FROM ${table}`,
    `TRUNCATE ${table}`,
    `ALTER TABLE ${table} DISABLE TRIGGER ALL`,
    `DROP TABLE ${table}`,
  ];

  it('has the months from the last one to three ahead', () => {
    expect(partitions.length).toBe(5 * 5);
  });

  it.each([['webUrl'], ['workerUrl'], ['readerUrl'], ['migratorUrl']] as const)(
    'refuses every change of every table and partition to the login of %s',
    async (key) => {
      const sql = await openSql(database[key]);
      const allowed: string[] = [];
      for (const table of [...Object.keys(parents).map((name) => `audit.${name}`), ...partitions]) {
        for (const statement of forbidden(table)) {
          const code = await sql.errorCode(statement);
          if (code !== denied) allowed.push(`${statement}: ${code}`);
        }
      }
      expect(allowed).toEqual([]);
      await sql.close();
    },
  );

  it.each([['webUrl'], ['workerUrl']] as const)('holds no right on them beyond reading, by the catalogue (%s)', async (key) => {
    const role = key === 'webUrl' ? 'app_web' : 'app_worker';
    const rights = await admin.rows<{ name: string; right: string }>(
      `SELECT c.oid::regclass::text AS name, r.name AS right FROM pg_class AS c, unnest(ARRAY['INSERT', 'UPDATE', 'DELETE', 'TRUNCATE', 'REFERENCES', 'TRIGGER']) AS r (name)
        WHERE c.relnamespace = 'audit'::regnamespace AND c.relkind IN ('r', 'p', 'v') AND has_table_privilege($1, c.oid, r.name)`,
      [role],
    );
    expect(rights).toEqual([]);
    const readable = await admin.rows<{ name: string }>(
      `SELECT c.relname AS name FROM pg_class AS c WHERE c.relnamespace = 'audit'::regnamespace AND c.relkind IN ('r', 'p', 'v')
          AND has_table_privilege($1, c.oid, 'SELECT') ORDER BY 1`,
      [role],
    );
    expect(readable.map((row) => row.name)).toEqual([
      'action',
      'anchor',
      'checkpoint',
      'control',
      'enrichment',
      'epoch',
      'erasure',
      'erasure_run',
      'event',
      'export',
      'hold',
      'leaf',
      'partition_seal',
      'policy',
      'progress',
      'search',
      'tree_node',
    ]);
  });

  it.each([['webUrl'], ['workerUrl']] as const)('keeps values out of reach of plain SQL (%s)', async (key) => {
    const sql = await openSql(database[key]);
    expect(await sql.errorCode('SELECT * FROM audit.value')).toBe(denied);
    expect(await sql.errorCode('SELECT * FROM audit.snapshot')).toBe(denied);
    for (const partition of partitions) expect(await sql.errorCode(`SELECT * FROM ${partition}`)).toBe(denied);
    await sql.close();
  });

  it.each([['webUrl'], ['workerUrl']] as const)('lets nobody switch the capture off (%s)', async (key) => {
    const sql = await openSql(database[key]);
    for (const statement of [
      'ALTER TABLE identity."user" DISABLE TRIGGER audit_rows',
      'DROP TRIGGER audit_rows ON identity."user"',
      'SET session_replication_role = replica',
      'SET ROLE migrator',
      'SET ROLE audit_owner',
      'SET SESSION AUTHORIZATION migrator',
      "SELECT audit.enable_table('identity.client')",
      "SELECT audit.disable_table('identity.client', 'because')",
      "SELECT audit.compile_capture('identity.client')",
      "SELECT audit.record_policy_change('x', 'because')",
      "SELECT audit.record_control('policy', '{}')",
      "SELECT audit.write_baseline('identity.client')",
      'CREATE OR REPLACE FUNCTION audit.read_context() RETURNS jsonb LANGUAGE sql AS $$ SELECT null::jsonb $$',
      'CREATE TABLE identity.shadow (id int)',
      'CREATE TABLE public.shadow (id int)',
    ]) {
      expect(`${statement}: ${await sql.errorCode(statement)}`).toBe(`${statement}: ${denied}`);
    }
    await sql.close();
  });

  it('lets the web role call only what it needs', async () => {
    const callable = async (role: string) =>
      (
        await admin.rows<{ name: string }>(
          `SELECT DISTINCT p.proname AS name FROM pg_proc AS p WHERE p.pronamespace = 'audit'::regnamespace AND has_function_privilege($1, p.oid, 'EXECUTE') ORDER BY 1`,
          [role],
        )
      ).map((row) => row.name);
    const both = [
      'as_uuid',
      'holds_against_erasure',
      'place_hold',
      'read_commitments',
      'read_snapshots',
      'read_values',
      'record_action',
      'release_hold',
    ];
    const web = ['ask_export', 'close_export', 'fetch_export', 'read_export_part'];
    expect(await callable('app_web')).toEqual([...both, ...web].sort());
    const worker = [
      ...['append_checkpoint', 'append_leaves', 'mark_anchored', 'start_epoch'],
      ...['make_partitions', 'protect_partition', 'index_closed_months'],
      ...['seal_partition', 'read_contents', 'archive_partition', 'drop_search', 'forget_enrichment', 'holds_on_month'],
      ...['erase_subject', 'note_erasure', 'reopen_erasures'],
      ...['put_enrichment', 'put_search', 'advance_progress', 'fold_tree', 'record_verification'],
      ...['picture_queries', 'canonical', 'capped', 'capture_drift'],
      ...['begin_export', 'fail_export', 'finish_export', 'forget_exports', 'move_export', 'put_export_part'],
    ];
    expect(await callable('app_worker')).toEqual([...both, ...worker].sort());
    expect(await callable('audit_reader')).toEqual([]);
  });

  it('stops owners and superusers too, on parents and partitions', async () => {
    for (const table of ['audit.action', 'audit.event', 'audit.value', 'audit.snapshot', 'audit.control', 'audit.leaf', ...partitions]) {
      expect(`${table} ${await admin.errorCode(`DELETE FROM ${table}`)}`).toBe(`${table} ${denied}`);
      expect(`${table} ${await admin.errorCode(`TRUNCATE ${table}`)}`).toBe(`${table} ${denied}`);
    }
    await admin.rows('SET session_replication_role = replica');
    expect(await admin.errorCode('DELETE FROM audit.event')).toBe(denied);
    await admin.rows('RESET session_replication_role');
    await admin.rows('SET ROLE audit_owner');
    expect(await admin.errorCode('DELETE FROM audit.value')).toBe(denied);
    expect(await admin.errorCode("UPDATE audit.value SET body = 'x'")).toBe(denied);
    await admin.rows('RESET ROLE');
  });

  it('protects the partitions that the worker makes, in the same transaction', async () => {
    const worker = await openSql(database.workerUrl);
    const [made] = await worker.rows<{ made: number }>("SELECT audit.make_partitions('2031-01-15', '2031-02-01') AS made");
    expect(made?.made).toBe(10);
    expect((await worker.rows<{ made: number }>("SELECT audit.make_partitions('2031-01-15', '2031-02-01') AS made"))[0]?.made).toBe(0);
    for (const partition of ['audit.event_p203101', 'audit.value_p203102']) {
      for (const statement of forbidden(partition)) {
        expect(`${statement}: ${await worker.errorCode(statement)}`).toBe(`${statement}: ${denied}`);
      }
      expect(await admin.errorCode(`TRUNCATE ${partition}`)).toBe(denied);
    }
    await worker.rows("SELECT audit.protect_partition('audit.event_p203101')");
    expect(await worker.errorCode("SELECT audit.make_partitions('2000-01-01', '2031-02-01')")).toBe('22023');
    await worker.close();
  });

  it('keeps sign-ins and consents append-only for everybody', async () => {
    const worker = await openSql(database.workerUrl);
    expect((await worker.rows<{ made: number }>("SELECT platform.make_partitions('2031-01-15', '2031-01-16') AS made"))[0]?.made).toBe(2);
    const month = await admin.rows<{ name: string }>(
      "SELECT 'identity.login_event_p' || to_char(now() AT TIME ZONE 'UTC', 'YYYYMM') AS name",
    );
    for (const table of ['identity.login_event', 'identity.consent', month[0]?.name, 'identity.login_event_p203101']) {
      for (const statement of [`DELETE FROM ${table}`, `TRUNCATE ${table}`]) {
        expect(`${statement}: ${await worker.errorCode(statement)}`).toBe(`${statement}: ${denied}`);
        expect(`${statement}: ${await admin.errorCode(statement)}`).toBe(`${statement}: ${denied}`);
      }
    }
    expect(await worker.errorCode('TRUNCATE platform.api_log')).toBe(denied);
    expect(await worker.errorCode('TRUNCATE platform.api_log_p203101')).toBe(denied);
    expect(
      await worker.errorCode(
        `INSERT INTO identity.login_event (surface, method, outcome, user_id) VALUES ('api', 'password', 'failed', '${newId()}')`,
      ),
    ).toBe('none');
    expect(await worker.errorCode("UPDATE identity.login_event SET reason_code = 'x'")).toBe(denied);
    await worker.close();
  });
});
