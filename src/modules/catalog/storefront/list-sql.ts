import { type ListCursor, readCursor } from './list-cursor.ts';
import { isLive, liveProducts } from './live-products.ts';
import { type ProductListQuery, type ProductSort, sortOf } from './storefront-query.ts';

type Sql = { text: string; values: unknown[] };

/** A code and all that hang below it, however deep; UNION ends where a tree bites its own tail. */
const subtree = (code: string) => `ARRAY(
  WITH RECURSIVE below AS (
    SELECT c.code FROM catalog.category AS c WHERE c.code = ${code}
    UNION SELECT c.code FROM catalog.category AS c JOIN below AS b ON c.parent_code = b.code)
  SELECT code::text FROM below)`;

const published = `to_char(p.published_at AT TIME ZONE 'UTC', 'YYYY-MM-DD"T"HH24:MI:SS.US"Z"')`;

/** Of each order: what it sorts by, how that is written into a cursor and read from one, and the direction. */
type Order = { by: string; written: string; type: string; direction: 'ASC' | 'DESC' };

function orderOf(sort: ProductSort, words: string | null): Order {
  switch (sort) {
    case 'newest':
      return { by: 'p.published_at', written: published, type: 'timestamptz', direction: 'DESC' };
    case 'price':
      return { by: 'p.price', written: 'p.price::text', type: 'numeric', direction: 'ASC' };
    case '-price':
      return { by: 'p.price', written: 'p.price::text', type: 'numeric', direction: 'DESC' };
    case 'relevance': {
      const score = `word_similarity(${words ?? "''"}, p.title)`;
      return { by: score, written: `${score}::text`, type: 'real', direction: 'DESC' };
    }
    default:
      return sort satisfies never;
  }
}

/** The statement of a page; one row more than asked tells whether there is another. @throws AppError 422 `invalid_value` for the cursor */
export function listSql(query: ProductListQuery): Sql {
  const values: unknown[] = [];
  const param = (value: unknown): string => `$${values.push(value)}`;
  const sort = sortOf(query);
  const after: ListCursor | null = query.cursor === undefined ? null : readCursor(sort, query.cursor);
  const words = query.q === undefined ? null : param(query.q);
  const order = orderOf(sort, words);
  const conditions = [isLive, ...filters(query, { param, words })];
  if (after) {
    const sign = order.direction === 'ASC' ? '>' : '<';
    conditions.push(`(${order.by}, p.id) ${sign} (${param(after.value)}::${order.type}, ${param(after.id)}::uuid)`);
  }
  const text = `
    SELECT ${lineColumns}, ${order.written} AS place
      FROM ${liveProducts}
      LEFT JOIN LATERAL (
        SELECT m.file_id, m.alt FROM catalog.product_media AS m
         WHERE m.product_id = p.id ORDER BY m.is_cover DESC, m.position LIMIT 1) AS cover ON true
     WHERE ${conditions.join(' AND ')}
     ORDER BY ${order.by} ${order.direction}, p.id ${order.direction}
     LIMIT ${param(query.limit + 1)}`;
  return { text, values };
}

type Params = { param(value: unknown): string; words: string | null };

function filters(query: ProductListQuery, { param, words }: Params): string[] {
  const { category, vendor, minPrice, maxPrice, condition, gender, q } = query;
  return [
    ...(words !== null && q !== undefined ? [`(${words} <% p.title OR p.title ILIKE ${param(containing(q))})`] : []),
    ...(category === undefined ? [] : [`p.category_codes && ${subtree(param(category))}`]),
    ...(vendor === undefined ? [] : [`v.store_slug = ${param(vendor)}`]),
    ...(minPrice === undefined ? [] : [`p.price >= ${param(minPrice)}::numeric`]),
    ...(maxPrice === undefined ? [] : [`p.price <= ${param(maxPrice)}::numeric`]),
    ...(condition === undefined ? [] : [`p.condition = ${param(condition)}::catalog.product_condition`]),
    ...(gender === undefined ? [] : [`p.gender_target = ${param(gender)}::catalog.gender_target`]),
  ];
}

/** A typed % or _ stands for itself. */
function containing(words: string): string {
  return `%${words.replaceAll(/[\\%_]/g, '\\$&')}%`;
}

const lineColumns = `p.id, p.vendor_id, p.slug, p.title, p.price::text AS price, p.old_price::text AS old_price, p.currency, p.condition,
  p.gender_target, p.category_codes, p.stock_qty > 0 AS in_stock, p.requires_measurement, p.is_pre_order,
  p.pre_order_date::text AS pre_order_date, p.featured, p.published_at, v.store_slug, v.store_name, cover.file_id, cover.alt`;

/** A row of listSql(). */
export type LineRow = {
  id: string;
  vendor_id: string;
  slug: string;
  title: string;
  price: string;
  old_price: string | null;
  currency: string;
  condition: 'new' | 'used' | 'refurbished';
  gender_target: 'men' | 'women' | 'unisex' | 'boys' | 'girls' | 'kids';
  category_codes: string[];
  in_stock: boolean;
  requires_measurement: boolean;
  is_pre_order: boolean;
  pre_order_date: string | null;
  featured: boolean;
  published_at: Date;
  store_slug: string;
  store_name: string;
  file_id: string | null;
  alt: string | null;
  place: string;
};
