import { existsSync } from 'node:fs';
import { join } from 'node:path';
import { compileCacheDir } from './build-state.ts';
import { projectRoot, runNode } from './run-program.ts';

// What `npm ci` leaves ready, so that the first `npm start` need not make it: the Prisma client, the files of the back office and
// the compiled code.
// Offline. A failure is told but does not fail the install: `npm start` makes what is missing and shows why it cannot.
for (const file of ['prisma/runner/generate.ts', 'scripts/build-admin.ts', 'scripts/load-code.ts']) {
  if (!existsSync(join(projectRoot, file))) continue;
  const { code, output } = await runNode([file], { env: { ...process.env, NODE_COMPILE_CACHE: compileCacheDir } });
  if (code !== 0) process.stderr.write(`${file} failed; "npm start" will try again.\n${output.trim().split('\n').slice(-8).join('\n')}\n`);
}
