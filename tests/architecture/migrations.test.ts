import { randomBytes } from 'node:crypto';
import pg from 'pg';
import { afterAll, beforeAll, describe, expect, inject, it } from 'vitest';
import { checkDrift } from '../../prisma/runner/drift.ts';
import { readMigrations, readSchema } from '../../prisma/runner/files.ts';
import { migrate } from '../../prisma/runner/migrate.ts';
import { roleUrls } from '../../prisma/runner/roles.ts';
import { scramVerifier } from '../../prisma/runner/scram-verifier.ts';
import { migrationsCurrent } from '../../prisma/runner/status.ts';
import { withDatabase } from '../../prisma/runner/with-database.ts';
import { createTestDatabase, type TestDatabase } from '../support/database.ts';
import { openSql, type Sql } from '../support/sql.ts';

describe('migrations', () => {
  const fresh = `test_fresh_${randomBytes(4).toString('hex')}`;
  const freshUrl = withDatabase(inject('adminUrl'), fresh);
  let server: Sql;
  let database: TestDatabase;
  let admin: Sql;

  beforeAll(async () => {
    server = await openSql(inject('adminUrl'));
    await server.rows(`CREATE DATABASE ${fresh}`);
    database = await createTestDatabase();
    admin = await openSql(database.adminUrl);
  });
  afterAll(async () => {
    await admin.close();
    await database.drop();
    await server.rows(`DROP DATABASE IF EXISTS ${fresh} WITH (FORCE)`);
    await server.close();
  });

  const current = async (url: string) => {
    const pool = new pg.Pool({ connectionString: url, max: 1 });
    // end() does not wait for the server: the database may be dropped, by force, while the connection says goodbye.
    pool.on('error', () => undefined);
    try {
      return await migrationsCurrent(pool);
    } finally {
      await pool.end();
    }
  };

  it('run once when several processes start at the same time, and report progress', { timeout: 60_000 }, async () => {
    expect(await current(freshUrl)).toBe(false);
    const steps: string[] = [];
    const applied = await Promise.all(
      [1, 2, 3].map(() => migrate({ adminUrl: freshUrl, steps: [], onProgress: (step) => steps.push(step) })),
    );
    const names = readMigrations().map((migration) => migration.name);
    expect(applied.map((list) => list.length).sort()).toEqual([0, 0, names.length]);
    expect(applied.find((list) => list.length > 0)).toEqual(names);
    for (const name of names) expect(steps.filter((step) => step === `Migration ${name}`)).toHaveLength(1);
    expect(await current(freshUrl)).toBe(true);
  });

  it('leave the rows and checksums that prisma migrate keeps', async () => {
    const client = await openSql(freshUrl);
    const rows = await client.rows<{ migration_name: string; checksum: string; applied_steps_count: number }>(
      'SELECT migration_name, checksum, applied_steps_count FROM public._prisma_migrations WHERE finished_at IS NOT NULL ORDER BY started_at',
    );
    expect(rows).toEqual(readMigrations().map(({ name, checksum }) => ({ migration_name: name, checksum, applied_steps_count: 1 })));
    await client.close();
  });

  it('make the logins usable with derived passwords, the same for whoever knows the administrative one', async () => {
    for (const url of Object.values(roleUrls(freshUrl))) {
      const client = await openSql(url);
      expect(await client.rows('SELECT session_user = current_user AS same')).toEqual([{ same: true }]);
      await client.close();
    }
    const wrong = new URL(roleUrls(freshUrl).webUrl);
    wrong.password = 'guess';
    await expect(openSql(wrong.href)).rejects.toThrow();
    expect(roleUrls('postgres://a:secret@h/d')).toEqual(roleUrls('postgres://b:secret@h/d'));
    expect(roleUrls('postgres://a:secret@h/d').webUrl).not.toBe(roleUrls('postgres://a:other@h/d').webUrl);
    expect(roleUrls('postgres://a@h/d?sslmode=require').webUrl).toBe('postgres://app_web@h/d?sslmode=require');
  });

  it('run the further steps as migrator', async () => {
    const users: string[] = [];
    const step = {
      name: 'Looking around',
      run: async (url: string) => {
        const client = await openSql(url);
        users.push((await client.rows<{ name: string }>('SELECT session_user::text AS name'))[0]?.name ?? '');
        await client.close();
      },
    };
    await migrate({ adminUrl: freshUrl, steps: [step] });
    expect(users).toEqual(['migrator']);
  });

  it('refuse to go on over a script that was changed after it ran', async () => {
    const client = await openSql(freshUrl);
    const [first] = readMigrations();
    await client.rows("UPDATE public._prisma_migrations SET checksum = 'x' WHERE migration_name = $1", [first?.name]);
    await expect(migrate({ adminUrl: freshUrl, steps: [] })).rejects.toThrow(new RegExp(`Changed after they were applied: ${first?.name}`));
    expect(await current(freshUrl)).toBe(false);
    await client.rows('UPDATE public._prisma_migrations SET checksum = $2 WHERE migration_name = $1', [first?.name, first?.checksum]);
    await client.close();
  });

  it('are tried again after a failure', { timeout: 60_000 }, async () => {
    const other = `test_retry_${randomBytes(4).toString('hex')}`;
    const url = withDatabase(inject('adminUrl'), other);
    await server.rows(`CREATE DATABASE ${other}`);
    const client = await openSql(url);
    // What the third migration makes is in the way, as after a hand-made change.
    await client.rows('CREATE SCHEMA support');
    await expect(migrate({ adminUrl: url, steps: [] })).rejects.toThrow();
    expect(await client.rows('SELECT finished_at IS NULL AND rolled_back_at IS NULL AS failed FROM public._prisma_migrations')).toEqual([
      { failed: true },
    ]);
    expect(await client.rows("SELECT 1 FROM pg_namespace WHERE nspname = 'identity'")).toEqual([]);
    await client.rows('DROP SCHEMA support');
    expect((await migrate({ adminUrl: url, steps: [] })).length).toBe(readMigrations().length);
    expect(await current(url)).toBe(true);
    await client.close();
    await server.rows(`DROP DATABASE ${other} WITH (FORCE)`);
  });

  it('make exactly what prisma/schema says, and a difference is seen', { timeout: 90_000 }, async () => {
    expect(await checkDrift(inject('adminUrl'))).toBeNull();
    const changed = readSchema().map(({ path, content }) => ({
      path,
      content: content.replace('model Country {', 'model Country {\n  motto String?'),
    }));
    expect(await checkDrift(inject('adminUrl'), changed)).toContain('ADD COLUMN     "motto"');
    expect(await server.rows("SELECT datname FROM pg_database WHERE datname LIKE 'shadow_%'")).toEqual([]);
  });
});

describe('the password verifier', () => {
  it('is the one PostgreSQL makes', () => {
    // Known answer of RFC 7677 section 3: user "user", password "pencil".
    const salt = Buffer.from('W22ZaJ0SNY7soEsUEjb6gQ==', 'base64');
    expect(scramVerifier('pencil', salt)).toBe(
      'SCRAM-SHA-256$4096:W22ZaJ0SNY7soEsUEjb6gQ==$WG5d8oPm3OtcPnkdi4Uo7BkeZkBFzpcXkuLmtbsT4qY=:wfPLwcE6nTWhTAmQ7tl2KeoiWGPlZqQxSrmfPwDl2dU=',
    );
  });
});
