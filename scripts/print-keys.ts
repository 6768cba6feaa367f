import { mkdtempSync, readFileSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { z } from 'zod';
import { resolveSecrets } from '../src/foundation/config/secrets.ts';

// `npm run keys`: prints a fresh set of keys as lines for an environment file. They are made as those of the demo are, and kept nowhere.
const folder = mkdtempSync(join(tmpdir(), 'fashionistar-keys-'));
try {
  resolveSecrets({}, false, folder);
  const keys = z.record(z.string(), z.string()).parse(JSON.parse(readFileSync(join(folder, 'secrets.json'), 'utf8')));
  process.stdout.write(
    Object.entries(keys)
      .map(([name, value]) => `${name}='${value}'\n`)
      .join(''),
  );
} finally {
  rmSync(folder, { recursive: true, force: true });
}
