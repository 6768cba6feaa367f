import { createHash } from 'node:crypto';
import {
  copyFileSync,
  existsSync,
  globSync,
  mkdirSync,
  readFileSync,
  renameSync,
  rmSync,
  statSync,
  utimesSync,
  writeFileSync,
} from 'node:fs';
import { createRequire } from 'node:module';
import { join, relative, resolve } from 'node:path';
import { brotliCompressSync, constants, gzipSync } from 'node:zlib';

// AdminJS reads these when it is imported, so they are set before anything that imports it.
const root = resolve(import.meta.dirname, '..');
process.env.NODE_ENV = 'production';
process.env.ADMIN_JS_TMP_DIR = join(root, 'build/adminjs');
process.env.ADMIN_JS_SKIP_BUNDLE = 'false';

const require = createRequire(import.meta.url);
const outDirectory = join(root, 'build/assets');
const manifestPath = join(outDirectory, 'manifest.json');
const styles = join(root, 'src/admin/styles');
/** `--best` squeezes out the last tenth for 15 seconds more; a first `npm start` does not wait for that. */
const quality = process.argv.includes('--best') ? 11 : 9;
const compositionPath = process.argv.slice(2).find((argument) => !argument.startsWith('--'));

await build();

/** Bundles the browser part of the back office into build/assets: hashed names, br and gzip beside, and a manifest. */
async function build(): Promise<void> {
  const [{ componentEntries }, { AdminJS, ComponentLoader }, composition] = await Promise.all([
    import('../src/admin/component-names.ts'),
    import('../src/admin/adminjs.ts'),
    import(compositionPath ? resolve(compositionPath) : '../src/resources/index.ts'),
  ]);
  const entries = componentEntries(composition);
  const inputs = hashInputs(entries.map((entry) => `${entry.name} ${relative(root, entry.path)}`));
  const built = builtManifest();
  if (built?.inputs === inputs && built.quality >= quality) {
    const now = new Date();
    utimesSync(manifestPath, now, now);
    console.log('Back-office files are up to date.');
    return;
  }
  const loader = new ComponentLoader();
  for (const { name, path, isOverride } of entries) {
    if (isOverride) loader.override(name, path);
    else loader.add(name, path);
  }
  await new AdminJS({ componentLoader: loader, rootPath: '/admin' }).initialize();
  const files = collect();
  const names = write(files, (built?.quality ?? 0) >= quality);
  const scripts = scriptsOf(bufferOf(files, 'components.bundle.js').toString('utf8'));
  const manifest = { inputs, quality, files: names, scripts, components: entries.map((entry) => entry.name) };
  writeFileSync(`${manifestPath}.new`, `${JSON.stringify(manifest, null, 2)}\n`);
  renameSync(`${manifestPath}.new`, manifestPath);
  console.log(sizes(names, scripts));
}

function collect(): Map<string, Buffer> {
  const adminAssets = join(require.resolve('adminjs'), '../lib/frontend/assets/scripts');
  const files = new Map<string, Buffer>([
    ['global.bundle.js', readFileSync(join(adminAssets, 'global-bundle.production.js'))],
    ['design-system.bundle.js', readFileSync(join(require.resolve('@adminjs/design-system'), '../../bundle.production.js'))],
    ['app.bundle.js', readFileSync(join(adminAssets, 'app-bundle.production.js'))],
    ['components.bundle.js', readFileSync(join(root, 'build/adminjs/bundle.js'))],
    [
      'inter.woff2',
      readFileSync(join(require.resolve('@fontsource-variable/inter/package.json'), '../files/inter-latin-wght-normal.woff2')),
    ],
    ['mark.svg', readFileSync(join(root, 'src/admin/assets/mark.svg'))],
    ['passkey.js', readFileSync(join(root, 'src/admin/assets/passkey.js'))],
  ]);
  const font = hashedName('inter.woff2', bufferOf(files, 'inter.woff2'));
  const style = (...names: string[]) =>
    Buffer.from(
      names
        .map((name) => readFileSync(join(styles, `${name}.css`), 'utf8'))
        .join('\n')
        .replaceAll('url("inter.woff2")', `url("${font}")`)
        .replaceAll(/\s*\n\s*/g, '\n'),
    );
  files.set('sign-in.css', style('tokens', 'sign-in'));
  files.set('app.css', style('tokens', 'app'));
  return files;
}

