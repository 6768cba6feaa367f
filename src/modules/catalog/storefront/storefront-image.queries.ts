import { createHash } from 'node:crypto';
import { AppError } from '../../../foundation/errors/app-error.ts';
import { readPrivateFile, storeShowing } from '../../identity/index.ts';
import { isLive, liveProducts } from './live-products.ts';
import { namespaceOf } from './namespaces.ts';
import { type Admit, type Kept, readStorefront, type StorefrontDeps } from './storefront-cache.ts';

const nothing = { value: null, bytes: 0, dependsOn: 'all' } as const;

/**
 * A picture of a product that is sold or of a store that sells; null for any other file, whatever it is. What a file holds never
 * changes, so its tag is of its content; whether it may be seen is asked of the versions each time.
 * @throws AppError 503 `unavailable`, and what `admit` throws
 */
export function storefrontImage(deps: StorefrontDeps, fileId: string, admit: Admit): Kept | null | Promise<Kept | null> {
  return readStorefront(deps, {
    key: `image:${fileId}`,
    admit,
    async load() {
      const vendorId = (await storeOfProductImage(deps, fileId)) ?? (await storeShowing(deps.database.prisma, fileId));
      const file = vendorId && (await openImage(deps, fileId));
      if (!vendorId || !file) return nothing;
      return { value: file, bytes: file.body.length, dependsOn: [namespaceOf(vendorId)] };
    },
  });
}

async function storeOfProductImage({ database }: StorefrontDeps, fileId: string): Promise<string | null> {
  const { rows } = await database.pool.query<{ vendor_id: string }>({
    name: 'storefront-image',
    text: `SELECT p.vendor_id FROM ${liveProducts} JOIN catalog.product_media AS m ON m.product_id = p.id
            WHERE m.file_id = $1 AND ${isLive} LIMIT 1`,
    values: [fileId],
  });
  return rows[0]?.vendor_id ?? null;
}

/** Null for a file that is gone, or no picture. */
async function openImage(deps: StorefrontDeps, fileId: string): Promise<(Kept & { body: Buffer }) | null> {
  try {
    const { mime, bytes } = await readPrivateFile(deps, fileId);
    if (!mime.startsWith('image/')) return null;
    const etag = `"${createHash('sha256').update(bytes).digest('base64url').slice(0, 22)}"`;
    return { body: bytes, etag, contentType: mime };
  } catch (error) {
    if (error instanceof AppError && error.status === 404) return null;
    throw error;
  }
}
