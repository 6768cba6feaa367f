import { existsSync, readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { makeFolder } from './make-folder.ts';

/**
 * The name of this log in its checkpoints, as the first start had it. It is part of what is signed: a demo that is started on another
 * port, or asked to verify without one, must not take its own history for a forged one. Kept beside the generated keys.
 */
export function keptOrigin(dataDir: string, first: string): string {
  const path = fileOf(dataDir);
  makeFolder(dataDir);
  try {
    writeFileSync(path, `${first}\n`, { flag: 'wx' });
  } catch (error) {
    // An earlier start, or another process, was first; what it wrote is the name.
    if (!existsSync(path)) throw error;
  }
  const known = knownOrigin(dataDir);
  if (known !== undefined) return known;
  // A start that was cut off left the file empty: without a name in it, each start would have another.
  writeFileSync(path, `${first}\n`);
  return first;
}

/** The name that a demo in this folder has; undefined where none was started. */
export function knownOrigin(dataDir: string): string | undefined {
  const path = fileOf(dataDir);
  return existsSync(path) ? readFileSync(path, 'utf8').trim() || undefined : undefined;
}

const fileOf = (dataDir: string) => join(dataDir, 'audit-origin');
