import { existsSync, globSync, statSync } from 'node:fs';
import { createRequire } from 'node:module';
import { join } from 'node:path';
import { projectRoot } from './run-program.ts';

/** Where Node keeps the compiled code of the service: all copies share it, and Node does without where it may not write. */
export const compileCacheDir = join(projectRoot, 'node_modules/.cache/fashionistar/compile');

/** Whether the Prisma client and the DMMF that AdminJS reads are there; postinstall makes them unless scripts were ignored. */
export function isClientGenerated(): boolean {
  const require = createRequire(import.meta.url);
  const client = join(require.resolve('@prisma/client/package.json'), '../../../.prisma/client/schema.prisma');
  return existsSync(client) && existsSync(join(projectRoot, 'prisma/generated/dmmf.json'));
}

const browserSources = ['src/**/*.component.tsx', 'src/admin/styles/**', 'src/admin/assets/**', 'src/admin/components/**'];

/** Whether the browser files are built and no source of theirs is newer. */
export function areAssetsBuilt(): boolean {
  const built = statSync(join(projectRoot, 'build/assets/manifest.json'), { throwIfNoEntry: false });
  if (!built) return false;
  const sources = globSync(browserSources, { cwd: projectRoot });
  return sources.every((path) => statSync(join(projectRoot, path)).mtimeMs <= built.mtimeMs);
}
