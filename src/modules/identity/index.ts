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
import { executeErasure } from './execute-erasure.ts';
import { forgetExpiredJob } from './forget-expired.job.ts';
import { forgetExpired } from './forget-expired.ts';
import { forgetLoginEventsJob } from './forget-login-events.job.ts';
import { forgetLoginEvents } from './forget-login-events.ts';
import { grantRole } from './grant-role.ts';
import { inviteStaff } from './invite-staff.ts';
import { logIn } from './log-in.ts';
import { logOut } from './log-out.ts';
import { listLoginEvents, signInTrace } from './login-event.queries.ts';
import { placeLegalHold } from './place-legal-hold.ts';
import { reactivateUser } from './reactivate-user.ts';
import { reauthenticate } from './reauthenticate.ts';
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
  revokeSession,
  revokeOtherSessions,
  startTotp,
  confirmTotp,
  removeTotp,
  reauthenticate,
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
};

export const identityJobs = [forgetExpiredJob, forgetLoginEventsJob];

export const queries = { readAccount, readMfa, listSessions, findLiveSession, introspectRefresh };

/** Shaped for the screens of the back office: masked, and the caller records the read. */
export const staffQueries = { customerPage, sessionsOf, listLoginEvents, signInTrace, findUserByContact, findOpenInvite, activeGrantsOf };

export type { AccountView, MfaView } from './account.queries.ts';
export { readContact } from './contact.ts';
export type { CustomerPage, StaffSessionItem } from './customer.queries.ts';
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
export type { LoginEventItem, SignInTrace } from './login-event.queries.ts';
export { dataKeysOf, type PersonBox, personBox, userOfVendor, vendorOfUser } from './person-box.ts';
export { countryCodeOf, fullPlaceName, openPlaces } from './place.ts';
export {
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
} from './recipient.queries.ts';
export { type RestorableTable, restorableTables } from './restorable.ts';
export { parseTrace } from './rule-trace.ts';
export type { LiveSession, SessionItem } from './session.queries.ts';
export type { IssuedTokens, Pending, SessionView, SignedInUser, SignInOutcome } from './sign-in-shapes.ts';
export { type LoadedStaff, type StaffFactor, staffIdentity } from './staff-identity.ts';
