import { readAccount, readMfa } from './account.queries.ts';
import { listBankAccounts } from './bank-accounts/bank-account.queries.ts';
import { revealBankNumber } from './bank-accounts/reveal-bank-number.ts';
import { challengeMfa } from './challenge-mfa.ts';
import { confirmTotp } from './confirm-totp.ts';
import { checkItems, openCallerCheck, writeCallerCheck } from './customers/caller-check.ts';
import { customerPage, findUserByContact, sessionsOf } from './customers/customer.queries.ts';
import { customerCard, findCustomerId } from './customers/customer-card.queries.ts';
import { editClient } from './customers/edit-client.ts';
import { editClientAddress } from './customers/edit-client-address.ts';
import { editUser } from './customers/edit-user.ts';
import { editVendor } from './customers/edit-vendor.ts';
import { placeLegalHold } from './customers/place-legal-hold.ts';
import { reactivateUser } from './customers/reactivate-user.ts';
import { releaseLegalHold } from './customers/release-legal-hold.ts';
import { reopenCustomer } from './customers/reopen-customer.ts';
import { resendUserCode } from './customers/resend-user-code.ts';
import { liftRestriction, restrictProcessing } from './customers/restrict-processing.ts';
import { revealContact } from './customers/reveal-contact.ts';
import { revokeUserSessions } from './customers/revoke-user-sessions.ts';
import { sendResetLink } from './customers/send-reset-link.ts';
import { suspendUser } from './customers/suspend-user.ts';
import { unlockUser } from './customers/unlock-user.ts';
import { verifyUserIdentifier } from './customers/verify-user-identifier.ts';
import { eraseByTwo, executeErasure, isPersonHeld } from './erasure/execute-erasure.ts';
import { repeatErasure } from './erasure/repeat-erasure.ts';
import { endDeviceTrust } from './factors/end-device-trust.ts';
import { renewRecoveryCodes } from './factors/renew-recovery-codes.ts';
import { listTrustedDevices } from './factors/trusted-device.queries.ts';
import { removeFilesJob, removeFilesSubscription, sweepFilesJob } from './files/sweep-files.job.ts';
import { sweepFileRows } from './files/sweep-files.ts';
import { uploadFile } from './files/upload-file.ts';
import { forgetExpiredJob } from './forget-expired.job.ts';
import { forgetExpired } from './forget-expired.ts';
import { completeLink } from './google/complete-link.ts';
import { finishOauth } from './google/finish-oauth.ts';
import { listIdentities } from './google/identity.queries.ts';
import { issueProviderNonce } from './google/issue-provider-nonce.ts';
import { linkIdentity } from './google/link-identity.ts';
import { signInWithHandoff } from './google/sign-in-with-handoff.ts';
import { signInWithIdToken } from './google/sign-in-with-id-token.ts';
import { spendOauthState } from './google/spend-oauth-state.ts';
import { unlinkIdentity } from './google/unlink-identity.ts';
import { forgetLoginEventsJob } from './history/forget-login-events.job.ts';
import { forgetLoginEvents } from './history/forget-login-events.ts';
import { listLoginEvents, signInTrace } from './history/login-event.queries.ts';
import { rewrapDataKeys } from './keys/rewrap-data-keys.ts';
import { logIn } from './log-in.ts';
import { addPasskey } from './passkeys/add-passkey.ts';
import { enrolPasskeyFor } from './passkeys/enrol-passkey-for.ts';
import { finishPasskeySignIn } from './passkeys/finish-passkey-sign-in.ts';
import { listPasskeys } from './passkeys/passkey.queries.ts';
import { removePasskey } from './passkeys/remove-passkey.ts';
import { renamePasskey } from './passkeys/rename-passkey.ts';
import { startPasskey } from './passkeys/start-passkey.ts';
import { startPasskeySignIn } from './passkeys/start-passkey-sign-in.ts';
import { listConsents } from './privacy/consents.ts';
import { recordConsent } from './privacy/record-consent.ts';
import { listSecurityEvents, proveSecurityEvent } from './privacy/security-events.queries.ts';
import { readClientProfile, readVendorProfile } from './profiles/profile.queries.ts';
import { replaceVendor } from './profiles/replace-vendor.ts';
import { submitVendor } from './profiles/submit-vendor.ts';
import { updateClient } from './profiles/update-client.ts';
import { readVendorSettings, replaceVendorSettings } from './profiles/vendor-settings.ts';
import { startReauth } from './reauth/start-reauth.ts';
import { reauthenticate } from './reauthenticate.ts';
import { changePassword } from './recovery/change-password.ts';
import { reportNotMe } from './recovery/report-not-me.ts';
import { requestPasswordReset } from './recovery/request-password-reset.ts';
import { resetPassword } from './recovery/reset-password.ts';
import { revokeToken } from './recovery/revoke-token.ts';
import { setFirstPassword } from './recovery/set-first-password.ts';
import { verifyResetCode } from './recovery/verify-reset-code.ts';
import { watchSignInsJob } from './recovery/watch-sign-ins.job.ts';
import { findRegistrations } from './registration/open-registrations.queries.ts';
import { registerVerified } from './registration/register-verified.ts';
import { resendRegistrationCode } from './registration/resend-registration-code.ts';
import { startRegistration } from './registration/start-registration.ts';
import { verifyRegistration } from './registration/verify-registration.ts';
import { removeTotp } from './remove-totp.ts';
import { resendCode } from './resend-code.ts';
import { sendLoginCode } from './send-login-code.ts';
import { logOut } from './sessions/log-out.ts';
import { refreshSession } from './sessions/refresh-session.ts';
import { revokeOtherSessions } from './sessions/revoke-other-sessions.ts';
import { revokeSession } from './sessions/revoke-session.ts';
import { findLiveSession, introspectRefresh, listSessions } from './sessions/session.queries.ts';
import { acceptInvite, findOpenInvite } from './staff/accept-invite.ts';
import { addQuota } from './staff/add-quota.ts';
import { breakGlass } from './staff/break-glass.ts';
import { cancelInvite, resendInvite } from './staff/change-invite.ts';
import { listColleagues } from './staff/colleagues.queries.ts';
import { createFirstAdmin } from './staff/create-first-admin.ts';
import { createStaffAccount } from './staff/create-staff-account.ts';
import { disableStaff } from './staff/disable-staff.ts';
import { editStaff } from './staff/edit-staff.ts';
import { enrolTotpFor } from './staff/enrol-totp-for.ts';
import { grantRole } from './staff/grant-role.ts';
import { inviteStaff } from './staff/invite-staff.ts';
import { reopenStaff } from './staff/reopen-staff.ts';
import { decideReviewLine } from './staff/review/decide-line.ts';
import { countOpenLines, listReviews, reviewLines } from './staff/review/review.queries.ts';
import { exportReview, signOffReview } from './staff/review/sign-off.ts';
import { tendReviewsJob } from './staff/review/tend-reviews.job.ts';
import { tendReviews } from './staff/review/tend-reviews.ts';
import { revokeAdminRole, revokeRole } from './staff/revoke-role.ts';
import { activeGrantsOf } from './staff/staff-account.ts';
import { listManagers, staffPage } from './staff/staff-page.queries.ts';
import { tendGrantsJob } from './staff/tend-grants.job.ts';
import { tendGrants } from './staff/tend-grants.ts';
import { startTotp } from './start-totp.ts';
import { updateAccount } from './update-account.ts';
import { acceptAppeal, closeVendor } from './vendors/close-vendor.ts';
import { clearPayoutHold, setPayoutHold } from './vendors/payout-hold.ts';
import { setCommission, setFeatured, setTier } from './vendors/set-terms.ts';
import { reactivateVendor, suspendVendor, undoSuspension } from './vendors/suspend-vendor.ts';
import { verifyLoginCode } from './verify-login-code.ts';
import { verifyMfa } from './verify-mfa.ts';

