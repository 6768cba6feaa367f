import { spawnSync } from 'node:child_process';
import { fileURLToPath } from 'node:url';

// `prisma generate` asks for the schema engine although it does not run it; any existing executable stops the download.
const result = spawnSync(process.execPath, [fileURLToPath(import.meta.resolve('prisma/build/index.js')), 'generate'], {
  stdio: ['ignore', 'ignore', 'inherit'],
  cwd: fileURLToPath(new URL('../..', import.meta.url)),
  env: { ...process.env, PRISMA_SCHEMA_ENGINE_BINARY: process.execPath, PRISMA_HIDE_UPDATE_MESSAGE: '1' },
});
process.exitCode = result.status ?? 1;
