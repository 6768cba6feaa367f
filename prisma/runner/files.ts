import { createHash } from 'node:crypto';
import { readdirSync, readFileSync } from 'node:fs';

const prismaFolder = new URL('../', import.meta.url);
const schemaFolder = new URL('schema/', prismaFolder);
const migrationsFolder = new URL('migrations/', prismaFolder);

export type Migration = {
  /** Folder name: timestamp_verb_noun. */
  name: string;
  sql: string;
  /** As Prisma keeps it: SHA-256 of the file, hex. */
  checksum: string;
};

/** The migrations of this release, in order. */
export function readMigrations(): Migration[] {
  return readdirSync(migrationsFolder, { withFileTypes: true })
    .filter((entry) => entry.isDirectory())
    .map((entry) => entry.name)
    .sort()
    .map((name) => {
      const sql = readFileSync(new URL(`${name}/migration.sql`, migrationsFolder), 'utf8');
      return { name, sql, checksum: createHash('sha256').update(sql).digest('hex') };
    });
}

/** The migrations as the schema engine takes them. */
export function migrationList(migrations: readonly Migration[]) {
  return {
    baseDir: migrationsFolder.pathname,
    lockfile: { path: './migration_lock.toml', content: readFileSync(new URL('migration_lock.toml', migrationsFolder), 'utf8') },
    shadowDbInitScript: '',
    migrationDirectories: migrations.map(({ name, sql }) => ({
      path: name,
      migrationFile: { path: 'migration.sql', content: { tag: 'ok' as const, value: sql } },
    })),
  };
}

/** The Prisma schema files as the schema engine takes them. */
export function readSchema(): { path: string; content: string }[] {
  return readdirSync(schemaFolder)
    .filter((name) => name.endsWith('.prisma'))
    .sort()
    .map((name) => ({ path: new URL(name, schemaFolder).pathname, content: readFileSync(new URL(name, schemaFolder), 'utf8') }));
}
