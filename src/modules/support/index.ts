import type { AnyJobDefinition, EventSubscription } from '../../foundation/jobs/job.ts';
import { addNote } from './add-note.ts';
import { approvalPage, countToDecide, openBankRequest, openRequestsAbout } from './approval.queries.ts';
import { cancelContactChange } from './cancel-contact-change.ts';
import { checkCaller } from './check-caller.ts';
import { readContactChange } from './contact-change.queries.ts';
import { decisions } from './decide-request.ts';
import { editNote } from './edit-note.ts';
import { executors } from './execute-approval.ts';
import { expireApprovalsJob } from './expire-approvals.job.ts';
import { expireApprovals } from './expire-approvals.ts';
import { listNotes } from './note.queries.ts';
import { approvalFacts, notedRecord, privacyFacts, ticketFacts } from './notice-facts.queries.ts';
import { approvalApprovedSubscription, onApprovalApproved } from './on-approval-approved.job.ts';
import { glassBrokenSubscription, onGlassBroken } from './on-glass-broken.job.ts';
import { notMeSubscription, onNotMe } from './on-not-me.job.ts';
import { openTicketCommand } from './open-ticket.ts';
import { addOwnBankAccount, removeOwnBankAccount } from './own-bank-account.ts';
import { alertDueJob } from './privacy/alert-due.job.ts';
import { alertDueRequests } from './privacy/alert-due.ts';
import { approvePrivacyRequest } from './privacy/approve-request.ts';
import { askErasureApproval } from './privacy/ask-erasure-approval.ts';
import { carryOutPrivacyJob, carryOutPrivacySubscription } from './privacy/carry-out-privacy.job.ts';
import { carryOutPrivacy } from './privacy/carry-out-privacy.ts';
import { completeRectification } from './privacy/complete-rectification.ts';
import { downloadOwnExport } from './privacy/download-own-export.ts';
import { readErasure } from './privacy/erasure.queries.ts';
import { forgetExportsJob, makeExportJob, makeExportSubscription } from './privacy/export.job.ts';
import { readExport } from './privacy/export.queries.ts';
import { extendDueDate } from './privacy/extend-due.ts';
import { intakePrivacyRequest } from './privacy/intake-request.ts';
import { countPrivacyWaiting, privacyPage, privacyWords } from './privacy/privacy.queries.ts';
import { refusePrivacyRequest } from './privacy/refuse-request.ts';
import { requestErasure } from './privacy/request-erasure.ts';
import { requestExport } from './privacy/request-export.ts';
import { verifyPrivacyRequest } from './privacy/verify-request.ts';
import { withdrawErasure } from './privacy/withdraw-erasure.ts';
import { reopenAccount } from './reopen-account.ts';
import { requestAdminGrant } from './request-admin-grant.ts';
import { bankRequests } from './request-bank-change.ts';
import { requestContactChange, requestOwnContactChange } from './request-contact-change.ts';
import { requestMfaReset, requestStaffMfaReset } from './request-mfa-reset.ts';
import { requestPasskeyRemoval } from './request-passkey-removal.ts';
import { replyAndWait, resolveTicket, sendReply } from './tickets/answer.ts';
import { assignTicket } from './tickets/assign.ts';
import { claimTicket } from './tickets/claim.ts';
import { closeTicket } from './tickets/close.ts';
import { discardDraft, draftReply } from './tickets/draft-reply.ts';
import { answerEscalation, escalateTicket } from './tickets/escalate.ts';
import { mergeTicket } from './tickets/merge.ts';
import { addTicketNote, checkIdentity } from './tickets/note.ts';
import { onStaffLeft, staffLeftSubscription } from './tickets/on-staff-left.job.ts';
import { openForCustomer } from './tickets/open-for-customer.ts';
import { listOwnTickets, readOwnTicket } from './tickets/own-ticket.queries.ts';
import { openOwnTicket, reopenOwnTicket, replyToOwnTicket } from './tickets/own-ticket.ts';
import { releaseTicket } from './tickets/release.ts';
import { takeNext } from './tickets/take-next.ts';
import {
  countWaiting,
  isOwnCustomer,
  mayReadTicket,
  ownCustomerIds,
  searchTickets,
  ticketFigures,
  ticketsOf,
} from './tickets/ticket.queries.ts';
import { ticketNotice } from './tickets/ticket-notice.queries.ts';
import { assigneeNames, ticketNumbers, ticketPage } from './tickets/ticket-page.queries.ts';
import { triageTicket } from './tickets/triage.ts';
import { watchTicketsJob } from './tickets/watch-tickets.job.ts';
import { undoContactChange } from './undo-contact-change.ts';
import { verifyContactChange } from './verify-contact-change.ts';

