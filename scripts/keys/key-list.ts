import { generateKeyPairSync, randomBytes } from 'node:crypto';
import { z } from 'zod';
import { PlainFailure } from '../plain-failure.ts';

/** The lists of keys that are rotated, by what people call them. */
export const keyLists = {
  signing: 'JWT_SIGNING_KEYS',
  pepper: 'PASSWORD_PEPPERS',
  kek: 'PII_KEKS',
} as const;
export type KeyListName = keyof typeof keyLists;

/** One key as its variable spells it. */
type Entry = { kid: string; text: string };

const jwks = z.array(z.looseObject({ kid: z.string().optional() }));

/** The kids of a list, the current one first. */
export function kidsOf(name: KeyListName, value: string): string[] {
  return entriesOf(name, value).map(({ kid }) => kid);
}

/** A new key that is known and not yet used: second among signing keys (current, next, retired), last among the others. */
export function addKey(name: KeyListName, value: string): { value: string; kid: string } {
  const entries = entriesOf(name, value);
  const added = name === 'signing' ? newSigningKey() : newNamedKey(entries);
  const at = name === 'signing' ? 1 : entries.length;
  return { value: textOf(name, [...entries.slice(0, at), added, ...entries.slice(at)]), kid: added.kid };
}

/** Makes a known key the current one; the others keep their order behind it. */
export function activateKey(name: KeyListName, value: string, kid: string): string {
  const { entry, rest } = pick(name, value, kid);
  return textOf(name, [entry, ...rest]);
}

/** @throws PlainFailure for the current key: something must sign, hash and wrap */
export function dropKey(name: KeyListName, value: string, kid: string): string {
  const { rest } = pick(name, value, kid);
  if (kidsOf(name, value)[0] === kid) throw new PlainFailure(`${kid} is the current key: activate another one first.`);
  return textOf(name, rest);
}

function pick(name: KeyListName, value: string, kid: string): { entry: Entry; rest: Entry[] } {
  const entries = entriesOf(name, value);
  const entry = entries.find((candidate) => candidate.kid === kid);
  if (!entry) throw new PlainFailure(`${keyLists[name]} holds no key ${kid}. It holds: ${entries.map((each) => each.kid).join(', ')}.`);
  return { entry, rest: entries.filter((candidate) => candidate !== entry) };
}

function entriesOf(name: KeyListName, value: string): Entry[] {
  if (name === 'signing') return jwks.parse(JSON.parse(value)).map((jwk) => ({ kid: kidOfJwk(jwk.kid), text: JSON.stringify(jwk) }));
  return value.split(',').map((part) => ({ kid: part.slice(0, part.indexOf(':')).trim(), text: part.trim() }));
}

function kidOfJwk(kid: string | undefined): string {
  if (kid === undefined)
    throw new PlainFailure('A key of JWT_SIGNING_KEYS has no kid: give it one, its thumbprint of /.well-known/jwks.json.');
  return kid;
}

function textOf(name: KeyListName, entries: readonly Entry[]): string {
  const texts = entries.map(({ text }) => text).join(',');
  return name === 'signing' ? `[${texts}]` : texts;
}

function newSigningKey(): Entry {
  const { kty, crv, x, d } = generateKeyPairSync('ed25519').privateKey.export({ format: 'jwk' });
  const kid = randomBytes(8).toString('hex');
  return { kid, text: JSON.stringify({ kty, crv, x, d, kid }) };
}

/** k1, k2, k3: stored rows name the kid, and short names keep them short. A number is never used twice while its key is listed. */
function newNamedKey(entries: readonly Entry[]): Entry {
  const numbers = entries.map(({ kid }) => Number(/(\d+)$/.exec(kid)?.[1] ?? 0));
  const kid = `k${Math.max(...numbers) + 1}`;
  return { kid, text: `${kid}:${randomBytes(32).toString('base64')}` };
}
