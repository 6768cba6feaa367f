import { isCut } from './stored-bodies.ts';

/**
 * A value of the history as it may be shown. Ciphertext never leaves this room in a view: an encrypted value says only that it is
 * there, and is read by the same reveal command as the live one.
 */
export type ShownValue =
  | { kind: 'plain'; value: unknown }
  /** Null, or not there yet. */
  | { kind: 'empty' }
  | { kind: 'encrypted' }
  /** It changed; what it was is stored nowhere. */
  | { kind: 'secret' }
  | { kind: 'erased' }
  /** Over 16 KB: only size and hash are kept. */
  | { kind: 'truncated'; bytes: number; sha256: string };

/** Columns that the application encrypts. */
export function isEncrypted(field: string): boolean {
  return field.endsWith('_enc');
}

/** A stored value, ready to be shown. */
export function shownValue(field: string, stored: unknown): ShownValue {
  if (stored === null || stored === undefined) return { kind: 'empty' };
  if (isEncrypted(field)) return { kind: 'encrypted' };
  if (isCut(stored)) return { kind: 'truncated', bytes: Number(stored['bytes']), sha256: String(stored['sha256']) };
  return { kind: 'plain', value: stored };
}

/** Whether two stored values are the same; they come from canonical JSON. */
export function isSameStored(left: unknown, right: unknown): boolean {
  return JSON.stringify(left ?? null) === JSON.stringify(right ?? null);
}
