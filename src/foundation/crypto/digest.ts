import { createHash, hkdfSync, timingSafeEqual } from 'node:crypto';

/** Bytes in memory of their own; what Prisma's Bytes columns take. */
export type Bytes = Buffer<ArrayBuffer>;

/** SHA-256 of UTF-8 text or bytes, 32 bytes. For values of at least 128 random bits, or for plain fingerprints. */
export function sha256(value: string | Uint8Array): Bytes {
  return createHash('sha256').update(value).digest();
}

export function sha256Hex(value: string | Uint8Array): string {
  return createHash('sha256').update(value).digest('hex');
}

/** Equality in a time that depends on neither content nor first difference: both sides are hashed to one length first. */
export function isEqualConstantTime(left: string | Uint8Array, right: string | Uint8Array): boolean {
  return timingSafeEqual(sha256(left), sha256(right));
}

/** A 32 byte key for one purpose (HKDF-SHA-256, RFC 5869). Two purposes never share a key, so their outputs never meet. */
export function subkey(key: string | Uint8Array, purpose: string): Bytes {
  return Buffer.from(hkdfSync('sha256', key, Buffer.alloc(0), `fashionistar/${purpose}`, 32));
}
