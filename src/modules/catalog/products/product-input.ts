import { z } from 'zod';
import { type FieldError, validationError } from '../../../foundation/errors/app-error.ts';
import type { Content, ContentPatch } from './product-content.ts';
import { optionalText, someText, tagList } from './product-text.ts';

export const conditions = ['new', 'used', 'refurbished'] as const;
export const genderTargets = ['men', 'women', 'unisex', 'boys', 'girls', 'kids'] as const;
export const imagesAtMost = 20;

const highest = 100_000_000;
const priceForm = /^(?:0|[1-9]\d{0,8})(?:\.\d{1,2})?$/;

/** More than 0, at most 100,000,000, at most two decimals; a string, or a number that is written so. @returns "15000.00", or null */
export function parsePrice(typed: string | number): string | null {
  const text = String(typed).trim();
  const value = Number(text);
  return priceForm.test(text) && value > 0 && value <= highest ? value.toFixed(2) : null;
}

const price = z.union([z.string(), z.number()]).transform((typed, ctx): string => {
  const parsed = parsePrice(typed);
  if (parsed !== null) return parsed;
  ctx.addIssue({ code: 'custom', params: { code: 'price_invalid' }, message: 'price_invalid', input: typed });
  return z.NEVER;
});

const currencies: ReadonlySet<string> = new Set(Intl.supportedValuesOf('currency'));
const currency = z.string().refine((code) => currencies.has(code), { params: { code: 'invalid_value' } });

const day = z.string().refine(isDay, { params: { code: 'invalid_value' } });

/** YYYY-MM-DD that the calendar has. */
function isDay(text: string): boolean {
  const at = /^\d{4}-\d{2}-\d{2}$/.test(text) ? new Date(`${text}T00:00:00Z`) : null;
  return at !== null && !Number.isNaN(at.getTime()) && at.toISOString().startsWith(text);
}

const image = z.strictObject({ fileId: z.uuid(), alt: optionalText({ longest: 200 }).optional(), isCover: z.boolean().optional() });

const images = z
  .array(image)
  .max(imagesAtMost)
  .superRefine((list, ctx) => {
    const refuse = (path: (string | number)[]) =>
      ctx.addIssue({ code: 'custom', params: { code: 'invalid_value' }, message: 'invalid_value', input: list, path });
    const seen = new Set<string>();
    for (const [index, { fileId }] of list.entries()) {
      if (seen.has(fileId)) refuse([index, 'fileId']);
      seen.add(fileId);
    }
    for (const [index, { isCover }] of list.entries()) {
      if (isCover && list.findIndex((other) => other.isCover) < index) refuse([index, 'isCover']);
    }
  })
  .transform((list) => {
    // Where nobody says which, the first one is the cover.
    const cover = Math.max(
      0,
      list.findIndex(({ isCover }) => isCover),
    );
    return list.map(({ fileId, alt = null }, index) => ({ fileId, alt, isCover: index === cover }));
  });

const categoryCode = z.string().max(60);
const codes = z
  .array(categoryCode)
  .min(1)
  .max(15)
  .transform((list) => [...new Set(list)]);

const fields = {
  title: someText({ longest: 255 }),
  description: optionalText({ longest: 5000, hasLines: true }),
  categoryCodes: codes,
  tags: tagList(30),
  price,
  oldPrice: price.nullable(),
  currency,
  stockQty: z.int().min(0).max(1_000_000),
  condition: z.enum(conditions),
  genderTarget: z.enum(genderTargets),
  requiresMeasurement: z.boolean(),
  isPreOrder: z.boolean(),
  preOrderDate: day.nullable(),
  metaTitle: optionalText({ longest: 160 }),
  metaDescription: optionalText({ longest: 320 }),
  styleTags: tagList(30),
  occasionTags: tagList(30),
  images,
};

/** Any fields of a product: a change by its owner, and what a revision keeps. */
export const contentPatch = z.strictObject(fields).partial();

/** Fields as they were stored or computed, read by the same rules; those that are left out stay out. */
export function readPatch(given: unknown): ContentPatch {
  return definedIn(contentPatch.parse(given));
}

/** Without what was left out. */
export function definedIn(patch: z.infer<typeof contentPatch>): ContentPatch {
  return Object.fromEntries(Object.entries(patch).filter(([, value]) => value !== undefined));
}

/** `ProductInput`: title and price must be there; everything else may come before the product is handed in. */
export const productInput = contentPatch.required({ title: true, price: true });
export type ProductInput = z.infer<typeof productInput>;

/** What a product is without being told. */
export const blankContent: Omit<Content, 'title' | 'price'> = {
  description: null,
  categoryCodes: [],
  tags: [],
  oldPrice: null,
  currency: 'NGN',
  stockQty: 0,
  condition: 'new',
  genderTarget: 'unisex',
  requiresMeasurement: false,
  isPreOrder: false,
  preOrderDate: null,
  metaTitle: null,
  metaDescription: null,
  styleTags: [],
  occasionTags: [],
  images: [],
};

/**
 * Rules over more than one field, on the product as it would be: the old price is higher, and a pre-order has a date that lies ahead.
 * A date that has passed since is nobody's fault: only one that is being written is refused.
 * @throws AppError 422 `price_invalid`, `required`, `invalid_value`
 */
export function requireConsistent(content: Content, { today, isDateNew }: { today: string; isDateNew: boolean }): void {
  const { price: now, oldPrice, isPreOrder, preOrderDate } = content;
  const errors: FieldError[] = [];
  if (oldPrice !== null && Number(oldPrice) <= Number(now)) errors.push({ path: 'oldPrice', code: 'price_invalid' });
  if (isPreOrder && preOrderDate === null) errors.push({ path: 'preOrderDate', code: 'required' });
  if (!isPreOrder && preOrderDate !== null) errors.push({ path: 'preOrderDate', code: 'invalid_value' });
  if (isPreOrder && isDateNew && preOrderDate !== null && preOrderDate <= today)
    errors.push({ path: 'preOrderDate', code: 'invalid_value' });
  if (errors.length > 0) throw validationError(errors);
}

/** The calendar day of a moment, UTC. */
export function dayOf(at: Date): string {
  return at.toISOString().slice(0, 10);
}
