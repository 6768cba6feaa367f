import type { CommandScope } from '../../../foundation/command/command.ts';
import { overlaps, readChanges } from '../products/product-content.ts';
import { moveRevision } from './revision-record.ts';

type Touched = {
  productId: string;
  /** Null: all of them, as when the product is deleted. */
  fields: readonly string[] | null;
  exceptRevisionId: string | null;
};

/** Ends every open revision of a locked product that touches one of the fields: it was written for a text that stands no more. */
export async function supersedeTouched(scope: CommandScope, { productId, fields, exceptRevisionId }: Touched): Promise<void> {
  const open = await scope.tx.productRevision.findMany({
    where: { productId, status: { in: ['draft', 'proposed'] }, ...(exceptRevisionId ? { id: { not: exceptRevisionId } } : {}) },
    orderBy: { id: 'asc' },
  });
  for (const revision of open) {
    const isTouched =
      fields === null || readChanges(revision.changes).some(({ field }) => fields.some((touched) => overlaps(touched, field)));
    if (isTouched) await moveRevision(scope, revision, { step: 'supersede' });
  }
}
