import type { AccessSentence } from '../access/decide.ts';
import type { ErrorCode } from '../errors/catalogue.ts';
import { fill, type TextParams } from './fill.ts';
import type { Locale } from './locale.ts';
import { en } from './locales/en.ts';
import type { ApiMessage } from './locales/en-messages.ts';
import { ha } from './locales/ha.ts';
import { ig } from './locales/ig.ts';
import { yo } from './locales/yo.ts';
import type { PartialTexts } from './texts.ts';

/** Sentences of refusals and messages of the API; error texts have their own functions below. */
export type TextKey = AccessSentence | ApiMessage;

const textsOf: Readonly<Record<Locale, PartialTexts>> = { en, yo, ha, ig };

/** The text in the language, or in English where the language lacks it. */
export function translate(locale: Locale, key: TextKey, params: TextParams = {}): string {
  return fill(isSentence(key) ? sentenceIn(locale, key) : messageIn(locale, key), params);
}

/** The short form of an error. */
export function errorTitle(locale: Locale, code: ErrorCode, params: TextParams = {}): string {
  return fill((textsOf[locale].errors?.[code] ?? en.errors[code]).title, params);
}

/** What happened and what to do. */
export function errorMessage(locale: Locale, code: ErrorCode, params: TextParams = {}): string {
  return fill((textsOf[locale].errors?.[code] ?? en.errors[code]).detail, params);
}

export function isSentence(key: string): key is AccessSentence {
  return Object.hasOwn(en.access, key);
}

function sentenceIn(locale: Locale, key: AccessSentence): string {
  return textsOf[locale].access?.[key] ?? en.access[key];
}

function messageIn(locale: Locale, key: ApiMessage): string {
  return textsOf[locale].messages?.[key] ?? en.messages[key];
}
