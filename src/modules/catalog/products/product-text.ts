import { z } from 'zod';
import { withoutMarkup } from '../../identity/index.ts';

const controls = /[\u0000-\u0008\u000b-\u001f\u007f-\u009f]/;
const oneLine = (text: string): string => text.replaceAll(/\s+/g, ' ');
const lines = (text: string): string => text.replaceAll(/\r\n?/g, '\n');

type Form = { longest: number; hasLines?: boolean };

function plain({ longest, hasLines = false }: Form) {
  return z
    .string()
    .refine((typed) => typed.isWellFormed() && !controls.test(lines(typed)), { params: { code: 'invalid_value' }, abort: true })
    .transform((typed) => {
      const text = withoutMarkup(lines(typed.normalize('NFC')));
      return (hasLines ? text : oneLine(text)).trim();
    })
    .refine((text) => [...text].length <= longest, { params: { code: 'too_long' }, abort: true });
}

/** Plain text of at least one character. Refusals: `required`, `too_long`, `invalid_value`. */
export function someText(form: Form) {
  return plain(form).refine((text) => text !== '', { params: { code: 'required' } });
}

/** The same where null and "" mean none. */
export function optionalText(form: Form) {
  return plain(form)
    .transform((text) => text || null)
    .nullable();
}

/** Distinct words in the order and spelling given, whatever their case. Refusals: `too_long` of the list or a word, `required` of an empty word. */
export function tagList(most: number) {
  return z
    .array(someText({ longest: 40 }))
    .max(most)
    .transform((list) => [...new Map(list.toReversed().map((tag) => [tag.toLowerCase(), tag])).values()].toReversed());
}
