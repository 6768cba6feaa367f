import type { CommandDeps } from '../../src/foundation/command/command.ts';
import { runCommand } from '../../src/foundation/command/run-command.ts';
import { catalogSystemCommands, ownProductCommands, productCommands } from '../../src/modules/catalog/index.ts';
import { colourNames, type GoodsEnd, type GoodsKind, goodsCounts, goodsKinds } from './goods-scripts.ts';
import { clothPicture } from './pictures.ts';
import { seedProposals } from './proposals.ts';
import { asOwner, calmly, review, type Scene, upload, type Verdict } from './shop-scene.ts';
import type { DemoShop } from './shops.ts';

/** A product of the demo. */
export type DemoProduct = { id: string; shop: DemoShop; ends: GoodsEnd; kind: GoodsKind; title: string; hoursAgo: number };

/** Published ones come first, so that there are medians by which the outliers are told. */
const order: readonly GoodsEnd[] = ['published', 'archived', 'suspended', 'changes_requested', 'rejected', 'draft', 'pending', 'held'];

/** A hundred products over every status, with planted duplicates and prices that stand out, and twelve proposals. */
export async function seedGoods(scene: Scene, shops: readonly DemoShop[]): Promise<void> {
  const selling = shops.filter(({ script }) => script.ends === 'approved' || script.ends === 'suspended' || script.ends === 'closed');
  const sellers = selling.filter(({ script }) => script.kyc === 'approved');
  const made: DemoProduct[] = [];
  let serial = 0;
  for (const ends of order) {
    for (let n = 0; n < goodsCounts[ends]; n += 1) {
      const product = planned(scene, { sellers, ends, n, serial });
      serial += 1;
      if (!product) continue;
      await calmly(async () => {
        const id = await makeProduct(scene, product);
        made.push({ ...product, id });
        await leadTo(scene, { ...product, id }, serial);
      });
    }
    // What is live sets the prices that the next ones are compared with.
    if (ends === 'published') await runCommand(scene.deps, catalogSystemCommands.refreshMedians, { input: {} });
  }
  await seedProposals(scene, made);
}

type Planned = Omit<DemoProduct, 'id'> & { price: number };
type Place = { sellers: readonly DemoShop[]; ends: GoodsEnd; n: number; serial: number };

/** So many kinds of things are live, several of each, so that there is a usual price. */
const liveKinds = 8;

/**
 * What is live comes first and is of a few kinds, everything else of the others. Two in the queue copy a title that is live elsewhere,
 * two ask a price far from the usual.
 */
function placeOf(ends: GoodsEnd, n: number, serial: number): { place: number; colour: number; factor: number } {
  if (ends === 'published') return { place: n % liveKinds, colour: Math.floor(n / liveKinds), factor: 1 };
  if (ends === 'pending' && n < 2) return { place: n + 1, colour: 0, factor: 1 };
  if (ends === 'pending' && n < 4) return { place: n - 2, colour: 6, factor: n === 2 ? 40 : 1 / 40 };
  const rest = serial - goodsCounts.published;
  const others = goodsKinds.length - liveKinds;
  return { place: liveKinds + (rest % others), colour: Math.floor(rest / others), factor: 1 };
}

function planned({ random }: Scene, { sellers, ends, n, serial }: Place): Planned | null {
  // What waits for a reviewer belongs to stores that sell; a copy to another store than what it copies.
  const waits = ends === 'pending' || ends === 'held';
  const from = waits ? sellers.filter(({ script }) => script.ends === 'approved') : sellers;
  const shop = from[(serial + (waits ? 1 : 0)) % from.length];
  if (!shop) return null;
  const { place, colour, factor } = placeOf(ends, n, serial);
  const kind = goodsKinds[place] ?? goodsKinds[0];
  const name = colourNames[colour % colourNames.length] ?? colourNames[0];
  const price = Math.max(500, Math.round((kind.price * (0.85 + random.next() * 0.3) * factor) / 100) * 100);
  return { shop, ends, kind, title: `${name} ${kind.title}`, price, hoursAgo: waits ? 1 + n * 1.4 : 8 + (serial % 50) };
}

async function makeProduct(scene: Scene, { shop, ends, kind, title, price, hoursAgo }: Planned): Promise<string> {
  const at = scene.ago(hoursAgo + 1);
  const fileId = await upload(at, shop.owner, await clothPicture(scene.random));
  const isBare = ends === 'draft' || scene.random.next() < 0.25;
  const input = {
    title,
    description: isBare ? kind.words : `${kind.words} Made by ${shop.script.name} in ${shop.script.city} and sent within ten days.`,
    categoryCodes: [kind.category],
    price: price.toFixed(2),
    ...(isBare ? {} : { tags: kind.title.split(' ').slice(0, 4), metaTitle: `${title} from ${shop.script.city}` }),
    stockQty: scene.random.below(20),
    genderTarget: kind.gender,
    requiresMeasurement: kind.category === 'bridal-wear' || kind.category === 'agbada',
    images: [{ fileId, alt: `${title}, seen from the front` }],
  };
  return (await asOwner(at, shop.owner, ownProductCommands.createProduct, { input })).productId;
}

/** Handed in, decided and, where the script says so, taken out of the shop again. */
async function leadTo(scene: Scene, product: DemoProduct, serial: number): Promise<void> {
  const { id, shop, ends, hoursAgo } = product;
  if (ends === 'draft') return;
  const opened = scene.ago(hoursAgo);
  await asOwner(opened, shop.owner, ownProductCommands.submitProduct, { input: { id }, expectedVersion: await versionOf(opened, id) });
  const by = scene.reviewers[serial % 2 === 0 ? 0 : 1];
  await review(scene, { kind: 'product', subjectId: id, opened, decided: scene.ago(hoursAgo * 0.9) }, verdictOn(ends, by));
  const later = scene.ago(hoursAgo * 0.3);
  const expectedVersion = await versionOf(later, id);
  if (ends === 'suspended') {
    const reason = { code: 'policy', text: 'The cloth that arrives is another one than on the picture' };
    await scene.moderator.does(later, productCommands.takeDownProduct, { input: { id }, reason, expectedVersion });
  }
  if (ends === 'archived') await asOwner(later, shop.owner, ownProductCommands.archiveOwnProduct, { input: { id }, expectedVersion });
}

export async function versionOf({ database }: CommandDeps, id: string): Promise<number> {
  return (await database.prisma.product.findUniqueOrThrow({ where: { id }, select: { version: true } })).version;
}

function verdictOn(ends: Exclude<GoodsEnd, 'draft'>, by: Scene['lead']): Verdict {
  switch (ends) {
    case 'published':
    case 'suspended':
    case 'archived':
      return { decision: 'approve', by };
    case 'changes_requested':
      return {
        decision: 'request_changes',
        by,
        text: 'Please show the whole piece, not the cloth alone.',
        notes: [{ field: 'images', note: 'One picture of somebody who wears it would be enough.' }],
        fails: { images: 'They show the cloth, not the piece.' },
      };
    case 'rejected':
      return {
        ...{ decision: 'reject', by, code: 'counterfeit', text: 'The pattern carries the mark of a brand that is not yours.' },
        fails: { counterfeit: 'The mark of a brand in the pattern, and no licence for it.' },
      };
    case 'held':
      return { decision: 'hold', by };
    case 'pending':
      return { decision: 'wait' };
    default:
      return ends satisfies never;
  }
}
