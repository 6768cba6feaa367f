/** Languages of auth-api.md section 1.3; `en` is complete, the others fall back to it text by text. */
export const locales = ['en', 'yo', 'ha', 'ig'] as const;
export type Locale = (typeof locales)[number];
export const defaultLocale: Locale = 'en';

export function isLocale(text: string): text is Locale {
  return locales.some((locale) => locale === text);
}

/** A longer header is not worth reading; browsers send a handful of ranges. */
const maxRanges = 20;

/**
 * The language for an Accept-Language header (RFC 9110 section 12.5.4): the highest weight wins, then the earlier range;
 * regions are ignored (`yo-NG` is `yo`). Anything absent, unknown or malformed gives the default.
 */
export function negotiateLocale(header: string | undefined): Locale {
  const wanted = (header ?? '')
    .split(',', maxRanges)
    .map(parseRange)
    .filter((range) => range.weight > 0);
  const ranked = wanted.sort((a, b) => b.weight - a.weight);
  for (const { language } of ranked) {
    if (language === '*') return defaultLocale;
    if (isLocale(language)) return language;
  }
  return defaultLocale;
}

function parseRange(text: string): { language: string; weight: number } {
  const [tag = '', ...options] = text.split(';').map((part) => part.trim().toLowerCase());
  const [language = ''] = tag.split('-');
  const quality = options.find((option) => option.startsWith('q='));
  if (quality === undefined) return { language, weight: 1 };
  const weight = /^q=(?:0(?:\.\d{0,3})?|1(?:\.0{0,3})?)$/.test(quality) ? Number(quality.slice(2)) : 0;
  return { language, weight };
}
