import { readFile } from 'node:fs/promises';
import { createRequire } from 'node:module';
import { promisify } from 'node:util';
import { gzip } from 'node:zlib';

export type DocsAsset = { type: string; content: Buffer; isGzip: boolean };

const compress = promisify(gzip);
const resolver = createRequire(import.meta.url);

/** Files of swagger-ui-dist that the page uses, and their types; `start.js` is ours. */
const types: ReadonlyMap<string, string> = new Map([
  ['swagger-ui.css', 'text/css; charset=utf-8'],
  ['swagger-ui-bundle.js', 'text/javascript; charset=utf-8'],
  ['favicon-32x32.png', 'image/png'],
  ['start.js', 'text/javascript; charset=utf-8'],
]);

const startScript = `SwaggerUIBundle({
  url: '/openapi.json',
  dom_id: '#reader',
  deepLinking: true,
  validatorUrl: null,
  presets: [SwaggerUIBundle.presets.apis],
});
`;

type Loaded = { plain: Buffer; packed: Buffer };
const loaded = new Map<string, Promise<Loaded>>();

/** One file of the documentation reader; null for a name that is not on the list. Read and compressed once per process. */
export async function docsAsset(name: string, acceptsGzip: boolean): Promise<DocsAsset | null> {
  const type = types.get(name);
  if (type === undefined) return null;
  const pending = loaded.get(name) ?? load(name);
  loaded.set(name, pending);
  const { plain, packed } = await pending;
  const isGzip = acceptsGzip && packed.length < plain.length;
  return { type, content: isGzip ? packed : plain, isGzip };
}

async function load(name: string): Promise<Loaded> {
  const plain = name === 'start.js' ? Buffer.from(startScript) : await readFile(resolver.resolve(`swagger-ui-dist/${name}`));
  return { plain, packed: await compress(plain) };
}
