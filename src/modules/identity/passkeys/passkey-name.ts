import { z } from 'zod';

/** What the owner calls a passkey: 1 to 60 characters after trimming. */
export const passkeyName = z
  .string()
  .transform((typed) => typed.normalize('NFC').trim())
  .pipe(z.string().min(1).max(60));
