import { createHmac, timingSafeEqual } from 'node:crypto';
import { fromBase64url } from './random-token.ts';

export type DeviceIdentity = { deviceId: string; userIds: readonly string[] };

export type DeviceTokens = {
  /** Names the device and the users that signed in on it, newest last; of more than 16 the newest 16 are kept. */
  issue(deviceId: string, userIds: readonly string[]): string;
  /** Null for anything not issued by us. A device token authenticates nobody (auth-api.md 1.6). */
  read(token: string): DeviceIdentity | null;
};

const version = 1;
const idBytes = 16;
const macBytes = 32;
/** Keeps the token below 512 characters. */
const maxUsers = 16;

/** Token = base64url(version | device id | user ids | HMAC-SHA-256 of all before it). */
export function createDeviceTokens(key: Uint8Array): DeviceTokens {
  const macOf = (body: Uint8Array) => createHmac('sha256', key).update('device-token').update(body).digest();
  return {
    issue(deviceId, userIds) {
      const newest = [...new Set(userIds.toReversed())].slice(0, maxUsers);
      const ids = [deviceId, ...newest.toReversed()];
      const body = Buffer.concat([Buffer.from([version]), ...ids.map(bytesOfUuid)]);
      return Buffer.concat([body, macOf(body)]).toString('base64url');
    },
    read(token) {
      const bytes = token.length <= 512 ? fromBase64url(token) : null;
      if (!bytes || bytes.length < 1 + idBytes + macBytes) return null;
      const body = bytes.subarray(0, bytes.length - macBytes);
      if (!timingSafeEqual(macOf(body), bytes.subarray(body.length))) return null;
      return identityOf(body);
    },
  };
}

function identityOf(body: Buffer): DeviceIdentity | null {
  const ids: string[] = [];
  for (let at = 1; at + idBytes <= body.length; at += idBytes) ids.push(uuidOfBytes(body.subarray(at, at + idBytes)));
  const [deviceId, ...userIds] = ids;
  return body[0] === version && deviceId ? { deviceId, userIds } : null;
}

function bytesOfUuid(id: string): Buffer {
  const bytes = Buffer.from(id.replaceAll('-', ''), 'hex');
  if (bytes.length !== idBytes) throw new TypeError('A device token names UUIDs only');
  return bytes;
}

function uuidOfBytes(bytes: Buffer): string {
  const hex = bytes.toString('hex');
  return `${hex.slice(0, 8)}-${hex.slice(8, 12)}-${hex.slice(12, 16)}-${hex.slice(16, 20)}-${hex.slice(20)}`;
}
