import type { MessageText, Template } from '../template.ts';
import { accountLocked } from './en/account-locked.ts';
import { accountReactivated } from './en/account-reactivated.ts';
import { accountSuspended } from './en/account-suspended.ts';
import { accountUnlocked } from './en/account-unlocked.ts';
import { alreadyHaveAccount } from './en/already-have-account.ts';
import { bankAdded } from './en/bank-added.ts';
import { bankChanged } from './en/bank-changed.ts';
import { bankFailed } from './en/bank-failed.ts';
import { bankVerified } from './en/bank-verified.ts';
import { contactChangeUndone } from './en/contact-change-undone.ts';
import { contactChangedNew } from './en/contact-changed-new.ts';
import { contactChangedOld } from './en/contact-changed-old.ts';
import { eraseCancelled } from './en/erase-cancelled.ts';
import { kycApproved } from './en/kyc-approved.ts';
import { kycReceived } from './en/kyc-received.ts';
import { kycRejected } from './en/kyc-rejected.ts';
import { kycResubmit } from './en/kyc-resubmit.ts';
import { mfaDisabled } from './en/mfa-disabled.ts';
import { mfaEnabled } from './en/mfa-enabled.ts';
import { mfaReset } from './en/mfa-reset.ts';
import { newDevice } from './en/new-device.ts';
import { otpContactChange } from './en/otp-contact-change.ts';
import { otpLink } from './en/otp-link.ts';
import { otpLogin } from './en/otp-login.ts';
import { otpReauth } from './en/otp-reauth.ts';
import { otpRegister } from './en/otp-register.ts';
import { otpReset } from './en/otp-reset.ts';
import { passkeyAdded } from './en/passkey-added.ts';
import { passkeyRemoved } from './en/passkey-removed.ts';
import { passwordChanged } from './en/password-changed.ts';
import { privacyAnswered } from './en/privacy-answered.ts';
import { privacyCompleted } from './en/privacy-completed.ts';
import { privacyEraseScheduled } from './en/privacy-erase-scheduled.ts';
import { privacyExportReady } from './en/privacy-export-ready.ts';
import { privacyExtended } from './en/privacy-extended.ts';
import { privacyReceived } from './en/privacy-received.ts';
import { privacyRefused } from './en/privacy-refused.ts';
import { productChangesRequested } from './en/product-changes-requested.ts';
import { productDigest } from './en/product-digest.ts';
import { productEditedByStaff } from './en/product-edited-by-staff.ts';
import { productPublished } from './en/product-published.ts';
import { productRejected } from './en/product-rejected.ts';
import { productTakenDown } from './en/product-taken-down.ts';
import { profileEditedByStaff } from './en/profile-edited-by-staff.ts';
import { providerLinked } from './en/provider-linked.ts';
import { providerUnlinked } from './en/provider-unlinked.ts';
import { recoveryCodeUsed } from './en/recovery-code-used.ts';
import { recoveryCodesRegenerated } from './en/recovery-codes-regenerated.ts';
import { resetLink } from './en/reset-link.ts';
import { resetUseGoogle } from './en/reset-use-google.ts';
import { sessionEvicted } from './en/session-evicted.ts';
import { sessionFamilyRevoked } from './en/session-family-revoked.ts';
import { staffDisabled } from './en/staff-disabled.ts';
import { staffGrantChanged } from './en/staff-grant-changed.ts';
import { staffInvite } from './en/staff-invite.ts';
import { staffNewDevice } from './en/staff-new-device.ts';
import { staffNotice } from './en/staff-notice.ts';
import { suggestionProposed } from './en/suggestion-proposed.ts';
import { ticketReceived } from './en/ticket-received.ts';
import { ticketReply } from './en/ticket-reply.ts';
import { ticketResolved } from './en/ticket-resolved.ts';
import { vendorApproved } from './en/vendor-approved.ts';
import { vendorChangesRequested } from './en/vendor-changes-requested.ts';
import { vendorClosed } from './en/vendor-closed.ts';
import { vendorReactivated } from './en/vendor-reactivated.ts';
import { vendorRejected } from './en/vendor-rejected.ts';
import { vendorSubmitted } from './en/vendor-submitted.ts';
import { vendorSuspended } from './en/vendor-suspended.ts';
import { welcomeClient } from './en/welcome-client.ts';
import { welcomeVendor } from './en/welcome-vendor.ts';
import type { TemplateId, TemplateVariables } from './variables.ts';

