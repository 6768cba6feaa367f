import type { Prisma } from '@prisma/client';
import { z } from 'zod';
import { type CommandScope, defineCommand } from '../../../foundation/command/command.ts';
import { mayTake } from '../../../foundation/command/state-machine.ts';
import type { FieldError } from '../../../foundation/errors/app-error.ts';
import { validationError } from '../../../foundation/errors/app-error.ts';
import { categoriesByCode } from '../categories/category.queries.ts';
import { type ProductStatus, productStates } from '../product-states.ts';
import { signalsOf } from '../signals/signals.queries.ts';
import { lockOwnProduct, type OwnProduct } from './own-product.ts';
import { moveProduct, type ProductRecord } from './product-record.ts';

const input = z.strictObject({ id: z.uuid() });

/** What counts against the number of products that a store may have. */
const counted = ['pending', 'in_review', 'published'] satisfies ProductStatus[];

/**
 * draft, changes_requested, rejected, archived, suspended -> pending (product.md 4.3): hands an own product in. The event opens the
 * review case. One that was taken down before needs a lead. The owner's account is locked: of twenty calls at once, as many pass as the
 * store has places.
 * @throws AppError 403 `role_required`, 404 `not_found`, 409 `transition_not_allowed`, `vendor_not_approved`, `product_limit`,
 *   412 `version_conflict`, 428 `if_match_required`, 422 `required`, `invalid_value` for what is missing
 */
export const submitProduct = defineCommand<z.infer<typeof input>, { productId: string }, undefined, OwnProduct>({
  name: 'submit-product',
  resource: 'product',
  access: 'owner',
  input,
  isIdempotent: false,
  load: lockOwnProduct,
  version: ({ product }) => product.version,
  async run(scope, _input, { product, store }) {
    scope.touched(product.id);
    if (!mayTake(productStates, 'submit', product.status)) return { refused: 'transition_not_allowed' };
    if (!store.isSelling) return { refused: 'vendor_not_approved' };
    await requireComplete(scope, product);
    const others = await scope.tx.product.count({
      where: { vendorId: product.vendorId, status: { in: counted }, deletedAt: null, id: { not: product.id } },
    });
    if (others >= store.maxProducts) return { refused: 'product_limit' };
    const { signals, riskScore } = await signalsOf(scope.tx, product);
    await moveProduct(scope, product, { step: 'submit', change: { ...handedIn(scope, product), signals, riskScore } });
    return { productId: product.id };
  },
});

function handedIn({ now }: CommandScope, product: ProductRecord): Prisma.ProductUncheckedUpdateManyInput {
  const wasTakenDown = product.status === 'suspended';
  return {
    submittedAt: now,
    needsLead: product.needsLead || wasTakenDown,
    // What was taken down and handed in again is decided anew; nobody puts the old one back.
    ...{ suspendedAt: null, suspendedBy: null, suspendedVersion: null },
  };
}

/** An image, each with a text, and categories that are open. The price is more than 0 in every row. */
async function requireComplete({ tx }: CommandScope, { media, categoryCodes }: ProductRecord): Promise<void> {
  const errors: FieldError[] = [];
  if (media.length === 0) errors.push({ path: 'images', code: 'required' });
  // One image with a text is enough to be seen; which others lack theirs is the enhancers' work.
  else if (!media.some(({ alt }) => alt)) errors.push({ path: 'images.0.alt', code: 'required' });
  if (categoryCodes.length === 0) errors.push({ path: 'categoryCodes', code: 'required' });
  const known = await categoriesByCode(tx, categoryCodes);
  for (const [index, code] of categoryCodes.entries()) {
    if (!known.get(code)?.isActive) errors.push({ path: `categoryCodes.${index}`, code: 'invalid_value' });
  }
  if (errors.length > 0) throw validationError(errors);
}
