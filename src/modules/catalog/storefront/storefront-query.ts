import { z } from 'zod';

const price = z.string().regex(/^\d{1,9}(?:\.\d{1,2})?$/);
const slug = z
  .string()
  .max(280)
  .regex(/^[a-z0-9]+(?:-[a-z0-9]+)*$/);

const productSorts = ['newest', 'price', '-price', 'relevance'] as const;

/** Query string of GET /catalog/products. `price` sorts by rising price; a search without `sort` gives the best match first. */
export const productListQuery = z
  .strictObject({
    limit: z
      .string()
      .regex(/^(?:[1-9]\d?|100)$/)
      .transform(Number)
      .default(25),
    cursor: z.string().max(200).optional(),
    /** Code of a category; those below it are included. */
    category: slug.max(60).optional(),
    /** Slug of a store. */
    vendor: slug.max(160).optional(),
    minPrice: price.optional(),
    maxPrice: price.optional(),
    condition: z.enum(['new', 'used', 'refurbished']).optional(),
    gender: z.enum(['men', 'women', 'unisex', 'boys', 'girls', 'kids']).optional(),
    /** Words of the title; a typing error or two is forgiven. */
    q: z.string().trim().min(2).max(100).optional(),
    sort: z.enum(productSorts).optional(),
  })
  .superRefine(({ minPrice, maxPrice, sort, q }, ctx) => {
    const wrong = (path: string) =>
      ctx.addIssue({ code: 'custom', path: [path], params: { code: 'invalid_value' }, message: 'invalid_value' });
    if (minPrice !== undefined && maxPrice !== undefined && Number(minPrice) > Number(maxPrice)) wrong('maxPrice');
    if (sort === 'relevance' && q === undefined) wrong('sort');
  });
export type ProductListQuery = z.infer<typeof productListQuery>;
export type ProductSort = (typeof productSorts)[number];

export function sortOf({ sort, q }: ProductListQuery): ProductSort {
  return sort ?? (q === undefined ? 'newest' : 'relevance');
}

/** Two spellings of one question are one answer: absent filters left out, the rest in a fixed order; no text of a filter can pass for another filter. */
export function keyOf(query: ProductListQuery): string {
  const asked = { ...query, sort: sortOf(query) };
  const given = Object.entries(asked).filter(([, value]) => value !== undefined);
  return JSON.stringify(given.toSorted(([one], [other]) => (one < other ? -1 : 1)));
}
