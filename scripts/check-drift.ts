import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { checkDrift } from '../prisma/runner/drift.ts';
import { startEmbeddedPostgres } from './embedded-postgres.ts';
import { PlainFailure, runScript } from './plain-failure.ts';

/** `npm run drift`: fails, printing the missing SQL, where prisma/migrations and prisma/schema disagree. Uses a throw-away PostgreSQL. */
await runScript(async () => {
  const dataDir = mkdtempSync(join(tmpdir(), 'fashionistar-drift-'));
  const server = await startEmbeddedPostgres({ dataDir, port: 0, settings: { fsync: 'off' } });
  try {
    const sql = await checkDrift(server.adminUrl);
    if (sql) throw new PlainFailure(`The migrations do not make what prisma/schema says. Missing:\n${sql}`);
    process.stdout.write('Migrations and schema agree\n');
  } finally {
    await server.stop();
    rmSync(dataDir, { recursive: true, force: true });
  }
});
// The migration engine keeps a timer that would hold the process open for ten seconds.
process.exit();
