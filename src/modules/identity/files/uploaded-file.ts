import { sha256Hex } from '../../../foundation/crypto/digest.ts';

/** Bytes that somebody handed in, in memory. Whoever lists its members or writes it down finds its hash, never the file. */
export class UploadedFile {
  readonly #bytes: Buffer;

  constructor(bytes: Buffer) {
    this.#bytes = bytes;
  }

  get bytes(): Buffer {
    return this.#bytes;
  }

  toJSON(): string {
    return sha256Hex(this.#bytes);
  }
}
