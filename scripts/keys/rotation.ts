import type { Command, CommandDeps } from '../../src/foundation/command/command.ts';
import { type RegisteredKey, registeredKeys } from '../../src/foundation/command/note-signing-keys.ts';
import { recordKeyChange } from '../../src/foundation/command/record-key-change.ts';
import { runCommand } from '../../src/foundation/command/run-command.ts';
import { addSeconds } from '../../src/foundation/runtime/clock.ts';
import { runInContext, systemContext } from '../../src/foundation/runtime/request-context.ts';
import { systemCommands } from '../../src/modules/identity/index.ts';
import { rewrapDeliveries, rewrapWebhookKeys } from '../../src/modules/notifications/index.ts';
import { PlainFailure } from '../plain-failure.ts';
import type { Progress } from '../progress.ts';
import { activateKey, addKey, dropKey, type KeyListName, keyLists, kidsOf } from './key-list.ts';
import type { KeyStore } from './key-store.ts';
import { countOf, kekUsage, pepperUsage } from './key-usage.ts';

/** Verifiers may hold the published set for five minutes; a day leaves room for those that hold it longer (auth-api.md section 3). */
export const publishedAheadSeconds = 86_400;
/** A token is taken for so long after its end. */
const skewSeconds = 30;

export type Rotation = { deps: CommandDeps; store: KeyStore; name: KeyListName };

/** Adds a key that is known to every process and not used yet. */
export async function add({ deps, store, name }: Rotation): Promise<string> {
  const { value, kid } = addKey(name, store.read(name));
  await record(deps, name, 'added', kid);
  return `${kid} is added, and not used until it is activated.\n${store.write(name, value)}`;
}

/** Makes a known key the current one. A signing key must have been published for a day. */
export async function activate({ deps, store, name }: Rotation, kid: string): Promise<string> {
  const value = activateKey(name, store.read(name), kid);
  if (name === 'signing') requirePublished(await findRegistered(deps, kid), deps.clock.now());
  await record(deps, name, 'activated', kid);
  return `${kid} is the current key.\n${store.write(name, value)}`;
}

/** Takes a key out that nothing needs any more: no live token, no hash, no wrapped key. */
export async function drop({ deps, store, name }: Rotation, kid: string): Promise<string> {
  const value = dropKey(name, store.read(name), kid);
  if (name === 'signing') requireUnneeded(await findRegistered(deps, kid).catch(() => null), deps);
  else requireUnused(name, countOf(await usageOf(deps, name), kid), kid);
  await record(deps, name, 'dropped', kid);
  return `${kid} is taken out. Keep it in the safe for as long as a backup needs it.\n${store.write(name, value)}`;
}

/** Puts every data key under the current key-encryption key, in batches, with progress. May be stopped and started at any time. */
export async function rewrap({ deps, store }: Rotation, progress: Progress, batch = 500): Promise<string> {
  const [current = '', ...others] = kidsOf('kek', store.read('kek'));
  const usage = await kekUsage(deps);
  const unknown = usage.map(({ kid }) => kid).filter((kid) => kid !== current && !others.includes(kid));
  if (unknown.length > 0)
    throw new PlainFailure(`PII_KEKS does not hold ${[...new Set(unknown)].join(', ')}, which stored keys are under.`);
  const total = usage.filter(({ kid, place }) => kid !== current && lasting.has(place)).reduce((sum, { rows }) => sum + rows, 0);
  let done = 0;
  for (const command of [systemCommands.rewrapDataKeys, rewrapDeliveries, rewrapWebhookKeys]) {
    for (;;) {
      const { rewrapped } = await runAsOperator(deps, command, { limit: batch });
      done += rewrapped;
      progress.update(done, Math.max(total, done));
      if (rewrapped === 0) break;
    }
  }
  progress.end();
  return `${done} keys were put under ${current}. ${restOf(await kekUsage(deps), current)}`;
}

