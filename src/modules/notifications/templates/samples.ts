import type { TemplateVariables } from './variables.ts';

const at = '22 Nov 2026, 14:05 (Africa/Lagos)';
const shop = 'https://shop.fashionistar.example';
const notMeUrl = `${shop}/not-me#t=sample`;
const code = { code: '000000', minutes: 10 };
const factor = { factor: 'authenticator app', at, notMeUrl };
const provider = { provider: 'Google', at, notMeUrl };
const signIn = { device: 'Chrome on Linux', place: 'Nigeria', at, notMeUrl };

const storeName = 'Adire House';
const title = 'Indigo wrapper, two yards';
const reasonText = 'Please tell customers where you sew and how long an order takes.';
const notes = [{ field: 'description', note: 'Two or three sentences are enough.' }];
const bank = { bankName: 'Sample Bank', last4: '0042', notMeUrl };

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
  vendor_changes_requested: { storeName, reasonText, notes, notesUrl: `${shop}/onboarding` },
  vendor_approved: { storeName, reasonText: null, url: `${shop}/dashboard/vendor` },
  vendor_rejected: { storeName, reasonText, notes: [], supportUrl: `${shop}/support` },
  vendor_suspended: { storeName, reasonText, supportUrl: `${shop}/support` },
  vendor_reactivated: { storeName, url: `${shop}/dashboard/vendor` },
  vendor_closed: { storeName, supportUrl: `${shop}/support` },
  kyc_received: { url: `${shop}/onboarding/documents` },
  kyc_approved: { reasonText: null, url: `${shop}/onboarding` },
  kyc_resubmit: {
    reasonText: 'The photo of your card is cut off.',
    notes: [{ field: 'NIN card', note: 'All four corners must be seen.' }],
    url: `${shop}/onboarding/documents`,
  },
  kyc_rejected: { reasonText: 'The name on the document is another one than yours.', notes: [], supportUrl: `${shop}/support` },
  bank_added: bank,
  bank_verified: bank,
  bank_failed: bank,
  bank_changed: { ...bank, isRemoved: false },
  product_published: { title, isChange: false, reasonText: null, url: `${shop}/products/indigo-wrapper` },
  product_changes_requested: {
    title,
    reasonText: 'Please show the whole cloth.',
    notes: [{ field: 'images', note: 'The second one is blurred.' }],
    url: `${shop}/dashboard/vendor/products`,
  },
  product_rejected: {
    title,
    isChange: false,
    reasonText: 'The pattern carries the name of another brand.',
    notes: [],
    url: `${shop}/dashboard/vendor/products`,
  },
  product_taken_down: {
    title,
    isArchived: false,
    reasonText: 'Several customers got another cloth than shown.',
    url: `${shop}/dashboard/vendor/products`,
  },
  product_edited_by_staff: {
    title,
    change: 'price',
    now: 'NGN 15000.00',
    url: `${shop}/dashboard/vendor/products`,
    supportUrl: `${shop}/support`,
  },
  suggestion_proposed: { title, url: `${shop}/dashboard/vendor/products` },
  product_digest: {
    published: 2,
    toChange: 1,
    rejected: 0,
    takenDown: 0,
    edited: 0,
    suggestions: 1,
    url: `${shop}/dashboard/vendor/products`,
  },
  profile_edited_by_staff: { fields: ['first name', 'city'], supportUrl: `${shop}/support` },
  staff_invite: { roles: ['support', 'reviewer'], url: `${shop}/admin/enrol?token=sample`, hours: 24 },
  staff_grant_changed: { change: 'added', role: 'support', at },
  staff_new_device: { device: 'Chrome on Linux', place: 'Nigeria', at },
  staff_disabled: { at },
  staff_notice: { title: 'A background job failed for good and waits for a person', url: `${shop}/admin` },
};
