import { z } from 'zod';
import { type CommandScope, defineCommand } from '../../../foundation/command/command.ts';
import { requireActiveCategories } from '../categories/category.queries.ts';
import { type ProductChange, sortChanges } from '../product-rules.ts';
import { openEdit, waitingChanges } from '../revisions/vendor-edit.ts';
import { applyContent } from './apply-content.ts';
import { claimImages, lockOwnProduct, type OwnProduct } from './own-product.ts';
import { type ContentPatch, changesBetween, contentOf } from './product-content.ts';
import { contentPatch, dayOf, definedIn, readPatch, requireConsistent } from './product-input.ts';
import type { ProductRecord } from './product-record.ts';
import { freeSlug } from './product-slug.ts';

const input = z.strictObject({ id: z.uuid(), changes: contentPatch });
type Input = z.infer<typeof input>;
/** `revisionId`: the change that waits for a decision; null where all of it is done. */
type Output = { productId: string; version: number; revisionId: string | null };

/**
 * Changes an own product. What is not live is changed at once, also while it waits for a reviewer, who then hears that it changed. On a
 * live one the fields of F90 wait in a revision, and the rest is live at once; a further change joins what waits already.
 * @throws AppError 403 `role_required`, 404 `not_found`, 412 `version_conflict`, 428 `if_match_required`,
 *   422 `price_invalid`, `invalid_value`, `required`, `too_long`, `too_short`
 */
export const editProduct = defineCommand<Input, Output, undefined, OwnProduct>({
  name: 'edit-product',
  resource: 'product',
  access: 'owner',
  input,
  isIdempotent: false,
  load: lockOwnProduct,
  version: ({ product }) => product.version,
  async run(scope, { changes: given }, { userId, product }) {
    scope.touched(product.id);
    const patch = definedIn(given);
    const before = contentOf(product);
    const waiting = product.status === 'published' ? await waitingChanges(scope, product.id) : [];
    const isDateNew = patch.preOrderDate !== undefined && patch.preOrderDate !== before.preOrderDate;
    requireConsistent({ ...before, ...asPatch(waiting), ...patch }, { today: dayOf(scope.now), isDateNew });
    if (patch.categoryCodes) await requireActiveCategories(scope.tx, patch.categoryCodes);
    const known = new Set(before.images.map(({ fileId }) => fileId));
    if (patch.images?.some(({ fileId }) => !known.has(fileId))) await claimImages(scope, userId, patch.images);
    const changes = changesBetween(before, patch);
    if (product.status !== 'published') return { ...(await applyAll(scope, product, changes)), revisionId: null };
    return editLive(scope, { product, patch, changes, isPriceWaiting: waiting.some(({ field }) => field === 'price') });
  },
});

type LiveEdit = { product: ProductRecord; patch: ContentPatch; changes: readonly ProductChange[]; isPriceWaiting: boolean };

/** The order matters: what waits is written anew first, so that the write of the rest does not overtake it. */
async function editLive(scope: CommandScope, { product, patch, changes, isPriceWaiting }: LiveEdit): Promise<Output> {
  const reviewedPrice = product.reviewedPrice?.toNumber() ?? null;
  const { waiting, immediate } = withOldPrice(sortChanges(changes, reviewedPrice), isPriceWaiting && patch.price === undefined);
  requireConsistent({ ...contentOf(product), ...asPatch(immediate) }, { today: dayOf(scope.now), isDateNew: false });
  const revision = await openEdit(scope, { product, named: Object.keys(patch), waiting });
  const written = await applyContent(scope, product, { patch: asPatch(immediate), ...(revision ? { exceptRevisionId: revision.id } : {}) });
  return { productId: product.id, version: written.version, revisionId: waiting.length > 0 && revision ? revision.id : null };
}

type Sorted = ReturnType<typeof sortChanges>;

/** The old price is shown beside the price: where one waits, both do. */
function withOldPrice({ waiting, immediate }: Sorted, isPriceWaiting: boolean): Sorted {
  if (!isPriceWaiting && !waiting.some(({ field }) => field === 'price')) return { waiting, immediate };
  const isOldPrice = ({ field }: ProductChange) => field === 'oldPrice';
  return { waiting: [...waiting, ...immediate.filter(isOldPrice)], immediate: immediate.filter((change) => !isOldPrice(change)) };
}

async function applyAll(scope: CommandScope, product: ProductRecord, changes: readonly ProductChange[]) {
  const patch = asPatch(changes);
  // Links point to what was live once; until then the address follows the title.
  const isFree = product.liveRevision === 0 && patch.title !== undefined;
  const more = isFree && patch.title !== undefined ? { slug: await freeSlug(scope, { id: product.id, title: patch.title }) } : {};
  const written = await applyContent(scope, product, { patch, more });
  return { productId: product.id, version: written.version };
}

/** Changes as the fields they lead to. They were parsed on their way in. */
function asPatch(changes: readonly ProductChange[]): ContentPatch {
  return readPatch(Object.fromEntries(changes.map(({ field, new: value }) => [field, value])));
}
