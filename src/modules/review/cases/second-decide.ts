import type { ReviewCase } from '@prisma/client';
import { z } from 'zod';
import { type Command, defineCommand } from '../../../foundation/command/command.ts';
import { mayTake } from '../../../foundation/command/state-machine.ts';
import { caseStates } from '../case-states.ts';
import { claimOf, emitCase, loadCase, moveCase, staffIn } from './case-record.ts';
import type { ChangedValue } from './case-shapes.ts';
import { changesSinceSeen } from './changes.queries.ts';
import { checklistInput, takeOver } from './checklist.ts';
import { mayHoldMore, seenNow } from './claim.ts';
import { requireImpartial } from './conflict.ts';
import { answerOf, type DecisionOutput, withChanges } from './decide.ts';
import { answersOf, noteDecision, requireWhole, requireWords } from './decision.ts';
import { messageTo } from './message.ts';
import { moveSubject } from './subject.ts';

const input = z.strictObject({
  id: z.uuid(),
  /** The second person's own answers; whoever sends some sends them all. */
  checklist: checklistInput.optional(),
  text: z.string().trim().max(2000).optional(),
  /** What a second person who disagrees would do. */
  decision: z.enum(['reject', 'request_changes']).optional(),
});
type Input = z.infer<typeof input>;
type Loaded = { reviewCase: ReviewCase; staffId: string };
type Prepared = { changed: readonly ChangedValue[] };
type SecondCommand = Command<Input, DecisionOutput, Prepared, Loaded>;

/** What both halves ask: a lead or an administrator, never the first person (403 `four_eyes`), a factor of the last five minutes. */
const common = {
  resource: 'review_case',
  access: 'vendor.second_decide',
  half: 'second',
  input,
  isIdempotent: true,
  prepare: async (deps, { id }) => ({ changed: await changesSinceSeen(deps, id) }),
  load: async (scope, { id }) => ({ reviewCase: await loadCase(scope, id), staffId: staffIn(scope).id }),
  rightOf: ({ reviewCase }) => (reviewCase.kind === 'kyc' ? 'kyc_submission.second_decide' : 'vendor.second_decide'),
  subject: ({ reviewCase }) => ({
    ...{ userId: reviewCase.ownerUserId, kind: 'vendor' },
    ...(reviewCase.decidedBy ? { requestedById: reviewCase.decidedBy } : {}),
  }),
  version: ({ reviewCase }) => reviewCase.version,
} as const satisfies Partial<SecondCommand>;

/**
 * The second person agrees: the subject is approved in the same transaction, under both names.
 * @throws AppError 403 `four_eyes`, `forbidden`, `conflict_of_interest`, `step_up_required`, 404 `not_found`, 409 `transition_not_allowed`,
 *   `version_conflict`, `subject_changed`, `vendor_incomplete`, 422 of a checklist that was sent
 */
export const secondApprove: SecondCommand = defineCommand<Input, DecisionOutput, Prepared, Loaded>({
  ...common,
  name: 'second-approve-case',
  preview: (scope, said, { reviewCase }) => messageTo(scope, reviewCase, { ...said, decision: 'approve' }),
  async run(scope, { checklist: sent, text }, { reviewCase, staffId }, { changed }) {
    const { decidedBy } = reviewCase;
    if (!mayTake(caseStates, 'second_approve', reviewCase.status) || !decidedBy) return { refused: 'transition_not_allowed' };
    await requireImpartial(scope, staffId, reviewCase);
    const checklist = sent ? takeOver({ ...reviewCase, checklist: [] }, sent) : [];
    if (sent) requireWhole(reviewCase, 'approve', { checklist });
    const said = reviewCase.decisionText === null ? {} : { text: reviewCase.decisionText };
    await moveSubject(scope, reviewCase, { step: 'approve', by: decidedBy, secondBy: staffId, ...said }).catch((error: unknown) => {
      throw withChanges(error, changed);
    });
    const answer = answerOf(scope, { decision: 'approve', checklist, by: staffId, ...(text ? { text } : {}) }, 'second');
    const decided = await moveCase(scope, reviewCase, 'second_approve', {
      ...{ secondBy: staffId, secondAt: scope.now, secondDecision: 'approve', secondText: text || null },
      answers: [...answersOf(reviewCase), answer],
    });
    const people = `first ${decidedBy}, second ${staffId}`;
    noteDecision(scope, reviewCase, { decision: 'second_approve', code: null, checklist, people });
    emitCase(scope, 'decided', decided, { staffId, decision: 'approve' });
    return { status: decided.status, version: decided.version, needsSecond: false };
  },
});

/**
 * The second person disagrees, in words: nothing happens to the subject, the case is theirs to decide as a lead, with both answers in
 * sight. An approval of theirs asks for another second person.
 * @throws AppError 403 `four_eyes`, `forbidden`, `conflict_of_interest`, `step_up_required`, 404 `not_found`, 409 `transition_not_allowed`,
 *   `version_conflict`, `claim_limit`, 422 `required`, `too_short` at `text`
 */
export const secondDisagree: SecondCommand = defineCommand<Input, DecisionOutput, Prepared, Loaded>({
  ...common,
  name: 'second-disagree-case',
  preview: async () => ['The vendor is told nothing. The case is yours to decide, with both answers in sight.'],
  async run(scope, { checklist: sent, text, decision = 'request_changes' }, { reviewCase, staffId }) {
    const { decidedBy } = reviewCase;
    if (!mayTake(caseStates, 'second_disagree', reviewCase.status) || !decidedBy) return { refused: 'transition_not_allowed' };
    await requireImpartial(scope, staffId, reviewCase);
    if (!(await mayHoldMore(scope, staffId))) return { refused: 'claim_limit' };
    const words = requireWords(text);
    const checklist = sent ? takeOver({ ...reviewCase, checklist: [] }, sent) : [];
    const moved = await moveCase(scope, reviewCase, 'second_disagree', {
      ...claimOf(scope, staffId),
      ...(await seenNow(scope, reviewCase)),
      ...{ needsLead: true, secondBy: staffId, secondAt: scope.now, secondDecision: decision, secondText: words },
      answers: [...answersOf(reviewCase), answerOf(scope, { decision, text: words, checklist, by: staffId }, 'second')],
    });
    const people = `first ${decidedBy}, second ${staffId}`;
    noteDecision(scope, reviewCase, { decision: 'second_disagree', code: null, checklist, people });
    emitCase(scope, 'second_disagreed', moved, { staffId: decidedBy });
    return { status: moved.status, version: moved.version, needsSecond: moved.needsSecond };
  },
});
