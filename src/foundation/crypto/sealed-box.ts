import { createCipheriv, createDecipheriv, randomBytes } from 'node:crypto';
import type { Bytes } from './digest.ts';

const version = 1;
const nonceBytes = 12;
const tagBytes = 16;

export class BrokenBoxError extends Error {
  constructor(cause?: unknown) {
    super('A sealed value does not open: altered, of another place, or under another key', { cause });
    this.name = 'BrokenBoxError';
  }
}

/**
 * AES-256-GCM. Box = version byte | kid length | kid | nonce (12) | tag (16) | ciphertext; the kid part is present only
 * for boxes under a key-encryption key (empty kid = length 0). Header and `context` are authenticated.
 */
export function sealBox(key: Uint8Array, context: string, clear: Uint8Array, kid = ''): Bytes {
  const header = headerOf(kid);
  const nonce = randomBytes(nonceBytes);
  const cipher = createCipheriv('aes-256-gcm', key, nonce, { authTagLength: tagBytes });
  cipher.setAAD(authenticated(header, context));
  const body = Buffer.concat([cipher.update(clear), cipher.final()]);
  return Buffer.concat([header, nonce, cipher.getAuthTag(), body]);
}

/** The clear bytes. Throws BrokenBoxError when anything differs: key, context, header or one bit of the box. */
export function openBox(key: Uint8Array, context: string, box: Uint8Array): Bytes {
  const bytes = Buffer.from(box.buffer, box.byteOffset, box.byteLength);
  const kidLength = bytes[1];
  if (bytes[0] !== version || kidLength === undefined) throw new BrokenBoxError();
  const start = 2 + kidLength;
  if (bytes.length < start + nonceBytes + tagBytes) throw new BrokenBoxError();
  const decipher = createDecipheriv('aes-256-gcm', key, bytes.subarray(start, start + nonceBytes), { authTagLength: tagBytes });
  decipher.setAAD(authenticated(bytes.subarray(0, start), context));
  decipher.setAuthTag(bytes.subarray(start + nonceBytes, start + nonceBytes + tagBytes));
  try {
    return Buffer.concat([decipher.update(bytes.subarray(start + nonceBytes + tagBytes)), decipher.final()]);
  } catch (error) {
    throw new BrokenBoxError(error);
  }
}

/** The kid in the header, "" where there is none. Not authenticated until the box opens. */
export function kidOfBox(box: Uint8Array): string {
  const kidLength = box[1] ?? 0;
  return Buffer.from(box.subarray(2, 2 + kidLength)).toString('utf8');
}

function headerOf(kid: string): Buffer {
  const name = Buffer.from(kid, 'utf8');
  if (name.length > 255) throw new RangeError('kid is longer than 255 bytes');
  return Buffer.concat([Buffer.from([version, name.length]), name]);
}

function authenticated(header: Uint8Array, context: string): Buffer {
  return Buffer.concat([header, Buffer.from(context, 'utf8')]);
}
