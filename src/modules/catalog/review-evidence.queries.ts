import type { CommandDeps } from '../../foundation/command/command.ts';
import type { Tx } from '../../foundation/runtime/database.ts';
import { fieldLabel } from './field-words.ts';
import { productAuthors } from './products/product-authors.queries.ts';
import { type Content, contentOf, fieldValue, isSame, readChanges } from './products/product-content.ts';
import { type ProductRecord, withMedia } from './products/product-record.ts';
import { type RevisionCheck, readChecks } from './revisions/check-changes.ts';
import { type Duplicate, duplicatesOf, type PriceSignal, priceSignalOf, readSignals, type Signal } from './signals/signals.queries.ts';

export type EvidenceImage = { id: string; position: number; fileId: string; alt: string | null; isCover: boolean };

/** Everything a reviewer looks at before deciding on a product (product.md 6.2). JSON. */
export type ProductEvidence = {
  id: string;
  version: number;
  status: ProductRecord['status'];
  slug: string;
  vendorId: string;
  ownerUserId: string;
  content: Content;
  images: EvidenceImage[];
  price: PriceSignal;
  duplicates: Duplicate[];
  /** What was noticed when it was handed in, and what it came to. */
  signals: Signal[];
  riskScore: number;
  /** 100 lacks nothing. */
  quality: number;
  liveRevision: number;
  needsLead: boolean;
  duplicateOfId: string | null;
  submittedAt: string | null;
  publishedAt: string | null;
  lastDecision: { code: string | null; text: string | null; by: string | null } | null;
  lastEditorId: string | null;
  /** Who may not decide on it. */
  authorIds: string[];
  acceptedSuggestions: { revisionId: string; authorId: string; at: string | null; fields: string[] }[];
};

/** @returns null for a product that is not there or deleted */
export async function productForReview(db: Tx, productId: string): Promise<ProductEvidence | null> {
  const product = await db.product.findFirst({ where: { id: productId, deletedAt: null }, include: withMedia });
  if (!product) return null;
  const content = contentOf(product);
  const accepted = await db.productRevision.findMany({
    where: { productId, kind: 'suggestion', status: { in: ['accepted', 'partly_accepted'] } },
    orderBy: { decidedAt: 'desc' },
    take: 20,
  });
  const { id, version, status, slug, vendorId, ownerUserId, riskScore, liveRevision, needsLead, duplicateOfId } = product;
  const { decisionCode: code, decisionReason: text, reviewedBy: by } = product;
  return {
    ...{ id, version, status, slug, vendorId, ownerUserId, content, riskScore, liveRevision, needsLead, duplicateOfId },
    images: imagesOf(product),
    price: await priceSignalOf(db, content),
    duplicates: await duplicatesOf(db, product),
    signals: readSignals(product.signals),
    quality: 100 - product.missingQuality,
    submittedAt: product.submittedAt?.toISOString() ?? null,
    publishedAt: product.publishedAt?.toISOString() ?? null,
    lastDecision: code === null && text === null ? null : { code, text, by },
    lastEditorId: product.lastEditorId,
    authorIds: await productAuthors(db, productId),
    acceptedSuggestions: accepted.map((revision) => ({
      revisionId: revision.id,
      authorId: revision.authorId,
      at: revision.decidedAt?.toISOString() ?? null,
      fields: revision.acceptedFields,
    })),
  };
}

export function imagesOf({ media }: Pick<ProductRecord, 'media'>): EvidenceImage[] {
  return media.map(({ id, position, fileId, alt, isCover }) => ({ id, position, fileId, alt, isCover }));
}

export type EvidenceChange = {
  field: string;
  label: string;
  old: unknown;
  new: unknown;
  /** What stands there now; differs from `old` only where the proposal is overtaken. */
  now: unknown;
  isStale: boolean;
};

/** Everything a decision on a revision rests on: the changed fields side by side. JSON. */
export type RevisionEvidence = {
  id: string;
  version: number;
  status: string;
  kind: 'vendor_edit' | 'suggestion';
  baseVersion: number;
  authorId: string;
  authorKind: 'vendor' | 'enhancer';
  createdAt: string;
  changes: EvidenceChange[];
  checks: RevisionCheck[];
  acceptedFields: string[];
  decidedBy: string | null;
  decidedAt: string | null;
  note: string | null;
  product: {
    id: string;
    version: number;
    title: string;
    slug: string;
    status: string;
    vendorId: string;
    ownerUserId: string;
    images: EvidenceImage[];
  };
  /** The price that is proposed beside the medians; null where the price stays. */
  price: PriceSignal | null;
};

/** @returns null for a revision that is not there, or of a deleted product */
export async function revisionForReview(db: Tx, revisionId: string): Promise<RevisionEvidence | null> {
  const revision = await db.productRevision.findFirst({
    where: { id: revisionId, product: { deletedAt: null } },
    include: { product: { include: withMedia } },
  });
  if (!revision) return null;
  const { product } = revision;
  const content = contentOf(product);
  const changes = readChanges(revision.changes).map((change) => {
    const now = fieldValue(content, change.field) ?? null;
    return { ...change, label: fieldLabel(change.field), now, isStale: !isSame(now, change.old ?? null) };
  });
  const price = changes.find(({ field }) => field === 'price')?.new;
  const { id, version, status, kind, baseVersion, authorId, authorKind, acceptedFields, decidedBy, note } = revision;
  return {
    ...{ id, version, status, kind, baseVersion, authorId, authorKind, changes, acceptedFields, decidedBy, note },
    createdAt: revision.createdAt.toISOString(),
    checks: readChecks(revision.checks),
    decidedAt: revision.decidedAt?.toISOString() ?? null,
    product: {
      ...{ id: product.id, version: product.version, title: product.title, slug: product.slug, status: product.status },
      ...{ vendorId: product.vendorId, ownerUserId: product.ownerUserId, images: imagesOf(product) },
    },
    price: typeof price === 'string' ? await priceSignalOf(db, { price, categoryCodes: content.categoryCodes }) : null,
  };
}

/** How a search engine shows a listing: its title, its address and the first words (product.md 6.3). */
export function searchPreview(
  { config }: Pick<CommandDeps, 'config'>,
  { title, description, metaTitle, metaDescription }: Pick<Content, 'title' | 'description' | 'metaTitle' | 'metaDescription'>,
  slug: string,
): { title: string; url: string; description: string } {
  return {
    title: cut(metaTitle ?? title, 60),
    url: `${config.storefrontUrl}/products/${slug}`,
    description: cut(metaDescription ?? description ?? '', 155),
  };
}

/** At a word, with an ellipsis, as search engines do. */
function cut(text: string, longest: number): string {
  const line = text.replaceAll(/\s+/g, ' ').trim();
  const points = [...line];
  if (points.length <= longest) return line;
  const head = points.slice(0, longest - 1).join('');
  return `${head.slice(0, Math.max(head.lastIndexOf(' '), longest / 2)).trimEnd()}…`;
}
