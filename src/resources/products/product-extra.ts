import type { ResourceActor, Row } from '../../admin/index.ts';
import { grantFor } from '../../foundation/access/evaluate.ts';
import {
  activeCategories,
  ownDraft,
  type ProductEvidence,
  productForReview,
  productRevisions,
  searchPreview,
  suggestible,
} from '../../modules/catalog/index.ts';
import { actorNames, vendorFacts } from '../../modules/identity/index.ts';
import { fieldDiff } from './field-diff.ts';
import { lackingWords } from './product-words.ts';
import { pictureUrl } from './revision-json.ts';

/** What the page of a product shows beside the record. */
export async function productExtra(row: Row, actor: ResourceActor): Promise<Readonly<Record<string, unknown>>> {
  const { deps } = actor;
  const { prisma } = deps.database;
  const evidence = await productForReview(prisma, String(row.id));
  if (!evidence) return { listing: null };
  const { content, slug } = evidence;
  const store = (await vendorFacts(prisma, [evidence.vendorId])).get(evidence.vendorId);
  return {
    listing: {
      content,
      images: evidence.images.map(({ id, position, fileId, alt, isCover }) => ({ id, position, url: pictureUrl(fileId), alt, isCover })),
      quality: evidence.quality,
      lacking: lackingWords({ ...content, alts: content.images.map(({ alt }) => alt) }),
      preview: searchPreview(deps, content, slug),
      isSelling: store?.isSelling ?? false,
    },
    signals: signalsJson(evidence),
    revisions: await revisionLines(actor, evidence.id),
    suggesting: await suggestingOf(actor, evidence),
  };
}

function signalsJson({ price, duplicates, signals, riskScore, content }: ProductEvidence) {
  return { price: { ...price, amount: content.price, currency: content.currency }, duplicates, noticed: signals, riskScore };
}

async function revisionLines({ deps, staff }: ResourceActor, productId: string) {
  const found = await productRevisions(deps.database.prisma, productId, staff.id);
  const names = await actorNames(
    deps,
    found.map(({ authorId }) => authorId),
  );
  return found.map(({ authorId, changes, ...line }) => ({
    ...line,
    author: names.get(authorId) ?? 'A former colleague',
    isMine: authorId === staff.id,
    changes: changes.map(fieldDiff),
  }));
}

/** What an enhancer writes in: the fields that are open to suggestions, and the own draft; null for everybody else. */
async function suggestingOf({ deps, staff }: ResourceActor, evidence: ProductEvidence) {
  if (!grantFor(staff, 'product.suggest', { now: deps.clock.now() })) return null;
  const { prisma } = deps.database;
  return {
    fields: [...suggestible],
    categories: await activeCategories(prisma),
    draft: await ownDraft(prisma, evidence.id, staff.id),
    storefront: deps.config.storefrontUrl,
    slug: evidence.slug,
  };
}
