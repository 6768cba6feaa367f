import { acceptInvite, findOpenInvite } from './accept-invite.ts';
import { readAccount, readMfa } from './account.queries.ts';
import { challengeMfa } from './challenge-mfa.ts';
import { confirmTotp } from './confirm-totp.ts';
import { createFirstAdmin } from './create-first-admin.ts';
import { createStaffAccount } from './create-staff-account.ts';
import { customerPage, findUserByContact, sessionsOf } from './customer.queries.ts';
import { disableStaff } from './disable-staff.ts';
import { editUser } from './edit-user.ts';
import { editVendor } from './edit-vendor.ts';
import { enrolTotpFor } from './enrol-totp-for.ts';
import { eraseByTwo, executeErasure, isPersonHeld } from './execute-erasure.ts';
import { endDeviceTrust } from './factors/end-device-trust.ts';
import { renewRecoveryCodes } from './factors/renew-recovery-codes.ts';
import { listTrustedDevices } from './factors/trusted-device.queries.ts';
import { forgetExpiredJob } from './forget-expired.job.ts';
import { forgetExpired } from './forget-expired.ts';
import { forgetLoginEventsJob } from './forget-login-events.job.ts';
import { forgetLoginEvents } from './forget-login-events.ts';
import { completeLink } from './google/complete-link.ts';
import { finishOauth } from './google/finish-oauth.ts';
import { listIdentities } from './google/identity.queries.ts';
import { issueProviderNonce } from './google/issue-provider-nonce.ts';
import { linkIdentity } from './google/link-identity.ts';
import { signInWithHandoff } from './google/sign-in-with-handoff.ts';
import { signInWithIdToken } from './google/sign-in-with-id-token.ts';
import { spendOauthState } from './google/spend-oauth-state.ts';
import { unlinkIdentity } from './google/unlink-identity.ts';
import { grantRole } from './grant-role.ts';
import { inviteStaff } from './invite-staff.ts';
import { rewrapDataKeys } from './keys/rewrap-data-keys.ts';
import { logIn } from './log-in.ts';
import { logOut } from './log-out.ts';
import { listLoginEvents, signInTrace } from './login-event.queries.ts';
import { addPasskey } from './passkeys/add-passkey.ts';
import { finishPasskeySignIn } from './passkeys/finish-passkey-sign-in.ts';
import { listPasskeys } from './passkeys/passkey.queries.ts';
import { removePasskey } from './passkeys/remove-passkey.ts';
import { renamePasskey } from './passkeys/rename-passkey.ts';
import { startPasskey } from './passkeys/start-passkey.ts';
import { startPasskeySignIn } from './passkeys/start-passkey-sign-in.ts';
import { placeLegalHold } from './place-legal-hold.ts';
import { listConsents } from './privacy/consents.ts';
import { recordConsent } from './privacy/record-consent.ts';
import { listSecurityEvents, proveSecurityEvent } from './privacy/security-events.queries.ts';
import { readClientProfile, readVendorProfile } from './profiles/profile.queries.ts';
import { replaceVendor } from './profiles/replace-vendor.ts';
import { submitVendor } from './profiles/submit-vendor.ts';
import { updateClient } from './profiles/update-client.ts';
import { reactivateUser } from './reactivate-user.ts';
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
import { refreshSession } from './refresh-session.ts';
import { registerVerified } from './register-verified.ts';
import { releaseLegalHold } from './release-legal-hold.ts';
import { removeTotp } from './remove-totp.ts';
import { repeatErasure } from './repeat-erasure.ts';
import { resendCode } from './resend-code.ts';
import { resendUserCode } from './resend-user-code.ts';
import { revealContact } from './reveal-contact.ts';
import { revokeOtherSessions } from './revoke-other-sessions.ts';
import { revokeAdminRole, revokeRole } from './revoke-role.ts';
import { revokeSession } from './revoke-session.ts';
import { revokeUserSessions } from './revoke-user-sessions.ts';
import { sendLoginCode } from './send-login-code.ts';
import { sendResetLink } from './send-reset-link.ts';
import { findLiveSession, introspectRefresh, listSessions } from './session.queries.ts';
import { activeGrantsOf } from './staff-account.ts';
import { startRegistration } from './start-registration.ts';
import { startTotp } from './start-totp.ts';
import { suspendUser } from './suspend-user.ts';
import { unlockUser } from './unlock-user.ts';
import { updateAccount } from './update-account.ts';
import { verifyLoginCode } from './verify-login-code.ts';
import { verifyMfa } from './verify-mfa.ts';
import { verifyRegistration } from './verify-registration.ts';

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
  disableStaff,
  placeLegalHold,
  releaseLegalHold,
};

