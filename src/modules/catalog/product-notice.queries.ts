import { z } from 'zod';
import type { CommandDeps } from '../../foundation/command/command.ts';

/** What a message to the owner of a product says of it; `reason` and `notes` are those of the last decision. */
type ProductNotice = {
  userId: string;
  title: string;
  slug: string;
  price: string;
  currency: string;
  stockQty: number;
  reason: string | null;
  notes: { field: string; note: string }[];
};

const notesShape = z.array(z.object({ field: z.string(), note: z.string() })).catch([]);

/** For messages; null when there is no such product. */
export async function productNotice({ database }: Pick<CommandDeps, 'database'>, productId: string): Promise<ProductNotice | null> {
  const row = await database.prisma.product.findUnique({
    where: { id: productId },
    select: {
      ownerUserId: true,
      title: true,
      slug: true,
      price: true,
      currency: true,
      stockQty: true,
      decisionReason: true,
      reviewNotes: true,
    },
  });
  return (
    row && {
      userId: row.ownerUserId,
      title: row.title,
      slug: row.slug,
      price: row.price.toFixed(2),
      currency: row.currency,
      stockQty: row.stockQty,
      reason: row.decisionReason,
      notes: notesShape.parse(row.reviewNotes),
    }
  );
}

/** For messages: who wrote a revision, and whether it is an edit of the owner or a suggestion; null when there is none. */
export async function revisionNotice(
  { database }: Pick<CommandDeps, 'database'>,
  revisionId: string,
): Promise<{ productId: string; ownerUserId: string; authorId: string; kind: 'vendor_edit' | 'suggestion'; note: string | null } | null> {
  return database.prisma.productRevision.findUnique({
    where: { id: revisionId },
    select: { productId: true, ownerUserId: true, authorId: true, kind: true, note: true },
  });
}
