import type pg from 'pg';
import type { AfterMigrateStep } from './after-migrate.ts';
import { connectAdmin } from './connect-admin.ts';
import { migrationList, readMigrations } from './files.ts';
import { roleUrls, setRolePasswords } from './roles.ts';
import { withSchemaEngine } from './schema-engine.ts';
import { readAppliedMigrations } from './status.ts';

export type MigrateOptions = {
  /** Administrative login: may create roles, schemas and extensions. The application never serves with it. */
  adminUrl: string;
  /** Called before each step with a sentence for people. */
  onProgress?: (step: string) => void;
  /** What to set up besides the migrations. */
  steps?: readonly AfterMigrateStep[];
};

/**
 * Brings the database to the state of this release and returns the names of the migrations it applied. Several processes may
 * call it at once: one works, the others wait. A script that failed is rolled back by PostgreSQL as a whole and is tried
 * again by the next call; a script that was changed after it ran is an error that names it.
 */
export async function migrate(options: MigrateOptions): Promise<string[]> {
  const { adminUrl, onProgress = () => undefined } = options;
  return await underLock(adminUrl, async (lock) => {
    const applied = await applyMigrations(adminUrl, lock, onProgress);
    // /health/ready of the web role asks whether every migration of its release is there.
    await lock.query('GRANT SELECT ON public._prisma_migrations TO app_web, app_worker');
    onProgress('Setting the passwords of the database logins');
    await setRolePasswords(adminUrl);
    for (const step of options.steps ?? []) {
      onProgress(step.name);
      await step.run(roleUrls(adminUrl).migratorUrl);
    }
    return applied;
  });
}

async function applyMigrations(adminUrl: string, lock: pg.Client, onProgress: (step: string) => void): Promise<string[]> {
  const migrations = readMigrations();
  const state = await readAppliedMigrations(lock);
  const edited = migrations.filter((migration) =>
    state.some((row) => row.name === migration.name && row.isApplied && row.checksum !== migration.checksum),
  );
  if (edited.length > 0) {
    throw new Error(
      `Changed after they were applied: ${edited.map((migration) => migration.name).join(', ')}. Restore the files and put the change into a new migration.`,
    );
  }
  if (migrations.every((migration) => state.some((row) => row.name === migration.name && row.isApplied))) return [];

  const failed = state.filter((row) => row.isFailed);
  const scripts = new Map(migrations.map((migration) => [migration.sql, migration.name]));
  return await withSchemaEngine(
    { adminUrl, onScript: (script) => onProgress(`Migration ${scripts.get(script) ?? 'bookkeeping'}`) },
    async (engine) => {
      // A script is one transaction, so that nothing of a failed one is left.
      for (const row of failed) await engine.markMigrationRolledBack({ migrationName: row.name });
      const done = await engine.applyMigrations({
        migrationsList: migrationList(migrations),
        filters: { externalTables: [], externalEnums: [] },
      });
      return done.appliedMigrationNames;
    },
  );
}

/** The engine's own lock gives up after ten seconds; ours waits for the other process to finish. */
async function underLock<T>(adminUrl: string, work: (lock: pg.Client) => Promise<T>): Promise<T> {
  const lock = await connectAdmin(adminUrl, 'fashionistar-migrate');
  try {
    await lock.query("SELECT pg_advisory_lock(hashtextextended('fashionistar.migrate', 0))");
    return await work(lock);
  } finally {
    await lock.end();
  }
}
