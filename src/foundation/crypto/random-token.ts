import { randomBytes } from 'node:crypto';

/** An opaque secret as base64url without padding; 32 bytes (256 bit) give 43 characters. */
export function randomToken(bytes = 32): string {
  return randomBytes(bytes).toString('base64url');
}

const alphabet = /^[A-Za-z0-9_-]*$/;

/**
 * Strict base64url: null for padding, foreign characters and a last character with stray bits, all of which Node's own
 * decoder lets pass. So one value has one spelling, and an altered token is never the same token.
 */
export function fromBase64url(text: string): Buffer | null {
  if (!alphabet.test(text)) return null;
  const bytes = Buffer.from(text, 'base64url');
  return bytes.toString('base64url') === text ? bytes : null;
}
