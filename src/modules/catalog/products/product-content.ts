import { z } from 'zod';
import type { ProductChange } from '../product-rules.ts';
import type { ProductRecord } from './product-record.ts';

/** An image of a product; its place in the list is its place on the page. */
export type ContentImage = { fileId: string; alt: string | null; isCover: boolean };

/** What a product says and costs: everything its owner writes. JSON, so that a revision can keep old and new. */
export type Content = {
  title: string;
  description: string | null;
  categoryCodes: string[];
  tags: string[];
  price: string;
  oldPrice: string | null;
  currency: string;
  stockQty: number;
  condition: ProductRecord['condition'];
  genderTarget: ProductRecord['genderTarget'];
  requiresMeasurement: boolean;
  isPreOrder: boolean;
  /** YYYY-MM-DD */
  preOrderDate: string | null;
  metaTitle: string | null;
  metaDescription: string | null;
  styleTags: string[];
  occasionTags: string[];
  images: ContentImage[];
};
export type ContentPatch = Partial<Content>;

export function contentOf(product: ProductRecord): Content {
  const { title, description, categoryCodes, tags, currency, stockQty, condition, genderTarget } = product;
  const { requiresMeasurement, isPreOrder, metaTitle, metaDescription, styleTags, occasionTags } = product;
  return {
    ...{ title, description, categoryCodes, tags, currency, stockQty, condition, genderTarget },
    ...{ requiresMeasurement, isPreOrder, metaTitle, metaDescription, styleTags, occasionTags },
    price: product.price.toFixed(2),
    oldPrice: product.oldPrice?.toFixed(2) ?? null,
    preOrderDate: product.preOrderDate?.toISOString().slice(0, 10) ?? null,
    images: product.media.map(({ fileId, alt, isCover }) => ({ fileId, alt, isCover })),
  };
}

/** Fields of `patch` that differ from what stands there, each with old and new. */
export function changesBetween(before: Content, patch: ContentPatch): ProductChange[] {
  const old: Readonly<Record<string, unknown>> = before;
  return Object.entries(patch)
    .filter(([field, value]) => value !== undefined && !isSame(old[field], value))
    .map(([field, value]) => ({ field, old: old[field], new: value }));
}

/** Equality of JSON values; the order of keys is ours on both sides. */
export function isSame(one: unknown, other: unknown): boolean {
  return JSON.stringify(one) === JSON.stringify(other);
}

const altForm = /^media\.(\d{1,2})\.alt$/;

/** Which image a field is about; null for every other field. */
export function altPosition(field: string): number | null {
  const position = altForm.exec(field)?.[1];
  return position === undefined ? null : Number(position);
}

/** The value that a field has now; undefined for one that does not exist, such as the text of an image that was taken away. */
export function fieldValue(content: Content, field: string): unknown {
  const position = altPosition(field);
  if (position !== null) return content.images[position] ? content.images[position].alt : undefined;
  const values: Readonly<Record<string, unknown>> = content;
  return Object.hasOwn(values, field) ? values[field] : undefined;
}

/** Whether two fields are about the same thing: all images, and the text of one of them. */
export function overlaps(one: string, other: string): boolean {
  if (one === other) return true;
  return (one === 'images' && altPosition(other) !== null) || (other === 'images' && altPosition(one) !== null);
}

const changeList = z.array(z.object({ field: z.string(), old: z.unknown(), new: z.unknown() }));

/** The changes of a revision as they are stored. */
export function readChanges(stored: unknown): ProductChange[] {
  return changeList.parse(stored).map((change) => ({ field: change.field, old: change.old, new: change.new }));
}
