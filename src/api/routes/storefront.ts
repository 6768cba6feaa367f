import { fail } from '../../foundation/errors/app-error.ts';
import {
  type Kept,
  productListQuery,
  storefrontCategories as readCategories,
  storefrontProduct as readProduct,
  storefrontProducts as readProducts,
  storefrontVendor as readVendor,
  storefrontImage,
} from '../../modules/catalog/index.ts';
import { defineEndpoint, noBody, noQuery } from '../define-endpoint.ts';
import type { Call, Reply } from '../endpoint.ts';
import { isNoneMatch } from '../if-match.ts';
import { pathId } from '../path-id.ts';
import { admitLoad } from '../rate-limit.ts';
import { storefrontCategories, storefrontProduct, storefrontProductPage, storefrontVendor } from '../storefront-shapes.ts';

const unchanged = { 304: { description: 'Unchanged' } };

/** GET /catalog/vendors/{slug}: a store that sells, as customers see it. */
export const readStorefrontVendor = defineEndpoint({
  summary: 'Read a store',
  query: noQuery,
  body: noBody,
  replies: { 200: { description: 'The store', schema: storefrontVendor, headers: ['ETag'] }, ...unchanged },
  errors: ['not_found'],
  handle: async (call) => answer(call, await readVendor(call.deps, slugOf(call), () => admitLoad(call))),
});

/** GET /catalog/categories: what products are filed under; a vendor picks from it, a shopper filters by it. */
export const listCategories = defineEndpoint({
  summary: 'List the categories',
  query: noQuery,
  body: noBody,
  replies: { 200: { description: 'All that are open, by name', schema: storefrontCategories, headers: ['ETag'] }, ...unchanged },
  handle: async (call) => answer(call, await readCategories(call.deps, () => admitLoad(call))),
});

/** GET /catalog/products: what is sold, by filters, a page at a time. */
export const listStorefrontProducts = defineEndpoint({
  summary: 'List products that are sold',
  query: productListQuery,
  body: noBody,
  replies: { 200: { description: 'A page of products', schema: storefrontProductPage, headers: ['ETag'] }, ...unchanged },
  handle: async (call, { query }) => answer(call, await readProducts(call.deps, query, () => admitLoad(call))),
});

/** GET /catalog/products/{slug}: a product that is sold, in full. */
export const readStorefrontProduct = defineEndpoint({
  summary: 'Read a product that is sold',
  query: noQuery,
  body: noBody,
  replies: { 200: { description: 'The product', schema: storefrontProduct, headers: ['ETag'] }, ...unchanged },
  errors: ['not_found'],
  handle: async (call) => answer(call, await readProduct(call.deps, slugOf(call), () => admitLoad(call))),
});

/** GET /catalog/images/{fileId}: a picture of a product that is sold, or of a store that sells. */
export const readStorefrontImage = defineEndpoint({
  summary: 'Read a picture of a product or store',
  query: noQuery,
  body: noBody,
  replies: { 200: { description: 'JPEG, PNG or WebP', headers: ['ETag'] }, ...unchanged },
  errors: ['not_found'],
  async handle(call) {
    const reply = answer(call, await storefrontImage(call.deps, pathId(call, 'fileId'), () => admitLoad(call)));
    // Pages of the storefront, which is another origin, show it.
    return { ...reply, headers: { ...reply.headers, 'Cross-Origin-Resource-Policy': 'cross-origin' } };
  },
});

function slugOf(call: Call): string {
  return call.params.slug ?? '';
}

/**
 * Anybody may keep the answer, and has to ask before each use whether it is still the one: what was suspended is gone at the next
 * request, and what was not costs a 304.
 */
function answer(call: Call, kept: Kept | null): Reply {
  if (!kept) return fail('not_found');
  const headers = { ETag: kept.etag, 'Cache-Control': 'public, no-cache' };
  if (isNoneMatch(call.req, kept.etag)) return { status: 304, headers };
  return { status: 200, headers: { ...headers, 'Content-Type': kept.contentType ?? 'application/json; charset=utf-8' }, body: kept.body };
}
