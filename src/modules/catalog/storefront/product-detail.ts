import { imageUrl, isLive, liveProducts } from './live-products.ts';
import type { StorefrontDeps } from './storefront-cache.ts';

type Row = {
  id: string;
  vendor_id: string;
  slug: string;
  title: string;
  description: string | null;
  price: string;
  old_price: string | null;
  currency: string;
  condition: string;
  gender_target: string;
  tags: string[];
  style_tags: string[];
  occasion_tags: string[];
  in_stock: boolean;
  requires_measurement: boolean;
  is_pre_order: boolean;
  pre_order_date: string | null;
  featured: boolean;
  meta_title: string | null;
  meta_description: string | null;
  published_at: Date;
  store_slug: string;
  store_name: string;
  categories: { code: string; name: string }[];
  images: { fileId: string; alt: string | null; isCover: boolean }[];
};

const detailSql = `
  SELECT p.id, p.vendor_id, p.slug, p.title, p.description, p.price::text AS price, p.old_price::text AS old_price, p.currency, p.condition,
         p.gender_target, p.tags, p.style_tags, p.occasion_tags, p.stock_qty > 0 AS in_stock, p.requires_measurement, p.is_pre_order,
         p.pre_order_date::text AS pre_order_date, p.featured, p.meta_title, p.meta_description,
         p.published_at, v.store_slug, v.store_name,
         COALESCE((SELECT jsonb_agg(jsonb_build_object('code', c.code, 'name', c.name) ORDER BY array_position(p.category_codes, c.code::text))
                     FROM catalog.category AS c WHERE c.code = ANY (p.category_codes)), '[]') AS categories,
         COALESCE((SELECT jsonb_agg(jsonb_build_object('fileId', m.file_id, 'alt', m.alt, 'isCover', m.is_cover)
                                    ORDER BY m.is_cover DESC, m.position)
                     FROM catalog.product_media AS m WHERE m.product_id = p.id), '[]') AS images
    FROM ${liveProducts} WHERE p.slug = $1 AND ${isLive}`;

/** A product that is sold, as customers see it, and whose it is; null for any other. One statement. */
export async function productDetail({ database, config }: Pick<StorefrontDeps, 'database' | 'config'>, slug: string) {
  const { rows } = await database.pool.query<Row>({ name: 'storefront-product', text: detailSql, values: [slug] });
  const [row] = rows;
  if (!row) return null;
  const product = {
    id: row.id,
    slug: row.slug,
    title: row.title,
    description: row.description,
    price: row.price,
    oldPrice: row.old_price,
    currency: row.currency,
    condition: row.condition,
    genderTarget: row.gender_target,
    categories: row.categories,
    tags: row.tags,
    styleTags: row.style_tags,
    occasionTags: row.occasion_tags,
    inStock: row.in_stock,
    requiresMeasurement: row.requires_measurement,
    isPreOrder: row.is_pre_order,
    preOrderDate: row.pre_order_date,
    isFeatured: row.featured,
    metaTitle: row.meta_title,
    metaDescription: row.meta_description,
    images: row.images.map(({ fileId, alt, isCover }) => ({ url: imageUrl(config.publicUrl, fileId), alt, isCover })),
    vendor: { slug: row.store_slug, storeName: row.store_name },
    publishedAt: row.published_at.toISOString(),
  };
  return { vendorId: row.vendor_id, product };
}
