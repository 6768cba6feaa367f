import type { ReviewCase } from '@prisma/client';
import type { CommandScope } from '../../../foundation/command/command.ts';
import { fail } from '../../../foundation/errors/app-error.ts';
import type { Tx } from '../../../foundation/runtime/database.ts';
import { productAuthors, revisionAuthor } from '../../catalog/index.ts';
import { tracesOf } from '../../identity/index.ts';
import { conflictOf } from '../case-rules.ts';

export type Conflict = NonNullable<ReturnType<typeof conflictOf>>;

/** What ties a reviewer to each of these owners (F88); owners without a tie are absent. The same number of statements for any number. */
export async function conflictsWith(tx: Tx, staffId: string, ownerIds: readonly string[]): Promise<ReadonlyMap<string, Conflict>> {
  const owners = [...new Set(ownerIds)];
  const traces = await tracesOf(tx, [staffId, ...owners]);
  const own = traces.get(staffId);
  return new Map(
    owners.flatMap((id) => {
      const owner = traces.get(id);
      const conflict = own && owner ? conflictOf(own, owner) : null;
      return conflict ? [[id, conflict] as const] : [];
    }),
  );
}

/** Of these colleagues, those who are tied to an owner. */
export async function tiedTo(tx: Tx, ownerId: string, staffIds: readonly string[]): Promise<ReadonlySet<string>> {
  const traces = await tracesOf(tx, [ownerId, ...staffIds]);
  const owner = traces.get(ownerId);
  return new Set(
    staffIds.filter((id) => {
      const own = traces.get(id);
      return own && owner && conflictOf(own, owner) !== null;
    }),
  );
}

/** Whether somebody wrote part of what is to be judged: an author, or an enhancer whose suggestion is in it. */
export async function isAuthorOf(tx: Tx, staffId: string, { kind, subjectId }: Pick<ReviewCase, 'kind' | 'subjectId'>): Promise<boolean> {
  if (kind === 'product') return (await productAuthors(tx, subjectId)).includes(staffId);
  if (kind === 'product_revision') return (await revisionAuthor(tx, subjectId)) === staffId;
  return false;
}

/**
 * Asked again at every step of whoever works on a case, also where it was handed to them: ties come into being later.
 * @throws AppError 403 `conflict_of_interest`, `forbidden` for an author
 */
export async function requireImpartial({ tx }: CommandScope, staffId: string, reviewCase: ReviewCase): Promise<void> {
  const { ownerUserId } = reviewCase;
  const conflict = (await conflictsWith(tx, staffId, [ownerUserId])).get(ownerUserId);
  if (conflict) fail('conflict_of_interest', { extra: { rule: 'conflict_of_interest', tie: conflict } });
  if (await isAuthorOf(tx, staffId, reviewCase)) fail('forbidden', { extra: { rule: 'author', sentence: 'access.author' } });
}

/** Whether somebody gave the answer that a quality sample looks at again, or one of the answers of this very case. */
export async function hasAnswered(tx: Tx, staffId: string, reviewCase: ReviewCase): Promise<boolean> {
  if (reviewCase.decidedBy === staffId) return true;
  if (!reviewCase.sampleOfId) return false;
  const looked = await tx.reviewCase.findUnique({ where: { id: reviewCase.sampleOfId }, select: { decidedBy: true, secondBy: true } });
  return looked?.decidedBy === staffId || looked?.secondBy === staffId;
}
