import { createHmac } from 'node:crypto';
import type { Secrets } from '../config/secrets.ts';
import { createDataKeys, type DataKeys } from './data-keys.ts';
import { createDeviceTokens, type DeviceTokens } from './device-token.ts';
import { type Bytes, subkey } from './digest.ts';
import { fromBase64url } from './random-token.ts';
import { openBox, sealBox } from './sealed-box.ts';

export type BlindIndexKind = 'email' | 'phone' | 'tax' | 'subject' | 'account' | 'document';

/** Every keyed operation of the platform but passwords and access tokens. Pure computation: no I/O, no clock. */
export type Keyring = DataKeys & {
  /** HMAC-SHA-256 (32 bytes) for equality look-ups; kinds have separate keys. `normalised` is the stored canonical form. */
  blindIndex(kind: BlindIndexKind, normalised: string): Bytes;
  /** AES-256-GCM under a person's data key. `context` = `table.column:recordId`, so a box opens only where it belongs. */
  encryptField(dataKey: Uint8Array, context: string, clear: string): Bytes;
  /** Throws BrokenBoxError. */
  decryptField(dataKey: Uint8Array, context: string, box: Uint8Array): string;
  /** The same for the bytes of a file. `context` = `table:recordId`. */
  encryptBytes(dataKey: Uint8Array, context: string, clear: Uint8Array): Bytes;
  /** Throws BrokenBoxError. */
  decryptBytes(dataKey: Uint8Array, context: string, box: Uint8Array): Bytes;
  /** Seals under a key derived from a secret that we do not store: the successor of a refresh token under its parent. */
  sealWith(secret: string, clear: string): Bytes;
  /** Null when the secret is not the one that sealed, or the box was altered. */
  openWith(secret: string, box: Uint8Array): string | null;
  /** The 6 digits of one sending; derived, so never stored or queued. */
  otpCode(flowId: string, sendNo: number): string;
  /** The 256 bit fragment value of a mail link, base64url; derived like the code. */
  linkToken(flowId: string, sendNo: number): string;
  /** HMAC-SHA-256 (32 bytes) for short or guessable secrets at rest, separated by purpose. */
  keyedHash(purpose: string, value: string): Bytes;
  deviceToken: DeviceTokens;
  /** AES-256-GCM as base64url. `name` is the cookie's name: a value moved to another cookie does not open. */
  sealCookie(name: string, clear: string): string;
  openCookie(name: string, sealed: string): string | null;
};

export function createKeyring(
  secrets: Pick<Secrets, 'piiKeks' | 'blindIndexKey' | 'tokenHmacKey' | 'deviceTokenKey' | 'cookieSealKey'>,
): Keyring {
  return {
    ...createDataKeys(secrets.piiKeks),
    ...createFieldBoxes(),
    ...createParentBoxes(),
    ...createDerivedSecrets(secrets.tokenHmacKey),
    ...createCookieBoxes(secrets.cookieSealKey),
    blindIndex: createBlindIndex(secrets.blindIndexKey),
    deviceToken: createDeviceTokens(secrets.deviceTokenKey),
  };
}

function createBlindIndex(key: Buffer): Keyring['blindIndex'] {
  const keyOf = (kind: BlindIndexKind) => subkey(key, `blind-index/${kind}`);
  const keys: Record<BlindIndexKind, Buffer> = {
    email: keyOf('email'),
    phone: keyOf('phone'),
    tax: keyOf('tax'),
    subject: keyOf('subject'),
    account: keyOf('account'),
    document: keyOf('document'),
  };
  return (kind, normalised) => createHmac('sha256', keys[kind]).update(normalised, 'utf8').digest();
}

function createFieldBoxes(): Pick<Keyring, 'encryptField' | 'decryptField' | 'encryptBytes' | 'decryptBytes'> {
  return {
    encryptField: (dataKey, context, clear) => sealBox(dataKey, `field/${context}`, Buffer.from(clear, 'utf8')),
    decryptField: (dataKey, context, box) => openBox(dataKey, `field/${context}`, box).toString('utf8'),
    encryptBytes: (dataKey, context, clear) => sealBox(dataKey, `bytes/${context}`, clear),
    decryptBytes: (dataKey, context, box) => openBox(dataKey, `bytes/${context}`, box),
  };
}

const parentPurpose = 'sealed-under-parent';

function createParentBoxes(): Pick<Keyring, 'sealWith' | 'openWith'> {
  return {
    sealWith: (secret, clear) => sealBox(subkey(secret, parentPurpose), parentPurpose, Buffer.from(clear, 'utf8')),
    openWith: (secret, box) => openOrNull(subkey(secret, parentPurpose), parentPurpose, box),
  };
}

function createDerivedSecrets(key: Buffer): Pick<Keyring, 'otpCode' | 'linkToken' | 'keyedHash'> {
  const keys = { otp: subkey(key, 'otp-code'), link: subkey(key, 'link-token'), hash: subkey(key, 'keyed-hash') };
  const derive = (name: 'otp' | 'link', flowId: string, sendNo: number) =>
    createHmac('sha256', keys[name]).update(`${sendNo}|${flowId}`, 'utf8').digest();
  return {
    // 64 bits modulo a million: no code is likelier than another by more than 1 in 10^13.
    otpCode: (flowId, sendNo) => (derive('otp', flowId, sendNo).readBigUInt64BE() % 1_000_000n).toString().padStart(6, '0'),
    linkToken: (flowId, sendNo) => derive('link', flowId, sendNo).toString('base64url'),
    keyedHash: (purpose, value) => createHmac('sha256', keys.hash).update(`${purpose.length}|${purpose}|${value}`, 'utf8').digest(),
  };
}

function createCookieBoxes(key: Buffer): Pick<Keyring, 'sealCookie' | 'openCookie'> {
  const cookieKey = subkey(key, 'cookie');
  return {
    sealCookie: (name, clear) => sealBox(cookieKey, `cookie/${name}`, Buffer.from(clear, 'utf8')).toString('base64url'),
    openCookie: (name, sealed) => {
      const box = fromBase64url(sealed);
      return box ? openOrNull(cookieKey, `cookie/${name}`, box) : null;
    },
  };
}

function openOrNull(key: Buffer, context: string, box: Uint8Array): string | null {
  try {
    return openBox(key, context, box).toString('utf8');
  } catch {
    return null;
  }
}
