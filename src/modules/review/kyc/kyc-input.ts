import { z } from 'zod';
import { documentTypes } from './document-words.ts';

/** `{legalName, documents:[{type, documentNumber?, fileId}]}` of auth-api.md 2.7; what a name and a number must look like is asked later. */
export const kycInput = z.object({
  legalName: z.string(),
  documents: z
    .array(z.object({ type: z.enum(documentTypes), documentNumber: z.string().nullish(), fileId: z.uuid() }))
    .min(1)
    .max(documentTypes.length),
});
export type KycInput = z.infer<typeof kycInput>;
