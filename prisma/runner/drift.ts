import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { startEmbeddedPostgres } from '../../scripts/embedded-postgres.ts';
import { migrationList, readMigrations, readSchema } from './files.ts';
import { withSchemaEngine } from './schema-engine.ts';

const filters = { externalTables: [], externalEnums: [] };

/**
 * The SQL that would turn what the migrations make into what prisma/schema says; null when both agree. The migrations run in
 * a shadow database of the given server, which is dropped again.
 */
export async function checkDrift(adminUrl: string, schema = readSchema()): Promise<string | null> {
  return await withSchemaEngine({ adminUrl }, async (engine) => {
    const result = await engine.diff({
      from: { tag: 'migrations', ...migrationList(readMigrations()) },
      to: { tag: 'schemaDatamodel', files: schema },
      script: true,
      exitCode: true,
      filters,
    });
    return result.exitCode === 0 ? null : (result.stdout ?? 'differs');
  });
}

/** `npm run drift [-- URL]`: on the given server, or on one that is started for it and thrown away. */
async function main(givenUrl: string | undefined): Promise<void> {
  const drift = givenUrl ? await checkDrift(givenUrl) : await onThrowAwayServer(checkDrift);
  if (drift === null) return console.log('No drift: the migrations make what prisma/schema says.');
  console.error(`The migrations do not make what prisma/schema says. Missing:\n\n${drift}`);
  process.exitCode = 1;
}

async function onThrowAwayServer<T>(work: (adminUrl: string) => Promise<T>): Promise<T> {
  const dataDir = mkdtempSync(join(tmpdir(), 'fashionistar-drift-'));
  const server = await startEmbeddedPostgres({ dataDir, port: 0, settings: { fsync: 'off' } });
  try {
    return await work(server.adminUrl);
  } finally {
    await server.stop();
    rmSync(dataDir, { recursive: true, force: true });
  }
}

if (import.meta.main) {
  await main(process.argv[2]);
  // The engine keeps a timer of ten seconds.
  process.exit();
}
