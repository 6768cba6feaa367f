import { createHmac, randomBytes } from 'node:crypto';
import { isEqualConstantTime } from './digest.ts';

/** RFC 4648 base32 of 20 random bytes (160 bit, RFC 4226 section 4), as authenticator apps take it. */
export function newTotpSecret(): string {
  return toBase32(randomBytes(20));
}

const stepSeconds = 30;

/** Number of the 30 second step that holds `at` (RFC 6238 section 4). */
export function totpStepAt(at: Date): number {
  return Math.floor(at.getTime() / 1000 / stepSeconds);
}

/** Six digits, HMAC-SHA-1 (RFC 6238; the only variant that all authenticator apps read). */
export function totpCode(secret: string, step: number): string {
  const counter = Buffer.alloc(8);
  counter.writeBigUInt64BE(BigInt(step));
  const mac = createHmac('sha1', fromBase32(secret)).update(counter).digest();
  const offset = mac.readUInt8(19) & 0x0f;
  return ((mac.readUInt32BE(offset) & 0x7fffffff) % 1_000_000).toString().padStart(6, '0');
}

/**
 * The step of `code`: the current one or the one before, null for every other (t+1 too, auth-api.md P11). The caller
 * stores it and refuses this step and all earlier ones from then on, in one conditional UPDATE.
 */
export function findTotpStep(secret: string, code: string, at: Date): number | null {
  const now = totpStepAt(at);
  // Both are always computed, so the time does not tell which one matched.
  const [isNow, isBefore] = [isEqualConstantTime(totpCode(secret, now), code), isEqualConstantTime(totpCode(secret, now - 1), code)];
  if (isNow) return now;
  return isBefore ? now - 1 : null;
}

/** The otpauth address behind the enrolment QR code. `account` is what the app shows, for example a masked contact. */
export function totpUri(secret: string, issuer: string, account: string): string {
  const label = `${encodeURIComponent(issuer)}:${encodeURIComponent(account)}`;
  return `otpauth://totp/${label}?secret=${secret}&issuer=${encodeURIComponent(issuer)}&algorithm=SHA1&digits=6&period=${stepSeconds}`;
}

const alphabet = 'ABCDEFGHIJKLMNOPQRSTUVWXYZ234567';

/** Length a multiple of 5 bytes, so there is never a partial character or padding. */
function toBase32(bytes: Buffer): string {
  let bits = '';
  for (const byte of bytes) bits += byte.toString(2).padStart(8, '0');
  return bits.replace(/.{5}/g, (group) => alphabet.charAt(Number.parseInt(group, 2)));
}

function fromBase32(text: string): Buffer {
  let bits = '';
  for (const character of text) {
    const value = alphabet.indexOf(character);
    if (value < 0) throw new TypeError('Not a base32 secret');
    bits += value.toString(2).padStart(5, '0');
  }
  const bytes = bits.match(/.{8}/g);
  // Without a single byte every code would be known to everybody.
  if (!bytes) throw new TypeError('Not a base32 secret');
  return Buffer.from(bytes.map((byte) => Number.parseInt(byte, 2)));
}
