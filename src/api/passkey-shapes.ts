import { z } from 'zod';

/** Shapes of passkeys on the wire (auth-api.md 2.2 and 2.6); the options are the W3C's JSON (WebAuthn L3 section 5.1). */

const descriptor = z.strictObject({ id: z.string(), type: z.literal('public-key'), transports: z.array(z.string()).optional() });

export const requestOptions = z
  .strictObject({
    challenge: z.string(),
    rpId: z.string(),
    timeout: z.int().meta({ description: 'Milliseconds' }),
    userVerification: z.literal('required'),
    allowCredentials: z.array(descriptor).optional().meta({ description: "The person's own; absent at a sign-in" }),
  })
  .meta({ id: 'PublicKeyCredentialRequestOptionsJSON' });

export const creationOptions = z
  .strictObject({
    challenge: z.string(),
    rp: z.strictObject({ id: z.string(), name: z.string() }),
    user: z.strictObject({ id: z.string(), name: z.string(), displayName: z.string() }),
    pubKeyCredParams: z.array(z.strictObject({ type: z.literal('public-key'), alg: z.int() })),
    timeout: z.int().meta({ description: 'Milliseconds' }),
    excludeCredentials: z.array(descriptor),
    authenticatorSelection: z.strictObject({
      residentKey: z.literal('required'),
      requireResidentKey: z.literal(true),
      userVerification: z.literal('required'),
    }),
    attestation: z.literal('none'),
  })
  .meta({ id: 'PublicKeyCredentialCreationOptionsJSON' });

export const passkeyRequest = z
  .strictObject({ challengeId: z.string(), options: requestOptions, expiresIn: z.int() })
  .meta({ id: 'PasskeyRequest' });

export const passkey = z
  .strictObject({
    id: z.uuid(),
    name: z.string(),
    aaguidName: z.string().nullable().meta({ description: 'What keeps it, for display only' }),
    backedUp: z.boolean(),
    createdAt: z.iso.datetime(),
    lastUsedAt: z.iso.datetime().nullable(),
  })
  .meta({ id: 'Passkey' });
