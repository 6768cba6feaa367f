import type { Product } from '@prisma/client';

/** Fields an enhancer may propose to change (product.md 6.3). Alternative texts of images are proposed as `media.<position>.alt`. */
export const suggestible = [
  'title',
  'description',
  'tags',
  'metaTitle',
  'metaDescription',
  'styleTags',
  'occasionTags',
  'categoryCodes',
] as const;
export type SuggestibleField = (typeof suggestible)[number];

const material = ['title', 'description', 'categoryCodes', 'images', 'condition'] as const;

/** From which change of a live product's price on it is looked at again (F90). */
const priceStep = 0.3;

export type ProductChange = Readonly<{ field: string; old: unknown; new: unknown }>;

/**
 * The changes of a live product that wait for a decision, and those that are live at once (F90): title, description, category, images
 * and condition wait, and a price that moves by more than 30 % from the one that was looked at last, in one step or in many.
 */
export function sortChanges(
  changes: readonly ProductChange[],
  reviewedPrice: number | null,
): { waiting: ProductChange[]; immediate: ProductChange[] } {
  const isWaiting = (change: ProductChange) =>
    material.some((field) => field === change.field) ||
    (change.field === 'price' && isPriceJump(reviewedPrice ?? Number(change.old), Number(change.new)));
  return { waiting: changes.filter(isWaiting), immediate: changes.filter((change) => !isWaiting(change)) };
}

function isPriceJump(before: number, after: number): boolean {
  return Math.abs(after - before) > before * priceStep + 1e-9;
}

/** A price outside 0.1 to 10 times the median of its category (product.md 6.2). @returns null where there is no median yet */
export function isPriceOutlier(price: number, median: number | null): boolean | null {
  return median === null ? null : price < median * 0.1 || price > median * 10;
}

export type Listing = Pick<Product, 'title' | 'description' | 'tags' | 'metaTitle' | 'metaDescription'> & {
  alts: readonly (string | null)[];
};

/**
 * How much a listing lacks, 0 (nothing) to 100: what the enhancers' work list is ranked by. Short or absent text weighs most,
 * then images without an alternative text, then tags and the search preview.
 */
export function missingQuality({ title, description, tags, metaTitle, metaDescription, alts }: Listing): number {
  const length = (description ?? '').trim().length;
  const words = length >= 300 ? 0 : Math.round(40 * (1 - length / 300));
  const withoutAlt = alts.length === 0 ? 25 : Math.round((25 * alts.filter((alt) => !alt).length) / alts.length);
  return words + withoutAlt + (title.length < 20 ? 10 : 0) + (tags.length < 3 ? 10 : 0) + (metaTitle ? 0 : 7) + (metaDescription ? 0 : 8);
}
