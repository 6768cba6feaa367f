import { existsSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { isAlive } from './embedded-postgres.ts';
import { PlainFailure, systemCode } from './plain-failure.ts';

/** Claims a data folder for this process; a second copy on the same folder is refused. Gives the function that releases it. */
export function claimDataDir(dataDir: string): () => void {
  const file = join(dataDir, 'run.pid');
  for (let attempt = 1; ; attempt += 1) {
    try {
      writeFileSync(file, `${process.pid}\n`, { flag: 'wx', mode: 0o600 });
      return () => rmSync(file, { force: true });
    } catch (error) {
      if (systemCode(error) !== 'EEXIST' || attempt === 3) throw error;
      const owner = ownerOf(file);
      if (owner !== null) {
        throw new PlainFailure(`Process ${owner} already runs on ${dataDir}: stop it first, or give this copy its own DATA_DIR and PORT.`);
      }
      rmSync(file, { force: true });
    }
  }
}

/** The living process that holds the folder; null when it ended without releasing it, even if its number was given away since. */
function ownerOf(file: string): number | null {
  const pid = Number.parseInt(readFileSync(file, 'utf8'), 10);
  if (!Number.isInteger(pid) || pid === process.pid || !isAlive(pid)) return null;
  const commandLine = `/proc/${pid}/cmdline`;
  const isOurs = !existsSync(commandLine) || /scripts\/(start|start-lab|reset)\.ts/.test(readFileSync(commandLine, 'utf8'));
  return isOurs ? pid : null;
}
