/** A code with its life, and for mail the link that does the same. */
type CodeVariables = { code: string; minutes: number };
/** `at` is ready to read, in the person's own time zone. */
type FactorVariables = { factor: string; at: string; notMeUrl: string };
type ProviderVariables = { provider: string; at: string; notMeUrl: string };
type SignInVariables = { device: string; place: string; at: string; notMeUrl: string };

type BankVariables = { bankName: string; last4: string; notMeUrl: string };
/** What a reviewer wrote to one field; the field reads as people say it. */
export type FieldNote = { field: string; note: string };

/** What a person asked about their data. */
export type PrivacyKind = 'export' | 'erase' | 'restrict' | 'object' | 'rectify';

/** What each template needs. The keys are the template ids of auth-api.md and product.md section 9. */
export type TemplateVariables = {
  otp_register: CodeVariables & { link: string | null };
  otp_login: CodeVariables;
  otp_reset: CodeVariables;
  otp_contact_change: CodeVariables;
  otp_reauth: CodeVariables;
  otp_link: CodeVariables;
  already_have_account: { signInUrl: string; resetUrl: string };
  reset_link: CodeVariables & { link: string; linkMinutes: number };
  reset_use_google: { signInUrl: string };
  welcome_client: { firstName: string | null; nextStepUrl: string };
  welcome_vendor: { firstName: string | null; nextStepUrl: string };
  password_changed: { at: string; notMeUrl: string };
  new_device: SignInVariables;
  account_locked: { until: string; resetUrl: string };
  account_unlocked: { signInUrl: string; supportUrl: string };
  session_family_revoked: SignInVariables;
  session_evicted: { device: string; at: string; sessionsUrl: string };
  mfa_enabled: FactorVariables;
  mfa_disabled: FactorVariables;
  mfa_reset: FactorVariables;
  recovery_codes_regenerated: { at: string; notMeUrl: string };
  recovery_code_used: { left: number; at: string; notMeUrl: string };
  provider_linked: ProviderVariables;
  provider_unlinked: ProviderVariables;
  passkey_added: FactorVariables;
  passkey_removed: FactorVariables;
  /** Contacts masked for their owner; `maskedOld` is null once the old one is forgotten. */
  contact_changed_old: { maskedNew: string; undoUrl: string; hours: number };
  contact_changed_new: { maskedOld: string | null };
  contact_change_undone: { at: string; supportUrl: string };
  account_suspended: { reasonText: string; appealUrl: string };
  account_reactivated: { signInUrl: string };
  privacy_export_ready: { url: string; hours: number };
  privacy_erase_scheduled: { dueDate: string; cancelUrl: string };
  erase_cancelled: { at: string; supportUrl: string };
  privacy_completed: { memberId: string; at: string };
  /** `text`: what staff wrote to the person; null where two members of staff denied an erasure. */
  privacy_refused: { kind: PrivacyKind; text: string | null; supportUrl: string };
  privacy_received: { kind: PrivacyKind; dueDate: string; supportUrl: string };
  privacy_extended: { kind: PrivacyKind; dueDate: string; text: string; supportUrl: string };
  /** `text`: of a rectification, what was corrected. */
  privacy_answered: { kind: PrivacyKind; text: string | null; supportUrl: string };
  ticket_received: { number: string; url: string };
  ticket_reply: { number: string; url: string };
  /** `isClosed`: closed early, so that an answer opens it no more. */
  ticket_resolved: { number: string; url: string; isClosed: boolean };
  vendor_submitted: { storeName: string; url: string };
  /** `reasonText` and `notes`: word for word what the reviewer wrote and saw in the preview. */
  vendor_changes_requested: { storeName: string; reasonText: string | null; notes: readonly FieldNote[]; notesUrl: string };
  vendor_approved: { storeName: string; reasonText: string | null; url: string };
  vendor_rejected: { storeName: string; reasonText: string | null; notes: readonly FieldNote[]; supportUrl: string };
  vendor_suspended: { storeName: string; reasonText: string | null; supportUrl: string };
  vendor_reactivated: { storeName: string; url: string };
  vendor_closed: { storeName: string; supportUrl: string };
  kyc_received: { url: string };
  kyc_approved: { reasonText: string | null; url: string };
  kyc_resubmit: { reasonText: string | null; notes: readonly FieldNote[]; url: string };
  kyc_rejected: { reasonText: string | null; notes: readonly FieldNote[]; supportUrl: string };
  bank_added: BankVariables;
  bank_verified: BankVariables;
  bank_failed: BankVariables;
  bank_changed: BankVariables & { isRemoved: boolean };
  /** `isChange`: of a product that was live before, by a revision. */
  product_published: { title: string; isChange: boolean; reasonText: string | null; url: string };
  product_changes_requested: { title: string; reasonText: string | null; notes: readonly FieldNote[]; url: string };
  product_rejected: { title: string; isChange: boolean; reasonText: string | null; notes: readonly FieldNote[]; url: string };
  /** `now`: the new price or number in stock; null where the product was deleted or restored. */
  product_edited_by_staff: {
    title: string;
    change: 'price' | 'stock' | 'deleted' | 'restored';
    now: string | null;
    url: string;
    supportUrl: string;
  };
  product_taken_down: { title: string; isArchived: boolean; reasonText: string | null; url: string };
  suggestion_proposed: { title: string; url: string };
  /** What happened to products within the hour, for phones. */
  product_digest: {
    published: number;
    toChange: number;
    rejected: number;
    takenDown: number;
    edited: number;
    suggestions: number;
    url: string;
  };
  profile_edited_by_staff: { fields: readonly string[]; supportUrl: string };
  staff_invite: { roles: readonly string[]; url: string; hours: number };
  staff_grant_changed: { change: 'added' | 'revoked' | 'expired'; role: string; at: string };
  staff_new_device: { device: string; place: string; at: string };
  staff_disabled: { at: string };
  /** The title of a notice of the inbox, which names no customer, and the address of the record in the back office. */
  staff_notice: { title: string; url: string };
};

export type TemplateId = keyof TemplateVariables;
