import { randomBytes, randomInt, timingSafeEqual } from 'node:crypto';
import type { Keyring } from './keyring.ts';
import { fromBase64url } from './random-token.ts';

/** Crockford's base32: no i, l, o, u, so a code survives being read aloud. */
const alphabet = '0123456789abcdefghjkmnpqrstvwxyz';
const codeLength = 10;
const codesPerPerson = 10;
const saltBytes = 16;

export type RecoveryCode = {
  /** Shown once, as `k7pq2-m9xab`; 50 bits. */
  code: string;
  /** Value of the first character, 0 to 31; different in all ten, so a redemption reads exactly one row. */
  slot: number;
  /** Base64url of 16 bytes of salt and a keyed hash of 32, as stored. */
  codeHash: string;
};

type Hashing = Pick<Keyring, 'keyedHash'>;

/** Ten fresh codes with their stored form. */
export function newRecoveryCodes(keyring: Hashing): RecoveryCode[] {
  const slots = shuffled(alphabet.length).slice(0, codesPerPerson);
  return slots.map((slot) => {
    const rest = Array.from({ length: codeLength - 1 }, () => alphabet.charAt(randomInt(alphabet.length))).join('');
    const canonical = `${alphabet.charAt(slot)}${rest}`;
    return {
      code: `${canonical.slice(0, 5)}-${canonical.slice(5)}`,
      slot,
      codeHash: hashOf(keyring, canonical, randomBytes(saltBytes)).toString('base64url'),
    };
  });
}

/** Canonical form and slot of what a person typed (case, dashes and spaces ignored; o, i, l read as 0, 1, 1), or null. */
export function parseRecoveryCode(typed: string): { canonical: string; slot: number } | null {
  const canonical = typed.toLowerCase().replaceAll(/[\s-]/g, '').replaceAll('o', '0').replaceAll(/[il]/g, '1');
  const isCode = canonical.length === codeLength && [...canonical].every((character) => alphabet.includes(character));
  return isCode ? { canonical, slot: alphabet.indexOf(canonical.charAt(0)) } : null;
}

/** Whether `canonical` is the code behind a stored hash, in constant time. */
export function isRecoveryCode(keyring: Hashing, canonical: string, stored: string): boolean {
  const bytes = fromBase64url(stored);
  if (bytes?.length !== saltBytes + 32) return false;
  return timingSafeEqual(hashOf(keyring, canonical, bytes.subarray(0, saltBytes)), bytes);
}

function hashOf(keyring: Hashing, canonical: string, salt: Uint8Array): Buffer {
  return Buffer.concat([salt, keyring.keyedHash('recovery-code', `${Buffer.from(salt).toString('base64url')}|${canonical}`)]);
}

/** Fisher-Yates over 0 to count-1. */
function shuffled(count: number): number[] {
  const pool = Array.from({ length: count }, (_, index) => index);
  return Array.from({ length: count }, () => pool.splice(randomInt(pool.length), 1)).flat();
}
