import { existsSync, readdirSync, rmSync } from 'node:fs';
import { join, resolve } from 'node:path';
import { orphanOf, stopServer } from './embedded-postgres.ts';
import { PlainFailure, runScript } from './plain-failure.ts';
import { claimDataDir } from './run-lock.ts';

/** Made by `npm start`; nothing else in the folder is touched. */
const ours = [
  'pg',
  'postgres.json',
  'postgres.log',
  'database.json',
  'secrets.json',
  'audit-keys.json',
  'audit-origin',
  'anchors',
  'archive',
  'files',
  'demo-staff.json',
  'demo-customers.json',
  'demo-scenes.json',
  'app.log',
  'app.log.1',
];

/** `npm run reset`: empties the data folder. Refuses while a copy runs on it, and never touches a database of DATABASE_URL. */
async function reset(): Promise<void> {
  if (process.env['NODE_ENV'] === 'production' && process.env['APP_LAB'] !== '1') {
    throw new PlainFailure('Refusing to reset with NODE_ENV=production.');
  }
  const dataDir = resolve(process.env['DATA_DIR'] || '.data');
  if (existsSync(dataDir)) {
    const release = claimDataDir(dataDir);
    const orphan = orphanOf(join(dataDir, 'pg'));
    if (orphan) await stopServer(orphan.pid);
    for (const name of ours) rmSync(join(dataDir, name), { recursive: true, force: true });
    release();
    const foreign = readdirSync(dataDir);
    if (foreign.length === 0) rmSync(dataDir, { recursive: true });
    else process.stdout.write(`Kept in ${dataDir}, since it is not ours: ${foreign.join(', ')}.\n`);
  }
  process.stdout.write('Nothing of ours is left; "npm start" begins afresh.\n');
  if (process.env['DATABASE_URL'])
    process.stdout.write('The database of DATABASE_URL was not touched: drop and create it yourself to empty it.\n');
}

await runScript(reset);
