import { AppError } from '../../../foundation/errors/app-error.ts';
import { sellingStore } from '../../identity/index.ts';
import { activeCategories } from '../categories/category.queries.ts';
import { writeCursor } from './list-cursor.ts';
import { type LineRow, listSql } from './list-sql.ts';
import { imageUrl, isLive } from './live-products.ts';
import { productDetail } from './product-detail.ts';
import { type Admit, type Kept, keptJson, readStorefront, type StorefrontDeps } from './storefront-cache.ts';
import { keyOf, type ProductListQuery, sortOf } from './storefront-query.ts';

const slugForm = /^[a-z0-9]+(?:-[a-z0-9]+)*$/;

type Answer = Kept | null | Promise<Kept | null>;

/** The page of a store that sells; null for any other. @throws AppError 503 `unavailable`, and what `admit` throws */
export function storefrontVendor(deps: StorefrontDeps, slug: string, admit: Admit): Answer {
  if (!slugForm.test(slug)) return null;
  return readStorefront(deps, {
    key: `vendor:${slug}`,
    admit,
    async load() {
      const found = await sellingStore(deps.database.prisma, slug);
      if (!found) return keptJson(null, null);
      const { id, store, logoFileId, coverFileId } = found;
      const url = (fileId: string | null) => fileId && imageUrl(deps.config.publicUrl, fileId);
      const productCount = await countLive(deps, id);
      return keptJson({ ...store, logoUrl: url(logoFileId), coverUrl: url(coverFileId), productCount }, id);
    },
  });
}

async function countLive({ database }: StorefrontDeps, vendorId: string): Promise<number> {
  const { rows } = await database.pool.query<{ count: number }>({
    name: 'storefront-count',
    text: `SELECT count(*)::int AS count FROM catalog.product AS p WHERE p.vendor_id = $1 AND ${isLive}`,
    values: [vendorId],
  });
  return rows[0]?.count ?? 0;
}

/** The categories that are open, by name: what products are filed under and found by. @throws AppError 503 `unavailable`, and what `admit` throws */
export function storefrontCategories(deps: StorefrontDeps, admit: Admit): Answer {
  return readStorefront(deps, {
    key: 'categories',
    admit,
    load: async () => keptJson({ items: await activeCategories(deps.database.prisma) }, null),
  });
}

/** A product that is sold, in full; null for any other. @throws AppError 503 `unavailable`, and what `admit` throws */
export function storefrontProduct(deps: StorefrontDeps, slug: string, admit: Admit): Answer {
  if (!slugForm.test(slug)) return null;
  return readStorefront(deps, {
    key: `product:${slug}`,
    admit,
    async load() {
      const found = await productDetail(deps, slug);
      return keptJson(found?.product ?? null, found?.vendorId ?? null);
    },
  });
}

/**
 * A page of the products that are sold. @throws AppError 422 `invalid_value` for a cursor that is none of ours, 503 `unavailable`, and
 * what `admit` throws
 */
export async function storefrontProducts(deps: StorefrontDeps, query: ProductListQuery, admit: Admit): Promise<Kept> {
  const kept = await readStorefront(deps, {
    key: `products:${keyOf(query)}`,
    admit,
    async load() {
      const { rows } = await deps.database.pool.query<LineRow>(listSql(query));
      const shown = rows.slice(0, query.limit);
      const last = shown.at(-1);
      const nextCursor = last && rows.length > query.limit ? writeCursor(sortOf(query), { value: last.place, id: last.id }) : null;
      // A page of one store depends on that store only; one that is empty could be filled by any.
      const vendorId = query.vendor === undefined ? null : (last?.vendor_id ?? null);
      return keptJson({ items: shown.map((row) => lineOf(row, deps.config.publicUrl)), nextCursor }, vendorId);
    },
  });
  return kept ?? missing();
}

function missing(): never {
  throw new AppError('internal_error', { cause: new Error('A list always has an answer') });
}

/** A product in a list. */
function lineOf(row: LineRow, publicUrl: string) {
  return {
    id: row.id,
    slug: row.slug,
    title: row.title,
    price: row.price,
    oldPrice: row.old_price,
    currency: row.currency,
    condition: row.condition,
    genderTarget: row.gender_target,
    categoryCodes: row.category_codes,
    inStock: row.in_stock,
    requiresMeasurement: row.requires_measurement,
    isPreOrder: row.is_pre_order,
    preOrderDate: row.pre_order_date,
    isFeatured: row.featured,
    image: row.file_id === null ? null : { url: imageUrl(publicUrl, row.file_id), alt: row.alt },
    vendor: { slug: row.store_slug, storeName: row.store_name },
    publishedAt: row.published_at.toISOString(),
  };
}
