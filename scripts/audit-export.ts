import { mkdirSync, readdirSync } from 'node:fs';
import { mkdtemp, rename, rm } from 'node:fs/promises';
import { basename, dirname, join, resolve } from 'node:path';
import { parseArgs } from 'node:util';
import pg from 'pg';
import { roleUrls } from '../prisma/runner/roles.ts';
import { describeFilter, type ExportFilter, exportFilter, exportFormats } from '../src/audit/search/export/export-filter.ts';
import { exportReader } from '../src/audit/search/export/export-reader.ts';
import { ProofFailedError } from '../src/audit/search/export/export-rows.ts';
import { type ExportSpec, type ExportSummary, TooManyRowsError, writeExport } from '../src/audit/search/export/write-export.ts';
import { exportRowCaps } from '../src/foundation/access/quotas.ts';
import { type ActionFacts, actionPayload } from '../src/foundation/command/action-row.ts';
import { type Config, loadConfig } from '../src/foundation/config/config.ts';
import { environment } from '../src/foundation/config/environment.ts';
import { systemClock } from '../src/foundation/runtime/clock.ts';
import { newId } from '../src/foundation/runtime/new-id.ts';
import { systemContext } from '../src/foundation/runtime/request-context.ts';
import { CannotRunError, readTargets, runTool, type VerifySettings, verifySettings } from './audit-settings.ts';
import { createProgress } from './progress.ts';

const usage = `npm run audit:export -- --out DIR --reason TEXT [options]
  --from TIME          from this moment, ISO 8601; 30 days ago
  --to TIME            until this moment; now
  --actor ID           what this person did
  --subject ID         changes about this person
  --record TBL:ID      changes of this record, for example identity.vendor:0198...
  --format FORMAT      ndjson (the default), or csv to have a spreadsheet beside it
  --out DIR            a folder that does not exist yet, or is empty
  --reason TEXT        why, at least 10 characters; recorded before anything is written
Exit: 0 written; 1 a proof failed, so nothing was written; 2 could not run
`;

const text = { type: 'string' } as const;
const options = {
  from: text,
  to: text,
  actor: text,
  subject: text,
  record: text,
  format: text,
  out: text,
  reason: text,
  help: { type: 'boolean' },
} as const;

type Asked = { filter: ExportFilter; format: ExportSpec['format']; out: string; reason: string };

async function main(): Promise<number> {
  const flags = readFlags();
  if (flags.help) {
    process.stdout.write(usage);
    return 0;
  }
  const asked = askedOf(flags);
  requireEmpty(asked.out);
  const settings = verifySettings(environment());
  const config = readConfig(settings);
  const actionId = newId();
  await record(
    settings,
    config,
    { id: actionId, action: 'export-audit', outcome: 'ok', note: `${asked.format}; ${describeFilter(asked.filter)}` },
    asked.reason,
  );
  try {
    const summary = await writeTo(asked, { settings, config, actionId });
    const note = `${summary.rows} rows, ${summary.unsealed} not sealed yet; tree of ${summary.checkpointSize}; export ${actionId}`;
    await record(settings, config, { id: newId(), action: 'make-export', outcome: 'ok', note }, asked.reason);
    process.stdout.write(
      `${asked.out}: ${summary.rows} rows, each with its proof; ${summary.unsealed} left out because they are not sealed yet\n`,
    );
    return 0;
  } catch (error) {
    const isProof = error instanceof ProofFailedError;
    const errorCode = isProof ? 'export_proof_failed' : error instanceof TooManyRowsError ? 'export_too_large' : 'internal_error';
    await record(
      settings,
      config,
      { id: newId(), action: 'make-export', outcome: 'error', errorCode, note: `export ${actionId}` },
      asked.reason,
    );
    if (!isProof) throw error;
    process.stderr.write(`Nothing was written: ${error.message}\n`);
    return 1;
  }
}

function readFlags() {
  try {
    return parseArgs({ options, allowPositionals: false }).values;
  } catch (error) {
    throw new CannotRunError(`${error instanceof Error ? error.message : String(error)}\n${usage}`);
  }
}

const defaultWindowMs = 30 * 86_400_000;

