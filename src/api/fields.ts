import { z } from 'zod';

/**
 * Fields as they travel. The wire decides JSON types, presence and unknown members; what an email, a number, a password or
 * a name must look like is the business's and is checked by the command.
 */

/** Exactly one of the two; null and "" count as absent (auth-api.md section 1.7). */
export const identifierFields = {
  email: z.string().nullish().meta({ example: 'ada@example.com' }),
  phone: z.string().nullish().meta({ example: '08031234567' }),
  country: z.string().optional().meta({ description: 'ISO 3166 alpha-2; reads national numbers' }),
};

export const flowId = z.string().min(1).max(512);
export const opaqueToken = z.string().min(1).max(512);
/** However long: what is no code is the command's to say, `otp_malformed`, and no recovery code is `mfa_invalid`. */
export const code = z.string().meta({ example: '123456' });
export const password = z.string().meta({ format: 'password' });
export const locale = z.enum(['en', 'yo', 'ha', 'ig']);
export const idToken = z.string().min(1).meta({ description: 'Compact JWT as Google issued it' });

/** Either `idToken` with `nonce`, or `handoff` with `codeVerifier`; the command says what is missing. */
export const providerProofFields = {
  idToken: idToken.optional(),
  nonce: opaqueToken.optional(),
  handoff: opaqueToken.optional(),
  codeVerifier: opaqueToken.optional(),
};

/** Of an event list: 1 to 100, 25 where it is absent (auth-api.md 1.3). */
export const pageLimit = z
  .string()
  .regex(/^(?:[1-9]\d?|100)$/)
  .transform(Number)
  .default(25);

/** Opaque; whether it is one of ours is the query's to say, which answers `invalid_value` for "" and any length too. */
export const cursor = z.string().optional();
