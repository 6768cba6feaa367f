import { randomFillSync } from 'node:crypto';

/** Random bytes are drawn for many ids at once: one system call per id took longer than making it. */
const randomPool = Buffer.allocUnsafe(2_000);
const randomBytesPerId = 10;
let poolUsed = randomPool.length;

let lastMs = 0;
let sequence = 0;

/**
 * UUIDv7 (RFC 9562 section 5.7): 48 bit milliseconds, 12 bit counter within the millisecond, 62 random bits.
 * Ids made by one process sort in the order in which they were made.
 */
export function newId(): string {
  const bytes = Buffer.allocUnsafe(16);
  if (poolUsed + randomBytesPerId > randomPool.length) {
    randomFillSync(randomPool);
    poolUsed = 0;
  }
  randomPool.copy(bytes, 6, poolUsed, poolUsed + randomBytesPerId);
  poolUsed += randomBytesPerId;
  const now = Date.now();
  if (now > lastMs) {
    lastMs = now;
    sequence = bytes.readUInt16BE(6) & 0x7ff;
  } else {
    sequence += 1;
    if (sequence > 0xfff) {
      lastMs += 1;
      sequence = 0;
    }
  }
  bytes.writeUIntBE(lastMs, 0, 6);
  bytes.writeUInt16BE(0x7000 | sequence, 6);
  bytes.writeUInt8((bytes.readUInt8(8) & 0x3f) | 0x80, 8);
  const hex = bytes.toString('hex');
  return `${hex.slice(0, 8)}-${hex.slice(8, 12)}-${hex.slice(12, 16)}-${hex.slice(16, 20)}-${hex.slice(20)}`;
}

export const uuidPattern = /^[0-9a-f]{8}-[0-9a-f]{4}-[1-8][0-9a-f]{3}-[89ab][0-9a-f]{3}-[0-9a-f]{12}$/;
