import { z } from 'zod';
import type { Tx } from '../../../foundation/runtime/database.ts';
import type { ProductChange } from '../product-rules.ts';
import { altPosition } from '../products/product-content.ts';
import type { ProductRecord } from '../products/product-record.ts';
import { type BannedWord, bannedWords, wordsIn } from '../signals/banned-words.ts';
import { language, readability } from '../signals/readability.ts';

/** `{rule, ok, note}` of product.md 3.3. */
export type RevisionCheck = { rule: CheckRule; ok: boolean; note: string };
export const checkRules = ['length', 'banned_words', 'price', 'readability', 'language'] as const;
export type CheckRule = (typeof checkRules)[number];

const stored = z.array(z.object({ rule: z.enum(checkRules), ok: z.boolean(), note: z.string() })).catch([]);

/** The checks of a revision as they are stored. */
export function readChecks(checks: unknown): RevisionCheck[] {
  return stored.parse(checks);
}

/** Without these a suggestion stays a draft; how it reads is for whoever decides to judge. */
const required: ReadonlySet<CheckRule> = new Set(['length', 'banned_words', 'price', 'language']);

export function mayBeProposed(checks: readonly RevisionCheck[]): boolean {
  return checks.every(({ rule, ok }) => ok || !required.has(rule));
}

type Checked = { product: ProductRecord; changes: readonly ProductChange[] };

/** The automatic checks of a proposal (product.md 6.3), in their order. */
export async function checkChanges(db: Pick<Tx, 'bannedWord'>, checked: Checked): Promise<RevisionCheck[]> {
  return checksOf(checked, await bannedWords(db));
}

/** The same with the list at hand; pure. */
export function checksOf({ product, changes }: Checked, words: readonly BannedWord[]): RevisionCheck[] {
  const texts = changes.flatMap((change) => textsOf(change.new));
  const all = texts.join('\n');
  const found = wordsIn(all, words);
  const refused = found.filter(({ severity }) => severity === 'refused');
  return [
    lengthCheck(changes),
    {
      rule: 'banned_words',
      ok: refused.length === 0,
      note: found.length === 0 ? 'None of the listed words' : found.map(({ word, why }) => `"${word}": ${why}`).join('; '),
    },
    priceCheck(product, changes, all),
    { rule: 'readability', ...readability(longest(changes)) },
    { rule: 'language', ...language(all) },
  ];
}

/** What customers see of a field at least; less helps nobody to find or understand it. */
const shortest: Readonly<Record<string, number>> = { title: 10, description: 60, metaTitle: 10, metaDescription: 40 };

function lengthCheck(changes: readonly ProductChange[]): RevisionCheck {
  const faults = changes.flatMap((change) => {
    const least = altPosition(change.field) === null ? (shortest[change.field] ?? 0) : 5;
    const length = typeof change.new === 'string' ? [...change.new].length : null;
    return length !== null && length < least ? [`${change.field}: ${length} characters, at least ${least}`] : [];
  });
  return { rule: 'length', ok: faults.length === 0, note: faults.join('; ') || 'Long enough' };
}

const amount = /(?:₦|\bNGN\b|\bN(?=\d))\s*([\d][\d,]*(?:\.\d{1,2})?)/giu;

/** A suggestion does not touch the price, and does not name another one in its words either. */
function priceCheck({ price }: ProductRecord, changes: readonly ProductChange[], text: string): RevisionCheck {
  const isTouched = changes.some(({ field }) => field === 'price' || field === 'oldPrice');
  if (isTouched) return { rule: 'price', ok: false, note: 'The price is changed' };
  const other = [...text.matchAll(amount)].find(([, digits = '']) => Number(digits.replaceAll(',', '')) !== price.toNumber());
  return other
    ? { rule: 'price', ok: false, note: `Names another price: ${other[0].trim()}` }
    : { rule: 'price', ok: true, note: 'Price untouched' };
}

function textsOf(value: unknown): string[] {
  if (typeof value === 'string') return [value];
  if (Array.isArray(value)) return value.flatMap(textsOf);
  if (typeof value === 'object' && value !== null && 'alt' in value) return textsOf(value.alt);
  return [];
}

/** The text that takes longest to read. */
function longest(changes: readonly ProductChange[]): string {
  return changes
    .flatMap((change) => (typeof change.new === 'string' ? [change.new] : []))
    .reduce((one, other) => (other.length > one.length ? other : one), '');
}
