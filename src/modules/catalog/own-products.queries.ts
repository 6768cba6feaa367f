import type { Prisma, ProductRevision } from '@prisma/client';
import { z } from 'zod';
import type { CommandDeps } from '../../foundation/command/command.ts';
import { fail, validationError } from '../../foundation/errors/app-error.ts';
import { uuidPattern } from '../../foundation/runtime/new-id.ts';
import { vendorOfUser } from '../identity/index.ts';
import type { ProductStatus } from './product-states.ts';
import { type Content, contentOf, readChanges } from './products/product-content.ts';
import { type ProductRecord, withMedia } from './products/product-record.ts';

type Deps = Pick<CommandDeps, 'database'>;

/** A product as its owner reads it. Times as ISO 8601. */
export type OwnProductView = Content & {
  id: string;
  slug: string;
  status: ProductStatus;
  review: { reasonCode: string | null; reasonText: string | null; notes: { field: string; note: string }[] } | null;
  /** The own change of the live product that waits for a decision. */
  pendingRevisionId: string | null;
  /** Suggestions that wait for the owner. */
  suggestions: number;
  liveRevision: number;
  submittedAt: string | null;
  publishedAt: string | null;
  createdAt: string;
  updatedAt: string;
  version: number;
};

const notes = z.array(z.object({ field: z.string(), note: z.string() })).catch([]);
const waiting = { revisions: { where: { status: 'proposed' }, select: { id: true, kind: true } } } satisfies Prisma.ProductInclude;
type Found = ProductRecord & { revisions: { id: string; kind: 'vendor_edit' | 'suggestion' }[] };

function viewOf(product: Found): OwnProductView {
  const { id, slug, status, decisionCode, decisionReason, liveRevision, version, revisions } = product;
  const isDecided = decisionCode !== null || decisionReason !== null;
  return {
    ...{ id, slug, status },
    ...contentOf(product),
    review: isDecided ? { reasonCode: decisionCode, reasonText: decisionReason, notes: notes.parse(product.reviewNotes) } : null,
    pendingRevisionId: revisions.find(({ kind }) => kind === 'vendor_edit')?.id ?? null,
    suggestions: revisions.filter(({ kind }) => kind === 'suggestion').length,
    liveRevision,
    submittedAt: product.submittedAt?.toISOString() ?? null,
    publishedAt: product.publishedAt?.toISOString() ?? null,
    createdAt: product.createdAt.toISOString(),
    updatedAt: product.updatedAt.toISOString(),
    version,
  };
}

type Paging = { limit: number; cursor?: string | undefined };
type Page<Item> = { items: Item[]; nextCursor: string | null };

/** Own products, newest first. @throws AppError 422 `invalid_value` for a cursor that is none of ours */
export async function listOwnProducts(
  { database }: Deps,
  userId: string,
  { limit, cursor, status }: Paging & { status?: ProductStatus | undefined },
): Promise<Page<OwnProductView>> {
  const rows = await database.prisma.product.findMany({
    where: {
      ownerUserId: userId,
      vendorId: await vendorOf(database, userId),
      deletedAt: null,
      ...(status ? { status } : {}),
      ...before(cursor),
    },
    orderBy: [{ createdAt: 'desc' }, { id: 'desc' }],
    include: { ...withMedia, ...waiting },
    take: limit + 1,
  });
  return pageOf(rows, limit, viewOf);
}

/** @throws AppError 404 `not_found`, also for another's or a deleted one, 403 `role_required` for who has no store */
export async function readOwnProduct({ database }: Deps, userId: string, id: string): Promise<OwnProductView> {
  const found = await database.prisma.product.findFirst({
    where: { id, ownerUserId: userId, deletedAt: null },
    include: { ...withMedia, ...waiting },
  });
  return found ? viewOf(found) : notFoundFor(database, userId);
}

/** A proposal to change a product, as its owner reads it: never who of the staff wrote or decided it. */
export type OwnRevisionView = {
  id: string;
  kind: ProductRevision['kind'];
  status: ProductRevision['status'];
  changes: { field: string; old: unknown; new: unknown }[];
  acceptedFields: string[];
  note: string | null;
  createdAt: string;
  decidedAt: string | null;
  version: number;
};

function revisionView(revision: ProductRevision): OwnRevisionView {
  const { id, kind, status, acceptedFields, note, version } = revision;
  return {
    ...{ id, kind, status },
    changes: readChanges(revision.changes).map((change) => ({ field: change.field, old: change.old ?? null, new: change.new ?? null })),
    ...{ acceptedFields, note },
    createdAt: revision.createdAt.toISOString(),
    decidedAt: revision.decidedAt?.toISOString() ?? null,
    version,
  };
}

/** Revisions of an own product, newest first; what an enhancer has not proposed yet is not among them. @throws as listOwnProducts(), readOwnProduct() */
export async function listOwnRevisions(
  { database }: Deps,
  userId: string,
  { productId, limit, cursor }: Paging & { productId: string },
): Promise<Page<OwnRevisionView>> {
  const isOwn = (await database.prisma.product.count({ where: { id: productId, ownerUserId: userId, deletedAt: null } })) === 1;
  if (!isOwn) return notFoundFor(database, userId);
  const rows = await database.prisma.productRevision.findMany({
    where: { productId, status: { not: 'draft' }, ...before(cursor) },
    orderBy: [{ createdAt: 'desc' }, { id: 'desc' }],
    take: limit + 1,
  });
  return pageOf(rows, limit, revisionView);
}

/** @throws as readOwnProduct() */
export async function readOwnRevision(
  { database }: Deps,
  userId: string,
  { productId, id }: { productId: string; id: string },
): Promise<OwnRevisionView> {
  const found = await database.prisma.productRevision.findFirst({
    where: { id, productId, ownerUserId: userId, status: { not: 'draft' }, product: { deletedAt: null } },
  });
  return found ? revisionView(found) : notFoundFor(database, userId);
}

/** Whoever has no store hears that first. */
async function notFoundFor(database: CommandDeps['database'], userId: string): Promise<never> {
  await vendorOf(database, userId);
  return fail('not_found');
}

/** The store first: its index serves the list. */
async function vendorOf({ prisma }: CommandDeps['database'], userId: string): Promise<string> {
  return (await vendorOfUser(prisma, userId)) ?? fail('role_required');
}

type Keyed = { id: string; createdAt: Date };

function pageOf<Row extends Keyed, Item>(rows: readonly Row[], limit: number, show: (row: Row) => Item): Page<Item> {
  const items = rows.slice(0, limit);
  const last = items.at(-1);
  return { items: items.map(show), nextCursor: last && rows.length > limit ? cursorOf(last) : null };
}

const cursorForm = /^(\d{1,16})\.([0-9a-f-]{36})$/;

/** To the millisecond, which is what a row's time is written with. */
function cursorOf({ createdAt, id }: Keyed): string {
  return Buffer.from(`${createdAt.getTime()}.${id}`).toString('base64url');
}

function before(cursor: string | undefined) {
  if (cursor === undefined) return {};
  const [, time = '', id = ''] = cursorForm.exec(Buffer.from(cursor, 'base64url').toString('latin1')) ?? [];
  if (!uuidPattern.test(id)) throw validationError([{ path: 'cursor', code: 'invalid_value' }]);
  const at = new Date(Number(time));
  return { OR: [{ createdAt: { lt: at } }, { createdAt: at, id: { lt: id } }] };
}