/** Commands of customers; each is run by the command runner and by nothing else. */
export const commands = {
  startRegistration,
  verifyRegistration,
  sendLoginCode,
  resendCode,
  verifyLoginCode,
  logIn,
  challengeMfa,
  verifyMfa,
  refreshSession,
  logOut,
  updateAccount,
  updateClient,
  replaceVendor,
  submitVendor,
  replaceVendorSettings,
  uploadFile,
  recordConsent,
  revokeSession,
  revokeOtherSessions,
  startTotp,
  confirmTotp,
  removeTotp,
  reauthenticate,
  spendOauthState,
  finishOauth,
  signInWithHandoff,
  issueProviderNonce,
  signInWithIdToken,
  completeLink,
  linkIdentity,
  unlinkIdentity,
  startReauth,
  startPasskeySignIn,
  finishPasskeySignIn,
  startPasskey,
  addPasskey,
  renamePasskey,
  removePasskey,
  renewRecoveryCodes,
  endDeviceTrust,
  requestPasswordReset,
  verifyResetCode,
  resetPassword,
  reportNotMe,
  changePassword,
  setFirstPassword,
  revokeToken,
};

/** Commands of staff; `access` of each names its row in the permission matrix. */
export const staffCommands = {
  unlockUser,
  suspendUser,
  reactivateUser,
  revokeUserSessions,
  resendUserCode,
  sendResetLink,
  revealContact,
  editUser,
  editVendor,
  grantRole,
  revokeRole,
  revokeAdminRole,
  inviteStaff,
  resendInvite,
  cancelInvite,
  disableStaff,
  reopenStaff,
  editStaff,
  addQuota,
  breakGlass,
  decideReviewLine,
  signOffReview,
  exportReview,
  placeLegalHold,
  releaseLegalHold,
  verifyUserIdentifier,
  editClient,
  editClientAddress,
  resendRegistrationCode,
  restrictProcessing,
  liftRestriction,
  suspendVendor,
  reactivateVendor,
  undoSuspension,
  acceptAppeal,
  closeVendor,
  setCommission,
  setTier,
  setFeatured,
  setPayoutHold,
  clearPayoutHold,
  revealBankNumber,
};

