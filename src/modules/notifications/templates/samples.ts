import type { TemplateVariables } from './variables.ts';

const at = '22 Nov 2026, 14:05 (Africa/Lagos)';
const shop = 'https://shop.fashionistar.example';
const notMeUrl = `${shop}/not-me#t=sample`;
const code = { code: '000000', minutes: 10 };
const factor = { factor: 'authenticator app', at, notMeUrl };
const provider = { provider: 'Google', at, notMeUrl };
const signIn = { device: 'Chrome on Linux', place: 'Nigeria', at, notMeUrl };

/** Made-up values for every template, for looking at the words: nobody's name, contact, code or link. */
export const samples: TemplateVariables = {
  otp_register: { ...code, link: `${shop}/verify#t=sample` },
  otp_login: code,
  otp_reset: code,
  otp_contact_change: code,
  otp_reauth: code,
  otp_link: code,
  already_have_account: { signInUrl: `${shop}/login`, resetUrl: `${shop}/forgot-password` },
  reset_link: { ...code, link: `${shop}/reset-password#t=sample`, linkMinutes: 30 },
  reset_use_google: { signInUrl: `${shop}/login` },
  welcome_client: { firstName: 'Adaobi', nextStepUrl: `${shop}/dashboard/client` },
  welcome_vendor: { firstName: 'Adaobi', nextStepUrl: `${shop}/onboarding` },
  password_changed: { at, notMeUrl },
  new_device: signIn,
  account_locked: { until: at, resetUrl: `${shop}/forgot-password` },
  account_unlocked: { signInUrl: `${shop}/login`, supportUrl: `${shop}/support` },
  session_family_revoked: signIn,
  session_evicted: { device: 'Chrome on Linux', at, sessionsUrl: `${shop}/account/sessions` },
  mfa_enabled: factor,
  mfa_disabled: factor,
  mfa_reset: factor,
  recovery_code_used: { left: 3, at, notMeUrl },
  recovery_codes_regenerated: { at, notMeUrl },
  provider_linked: provider,
  provider_unlinked: provider,
  passkey_added: factor,
  passkey_removed: factor,
  contact_changed_old: { maskedNew: 'a***@example.com', undoUrl: `${shop}/contact-undo#t=sample`, hours: 72 },
  contact_changed_new: { maskedOld: '+234***4567' },
  contact_change_undone: { at, supportUrl: `${shop}/support` },
  account_suspended: { reasonText: 'signs of fraud.', appealUrl: `${shop}/support` },
  account_reactivated: { signInUrl: `${shop}/login` },
  privacy_export_ready: { url: `${shop}/account/privacy`, hours: 24 },
  privacy_erase_scheduled: { dueDate: at, cancelUrl: `${shop}/account/privacy` },
  erase_cancelled: { at, supportUrl: `${shop}/support` },
  privacy_completed: { memberId: 'FASTAR000042', at },
  privacy_refused: { kind: 'erase', text: null, supportUrl: `${shop}/support` },
  privacy_received: { kind: 'restrict', dueDate: '22 December 2026', supportUrl: `${shop}/support` },
  privacy_extended: {
    kind: 'object',
    dueDate: '20 January 2027',
    text: 'Your request concerns records of three years.',
    supportUrl: `${shop}/support`,
  },
  privacy_answered: { kind: 'rectify', text: 'Your last name is Okonjo now.', supportUrl: `${shop}/support` },
  ticket_received: { number: 'T-100042', url: `${shop}/support/tickets/0199a000-0000-7000-8000-000000000001` },
  ticket_reply: { number: 'T-100042', url: `${shop}/support/tickets/0199a000-0000-7000-8000-000000000001` },
  ticket_resolved: { number: 'T-100042', url: `${shop}/support/tickets/0199a000-0000-7000-8000-000000000001`, isClosed: false },
  vendor_submitted: { storeName: 'Adire House', url: `${shop}/onboarding` },
  profile_edited_by_staff: { fields: ['first name', 'city'], supportUrl: `${shop}/support` },
  staff_invite: { roles: ['support', 'reviewer'], url: `${shop}/admin/enrol?token=sample`, hours: 24 },
  staff_grant_changed: { change: 'added', role: 'support', at },
  staff_new_device: { device: 'Chrome on Linux', place: 'Nigeria', at },
  staff_disabled: { at },
  staff_notice: { title: 'A background job failed for good and waits for a person', url: `${shop}/admin` },
};
