import { createHmac } from 'node:crypto';
import { describe, expect, it } from 'vitest';
import { createDeviceTokens } from '../../../src/foundation/crypto/device-token.ts';
import { newId } from '../../../src/foundation/runtime/new-id.ts';

const key = Buffer.alloc(32, 7);
const tokens = createDeviceTokens(key);

/** What the holder of the key would have made of these bytes. */
const signed = (body: Buffer) =>
  Buffer.concat([body, createHmac('sha256', key).update('device-token').update(body).digest()]).toString('base64url');
const bytesOf = (...ids: string[]) => Buffer.concat(ids.map((id) => Buffer.from(id.replaceAll('-', ''), 'hex')));

describe('a device token', () => {
  it('names the device and the newest sixteen who signed in on it', () => {
    const [device, users] = [newId(), Array.from({ length: 20 }, newId)];
    expect(tokens.read(tokens.issue(device, users))).toEqual({ deviceId: device, userIds: users.slice(-16) });
  });

  it('of another form is none, though it bears our seal', () => {
    const device = newId();
    expect(tokens.read(signed(Buffer.concat([Buffer.from([1]), bytesOf(device)])))).toEqual({ deviceId: device, userIds: [] });
    expect(tokens.read(signed(Buffer.concat([Buffer.from([2]), bytesOf(device)])))).toBeNull();
    expect(tokens.read(signed(Buffer.from([1])))).toBeNull();
  });

  it('names nothing but UUIDs', () => {
    expect(() => tokens.issue('device-1', [])).toThrow(TypeError);
  });
});
