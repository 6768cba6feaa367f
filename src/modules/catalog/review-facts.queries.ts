import type { Tx } from '../../foundation/runtime/database.ts';
import type { ProductStatus, RevisionStatus } from './product-states.ts';

/** What a review case needs to know of a product. */
export type ProductFacts = {
  id: string;
  vendorId: string;
  ownerUserId: string;
  title: string;
  version: number;
  status: ProductStatus;
  riskScore: number;
  /** It was live once and was taken down: only a lead decides on it. */
  wasTakenDown: boolean;
};

/** By id; deleted products and ids that are none are absent. */
export async function productFacts(db: Pick<Tx, 'product'>, ids: readonly string[]): Promise<ReadonlyMap<string, ProductFacts>> {
  const rows = await db.product.findMany({
    where: { id: { in: [...ids] }, deletedAt: null },
    select: { id: true, vendorId: true, ownerUserId: true, title: true, version: true, status: true, riskScore: true, needsLead: true },
  });
  return new Map(rows.map(({ needsLead, ...row }) => [row.id, { ...row, wasTakenDown: needsLead }]));
}

/** The same of a revision; `title` and `riskScore` are those of its product. */
export type RevisionFacts = {
  id: string;
  productId: string;
  vendorId: string;
  ownerUserId: string;
  authorId: string;
  title: string;
  version: number;
  status: RevisionStatus;
  kind: 'vendor_edit' | 'suggestion';
  riskScore: number;
};

/** By id; revisions of deleted products are absent. */
export async function revisionFacts(db: Pick<Tx, 'productRevision'>, ids: readonly string[]): Promise<ReadonlyMap<string, RevisionFacts>> {
  const rows = await db.productRevision.findMany({
    where: { id: { in: [...ids] }, product: { deletedAt: null } },
    include: { product: { select: { vendorId: true, title: true, riskScore: true } } },
  });
  return new Map(
    rows.map(({ id, productId, ownerUserId, authorId, version, status, kind, product }) => [
      id,
      { id, productId, ownerUserId, authorId, version, status, kind, ...product },
    ]),
  );
}

/** Who wrote a revision; null where there is none. */
export async function revisionAuthor(db: Pick<Tx, 'productRevision'>, revisionId: string): Promise<string | null> {
  return (await db.productRevision.findUnique({ where: { id: revisionId }, select: { authorId: true } }))?.authorId ?? null;
}
