import { readFileSync, writeFileSync } from 'node:fs';
import { z } from 'zod';
import { PlainFailure, runScript } from './plain-failure.ts';

const entry = z.looseObject({
  version: z.string().optional(),
  resolved: z.string().optional(),
  dev: z.boolean().optional(),
  optionalDependencies: z.record(z.string(), z.string()).optional(),
});
const lockSchema = z.looseObject({ packages: z.record(z.string(), entry) });
type Lock = z.infer<typeof lockSchema>;

const systems = ['aix', 'android', 'darwin', 'freebsd', 'linux', 'netbsd', 'openbsd', 'openharmony', 'sunos', 'win32'];
const processors = ['arm64', 'arm', 'ia32', 'loong64', 'mips64el', 'ppc64', 'riscv64', 's390x', 'x64', 'wasm32'];

/**
 * Completes a lock file that was written where the registry lacked other platforms' optional packages: `npm ci` refuses such
 * a file on every machine. Adds the entries without `resolved` and `integrity` (npm looks them up where they are wanted), and
 * takes out the addresses of registries. Gives what it changed, one line each.
 */
export function completeLock(lock: Lock): string[] {
  const changes: string[] = [];
  for (const [path, parent] of Object.entries(lock.packages)) {
    if (parent.resolved?.startsWith('http')) {
      delete parent.resolved;
      changes.push(`${path}: address removed`);
    }
    for (const [name, version] of Object.entries(parent.optionalDependencies ?? {})) {
      if (isResolved(lock, path, name)) continue;
      lock.packages[`node_modules/${name}`] = missingEntry(name, version, parent.dev === true);
      changes.push(`${name}@${version} added`);
    }
  }
  lock.packages = Object.fromEntries(Object.entries(lock.packages).sort(([a], [b]) => a.localeCompare(b, 'en')));
  return changes;
}

/** A guard, not a parse: a parsed copy would have its keys in another order and the diff would be the whole file. */
function isLock(value: unknown): value is Lock {
  return lockSchema.safeParse(value).success;
}

/** npm's lookup: the folder's own node_modules, then each one above. */
function isResolved(lock: Lock, from: string, name: string): boolean {
  for (let at = from; ; ) {
    if (lock.packages[at === '' ? `node_modules/${name}` : `${at}/node_modules/${name}`]) return true;
    if (at === '') return false;
    const above = at.lastIndexOf('/node_modules/');
    at = above < 0 ? '' : at.slice(0, above);
  }
}

function missingEntry(name: string, version: string, isDev: boolean) {
  const words = name.replace('windows', 'win32').split(/[^a-z0-9]+/);
  const os = systems.find((system) => words.includes(system));
  const cpu = processors.find((processor) => words.includes(processor));
  if (!os || !cpu || !/^\d/.test(version)) {
    throw new PlainFailure(`${name}@${version} is missing from the lock file and its name does not tell its platform: add it by hand.`);
  }
  const libc = words.some((word) => word.startsWith('musl')) ? 'musl' : words.some((word) => word.startsWith('gnu')) ? 'glibc' : null;
  return {
    version,
    cpu: [cpu],
    ...(isDev ? { dev: true } : {}),
    ...(libc && os === 'linux' ? { libc: [libc] } : {}),
    optional: true,
    os: [os],
  };
}

/** `node scripts/fix-lock.ts` mends package-lock.json; with `--check` it only says whether it must be mended. */
async function main(): Promise<void> {
  const file = new URL('../package-lock.json', import.meta.url);
  const lock: unknown = JSON.parse(readFileSync(file, 'utf8'));
  if (!isLock(lock)) throw new PlainFailure('package-lock.json is not a lock file of npm 7 or later.');
  const changes = completeLock(lock);
  if (process.argv.includes('--check')) {
    if (changes.length > 0) throw new PlainFailure(`package-lock.json is not complete: run "npm run fix-lock". ${changes[0]}`);
    return;
  }
  if (changes.length > 0) writeFileSync(file, `${JSON.stringify(lock, null, 2)}\n`);
  process.stdout.write(`${changes.map((line) => `  ${line}\n`).join('')}package-lock.json: ${changes.length} changes\n`);
}

if (import.meta.main) await runScript(main);
