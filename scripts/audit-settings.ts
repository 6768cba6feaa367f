import { existsSync, readFileSync } from 'node:fs';
import { join, resolve } from 'node:path';
import { z } from 'zod';
import { roleUrls } from '../prisma/runner/roles.ts';
import { type PinnedKey, parsePinnedKeys } from '../src/audit/proof/pinned-keys.ts';
import { environmentSchema } from '../src/foundation/config/config.ts';
import { knownOrigin } from '../src/foundation/config/kept-origin.ts';

/** The command-line tools run where the application does not: they read what they need and ask for no keys of it. */
const variables = environmentSchema.pick({
  PORT: true,
  PUBLIC_URL: true,
  DATA_DIR: true,
  DATABASE_URL: true,
  AUDIT_DATABASE_URL: true,
  AUDIT_ORIGIN: true,
  AUDIT_KEYS_FILE: true,
  AUDIT_ANCHOR_DIR: true,
  AUDIT_ARCHIVE_DIR: true,
});

export type VerifySettings = {
  origin: string;
  keysFile: string;
  anchorFolder: string;
  archiveFolder: string;
  dataDir: string;
  /** Read-only login, where one was named for this. */
  auditUrl: string | undefined;
  /** Administrative login: DATABASE_URL, else that of the embedded database of `npm start`. */
  adminUrl: string | undefined;
};

/** A message that is all a person needs: the tool could not run, exit code 2. */
export class CannotRunError extends Error {
  override name = 'CannotRunError';
}

export function verifySettings(env: Record<string, string | undefined>): VerifySettings {
  const filled = Object.fromEntries(Object.entries(env).filter(([, value]) => value !== undefined && value !== ''));
  const parsed = variables.safeParse(filled);
  if (!parsed.success) throw new CannotRunError(`The environment is not usable:\n${z.prettifyError(parsed.error)}`);
  const read = parsed.data;
  const dataDir = resolve(read.DATA_DIR);
  return {
    origin: read.AUDIT_ORIGIN ?? knownOrigin(dataDir) ?? `${new URL(read.PUBLIC_URL ?? `http://localhost:${read.PORT}`).host}/audit`,
    keysFile: resolve(read.AUDIT_KEYS_FILE ?? join(dataDir, 'audit-keys.json')),
    anchorFolder: resolve(read.AUDIT_ANCHOR_DIR ?? join(dataDir, 'anchors')),
    archiveFolder: resolve(read.AUDIT_ARCHIVE_DIR ?? join(dataDir, 'archive')),
    dataDir,
    auditUrl: read.AUDIT_DATABASE_URL,
    adminUrl: read.DATABASE_URL ?? embeddedUrl(dataDir),
  };
}

const databaseFile = z.object({ adminUrl: z.string() });

/** `npm start` notes the addresses of its own PostgreSQL in the data folder. */
function embeddedUrl(dataDir: string): string | undefined {
  const file = join(dataDir, 'database.json');
  return existsSync(file) ? databaseFile.parse(JSON.parse(readFileSync(file, 'utf8'))).adminUrl : undefined;
}

/** Ways to read the history, the best first: the login named for it; the administrator acting as the auditor; the derived login. */
export function readTargets(settings: VerifySettings): { url: string; role: 'audit_reader' | null }[] {
  if (settings.auditUrl) return [{ url: settings.auditUrl, role: null }];
  if (!settings.adminUrl) {
    throw new CannotRunError('No database: set AUDIT_DATABASE_URL or DATABASE_URL, or start the embedded one with "npm start".');
  }
  return [
    { url: settings.adminUrl, role: 'audit_reader' },
    { url: roleUrls(settings.adminUrl).readerUrl, role: null },
  ];
}

/** The pinned public keys; nothing can be verified without them. */
export function readKeys(file: string): PinnedKey[] {
  if (!existsSync(file)) throw new CannotRunError(`No pinned keys: ${file} does not exist. Name the file with --keys or AUDIT_KEYS_FILE.`);
  try {
    return parsePinnedKeys(readFileSync(file, 'utf8'));
  } catch (error) {
    throw new CannotRunError(`${file}: ${error instanceof Error ? error.message : String(error)}`, { cause: error });
  }
}

/** Runs a command-line tool: its number is the exit code; 2 with one clear line where it could not run. */
export async function runTool(work: () => Promise<number>): Promise<void> {
  try {
    process.exitCode = await work();
  } catch (error) {
    process.stderr.write(`Could not run: ${plainReason(error)}\n`);
    process.exitCode = 2;
  }
}

function plainReason(error: unknown): string {
  if (error instanceof AggregateError) return error.errors.map(plainReason).join('; ');
  return error instanceof Error ? error.message : String(error);
}
