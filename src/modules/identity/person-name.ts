import { accept, fieldSchema, type Parsed, refuse } from './field-rule.ts';

const maxCodePoints = 80;
const pattern = /^[\p{L}\p{M} '.-]+$/u;

/**
 * A first or last name: trimmed, NFC, 1 to 80 code points of letters, marks, space, ' - . with at least one letter. The
 * curly apostrophe that phones type is stored as the straight one. Refusal: `name_invalid` (auth-api.md 1.7).
 */
export function parsePersonName(typed: string): Parsed<string> {
  const name = typed.normalize('NFC').trim().replaceAll('\u2019', "'");
  const isSound = pattern.test(name) && /\p{L}/u.test(name) && [...name].length <= maxCodePoints;
  return isSound ? accept(name) : refuse('name_invalid');
}

export const personNameSchema = fieldSchema(parsePersonName);
