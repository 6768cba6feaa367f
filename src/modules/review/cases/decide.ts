import type { ReviewCase } from '@prisma/client';
import type { PermissionKey } from '../../../foundation/access/matrix.ts';
import { type Command, type CommandScope, defineCommand } from '../../../foundation/command/command.ts';
import { mayTake } from '../../../foundation/command/state-machine.ts';
import { AppError, fail } from '../../../foundation/errors/app-error.ts';
import { type CaseStep, caseStates } from '../case-states.ts';
import type { CaseKind } from '../checklists.ts';
import { emitCase, holds, loadCase, moveCase, staffIn } from './case-record.ts';
import type { CaseDecision, ChangedValue } from './case-shapes.ts';
import { changesSinceSeen } from './changes.queries.ts';
import { requireLead, type StoredAnswer, storedChecklist, takeOver } from './checklist.ts';
import { requireImpartial } from './conflict.ts';
import { requireDecidable } from './decidable.ts';
import { answersOf, type DecisionInput, decisionInput, noteDecision, requireWhole, type StoredDecision } from './decision.ts';
import { messageTo } from './message.ts';
import { isSecondNeeded } from './second-needed.ts';
import { moveSubject } from './subject.ts';

export type DecisionOutput = { status: ReviewCase['status']; version: number; needsSecond: boolean };
type Loaded = { reviewCase: ReviewCase; staffId: string; isHolder: boolean };
/** What differs from the version that was looked at, for the refusal. */
type Prepared = { changed: readonly ChangedValue[] };
export type DecideCommand = Command<DecisionInput, DecisionOutput, Prepared, Loaded>;

/**
 * The first answer of whoever holds the case, in one transaction with what it does to the subject. An approval that needs two people
 * waits for the second one and moves nothing yet.
 * @throws AppError 403 `forbidden`, `conflict_of_interest`, 404 `not_found`, 409 `transition_not_allowed`, `version_conflict`,
 *   `subject_changed` with what changed, `vendor_incomplete`, `vendor_not_approved`, 422 of checklist, code, text and notes
 */
function decideCommand(decision: CaseDecision, name: string): DecideCommand {
  return defineCommand<DecisionInput, DecisionOutput, Prepared, Loaded>({
    name,
    resource: 'review_case',
    access: 'vendor.approve',
    input: decisionInput,
    isIdempotent: true,
    prepare: async (deps, { id }) => ({ changed: await changesSinceSeen(deps, id) }),
    load: (scope, { id }) => loadHeld(scope, id),
    rightOf: ({ reviewCase }) => rightOf(reviewCase.kind, decision),
    subject: (loaded) => ({ userId: loaded.reviewCase.ownerUserId, kind: 'vendor', isOwn: isTheirs(loaded) }),
    version: ({ reviewCase }) => reviewCase.version,
    preview: (scope, said, { reviewCase }) => messageTo(scope, reviewCase, { ...said, decision }),
    async run(scope, said, { reviewCase, staffId, isHolder }, { changed }) {
      if (!mayTake(caseStates, decision, reviewCase.status))
        return { refused: 'transition_not_allowed', details: { extra: { status: reviewCase.status } } };
      // Somebody else holds what the matrix lets administrators decide on without a claim.
      if (!isHolder) fail('forbidden', { extra: { rule: 'not_yours', sentence: 'access.not_yours' } });
      requireLead(scope, reviewCase);
      await requireImpartial(scope, staffId, reviewCase);
      const checklist = said.checklist ? takeOver(reviewCase, said.checklist) : storedChecklist(reviewCase);
      requireWhole(reviewCase, decision, { ...said, checklist });
      return decide(scope, reviewCase, { ...said, decision, checklist, by: staffId }).catch((error: unknown) => {
        throw withChanges(error, changed);
      });
    },
  });
}

/** A decision is its maker's to see refused as made already; nobody else's. */
const isTheirs = ({ reviewCase: { status, decidedBy }, staffId, isHolder }: Loaded) =>
  isHolder || (status !== 'claimed' && status !== 'queued' && decidedBy === staffId);

async function loadHeld(scope: CommandScope, id: string): Promise<Loaded> {
  const [reviewCase, staffId] = [await loadCase(scope, id), staffIn(scope).id];
  return { reviewCase, staffId, isHolder: holds(reviewCase, staffId, scope.now) };
}

/** The row of the matrix that this decision on this kind of subject asks. */
export function rightOf(kind: CaseKind, decision: CaseDecision): PermissionKey {
  if (kind === 'product_revision') return decision === 'approve' ? 'product.accept_revision' : 'product.reject_revision';
  const noun = kind === 'kyc' ? 'kyc_submission' : kind;
  return `${noun}.${decision}`;
}

type Said = Omit<DecisionInput, 'checklist'> & { decision: CaseDecision; checklist: readonly StoredAnswer[]; by: string };

async function decide(scope: CommandScope, reviewCase: ReviewCase, said: Said): Promise<DecisionOutput> {
  const { decision, by, checklist, code, text, fieldNotes: notes = [], acceptedFields } = said;
  const asksSecond = decision === 'approve' && (await isSecondNeeded(scope.tx, reviewCase));
  if (asksSecond) await requireDecidable(scope, reviewCase);
  else if (!reviewCase.sampleOfId)
    await moveSubject(scope, reviewCase, {
      ...{ step: decision, by, notes },
      ...(code === undefined ? {} : { code }),
      ...(text === undefined ? {} : { text }),
      ...(acceptedFields === undefined ? {} : { acceptedFields }),
    });
  const step: CaseStep = asksSecond ? 'ask_second' : decision;
  const decided = await moveCase(scope, reviewCase, step, {
    ...{ decision, decisionCode: code ?? null, decisionText: text || null, fieldNotes: notes, checklist: [...checklist] },
    ...(asksSecond ? { needsSecond: true } : {}),
    ...{ decidedBy: by, decidedAt: scope.now, secondBy: null, secondAt: null, secondDecision: null, secondText: null },
    answers: [...answersOf(reviewCase), answerOf(scope, said, 'first')],
  });
  const people = asksSecond ? `first ${by}, a second person is asked` : `by ${by}`;
  noteDecision(scope, reviewCase, { decision, code: code ?? null, checklist, people });
  if (asksSecond) emitCase(scope, 'second_asked', decided, { staffId: by });
  else emitCase(scope, 'decided', decided, { staffId: by, decision });
  return { status: decided.status, version: decided.version, needsSecond: asksSecond };
}

/** An answer with all that was said, as the case keeps it. */
export function answerOf(
  { now }: CommandScope,
  { decision, code, text, fieldNotes = [], checklist, acceptedFields, by }: Omit<Said, 'id'>,
  part: StoredDecision['part'],
): StoredDecision {
  return {
    ...{ part, decision, code: code ?? null, text: text || null, fieldNotes, by, at: now.toISOString() },
    acceptedFields: acceptedFields ?? null,
    checklist: checklist.map(({ item, answer, note }) => ({ item, answer, ...(note === undefined ? {} : { note }) })),
  };
}

/** A stale decision says what is different now (back-office.md 8). */
export function withChanges(error: unknown, changed: readonly ChangedValue[]): unknown {
  if (!(error instanceof AppError) || error.code !== 'subject_changed') return error;
  return new AppError('subject_changed', { ...error.details, extra: { ...error.details.extra, changed } });
}

export const approveCase = decideCommand('approve', 'approve-case');
export const rejectCase = decideCommand('reject', 'reject-case');
export const requestChanges = decideCommand('request_changes', 'request-changes');
