import { registerHooks } from 'node:module';
import { join } from 'node:path';

// AdminJS reads these two when it is imported, not when it is constructed, and has no option for them. The directory must
// be absolute and have no dot in it: its own static serving refuses dot directories.
process.env.ADMIN_JS_TMP_DIR ??= join(import.meta.dirname, '../../build/adminjs');
process.env.ADMIN_JS_SKIP_BUNDLE ??= 'true';

// AdminJS's entry also loads its bundler (rollup, Babel) and its whole browser side (React, tiptap, date pickers). Our
// assets are built beforehand and the server renders none of it, so those imports are answered with next to nothing:
// 44 MB of heap and 0.9 s of processor per process less (ADR 0040). The build, which needs the
// bundler, says so by setting ADMIN_JS_SKIP_BUNDLE itself.
const designSystem = new URL('.', import.meta.resolve('@adminjs/design-system'));
const stand = {
  browser: module(''),
  bundler: module("export default () => { throw new Error('The back office is built by npm run build, not by the server'); };"),
  designSystem: module(
    `export { combineStyles } from '${new URL('utils/combine-styles.js', designSystem)}';
     export { DEFAULT_DRAWER_WIDTH } from '${new URL('constants.js', designSystem)}';`,
  ),
};

if (process.env.ADMIN_JS_SKIP_BUNDLE === 'true') {
  registerHooks({
    resolve(specifier, context, next) {
      const source = standIn(specifier, context.parentURL);
      return source ? { url: source, format: 'module', shortCircuit: true } : next(specifier, context);
    },
  });
}

/** What AdminJS gets in place of an import of its own, as a `data:` URL; undefined for all that it really needs. */
function standIn(specifier: string, importer = ''): string | undefined {
  if (!importer.includes('/node_modules/adminjs/lib/')) return undefined;
  if (specifier === '@adminjs/design-system') return stand.designSystem;
  if (specifier.endsWith('.bundler.js')) return stand.bundler;
  return specifier === './frontend/index.js' ? stand.browser : undefined;
}

function module(source: string): string {
  return `data:text/javascript,${encodeURIComponent(source)}`;
}