/**
 * What a page loads, in order. AdminJS's own application and its design system, two thirds of everything, are left out as long as no
 * component takes anything from them: the globals that the bundle is called with say so (ADR 0026).
 */
function scriptsOf(bundle: string): string[] {
  const taken = /\}\)\(([\w$, ]*)\);?\s*$/.exec(bundle)?.[1];
  if (taken === undefined) throw new Error('The components bundle no longer ends with the globals it is called with');
  const needsAdminJs = taken.split(',').some((name) => !['', 'React', 'ReactDOM'].includes(name.trim()));
  return ['global.bundle.js', ...(needsAdminJs ? ['design-system.bundle.js', 'app.bundle.js'] : []), 'components.bundle.js'];
}

function bufferOf(files: ReadonlyMap<string, Buffer>, name: string): Buffer {
  const bytes = files.get(name);
  if (!bytes) throw new Error(`${name} was not collected`);
  return bytes;
}

function hashedName(name: string, bytes: Buffer): string {
  const [base = '', ...rest] = name.split('.');
  return `${base}.${createHash('sha256').update(bytes).digest('hex').slice(0, 12)}.${rest.join('.')}`;
}

/** Compresses what compresses; names of earlier builds are left out of the new folder. */
function write(files: ReadonlyMap<string, Buffer>, canReuse: boolean): Record<string, string> {
  const draft = `${outDirectory}.new`;
  rmSync(draft, { recursive: true, force: true });
  mkdirSync(draft, { recursive: true });
  const names: Record<string, string> = {};
  for (const [name, bytes] of files) {
    const hashed = hashedName(name, bytes);
    names[name] = hashed;
    const old = join(outDirectory, hashed);
    writeFileSync(join(draft, hashed), bytes);
    if (name.endsWith('.woff2')) continue;
    for (const [suffix, compress] of [
      ['br', brotli],
      ['gz', gzip],
    ] as const) {
      const target = join(draft, `${hashed}.${suffix}`);
      // A bundle that did not change was compressed before; brotli at its best takes seconds.
      if (canReuse && existsSync(`${old}.${suffix}`)) copyFileSync(`${old}.${suffix}`, target);
      else writeFileSync(target, compress(bytes));
    }
  }
  rmSync(outDirectory, { recursive: true, force: true });
  renameSync(draft, outDirectory);
  return names;
}

function brotli(bytes: Buffer): Buffer {
  return brotliCompressSync(bytes, {
    params: { [constants.BROTLI_PARAM_QUALITY]: quality, [constants.BROTLI_PARAM_SIZE_HINT]: bytes.length },
  });
}

function gzip(bytes: Buffer): Buffer {
  return gzipSync(bytes, { level: 9 });
}

function hashInputs(entries: readonly string[]): string {
  const sources = globSync(['src/**/*.component.tsx', 'src/admin/styles/*.css', 'src/admin/assets/*.{svg,js}', 'scripts/build-admin.ts'], {
    cwd: root,
  }).sort();
  const hash = createHash('sha256');
  for (const entry of entries) hash.update(entry);
  for (const path of sources) hash.update(path).update(readFileSync(join(root, path)));
  // Versions are exact in package.json, so they stand for the packages' content.
  const { dependencies } = JSON.parse(readFileSync(join(root, 'package.json'), 'utf8'));
  for (const name of ['adminjs', '@adminjs/design-system', 'lucide-react', '@fontsource-variable/inter'])
    hash.update(`${name} ${dependencies[name]}`);
  return hash.digest('hex');
}

function builtManifest(): { inputs: string; quality: number } | null {
  try {
    return JSON.parse(readFileSync(manifestPath, 'utf8'));
  } catch {
    return null;
  }
}

function sizes(names: Readonly<Record<string, string>>, scripts: readonly string[]): string {
  const sizeOf = (hashed: string) => statSync(join(outDirectory, hashed.endsWith('.woff2') ? hashed : `${hashed}.br`)).size;
  const rows = Object.entries(names).map(([name, hashed]) => [name, sizeOf(hashed)] as const);
  const line = (name: string, bytes: number) => `  ${name.padEnd(26)} ${(bytes / 1024).toFixed(1).padStart(8)} KB br`;
  const loaded = new Set([...scripts, 'app.css', 'inter.woff2', 'mark.svg']);
  const firstLoad = rows.filter(([name]) => loaded.has(name)).reduce((sum, [, bytes]) => sum + bytes, 0);
  return [...rows.map(([name, bytes]) => line(name, bytes)), line('first load', firstLoad)].join('\n');
}