/** What stays for ever is rewrapped; registrations and exports are gone within two days by themselves. */
const lasting: ReadonlySet<string> = new Set(['people', 'invitations', 'deliveries', 'webhooks']);

function restOf(usage: Awaited<ReturnType<typeof kekUsage>>, current: string): string {
  const left = usage.filter(({ kid }) => kid !== current).map(({ kid, place, rows }) => `${rows} ${place} under ${kid}`);
  return left.length === 0 ? 'Nothing is left under another key.' : `Still there: ${left.join(', ')}.`;
}

/** One line for each key: its standing and what names it. */
export async function status({ deps, store, name }: Rotation): Promise<string> {
  const kids = kidsOf(name, store.read(name));
  if (name === 'signing') {
    const known = new Map((await registeredKeys(deps)).map((key) => [key.kid, key]));
    return lines(name, kids, (kid) => standingOf(known.get(kid)));
  }
  const usage = await usageOf(deps, name);
  const total = usage.reduce((sum, { rows }) => sum + rows, 0);
  return lines(name, kids, (kid) => `${countOf(usage, kid)} of ${total} ${name === 'kek' ? 'wrapped keys' : 'password hashes'}`);
}

function lines(name: KeyListName, kids: readonly string[], about: (kid: string) => string): string {
  return [keyLists[name], ...kids.map((kid, index) => `  ${kid}${index === 0 ? ' (current)' : ''}: ${about(kid)}`)].join('\n');
}

function standingOf(key: RegisteredKey | undefined): string {
  if (!key) return 'not published yet';
  const { publishedAt, activatedAt, retiredAt } = key;
  const since = (word: string, at: Date | null) => (at ? `, ${word} ${at.toISOString()}` : '');
  return `published ${publishedAt.toISOString()}${since('signs since', activatedAt)}${since('retired', retiredAt)}`;
}

async function findRegistered(deps: CommandDeps, kid: string): Promise<RegisteredKey> {
  const key = (await registeredKeys(deps)).find((each) => each.kid === kid);
  if (!key) throw new PlainFailure(`No process has published ${kid} yet: restart them with the new list first.`);
  return key;
}

function requirePublished({ kid, publishedAt }: RegisteredKey, now: Date): void {
  const from = addSeconds(publishedAt, publishedAheadSeconds);
  if (from > now)
    throw new PlainFailure(`${kid} is published since ${publishedAt.toISOString()}: it may sign from ${from.toISOString()} on.`);
}

/** A key that never signed may go at once. */
function requireUnneeded(key: RegisteredKey | null, { config, clock }: CommandDeps): void {
  if (!key?.activatedAt) return;
  if (!key.retiredAt) throw new PlainFailure(`${key.kid} still signs in a running process: restart them with the new list first.`);
  const from = addSeconds(key.retiredAt, config.accessTokenTtlSeconds + skewSeconds);
  if (from > clock.now()) throw new PlainFailure(`Tokens signed by ${key.kid} live until ${from.toISOString()}.`);
}

function requireUnused(name: 'pepper' | 'kek', used: number, kid: string): void {
  if (used === 0) return;
  const how = name === 'kek' ? 'put them under the current key with --rewrap' : 'each is made anew at the next sign-in of its owner';
  throw new PlainFailure(`${used} ${name === 'kek' ? 'wrapped keys' : 'password hashes'} are still under ${kid}: ${how}.`);
}

function usageOf(deps: CommandDeps, name: 'pepper' | 'kek') {
  return name === 'kek' ? kekUsage(deps) : pepperUsage(deps);
}

function record(deps: CommandDeps, name: KeyListName, step: 'added' | 'activated' | 'dropped', kid: string): Promise<unknown> {
  return runAsOperator(deps, recordKeyChange, { name: keyLists[name], step, kid });
}

async function runAsOperator<Input, Output>(deps: CommandDeps, command: Command<Input, Output>, input: object): Promise<Output> {
  const { output } = await runInContext(systemContext('operator', 'cli'), () => runCommand(deps, command, { input }));
  return output;
}
