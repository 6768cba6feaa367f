/** `doorStatus` replaces `status` where one door is specified differently; `alternativeStatus` may be chosen by the thrower. */
export type CatalogueEntry = {
  status: number;
  /** For developers; what people read is in foundation/i18n/locales under the same code. */
  title: string;
  doorStatus?: { api: number };
  alternativeStatus?: number;
};

/**
 * Every error the platform answers with. A code is permanent: it may be added, never renamed or reused. The sources are
 * auth-api.md sections 1 and 2, product.md section 7, back-office.md sections 2 to 8 and audit.md section 4.
 * `otp_format`, `account_number_invalid` and `file_type_refused` of product.md are overruled by auth-api.md section 1.9.
 */
export const catalogue = {
  // Request shape
  malformed_json: { status: 400, title: 'Body is not acceptable JSON' },
  bad_request: { status: 400, title: 'Request is contradictory or malformed' },
  idempotency_key_invalid: { status: 400, title: 'Idempotency-Key has a bad form' },
  unknown_filter: { status: 400, title: 'Filter is not on the allow-list' },
  unknown_sort: { status: 400, title: 'Sort is not on the allow-list' },
  invalid_filter: { status: 400, title: 'Filter value does not fit its type or operator' },
  invalid_paging: { status: 400, title: 'Page, page size or offset out of range' },
  query_too_broad: { status: 400, title: 'Query hit the statement timeout' },
  not_found: { status: 404, title: 'No such path or object' },
  provider_disabled: { status: 404, title: 'Google sign-in is not configured' },
  method_not_allowed: { status: 405, title: 'Method not allowed on this path' },
  gone: { status: 410, title: 'Address was withdrawn' },
  length_required: { status: 411, title: 'Content-Length is missing' },
  if_match_required: { status: 428, title: 'If-Match header is missing' },
  body_too_large: { status: 413, title: 'Body over the limit' },
  uri_too_long: { status: 414, title: 'Address over the limit' },
  unsupported_media_type: { status: 415, title: 'Content type or encoding not accepted' },
  file_type_not_allowed: { status: 415, title: 'File content is not of an accepted type' },

  // Fields
  validation_failed: { status: 422, title: 'Several fields are not valid' },
  required: { status: 422, title: 'Field is missing' },
  invalid_type: { status: 422, title: 'Field has the wrong JSON type' },
  invalid_value: { status: 422, title: 'Field value is not accepted' },
  too_short: { status: 422, title: 'Value is too short or too small' },
  too_long: { status: 422, title: 'Value is too long or too large' },
  unknown_field: { status: 422, title: 'Field is not known' },
  identifier_exactly_one: { status: 422, title: 'Exactly one of email and phone' },
  email_invalid: { status: 422, title: 'Not an acceptable email address' },
  phone_invalid: { status: 422, title: 'Not an acceptable mobile number' },
  phone_unsupported: { status: 422, title: 'No SMS route to this country' },
  password_too_short: { status: 422, title: 'Password below the minimum length' },
  password_too_long: { status: 422, title: 'Password above the maximum length' },
  password_too_similar: { status: 422, title: 'Password resembles the identifier or a name' },
  password_breached: { status: 422, title: 'Password is on the breach list' },
  password_unchanged: { status: 422, title: 'New password equals the current one' },
  password_mismatch: { status: 422, title: 'The two passwords differ' },
  otp_malformed: { status: 422, title: 'Code is not six digits' },
  name_invalid: { status: 422, title: 'Not an acceptable personal name' },
  country_unknown: { status: 422, title: 'Country is not in the reference list' },
  role_not_allowed: { status: 422, title: 'Role may not be chosen' },
  terms_version_unknown: { status: 422, title: 'Terms version is not known' },
  method_not_available: { status: 422, title: 'Factor or method is not available to this account' },
  flow_required: { status: 422, title: 'Neither flowId nor flow cookie' },
  idempotency_key_reused: { status: 422, title: 'Idempotency-Key used with another body' },
  store_name_reserved: { status: 422, title: 'Store name is reserved' },
  slug_invalid: { status: 422, title: 'Slug has a bad form' },
  tax_id_invalid: { status: 422, title: 'Tax id has a bad form' },
  nuban_invalid: { status: 422, title: 'Account number fails its form or check digit' },
  file_unsafe: { status: 422, title: 'File carries more than it shows' },
  document_number_invalid: { status: 422, title: 'Document number has a bad form' },
  price_invalid: { status: 422, title: 'Price out of range or precision' },
  commission_invalid: { status: 422, title: 'Commission is not 0 to 5000 basis points' },
  hours_invalid: { status: 422, title: 'Business hours have a bad form' },
  url_invalid: { status: 422, title: 'Not an acceptable https address' },
  reason_required: { status: 422, title: 'Action needs a reason code' },
  reason_too_short: { status: 422, title: 'Reason text under ten characters or empty of meaning' },
  ticket_required: { status: 422, title: 'Action needs a ticket or case' },
  ticket_unknown: { status: 422, title: 'No such ticket' },
  ticket_other_person: { status: 422, title: 'Ticket is about somebody else' },
  caller_check_required: { status: 422, title: 'Caller was not checked within the last 15 minutes' },
  view_names_person: { status: 422, title: 'Saved view would name a person' },
  export_too_large: { status: 422, title: 'More rows than the role may export' },

  // Who is calling
  token_missing: { status: 401, title: 'No access token' },
  token_invalid: { status: 401, title: 'Access token not acceptable' },
  /** 401 for an access token, 410 for the token of a link or reset (auth-api.md section 2.4). */
  token_expired: { status: 401, alternativeStatus: 410, title: 'Token expired, used or superseded' },
  session_revoked: { status: 401, title: 'Session has ended' },
  sign_in_required: { status: 401, title: 'Back office needs a full session' },
  client_invalid: { status: 401, title: 'API client unknown or not authenticated' },
  invalid_credentials: { status: 401, title: 'Identifier or secret is not right' },
  otp_invalid: { status: 401, title: 'Code is not right' },
  otp_expired: { status: 401, title: 'Code is over its life' },
  otp_exhausted: { status: 401, title: 'Code has no tries left' },
  mfa_invalid: { status: 401, title: 'Second factor is not right' },
  passkey_invalid: { status: 401, title: 'Passkey answer failed verification' },
  idtoken_invalid: { status: 401, title: 'Google ID token failed verification' },
  idtoken_replayed: { status: 401, title: 'Google ID token was used before' },
  refresh_token_invalid: { status: 401, title: 'Refresh token unknown, malformed or of another client' },
  refresh_token_expired: { status: 401, title: 'Refresh token over its life' },
  refresh_token_reused: { status: 401, title: 'Refresh token was used before; family ended' },

  // Google redirect leg
  pkce_required: { status: 400, title: 'PKCE S256 challenge missing or malformed' },
  return_to_not_allowed: { status: 400, title: 'returnTo is not registered' },
  oauth_state_invalid: { status: 400, title: 'State missing, wrong, used or of another browser' },
  handoff_invalid: { status: 400, title: 'Handoff expired, used or not of this client' },
  access_denied: { status: 403, title: 'Person declined at the provider' },
  provider_error: { status: 502, title: 'Provider answered with an error' },
  provider_email_unverified: { status: 403, title: 'Provider has not verified the email' },

  // May not
  forbidden: { status: 403, title: 'Access rule refuses' },
  origin_not_allowed: { status: 403, title: 'Origin is not on the list' },
  reauth_required: { status: 403, title: 'Fresh authentication needed' },
  step_up_required: { status: 403, title: 'Fresh second factor needed' },
  mfa_enrolment_required: { status: 403, title: 'Staff must enrol a second factor first' },
  account_suspended: { status: 403, title: 'Account is suspended' },
  account_frozen: { status: 403, title: 'Sensitive routes are frozen for now' },
  role_required: { status: 403, title: 'Route belongs to the other customer role' },
  verification_required: { status: 403, title: 'Registration is not verified yet' },
  password_disabled: { status: 403, title: 'Password sign-in is disabled here' },
  four_eyes: { status: 403, title: 'A second person must decide' },
  quota_exceeded: { status: 403, title: 'Daily quota used up' },
  conflict_of_interest: { status: 403, title: 'Person is tied to the record' },

  // State of things
  version_not_kept: { status: 409, title: 'Values of that version are not kept' },
  version_conflict: { status: 409, doorStatus: { api: 412 }, title: 'Record changed since it was read' },
  transition_not_allowed: { status: 409, title: 'State machine has no such transition' },
  subject_changed: { status: 409, title: 'Reviewed version is no longer current' },
  already_exists: { status: 409, title: 'Unique value is taken' },
  view_name_taken: { status: 409, title: 'A saved view has this name' },
  view_limit: { status: 409, title: 'Too many saved views of one list' },
  idempotency_in_progress: { status: 409, title: 'First call with this key still runs' },
  in_progress: { status: 409, title: 'First submit of this form still runs' },
  claimed_by_other: { status: 409, title: 'Another person holds the claim' },
  claim_limit: { status: 409, title: 'Person holds as many claims as allowed' },
  note_fixed: { status: 409, title: 'Note is past its edit time' },
  legal_hold: { status: 409, title: 'Legal hold blocks this' },
  identity_in_use: { status: 409, title: 'Provider identity belongs to another account' },
  identity_exists: { status: 409, title: 'Provider identity is linked already' },
  feature_disabled: { status: 409, title: 'Part of the product that is switched off' },
  last_credential: { status: 409, title: 'Would remove the last sign-in method' },
  no_password: { status: 409, title: 'Account has no password' },
  password_exists: { status: 409, title: 'Account has a password already' },
  totp_exists: { status: 409, title: 'Authenticator is enrolled already' },
  no_factor: { status: 409, title: 'No second factor enrolled' },
  passkey_exists: { status: 409, title: 'Passkey is registered already' },
  too_many_passkeys: { status: 409, title: 'Passkey limit reached' },
  contact_change_open: { status: 409, title: 'A contact change is open' },
  approval_open: { status: 409, title: 'A request of this kind is open' },
  proof_pending: { status: 409, title: 'Event is not sealed yet' },
  export_in_progress: { status: 409, title: 'An export is running' },
  erase_in_progress: { status: 409, title: 'An erasure is scheduled' },
  erase_blocked: { status: 409, title: 'Erasure blocked by a legal hold' },
  vendor_locked: { status: 409, title: 'Vendor profile not editable in this state' },
  vendor_incomplete: { status: 409, title: 'Vendor profile not complete' },
  vendor_not_approved: { status: 409, title: 'Vendor is not approved' },
  store_name_taken: { status: 409, title: 'Store name is taken' },
  bank_account_limit: { status: 409, title: 'Bank account limit reached' },
  bank_account_exists: { status: 409, title: 'Bank account is listed already' },
  kyc_in_review: { status: 409, title: 'KYC submission is in review' },
  product_limit: { status: 409, title: 'Product limit reached' },
  ticket_closed: { status: 409, title: 'Ticket is closed' },
  flow_expired: { status: 410, title: 'Flow finished, superseded, over-age or unknown' },
  challenge_expired: { status: 410, title: 'Challenge used, over-age or exhausted' },
  enrolment_expired: { status: 410, title: 'Enrolment is over-age' },
  export_expired: { status: 410, title: 'Export was downloaded or is over-age' },
  invite_expired: { status: 410, title: 'Invite used, withdrawn or over-age' },
  undo_expired: { status: 410, title: 'Undo time is over' },

  // Too much, or not now
  rate_limited: { status: 429, title: 'Rate limit reached' },
  otp_cooldown: { status: 429, title: 'Code asked for too soon' },
  mfa_locked: { status: 429, title: 'Second factors locked for now' },
  internal_error: { status: 500, title: 'Unexpected failure' },
  overloaded: { status: 503, title: 'Hashing queue is full' },
  unavailable: { status: 503, title: 'A needed part does not answer' },
  read_only: { status: 503, title: 'Read-only mode' },
  audit_unavailable: { status: 503, title: 'Action could not be recorded' },
} as const satisfies Record<string, CatalogueEntry>;

/** Permanent and machine-readable; the `code` member of every problem document. */
export type ErrorCode = keyof typeof catalogue;

export function isErrorCode(text: string): text is ErrorCode {
  return Object.hasOwn(catalogue, text);
}

export function catalogueEntry(code: ErrorCode): CatalogueEntry {
  return catalogue[code];
}
