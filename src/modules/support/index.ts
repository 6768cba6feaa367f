import type { AnyJobDefinition, EventSubscription } from '../../foundation/jobs/job.ts';
import { addNote } from './add-note.ts';
import { cancelContactChange } from './cancel-contact-change.ts';
import { readContactChange } from './contact-change.queries.ts';
import { decisions } from './decide-request.ts';
import { editNote } from './edit-note.ts';
import { executors } from './execute-approval.ts';
import { expireApprovalsJob } from './expire-approvals.job.ts';
import { expireApprovals } from './expire-approvals.ts';
import { listNotes } from './note.queries.ts';
import { approvalApprovedSubscription, onApprovalApproved } from './on-approval-approved.job.ts';
import { notMeSubscription, onNotMe } from './on-not-me.job.ts';
import { openTicketCommand } from './open-ticket.ts';
import { askErasureApproval } from './privacy/ask-erasure-approval.ts';
import { downloadOwnExport } from './privacy/download-own-export.ts';
import { readErasure } from './privacy/erasure.queries.ts';
import { forgetExportsJob, makeExportJob, makeExportSubscription } from './privacy/export.job.ts';
import { readExport } from './privacy/export.queries.ts';
import { requestErasure } from './privacy/request-erasure.ts';
import { requestExport } from './privacy/request-export.ts';
import { withdrawErasure } from './privacy/withdraw-erasure.ts';
import { requestContactChange, requestOwnContactChange } from './request-contact-change.ts';
import { requestMfaReset, requestStaffMfaReset } from './request-mfa-reset.ts';
import { undoContactChange } from './undo-contact-change.ts';
import { verifyContactChange } from './verify-contact-change.ts';

/** Commands of staff; `access` of each names its row in the permission matrix. */
export const commands = { addNote, editNote, requestMfaReset, requestStaffMfaReset, requestContactChange, askErasureApproval };

/** approve-request, deny-request and cancel-request, by what is asked for. */
export { decisions };

/** Commands of customers on their own account, and the undo link of a message. */
export const customerCommands = {
  requestOwnContactChange,
  verifyContactChange,
  cancelContactChange,
  undoContactChange,
  requestExport,
  downloadOwnExport,
  requestErasure,
  withdrawErasure,
};

/** For jobs and the operator. */
export const systemCommands = { executors, expireApprovals, openTicketCommand };

export const queries = { listNotes, readContactChange, readExport, readErasure };

export const supportJobs: readonly AnyJobDefinition[] = [onApprovalApproved, onNotMe, expireApprovalsJob, makeExportJob, forgetExportsJob];

export const supportSubscriptions: readonly EventSubscription[] = [approvalApprovedSubscription, notMeSubscription, makeExportSubscription];

export {
  type ApprovalKind,
  type ApprovalStatus,
  type ApprovalStep,
  approvalKinds,
  approvalSteps,
} from './approval-request.ts';
export type { ContactChangeView } from './contact-change.queries.ts';
export { forgetApprovalsOf } from './forget-approvals.ts';
export { forgetNotesAbout } from './forget-notes.ts';
export type { NoteItem } from './note.queries.ts';
export type { NoteSubject } from './note-subject.ts';
export { type ErasurePorts, executeErasures, executeErasuresJob, executeErasuresSubscription } from './privacy/erasure.job.ts';
export type { ErasureView } from './privacy/erasure.queries.ts';
export type { ExportView } from './privacy/export.queries.ts';
export { forgetExportsOf } from './privacy/forget-exports.ts';
export { type PrivacyStep, privacySteps } from './privacy/privacy-request.ts';
