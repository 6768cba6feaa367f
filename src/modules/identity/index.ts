import { readAccount, readMfa } from './account.queries.ts';
import { challengeMfa } from './challenge-mfa.ts';
import { confirmTotp } from './confirm-totp.ts';
import { logIn } from './log-in.ts';
import { logOut } from './log-out.ts';
import { reauthenticate } from './reauthenticate.ts';
import { refreshSession } from './refresh-session.ts';
import { removeTotp } from './remove-totp.ts';
import { resendCode } from './resend-code.ts';
import { revokeOtherSessions } from './revoke-other-sessions.ts';
import { revokeSession } from './revoke-session.ts';
import { sendLoginCode } from './send-login-code.ts';
import { findLiveSession, introspectRefresh, listSessions } from './session.queries.ts';
import { startRegistration } from './start-registration.ts';
import { startTotp } from './start-totp.ts';
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

export const queries = { readAccount, readMfa, listSessions, findLiveSession, introspectRefresh };

export type { AccountView, MfaView } from './account.queries.ts';
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
export type { LiveSession, SessionItem } from './session.queries.ts';
export type { IssuedTokens, Pending, SessionView, SignedInUser, SignInOutcome } from './sign-in-shapes.ts';
