import { describe, expect, it } from 'vitest';
import { catalogue, isErrorCode } from '../../../src/foundation/errors/catalogue.ts';
import { fill, namesIn } from '../../../src/foundation/i18n/fill.ts';
import { isLocale, locales, negotiateLocale } from '../../../src/foundation/i18n/locale.ts';
import { en } from '../../../src/foundation/i18n/locales/en.ts';
import { ha } from '../../../src/foundation/i18n/locales/ha.ts';
import { ig } from '../../../src/foundation/i18n/locales/ig.ts';
import { yo } from '../../../src/foundation/i18n/locales/yo.ts';
import { pseudo, pseudoGrowth } from '../../../src/foundation/i18n/pseudo.ts';
import type { PartialTexts } from '../../../src/foundation/i18n/texts.ts';
import { errorMessage, errorTitle, isSentence, translate } from '../../../src/foundation/i18n/translate.ts';

const codes = Object.keys(catalogue).filter(isErrorCode);

/** Every text of a language under a flat key. */
function flat(texts: PartialTexts): ReadonlyMap<string, string> {
  const errors = Object.entries(texts.errors ?? {}).flatMap(([code, text]) => [
    [`errors.${code}.title`, text?.title ?? ''] as const,
    [`errors.${code}.detail`, text?.detail ?? ''] as const,
  ]);
  return new Map([...errors, ...Object.entries(texts.access ?? {}), ...Object.entries(texts.messages ?? {})]);
}

const english = flat(en);

describe('texts', () => {
  it('every code of the catalogue is translated, and nothing else', () => {
    expect(Object.keys(en.errors).sort()).toEqual([...codes].sort());
  });

  it.each([...english])('%s is a whole text', (_key, text) => {
    expect(text.trim()).toBe(text);
    expect(text.length).toBeGreaterThan(3);
    expect(text).not.toMatch(/_|undefined|\bid \d/);
  });

  it.each([...english].filter(([key]) => !key.endsWith('.title')))('%s is a sentence', (_key, text) => {
    expect(fill(text, {})).toMatch(/[.!?]$/);
  });

  it.each([
    ['yo', yo],
    ['ha', ha],
    ['ig', ig],
  ] as const)('%s translates only texts that exist, with the same parameters', (_locale, texts) => {
    for (const [key, text] of flat(texts)) {
      expect(english.has(key), key).toBe(true);
      expect([...namesIn(text)].sort(), key).toEqual([...namesIn(english.get(key) ?? '')].sort());
    }
  });

  it('a missing text falls back to English', () => {
    for (const locale of locales) {
      expect(translate(locale, 'access.self')).toBe('You cannot act on your own account.');
      for (const code of codes) expect(errorMessage(locale, code).length).toBeGreaterThan(3);
    }
    expect(translate('yo', 'message.signed_in')).toBe('O ti wọlé.');
    expect(translate('yo', 'message.refreshed')).toBe('Your session goes on.');
    expect(errorTitle('ig', 'otp_invalid')).toBe('Koodu ezighị ezi');
    expect(errorMessage('ha', 'rate_limited', { retryAfter: 5 })).toContain('Jira daƙiƙa 5');
  });

  it('sentences are told from other keys', () => {
    expect(isSentence('access.self')).toBe(true);
    expect(isSentence('message.signed_in')).toBe(false);
    expect(isSentence('constructor')).toBe(false);
  });
});

describe('parameters', () => {
  it('are filled in; optional parts go when theirs are unknown; others stay visible', () => {
    expect(fill('Wait.[ Then {a} and {b}.]', { a: 1, b: 'x' })).toBe('Wait. Then 1 and x.');
    expect(fill('Wait.[ Then {a} and {b}.]', { a: 1 })).toBe('Wait.');
    expect(fill('Dear {name}', {})).toBe('Dear {name}');
    expect(fill('Dear {constructor}', {})).toBe('Dear {constructor}');
    expect(fill('{a}', { a: '{b} $& [c]', b: 2 })).toBe('{b} $& [c]');
  });
});

describe('Accept-Language', () => {
  it.each([
    [undefined, 'en'],
    ['', 'en'],
    ['yo', 'yo'],
    ['ig-NG', 'ig'],
    ['HA', 'ha'],
    ['fr, yo;q=0.5, ig;q=0.9', 'ig'],
    ['yo;q=0.8, ig;q=0.8', 'yo'],
    ['yo;q=0, ha;q=0.1', 'ha'],
    ['*', 'en'],
    ['fr;q=1.0, *;q=0.5', 'en'],
    ['*;q=0.1, ha;q=0.2', 'ha'],
    ['yo;q=nonsense', 'en'],
    ['yo;q=1.5, ig;q=1.000', 'ig'],
    ['ig;level=1', 'ig'],
    [';;;,,,', 'en'],
    [`${'fr,'.repeat(5_000)}yo`, 'en'],
  ])('%s gives %s', (header, locale) => {
    expect(negotiateLocale(header?.slice(0, 40_000))).toBe(locale);
  });

  it('a locale is one of four', () => {
    expect(locales.every(isLocale)).toBe(true);
    expect(isLocale('fr')).toBe(false);
  });
});

describe('pseudo-locale', () => {
  it.each([...english])('%s grows by 40 %% and keeps its parameters', (_key, text) => {
    const longer = pseudo(text);
    expect(longer.length).toBeGreaterThanOrEqual(Math.ceil(text.length * pseudoGrowth));
    expect(namesIn(longer)).toEqual(namesIn(text));
    expect(longer.split('').filter((sign) => '[]'.includes(sign))).toEqual(text.split('').filter((sign) => '[]'.includes(sign)));
    expect(longer).not.toBe(text);
  });

  it('leaves very short texts at two signs more', () => {
    expect(pseudo('OK')).toBe('‹ØK›');
  });
});
