import type { ProductRevision } from '@prisma/client';
import type { CommandScope } from '../../../foundation/command/command.ts';
import { fail, validationError } from '../../../foundation/errors/app-error.ts';
import { requireActiveCategories } from '../categories/category.queries.ts';
import type { ProductChange } from '../product-rules.ts';
import type { RevisionStep } from '../product-states.ts';
import { applyContent } from '../products/apply-content.ts';
import { altPosition, type Content, type ContentPatch, contentOf, fieldValue, isSame, readChanges } from '../products/product-content.ts';
import { dayOf, readPatch, requireConsistent } from '../products/product-input.ts';
import { lockRevision, moveRevision, type RevisionRecord } from './revision-record.ts';

export type RevisionDecision = Extract<RevisionStep, 'accept' | 'accept_partly' | 'reject'>;

export type RevisionStepInput = {
  revisionId: string;
  /** `accept` with fewer fields than were proposed is `accept_partly`, and the other way round. */
  step: RevisionDecision;
  /** The version of the revision that was looked at. */
  version?: number;
  /** Who decides; nobody does without a person. */
  by: string | null;
  /** Left out: all of them. */
  acceptedFields?: readonly string[];
  note?: string;
};

/**
 * Decides on a proposal inside the caller's transaction; what is accepted is live at once, in one write with the rest of what follows.
 * Locks the product, then the revision.
 * @throws AppError 404 `not_found`, 403 `four_eyes` for its author, 409 `transition_not_allowed`, `subject_changed`,
 *   422 `required`, `invalid_value` at `acceptedFields`
 */
export async function revisionStep(scope: CommandScope, asked: RevisionStepInput): Promise<ProductRevision> {
  const record = (await lockRevision(scope, asked.revisionId)) ?? fail('not_found');
  return decideRevision(scope, record, asked);
}

/** The same on a record that is locked already. */
export async function decideRevision(
  scope: CommandScope,
  { revision, product }: RevisionRecord,
  asked: Omit<RevisionStepInput, 'revisionId'>,
): Promise<ProductRevision> {
  if (asked.by === null || asked.by === revision.authorId) fail('four_eyes', { extra: { rule: 'author' } });
  if (revision.status !== 'proposed') fail('transition_not_allowed');
  if (asked.version !== undefined && asked.version !== revision.version)
    fail('subject_changed', { extra: { expectedVersion: asked.version, currentVersion: revision.version } });
  const decided = { decidedBy: asked.by, decidedAt: scope.now, note: asked.note?.trim() || null };
  if (asked.step === 'reject') return moveRevision(scope, revision, { step: 'reject', change: decided });
  const changes = readChanges(revision.changes);
  const accepted = pickAccepted(changes, asked.acceptedFields);
  const patch = patchOf(contentOf(product), accepted);
  requireConsistent({ ...contentOf(product), ...patch }, { today: dayOf(scope.now), isDateNew: false });
  if (patch.categoryCodes) await requireActiveCategories(scope.tx, patch.categoryCodes, 'acceptedFields');
  const isLive = product.status === 'published';
  await applyContent(scope, product, {
    patch,
    more: { ...(isLive ? { liveRevision: { increment: 1 } } : {}) },
    authorId: revision.authorId,
    exceptRevisionId: revision.id,
    isDecision: true,
  });
  const step = accepted.length === changes.length ? 'accept' : 'accept_partly';
  return moveRevision(scope, revision, { step, change: { ...decided, acceptedFields: accepted.map(({ field }) => field) } });
}

function pickAccepted(changes: readonly ProductChange[], fields: readonly string[] | undefined): ProductChange[] {
  if (fields === undefined) return [...changes];
  const known = new Set(changes.map(({ field }) => field));
  if (fields.length === 0) throw validationError([{ path: 'acceptedFields', code: 'required' }]);
  if (fields.some((field) => !known.has(field))) throw validationError([{ path: 'acceptedFields', code: 'invalid_value' }]);
  return changes.filter(({ field }) => fields.includes(field));
}

/** The accepted changes as fields of the product. @throws AppError 409 `subject_changed` where a field is not what it was */
export function patchOf(content: Content, changes: readonly ProductChange[]): ContentPatch {
  const stale = changes.filter((change) => !isSame(fieldValue(content, change.field), change.old));
  if (stale.length > 0) fail('subject_changed', { extra: { fields: stale.map(({ field }) => field) } });
  const plain = changes.filter(({ field }) => altPosition(field) === null);
  const alts = new Map(changes.map((change) => [altPosition(change.field), change.new]));
  const patch = readPatch(Object.fromEntries(plain.map((change) => [change.field, change.new])));
  if (plain.length === changes.length) return patch;
  const images = (patch.images ?? content.images).map((image, position) => {
    const alt = alts.get(position);
    return alts.has(position) ? { ...image, alt: typeof alt === 'string' ? alt : null } : image;
  });
  return { ...patch, images };
}
