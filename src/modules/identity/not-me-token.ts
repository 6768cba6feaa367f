import { timingSafeEqual } from 'node:crypto';
import type { Keyring } from '../../foundation/crypto/keyring.ts';

/** What a security notice was about. `sessionId` is null where no one session is meant, for example after a factor change. */
export type NotMeSubject = { userId: string; sessionId: string | null; issuedAtSeconds: number };

/** 7 days (auth-api.md section 2.4). */
export const notMeLifeSeconds = 7 * 24 * 3600;

const noSession = '00000000-0000-0000-0000-000000000000';
const idBytes = 16;
const timeBytes = 4;
const macBytes = 32;

/**
 * The fragment value of a "this was not me" link: whom and what it is about under a 256 bit MAC, so that nothing of it is
 * stored or queued and a repeated sending carries the same token. Single use is for the redeemer to enforce.
 */
export function notMeToken(keyring: Keyring, subject: NotMeSubject): string {
  const body = Buffer.alloc(2 * idBytes + timeBytes);
  idToBytes(subject.userId).copy(body, 0);
  idToBytes(subject.sessionId ?? noSession).copy(body, idBytes);
  body.writeUInt32BE(subject.issuedAtSeconds, 2 * idBytes);
  return Buffer.concat([body, macOf(keyring, body)]).toString('base64url');
}

/** Null for anything that notMeToken() did not make or that is older than its life. */
export function readNotMeToken(keyring: Keyring, token: string, now: Date): NotMeSubject | null {
  const bytes = Buffer.from(token, 'base64url');
  if (bytes.length !== 2 * idBytes + timeBytes + macBytes || bytes.toString('base64url') !== token) return null;
  const body = bytes.subarray(0, 2 * idBytes + timeBytes);
  if (!timingSafeEqual(macOf(keyring, body), bytes.subarray(body.length))) return null;
  const issuedAtSeconds = body.readUInt32BE(2 * idBytes);
  if (now.getTime() / 1000 > issuedAtSeconds + notMeLifeSeconds) return null;
  const sessionId = bytesToId(body.subarray(idBytes, 2 * idBytes));
  return { userId: bytesToId(body.subarray(0, idBytes)), sessionId: sessionId === noSession ? null : sessionId, issuedAtSeconds };
}

function macOf(keyring: Keyring, body: Buffer): Buffer {
  return keyring.keyedHash('not-me', body.toString('base64url'));
}

function idToBytes(id: string): Buffer {
  return Buffer.from(id.replaceAll('-', ''), 'hex');
}

function bytesToId(bytes: Buffer): string {
  const hex = bytes.toString('hex');
  return [hex.slice(0, 8), hex.slice(8, 12), hex.slice(12, 16), hex.slice(16, 20), hex.slice(20)].join('-');
}