function askedOf(flags: ReturnType<typeof readFlags>): Asked {
  const { out, reason } = flags;
  if (!out || !reason) throw new CannotRunError(`--out and --reason are needed.\n${usage}`);
  if (reason.trim().length < 10) throw new CannotRunError('--reason takes at least 10 characters.');
  const format = exportFormats.find((known) => known === (flags.format ?? 'ndjson'));
  if (!format) throw new CannotRunError(`--format takes ${exportFormats.join(' or ')}.`);
  const now = systemClock.now().getTime();
  const filter = exportFilter.safeParse({
    from: momentOf('from', flags.from) ?? new Date(now - defaultWindowMs).toISOString(),
    to: momentOf('to', flags.to) ?? new Date(now).toISOString(),
    ...(flags.actor ? { actorId: flags.actor } : {}),
    ...(flags.subject ? { subjectId: flags.subject } : {}),
    ...(flags.record ? { record: flags.record } : {}),
  });
  if (!filter.success) throw new CannotRunError(`--${filter.error.issues[0]?.path.join('.').replace(/Id$/, '')} cannot be read.\n${usage}`);
  return { filter: filter.data, format, out: resolve(out), reason: reason.trim() };
}

/** A day is taken as its beginning in UTC. */
function momentOf(name: string, given: string | undefined): string | undefined {
  if (given === undefined) return undefined;
  const at = Date.parse(given);
  if (Number.isNaN(at)) throw new CannotRunError(`--${name} takes a time such as 2026-01-31 or 2026-01-31T12:00:00Z.`);
  return /\.\d{4,6}Z$/.test(given) ? given : new Date(at).toISOString();
}

function requireEmpty(out: string): void {
  mkdirSync(dirname(out), { recursive: true });
  try {
    if (readdirSync(out).length > 0) throw new CannotRunError(`${out} is not empty.`);
  } catch (error) {
    if (!(error instanceof Error && 'code' in error && error.code === 'ENOENT')) throw error;
  }
}

function readConfig(settings: VerifySettings): Config {
  const config = loadConfig(environment());
  if (settings.adminUrl ?? config.databaseWebUrl) return config;
  throw new CannotRunError('No database to record the export in: set DATABASE_URL, or start the embedded one with "npm start".');
}

/** Through the function that the application records with, by the login of its web role. */
async function record(settings: VerifySettings, config: Config, facts: Omit<ActionFacts, 'resource'>, reason: string): Promise<void> {
  const url = config.databaseWebUrl ?? (settings.adminUrl ? roleUrls(settings.adminUrl).webUrl : undefined);
  const client = new pg.Client({ connectionString: url, application_name: 'fashionistar-export' });
  await client.connect();
  try {
    const payload = actionPayload(config, systemContext('operator', 'cli'), {
      ...facts,
      resource: 'audit_export',
      reason: { code: 'other', text: reason },
    });
    await client.query('SELECT audit.record_action($1::jsonb)', [payload]);
  } finally {
    await client.end();
  }
}

/** Into a folder beside the wanted one, which takes its name only when all of it is there. */
async function writeTo(asked: Asked, by: { settings: VerifySettings; config: Config; actionId: string }): Promise<ExportSummary> {
  const draft = await mkdtemp(join(dirname(asked.out), `.${basename(asked.out)}-`));
  const progress = createProgress('rows');
  const client = await openReader(by.settings);
  try {
    const spec = {
      filter: asked.filter,
      format: asked.format,
      actionId: by.actionId,
      by: 'system operator, on the command line',
      cap: Math.max(...Object.values(exportRowCaps)),
    };
    const deps = { config: by.config, clock: systemClock, reader: exportReader(client, true) };
    const summary = await writeExport(deps, spec, draft, progress.update);
    await rm(asked.out, { recursive: true, force: true });
    await rename(draft, asked.out);
    return summary;
  } finally {
    progress.end();
    await client.end();
    await rm(draft, { recursive: true, force: true });
  }
}

/** The auditor's login, or the administrator acting as the auditor: one view of the database, which it cannot change. */
async function openReader(settings: VerifySettings): Promise<pg.Client> {
  let refusal: unknown;
  for (const { url, role } of readTargets(settings)) {
    const client = new pg.Client({ connectionString: url, application_name: 'fashionistar-export', options: '-c timezone=UTC -c jit=off' });
    try {
      await client.connect();
      await client.query(`BEGIN ISOLATION LEVEL REPEATABLE READ READ ONLY${role ? `; SET LOCAL ROLE ${role}` : ''}`);
      return client;
    } catch (error) {
      refusal = error;
      await client.end().catch(() => undefined);
    }
  }
  throw refusal;
}

await runTool(main);
