import { z } from 'zod';
import { withoutMarkup } from '../without-markup.ts';

const codePoints = (text: string) => [...text].length;
const clean = (typed: string) => withoutMarkup(typed.normalize('NFC')).trim();

/** Free text: NFC, without markup, trimmed, at most so many code points; null and "" mean none. Refusal: `too_long`. */
export function freeText(longest: number) {
  return z
    .string()
    .nullable()
    .transform((typed) => (typed === null ? null : clean(typed) || null))
    .refine((text) => text === null || codePoints(text) <= longest, { params: { code: 'too_long' } });
}

/** The same where there must be some. Refusals: `too_short`, `too_long`. */
export function requiredText(longest: number) {
  return z
    .string()
    .transform(clean)
    .refine((text) => text !== '', { params: { code: 'too_short' } })
    .refine((text) => codePoints(text) <= longest, { params: { code: 'too_long' } });
}

/** A list of distinct short words in the order given. Refusals: `too_long` of the list or of a word, `too_short` of an empty word. */
export function wordList(most: number, longest: number) {
  return z
    .array(requiredText(longest))
    .max(most)
    .transform((list) => [...new Set(list)]);
}
