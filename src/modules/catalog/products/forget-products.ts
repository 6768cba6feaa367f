import { z } from 'zod';
import { type CommandDeps, defineCommand } from '../../../foundation/command/command.ts';
import { runCommand } from '../../../foundation/command/run-command.ts';

const input = z.strictObject({ userId: z.uuid() });

type Forgotten = { rows: Record<string, number>; records: string[] };

/**
 * Takes the words and pictures of an erased person's products away: titles, texts, tags, images and everything that was proposed. That
 * there were products, of which kind, when and for how much, stays; nothing of them is sold or seen. Repeating it finds nothing more.
 */
export const forgetProducts = defineCommand<z.infer<typeof input>, Forgotten>({
  name: 'forget-products',
  resource: 'product',
  access: 'system',
  input,
  isIdempotent: false,
  async run({ tx, now, note, touched }, { userId }) {
    const own = { ownerUserId: userId };
    const media = await tx.productMedia.findMany({ where: own, select: { id: true } });
    await tx.productMedia.deleteMany({ where: own });
    const revisions = await tx.productRevision.findMany({ where: { ...own, NOT: { changes: { equals: [] } } }, select: { id: true } });
    const words = { changes: [], checks: [], note: null, version: { increment: 1 } };
    await tx.productRevision.updateMany({
      where: { ...own, status: { in: ['draft', 'proposed'] } },
      data: { ...words, status: 'superseded' },
    });
    await tx.productRevision.updateMany({ where: own, data: { changes: [], checks: [], note: null } });
    const products = await tx.product.findMany({ where: { ...own, slug: { not: { startsWith: slugStart } } }, select: { id: true } });
    for (const { id } of products) {
      await tx.product.update({
        where: { id },
        data: { ...nothing, slug: `${slugStart}${id}`, deletedAt: now, version: { increment: 1 } },
      });
    }
    touched(...products.map(({ id }) => id));
    note(`${products.length} products, ${revisions.length} proposals and ${media.length} images of an erased person`);
    return {
      rows: { 'catalog.product': products.length, 'catalog.product_media': media.length, 'catalog.product_revision': revisions.length },
      records: [
        ...products.map(({ id }) => `catalog.product:${id}`),
        ...media.map(({ id }) => `catalog.product_media:${id}`),
        ...revisions.map(({ id }) => `catalog.product_revision:${id}`),
      ],
    };
  },
});

/** Of rows that hold no words any more; the address of a product is unique. */
const slugStart = 'erased-';

const nothing = {
  title: 'Erased',
  description: null,
  tags: [],
  metaTitle: null,
  metaDescription: null,
  styleTags: [],
  occasionTags: [],
  decisionReason: null,
  reviewNotes: [],
  signals: [],
  status: 'archived' as const,
};

/** The same for the erasing job. */
export async function forgetProductsOf(deps: CommandDeps, { userId }: { userId: string }): Promise<Forgotten> {
  return (await runCommand(deps, forgetProducts, { input: { userId } })).output;
}