/** Behind the link of an invitation. */
export const inviteCommands = { acceptInvite };

/** For the operator and the demo data: `system` actors only. */
export const systemCommands = {
  createFirstAdmin,
  createStaffAccount,
  registerVerified,
  enrolTotpFor,
  forgetExpired,
  forgetLoginEvents,
  executeErasure,
  repeatErasure,
  rewrapDataKeys,
};

export const identityJobs = [forgetExpiredJob, forgetLoginEventsJob, watchSignInsJob];

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
  listPasskeys,
  listTrustedDevices,
  listIdentities,
};

/** Shaped for the screens of the back office: masked, and the caller records the read. */
export const staffQueries = { customerPage, sessionsOf, listLoginEvents, signInTrace, findUserByContact, findOpenInvite, activeGrantsOf };

export type { AccountView, MfaView } from './account.queries.ts';
export { factorsOf as secondFactorsOf } from './account.ts';
/** For the module that keeps two-person requests: what an approved one carries out, and nothing else may. */
export { changeContact } from './approved/change-contact.ts';
export { askForProof, endProof, openProofOf, proofSeconds, proveContact, whyNoProof } from './approved/contact-proof.ts';
export { forgetFormerContacts, undoSeconds } from './approved/former-contact.ts';
export { resetMfa } from './approved/reset-mfa.ts';
export { type Restored, restoreContact } from './approved/restore-contact.ts';
export { type ApprovalSubject, lockSubject } from './approved/subject.ts';
export { type Contact, contactOf, readContact } from './contact.ts';
export type { CustomerPage, StaffSessionItem } from './customer.queries.ts';
export { loadCustomer } from './customer-record.ts';
export { demoGrantReason, hasDemoStaff } from './demo-staff.queries.ts';
export { type ExplainedStep, explainTrace, headlineOf } from './explain-sign-in.ts';
export {
  accountKind,
  actorNames,
  countExpiringGrants,
  countLockedAccounts,
  countVendorsIn,
  type SignInHour,
  signInsByHour,
  signUpsByDay,
  teamOf,
} from './figures.queries.ts';
export { lockOwnAccount, requireFresh } from './freshness.ts';
export type { IdentityView } from './google/external-identity.ts';
export type { LinkNeeded } from './google/link-flow.ts';
export type { ProviderOutcome } from './google/provider-sign-in.ts';
export { type OauthFlow, oauthStateSeconds, startOauth } from './google/start-oauth.ts';
export { identifierFields } from './identifier.ts';
export type { LoginEventItem, SignInTrace } from './login-event.queries.ts';
export { takeSend } from './otp-flow.ts';
export { otpSchema } from './otp-format.ts';
export { assertionResponse, attestationResponse } from './passkeys/response-shapes.ts';
export { dataKeysOf, type PersonBox, personBox, userOfVendor, vendorOfUser } from './person-box.ts';
/** For messages and the rules of spending on them. */
export { type SmsRoute, smsRouteOf } from './phone.ts';
export { countryCodeOf, fullPlaceName, openPlaces } from './place.ts';
export type { ConsentItem } from './privacy/consents.ts';
export { personalDataOf } from './privacy/personal-data.queries.ts';
export type { SecurityEvent } from './privacy/security-events.queries.ts';
export { verifiedFlows } from './privacy/verified-flows.queries.ts';
export type { ClientView } from './profiles/client-view.ts';
export { memberIdOf, storeNameOf } from './profiles/profile.queries.ts';
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
export { type RestorableTable, restorableTables } from './restorable.ts';
export { parseTrace } from './rule-trace.ts';
export type { LiveSession, SessionItem } from './session.queries.ts';
export type { IssuedTokens, Pending, SessionView, SignedInUser, SignInOutcome } from './sign-in-shapes.ts';
export { type LoadedStaff, type StaffFactor, staffIdentity } from './staff-identity.ts';
export { requireTwoPeople } from './two-people.ts';
/** For the module that keeps the requests about a person's data. */
export { eraseByTwo, isPersonHeld };
