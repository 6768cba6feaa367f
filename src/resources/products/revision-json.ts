import type { DiffJson, ResourceActor } from '../../admin/index.ts';
import { type RevisionCheck, type RevisionEvidence, revisionForReview } from '../../modules/catalog/index.ts';
import { actorNames } from '../../modules/identity/index.ts';
import { fieldDiff } from './field-diff.ts';

/** A proposal as the browser draws it. */
export type RevisionJson = {
  id: string;
  kind: RevisionEvidence['kind'];
  status: string;
  author: string;
  isMine: boolean;
  createdAt: string;
  changes: { field: string; isAccepted: boolean; isStale: boolean; diff: DiffJson }[];
  checks: RevisionCheck[];
  note: string | null;
  decidedBy: string | null;
  decidedAt: string | null;
  product: { id: string; title: string; status: string; images: { position: number; url: string; alt: string | null }[] };
};

/** @returns null for one that is not there */
export async function revisionJson({ deps, staff }: ResourceActor, revisionId: string): Promise<RevisionJson | null> {
  const found = await revisionForReview(deps.database.prisma, revisionId);
  if (!found) return null;
  const names = await actorNames(deps, [found.authorId, ...(found.decidedBy ? [found.decidedBy] : [])]);
  const { id, kind, status, createdAt, checks, note, decidedAt, product } = found;
  const accepted = new Set(found.acceptedFields);
  return {
    ...{ id, kind, status, createdAt, checks, note, decidedAt },
    author: names.get(found.authorId) ?? 'A former colleague',
    isMine: found.authorId === staff.id,
    changes: found.changes.map((change) => ({
      field: change.field,
      isAccepted: accepted.has(change.field),
      isStale: change.isStale && status === 'proposed',
      diff: fieldDiff(change),
    })),
    decidedBy: found.decidedBy ? (names.get(found.decidedBy) ?? 'A former colleague') : null,
    product: {
      ...{ id: product.id, title: product.title, status: product.status },
      images: product.images.map(({ position, fileId, alt }) => ({ position, url: pictureUrl(fileId), alt })),
    },
  };
}

/** Where the back office shows a picture of the shop; `/small` or `/whole` follows. */
export function pictureUrl(fileId: string): string {
  return `/admin/pictures/${fileId}`;
}
