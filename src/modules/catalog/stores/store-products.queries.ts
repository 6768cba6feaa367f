import type { Tx } from '../../../foundation/runtime/database.ts';
import type { ProductStatus } from '../product-states.ts';

type Reader = Pick<Tx, 'product'>;

/** How many products a store has in each state; deleted ones are none. */
export async function storeProductCounts(reader: Reader, vendorId: string): Promise<ReadonlyMap<ProductStatus, number>> {
  const rows = await reader.product.groupBy({ by: ['status'], where: { vendorId, deletedAt: null }, _count: { _all: true } });
  return new Map(rows.map(({ status, _count }) => [status, _count._all]));
}

/** The products that shoppers would lose with the store. */
export function countLiveProducts(reader: Reader, vendorId: string): Promise<number> {
  return reader.product.count({ where: { vendorId, status: 'published', deletedAt: null } });
}
