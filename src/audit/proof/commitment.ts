import { sha256 } from './sha256.ts';

const valueTag = Buffer.of(0x02);
const snapshotTag = Buffer.of(0x03);
const saltBytes = 16;

/**
 * What an event or action row says about its value row: SHA-256(0x02 ‖ salt ‖ body), 32 bytes.
 * @param salt 16 random bytes; without them a short body could be guessed from its hash
 * @param body the stored text, byte for byte; never one that was parsed and written again
 */
export function commitValue(salt: Buffer, body: string): Buffer {
  return commit(valueTag, salt, body);
}

/** As commitValue for a snapshot row: SHA-256(0x03 ‖ salt ‖ body). */
export function commitSnapshot(salt: Buffer, body: string): Buffer {
  return commit(snapshotTag, salt, body);
}

function commit(tag: Buffer, salt: Buffer, body: string): Buffer {
  if (salt.length !== saltBytes) throw new TypeError(`a salt has ${saltBytes} bytes, not ${salt.length}`);
  const bytes = Buffer.allocUnsafe(tag.length + saltBytes + Buffer.byteLength(body));
  tag.copy(bytes);
  salt.copy(bytes, tag.length);
  bytes.write(body, tag.length + saltBytes, 'utf8');
  return sha256(bytes);
}
