import type { CommandScope } from '../../../foundation/command/command.ts';
import { fail } from '../../../foundation/errors/app-error.ts';
import { supersedeTouched } from '../revisions/supersede.ts';
import { emitProduct, type ProductRecord } from './product-record.ts';

/** Soft: the row stays, with its history; its open revisions end. @throws AppError 409 `transition_not_allowed` to whoever came second */
export async function deleteProductRow(
  scope: CommandScope,
  { id, version, status }: ProductRecord,
  code: string | null = null,
): Promise<void> {
  const [deleted] = await scope.tx.product.updateManyAndReturn({
    where: { id, version, status, deletedAt: null },
    data: { deletedAt: scope.now, version: { increment: 1 } },
  });
  if (!deleted) return fail('transition_not_allowed');
  scope.touched(id);
  await supersedeTouched(scope, { productId: id, fields: null, exceptRevisionId: null });
  emitProduct(scope, 'catalog.product.deleted', deleted, code);
}
