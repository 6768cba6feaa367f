import { randomBytes } from 'node:crypto';
import type { NamedKey } from '../config/secrets.ts';
import type { Bytes } from './digest.ts';
import { BrokenBoxError, kidOfBox, openBox, sealBox } from './sealed-box.ts';

/** A fresh data key of one person: `dataKey` stays in memory, the other two are stored in user_key. */
export type NewDataKey = { dataKey: Bytes; wrappedKey: Bytes; kekKid: string };

export type DataKeys = {
  newDataKey(): NewDataKey;
  /** Throws BrokenBoxError for an unknown kid or an altered key. Nothing is cached: destroying the row is destroying the key. */
  unwrapDataKey(wrappedKey: Uint8Array, kekKid: string): Bytes;
  /** The same data key under the current key-encryption key, or null when it already is. For the rotation job. */
  rewrapDataKey(wrappedKey: Uint8Array, kekKid: string): { wrappedKey: Bytes; kekKid: string } | null;
};

const context = 'user-data-key';

/** Envelope encryption: the first key-encryption key is current and wraps, the others only unwrap. */
export function createDataKeys(keks: readonly NamedKey[]): DataKeys {
  const [current] = keks;
  if (!current) throw new Error('PII_KEKS names no key');
  const byKid = new Map(keks.map((kek) => [kek.kid, kek.key]));
  const wrap = (dataKey: Bytes) => ({ wrappedKey: sealBox(current.key, context, dataKey, current.kid), kekKid: current.kid });
  const unwrapDataKey = (wrappedKey: Uint8Array, kekKid: string): Bytes => {
    const kek = byKid.get(kekKid);
    if (!kek || kidOfBox(wrappedKey) !== kekKid) throw new BrokenBoxError();
    return openBox(kek, context, wrappedKey);
  };
  return {
    newDataKey: () => {
      const dataKey = randomBytes(32);
      return { dataKey, ...wrap(dataKey) };
    },
    unwrapDataKey,
    rewrapDataKey: (wrappedKey, kekKid) => (kekKid === current.kid ? null : wrap(unwrapDataKey(wrappedKey, kekKid))),
  };
}
