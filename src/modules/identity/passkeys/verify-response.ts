import type { AuthenticationResponseJSON, RegistrationResponseJSON } from '@simplewebauthn/server';
import type { Config } from '../../../foundation/config/config.ts';
import { fromBase64url } from '../../../foundation/crypto/random-token.ts';
import { passkeyAlgorithms } from './passkey-options.ts';
import type { AssertionResponse, AttestationResponse } from './response-shapes.ts';

/** Whose passkeys they are: the storefront's, or the back office's. */
export type Party = Pick<Config, 'webauthnRpId' | 'webauthnOrigins'>;

/** WebAuthn L3 section 7.1 step 25: longer ids are refused. */
const maxCredentialIdBytes = 1023;

/** The bytes of a credential id as it travels; null for any other form. */
export function credentialIdOf(id: string): Buffer | null {
  const bytes = fromBase64url(id);
  return bytes !== null && bytes.length > 0 && bytes.length <= maxCredentialIdBytes ? bytes : null;
}

export type Assertion = { signCount: number; isBackupEligible: boolean; isBackedUp: boolean };

/**
 * Null unless the answer holds: origin, RP id, type, challenge, user presence and verification, signature (WebAuthn L3 section 7.2).
 * The counter is the caller's, since it is compared where it is written. The library is loaded when the first passkey comes.
 */
export async function verifyAssertion(
  party: Party,
  given: { challenge: string; response: AssertionResponse; credentialId: Buffer; publicKey: Uint8Array },
): Promise<Assertion | null> {
  const { verifyAuthenticationResponse } = await import('@simplewebauthn/server');
  const { id, rawId, type, response } = given.response;
  if (type !== 'public-key' || !isTopLevel(response.clientDataJSON)) return null;
  const { clientDataJSON, authenticatorData, signature } = response;
  const answer: AuthenticationResponseJSON = {
    id,
    rawId,
    type,
    clientExtensionResults: {},
    response: { clientDataJSON, authenticatorData, signature },
  };
  const verified = await nullWhenThrown(
    verifyAuthenticationResponse({
      response: answer,
      expectedChallenge: given.challenge,
      expectedOrigin: [...party.webauthnOrigins],
      expectedRPID: party.webauthnRpId,
      requireUserVerification: true,
      credential: { id: given.credentialId.toString('base64url'), publicKey: new Uint8Array(given.publicKey), counter: 0 },
    }),
  );
  if (!verified?.verified) return null;
  const { newCounter, credentialDeviceType, credentialBackedUp } = verified.authenticationInfo;
  return { signCount: newCounter, isBackupEligible: credentialDeviceType === 'multiDevice', isBackedUp: credentialBackedUp };
}

export type Registration = Assertion & {
  credentialId: Buffer;
  /** COSE key. */
  publicKey: Uint8Array;
  aaguid: string | null;
  transports: string[];
};

/**
 * Null unless the answer holds (WebAuthn L3 section 7.1). No attestation is asked for, so none is judged: only `none`, and the
 * self attestation that browsers leave in place, are read. Statements with certificates are refused unread, which also keeps a
 * caller's certificate from making us fetch anything.
 */
export async function verifyRegistration(
  party: Party,
  given: { challenge: string; response: AttestationResponse },
): Promise<Registration | null> {
  const { id, rawId, type, response } = given.response;
  const { clientDataJSON, attestationObject, transports } = response;
  if (type !== 'public-key' || !isTopLevel(clientDataJSON) || !(await isWithoutCertificates(attestationObject))) return null;
  const { verifyRegistrationResponse } = await import('@simplewebauthn/server');
  const answer: RegistrationResponseJSON = {
    id,
    rawId,
    type,
    clientExtensionResults: {},
    response: { clientDataJSON, attestationObject },
  };
  const verified = await nullWhenThrown(
    verifyRegistrationResponse({
      response: answer,
      expectedChallenge: given.challenge,
      expectedOrigin: [...party.webauthnOrigins],
      expectedRPID: party.webauthnRpId,
      requireUserVerification: true,
      supportedAlgorithmIDs: [...passkeyAlgorithms],
    }),
  );
  if (!verified?.verified) return null;
  const { credential, aaguid, credentialDeviceType, credentialBackedUp } = verified.registrationInfo;
  const credentialId = credentialIdOf(credential.id);
  if (credentialId === null || credential.id !== id || !(await isSoundKey(credential.publicKey))) return null;
  return {
    credentialId,
    publicKey: credential.publicKey,
    signCount: credential.counter,
    isBackupEligible: credentialDeviceType === 'multiDevice',
    isBackedUp: credentialBackedUp,
    aaguid: aaguid === nameless ? null : aaguid,
    transports: [...new Set(transports ?? [])].filter((transport) => knownTransports.has(transport)),
  };
}

/** The authenticator does not say what it is. */
const nameless = '00000000-0000-0000-0000-000000000000';
const knownTransports = new Set(['usb', 'nfc', 'ble', 'smart-card', 'hybrid', 'internal']);

/** Our pages are nobody's frame: an answer made in one is not meant for us. */
function isTopLevel(clientDataJSON: string): boolean {
  try {
    const clientData: unknown = JSON.parse(Buffer.from(clientDataJSON, 'base64url').toString('utf8'));
    return typeof clientData === 'object' && clientData !== null && !('crossOrigin' in clientData && clientData.crossOrigin === true);
  } catch {
    return false;
  }
}

async function isWithoutCertificates(attestationObject: string): Promise<boolean> {
  const { decodeAttestationObject } = await import('@simplewebauthn/server/helpers');
  try {
    const decoded = decodeAttestationObject(new Uint8Array(Buffer.from(attestationObject, 'base64url')));
    const format = decoded.get('fmt');
    return format === 'none' || (format === 'packed' && decoded.get('attStmt').get('x5c') === undefined);
  } catch {
    return false;
  }
}

/** Key type and curve that belong to the algorithm (RFC 9053), and RSA of 2048 bits or more. */
async function isSoundKey(publicKey: Uint8Array): Promise<boolean> {
  const { cose, decodeCredentialPublicKey } = await import('@simplewebauthn/server/helpers');
  const key = decodeCredentialPublicKey(new Uint8Array(publicKey));
  const { COSEKEYS, COSECRV } = cose;
  if (cose.isCOSEPublicKeyEC2(key)) return key.get(COSEKEYS.alg) === -7 && key.get(COSEKEYS.crv) === COSECRV.P256;
  if (cose.isCOSEPublicKeyOKP(key)) return key.get(COSEKEYS.alg) === -8 && key.get(COSEKEYS.crv) === COSECRV.ED25519;
  if (cose.isCOSEPublicKeyRSA(key)) return key.get(COSEKEYS.alg) === -257 && (key.get(COSEKEYS.n)?.length ?? 0) >= 256;
  return false;
}

/** The library throws for every answer that does not hold, and for bytes that are no answer at all. */
async function nullWhenThrown<T>(verification: Promise<T>): Promise<T | null> {
  try {
    return await verification;
  } catch {
    return null;
  }
}
