import type pg from 'pg';
import { readMigrations } from './files.ts';

type Queryable = Pick<pg.Client | pg.Pool, 'query'>;

export type AppliedMigration = { name: string; checksum: string; isApplied: boolean; isFailed: boolean };

/** Rows of the migration table; empty on a database that was never migrated. */
export async function readAppliedMigrations(client: Queryable): Promise<AppliedMigration[]> {
  const table = await client.query<{ exists: boolean }>("SELECT to_regclass('public._prisma_migrations') IS NOT NULL AS exists");
  if (!table.rows[0]?.exists) return [];
  const result = await client.query<AppliedMigration>(
    `SELECT migration_name AS name, checksum, finished_at IS NOT NULL AND rolled_back_at IS NULL AS "isApplied",
            finished_at IS NULL AND rolled_back_at IS NULL AS "isFailed"
       FROM public._prisma_migrations ORDER BY started_at`,
  );
  return result.rows;
}

let known: ReadonlyMap<string, string> | undefined;

/** Whether the database holds every migration of this release, for /health/ready. Newer ones do not matter: the schema only grows. */
export async function migrationsCurrent(pool: Queryable): Promise<boolean> {
  known ??= new Map(readMigrations().map((migration) => [migration.name, migration.checksum]));
  const applied = new Map((await readAppliedMigrations(pool)).filter((row) => row.isApplied).map((row) => [row.name, row.checksum]));
  return [...known].every(([name, checksum]) => applied.get(name) === checksum);
}