/** Commands of staff; `access` of each names its row in the permission matrix. */
export const commands = {
  addNote,
  editNote,
  requestMfaReset,
  requestStaffMfaReset,
  requestContactChange,
  requestAdminGrant,
  requestPasskeyRemoval,
  askErasureApproval,
  intakePrivacyRequest,
  verifyPrivacyRequest,
  approvePrivacyRequest,
  completeRectification,
  refusePrivacyRequest,
  extendDueDate,
  checkCaller,
  reopenAccount,
};

/** What finance asks for about a payout account: verify, set default, remove, change. */
export { bankRequests };

/** What staff do with tickets (product.md 4.6). */
export const ticketCommands = {
  takeNext,
  claimTicket,
  releaseTicket,
  assignTicket,
  triageTicket,
  draftReply,
  discardDraft,
  sendReply,
  replyAndWait,
  resolveTicket,
  closeTicket,
  escalateTicket,
  answerEscalation,
  mergeTicket,
  addTicketNote,
  checkIdentity,
  openForCustomer,
};

/** approve-request, deny-request and cancel-request; each asks the right of the request's own kind. */
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
  openOwnTicket,
  replyToOwnTicket,
  reopenOwnTicket,
  addOwnBankAccount,
  removeOwnBankAccount,
};

/** For jobs and the operator. */
export const systemCommands = { executors, expireApprovals, openTicketCommand, carryOutPrivacy, alertDueRequests };

export const queries = {
  listNotes,
  readContactChange,
  readExport,
  readErasure,
  approvalPage,
  countToDecide,
  openRequestsAbout,
  openBankRequest,
  privacyPage,
  countPrivacyWaiting,
  privacyWords,
};

/**
 * Tickets for other rooms and modules: every one of them answers within what the asking member of staff may see, and the caller records
 * the read.
 */
export const ticketQueries = {
  ticketsOf,
  searchTickets,
  mayReadTicket,
  ownCustomerIds,
  isOwnCustomer,
  ticketFigures,
  countWaiting,
  ticketPage,
  assigneeNames,
  ticketNumbers,
  listOwnTickets,
  readOwnTicket,
  ticketNotice,
};

/** Ids and codes from which the inbox of staff makes its notices, and for whom. */
export const noticeFacts = { ticketFacts, approvalFacts, privacyFacts, notedRecord };

export const supportJobs: readonly AnyJobDefinition[] = [
  onGlassBroken,
  onApprovalApproved,
  onNotMe,
  expireApprovalsJob,
  makeExportJob,
  forgetExportsJob,
  carryOutPrivacyJob,
  alertDueJob,
  onStaffLeft,
  watchTicketsJob,
];

export const supportSubscriptions: readonly EventSubscription[] = [
  glassBrokenSubscription,
  approvalApprovedSubscription,
  notMeSubscription,
  makeExportSubscription,
  carryOutPrivacySubscription,
  staffLeftSubscription,
];

/** What the screens of requests draw by: rights by row, the tabs of the inbox, words and lists. */
export { type ApprovalPage, type RequestLine, toDecide } from './approval.queries.ts';
export { approvalRight, evidenceOf, isAboutStaff } from './approval-evidence.ts';
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
export type { ApprovalFacts, NotedRecord, TicketFacts } from './notice-facts.queries.ts';
export { privacyRight } from './privacy/approve-request.ts';
export { type ErasurePorts, executeErasures, executeErasuresJob, executeErasuresSubscription } from './privacy/erasure.job.ts';
export type { ErasureView } from './privacy/erasure.queries.ts';
export type { ExportView } from './privacy/export.queries.ts';
export { forgetExportsOf } from './privacy/forget-exports.ts';
export { privacyKinds, privacyLaws, receivedVias } from './privacy/intake-request.ts';
export type { PrivacyPage, PrivacyWords } from './privacy/privacy.queries.ts';
export { type PrivacyStep, privacySteps } from './privacy/privacy-request.ts';
export { legalCodes } from './privacy/refuse-request.ts';
/** For the command runner: which ticket staff name as the reason of their work. */
export { findTicket } from './ticket-reference.queries.ts';
export { forgetTicketsOf } from './tickets/forget-tickets.ts';
export type { OwnTicket, OwnTicketLine } from './tickets/own-ticket.queries.ts';
export { type SlaClock, type SlaState, slaState } from './tickets/sla.ts';
export { type TicketFigures, type TicketLine, whereText as ticketsWhere } from './tickets/ticket.queries.ts';
export type { TicketNotice } from './tickets/ticket-notice.queries.ts';
export type { TicketPage } from './tickets/ticket-page.queries.ts';
export { ticketReach } from './tickets/ticket-reach.ts';
