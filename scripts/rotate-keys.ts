import { parseArgs } from 'node:util';
import { createApp } from '../src/app.ts';
import { environment } from '../src/foundation/config/environment.ts';
import { type KeyListName, keyLists } from './keys/key-list.ts';
import { openKeyStore } from './keys/key-store.ts';
import { activate, add, drop, type Rotation, rewrap, status } from './keys/rotation.ts';
import { operatorConfig } from './operator-config.ts';
import { PlainFailure, runScript } from './plain-failure.ts';
import { createProgress } from './progress.ts';

const usage = `npm run keys:rotate -- signing|pepper|kek [step]
  (no step)         which keys there are and what still needs them
  --add             a new key, known and not used yet
  --activate KID    makes it the current one; a signing key must have been published for 24 hours
  --rewrap          kek only: puts every data key under the current key, in batches; may be stopped and started again
  --drop KID        takes out a key that nothing needs any more
docs/runbooks/key-rotation.md says in which order.`;

const options = {
  add: { type: 'boolean' },
  activate: { type: 'string' },
  rewrap: { type: 'boolean' },
  drop: { type: 'string' },
} as const;

/** `npm run keys:rotate`: one step of one rotation; each change of a list leaves an audit row. */
async function rotate(): Promise<void> {
  const { name, values } = readFlags();
  const config = operatorConfig();
  const app = await createApp({ config });
  try {
    process.stdout.write(`${await step({ deps: app.deps, store: openKeyStore(environment(), config.dataDir), name }, values)}\n`);
  } finally {
    await app.stop();
  }
}

type Flags = ReturnType<typeof readFlags>['values'];

function step(rotation: Rotation, flags: Flags): Promise<string> {
  if (flags.add) return add(rotation);
  if (flags.activate !== undefined) return activate(rotation, flags.activate);
  if (flags.drop !== undefined) return drop(rotation, flags.drop);
  return flags.rewrap ? rewrap(rotation, createProgress('keys')) : status(rotation);
}

function readFlags() {
  try {
    const { positionals, values } = parseArgs({ options, allowPositionals: true });
    const [name = '', ...more] = positionals;
    if (!isKeyListName(name) || more.length > 0) throw new PlainFailure(usage);
    if (Object.keys(values).length > 1) throw new PlainFailure(`One step at a time.\n${usage}`);
    if (values.rewrap && name !== 'kek') throw new PlainFailure(`Only data keys are rewrapped.\n${usage}`);
    return { name, values };
  } catch (error) {
    throw error instanceof PlainFailure ? error : new PlainFailure(`${error instanceof Error ? error.message : String(error)}\n${usage}`);
  }
}

function isKeyListName(text: string): text is KeyListName {
  return Object.hasOwn(keyLists, text);
}

await runScript(rotate);
// Pools and threads that were closed may hold the process for seconds.
process.exit();
