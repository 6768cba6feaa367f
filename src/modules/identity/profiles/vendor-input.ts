import { z } from 'zod';
import { accept, addCodeIssue, fieldSchema, type Parsed, refuse } from '../field-rule.ts';
import { parseStoreName } from '../store-name.ts';
import { freeText, requiredText, wordList } from './texts.ts';

const storeName = z
  .string()
  .transform((typed) => typed.normalize('NFC').trim())
  .refine((name) => [...name].length >= 3, { params: { code: 'too_short' }, abort: true })
  .refine((name) => [...name].length <= 150, { params: { code: 'too_long' }, abort: true })
  .pipe(fieldSchema(parseStoreName));

/** TIN: 8 digits, hyphen, 4 digits, or 10 to 13 digits. */
function parseTaxId(typed: string): Parsed<string> {
  const taxId = typed.trim();
  return /^(?:\d{8}-\d{4}|\d{10,13})$/.test(taxId) ? accept(taxId) : refuse('tax_id_invalid');
}

const privateHost = /^(?:localhost|.*\.(?:local|localhost|internal|test|invalid)|\d+(?:\.\d+){3}|\[.*\])$/i;

/** An https address without credentials on a public name; never an IP address. */
function parseLink(typed: string): Parsed<string> {
  const url = URL.canParse(typed.trim()) ? new URL(typed.trim()) : null;
  if (url?.protocol !== 'https:' || url.username !== '' || url.password !== '') return refuse('url_invalid');
  if (privateHost.test(url.hostname) || !url.hostname.includes('.') || url.href.length > 300) return refuse('url_invalid');
  return accept(url.href);
}

const link = z
  .string()
  .transform((typed) => typed || null)
  .pipe(fieldSchema(parseLink).nullable())
  .nullish();

const clock = /^(?:[01]\d|2[0-3]):[0-5]\d$/;

const openingTimes = z.strictObject({ open: z.string(), close: z.string() }).superRefine((times, ctx) => {
  if (!clock.test(times.open) || !clock.test(times.close) || times.open >= times.close) addCodeIssue(ctx, 'hours_invalid', times);
});

export const weekDays = ['mon', 'tue', 'wed', 'thu', 'fri', 'sat', 'sun'] as const;

/** A day that is not named is closed, as is one that is null. */
export const businessHours = z.partialRecord(z.enum(weekDays), openingTimes.nullable());

export const businessTypes = ['sole_trader', 'registered_business', 'fashion_house', 'tailor', 'designer'] as const;

/** `VendorInput` of auth-api.md 2.6. Absent and null mean none; only a tax id that is absent stays, since nobody is shown it in clear. */
export const vendorInput = z.object({
  storeName,
  tagline: freeText(200).optional(),
  description: requiredText(2000),
  businessType: z.enum(businessTypes),
  countryCode: z.string(),
  state: requiredText(100),
  city: requiredText(100),
  address: requiredText(255),
  taxId: fieldSchema(parseTaxId).nullish(),
  collections: wordList(15, 60).nullish(),
  websiteUrl: link,
  instagramUrl: link,
  tiktokUrl: link,
  businessHours: businessHours.nullish(),
});
export type VendorInput = z.infer<typeof vendorInput>;
