import type { Config } from '../../../foundation/config/config.ts';
import { uuidBytes } from './user-handle.ts';

/** Seconds that a challenge for a passkey may be answered in. */
export const passkeyChallengeSeconds = 300;

/** COSE numbers of the algorithms taken (auth-api.md section 3), in the order of preference told to the browser. */
export const passkeyAlgorithms = [-7, -8, -257] as const;

type Descriptor = { id: string; type: 'public-key'; transports?: string[] };

/** `PublicKeyCredentialRequestOptionsJSON`. Without `allowCredentials` any discoverable passkey of this site may answer. */
export type RequestOptions = {
  challenge: string;
  rpId: string;
  timeout: number;
  userVerification: 'required';
  allowCredentials?: Descriptor[];
};

/** `PublicKeyCredentialCreationOptionsJSON`. */
export type CreationOptions = {
  challenge: string;
  rp: { id: string; name: string };
  user: { id: string; name: string; displayName: string };
  pubKeyCredParams: { type: 'public-key'; alg: number }[];
  timeout: number;
  excludeCredentials: Descriptor[];
  authenticatorSelection: { residentKey: 'required'; requireResidentKey: true; userVerification: 'required' };
  attestation: 'none';
};

type Registered = { credentialId: Uint8Array; transports: readonly string[] };

export function requestOptions(
  config: Pick<Config, 'webauthnRpId'>,
  { challenge, seconds, allowed }: { challenge: string; seconds: number; allowed?: readonly Registered[] },
): RequestOptions {
  return {
    challenge,
    rpId: config.webauthnRpId,
    timeout: seconds * 1000,
    userVerification: 'required',
    ...(allowed ? { allowCredentials: allowed.map(descriptorOf) } : {}),
  };
}

/** `name` is shown to the owner by their device, beside passkeys of other accounts here: the own contact. */
export function creationOptions(
  config: Pick<Config, 'webauthnRpId'>,
  given: { challenge: string; user: { id: string; name: string; displayName: string }; registered: readonly Registered[] },
): CreationOptions {
  const { id, name, displayName } = given.user;
  return {
    challenge: given.challenge,
    rp: { id: config.webauthnRpId, name: 'Fashionistar' },
    user: { id: uuidBytes(id).toString('base64url'), name, displayName },
    pubKeyCredParams: passkeyAlgorithms.map((alg) => ({ type: 'public-key', alg })),
    timeout: passkeyChallengeSeconds * 1000,
    excludeCredentials: given.registered.map(descriptorOf),
    authenticatorSelection: { residentKey: 'required', requireResidentKey: true, userVerification: 'required' },
    attestation: 'none',
  };
}

function descriptorOf({ credentialId, transports }: Registered): Descriptor {
  return {
    id: Buffer.from(credentialId).toString('base64url'),
    type: 'public-key',
    ...(transports.length > 0 ? { transports: [...transports] } : {}),
  };
}
