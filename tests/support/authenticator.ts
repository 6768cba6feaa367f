import { createHash, generateKeyPairSync, type KeyObject, randomBytes, sign } from 'node:crypto';
import { type CborValue, encodeCbor } from './cbor.ts';

/** An authenticator in software, written from WebAuthn L3 and independent of the server's library. */

export type Algorithm = 'ES256' | 'EdDSA' | 'RS256' | 'ES384' | 'RS256 of 1024 bits';

export type SoftPasskey = {
  credentialId: Buffer;
  privateKey: KeyObject;
  algorithm: Algorithm;
  userHandle: string;
  signCount: number;
  /** May be copied to other devices; `isBackedUp`: is. */
  isEligible: boolean;
  isBackedUp: boolean;
};

/** `publicKey` in its COSE form, for rows that no registration makes. */
export type Made = { passkey: SoftPasskey; publicKey: Buffer; response: RegistrationJson };

type RegistrationJson = {
  id: string;
  rawId: string;
  type: string;
  clientExtensionResults: object;
  authenticatorAttachment: string;
  response: { clientDataJSON: string; attestationObject: string; transports: string[] };
};

export type AuthenticationJson = {
  id: string;
  rawId: string;
  type: string;
  clientExtensionResults: object;
  response: { clientDataJSON: string; authenticatorData: string; signature: string; userHandle?: string };
};

/** What a page or a device does differently from a good one. */
export type Mischief = {
  origin?: string;
  rpId?: string;
  /** `type` of the client data. */
  ceremony?: string;
  credentialType?: string;
  challenge?: string;
  crossOrigin?: boolean;
  isPresent?: boolean;
  isVerified?: boolean;
  isEligible?: boolean;
  isBackedUp?: boolean;
  signCount?: number;
  userHandle?: string | null;
  signature?: Buffer;
};

export const shopOrigin = 'http://localhost:3001';

type Creation = { challenge: string; rp: { id: string }; user: { id: string } };

/** How a key is made, and what is said of it. */
export type Making = Mischief & {
  algorithm?: Algorithm;
  /** Instead of the COSE form of the key that was made. */
  cose?: ReadonlyMap<number, CborValue>;
  credentialId?: Buffer;
  aaguid?: string;
  transports?: string[];
  fmt?: string;
  attestation?: ReadonlyMap<string, CborValue>;
  /** Signs its own attestation, as some keys do unasked. */
  isSelfAttested?: boolean;
};

/** navigator.credentials.create(): a new key, and the answer for the server. */
export function makePasskey(options: Creation, given: Making = {}): Made {
  const { algorithm = 'ES256', credentialId = randomBytes(32), aaguid = '00000000-0000-0000-0000-000000000000' } = given;
  const key = newKey(algorithm);
  const cose = given.cose ? encodeCbor(given.cose) : key.cose;
  const passkey: SoftPasskey = {
    credentialId,
    privateKey: key.privateKey,
    algorithm,
    userHandle: options.user.id,
    signCount: given.signCount ?? 0,
    isEligible: given.isEligible ?? given.isBackedUp ?? false,
    isBackedUp: given.isBackedUp ?? false,
  };
  const length = Buffer.alloc(2);
  length.writeUInt16BE(credentialId.length);
  const attested = Buffer.concat([Buffer.from(aaguid.replaceAll('-', ''), 'hex'), length, credentialId, cose]);
  const authData = Buffer.concat([authenticatorData(passkey, options.rp.id, given, 0x40), attested]);
  const client = clientData('webauthn.create', options.challenge, given);
  const id = credentialId.toString('base64url');
  return {
    passkey,
    publicKey: cose,
    response: {
      id,
      rawId: id,
      type: given.credentialType ?? 'public-key',
      clientExtensionResults: { credProps: { rk: true } },
      authenticatorAttachment: 'platform',
      response: {
        clientDataJSON: client.toString('base64url'),
        attestationObject: attestationObject(passkey, authData, client, given).toString('base64url'),
        transports: given.transports ?? ['internal', 'hybrid'],
      },
    },
  };
}

function attestationObject(passkey: SoftPasskey, authData: Buffer, client: Buffer, given: Making): Buffer {
  const signed = Buffer.concat([authData, createHash('sha256').update(client).digest()]);
  const own = new Map<string, CborValue>([
    ['alg', -7],
    ['sig', signatureOf(passkey, signed)],
  ]);
  return encodeCbor(
    new Map<string, CborValue>([
      ['fmt', given.fmt ?? (given.isSelfAttested ? 'packed' : 'none')],
      ['attStmt', given.attestation ?? (given.isSelfAttested ? own : new Map())],
      ['authData', authData],
    ]),
  );
}

