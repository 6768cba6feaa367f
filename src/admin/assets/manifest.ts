import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { z } from 'zod';

const manifestSchema = z.object({
  /** Logical name to name with hash. */
  files: z.record(z.string(), z.string()),
  /** Scripts of a page, in the order in which they must run. */
  scripts: z.array(z.string()).default(['global.bundle.js', 'design-system.bundle.js', 'app.bundle.js', 'components.bundle.js']),
  /** Names of the bundled components. */
  components: z.array(z.string()),
});

export type Manifest = z.infer<typeof manifestSchema>;

/** The built browser files: where they lie and under which address they are served. */
export type Assets = {
  directory: string;
  manifest: Manifest;
  /** Address with hash of `app.css`. Throws for a name that was not built. */
  url(name: string): string;
};

export const requiredFiles = [
  'global.bundle.js',
  'design-system.bundle.js',
  'app.bundle.js',
  'components.bundle.js',
  'app.css',
  'sign-in.css',
  'inter.woff2',
  'mark.svg',
  'passkey.js',
] as const;

export const defaultAssetsDirectory = join(import.meta.dirname, '../../../build/assets');

/** Throws, naming `npm run build`, when the folder or one of its files is missing. */
export function loadAssets(directory: string, componentNames: readonly string[]): Assets {
  const manifest = readManifest(directory);
  const missingFile = requiredFiles.find((name) => !Object.hasOwn(manifest.files, name));
  if (missingFile) throw new Error(`${directory} lacks ${missingFile}: run "npm run build"`);
  const missing = componentNames.filter((name) => !manifest.components.includes(name));
  if (missing.length > 0) throw new Error(`The components bundle lacks ${missing.join(', ')}: run "npm run build"`);
  const files = new Map(Object.entries(manifest.files));
  return {
    directory,
    manifest,
    url(name) {
      const file = files.get(name);
      if (!file) throw new Error(`Asset ${name} was not built`);
      return `/admin/assets/${file}`;
    },
  };
}

function readManifest(directory: string): Manifest {
  try {
    return manifestSchema.parse(JSON.parse(readFileSync(join(directory, 'manifest.json'), 'utf8')));
  } catch (cause) {
    throw new Error(`The assets of the back office are not built in ${directory}: run "npm run build"`, { cause });
  }
}
