import type { Tx } from '../../../foundation/runtime/database.ts';

/**
 * Who may not decide on a product (product.md 4.3): its owner, staff who changed it since it was published last, and whoever wrote a
 * suggestion that is in it. Ids of users.
 */
export async function productAuthors(db: Pick<Tx, 'product' | 'productRevision'>, productId: string): Promise<string[]> {
  const product = await db.product.findUnique({ where: { id: productId }, select: { ownerUserId: true, editorIds: true } });
  if (!product) return [];
  const accepted = await db.productRevision.findMany({
    where: { productId, kind: 'suggestion', status: { in: ['accepted', 'partly_accepted'] } },
    select: { authorId: true },
    distinct: ['authorId'],
  });
  return [...new Set([product.ownerUserId, ...product.editorIds, ...accepted.map(({ authorId }) => authorId)])];
}
