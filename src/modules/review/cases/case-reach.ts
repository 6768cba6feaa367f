import type { ReviewCase } from '@prisma/client';
import { gradesOf, grantFor } from '../../../foundation/access/evaluate.ts';
import type { CommandDeps } from '../../../foundation/command/command.ts';
import type { StaffActor } from '../../../foundation/runtime/actor.ts';
import { leadsReview } from './case-record.ts';
import type { CasePart } from './case-shapes.ts';

/** Whether somebody may open every case: leads, administrators, auditors. */
export function overseesReview(staff: StaffActor, now: Date): boolean {
  return leadsReview(staff, now) || gradesOf(staff, now).includes('auditor');
}

type Opened = Pick<ReviewCase, 'status' | 'kind' | 'claimedBy' | 'decidedBy' | 'secondBy' | 'escalatedBy' | 'sampleOfId'>;

/**
 * What somebody is in a case, and with that whether they may open it (F87): who holds it or has answered in it, leads and administrators,
 * auditors; assistants what they may prepare, never proofs of identity or a second look. Null: not to be opened.
 */
export function partIn(reviewCase: Opened, staff: StaffActor, now: Date): CasePart | null {
  const { status, kind, claimedBy, decidedBy, secondBy, sampleOfId } = reviewCase;
  if (grantFor(staff, 'review_case.list', { now }) === null) return null;
  if (claimedBy === staff.id) return 'claimer';
  const grades = gradesOf(staff, now);
  if (grades.includes('auditor')) return 'auditor';
  if (leadsReview(staff, now)) return status === 'pending_second' && decidedBy !== staff.id ? 'second' : 'lead';
  if (decidedBy === staff.id || secondBy === staff.id) return 'earlier';
  const isOpen = status === 'queued' || status === 'claimed';
  return grades.includes('assistant') && isOpen && kind !== 'kyc' && !sampleOfId ? 'preparer' : null;
}

/**
 * Whether the first answer is kept from somebody: they may still give the second one, or the case is a second look at a colleague's
 * decision that is not answered yet.
 */
export function isBlindFor(reviewCase: Opened, staff: StaffActor, now: Date): boolean {
  const { status, decidedBy, sampleOfId } = reviewCase;
  if (gradesOf(staff, now).includes('auditor')) return false;
  if (status === 'pending_second') return decidedBy !== staff.id;
  return sampleOfId !== null && (status === 'queued' || status === 'claimed');
}

/** Takes out of a row what the reader must not see yet. */
export function withoutFirstAnswer<Row extends Pick<ReviewCase, 'status'>>(row: Row): Row {
  return {
    ...row,
    ...{ checklist: [], preparedBy: null, decision: null, decisionCode: null, decisionText: null, fieldNotes: [], answers: [] },
    ...{ decidedBy: null, decidedAt: null, secondBy: null, secondAt: null, secondDecision: null, secondText: null },
  };
}

/** The same for the history of a case; a decision that somebody looks at again without seeing it is closed to them as well. */
export async function isCaseBlind(
  { database, clock }: Pick<CommandDeps, 'database' | 'clock'>,
  staff: StaffActor,
  caseId: string,
): Promise<boolean> {
  const found = await database.prisma.reviewCase.findFirst({
    where: { id: caseId },
    include: { sample: { select: { claimedBy: true, status: true } } },
  });
  if (!found) return false;
  const { sample, ...reviewCase } = found;
  return isBlindFor(reviewCase, staff, clock.now()) || (sample?.status === 'claimed' && sample.claimedBy === staff.id);
}
