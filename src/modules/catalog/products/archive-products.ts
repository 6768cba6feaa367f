import { z } from 'zod';
import { defineCommand } from '../../../foundation/command/command.ts';
import type { Tx } from '../../../foundation/runtime/database.ts';
import { storeFacts } from '../owner-facts.ts';
import { lockProduct, moveProduct } from './product-record.ts';

const input = z.strictObject({ vendorId: z.uuid() });
const atOnce = 100;

/** Ids of published products of a store, at most so many. */
export function publishedOf(db: Pick<Tx, 'product'>, vendorId: string, take: number): Promise<{ id: string }[]> {
  return db.product.findMany({
    where: { vendorId, status: 'published', deletedAt: null },
    select: { id: true },
    orderBy: { id: 'asc' },
    take,
  });
}

/**
 * Archives what a closed store has published, a hundred at a time.
 * @throws AppError 409 `transition_not_allowed` where the store was opened again meanwhile
 */
export const archiveProductsOf = defineCommand<z.infer<typeof input>, { archived: number }>({
  name: 'archive-products-of-store',
  resource: 'product',
  access: 'system',
  input,
  isIdempotent: false,
  async run(scope, { vendorId }) {
    const store = await storeFacts(scope.tx, vendorId);
    if (store && store.status !== 'closed') return { refused: 'transition_not_allowed' };
    const found = await publishedOf(scope.tx, vendorId, atOnce);
    let archived = 0;
    for (const { id } of found) {
      const product = await lockProduct(scope, id);
      if (product?.status !== 'published') continue;
      await moveProduct(scope, product, { step: 'archive', code: 'vendor_closed' });
      archived += 1;
    }
    return { archived };
  },
});
