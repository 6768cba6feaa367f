import { spawnSync } from 'node:child_process';
import { existsSync, mkdtempSync, readdirSync, readFileSync, symlinkSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join, resolve } from 'node:path';

const root = resolve(import.meta.dirname, '../../..');
const built = join(root, 'build/assets');

/** The built files under a manifest that also names the components of a test's own pages; builds them when there are none. */
export function assetsWith(components: readonly string[]): string {
  if (!existsSync(join(built, 'manifest.json'))) {
    const { status, stderr } = spawnSync(process.execPath, [join(root, 'scripts/build-admin.ts')], { cwd: root, encoding: 'utf8' });
    if (status !== 0) throw new Error(`The back-office files could not be built: ${stderr}`);
  }
  const folder = mkdtempSync(join(tmpdir(), 'fashionistar-assets-'));
  const manifest = JSON.parse(readFileSync(join(built, 'manifest.json'), 'utf8'));
  for (const name of readdirSync(built)) if (name !== 'manifest.json') symlinkSync(join(built, name), join(folder, name));
  writeFileSync(join(folder, 'manifest.json'), JSON.stringify({ ...manifest, components: [...manifest.components, ...components] }));
  return folder;
}
