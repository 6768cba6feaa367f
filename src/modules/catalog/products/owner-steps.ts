import { z } from 'zod';
import { defineCommand } from '../../../foundation/command/command.ts';
import { mayDelete } from '../product-states.ts';
import { deleteProductRow } from './delete-product.ts';
import { lockOwnProduct, type OwnProduct } from './own-product.ts';
import { moveProduct } from './product-record.ts';

const input = z.strictObject({ id: z.uuid() });
type Input = z.infer<typeof input>;
type Output = { productId: string };

const own = {
  resource: 'product',
  access: 'owner',
  input,
  isIdempotent: false,
  load: lockOwnProduct,
  version: ({ product }: OwnProduct) => product.version,
} as const;

/**
 * pending -> draft: takes an own product back before a reviewer took it.
 * @throws AppError 404 `not_found`, 409 `transition_not_allowed`, 412 `version_conflict`, 428 `if_match_required`
 */
export const withdrawProduct = defineCommand<Input, Output, undefined, OwnProduct>({
  ...own,
  name: 'withdraw-product',
  async run(scope, _input, { product }) {
    await moveProduct(scope, product, { step: 'withdraw' });
    return { productId: product.id };
  },
});

/** published -> archived: takes an own product off the shop. @throws AppError as withdrawProduct */
export const archiveOwnProduct = defineCommand<Input, Output, undefined, OwnProduct>({
  ...own,
  name: 'archive-own-product',
  async run(scope, _input, { product }) {
    await moveProduct(scope, product, { step: 'archive' });
    return { productId: product.id };
  },
});

/** Deletes an own draft. @throws AppError as withdrawProduct, `transition_not_allowed` for anything but a draft */
export const deleteOwnProduct = defineCommand<Input, Output, undefined, OwnProduct>({
  ...own,
  name: 'delete-own-product',
  async run(scope, _input, { product }) {
    if (!mayDelete(product.status, 'owner')) return { refused: 'transition_not_allowed' };
    await deleteProductRow(scope, product);
    return { productId: product.id };
  },
});
