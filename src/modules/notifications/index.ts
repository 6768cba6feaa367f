import type { AnyJobDefinition, EventSubscription } from '../../foundation/jobs/job.ts';
import { deliverJob, deliverSubscription } from './deliver.job.ts';
import { failStuckJob } from './fail-stuck.job.ts';
import { onAccountLocked } from './on-account-locked.job.ts';
import { onAccountUnlocked } from './on-account-unlocked.job.ts';
import { onBankAccountChanged } from './on-bank-account-changed.job.ts';
import { onContactChanged, onContactLeft } from './on-contact-changed.job.ts';
import { onGrantChanged } from './on-grant-changed.job.ts';
import { onIdentityChanged } from './on-identity-changed.job.ts';
import { onKycChanged } from './on-kyc-changed.job.ts';
import { onLoginSucceeded } from './on-login-succeeded.job.ts';
import { onMfaChanged } from './on-mfa-changed.job.ts';
import { onOtpRequested } from './on-otp-requested.job.ts';
import { onPasskeyChanged } from './on-passkey-changed.job.ts';
import { onPasswordChanged } from './on-password-changed.job.ts';
import { onPasswordResetRequested } from './on-password-reset-requested.job.ts';
import { onPrivacyChanged } from './on-privacy-changed.job.ts';
import { onProductChanged } from './on-product-changed.job.ts';
import { onProfileChanged } from './on-profile-changed.job.ts';
import { onRecoveryCodeUsed } from './on-recovery-code-used.job.ts';
import { onRefreshReused } from './on-refresh-reused.job.ts';
import { onRegistrationDuplicate } from './on-registration-duplicate.job.ts';
import { onRegistrationStarted } from './on-registration-started.job.ts';
import { onRevisionChanged } from './on-revision-changed.job.ts';
import { onSessionRevoked } from './on-session-revoked.job.ts';
import { onStaffDisabled } from './on-staff-disabled.job.ts';
import { onStaffEventJob, onStaffEventSubscription } from './on-staff-event.job.ts';
import { onStaffInvited } from './on-staff-invited.job.ts';
import { onStoreChanged } from './on-store-changed.job.ts';
import { onTicketChanged } from './on-ticket-changed.job.ts';
import { onUserRegistered } from './on-user-registered.job.ts';
import { onUserStatusChanged } from './on-user-status-changed.job.ts';
import { onVendorSubmitted } from './on-vendor-submitted.job.ts';
import { sendDigestsJob } from './send-digests.job.ts';
import { markNoticesRead } from './staff-notices/mark-notices-read.ts';
import { listNotices, unreadNotices } from './staff-notices/notice.queries.ts';
import { noticePreferences } from './staff-notices/notice-preference.queries.ts';
import { setNoticePreference } from './staff-notices/set-notice-preference.ts';
import { tidyNoticesJob } from './staff-notices/tidy-notices.job.ts';
import { tidySmsJob } from './tidy-sms.job.ts';
import { webhookJobs, webhookSubscriptions } from './webhooks/webhook-parts.ts';

const notices = [
  onAccountLocked,
  onAccountUnlocked,
  onBankAccountChanged,
  onContactChanged,
  onContactLeft,
  onGrantChanged,
  onIdentityChanged,
  onKycChanged,
  onLoginSucceeded,
  onMfaChanged,
  onOtpRequested,
  onPasskeyChanged,
  onPasswordChanged,
  onPasswordResetRequested,
  onPrivacyChanged,
  onProductChanged,
  onProfileChanged,
  onRecoveryCodeUsed,
  onRefreshReused,
  onRegistrationDuplicate,
  onRegistrationStarted,
  onRevisionChanged,
  onSessionRevoked,
  onStaffDisabled,
  onStaffInvited,
  onStoreChanged,
  onTicketChanged,
  onUserRegistered,
  onUserStatusChanged,
  onVendorSubmitted,
];

/** The worker's jobs of this module: one per kind of event, and the sending itself. */
export const notificationJobs: readonly AnyJobDefinition[] = [
  ...notices.map((notice) => notice.job),
  onStaffEventJob,
  deliverJob,
  failStuckJob,
  sendDigestsJob,
  tidySmsJob,
  tidyNoticesJob,
  ...webhookJobs,
];

/** Which events go to which of them. */
export const notificationSubscriptions: readonly EventSubscription[] = [
  ...notices.map((notice) => notice.subscription),
  onStaffEventSubscription,
  deliverSubscription,
  ...webhookSubscriptions,
];

/** Commands of staff on their own inbox. */
export const noticeCommands = { markNoticesRead, setNoticePreference };

/** A person's own inbox; the caller says whose. */
export const noticeQueries = { listNotices, unreadNotices, noticePreferences };

/** For the screens on which decisions are made: the message as the vendor will read it. */
export { previewDecision } from './decision-words.ts';
export { type DeliveryLine, listDeliveries, wasTold } from './delivery.queries.ts';
export { undeliveredCodesByDay } from './delivery-figures.queries.ts';
export { type DevInboxItem, devInbox } from './dev-inbox.queries.ts';
export { deliveryFailed } from './events.ts';
export { forgetMessagesOf } from './forget-messages.ts';
export { rewrapDeliveries } from './rewrap-deliveries.ts';
export { type SmsFigures, showSmsFigures, smsFigures } from './sms-figures.queries.ts';
export { isNoticeKind, noticeKindNames, noticeKinds } from './staff-notices/notice-kinds.ts';
export { previewTemplate, type TemplatePreview, templateChoices } from './template-preview.queries.ts';
export { rewrapWebhookKeys } from './webhooks/rewrap-webhook-keys.ts';
export {
  countBrokenWebhooks,
  listWebhookAttempts,
  listWebhooks,
  readWebhook,
  type WebhookAttemptItem,
  type WebhookItem,
  type WebhookState,
  type WebhookTry,
} from './webhooks/webhook.queries.ts';
export { webhookEvents } from './webhooks/webhook-events.ts';
export { webhookCommands } from './webhooks/webhook-parts.ts';
