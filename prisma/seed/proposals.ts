import { ownProductCommands, productCommands } from '../../src/modules/catalog/index.ts';
import { type DemoProduct, versionOf } from './goods.ts';
import { asOwner, calmly, review, type Scene } from './shop-scene.ts';

/** Six suggestions of the enhancer and six edits of owners to live products, waiting and decided. */
export async function seedProposals(scene: Scene, made: readonly DemoProduct[]): Promise<void> {
  const live = made.filter(({ ends, shop }) => ends === 'published' && shop.script.ends === 'approved');
  for (const [n, end] of (['wait', 'wait', 'wait', 'accept', 'accept', 'reject'] as const).entries()) {
    const product = live[n];
    if (product) await calmly(() => suggest(scene, product, end, 6 + n * 3));
  }
  for (const [n, end] of (['wait', 'wait', 'wait', 'approve', 'reject', 'withdraw'] as const).entries()) {
    const product = live[6 + n];
    if (product) await calmly(() => edit(scene, product, end, 5 + n * 3));
  }
}

/** Better words by the enhancer; the owner accepts some of them or declines. */
async function suggest(scene: Scene, product: DemoProduct, end: 'wait' | 'accept' | 'reject', hoursAgo: number): Promise<void> {
  const { id, title, kind, shop } = product;
  const at = scene.ago(hoursAgo);
  const changes = {
    description: `${kind.words} It is made to order by ${shop.script.name} in ${shop.script.city}. Tell us your measures with the order, and it leaves our workshop within ten days. Care: wash it by hand in cold water and dry it in the shade.`,
    metaDescription: `${title}: made to order in ${shop.script.city}, sent all over Nigeria within ten days.`,
  };
  const { revisionId } = await scene.enhancer.does(at, productCommands.suggestChange, {
    input: { id, changes },
    expectedVersion: await versionOf(at, id),
  });
  if (end === 'wait') return;
  const later = scene.ago(hoursAgo / 2);
  const { version } = await later.database.prisma.productRevision.findUniqueOrThrow({ where: { id: revisionId } });
  const own = { productId: id, id: revisionId };
  const note = 'Thank you, but I prefer to describe it in my own words.';
  if (end === 'accept') {
    const input = { ...own, fields: ['metaDescription'] };
    await asOwner(later, shop.owner, ownProductCommands.acceptOwnSuggestion, { input, expectedVersion: version });
  } else {
    await asOwner(later, shop.owner, ownProductCommands.rejectOwnSuggestion, { input: { ...own, note }, expectedVersion: version });
  }
}

/** A new title or a much higher price of a live product waits for a reviewer. */
async function edit(scene: Scene, product: DemoProduct, end: 'wait' | 'approve' | 'reject' | 'withdraw', hoursAgo: number): Promise<void> {
  const { id, title, shop, kind } = product;
  const opened = scene.ago(hoursAgo);
  const changes = end === 'reject' ? { price: (kind.price * 3).toFixed(2) } : { title: `${title}, new season` };
  const { revisionId } = await asOwner(opened, shop.owner, ownProductCommands.editProduct, {
    input: { id, changes },
    expectedVersion: await versionOf(opened, id),
  });
  if (!revisionId) return;
  if (end === 'withdraw') {
    const { version } = await opened.database.prisma.productRevision.findUniqueOrThrow({ where: { id: revisionId } });
    const input = { productId: id, id: revisionId };
    await asOwner(scene.ago(hoursAgo / 2), shop.owner, ownProductCommands.withdrawOwnRevision, { input, expectedVersion: version });
    return;
  }
  const by = scene.reviewers[1];
  const playing = { kind: 'product_revision', subjectId: revisionId, opened, decided: scene.ago(hoursAgo / 2) } as const;
  const text = 'Three times the price for the same piece is more than we can explain to customers.';
  if (end === 'wait') await review(scene, playing, { decision: 'wait' });
  if (end === 'approve') await review(scene, playing, { decision: 'approve', by });
  const fails = { price: 'Three times what the same piece cost before.' };
  if (end === 'reject') await review(scene, playing, { decision: 'reject', by, code: 'misleading', text, fails });
}
