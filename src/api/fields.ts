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
export const code = z.string().max(64).meta({ example: '123456' });
export const password = z.string().meta({ format: 'password' });
export const locale = z.enum(['en', 'yo', 'ha', 'ig']);
