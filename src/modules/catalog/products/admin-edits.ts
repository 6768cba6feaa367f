import { z } from 'zod';
import { defineCommand } from '../../../foundation/command/command.ts';
import { validationError } from '../../../foundation/errors/app-error.ts';
import { mayDelete } from '../product-states.ts';
import { applyContent } from './apply-content.ts';
import { deleteProductRow } from './delete-product.ts';
import { type ContentPatch, contentOf } from './product-content.ts';
import { dayOf, parsePrice, requireConsistent } from './product-input.ts';
import { emitChangedByStaff, emitProduct, type ProductRecord } from './product-record.ts';
import { loadAnyProduct, loadProduct, onProduct } from './staff-product.ts';

type Output = { productId: string; version: number; isUnchanged: boolean };

const typedPrice = z.union([z.string(), z.number()]);
const priceInput = z.strictObject({ id: z.uuid(), price: typedPrice, oldPrice: typedPrice.nullish() });

/**
 * Corrects the price of a product, live or not, at once. Revisions that wait and change the price are overtaken.
 * @throws AppError 404 `not_found`, 409 `version_conflict`, 422 `price_invalid`
 */
export const editPrice = defineCommand<z.infer<typeof priceInput>, Output, undefined, ProductRecord>({
  name: 'edit-product-price',
  resource: 'product',
  access: 'product.edit_price',
  input: priceInput,
  isIdempotent: true,
  load: loadProduct,
  ...onProduct,
  conflict: (product) => ({ current: { price: contentOf(product).price, oldPrice: contentOf(product).oldPrice } }),
  preview: async (_scope, { price }, product) => [
    `The price becomes ${price} instead of ${contentOf(product).price} ${product.currency}.`,
    'The vendor is told.',
  ],
  async run(scope, { price, oldPrice }, product) {
    const patch: ContentPatch = { price: priceOf(price, 'price') };
    if (oldPrice !== undefined) patch.oldPrice = oldPrice === null || oldPrice === '' ? null : priceOf(oldPrice, 'oldPrice');
    requireConsistent({ ...contentOf(product), ...patch }, { today: dayOf(scope.now), isDateNew: false });
    const written = await applyContent(scope, product, { patch });
    if (written !== product) emitChangedByStaff(scope, written, 'price');
    return { productId: product.id, version: written.version, isUnchanged: written === product };
  },
});

function priceOf(typed: string | number, path: string): string {
  const parsed = parsePrice(typed);
  if (parsed === null) throw validationError([{ path, code: 'price_invalid' }]);
  return parsed;
}

const stockInput = z.strictObject({ id: z.uuid(), stockQty: z.coerce.number().int().min(0).max(1_000_000) });

/** Corrects the number in stock. @throws AppError as editPrice, `invalid_type`, `too_short`, `too_long` */
export const editStock = defineCommand<z.infer<typeof stockInput>, Output, undefined, ProductRecord>({
  name: 'edit-product-stock',
  resource: 'product',
  access: 'product.edit_stock',
  input: stockInput,
  isIdempotent: true,
  load: loadProduct,
  ...onProduct,
  conflict: ({ stockQty }) => ({ current: { stockQty } }),
  preview: async (_scope, { stockQty }, product) => [`${stockQty} in stock instead of ${product.stockQty}.`, 'The vendor is told.'],
  async run(scope, { stockQty }, product) {
    const written = await applyContent(scope, product, { patch: { stockQty } });
    if (written !== product) emitChangedByStaff(scope, written, 'stock');
    return { productId: product.id, version: written.version, isUnchanged: written === product };
  },
});

const byId = z.strictObject({ id: z.uuid() });
type ById = z.infer<typeof byId>;
type Deleted = { productId: string; version: number };

/**
 * Deletes what no customer sees (soft); a published product is taken down or archived first.
 * @throws AppError 404 `not_found`, 409 `transition_not_allowed`, `version_conflict`
 */
export const deleteProduct = defineCommand<ById, Deleted, undefined, ProductRecord>({
  name: 'delete-product',
  resource: 'product',
  access: 'product.delete',
  input: byId,
  isIdempotent: true,
  load: loadProduct,
  ...onProduct,
  preview: async () => ['The vendor does not see it any more, and is told.', 'It can be restored.'],
  async run(scope, _input, product) {
    if (!mayDelete(product.status, 'admin')) return { refused: 'transition_not_allowed' };
    await deleteProductRow(scope, product, scope.reason?.code ?? null);
    return { productId: product.id, version: product.version + 1 };
  },
});

/** Brings a deleted product back as it was. @throws AppError 404 `not_found`, 409 `transition_not_allowed` for one that is not deleted */
export const restoreProduct = defineCommand<ById, Deleted, undefined, ProductRecord>({
  name: 'restore-product',
  resource: 'product',
  access: 'product.restore',
  input: byId,
  isIdempotent: true,
  load: loadAnyProduct,
  ...onProduct,
  preview: async () => ['The vendor sees it again, in the state it was in, and is told.'],
  async run(scope, _input, product) {
    if (product.deletedAt === null) return { refused: 'transition_not_allowed' };
    const waited = product.status === 'pending' || product.status === 'in_review';
    const [restored] = await scope.tx.product.updateManyAndReturn({
      where: { id: product.id, version: product.version, deletedAt: { not: null } },
      // Its case ended when it was deleted: the owner hands it in again.
      data: { deletedAt: null, ...(waited ? { status: 'draft' as const } : {}), version: { increment: 1 } },
    });
    if (!restored) return { refused: 'transition_not_allowed' };
    scope.touched(product.id);
    emitChangedByStaff(scope, restored, 'restored');
    if (waited) emitProduct(scope, 'catalog.product.withdrawn', restored, scope.reason?.code ?? null);
    return { productId: product.id, version: restored.version };
  },
});
