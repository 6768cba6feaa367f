import { randomBytes } from 'node:crypto';

/**
 * Where bytes lie. It is handed nothing but sealed bytes and random names: who owns a file, what it is and what it is called stands in
 * the database only. `write` is all or nothing. `remove` is harmless to repeat, and also takes away what a broken `write` left.
 * Each throws AppError 503 `unavailable` when the store does not answer.
 */
export type FileStorage = {
  write(key: string, bytes: Uint8Array): Promise<void>;
  /** Null where nothing lies under the name. */
  read(key: string): Promise<Buffer | null>;
  remove(key: string): Promise<void>;
};

const keyForm = /^[0-9a-f]{64}$/;

/** 256 random bits. */
export function newStorageKey(): string {
  return randomBytes(32).toString('hex');
}

/** `ab/cd/abcd…`: no folder ever holds more than a few files. Throws for anything that is no name of ours, whatever it came from. */
export function storagePath(key: string): string {
  if (!keyForm.test(key)) throw new Error('Not the name of a stored file');
  return `${key.slice(0, 2)}/${key.slice(2, 4)}/${key}`;
}
