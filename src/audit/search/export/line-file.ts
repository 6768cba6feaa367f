import { createHash } from 'node:crypto';
import { open } from 'node:fs/promises';
import { join } from 'node:path';

/** A file that is written line by line; its SHA-256 and number of lines are known at the end. */
export type LineFile = {
  add(line: string): Promise<void>;
  close(): Promise<void>;
  /** After the end: as the manifest names it. A heading is hashed and not counted. */
  entry(): { name: string; sha256: string; rows: number };
};

const flushChars = 256 * 1024;

/** Readable by its owner alone: it holds personal data. */
export async function openLineFile(folder: string, name: string, heading = ''): Promise<LineFile> {
  const file = await open(join(folder, name), 'wx', 0o600);
  const digest = createHash('sha256');
  let waiting = heading;
  let rows = 0;
  let sha256 = '';
  const flush = async () => {
    digest.update(waiting, 'utf8');
    await file.write(waiting);
    waiting = '';
  };
  return {
    async add(line) {
      waiting += line;
      rows += 1;
      if (waiting.length >= flushChars) await flush();
    },
    async close() {
      await flush();
      await file.close();
      sha256 = digest.digest('hex');
    },
    entry: () => ({ name, sha256, rows }),
  };
}
