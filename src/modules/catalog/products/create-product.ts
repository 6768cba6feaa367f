import { defineCommand } from '../../../foundation/command/command.ts';
import { newId } from '../../../foundation/runtime/new-id.ts';
import { setFirstProduct } from '../../identity/index.ts';
import { requireActiveCategories } from '../categories/category.queries.ts';
import { createImages, dateOf, missingOf } from './apply-content.ts';
import { claimImages, lockOwner, type Owner } from './own-product.ts';
import type { Content } from './product-content.ts';
import { blankContent, dayOf, definedIn, type ProductInput, productInput, requireConsistent } from './product-input.ts';
import { freeSlug } from './product-slug.ts';

/** Drafts of one store at most, beside what it may hand in: nobody fills the table. */
const draftsAtMost = 200;

/**
 * Writes a new product of the own store, as a draft.
 * @throws AppError 403 `role_required`, 409 `product_limit`, `transition_not_allowed` for a closed store, 422 `price_invalid`, `invalid_value`, `required`, `too_long`, `too_short`
 */
export const createProduct = defineCommand<ProductInput, { productId: string }, undefined, Owner>({
  name: 'create-product',
  resource: 'product',
  access: 'owner',
  input: productInput,
  isIdempotent: false,
  load: lockOwner,
  async run(scope, input, { userId, store }) {
    const { tx, now } = scope;
    if (store.status === 'closed') return { refused: 'transition_not_allowed' };
    const content: Content = { ...blankContent, ...definedIn(input), title: input.title, price: input.price };
    requireConsistent(content, { today: dayOf(now), isDateNew: true });
    await requireActiveCategories(tx, content.categoryCodes);
    await claimImages(scope, userId, content.images);
    const drafts = await tx.product.count({ where: { vendorId: store.id, status: 'draft', deletedAt: null } });
    if (drafts >= draftsAtMost) return { refused: 'product_limit' };
    const id = newId();
    const { images, ...columns } = content;
    await tx.product.createMany({
      data: {
        ...columns,
        id,
        createdAt: now,
        vendorId: store.id,
        ownerUserId: userId,
        slug: await freeSlug(scope, { id, title: content.title }),
        preOrderDate: dateOf(columns.preOrderDate),
        missingQuality: missingOf(content),
        lastEditorId: userId,
      },
    });
    await createImages(tx, { id, ownerUserId: userId }, images);
    await setFirstProduct(scope, store.id);
    scope.touched(id);
    return { productId: id };
  },
});
