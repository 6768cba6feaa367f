/**
 * What a person is shown of the history about them: the row's action and outcome (with an error code where only that one counts), and
 * the name of the event (auth-api.md section 2). What is not here is no news: reads, refreshes, steps of a flow that led to nothing.
 */
export const eventTypes = {
  'account made ok': 'registered',
  'identity made ok': 'identity_linked',
  'start-registration ok': 'registration_on_existing',
  'verify-registration ok': 'sign_in',
  'sign-in ok': 'sign_in',
  'sign-in denied': 'sign_in_failed',
  'verify-login-code ok': 'sign_in',
  'verify-login-code denied': 'sign_in_failed',
  'sign-in-by-passkey ok': 'sign_in',
  'sign-in-by-passkey denied': 'sign_in_failed',
  'redeem-handoff ok': 'sign_in',
  'redeem-handoff denied': 'sign_in_failed',
  'sign-in-by-google ok': 'sign_in',
  'sign-in-by-google denied': 'sign_in_failed',
  'complete-link ok': 'sign_in',
  'complete-link denied': 'sign_in_failed',
  'verify-mfa ok': 'sign_in',
  'verify-mfa denied': 'mfa_failed',
  'refresh-session denied refresh_token_reused': 'token_reuse',
  'refresh-session denied refresh_token_invalid': 'token_refused',
  'log-out ok': 'session_ended',
  'revoke-session ok': 'session_ended',
  'revoke-other-sessions ok': 'session_ended',
  'revoke-user-sessions ok': 'session_ended',
  'revoke-token ok': 'session_ended',
  'request-password-reset ok': 'reset_requested',
  'send-reset-link ok': 'reset_requested',
  'reset-password ok': 'password_reset',
  'change-password ok': 'password_changed',
  'change-password denied': 'password_change_failed',
  'set-first-password ok': 'password_changed',
  'report-not-me ok': 'not_me_reported',
  'reauthenticate ok': 'reauthenticated',
  'reauthenticate denied': 'reauthentication_failed',
  'confirm-totp ok': 'mfa_enabled',
  'confirm-totp denied': 'mfa_failed',
  'remove-totp ok': 'mfa_disabled',
  'reset-mfa ok': 'mfa_reset',
  'renew-recovery-codes ok': 'recovery_codes_regenerated',
  'add-passkey ok': 'passkey_added',
  'remove-passkey ok': 'passkey_removed',
  'unlink-identity ok': 'identity_unlinked',
  'request-contact-change ok': 'contact_change_requested',
  'cancel-contact-change ok': 'contact_change_cancelled',
  'verify-contact-change ok': 'contact_changed',
  'undo-contact-change ok': 'contact_change_undone',
  'forget-device ok': 'device_forgotten',
  'update-account ok': 'profile_changed',
  'update-client ok': 'profile_changed',
  'replace-vendor ok': 'profile_changed',
  'edit-user ok': 'profile_changed',
  'edit-client ok': 'profile_changed',
  'edit-client-address ok': 'profile_changed',
  'verify-user-identifier ok': 'profile_changed',
  'record-consent ok': 'consent_changed',
  'submit-vendor ok': 'vendor_submitted',
  'request-export ok': 'export_requested',
  'download-own-export ok': 'export_downloaded',
  'request-erasure ok': 'erase_requested',
  'withdraw-erasure ok': 'erase_cancelled',
  'suspend-user ok': 'account_suspended',
  'reactivate-user ok': 'account_reactivated',
  'reopen-account ok': 'account_reactivated',
  'unlock-user ok': 'account_unlocked',
} as const;

export type SecurityEventType = (typeof eventTypes)[keyof typeof eventTypes] | 'mfa_required';

export const eventKinds: readonly string[] = Object.keys(eventTypes);

const byKind: ReadonlyMap<string, SecurityEventType> = new Map(Object.entries(eventTypes));

type Told = { action: string; outcome: 'ok' | 'denied'; errorCode: string | null; by: 'self' | 'anonymous' | 'other' };

/** A first factor that was right and led to no session asked for the second one. */
export function eventTypeOf({ action, outcome, errorCode, by }: Told): SecurityEventType | null {
  const type = byKind.get(`${action} ${outcome} ${errorCode ?? ''}`) ?? byKind.get(`${action} ${outcome}`) ?? null;
  const isFirstFactor = type === 'sign_in' || action === 'complete-link';
  return type !== null && isFirstFactor && outcome === 'ok' && by !== 'self' ? 'mfa_required' : type;
}
