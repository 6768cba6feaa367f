import { enScreens } from './locales/en-screens.ts';
import { pseudo } from './pseudo.ts';

/** Languages of the back office. `en-XA` is no language: every text a good deal longer, for finding what a translation would break. */
export const screenLocales = ['en', 'en-XA'] as const;
export type ScreenLocale = (typeof screenLocales)[number];

let pseudoTexts: Readonly<Record<string, string>> | null = null;

/** What the browser shows in place of each English sentence; null where the sentence is itself the text. */
export function screenTexts(locale: string): Readonly<Record<string, string>> | null {
  if (locale !== 'en-XA') return null;
  pseudoTexts ??= Object.fromEntries(enScreens.map((sentence) => [sentence, pseudo(sentence)]));
  return pseudoTexts;
}

/** What a person reads of an answer; names and values of records stay as they are. */
const worded = new Set([
  'label',
  'title',
  'singular',
  'effect',
  'help',
  'refusal',
  'section',
  'note',
  'summary',
  'message',
  'detail',
  'greeting',
  'effects',
]);

/** The answer with the texts that the server wrote into it in that language. English is given back untouched. */
export function inLanguage<T>(answer: T, locale: string): T | unknown {
  return locale === 'en-XA' ? longer(answer, false) : answer;
}

function longer(value: unknown, isText: boolean): unknown {
  if (typeof value === 'string') return isText ? pseudo(value) : value;
  if (Array.isArray(value)) return value.map((item) => longer(item, isText));
  if (typeof value !== 'object' || value === null || !isPlain(value)) return value;
  return Object.fromEntries(Object.entries(value).map(([name, inner]) => [name, longer(inner, worded.has(name))]));
}

/** Dates, decimals and the like say for themselves how they are written. */
function isPlain(value: object): boolean {
  const prototype = Object.getPrototypeOf(value);
  return prototype === Object.prototype || prototype === null;
}
