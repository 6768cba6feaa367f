import { z } from 'zod';
import { productNotice } from '../catalog/index.ts';
import { defineNotice, type PlannedMessage } from './notice.ts';

/**
 * Tells the owner of a product of each decision about it, in the words of the reviewer, and of what staff changed in it. What owners do
 * themselves is no news to them.
 */
export const onProductChanged = defineNotice({
  queue: 'notifications.on-product-changed',
  events: [
    'catalog.product.published',
    'catalog.product.changes_requested',
    'catalog.product.rejected',
    'catalog.product.suspended',
    'catalog.product.archived',
    'catalog.product.deleted',
    'catalog.product.changed_by_staff',
  ],
  payload: z.object({ productId: z.uuid(), actorType: z.string(), code: z.string().nullish() }),
  async plan({ name, payload: { productId, actorType, code } }, deps) {
    const product = await productNotice(deps, productId);
    return product && messageOf(name, { isStaff: actorType === 'staff', productId, userId: product.userId, code: code ?? null });
  },
});

/** The code of the event. */
const staffChange = z.enum(['price', 'stock', 'restored']);

type About = { isStaff: boolean; productId: string; userId: string; code: string | null };

function messageOf(name: string, { isStaff, productId, userId, code }: About): PlannedMessage | null {
  const facts = { recipient: { userId }, productId };
  switch (name) {
    case 'catalog.product.published':
      return { template: 'product_published', facts };
    case 'catalog.product.changes_requested':
      return { template: 'product_changes_requested', facts };
    case 'catalog.product.rejected':
      return { template: 'product_rejected', facts };
    case 'catalog.product.suspended':
      return { template: 'product_taken_down', facts };
    case 'catalog.product.archived':
      return isStaff ? { template: 'product_taken_down', facts: { ...facts, isArchived: true } } : null;
    case 'catalog.product.deleted':
      return isStaff ? { template: 'product_edited_by_staff', facts: { ...facts, productChange: 'deleted' } } : null;
    case 'catalog.product.changed_by_staff':
      return { template: 'product_edited_by_staff', facts: { ...facts, productChange: staffChange.parse(code) } };
    default:
      return null;
  }
}
