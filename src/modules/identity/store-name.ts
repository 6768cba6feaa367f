import { validationError } from '../../foundation/errors/app-error.ts';
import { accept, fieldSchema, type Parsed, refuse } from './field-rule.ts';
import { isOneScript } from './script.ts';

const [shortest, longest] = [2, 150];

/** Letters of other scripts, and digits, that read like Latin ones. */
const lookAlikes: Readonly<Record<string, string>> = Object.fromEntries(
  [
    ['аạα', 'a'],
    ['еε', 'e'],
    ['оο0', 'o'],
    ['рρ', 'p'],
    ['ѕ5', 's'],
    ['сϲ', 'c'],
    ['уγ', 'y'],
    ['хχ', 'x'],
    ['іι1l|', 'i'],
    ['јϳ', 'j'],
    ['һ', 'h'],
    ['ԁ', 'd'],
    ['ѵν', 'v'],
    ['кκ', 'k'],
    ['тτ', 't'],
    ['мμ', 'm'],
    ['нη', 'n'],
    ['вβ', 'b'],
  ].flatMap(([letters = '', latin = '']) => [...letters].map((letter) => [letter, latin])),
);

/** Names that would pass for the platform or for its staff. */
const reserved: ReadonlySet<string> = new Set(
  [
    'Fashionistar',
    'Fashionistar Official',
    'Fashionistar Store',
    'Fashionistar Support',
    'Admin',
    'Administrator',
    'Support',
    'Official Store',
  ].map(foldStoreName),
);

/** What makes two store names the same: case, accents, look-alikes, blanks and punctuation do not tell them apart. */
export function foldStoreName(name: string): string {
  const plain = name.normalize('NFKD').replaceAll(/\p{M}/gu, '').toLowerCase();
  return [...plain]
    .map((letter) => lookAlikes[letter] ?? letter)
    .join('')
    .replaceAll(/[^\p{L}\p{N}]/gu, '');
}

/**
 * A store's name: trimmed, NFC, 2 to 150 code points, with a letter or digit, without angle brackets. Refusals: `invalid_value`,
 * `too_long`, `store_name_reserved`.
 */
export function parseStoreName(typed: string): Parsed<string> {
  const name = typed.normalize('NFC').trim().replaceAll(/\s+/gu, ' ');
  const length = [...name].length;
  if (length < shortest || length > longest || foldStoreName(name) === '' || /[\p{C}<>]/u.test(name)) return refuse('invalid_value');
  // One letter can fold to eighteen: the folded form has its own column.
  if ([...foldStoreName(name)].length > longest) return refuse('too_long');
  if (reserved.has(foldStoreName(name))) return refuse('store_name_reserved');
  return accept(name);
}

/**
 * Asked after it was asked whether the name is taken: a name with letters of another script that reads like a known one is that one
 * (product.md section 7). @throws AppError 422 `invalid_value`
 */
export function requireOneScript(storeName: string): void {
  if (!isOneScript(storeName)) throw validationError([{ path: 'storeName', code: 'invalid_value' }]);
}

export const storeNameSchema = fieldSchema(parseStoreName);
