import { createHash } from 'node:crypto';
import { uuidPattern } from './new-id.ts';

/**
 * The UUID under which audit and context know a request. A caller's own X-Request-Id need not be one: then it is the
 * UUIDv8 (RFC 9562 section 5.8) made of the text's SHA-256, so that whoever knows the text finds the audit rows.
 */
export function requestUuid(requestId: string): string {
  const lower = requestId.toLowerCase();
  if (uuidPattern.test(lower)) return lower;
  const bytes = createHash('sha256').update(requestId).digest().subarray(0, 16);
  bytes.writeUInt8((bytes.readUInt8(6) & 0x0f) | 0x80, 6);
  bytes.writeUInt8((bytes.readUInt8(8) & 0x3f) | 0x80, 8);
  const hex = bytes.toString('hex');
  return `${hex.slice(0, 8)}-${hex.slice(8, 12)}-${hex.slice(12, 16)}-${hex.slice(16, 20)}-${hex.slice(20)}`;
}
