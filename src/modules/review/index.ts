import { approveInBulk } from './cases/bulk-approve.ts';
import { caseJobs, caseSubscriptions } from './cases/case.jobs.ts';
import { caseView } from './cases/case-view.queries.ts';
import { prepareChecklist, saveChecklist } from './cases/checklist.ts';
import { approveCase, rejectCase, requestChanges } from './cases/decide.ts';
import { escalateCase } from './cases/escalate.ts';
import { countReviewWaiting, reviewFigures } from './cases/figures.queries.ts';
import { forgetCases } from './cases/forget-cases.ts';
import { pickCase, reassignCase } from './cases/hand-over.ts';
import { lapseClaim, lapseClaims, releaseCasesOf } from './cases/lapse.ts';
import { openCase } from './cases/open-case.ts';
import { followStore } from './cases/pause.ts';
import { qualityFigures } from './cases/quality.queries.ts';
import { listQueue, queueCounts } from './cases/queue.queries.ts';
import { releaseCase, touchCase } from './cases/release.ts';
import { sampleApprovals } from './cases/sample.ts';
import { secondApprove, secondDisagree } from './cases/second-decide.ts';
import { tellCaseSla } from './cases/sla.ts';
import { takeNext } from './cases/take-next.ts';
import { withdrawCase } from './cases/withdraw.ts';

/** What staff do with review cases (product.md 4.4). */
export const caseCommands = {
  takeNext,
  pickCase,
  releaseCase,
  reassignCase,
  touchCase,
  prepareChecklist,
  saveChecklist,
  approveCase,
  rejectCase,
  requestChanges,
  secondApprove,
  secondDisagree,
  escalateCase,
  approveInBulk,
};

/** What the screens show; the caller records the read. */
export const caseQueries = { caseView, queueCounts, listQueue, reviewFigures, qualityFigures, countReviewWaiting };

/** For jobs and the operator. */
export const caseSystemCommands = {
  openCase,
  withdrawCase,
  followStore,
  lapseClaim,
  lapseClaims,
  releaseCasesOf,
  tellCaseSla,
  sampleApprovals,
  forgetCases,
};

export { requiredDocuments } from './case-rules.ts';

export { type CaseStatus, type CaseStep, caseStates, type KycStatus, type KycStep, kycStates } from './case-states.ts';
export { isBlindFor, isCaseBlind, partIn, withoutFirstAnswer } from './cases/case-reach.ts';
export type { StoredCase } from './cases/case-record.ts';
export { permissionOf as casePermission, type RightFacts, stateRefusal } from './cases/case-rights.ts';
export {
  type CaseAction,
  type CaseClock,
  type CaseDecision,
  type CasePart,
  type CaseRights,
  type CaseView,
  type ChangedValue,
  type ChecklistLine,
  type Colleague,
  type GivenAnswer,
  type PreviousRound,
  type QueueCounts,
  type QueueLine,
  type QueuePage,
  type QueueTab,
  queueTabs,
  type Signal,
} from './cases/case-shapes.ts';
export type { ReviewCaseView } from './cases/case-view.queries.ts';
export { clockOf } from './cases/clock.ts';
export type { CaseEvidence } from './cases/evidence.queries.ts';
export type { OverturnRate, ReviewFigures } from './cases/figures.queries.ts';
export { forgetCasesOf } from './cases/forget-cases.ts';
export { reviewerOf } from './cases/hand-over.ts';
export { noteFields } from './cases/note-fields.ts';
export type { QualityFigures } from './cases/quality.queries.ts';
export { type Answer, type CaseKind, type ChecklistItem, checklists } from './checklists.ts';
export { caseFacts, type DecidedKind, decisionWords, noteOnDocuments, untiedOf } from './decision-words.queries.ts';
/** Proofs of identity (product.md 4.5): handed in by owners, opened by reviewers one by one, kept for seven years. */
export { kycReach } from './kyc/document-reach.ts';
export { documentLabels, documentTypes } from './kyc/document-words.ts';
export { forgetKycOf } from './kyc/forget-kyc.ts';
export { casesOfKyc, type KycDocumentEvidence, type KycEvidence, kycForReview, readOwnKyc } from './kyc/kyc.queries.ts';
export { kycDataOf } from './kyc/kyc-data.queries.ts';
export { type KycMove, kycStep } from './kyc/kyc-step.ts';
export type { KycView } from './kyc/kyc-view.ts';
export { type OpenedDocument, openKycDocument } from './kyc/open-kyc-document.ts';
export { reopenKyc } from './kyc/reopen-kyc.ts';
export { retainKyc, retainKycJob } from './kyc/retain-kyc.ts';
export { type RevealedNumber, revealKycNumber } from './kyc/reveal-kyc-number.ts';
export { markLines, shownKycDocument } from './kyc/shown-document.ts';
export { submitKyc } from './kyc/submit-kyc.ts';
export { type ViewedDocument, viewKycDocument } from './kyc/view-kyc-document.ts';
export { caseJobs, caseSubscriptions, caseView, listQueue, qualityFigures, queueCounts, reviewFigures };
