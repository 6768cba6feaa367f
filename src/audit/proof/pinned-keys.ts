import { hash } from 'node:crypto';
import { z } from 'zod';

const base64Key = z
  .string()
  .refine((text) => Buffer.from(text, 'base64').length === 32 && /^[A-Za-z0-9+/]{43}=$/.test(text), 'must be base64 of 32 bytes');

const pinnedKey = z
  .strictObject({
    /** First 16 hex digits of SHA-256 of the key. */
    keyId: z.string().regex(/^[0-9a-f]{16}$/),
    /** Base64 of the raw 32 bytes. */
    publicKey: base64Key,
    /** Checkpoints of an earlier time are not believed. ISO 8601, UTC. */
    from: z.iso.datetime({ precision: null }),
    /** Nor those of this time and later; absent while the key signs. */
    to: z.iso.datetime({ precision: null }).optional(),
  })
  .refine(
    ({ keyId, publicKey }) => hash('sha256', Buffer.from(publicKey, 'base64'), 'hex').startsWith(keyId),
    'keyId is not that of publicKey',
  );

/** A public key that checkpoints may be signed with, and when. */
export type PinnedKey = z.infer<typeof pinnedKey>;

/** Reads the text of AUDIT_KEYS_FILE. Throws with the position of what is wrong: a half-read list would accept half the log. */
export function parsePinnedKeys(text: string): PinnedKey[] {
  let sent: unknown;
  try {
    sent = JSON.parse(text);
  } catch (cause) {
    throw new Error('The file of pinned audit keys is not JSON.', { cause });
  }
  const read = z.array(pinnedKey).safeParse(sent);
  if (!read.success) throw new Error(`The file of pinned audit keys is not what it should be:\n${z.prettifyError(read.error)}`);
  return read.data;
}

/** The text of AUDIT_KEYS_FILE. */
export function writePinnedKeys(keys: readonly PinnedKey[]): string {
  return `${JSON.stringify(keys, null, 2)}\n`;
}

/** The list with one key more; those before stay, open or ended. A key that is there is not added again. */
export function addPinnedKey(keys: readonly PinnedKey[], added: PinnedKey): PinnedKey[] {
  return keys.some((key) => key.keyId === added.keyId) ? [...keys] : [...keys, added];
}

/** The list with a key that signs no more from that moment on; what it signed before stays valid. Throws for a key that is not open. */
export function endPinnedKey(keys: readonly PinnedKey[], keyId: string, to: string): PinnedKey[] {
  if (!keys.some((key) => key.keyId === keyId && key.to === undefined)) throw new Error(`No open key ${keyId} is pinned.`);
  return keys.map((key) => (key.keyId === keyId && key.to === undefined ? { ...key, to } : key));
}

/** The entry under which a checkpoint of that time may be signed with this key; none at what is no time. */
export function pinnedKeyAt(keys: readonly PinnedKey[], keyId: string, at: string): PinnedKey | undefined {
  if (Number.isNaN(Date.parse(at))) return undefined;
  return keys.find((key) => key.keyId === keyId && micros(key.from) <= micros(at) && (key.to === undefined || micros(at) < micros(key.to)));
}

/** Microseconds since 1970, which Date alone cannot tell. */
function micros(moment: string): bigint {
  const fraction = /\.(\d+)/.exec(moment)?.[1] ?? '';
  return BigInt(Math.floor(Date.parse(moment) / 1000)) * 1_000_000n + BigInt(fraction.slice(0, 6).padEnd(6, '0') || '0');
}
