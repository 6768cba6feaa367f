import type { Prisma } from '@prisma/client';
import type { CommandScope } from '../../../foundation/command/command.ts';
import { fail } from '../../../foundation/errors/app-error.ts';
import { actorIdOf } from '../../../foundation/runtime/actor.ts';
import { missingQuality } from '../product-rules.ts';
import { supersedeTouched } from '../revisions/supersede.ts';
import { type Content, type ContentImage, type ContentPatch, changesBetween, contentOf, isSame } from './product-content.ts';
import { lockProduct, type ProductRecord } from './product-record.ts';

type Applying = {
  patch: ContentPatch;
  /** Further columns, such as the slug. */
  more?: Prisma.ProductUncheckedUpdateManyInput;
  /** Who wrote it, where that is not who calls. */
  authorId?: string;
  /** The revision that is being applied: it is not overtaken by itself. */
  exceptRevisionId?: string;
  /** Whoever accepts somebody else's words has not written them. */
  isDecision?: boolean;
};

/**
 * Writes fields of a locked product by compare-and-set, keeps the figures that follow from them, and overtakes waiting revisions that
 * touch the same fields.
 * @returns the product as it is now; the same row where nothing differs
 * @throws AppError 409 `version_conflict`
 */
export async function applyContent(scope: CommandScope, product: ProductRecord, applying: Applying): Promise<ProductRecord> {
  const { patch, more = {}, authorId = actorIdOf(scope.actor), exceptRevisionId = null, isDecision = false } = applying;
  const before = contentOf(product);
  const changes = changesBetween(before, patch);
  if (changes.length === 0) return product;
  const { images, ...columns } = patch;
  if (images && !isSame(images, before.images)) await writeImages(scope, product, images);
  const { id, version } = product;
  const { count } = await scope.tx.product.updateMany({
    where: { id, version, deletedAt: null },
    data: {
      ...columnsOf(columns),
      ...more,
      ...(isDecision ? {} : editors(scope, product)),
      ...(patch.price !== undefined && scope.actor.kind === 'staff' ? { reviewedPrice: patch.price } : {}),
      missingQuality: missingOf({ ...before, ...patch }),
      lastEditorId: authorId,
      version: { increment: 1 },
    },
  });
  if (count === 0) fail('version_conflict');
  scope.touched(id);
  const fields = changes.map(({ field }) => field);
  await supersedeTouched(scope, { productId: id, fields, exceptRevisionId });
  return (await lockProduct(scope, id)) ?? fail('not_found');
}

/** Staff who changed the version that is to be reviewed do not review it. */
function editors({ actor }: CommandScope, { editorIds }: ProductRecord): Prisma.ProductUncheckedUpdateManyInput {
  return actor.kind === 'staff' && !editorIds.includes(actor.id) ? { editorIds: [...editorIds, actor.id] } : {};
}

/** How much a listing lacks, as stored. */
export function missingOf(content: Content): number {
  const { title, description, tags, metaTitle, metaDescription, images } = content;
  return missingQuality({ title, description, tags, metaTitle, metaDescription, alts: images.map(({ alt }) => alt) });
}

/** The columns of a patch; what the patch does not name stays. */
export function columnsOf({ preOrderDate, ...columns }: Omit<ContentPatch, 'images'>): Prisma.ProductUncheckedUpdateManyInput {
  const given = Object.fromEntries(Object.entries(columns).filter(([, value]) => value !== undefined));
  return { ...given, ...(preOrderDate === undefined ? {} : { preOrderDate: dateOf(preOrderDate) }) };
}

export function dateOf(day: string | null): Date | null {
  return day === null ? null : new Date(`${day}T00:00:00Z`);
}

/** New texts of the same images are written in place; another list takes the place of the old one. */
async function writeImages({ tx }: CommandScope, product: ProductRecord, images: readonly ContentImage[]): Promise<void> {
  const isSameList = isSame(
    product.media.map(({ fileId, isCover }) => [fileId, isCover]),
    images.map(({ fileId, isCover }) => [fileId, isCover]),
  );
  if (!isSameList) {
    await tx.productMedia.deleteMany({ where: { productId: product.id } });
    await createImages(tx, product, images);
    return;
  }
  for (const [index, { id, alt }] of product.media.entries()) {
    const next = images[index]?.alt ?? null;
    if (next !== alt) await tx.productMedia.update({ where: { id }, data: { alt: next, version: { increment: 1 } } });
  }
}

/** Rows of a list of images, in its order. */
export async function createImages(
  tx: CommandScope['tx'],
  { id: productId, ownerUserId }: Pick<ProductRecord, 'id' | 'ownerUserId'>,
  images: readonly ContentImage[],
): Promise<void> {
  const data = images.map(({ fileId, alt, isCover }, position) => ({ productId, ownerUserId, fileId, alt, isCover, position }));
  await tx.productMedia.createMany({ data });
}