/** navigator.credentials.get(): counts on, unless the key keeps no count. */
export function usePasskey(passkey: SoftPasskey, options: { challenge: string; rpId: string }, given: Mischief = {}): AuthenticationJson {
  if (given.signCount !== undefined) passkey.signCount = given.signCount;
  else if (passkey.signCount > 0) passkey.signCount += 1;
  const authData = authenticatorData(passkey, options.rpId, given, 0);
  const client = clientData('webauthn.get', options.challenge, given);
  const signed = Buffer.concat([authData, createHash('sha256').update(client).digest()]);
  const id = passkey.credentialId.toString('base64url');
  const userHandle = given.userHandle === undefined ? passkey.userHandle : given.userHandle;
  return {
    id,
    rawId: id,
    type: given.credentialType ?? 'public-key',
    clientExtensionResults: {},
    response: {
      clientDataJSON: client.toString('base64url'),
      authenticatorData: authData.toString('base64url'),
      signature: (given.signature ?? signatureOf(passkey, signed)).toString('base64url'),
      ...(userHandle === null ? {} : { userHandle }),
    },
  };
}

function clientData(ceremony: string, challenge: string, given: Mischief): Buffer {
  const { origin = shopOrigin, crossOrigin = false } = given;
  return Buffer.from(JSON.stringify({ type: given.ceremony ?? ceremony, challenge: given.challenge ?? challenge, origin, crossOrigin }));
}

function authenticatorData(passkey: SoftPasskey, rpId: string, given: Mischief, more: number): Buffer {
  const { isPresent = true, isVerified = true, isEligible = passkey.isEligible, isBackedUp = passkey.isBackedUp } = given;
  const flags = (isPresent ? 0x01 : 0) | (isVerified ? 0x04 : 0) | (isEligible ? 0x08 : 0) | (isBackedUp ? 0x10 : 0) | more;
  const tail = Buffer.alloc(5);
  tail.writeUInt8(flags, 0);
  tail.writeUInt32BE(passkey.signCount, 1);
  return Buffer.concat([
    createHash('sha256')
      .update(given.rpId ?? rpId)
      .digest(),
    tail,
  ]);
}

function signatureOf({ privateKey, algorithm }: SoftPasskey, data: Buffer): Buffer {
  if (algorithm === 'EdDSA') return sign(null, data, privateKey);
  return sign(algorithm === 'ES384' ? 'sha384' : 'sha256', data, privateKey);
}

/** The COSE form of the public half (RFC 9053). */
function newKey(algorithm: Algorithm): { privateKey: KeyObject; cose: Buffer } {
  const { privateKey, publicKey } = keyPair(algorithm);
  const jwk = publicKey.export({ format: 'jwk' });
  const bytes = (member: string | undefined) => Buffer.from(member ?? '', 'base64url');
  const members: [number, CborValue][] =
    algorithm === 'EdDSA'
      ? [
          [1, 1],
          [3, -8],
          [-1, 6],
          [-2, bytes(jwk.x)],
        ]
      : algorithm === 'ES256' || algorithm === 'ES384'
        ? [
            [1, 2],
            [3, algorithm === 'ES256' ? -7 : -35],
            [-1, algorithm === 'ES256' ? 1 : 2],
            [-2, bytes(jwk.x)],
            [-3, bytes(jwk.y)],
          ]
        : [
            [1, 3],
            [3, -257],
            [-1, bytes(jwk.n)],
            [-2, bytes(jwk.e)],
          ];
  return { privateKey, cose: encodeCbor(new Map(members)) };
}

function keyPair(algorithm: Algorithm): { privateKey: KeyObject; publicKey: KeyObject } {
  switch (algorithm) {
    case 'ES256':
      return generateKeyPairSync('ec', { namedCurve: 'P-256' });
    case 'ES384':
      return generateKeyPairSync('ec', { namedCurve: 'P-384' });
    case 'EdDSA':
      return generateKeyPairSync('ed25519');
    case 'RS256':
      return generateKeyPairSync('rsa', { modulusLength: 2048 });
    case 'RS256 of 1024 bits':
      return generateKeyPairSync('rsa', { modulusLength: 1024 });
    default:
      return algorithm satisfies never;
  }
}