export type Templates = { [Id in TemplateId]: Template<TemplateVariables[Id]> };

const en: Templates = {
  otp_register: otpRegister,
  otp_login: otpLogin,
  otp_reset: otpReset,
  otp_contact_change: otpContactChange,
  otp_reauth: otpReauth,
  otp_link: otpLink,
  already_have_account: alreadyHaveAccount,
  reset_link: resetLink,
  reset_use_google: resetUseGoogle,
  welcome_client: welcomeClient,
  welcome_vendor: welcomeVendor,
  password_changed: passwordChanged,
  new_device: newDevice,
  account_locked: accountLocked,
  account_unlocked: accountUnlocked,
  session_family_revoked: sessionFamilyRevoked,
  session_evicted: sessionEvicted,
  mfa_enabled: mfaEnabled,
  mfa_disabled: mfaDisabled,
  mfa_reset: mfaReset,
  recovery_code_used: recoveryCodeUsed,
  recovery_codes_regenerated: recoveryCodesRegenerated,
  provider_linked: providerLinked,
  provider_unlinked: providerUnlinked,
  passkey_added: passkeyAdded,
  passkey_removed: passkeyRemoved,
  contact_changed_old: contactChangedOld,
  contact_changed_new: contactChangedNew,
  contact_change_undone: contactChangeUndone,
  account_suspended: accountSuspended,
  account_reactivated: accountReactivated,
  privacy_export_ready: privacyExportReady,
  privacy_erase_scheduled: privacyEraseScheduled,
  erase_cancelled: eraseCancelled,
  privacy_completed: privacyCompleted,
  privacy_refused: privacyRefused,
  privacy_received: privacyReceived,
  privacy_extended: privacyExtended,
  privacy_answered: privacyAnswered,
  ticket_received: ticketReceived,
  ticket_reply: ticketReply,
  ticket_resolved: ticketResolved,
  vendor_submitted: vendorSubmitted,
  vendor_changes_requested: vendorChangesRequested,
  vendor_approved: vendorApproved,
  vendor_rejected: vendorRejected,
  vendor_suspended: vendorSuspended,
  vendor_reactivated: vendorReactivated,
  vendor_closed: vendorClosed,
  kyc_received: kycReceived,
  kyc_approved: kycApproved,
  kyc_resubmit: kycResubmit,
  kyc_rejected: kycRejected,
  bank_added: bankAdded,
  bank_verified: bankVerified,
  bank_failed: bankFailed,
  bank_changed: bankChanged,
  product_published: productPublished,
  product_changes_requested: productChangesRequested,
  product_rejected: productRejected,
  product_edited_by_staff: productEditedByStaff,
  product_taken_down: productTakenDown,
  suggestion_proposed: suggestionProposed,
  product_digest: productDigest,
  profile_edited_by_staff: profileEditedByStaff,
  staff_invite: staffInvite,
  staff_grant_changed: staffGrantChanged,
  staff_new_device: staffNewDevice,
  staff_disabled: staffDisabled,
  staff_notice: staffNotice,
};

/** One complete set per locale; a locale without one reads English. */
const templatesByLocale = new Map<string, Templates>([['en', en]]);

export function isTemplateId(name: string): name is TemplateId {
  return Object.hasOwn(en, name);
}

/** The words of a message in the person's language. @returns the locale that was used with the words */
export function writeMessage<Id extends TemplateId>(
  locale: string,
  id: Id,
  variables: TemplateVariables[Id],
): MessageText & { locale: string } {
  const templates = templatesByLocale.get(locale);
  return { ...(templates ?? en)[id](variables), locale: templates ? locale : 'en' };
}