/** Behind the link of an invitation. */
export const inviteCommands = { acceptInvite };

/** For the operator and the demo data: `system` actors only. */
export const systemCommands = {
  createFirstAdmin,
  createStaffAccount,
  registerVerified,
  enrolTotpFor,
  enrolPasskeyFor,
  tendGrants,
  tendReviews,
  forgetExpired,
  sweepFileRows,
  forgetLoginEvents,
  executeErasure,
  repeatErasure,
  rewrapDataKeys,
};

export const identityJobs = [
  tendGrantsJob,
  tendReviewsJob,
  forgetExpiredJob,
  forgetLoginEventsJob,
  watchSignInsJob,
  sweepFilesJob,
  removeFilesJob,
];

export const identitySubscriptions = [removeFilesSubscription];

export const queries = {
  readAccount,
  readMfa,
  listSessions,
  findLiveSession,
  introspectRefresh,
  listConsents,
  listSecurityEvents,
  proveSecurityEvent,
  readClientProfile,
  readVendorProfile,
  readVendorSettings,
  listBankAccounts,
  listPasskeys,
  listTrustedDevices,
  listIdentities,
};

/** Shaped for the screens of the back office: masked, and the caller records the read. */
export const staffQueries = {
  customerPage,
  sessionsOf,
  listLoginEvents,
  signInTrace,
  findUserByContact,
  findOpenInvite,
  activeGrantsOf,
  findRegistrations,
  customerCard,
  findCustomerId,
  listColleagues,
};

/** Staff and their access, for the screens about them. */
export const staffLife = { staffPage, listManagers, listReviews, reviewLines, countOpenLines };

