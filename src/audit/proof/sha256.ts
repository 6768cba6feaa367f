import { hash } from 'node:crypto';

/**
 * SHA-256 of bytes, or of a text in UTF-8; 32 bytes. By way of a string: the platform's own buffer output makes each digest a memory
 * block of its own, which costs more than the hashing and lets a million of them fill the memory.
 */
export function sha256(content: Buffer | string): Buffer {
  return Buffer.from(hash('sha256', content, 'binary'), 'latin1');
}
