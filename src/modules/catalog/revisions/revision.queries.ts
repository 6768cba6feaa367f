import type { CommandDeps } from '../../../foundation/command/command.ts';
import { addSeconds } from '../../../foundation/runtime/clock.ts';
import type { Tx } from '../../../foundation/runtime/database.ts';
import { fieldLabel } from '../field-words.ts';
import type { ProductStatus, RevisionStatus } from '../product-states.ts';
import { readChanges } from '../products/product-content.ts';
import { type RevisionCheck, readChecks } from './check-changes.ts';

type Line = {
  id: string;
  kind: 'vendor_edit' | 'suggestion';
  status: RevisionStatus;
  authorId: string;
  createdAt: Date;
  decidedAt: Date | null;
  note: string | null;
  acceptedFields: string[];
  changes: { field: string; label: string; old: unknown; new: unknown }[];
};

const linesAtMost = 30;

/** The changes and suggestions of a product, newest first; a draft is its author's alone. */
export async function productRevisions(db: Pick<Tx, 'productRevision'>, productId: string, readerId: string): Promise<Line[]> {
  const rows = await db.productRevision.findMany({
    where: { productId, OR: [{ status: { not: 'draft' } }, { authorId: readerId }] },
    orderBy: [{ createdAt: 'desc' }, { id: 'desc' }],
    take: linesAtMost,
  });
  return rows.map(({ id, kind, status, authorId, createdAt, decidedAt, note, acceptedFields, changes }) => ({
    ...{ id, kind, status, authorId, createdAt, decidedAt, note, acceptedFields },
    changes: readChanges(changes).map((change) => ({ ...change, label: fieldLabel(change.field) })),
  }));
}

export type OwnDraft = {
  id: string;
  status: 'draft' | 'proposed';
  version: number;
  changes: { field: string; new: unknown }[];
  checks: RevisionCheck[];
};

/** What somebody wrote for a product and is not decided yet; null where there is nothing. */
export async function ownDraft(db: Pick<Tx, 'productRevision'>, productId: string, authorId: string): Promise<OwnDraft | null> {
  const found = await db.productRevision.findFirst({
    where: { productId, authorId, kind: 'suggestion', status: { in: ['draft', 'proposed'] } },
  });
  if (!found) return null;
  const { id, status, version } = found;
  const changes = readChanges(found.changes).map((change) => ({ field: change.field, new: change.new }));
  return { id, status: status === 'proposed' ? 'proposed' : 'draft', version, changes, checks: readChecks(found.checks) };
}

export type SuggestionFigures = {
  byStatus: Partial<Record<RevisionStatus, number>>;
  decided: number;
  accepted: number;
  acceptanceRate: number | null;
};

const rateDays = 90;

/**
 * How an enhancer's suggestions fared: all of them by state, and of those decided in the last 90 days the share that was taken over,
 * whole or in part.
 */
export async function suggestionFigures(
  { database, clock }: Pick<CommandDeps, 'database' | 'clock'>,
  authorId: string | null,
): Promise<SuggestionFigures> {
  const { prisma } = database;
  const of = { kind: 'suggestion' as const, ...(authorId === null ? {} : { authorId }) };
  const since = addSeconds(clock.now(), -rateDays * 86_400);
  const [grouped, recent] = await Promise.all([
    prisma.productRevision.groupBy({ by: ['status'], where: of, _count: true }),
    prisma.productRevision.groupBy({ by: ['status'], where: { ...of, decidedAt: { gte: since } }, _count: true }),
  ]);
  const byStatus = Object.fromEntries(grouped.map((row) => [row.status, row._count]));
  const count = (...statuses: RevisionStatus[]) =>
    recent.filter(({ status }) => statuses.includes(status)).reduce((sum, row) => sum + row._count, 0);
  const accepted = count('accepted', 'partly_accepted');
  const decided = accepted + count('rejected');
  return { byStatus, decided, accepted, acceptanceRate: decided === 0 ? null : Math.round((accepted / decided) * 100) };
}

export type ImprovableLine = {
  id: string;
  title: string;
  slug: string;
  status: ProductStatus;
  vendorId: string;
  missingQuality: number;
  description: string | null;
  tags: string[];
  metaTitle: string | null;
  metaDescription: string | null;
  media: { fileId: string; alt: string | null; isCover: boolean }[];
  /** What the reader wrote for it that is not decided yet. */
  ownStatus: RevisionStatus | null;
};

type Asked = { staffId: string; limit: number; after: { missing: number; id: string } | null };

/** The enhancers' work list (product.md 6.3): published and waiting products, what lacks most first. Served by product_improve_idx. */
export async function improvableProducts(db: Pick<Tx, 'product'>, { staffId, limit, after }: Asked): Promise<ImprovableLine[]> {
  const rows = await db.product.findMany({
    where: {
      status: { in: ['pending', 'in_review', 'published'] },
      deletedAt: null,
      missingQuality: after ? { lte: after.missing, gt: 0 } : { gt: 0 },
      ...(after ? { OR: [{ missingQuality: { lt: after.missing } }, { missingQuality: after.missing, id: { gt: after.id } }] } : {}),
    },
    orderBy: [{ missingQuality: 'desc' }, { id: 'asc' }],
    take: limit,
    select: {
      ...{ id: true, title: true, slug: true, status: true, vendorId: true, missingQuality: true, description: true, tags: true },
      ...{ metaTitle: true, metaDescription: true },
      media: { select: { fileId: true, alt: true, isCover: true }, orderBy: { position: 'asc' } },
      revisions: { where: { authorId: staffId, status: { in: ['draft', 'proposed'] } }, select: { status: true }, take: 1 },
    },
  });
  return rows.map(({ revisions, ...row }) => ({ ...row, ownStatus: revisions[0]?.status ?? null }));
}

/** How many listings lack something; counted to 10,000. */
export async function countImprovable(db: Pick<Tx, 'product'>): Promise<number> {
  return db.product.count({
    where: { status: { in: ['pending', 'in_review', 'published'] }, deletedAt: null, missingQuality: { gt: 0 } },
    take: 10_001,
  });
}
