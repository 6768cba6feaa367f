import { z } from 'zod';
import { defineCommand } from '../../../foundation/command/command.ts';
import { validationError } from '../../../foundation/errors/app-error.ts';
import { applyContent } from './apply-content.ts';
import type { ProductRecord } from './product-record.ts';
import { tagList } from './product-text.ts';
import { loadProduct, onProduct } from './staff-product.ts';

type Output = { productId: string; version: number; isUnchanged: boolean };

const tags = z.strictObject({ id: z.uuid(), tags: tagList(30) });

/**
 * Replaces the tags of a product. Whoever did so has a hand in the version and does not review it.
 * @throws AppError 404 `not_found`, 409 `version_conflict`, 422 `too_long`, `required`
 */
export const tagProduct = defineCommand<z.infer<typeof tags>, Output, undefined, ProductRecord>({
  name: 'tag-product',
  resource: 'product',
  access: 'product.tag',
  input: tags,
  isIdempotent: true,
  load: loadProduct,
  ...onProduct,
  conflict: (product) => ({ current: { tags: product.tags } }),
  async run(scope, { tags: given }, product) {
    const written = await applyContent(scope, product, { patch: { tags: given } });
    return { productId: product.id, version: written.version, isUnchanged: written === product };
  },
});

const duplicate = z.strictObject({
  id: z.uuid(),
  /** Id or address of the product that it repeats; null takes the mark away. */
  of: z.string().trim().max(300).nullable(),
});

/**
 * Puts a product on the list of duplicates, or takes it off. It changes nothing of what is sold, so its version stays.
 * @throws AppError 404 `not_found`, 422 `invalid_value` for what is no other product
 */
export const markDuplicate = defineCommand<z.infer<typeof duplicate>, Output, undefined, ProductRecord>({
  name: 'mark-duplicate-product',
  resource: 'product',
  access: 'product.mark_duplicate',
  input: duplicate,
  isIdempotent: true,
  load: loadProduct,
  subject: onProduct.subject,
  async run(scope, { of }, product) {
    scope.touched(product.id);
    const duplicateOfId = of ? await otherProduct(scope.tx, product.id, of) : null;
    const isUnchanged = duplicateOfId === product.duplicateOfId;
    if (!isUnchanged) await scope.tx.product.update({ where: { id: product.id }, data: { duplicateOfId } });
    return { productId: product.id, version: product.version, isUnchanged };
  },
});

const uuid = z.uuid();

async function otherProduct(tx: Parameters<typeof loadProduct>[0]['tx'], id: string, of: string): Promise<string> {
  const where = uuid.safeParse(of).success ? { id: of.toLowerCase() } : { slug: of.split('/').at(-1) ?? of };
  const found = await tx.product.findFirst({ where: { ...where, deletedAt: null }, select: { id: true } });
  if (!found || found.id === id) throw validationError([{ path: 'of', code: 'invalid_value' }]);
  return found.id;
}
