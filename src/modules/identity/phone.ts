import { type CountryCode, isSupportedCountry, parsePhoneNumberFromString } from 'libphonenumber-js/max';
import { accept, fieldSchema, type Parsed, refuse } from './field-rule.ts';

export type PhoneRules = {
  /** ISO-2 of the country whose national numbers are read without +. */
  country: string;
  /** ISO-2 of the countries with an SMS route. */
  allowedCountries: readonly string[];
  /** Outside strict production +2347000000000 to +2347000009999 are accepted; they are captured, never sent. */
  isDemoRangeOpen: boolean;
};

export type Phone = {
  /** E.164, the stored form. */
  e164: string;
  /** ISO-2 of the country that the number belongs to. */
  country: string;
};

const demoPattern = /^\+234700000\d{4}$/;

/** Whether no message may ever go out to this number. */
export function isDemoPhone(e164: string): boolean {
  return demoPattern.test(e164);
}

/**
 * A mobile number in E.164. All spellings of auth-api.md 1.7 give one value: digits of any script, spaces, dashes and
 * brackets, national form, and the dialling prefixes 00 and 009 for +. Refusals: `phone_invalid`, `phone_unsupported`.
 */
export function parsePhone(typed: string, rules: PhoneRules): Parsed<Phone> {
  const folded = fold(typed);
  if (!folded) return refuse('phone_invalid');
  const answers = readings(folded).map((reading) => judge(reading, rules));
  const accepted = answers.find((answer) => answer.ok);
  const unsupported = answers.find((answer) => !answer.ok && answer.code === 'phone_unsupported');
  return accepted ?? unsupported ?? refuse('phone_invalid');
}

/** Where an SMS to a stored number goes, for the rules of spending. */
export type SmsRoute = {
  /** ISO-2; ZZ for a number that belongs to no one country. */
  country: string;
  /** First seven digits with the calling code: a range of numbers, never one. */
  prefix: string;
  isDemo: boolean;
};

export function smsRouteOf(e164: string): SmsRoute {
  const isDemo = isDemoPhone(e164);
  const country = isDemo ? 'NG' : parsePhoneNumberFromString(e164)?.country;
  return { country: country ?? 'ZZ', prefix: e164.replaceAll(/\D/g, '').slice(0, 7), isDemo };
}

export function phoneSchema(rules: PhoneRules) {
  return fieldSchema((typed) => parsePhone(typed, rules));
}

/** Digits with at most one leading plus, or null when anything else is in it. */
function fold(typed: string): string | null {
  if (typed.length > 64 || /\p{Cc}/u.test(typed)) return null;
  const text = [...typed.trim()].map((character) => digitOf(character) ?? character).join('');
  const bare = text.replaceAll(/[\p{Zs}\p{Pd}\u2212()[\]]/gu, '').replace(/^\uff0b/u, '+');
  return /^\+?[0-9]{5,20}$/.test(bare) ? bare : null;
}

/** Value of a decimal digit of any script: such digits stand in runs of ten that begin with zero (Unicode section 4.6). */
function digitOf(character: string): string | null {
  const code = character.codePointAt(0) ?? 0;
  if (!isDigit(code)) return null;
  let runStart = code;
  while (isDigit(runStart - 1)) runStart -= 1;
  return String((code - runStart) % 10);
}

function isDigit(code: number): boolean {
  return /^\p{Nd}$/u.test(String.fromCodePoint(code));
}

/** 00 is the international prefix of most of the world, 009 that of Nigeria; "0091…" can be either, so both are tried. */
function readings(folded: string): string[] {
  if (folded.startsWith('009')) return [`+${folded.slice(2)}`, `+${folded.slice(3)}`];
  return folded.startsWith('00') ? [`+${folded.slice(2)}`] : [folded];
}

const mobileTypes = new Set<string | undefined>(['MOBILE', 'FIXED_LINE_OR_MOBILE']);

function judge(reading: string, rules: PhoneRules): Parsed<Phone> {
  const region = regionOf(rules.country);
  const number = region
    ? parsePhoneNumberFromString(reading, { defaultCountry: region, extract: false })
    : parsePhoneNumberFromString(reading);
  if (!number) return refuse('phone_invalid');
  if (isDemoPhone(number.number)) return rules.isDemoRangeOpen ? accept({ e164: number.number, country: 'NG' }) : refuse('phone_invalid');
  if (!number.isValid()) return refuse('phone_invalid');
  if (!number.country || !rules.allowedCountries.includes(number.country)) return refuse('phone_unsupported');
  return mobileTypes.has(number.getType()) ? accept({ e164: number.number, country: number.country }) : refuse('phone_invalid');
}

function regionOf(country: string): CountryCode | null {
  const upper = country.toUpperCase();
  return isSupportedCountry(upper) ? upper : null;
}
