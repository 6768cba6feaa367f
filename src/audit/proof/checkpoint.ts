import { createPrivateKey, createPublicKey, hash, sign, verify } from 'node:crypto';
import type { PrivateJwk } from '../../foundation/config/secrets.ts';
import { type PinnedKey, pinnedKeyAt } from './pinned-keys.ts';

/** What a checkpoint says: this log, in this epoch, had so many leaves with this root at that time. */
export type Checkpoint = {
  /** AUDIT_ORIGIN of the log. */
  origin: string;
  epoch: number;
  /** Leaves covered. */
  size: number;
  /** 32 bytes. */
  root: Buffer;
  /** Every transaction of the epoch below this xid is covered; decimal text. */
  watermark: string;
  /** YYYY-MM-DDTHH:MM:SS.ffffffZ */
  at: string;
};

const header = 'fashionistar-audit-checkpoint/v1';

/** The text that is signed, line by line as audit.md section 7 has it. */
export function checkpointText(checkpoint: Checkpoint, keyId: string): string {
  const { origin, epoch, size, root, watermark, at } = checkpoint;
  return `${[header, origin, epoch, size, root.toString('base64'), watermark, at, keyId].join('\n')}\n`;
}

const shape =
  /^fashionistar-audit-checkpoint\/v1\n([^\n]+)\n(0|[1-9]\d{0,9})\n(0|[1-9]\d{0,15})\n([A-Za-z0-9+/]{43}=)\n(0|[1-9]\d{0,19})\n(\d{4}-\d\d-\d\dT\d\d:\d\d:\d\d\.\d{6}Z)\n([0-9a-f]{16})\n$/;

/** Reads a checkpoint text back; null for anything that checkpointText would not have written. */
export function parseCheckpoint(text: string): (Checkpoint & { keyId: string }) | null {
  const found = shape.exec(text);
  if (!found) return null;
  const [, origin = '', epoch = '', size = '', root = '', watermark = '', at = '', keyId = ''] = found;
  const read = { origin, epoch: Number(epoch), size: Number(size), root: Buffer.from(root, 'base64'), watermark, at, keyId };
  return checkpointText(read, keyId) === text ? read : null;
}

/** First 16 hex digits of SHA-256 of the raw 32-byte public key. */
export function keyIdOf(publicRaw: Buffer): string {
  if (publicRaw.length !== 32) throw new TypeError('an Ed25519 public key has 32 bytes');
  return hash('sha256', publicRaw, 'hex').slice(0, 16);
}

/** The raw 32-byte public key of a private JWK. Derived from the private part: a JWK whose `x` is wrong would sign what none can check. */
export function publicKeyOf(jwk: PrivateJwk): Buffer {
  const { x = '' } = createPublicKey(createPrivateKey({ key: jwk, format: 'jwk' })).export({ format: 'jwk' });
  return Buffer.from(x, 'base64url');
}

/** Ed25519 (RFC 8032) over the text's UTF-8 bytes; base64 of 64 bytes. */
export function signCheckpoint(text: string, privateKey: PrivateJwk): string {
  return sign(null, Buffer.from(text), createPrivateKey({ key: privateKey, format: 'jwk' })).toString('base64');
}

/** `outside_key_period`: signed by a key that was not yet, or no longer, the one to sign with at the checkpoint's time. */
export type SignatureState = 'valid' | 'malformed' | 'unknown_key' | 'outside_key_period' | 'bad_signature';

/** Checks a checkpoint text and its base64 signature against the pinned public keys, never against a key from the database. */
export function verifyCheckpoint(text: string, signature: string, keys: readonly PinnedKey[]): SignatureState {
  const checkpoint = parseCheckpoint(text);
  if (!checkpoint) return 'malformed';
  const known = keys.filter((key) => key.keyId === checkpoint.keyId);
  const key = known[0];
  if (!key) return 'unknown_key';
  if (!verify(null, Buffer.from(text), publicKeyObject(key.publicKey), Buffer.from(signature, 'base64'))) return 'bad_signature';
  return pinnedKeyAt(known, checkpoint.keyId, checkpoint.at) ? 'valid' : 'outside_key_period';
}

function publicKeyObject(base64: string) {
  return createPublicKey({ key: { kty: 'OKP', crv: 'Ed25519', x: Buffer.from(base64, 'base64').toString('base64url') }, format: 'jwk' });
}