export type { AccountView, MfaView } from './account.queries.ts';
export { factorsOf as secondFactorsOf } from './account.ts';
/** For the module that keeps two-person requests: what an approved one carries out, and nothing else may. */
export { changeContact } from './approved/change-contact.ts';
export { askForProof, endProof, openProofOf, proofSeconds, proveContact, whyNoProof } from './approved/contact-proof.ts';
export { forgetFormerContacts, undoSeconds } from './approved/former-contact.ts';
export { type AdminRole, adminRoles, grantAdmin, requireGrantable } from './approved/grant-admin.ts';
export { passkeyOf, removePasskeyByTwo } from './approved/remove-passkey.ts';
export { resetMfa } from './approved/reset-mfa.ts';
export { type Restored, restoreContact } from './approved/restore-contact.ts';
export { type SubjectFacts, type SubjectView, subjectCard, subjectFacts, subjectView } from './approved/subject.queries.ts';
export { type ApprovalSubject, lockSubject } from './approved/subject.ts';
export { changedSince, type MarkPart, markParts, markSubject, type SubjectMark } from './approved/subject-mark.ts';
/** Payout accounts: what a two-person request about one asks for and carries out. */
export { addBankAccount } from './bank-accounts/add-bank-account.ts';
export { bankAccountFacts } from './bank-accounts/bank-account.queries.ts';
export { accountWords, type BankDetails, bankDetailsFields } from './bank-accounts/bank-details.ts';
export { bankList, bankNameOf } from './bank-accounts/banks.ts';
export {
  type BankChange,
  type BankOperation,
  bankOperations,
  changeBankAccount,
  requireBankChange,
  requireNoHold,
} from './bank-accounts/change-bank-account.ts';
export { failBankAccount, removeBankAccount } from './bank-accounts/end-bank-account.ts';
export { type Contact, contactOf, readContact } from './contact.ts';
export type { CustomerPage, StaffSessionItem } from './customers/customer.queries.ts';
export type { CustomerCard } from './customers/customer-card.queries.ts';
export { customerIdOf, loadCustomer } from './customers/customer-record.ts';
export {
  accountKind,
  actorNames,
  blockedSignInsByDay,
  countExpiringGrants,
  countLockedAccounts,
  countVendorsIn,
  type SignInHour,
  signInsByHour,
  signUpsByDay,
  teamOf,
} from './customers/figures.queries.ts';
/** Files of people: sealed under their owner's key, looked through before they are kept (docs/adr/0033). */
export { type ClaimedFile, claimFile } from './files/claim-file.ts';
export { deletePrivateFile } from './files/delete-private-file.ts';
export { type FileMime, fileMimes, type ImageMime, imageMimes } from './files/file-kind.ts';
export { type PrivateFileFacts, privateFileFacts } from './files/private-file.queries.ts';
export {
  type FilePurpose,
  type NewFile,
  type OpenedFile,
  readPrivateFile,
  type StoredFile,
  type WrittenFile,
} from './files/private-file.ts';
export { storePrivateFile } from './files/store-file.ts';
export { sweepFiles } from './files/sweep-files.ts';
export { UploadedFile } from './files/uploaded-file.ts';
export { lockOwnAccount, requireFresh } from './freshness.ts';
export type { IdentityView } from './google/external-identity.ts';
export type { LinkNeeded } from './google/link-flow.ts';
export type { ProviderOutcome } from './google/provider-sign-in.ts';
export { type OauthFlow, oauthStateSeconds, startOauth } from './google/start-oauth.ts';
export { type ExplainedStep, explainTrace, headlineOf } from './history/explain-sign-in.ts';
export type { LoginEventItem } from './history/login-event-item.ts';
export { countryCodeOf, fullPlaceName, openPlaces } from './history/place.ts';
export { parseTrace } from './history/rule-trace.ts';
export type { SignInTrace } from './history/sign-in-trace.ts';
export { identifierFields } from './identifier.ts';
export { otpSchema } from './otp-format.ts';
export { assertionResponse, attestationResponse } from './passkeys/response-shapes.ts';
export { dataKeysOf, type PersonBox, personBox, userOfVendor, vendorOfUser } from './person-box.ts';
/** For messages and the rules of spending on them. */
export { type SmsRoute, smsRouteOf } from './phone.ts';
export type { ConsentItem } from './privacy/consents.ts';
export { personalDataOf } from './privacy/personal-data.queries.ts';
export { addObjections, type ObjectablePurpose, objectablePurposes, setRestriction } from './privacy/processing.ts';
export type { SecurityEvent } from './privacy/security-events.queries.ts';
export { verifiedFlows } from './privacy/verified-flows.queries.ts';
export { clientSize } from './profiles/client-size.ts';
export type { ClientView } from './profiles/client-view.ts';
export { memberIdOf, storeNameOf } from './profiles/profile.queries.ts';
export { type VendorStep, vendorStates } from './profiles/vendor-states.ts';
export type { VendorView } from './profiles/vendor-view.ts';
export {
  contactsOfChange,
  inviteFacts,
  notMeTokenOf,
  type Recipient,
  type RecipientRef,
  recipientOf,
  recoveryCodesLeft,
  type SendableCode,
  type SessionFacts,
  sendableCode,
  sessionFacts,
  undoTokenOf,
} from './recipient.queries.ts';
export { showSignInPressure } from './recovery/sign-in-attack.queries.ts';
export { type RestorableTable, restorableTables } from './restoring/restorable.ts';
export { takeSend } from './send-caps.ts';
export type { LiveSession, SessionItem } from './sessions/session.queries.ts';
export type { IssuedTokens, Pending, SessionView, SignedInUser, SignInOutcome } from './sign-in-shapes.ts';
export { issueSingleUse, redeemSingleUse } from './single-use.ts';
export { type ActiveStaff, activeStaff } from './staff/active-staff.queries.ts';
export { breakGlassRoles } from './staff/break-glass.ts';
export { demoGrantReason, hasDemoStaff } from './staff/demo-staff.queries.ts';
export type { LoadedStaff } from './staff/load-staff.ts';
export type { LineState, ReviewLine, ReviewView } from './staff/review/review.queries.ts';
export type { ReviewFile } from './staff/review/review-csv.ts';
export type { StaffFactor } from './staff/staff-factors.queries.ts';
export { staffIdentity } from './staff/staff-identity.ts';
export type { StaffPageFacts } from './staff/staff-page.queries.ts';
export { requireTwoPeople } from './staff/two-people.ts';
/** For the storefront: what sells, and what customers see of it. */
export { sellableStores, sellingStore, storeShowing } from './vendors/sellable.queries.ts';
export type { VendorSetupView } from './vendors/setup-view.ts';
export { bankAccountNotice, storeNotice } from './vendors/store-notice.queries.ts';
/** Stores for the modules above: steps of their review, what they are, and what a reviewer looks at. */
export { type PersonTraces, tracesOf } from './vendors/traces.queries.ts';
export { type VendorFacts, vendorFacts } from './vendors/vendor-facts.queries.ts';
export { type BankAccountLine, type VendorEvidence, vendorForReview } from './vendors/vendor-review.queries.ts';
export { setFirstProduct, setKycDone, setKycSent } from './vendors/vendor-setup.ts';
export type { VendorSignal } from './vendors/vendor-signals.queries.ts';
export { type FieldNote, type VendorMove, vendorStep } from './vendors/vendor-step.ts';
export { withoutMarkup } from './without-markup.ts';
/** The identity check of a caller, and opening a closed account: for the commands of the module that keeps tickets and requests. */
/** For the module that keeps the requests about a person's data. */
export { checkItems, eraseByTwo, isPersonHeld, openCallerCheck, reopenCustomer, writeCallerCheck };
