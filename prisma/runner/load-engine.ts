import { readFileSync } from 'node:fs';
import { createRequire } from 'node:module';
import { dirname, join } from 'node:path';
import * as bindings from '@prisma/schema-engine-wasm/schema_engine_bg';

type SchemaEngineClass = typeof bindings.SchemaEngine;

let loading: Promise<SchemaEngineClass> | undefined;

/**
 * Loads the engine's WebAssembly by hand: the package's own entry imports the .wasm file as a module, which Node calls
 * experimental in a warning on every start.
 */
export function loadEngine(): Promise<SchemaEngineClass> {
  loading ??= instantiate();
  return loading;
}

async function instantiate(): Promise<SchemaEngineClass> {
  // Not import.meta.resolve: the test runner's module loader has none.
  const entry = createRequire(import.meta.url).resolve('@prisma/schema-engine-wasm/schema_engine_bg');
  const file = join(dirname(entry), 'schema_engine_bg.wasm');
  const { instance } = await WebAssembly.instantiate(readFileSync(file), { './schema_engine_bg.js': { ...bindings } });
  const setWasm: unknown = Reflect.get(bindings, '__wbg_set_wasm');
  const start: unknown = instance.exports['__wbindgen_start'];
  if (typeof setWasm !== 'function' || typeof start !== 'function') throw new Error('The schema engine has another shape than expected');
  setWasm(instance.exports);
  start();
  return bindings.SchemaEngine;
}
