import { sellableStores } from '../../identity/index.ts';

/** SQL: products that customers may see, as `p`, with their store as `v` (product.md 4.2). Every read of the storefront starts here. */
export const liveProducts = `catalog.product AS p JOIN (${sellableStores}) AS v ON v.id = p.vendor_id`;
export const isLive = `p.status = 'published' AND p.deleted_at IS NULL`;

/** Where a picture of the storefront is fetched. */
export function imageUrl(publicUrl: string, fileId: string): string {
  return `${publicUrl}/api/v1/catalog/images/${fileId}`;
}
