import type { ReviewCase } from '@prisma/client';
import { z } from 'zod';
import { type CommandScope, defineCommand, type Refusal } from '../../../foundation/command/command.ts';
import { fail } from '../../../foundation/errors/app-error.ts';
import { vendorFacts } from '../../identity/index.ts';
import { checklists } from '../checklists.ts';
import { emitCase, isHeld, loadCase, moveCase, staffIn } from './case-record.ts';
import { type StoredAnswer, storedChecklist } from './checklist.ts';
import { giveCase } from './claim.ts';
import { requireImpartial } from './conflict.ts';
import { answerOf, type DecisionOutput } from './decide.ts';
import { answersOf, noteDecision } from './decision.ts';
import { claimedByOther } from './hand-over.ts';
import { moveSubject } from './subject.ts';

const input = z.strictObject({ id: z.uuid() });
type Loaded = { reviewCase: ReviewCase; staffId: string };

/** Above this nothing is approved without being looked at by itself. */
const riskyFrom = 70;

/**
 * A lead approves one of several selected products of a trusted store (F92: at most 20 in a run, one action each): the store sells, had a
 * product approved before and none rejected since, and nothing about the product asks for a closer look. Claims and decides in one step;
 * a case that somebody holds stays theirs.
 * @throws AppError 403 `conflict_of_interest`, `forbidden`, `step_up_required`, 404 `not_found`, 409 `claimed_by_other`,
 *   `transition_not_allowed` with the rule that keeps it, `vendor_not_approved`
 */
export const approveInBulk = defineCommand<z.infer<typeof input>, DecisionOutput, undefined, Loaded>({
  name: 'bulk-approve-product',
  resource: 'review_case',
  access: 'product.bulk_approve',
  input,
  isIdempotent: true,
  load: async (scope, { id }) => ({ reviewCase: await loadCase(scope, id), staffId: staffIn(scope).id }),
  subject: ({ reviewCase }) => ({ userId: reviewCase.ownerUserId, kind: 'vendor' }),
  version: ({ reviewCase }) => reviewCase.version,
  preview: async () => ['Published and sold from now on. The vendor is told.'],
  async run(scope, _input, { reviewCase, staffId }) {
    const refusal = await refusalOf(scope, reviewCase, staffId);
    if (refusal) return refusal;
    await requireImpartial(scope, staffId, reviewCase);
    const held = reviewCase.status === 'claimed' ? reviewCase : await giveCase(scope, reviewCase, staffId);
    return approve(scope, held, staffId);
  },
});

async function refusalOf(scope: CommandScope, reviewCase: ReviewCase, staffId: string): Promise<Refusal | null> {
  const { kind, status, sampleOfId, needsSecond, needsLead, riskScore, vendorId, claimedBy } = reviewCase;
  const refused = (rule: string): Refusal => ({ refused: 'transition_not_allowed', details: { extra: { rule } } });
  if (kind !== 'product' || sampleOfId || needsSecond) return refused('products_only');
  if (status !== 'queued' && status !== 'claimed') return refused('not_waiting');
  if (status === 'claimed' && claimedBy !== staffId)
    return isHeld(reviewCase, scope.now) ? claimedByOther(reviewCase) : refused('not_waiting');
  if (needsLead || riskScore >= riskyFrom || hasFault(reviewCase)) return refused('needs_a_look');
  const store = (await vendorFacts(scope.tx, [vendorId])).get(vendorId) ?? fail('not_found');
  if (!store.isSelling) return { refused: 'vendor_not_approved' };
  return store.riskScore < riskyFrom && (await hasGoodRecord(scope, vendorId)) ? null : refused('store_not_trusted');
}

/** Somebody who looked at it found a fault. */
const hasFault = (reviewCase: ReviewCase) => storedChecklist(reviewCase).some(({ answer }) => answer === 'fail');

async function hasGoodRecord({ tx }: CommandScope, vendorId: string): Promise<boolean> {
  const last = await tx.reviewCase.findFirst({
    where: { vendorId, kind: 'product', sampleOfId: null, status: { in: ['approved', 'rejected'] } },
    orderBy: { decidedAt: 'desc' },
    select: { status: true },
  });
  return last?.status === 'approved';
}

async function approve(scope: CommandScope, held: ReviewCase, by: string): Promise<DecisionOutput> {
  const checklist: StoredAnswer[] = checklists.product.map(({ item, mayBeNa }) => ({
    ...{ item, answer: mayBeNa ? 'na' : 'pass' },
    note: 'Approved together with others of a trusted store',
  }));
  await moveSubject(scope, held, { step: 'approve', by });
  const decided = await moveCase(scope, held, 'approve', {
    ...{ decision: 'approve', decidedBy: by, decidedAt: scope.now, checklist },
    answers: [...answersOf(held), answerOf(scope, { decision: 'approve', checklist, by }, 'first')],
  });
  noteDecision(scope, held, { decision: 'approve', code: null, checklist, people: `by ${by}, together with others` });
  emitCase(scope, 'decided', decided, { staffId: by, decision: 'approve' });
  return { status: decided.status, version: decided.version, needsSecond: false };
}
