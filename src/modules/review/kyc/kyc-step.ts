import type { KycSubmission, Prisma } from '@prisma/client';
import type { CommandScope } from '../../../foundation/command/command.ts';
import { mayTake } from '../../../foundation/command/state-machine.ts';
import { fail } from '../../../foundation/errors/app-error.ts';
import { setKycDone } from '../../identity/index.ts';
import { type KycStep, kycStates } from '../case-states.ts';
import { isDocumentType } from './document-words.ts';
import { type KycRecord, loadKyc } from './kyc-record.ts';

export type KycMove = {
  submissionId: string;
  /** `submit` belongs to the owner's own command. */
  step: Exclude<KycStep, 'submit'>;
  /** The version that was looked at. */
  version?: number;
  /** Who takes the step; null for the worker. */
  by: string | null;
  /** The second person of an approval, without whom there is none. */
  secondBy?: string | null;
  /** What is wrong, by type of document or its id; other fields belong to the text. */
  notes?: readonly { field: string; note: string }[];
  code?: string;
  /** The words that the owner reads. */
  text?: string;
  /** The case behind the step; the last one of the submission where it is left out. */
  caseId?: string;
};

/** Proofs are kept so long (product.md 3.4), also those that were refused for good. */
const retentionYears = 7;

/**
 * One step of the state machine of product.md 4.5 inside a running command: the row is locked, written by compare-and-set on id,
 * version and status, and the event queued. Claiming and releasing leave the version alone: they change nothing that a decision rests
 * on. An approval takes two people, accepts every document and notes the store's KYC as done.
 * @returns the submission as it is afterwards
 * @throws AppError 404 `not_found`, 409 `transition_not_allowed`, `subject_changed` where `version` is given and differs, 403 `four_eyes`
 */
export async function kycStep(scope: CommandScope, move: KycMove): Promise<KycSubmission> {
  const before = await loadKyc(scope, move.submissionId);
  if (!mayTake(kycStates, move.step, before.status)) fail('transition_not_allowed', { extra: { status: before.status } });
  if (move.version !== undefined && move.version !== before.version) {
    fail('subject_changed', { extra: { expectedVersion: move.version, currentVersion: before.version } });
  }
  if (move.step === 'approve' && (!move.by || !move.secondBy || move.by === move.secondBy))
    fail('four_eyes', { extra: { rule: 'four_eyes' } });
  const isClaim = move.step === 'claim' || move.step === 'release';
  const { count } = await scope.tx.kycSubmission.updateMany({
    where: { id: before.id, version: before.version, status: before.status },
    data: { ...columnsOf(scope, move), status: kycStates.steps[move.step].to, ...(isClaim ? {} : { version: { increment: 1 } }) },
  });
  if (count === 0) fail('transition_not_allowed');
  await judgeDocuments(scope, before, move);
  if (move.step === 'approve') await setKycDone(scope, before.vendorId);
  scope.touched(before.id, before.vendorId, before.ownerUserId);
  await emitStep(scope, before, move);
  return scope.tx.kycSubmission.findUniqueOrThrow({ where: { id: before.id } });
}

/** What a step writes besides the status. */
function columnsOf({ now }: CommandScope, { step, by, secondBy, text }: KycMove): Prisma.KycSubmissionUncheckedUpdateManyInput {
  const decided = { reviewedAt: now, reviewedBy: by, secondReviewedBy: secondBy ?? null, notesToVendor: text?.slice(0, 1000) || null };
  switch (step) {
    case 'approve':
      return { ...decided, notesToVendor: null, retentionUntil: yearsAfter(now, retentionYears) };
    case 'reject':
      return { ...decided, retentionUntil: yearsAfter(now, retentionYears) };
    case 'request_resubmission':
      return decided;
    case 'reopen':
      return { notesToVendor: text?.slice(0, 1000) || null, retentionUntil: null };
    case 'claim':
    case 'release':
      return {};
    default:
      return step satisfies never;
  }
}

function yearsAfter(date: Date, years: number): Date {
  const later = new Date(date);
  later.setUTCFullYear(later.getUTCFullYear() + years);
  return later;
}

async function judgeDocuments({ tx }: CommandScope, { id, documents }: KycRecord, { step, notes = [] }: KycMove): Promise<void> {
  const version = { increment: 1 };
  if (step === 'approve') {
    await tx.kycDocument.updateMany({ where: { submissionId: id }, data: { status: 'accepted', note: null, version } });
    return;
  }
  if (step !== 'request_resubmission' && step !== 'reject') return;
  for (const { field, note } of notes) {
    const document = documents.find((row) => row.id === field || (isDocumentType(field) && row.type === field));
    const words = note.trim().slice(0, 500);
    if (document && words !== '')
      await tx.kycDocument.updateMany({ where: { id: document.id }, data: { status: 'refused', note: words, version } });
  }
}

/** Events of product.md 8: ids and codes, never words. The case is the one that led here. */
async function emitStep(scope: CommandScope, before: KycRecord, { step, code, caseId }: KycMove): Promise<void> {
  const { event } = kycStates.steps[step];
  if (event === null) return;
  const led = caseId ?? (await lastCaseOf(scope, before.id));
  const payload = { vendorId: before.vendorId, caseId: led, userId: before.ownerUserId, submissionId: before.id };
  scope.emit({ name: event, aggregateId: before.id, payload: { ...payload, code: code ?? step } });
}

async function lastCaseOf({ tx }: CommandScope, submissionId: string): Promise<string | null> {
  const last = await tx.reviewCase.findFirst({
    where: { kind: 'kyc', subjectId: submissionId, sampleOfId: null },
    orderBy: [{ createdAt: 'desc' }, { id: 'desc' }],
    select: { id: true },
  });
  return last?.id ?? null;
}
