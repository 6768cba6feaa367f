import { existsSync } from 'node:fs';
import { parseArgs } from 'node:util';
import pg from 'pg';
import { roleUrls } from '../prisma/runner/roles.ts';
import { startEpoch } from '../src/audit/seal/epoch.ts';
import { renderReport, runDoctor } from '../src/audit/verify/doctor.ts';
import type { Rows } from '../src/audit/verify/doctor-problems.ts';
import { loadConfig } from '../src/foundation/config/config.ts';
import { environment } from '../src/foundation/config/environment.ts';
import { openDatabase } from '../src/foundation/runtime/database.ts';
import { createLogger } from '../src/foundation/runtime/logger.ts';
import { CannotRunError, readKeys, runTool, type VerifySettings, verifySettings } from './audit-settings.ts';
import { step } from './progress.ts';

const usage = `npm run audit:doctor -- [options]
  --json                          the report as one JSON object
  --start-epoch --reason "..."    after a restore or an upgrade that changed transaction numbers: seals what is left, begins an epoch
Exit: 0 healthy; 1 problems; 2 could not run
`;

const options = {
  json: { type: 'boolean' },
  'start-epoch': { type: 'boolean' },
  reason: { type: 'string' },
  help: { type: 'boolean' },
} as const;

/** Events of so many days must have their action. */
const eventDays = 35;

async function main(): Promise<number> {
  const flags = readFlags();
  if (flags.help) {
    process.stdout.write(usage);
    return 0;
  }
  const settings = verifySettings(environment());
  if (flags['start-epoch']) return begin(settings, flags.reason);
  const keys = existsSync(settings.keysFile) ? readKeys(settings.keysFile) : [];
  const url = settings.adminUrl ?? settings.auditUrl;
  if (!url) throw new CannotRunError('No database: set DATABASE_URL, or start the embedded one with "npm start".');
  const client = new pg.Client({ connectionString: url, application_name: 'fashionistar-doctor', options: readOnly });
  client.on('error', () => undefined);
  await client.connect();
  try {
    const rows: Rows = async <Row extends Record<string, unknown>>(sql: string, values?: unknown[]) =>
      (await client.query<Row>(sql, values)).rows;
    const report = await step('Looking', () => runDoctor({ rows, keys, now: new Date(), eventDays, isThorough: true }), process.stderr);
    process.stdout.write(flags.json ? `${JSON.stringify(report)}\n` : renderReport(report));
    return report.problems.length === 0 ? 0 : 1;
  } finally {
    await client.end();
  }
}

const readOnly = '-c default_transaction_read_only=on -c search_path=pg_catalog -c timezone=UTC';

function readFlags() {
  try {
    return parseArgs({ options }).values;
  } catch (error) {
    throw new CannotRunError(`${error instanceof Error ? error.message : String(error)}\n${usage}`);
  }
}

/** The epoch is signed like any checkpoint: this needs the configuration of the application, keys included. */
async function begin(settings: VerifySettings, reason: string | undefined): Promise<number> {
  if (!reason || reason.trim().length < 10) throw new CannotRunError(`--start-epoch needs --reason with at least 10 characters.\n${usage}`);
  if (!settings.adminUrl) throw new CannotRunError('No database: set DATABASE_URL, or start the embedded one with "npm start".');
  const config = loadConfig({ ...environment(), DATABASE_URL: settings.adminUrl });
  const url = config.databaseWorkerUrl ?? roleUrls(settings.adminUrl).workerUrl;
  const database = openDatabase({ url, applicationName: 'fashionistar-doctor', maxConnections: 1 });
  try {
    const deps = { config, database, log: createLogger(config) };
    const { epoch, remaining } = await step('Sealing what is left', () => startEpoch(deps, reason), process.stderr);
    process.stdout.write(`Epoch ${epoch} has begun; ${remaining} rows of the one before were sealed by id.\n`);
    return 0;
  } finally {
    await database.close();
  }
}

await runTool(main);
