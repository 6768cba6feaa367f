import type { ReviewCase } from '@prisma/client';
import { z } from 'zod';
import { type CommandScope, defineCommand } from '../../../foundation/command/command.ts';
import { fail, validationError } from '../../../foundation/errors/app-error.ts';
import { type ChecklistAnswer, checklistAnswer, checklistFaults, checklists } from '../checklists.ts';
import { changeCase, claimOf, holds, leadsReview, loadCase, staffIn } from './case-record.ts';
import { requireImpartial } from './conflict.ts';

/** As it is kept: an answer, and who prepared it where that was not the holder. */
const storedAnswer = checklistAnswer.extend({ preparedBy: z.string().optional() });
export type StoredAnswer = z.infer<typeof storedAnswer>;

export const checklistInput = z.array(checklistAnswer).max(40);
const input = z.strictObject({ id: z.uuid(), checklist: checklistInput });
type Input = z.infer<typeof input>;
type Output = { version: number; answered: number; of: number };
type Loaded = { reviewCase: ReviewCase; staffId: string; isHolder: boolean };

async function load(scope: CommandScope, { id }: Input): Promise<Loaded> {
  const [reviewCase, staffId] = [await loadCase(scope, id), staffIn(scope).id];
  return { reviewCase, staffId, isHolder: holds(reviewCase, staffId, scope.now) };
}

/**
 * Keeps answers for whoever decides: an assistant on any case that is open, a reviewer on their own. Every answer carries its preparer
 * until the holder gives their own; what the holder answered already stays.
 * @throws AppError 403 `conflict_of_interest`, `forbidden`, 404 `not_found`, 409 `transition_not_allowed`, `version_conflict`, 422 of the items
 */
export const prepareChecklist = defineCommand<Input, Output, undefined, Loaded>({
  name: 'prepare-checklist',
  resource: 'review_case',
  access: 'review_case.prepare',
  input,
  isIdempotent: true,
  load,
  subject: ({ reviewCase, isHolder }) => ({ userId: reviewCase.ownerUserId, isOwn: isHolder }),
  version: ({ reviewCase }) => reviewCase.version,
  preview: async () => ['Your answers wait for the reviewer, with your name. They decide nothing.'],
  async run(scope, { checklist }, { reviewCase, staffId }) {
    if (reviewCase.status !== 'queued' && reviewCase.status !== 'claimed') return { refused: 'transition_not_allowed' };
    // A sample is looked at afresh.
    if (reviewCase.sampleOfId) return { refused: 'transition_not_allowed' };
    requireSound(reviewCase, checklist);
    await requireImpartial(scope, staffId, reviewCase);
    const prepared = new Map(checklist.map((answer) => [answer.item, { ...answer, preparedBy: staffId }]));
    const own = storedChecklist(reviewCase).filter((answer) => answer.preparedBy === undefined);
    const kept = inOrder(reviewCase, new Map([...prepared, ...own.map((answer) => [answer.item, answer] as const)]));
    const { version } = await changeCase(scope, reviewCase, { checklist: kept, preparedBy: staffId });
    return { version, ...progress(reviewCase, kept) };
  },
});

/**
 * The holder's answers so far; items that are left out are open again. Versioned: two windows of one person cannot overwrite each other.
 * @throws AppError 403 `forbidden` for anybody but the holder, 404 `not_found`, 409 `transition_not_allowed`, `version_conflict`, 422 of
 *   the items and `required` without `expectedVersion`
 */
export const saveChecklist = defineCommand<Input, Output, undefined, Loaded>({
  name: 'save-checklist',
  resource: 'review_case',
  access: 'review_case.prepare',
  input,
  isIdempotent: true,
  load,
  subject: ({ reviewCase, isHolder }) => ({ userId: reviewCase.ownerUserId, isOwn: isHolder }),
  version: ({ reviewCase }) => reviewCase.version,
  preview: async () => ['Keeps your answers. Nothing is decided.'],
  async run(scope, { checklist }, { reviewCase, isHolder }) {
    if (scope.expectedVersion === null) throw validationError([{ path: 'expectedVersion', code: 'required' }]);
    if (reviewCase.status !== 'claimed') return { refused: 'transition_not_allowed' };
    if (!isHolder) return { refused: 'forbidden', details: { extra: { rule: 'not_yours', sentence: 'access.not_yours' } } };
    const kept = takeOver(reviewCase, checklist);
    const { version } = await changeCase(scope, reviewCase, { ...renewed(scope, reviewCase), checklist: kept });
    return { version, ...progress(reviewCase, kept) };
  },
});

/** What the holder sends, in the order of the list; an answer that stayed as it was prepared keeps its preparer. @throws AppError 422 */
export function takeOver(reviewCase: ReviewCase, given: readonly ChecklistAnswer[]): StoredAnswer[] {
  requireSound(reviewCase, given);
  const before = new Map(storedChecklist(reviewCase).map((answer) => [answer.item, answer]));
  const now = given.map((answer): readonly [string, StoredAnswer] => {
    const preparedBy = before.get(answer.item)?.preparedBy;
    const isUntouched = preparedBy !== undefined && before.get(answer.item)?.answer === answer.answer;
    return [answer.item, isUntouched ? { ...answer, preparedBy } : answer];
  });
  return inOrder(reviewCase, new Map(now));
}

/** The half hour of the holder starts again. */
export function renewed(scope: CommandScope, { claimedBy, claimedAt }: ReviewCase) {
  return claimedBy === null ? {} : { ...claimOf(scope, claimedBy), claimedAt };
}

export function storedChecklist({ checklist }: Pick<ReviewCase, 'checklist'>): StoredAnswer[] {
  return z.array(storedAnswer).catch([]).parse(checklist);
}

function requireSound({ kind }: ReviewCase, given: readonly ChecklistAnswer[]): void {
  const faults = checklistFaults(kind, given, null);
  if (faults.length > 0) throw validationError(faults);
}

function inOrder({ kind }: ReviewCase, answers: ReadonlyMap<string, StoredAnswer>): StoredAnswer[] {
  return checklists[kind].flatMap(({ item }) => answers.get(item) ?? []);
}

function progress({ kind }: ReviewCase, kept: readonly StoredAnswer[]): Pick<Output, 'answered' | 'of'> {
  return { answered: kept.length, of: checklists[kind].length };
}

/** A case for a lead only, in the hands of somebody who is none any more. @throws AppError 403 `forbidden` */
export function requireLead(scope: CommandScope, { needsLead }: Pick<ReviewCase, 'needsLead'>): void {
  if (needsLead && !leadsReview(staffIn(scope), scope.now))
    fail('forbidden', { extra: { rule: 'needs_lead', sentence: 'access.needs_reviewer_lead' } });
}
