import { z } from 'zod';

/*
 * The W3C JSON of a browser's answer (WebAuthn L3 sections 5.1.8 and 5.1.9). The members that are used must be there and be strings;
 * what they hold is judged by the verification, which answers `passkey_invalid`. Further members are dropped (auth-api.md 1.9).
 */

const base64url = z.string();

/** `RegistrationResponseJSON`. */
export const attestationResponse = z
  .object({
    id: base64url,
    rawId: base64url,
    type: z.string(),
    response: z.object({
      clientDataJSON: base64url,
      attestationObject: base64url,
      transports: z.array(z.string()).nullish(),
    }),
  })
  .meta({ id: 'RegistrationResponseJSON' });
export type AttestationResponse = z.infer<typeof attestationResponse>;

/** `AuthenticationResponseJSON`. */
export const assertionResponse = z
  .object({
    id: base64url,
    rawId: base64url,
    type: z.string(),
    response: z.object({
      clientDataJSON: base64url,
      authenticatorData: base64url,
      signature: base64url,
      userHandle: base64url.nullish(),
    }),
  })
  .meta({ id: 'AuthenticationResponseJSON' });
export type AssertionResponse = z.infer<typeof assertionResponse>;
