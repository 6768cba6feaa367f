// Made by `npm run client-types` from the routes, their schemas and the error catalogue. Not to be edited: a test compares it.

/** Permanent codes of problems; the contract of every failure. */
export const problemCodes = [
  'malformed_json',
  'bad_request',
  'idempotency_key_invalid',
  'unknown_filter',
  'unknown_sort',
  'invalid_filter',
  'invalid_paging',
  'query_too_broad',
  'not_found',
  'provider_disabled',
  'method_not_allowed',
  'gone',
  'length_required',
  'if_match_required',
  'body_too_large',
  'uri_too_long',
  'unsupported_media_type',
  'file_type_not_allowed',
  'validation_failed',
  'required',
  'invalid_type',
  'invalid_value',
  'too_short',
  'too_long',
  'unknown_field',
  'identifier_exactly_one',
  'email_invalid',
  'phone_invalid',
  'phone_unsupported',
  'password_too_short',
  'password_too_long',
  'password_too_similar',
  'password_breached',
  'password_unchanged',
  'password_mismatch',
  'otp_malformed',
  'name_invalid',
  'country_unknown',
  'role_not_allowed',
  'terms_version_unknown',
  'method_not_available',
  'flow_required',
  'idempotency_key_reused',
  'store_name_reserved',
  'slug_invalid',
  'tax_id_invalid',
  'nuban_invalid',
  'file_unsafe',
  'document_number_invalid',
  'price_invalid',
  'commission_invalid',
  'hours_invalid',
  'url_invalid',
  'reason_required',
  'reason_too_short',
  'ticket_required',
  'ticket_unknown',
  'ticket_other_person',
  'caller_check_required',
  'view_names_person',
  'export_too_large',
  'token_missing',
  'token_invalid',
  'token_expired',
  'session_revoked',
  'sign_in_required',
  'client_invalid',
  'invalid_credentials',
  'otp_invalid',
  'otp_expired',
  'otp_exhausted',
  'mfa_invalid',
  'passkey_invalid',
  'idtoken_invalid',
  'idtoken_replayed',
  'refresh_token_invalid',
  'refresh_token_expired',
  'refresh_token_reused',
  'pkce_required',
  'return_to_not_allowed',
  'oauth_state_invalid',
  'handoff_invalid',
  'access_denied',
  'provider_error',
  'provider_email_unverified',
  'forbidden',
  'origin_not_allowed',
  'reauth_required',
  'step_up_required',
  'mfa_enrolment_required',
  'account_suspended',
  'account_frozen',
  'role_required',
  'verification_required',
  'password_disabled',
  'four_eyes',
  'quota_exceeded',
  'conflict_of_interest',
  'version_not_kept',
  'version_conflict',
  'transition_not_allowed',
  'subject_changed',
  'already_exists',
  'view_name_taken',
  'view_limit',
  'idempotency_in_progress',
  'in_progress',
  'claimed_by_other',
  'claim_limit',
  'note_fixed',
  'legal_hold',
  'identity_in_use',
  'identity_exists',
  'feature_disabled',
  'last_credential',
  'no_password',
  'password_exists',
  'totp_exists',
  'no_factor',
  'passkey_exists',
  'too_many_passkeys',
  'contact_change_open',
  'approval_open',
  'proof_pending',
  'export_in_progress',
  'erase_in_progress',
  'erase_blocked',
  'vendor_locked',
  'vendor_incomplete',
  'vendor_not_approved',
  'store_name_taken',
  'bank_account_limit',
  'bank_account_exists',
  'kyc_in_review',
  'product_limit',
  'ticket_closed',
  'flow_expired',
  'challenge_expired',
  'enrolment_expired',
  'export_expired',
  'invite_expired',
  'undo_expired',
  'rate_limited',
  'otp_cooldown',
  'mfa_locked',
  'internal_error',
  'overloaded',
  'unavailable',
  'read_only',
  'audit_unavailable',
] as const;

export type ProblemCode = (typeof problemCodes)[number];

export type Pending = { "message": string; "flowId": string; "channel": 'email' | 'sms'; "destination": string; "expiresIn": number; "resendIn": number };

export type Problem = { "type": string; "title": string; "status": number; "detail": string; "code": string; "requestId": string; "errors"?: readonly ({ "path": string; "code": string; "message": string })[] | undefined; "flowId"?: string | undefined; "retryAfter"?: number | undefined; "methods"?: readonly (string)[] | undefined; "alternatives"?: readonly (string)[] | undefined };

export type TokenSet = { "message": string; "tokenType": 'Bearer'; "accessToken": string; "expiresIn": number; "refreshToken"?: string | undefined; "refreshExpiresAt": string; "deviceToken"?: string | undefined; "created"?: boolean | undefined; "session": Session; "user": SignedInUser };

export type Session = { "id": string; "acr": 'aal1' | 'aal2'; "amr": readonly (string)[]; "authTime": string; "createdAt": string; "expiresAt": string };

export type SignedInUser = { "id": string; "memberId": string; "role": 'client' | 'vendor'; "authMethod": 'email' | 'phone' | 'google'; "firstName": string | null; "lastName": string | null; "identifier": string; "vendorStatus": 'draft' | 'submitted' | 'in_review' | 'changes_requested' | 'approved' | 'rejected' | 'suspended' | 'closed' | null; "dashboardEntrypoint": '/dashboard/client' | '/dashboard/vendor' | '/onboarding' };

export type MfaRequired = { "message": string; "mfaRequired": true; "challengeId": string; "methods": readonly ('totp' | 'passkey' | 'recovery_code')[]; "expiresIn": number };

export type LoginTokenSet = { "message": string; "tokenType": 'Bearer'; "accessToken": string; "expiresIn": number; "refreshToken"?: string | undefined; "refreshExpiresAt": string; "deviceToken"?: string | undefined; "created"?: boolean | undefined; "session": Session; "user": SignedInUser; "access"?: string | undefined; "refresh"?: string | undefined; "role"?: 'client' | 'vendor' | undefined };

export type PublicKeyCredentialRequestOptionsJSON = { "challenge": string; "rpId": string; "timeout": number; "userVerification": 'required'; "allowCredentials"?: readonly ({ "id": string; "type": 'public-key'; "transports"?: readonly (string)[] | undefined })[] | undefined };

export type AuthenticationResponseJSON = { "id": string; "rawId": string; "type": string; "response": { "clientDataJSON": string; "authenticatorData": string; "signature": string; "userHandle"?: string | null | undefined } };

export type PasskeyRequest = { "challengeId": string; "options": PublicKeyCredentialRequestOptionsJSON; "expiresIn": number };

export type LinkRequired = { "message": string; "linkRequired": true; "flowId": string; "methods": readonly ('password' | 'otp' | 'passkey')[]; "destination": string; "expiresIn": number };

export type OpenedCase = { "message": string; "caseId": string };

export type AuthConfig = { "methods": readonly ('password' | 'otp' | 'passkey' | 'google')[]; "roles": readonly ('client' | 'vendor')[]; "password": { "minLength": number; "maxLength": number }; "otp": { "length": 6; "emailTtl": number; "smsTtl": number; "resendIn": number }; "google": { "enabled": boolean; "clientId": string | null }; "smsCountries": readonly (string)[]; "defaultCountry": string; "terms": { "version": string; "url": string }; "locales": readonly (string)[] };

export type Account = { "id": string; "memberId": string; "role": 'client' | 'vendor'; "authMethod": 'email' | 'phone' | 'google'; "email": string | null; "phone": string | null; "emailVerified": boolean; "phoneVerified": boolean; "firstName": string | null; "lastName": string | null; "avatarUrl": string | null; "bio": string | null; "countryCode": string | null; "state": string | null; "city": string | null; "address": string | null; "language": string; "timezone": string | null; "marketingConsent": boolean; "hasPassword": boolean; "mfa": { "totp": boolean; "passkeys": number; "recoveryCodesLeft": number }; "status": string; "frozenUntil": string | null; "termsVersion": string | null; "createdAt": string; "lastSignInAt": string | null; "version": number };

export type ContactChangeAsked = { "message": string; "requestId": string; "status": 'requested'; "newContact": string; "expiresAt": string };

export type ContactChange = { "requestId": string; "status": 'requested' | 'awaiting_proof' | 'denied' | 'cancelled' | 'expired' | 'executed' | 'undone'; "newContact": string; "flowId": string | null; "expiresAt": string };

export type ContactChangeDone = { "message": string; "requestId": string; "status": 'executed' };

export type Identity = { "id": string; "provider": 'google' | 'facebook'; "email": string; "linkedAt": string; "lastUsedAt": string | null };

export type AccountSession = { "id": string; "current": boolean; "clientId": string | null; "deviceLabel": string | null; "browser": string | null; "os": string | null; "place": string | null; "ip": string | null; "acr": 'aal1' | 'aal2'; "createdAt": string; "lastSeenAt": string; "expiresAt": string };

export type MfaState = { "totp": { "enabled": boolean; "enabledAt": string | null }; "passkeys": number; "recoveryCodesLeft": number; "methods": readonly ('totp' | 'passkey' | 'recovery_code')[] };

export type PublicKeyCredentialCreationOptionsJSON = { "challenge": string; "rp": { "id": string; "name": string }; "user": { "id": string; "name": string; "displayName": string }; "pubKeyCredParams": readonly ({ "type": 'public-key'; "alg": number })[]; "timeout": number; "excludeCredentials": readonly ({ "id": string; "type": 'public-key'; "transports"?: readonly (string)[] | undefined })[]; "authenticatorSelection": { "residentKey": 'required'; "requireResidentKey": true; "userVerification": 'required' }; "attestation": 'none' };

export type Passkey = { "id": string; "name": string; "aaguidName": string | null; "backedUp": boolean; "createdAt": string; "lastUsedAt": string | null };

export type RegistrationResponseJSON = { "id": string; "rawId": string; "type": string; "response": { "clientDataJSON": string; "attestationObject": string; "transports"?: readonly (string)[] | null | undefined } };

export type TrustedDevice = { "id": string; "label": string; "place": string; "trustedUntil": string; "lastSeenAt": string };

export type SecurityEventPage = { "items": readonly (SecurityEvent)[]; "nextCursor": string | null };

export type SecurityEvent = { "id": string; "type": string; "at": string; "outcome": 'success' | 'failed'; "deviceLabel": string | null; "place": string | null; "ip": string | null; "sessionId": string | null; "sealed": boolean };

export type SecurityEventProof = { "leafHash": string; "index": number; "treeSize": number; "path": readonly (string)[]; "checkpoint": { "root": string; "signedAt": string; "kid": string; "signature": string } };

export type Consent = { "purpose": 'terms' | 'marketing' | 'analytics'; "version": string; "granted": boolean; "at": string };

export type Export = { "exportId": string; "status": 'pending' | 'ready' | 'downloaded' | 'expired' | 'failed'; "createdAt": string; "expiresAt": string | null };

export type Erasure = { "requestId": string; "status": 'scheduled' | 'awaiting_approval'; "effectiveAt": string };

export type Client = { "id": string; "preferredSize": 'XS' | 'S' | 'M' | 'L' | 'XL' | 'XXL' | 'XXXL' | null; "bodyType": string | null; "stylePreferences": readonly (string)[]; "favouriteColours": readonly (string)[]; "occasionPreferences": readonly (string)[]; "emailNotificationsEnabled": boolean; "smsNotificationsEnabled": boolean; "defaultShippingAddress": string | null; "loyaltyTier": 'standard' | 'silver' | 'gold' | 'platinum'; "version": number };

export type Vendor = { "id": string; "storeSlug": string | null; "status": 'draft' | 'submitted' | 'in_review' | 'changes_requested' | 'approved' | 'rejected' | 'suspended' | 'closed'; "storeName": string | null; "tagline": string | null; "description": string | null; "businessType": 'sole_trader' | 'registered_business' | 'fashion_house' | 'tailor' | 'designer' | null; "countryCode": string | null; "state": string | null; "city": string | null; "address": string | null; "taxId": string | null; "collections": readonly (string)[]; "websiteUrl": string | null; "instagramUrl": string | null; "tiktokUrl": string | null; "businessHours": BusinessHours; "completeness": { "percent": number; "missing": readonly (string)[] }; "review": { "reasonCode": string | null; "reasonText": string | null; "notes": readonly ({ "field": string; "note": string })[] } | null; "submittedAt": string | null; "reviewedAt": string | null; "version": number };

export type BusinessHours = { "mon"?: { "open": string; "close": string } | null | undefined; "tue"?: { "open": string; "close": string } | null | undefined; "wed"?: { "open": string; "close": string } | null | undefined; "thu"?: { "open": string; "close": string } | null | undefined; "fri"?: { "open": string; "close": string } | null | undefined; "sat"?: { "open": string; "close": string } | null | undefined; "sun"?: { "open": string; "close": string } | null | undefined } | null;

export type VendorInput = { "storeName": string; "tagline"?: string | null | undefined; "description": string; "businessType": 'sole_trader' | 'registered_business' | 'fashion_house' | 'tailor' | 'designer'; "countryCode": string; "state": string; "city": string; "address": string; "taxId"?: string | null | undefined; "collections"?: readonly (string)[] | null | undefined; "websiteUrl"?: string | null | undefined; "instagramUrl"?: string | null | undefined; "tiktokUrl"?: string | null | undefined; "businessHours"?: BusinessHours | undefined };

export type StoredFile = { "fileId": string; "contentType": 'image/jpeg' | 'image/png' | 'image/webp' | 'application/pdf'; "bytes": number; "sha256": string };

export type Kyc = { "id": string | null; "status": 'draft' | 'submitted' | 'in_review' | 'approved' | 'resubmit' | 'rejected'; "reviewNotes": string | null; "documents": readonly ({ "id": string; "type": 'nin_card' | 'bvn_slip' | 'passport' | 'drivers_licence' | 'voters_card' | 'selfie' | 'cac_certificate' | 'utility_bill'; "last4": string | null; "status": 'uploaded' | 'accepted' | 'refused' })[]; "version": number };

export type KycInput = { "legalName": string; "documents": readonly ({ "type": 'nin_card' | 'bvn_slip' | 'passport' | 'drivers_licence' | 'voters_card' | 'selfie' | 'cac_certificate' | 'utility_bill'; "documentNumber"?: string | null | undefined; "fileId": string })[] };

export type VendorSettings = { "orderMode": 'auto' | 'manual'; "notifyOrders": boolean; "notifyReviews": boolean; "holidayFrom": string | null; "holidayTo": string | null; "returnDays": number; "version": number };

export type VendorSettingsInput = { "orderMode": 'auto' | 'manual'; "notifyOrders": boolean; "notifyReviews": boolean; "holidayFrom"?: string | null | undefined; "holidayTo"?: string | null | undefined; "returnDays": number };

export type BankAccountPage = { "items": readonly (BankAccount)[]; "nextCursor": string | null };

export type BankAccount = { "id": string; "bankName": string; "accountLast4": string; "accountName": string; "isDefault": boolean; "verificationStatus": 'pending' | 'verified' | 'failed' };

export type BankAccountRequested = { "message": string; "requestId": string; "status": 'requested' };

export type ProductPage = { "items": readonly (Product)[]; "nextCursor": string | null };

export type Product = { "id": string; "slug": string; "status": 'draft' | 'pending' | 'in_review' | 'published' | 'changes_requested' | 'rejected' | 'archived' | 'suspended'; "title": string; "description": string | null; "categoryCodes": readonly (string)[]; "tags": readonly (string)[]; "price": string; "oldPrice": string | null; "currency": string; "stockQty": number; "condition": 'new' | 'used' | 'refurbished'; "genderTarget": 'men' | 'women' | 'unisex' | 'boys' | 'girls' | 'kids'; "requiresMeasurement": boolean; "isPreOrder": boolean; "preOrderDate": string | null; "metaTitle": string | null; "metaDescription": string | null; "styleTags": readonly (string)[]; "occasionTags": readonly (string)[]; "images": readonly ({ "fileId": string; "alt": string | null; "isCover": boolean })[]; "review": { "reasonCode": string | null; "reasonText": string | null; "notes": readonly ({ "field": string; "note": string })[] } | null; "pendingRevisionId": string | null; "suggestions": number; "liveRevision": number; "submittedAt": string | null; "publishedAt": string | null; "createdAt": string; "updatedAt": string; "version": number };

export type ProductInput = { "title": string; "description"?: string | null | undefined; "categoryCodes"?: readonly (string)[] | undefined; "tags"?: readonly (string)[] | undefined; "price": string | number; "oldPrice"?: string | number | null | undefined; "currency"?: string | undefined; "stockQty"?: number | undefined; "condition"?: 'new' | 'used' | 'refurbished' | undefined; "genderTarget"?: 'men' | 'women' | 'unisex' | 'boys' | 'girls' | 'kids' | undefined; "requiresMeasurement"?: boolean | undefined; "isPreOrder"?: boolean | undefined; "preOrderDate"?: string | null | undefined; "metaTitle"?: string | null | undefined; "metaDescription"?: string | null | undefined; "styleTags"?: readonly (string)[] | undefined; "occasionTags"?: readonly (string)[] | undefined; "images"?: readonly ({ "fileId": string; "alt"?: string | null | undefined; "isCover"?: boolean | undefined })[] | undefined };

export type ProductEditWaiting = { "message": string; "revisionId": string; "product": Product };

export type ProductPatch = { "title"?: string | undefined; "description"?: string | null | undefined; "categoryCodes"?: readonly (string)[] | undefined; "tags"?: readonly (string)[] | undefined; "price"?: string | number | undefined; "oldPrice"?: string | number | null | undefined; "currency"?: string | undefined; "stockQty"?: number | undefined; "condition"?: 'new' | 'used' | 'refurbished' | undefined; "genderTarget"?: 'men' | 'women' | 'unisex' | 'boys' | 'girls' | 'kids' | undefined; "requiresMeasurement"?: boolean | undefined; "isPreOrder"?: boolean | undefined; "preOrderDate"?: string | null | undefined; "metaTitle"?: string | null | undefined; "metaDescription"?: string | null | undefined; "styleTags"?: readonly (string)[] | undefined; "occasionTags"?: readonly (string)[] | undefined; "images"?: readonly ({ "fileId": string; "alt"?: string | null | undefined; "isCover"?: boolean | undefined })[] | undefined };

export type ProductRevisionPage = { "items": readonly (ProductRevision)[]; "nextCursor": string | null };

export type ProductRevision = { "id": string; "kind": 'vendor_edit' | 'suggestion'; "status": 'draft' | 'proposed' | 'accepted' | 'partly_accepted' | 'rejected' | 'withdrawn' | 'superseded'; "changes": readonly ({ "field": string; "old"?: unknown | undefined; "new"?: unknown | undefined })[]; "acceptedFields": readonly (string)[]; "note": string | null; "createdAt": string; "decidedAt": string | null; "version": number };

export type TicketPage = { "items": readonly ({ "id": string; "number": string; "status": 'open' | 'in_progress' | 'awaiting_customer' | 'awaiting_vendor' | 'resolved' | 'closed'; "priority": 'low' | 'medium' | 'high' | 'urgent'; "category": 'account_access' | 'order_dispute' | 'payment_issue' | 'product_complaint' | 'vendor_conduct' | 'delivery_problem' | 'refund_request' | 'measurement_issue' | 'privacy' | 'general'; "title": string; "createdAt": string })[]; "nextCursor": string | null };

export type Ticket = { "id": string; "number": string; "status": 'open' | 'in_progress' | 'awaiting_customer' | 'awaiting_vendor' | 'resolved' | 'closed'; "priority": 'low' | 'medium' | 'high' | 'urgent'; "category": 'account_access' | 'order_dispute' | 'payment_issue' | 'product_complaint' | 'vendor_conduct' | 'delivery_problem' | 'refund_request' | 'measurement_issue' | 'privacy' | 'general'; "title": string; "createdAt": string; "messages": readonly ({ "id": string; "from": 'customer' | 'support'; "body": string; "sentAt": string })[] };

export type NewTicket = { "category": 'account_access' | 'order_dispute' | 'payment_issue' | 'product_complaint' | 'vendor_conduct' | 'delivery_problem' | 'refund_request' | 'measurement_issue' | 'privacy' | 'general'; "title": string; "body": string; "orderId"?: string | null | undefined };

export type CountryPage = { "items": readonly (Country)[]; "page": number; "pageSize": number; "total": number };

export type Country = { "id": string; "iso2": string; "iso3": string; "name": string; "capital": string | null; "region": string | null; "currency": string | null; "callingCode": string | null; "flag": string | null };

export type StorefrontVendor = { "slug": string; "storeName": string; "tagline": string | null; "description": string | null; "countryCode": string | null; "state": string | null; "city": string | null; "collections": readonly (string)[]; "websiteUrl": string | null; "instagramUrl": string | null; "tiktokUrl": string | null; "businessHours": BusinessHours; "isFeatured": boolean; "holiday": { "from": string; "to": string } | null; "logoUrl": string | null; "coverUrl": string | null; "productCount": number };

export type StorefrontCategories = { "items": readonly ({ "code": string; "name": string; "parentCode": string | null })[] };

export type StorefrontProductPage = { "items": readonly (StorefrontProductLine)[]; "nextCursor": string | null };

export type StorefrontProductLine = { "id": string; "slug": string; "title": string; "price": string; "oldPrice": string | null; "currency": string; "condition": 'new' | 'used' | 'refurbished'; "genderTarget": 'men' | 'women' | 'unisex' | 'boys' | 'girls' | 'kids'; "inStock": boolean; "requiresMeasurement": boolean; "isPreOrder": boolean; "preOrderDate": string | null; "isFeatured": boolean; "vendor": { "slug": string; "storeName": string }; "publishedAt": string; "categoryCodes": readonly (string)[]; "image": { "url": string; "alt": string | null } | null };

export type StorefrontProduct = { "id": string; "slug": string; "title": string; "price": string; "oldPrice": string | null; "currency": string; "condition": 'new' | 'used' | 'refurbished'; "genderTarget": 'men' | 'women' | 'unisex' | 'boys' | 'girls' | 'kids'; "inStock": boolean; "requiresMeasurement": boolean; "isPreOrder": boolean; "preOrderDate": string | null; "isFeatured": boolean; "vendor": { "slug": string; "storeName": string }; "publishedAt": string; "description": string | null; "categories": readonly ({ "code": string; "name": string })[]; "tags": readonly (string)[]; "styleTags": readonly (string)[]; "occasionTags": readonly (string)[]; "metaTitle": string | null; "metaDescription": string | null; "images": readonly ({ "url": string; "alt": string | null; "isCover": boolean })[] };

export type ServerMetadata = { "issuer": string; "jwks_uri": string; "introspection_endpoint": string; "revocation_endpoint": string; "subject_types_supported": readonly (string)[]; "id_token_signing_alg_values_supported": readonly (string)[]; "access_token_signing_alg_values_supported": readonly (string)[]; "acr_values_supported": readonly (string)[]; "claims_supported": readonly (string)[] };

/** Every operation by its method and its path below /api/v1: what it takes and, by status, what it answers. */
export type Operations = {
  /** Start a registration. */
  'POST /auth/register': {
    params: null;
    query: null;
    body: { "email"?: string | null | undefined; "phone"?: string | null | undefined; "country"?: string | undefined; "password": string; "role"?: string | undefined; "firstName"?: string | undefined; "lastName"?: string | undefined; "locale"?: 'en' | 'yo' | 'ha' | 'ig' | undefined; "termsVersion"?: string | undefined; "marketingConsent"?: boolean | undefined };
    replies: { 202: Pending };
  };
  /** Finish a registration. */
  'POST /auth/register/verify': {
    params: null;
    query: null;
    body: { "flowId": string; "code": string } | { "token": string; "password": string };
    replies: { 201: TokenSet };
  };
  /** Send a sign-in code. */
  'POST /auth/otp/send': {
    params: null;
    query: null;
    body: { "email"?: string | null | undefined; "phone"?: string | null | undefined; "country"?: string | undefined; "purpose"?: 'login' | undefined };
    replies: { 202: Pending };
  };
  /** Send the code of a flow again. */
  'POST /auth/otp/resend': {
    params: null;
    query: null;
    body: { "flowId": string };
    replies: { 202: Pending };
  };
  /** Sign in with a code. */
  'POST /auth/otp/verify': {
    params: null;
    query: null;
    body: { "flowId": string; "code": string };
    replies: { 200: TokenSet | MfaRequired };
  };
  /** Sign in with a password. */
  'POST /auth/login': {
    params: null;
    query: null;
    body: { "email"?: string | null | undefined; "phone"?: string | null | undefined; "country"?: string | undefined; "phone_number"?: string | null | undefined; "password": string };
    replies: { 200: LoginTokenSet | MfaRequired };
  };
  /** Choose the second factor. */
  'POST /auth/mfa/challenge': {
    params: null;
    query: null;
    body: { "challengeId": string; "method": 'totp' | 'passkey' | 'recovery_code' };
    replies: { 200: { "challengeId": string; "method": 'totp' | 'passkey' | 'recovery_code'; "expiresIn": number; "options"?: PublicKeyCredentialRequestOptionsJSON | undefined } };
  };
  /** Give the second factor. */
  'POST /auth/mfa/verify': {
    params: null;
    query: null;
    body: { "method": 'totp'; "code": string; "challengeId": string; "trustDevice"?: boolean | undefined } | { "method": 'recovery_code'; "code": string; "challengeId": string; "trustDevice"?: boolean | undefined } | { "method": 'passkey'; "response": AuthenticationResponseJSON; "challengeId": string; "trustDevice"?: boolean | undefined };
    replies: { 200: TokenSet };
  };
  /** Begin to sign in with a passkey. */
  'POST /auth/passkeys/authenticate/options': {
    params: null;
    query: null;
    body: Record<string, never>;
    replies: { 200: PasskeyRequest };
  };
  /** Sign in with a passkey. */
  'POST /auth/passkeys/authenticate/verify': {
    params: null;
    query: null;
    body: { "challengeId": string; "response": AuthenticationResponseJSON };
    replies: { 200: TokenSet };
  };
  /** Start signing in with Google. */
  'GET /auth/google/start': {
    params: null;
    query: { "clientId"?: string | undefined; "returnTo"?: string | undefined; "codeChallenge"?: string | undefined; "codeChallengeMethod"?: string | undefined; "intent"?: 'login' | 'link' | 'reauth' | undefined; "role"?: string | undefined; "termsVersion"?: string | undefined };
    body: null;
    replies: { 302: null };
  };
  /** Come back from Google. */
  'GET /auth/google/callback': {
    params: null;
    query: { "state"?: string | undefined; "code"?: string | undefined; "error"?: string | undefined; "iss"?: string | undefined };
    body: null;
    replies: { 302: null };
  };
  /** Finish signing in with Google. */
  'POST /auth/handoff': {
    params: null;
    query: null;
    body: { "handoff": string; "codeVerifier": string };
    replies: { 200: TokenSet | MfaRequired | LinkRequired };
  };
  /** Get a nonce for a Google ID token. */
  'POST /auth/google/nonce': {
    params: null;
    query: null;
    body: Record<string, never>;
    replies: { 200: { "nonce": string; "expiresIn": number } };
  };
  /** Sign in with a Google ID token. */
  'POST /auth/google/id-token': {
    params: null;
    query: null;
    body: { "idToken": string; "nonce": string; "role"?: string | undefined; "termsVersion"?: string | null | undefined };
    replies: { 200: TokenSet | MfaRequired | LinkRequired };
  };
  /** Prove an existing account and link Google to it. */
  'POST /auth/link/complete': {
    params: null;
    query: null;
    body: { "flowId": string; "proof": { "method": 'password'; "password": string } | { "method": 'otp'; "code": string } | { "method": 'passkey'; "challengeId": string; "response": AuthenticationResponseJSON } };
    replies: { 200: TokenSet | MfaRequired };
  };
  /** Rotate the refresh token. */
  'POST /auth/token/refresh': {
    params: null;
    query: null;
    body: { "refreshToken"?: string | undefined };
    replies: { 200: TokenSet };
  };
  /** End sessions. */
  'POST /auth/logout': {
    params: null;
    query: null;
    body: { "refreshToken"?: string | undefined; "scope"?: 'current' | 'others' | 'all' | undefined };
    replies: { 204: null };
  };
  /** Ask for a new password. */
  'POST /auth/password/forgot': {
    params: null;
    query: null;
    body: { "email"?: string | null | undefined; "phone"?: string | null | undefined; "country"?: string | undefined };
    replies: { 202: Pending };
  };
  /** Exchange the code of a reset for its token. */
  'POST /auth/password/reset/verify': {
    params: null;
    query: null;
    body: { "flowId": string; "code": string };
    replies: { 200: { "message": string; "resetToken": string; "expiresIn": number } };
  };
  /** Set a new password. */
  'POST /auth/password/reset': {
    params: null;
    query: null;
    body: { "resetToken": string; "password": string };
    replies: { 204: null };
  };
  /** Say that it was not you. */
  'POST /auth/not-me': {
    params: null;
    query: null;
    body: { "token": string };
    replies: { 200: OpenedCase };
  };
  /** Take a contact change back. */
  'POST /auth/contact-change/undo': {
    params: null;
    query: null;
    body: { "token": string };
    replies: { 200: OpenedCase };
  };
  /** Read what a sign-in page needs. */
  'GET /auth/config': {
    params: null;
    query: null;
    body: null;
    replies: { 200: AuthConfig };
  };
  /** Ask whether a token is live. */
  'POST /auth/introspect': {
    params: null;
    query: null;
    body: { "token": string; "token_type_hint"?: string | undefined };
    replies: { 200: { "active": false } | { "active": true; "sub": string; "sid": string; "client_id": string; "iss": string; "aud": string; "iat": number; "exp": number; "jti": string; "auth_time": number; "acr": 'aal1' | 'aal2'; "amr": readonly (string)[]; "roles": readonly (string)[]; "token_type": 'access_token' | 'refresh_token' } };
  };
  /** End the session of a token. */
  'POST /auth/revoke': {
    params: null;
    query: null;
    body: { "token": string; "token_type_hint"?: string | undefined };
    replies: { 200: Record<string, never> };
  };
  /** Start a registration (earlier storefront). */
  'POST /auth/sign-up': {
    params: null;
    query: null;
    body: { "email"?: string | null | undefined; "phone"?: string | null | undefined; "phone_number"?: string | null | undefined; "role"?: string | undefined; "password": string; "password2": string };
    replies: { 202: Pending };
  };
  /** Finish a registration (earlier storefront). */
  'POST /auth/otp-verification': {
    params: null;
    query: null;
    body: { "otp": string; "flowId"?: string | undefined };
    replies: { 200: { "message": string; "access": string; "refresh"?: string | undefined; "role": 'client' | 'vendor'; "user_id": string } | MfaRequired };
  };
  /** Rotate the refresh token (earlier storefront). */
  'POST /auth/refresh': {
    params: null;
    query: null;
    body: { "refresh"?: string | undefined };
    replies: { 200: { "access": string; "refresh"?: string | undefined } };
  };
  /** Read the own account. */
  'GET /account': {
    params: null;
    query: null;
    body: null;
    replies: { 200: Account };
  };
  /** Change the own profile. */
  'PATCH /account': {
    params: null;
    query: null;
    body: { "firstName"?: string | null | undefined; "lastName"?: string | null | undefined; "bio"?: string | null | undefined; "countryCode"?: string | null | undefined; "state"?: string | null | undefined; "city"?: string | null | undefined; "address"?: string | null | undefined; "language"?: string | undefined; "timezone"?: string | null | undefined; "marketingConsent"?: boolean | undefined };
    replies: { 200: Account };
  };
  /** Begin to prove yourself again. */
  'POST /account/reauth/options': {
    params: null;
    query: null;
    body: { "method": 'passkey' | 'otp' };
    replies: { 200: PasskeyRequest; 202: Pending };
  };
  /** Prove yourself again. */
  'POST /account/reauth': {
    params: null;
    query: null;
    body: { "method": 'password'; "password": string } | { "method": 'totp'; "code": string } | { "method": 'passkey'; "challengeId": string; "response": AuthenticationResponseJSON } | { "method": 'otp'; "flowId": string; "code": string } | { "method": 'google'; "idToken"?: string | undefined; "nonce"?: string | undefined; "handoff"?: string | undefined; "codeVerifier"?: string | undefined };
    replies: { 200: { "message": string; "accessToken": string; "tokenType": 'Bearer'; "expiresIn": number; "session": Session } };
  };
  /** Change the password. */
  'PUT /account/password': {
    params: null;
    query: null;
    body: { "currentPassword": string; "newPassword": string };
    replies: { 204: null };
  };
  /** Set the first password. */
  'POST /account/password': {
    params: null;
    query: null;
    body: { "password": string };
    replies: { 204: null };
  };
  /** Ask for another email or phone number. */
  'POST /account/contact-change': {
    params: null;
    query: null;
    body: { "email"?: string | null | undefined; "phone"?: string | null | undefined; "country"?: string | undefined; "reason": string };
    replies: { 202: ContactChangeAsked };
  };
  /** Read the own contact change. */
  'GET /account/contact-change': {
    params: null;
    query: null;
    body: null;
    replies: { 200: ContactChange };
  };
  /** Call the own contact change off. */
  'DELETE /account/contact-change': {
    params: null;
    query: null;
    body: null;
    replies: { 204: null };
  };
  /** Prove the new contact. */
  'POST /account/contact-change/verify': {
    params: null;
    query: null;
    body: { "flowId": string; "code": string };
    replies: { 200: ContactChangeDone };
  };
  /** List linked accounts. */
  'GET /account/identities': {
    params: null;
    query: null;
    body: null;
    replies: { 200: { "items": readonly (Identity)[] } };
  };
  /** Link a Google account. */
  'POST /account/identities/google': {
    params: null;
    query: null;
    body: { "idToken"?: string | undefined; "nonce"?: string | undefined; "handoff"?: string | undefined; "codeVerifier"?: string | undefined };
    replies: { 201: Identity };
  };
  /** Unlink an account. */
  'DELETE /account/identities/{id}': {
    params: { "id": string };
    query: null;
    body: null;
    replies: { 204: null };
  };
  /** List the own sessions. */
  'GET /account/sessions': {
    params: null;
    query: null;
    body: null;
    replies: { 200: { "items": readonly (AccountSession)[] } };
  };
  /** End all other sessions. */
  'DELETE /account/sessions': {
    params: null;
    query: null;
    body: null;
    replies: { 200: { "message": string; "ended": number } };
  };
  /** End one of the own sessions. */
  'DELETE /account/sessions/{id}': {
    params: { "id": string };
    query: null;
    body: null;
    replies: { 204: null };
  };
  /** Read the own second factors. */
  'GET /account/mfa': {
    params: null;
    query: null;
    body: null;
    replies: { 200: MfaState };
  };
  /** Begin to enrol an authenticator. */
  'POST /account/mfa/totp': {
    params: null;
    query: null;
    body: Record<string, never>;
    replies: { 200: { "enrolId": string; "secret": string; "otpauthUri": string; "qrSvg": string; "expiresIn": number } };
  };
  /** Remove the authenticator. */
  'DELETE /account/mfa/totp': {
    params: null;
    query: null;
    body: null;
    replies: { 204: null };
  };
  /** Confirm the authenticator. */
  'POST /account/mfa/totp/confirm': {
    params: null;
    query: null;
    body: { "enrolId": string; "code": string };
    replies: { 200: { "message": string; "recoveryCodes": readonly (string)[] } };
  };
  /** Make new recovery codes. */
  'POST /account/mfa/recovery-codes': {
    params: null;
    query: null;
    body: Record<string, never>;
    replies: { 200: { "message": string; "recoveryCodes": readonly (string)[] } };
  };
  /** Begin to add a passkey. */
  'POST /account/passkeys/options': {
    params: null;
    query: null;
    body: Record<string, never>;
    replies: { 200: { "challengeId": string; "options": PublicKeyCredentialCreationOptionsJSON; "expiresIn": number } };
  };
  /** Add a passkey. */
  'POST /account/passkeys': {
    params: null;
    query: null;
    body: { "challengeId": string; "response": RegistrationResponseJSON; "name"?: string | undefined };
    replies: { 201: Passkey };
  };
  /** List the own passkeys. */
  'GET /account/passkeys': {
    params: null;
    query: null;
    body: null;
    replies: { 200: { "items": readonly (Passkey)[] } };
  };
  /** Rename a passkey. */
  'PATCH /account/passkeys/{id}': {
    params: { "id": string };
    query: null;
    body: { "name": string };
    replies: { 200: Passkey };
  };
  /** Remove a passkey. */
  'DELETE /account/passkeys/{id}': {
    params: { "id": string };
    query: null;
    body: null;
    replies: { 200: { "message": string; "signal": { "rpId": string; "credentialId": string } } };
  };
  /** List the devices that skip the second step. */
  'GET /account/trusted-devices': {
    params: null;
    query: null;
    body: null;
    replies: { 200: { "items": readonly (TrustedDevice)[] } };
  };
  /** Stop trusting a device. */
  'DELETE /account/trusted-devices/{id}': {
    params: { "id": string };
    query: null;
    body: null;
    replies: { 204: null };
  };
  /** List what happened to the own account. */
  'GET /account/security-events': {
    params: null;
    query: { "limit"?: string | undefined; "cursor"?: string | undefined };
    body: null;
    replies: { 200: SecurityEventPage };
  };
  /** Prove an event of the own account. */
  'GET /account/security-events/{id}/proof': {
    params: { "id": string };
    query: null;
    body: null;
    replies: { 200: SecurityEventProof };
  };
  /** List the own consents. */
  'GET /account/consents': {
    params: null;
    query: null;
    body: null;
    replies: { 200: { "items": readonly (Consent)[] } };
  };
  /** Give or take back a consent. */
  'POST /account/consents': {
    params: null;
    query: null;
    body: { "purpose": 'terms' | 'marketing' | 'analytics'; "version"?: string | undefined; "granted": boolean };
    replies: { 201: Consent };
  };
  /** Ask for a copy of the own data. */
  'POST /account/export': {
    params: null;
    query: null;
    body: Record<string, never>;
    replies: { 202: { "message": string; "exportId": string; "status": 'pending' } };
  };
  /** Read the state of an own export. */
  'GET /account/exports/{id}': {
    params: { "id": string };
    query: null;
    body: null;
    replies: { 200: Export };
  };
  /** Download an own export, once. */
  'POST /account/exports/{id}/download': {
    params: { "id": string };
    query: null;
    body: Record<string, never>;
    replies: { 200: { "format": string } };
  };
  /** Ask for the own account to be erased. */
  'POST /account/erase': {
    params: null;
    query: null;
    body: { "confirm": 'ERASE' };
    replies: { 202: { "message": string; "requestId": string; "status": 'scheduled'; "effectiveAt": string } };
  };
  /** Read the open erasure of the own account. */
  'GET /account/erase': {
    params: null;
    query: null;
    body: null;
    replies: { 200: Erasure };
  };
  /** Call off the erasure of the own account. */
  'DELETE /account/erase': {
    params: null;
    query: null;
    body: null;
    replies: { 204: null };
  };
  /** Read the own shopper profile. */
  'GET /account/client': {
    params: null;
    query: null;
    body: null;
    replies: { 200: Client };
  };
  /** Change the own shopper profile. */
  'PATCH /account/client': {
    params: null;
    query: null;
    body: { "preferredSize"?: 'XS' | 'S' | 'M' | 'L' | 'XL' | 'XXL' | 'XXXL' | null | undefined; "bodyType"?: string | null | undefined; "stylePreferences"?: readonly (string)[] | undefined; "favouriteColours"?: readonly (string)[] | undefined; "occasionPreferences"?: readonly (string)[] | undefined; "emailNotificationsEnabled"?: boolean | undefined; "smsNotificationsEnabled"?: boolean | undefined; "defaultShippingAddress"?: string | null | undefined };
    replies: { 200: Client };
  };
  /** Read the own store. */
  'GET /account/vendor': {
    params: null;
    query: null;
    body: null;
    replies: { 200: Vendor };
  };
  /** Replace the profile of the own store. */
  'PUT /account/vendor': {
    params: null;
    query: null;
    body: VendorInput;
    replies: { 200: Vendor };
  };
  /** Submit the own store for review. */
  'POST /account/vendor/submit': {
    params: null;
    query: null;
    body: Record<string, never>;
    replies: { 202: Vendor };
  };
  /** Hand in a file. */
  'POST /account/vendor/files': {
    params: null;
    query: null;
    body: FormData;
    replies: { 201: StoredFile };
  };
  /** Read the own proofs of identity. */
  'GET /account/vendor/kyc': {
    params: null;
    query: null;
    body: null;
    replies: { 200: Kyc };
  };
  /** Hand in the own proofs of identity. */
  'POST /account/vendor/kyc': {
    params: null;
    query: null;
    body: KycInput;
    replies: { 202: Kyc };
  };
  /** Read the settings of the own store. */
  'GET /account/vendor/settings': {
    params: null;
    query: null;
    body: null;
    replies: { 200: VendorSettings };
  };
  /** Replace the settings of the own store. */
  'PUT /account/vendor/settings': {
    params: null;
    query: null;
    body: VendorSettingsInput;
    replies: { 200: VendorSettings };
  };
  /** List the own payout accounts. */
  'GET /account/vendor/bank-accounts': {
    params: null;
    query: { "limit"?: string | undefined; "cursor"?: string | undefined };
    body: null;
    replies: { 200: BankAccountPage };
  };
  /** Name a payout account. */
  'POST /account/vendor/bank-accounts': {
    params: null;
    query: null;
    body: { "bankCode": string; "accountNumber": string; "accountName": string };
    replies: { 202: BankAccountRequested };
  };
  /** Remove a payout account. */
  'DELETE /account/vendor/bank-accounts/{id}': {
    params: { "id": string };
    query: null;
    body: null;
    replies: { 204: null };
  };
  /** List the own products. */
  'GET /account/vendor/products': {
    params: null;
    query: { "limit"?: string | undefined; "cursor"?: string | undefined; "status"?: 'draft' | 'pending' | 'in_review' | 'published' | 'changes_requested' | 'rejected' | 'archived' | 'suspended' | undefined };
    body: null;
    replies: { 200: ProductPage };
  };
  /** Write a product. */
  'POST /account/vendor/products': {
    params: null;
    query: null;
    body: ProductInput;
    replies: { 201: Product };
  };
  /** Read an own product. */
  'GET /account/vendor/products/{id}': {
    params: { "id": string };
    query: null;
    body: null;
    replies: { 200: Product };
  };
  /** Change an own product. */
  'PATCH /account/vendor/products/{id}': {
    params: { "id": string };
    query: null;
    body: ProductPatch;
    replies: { 200: Product; 202: ProductEditWaiting };
  };
  /** Delete an own draft. */
  'DELETE /account/vendor/products/{id}': {
    params: { "id": string };
    query: null;
    body: null;
    replies: { 204: null };
  };
  /** Hand an own product in for review. */
  'POST /account/vendor/products/{id}/submit': {
    params: { "id": string };
    query: null;
    body: Record<string, never>;
    replies: { 202: Product };
  };
  /** Take an own product back from review. */
  'POST /account/vendor/products/{id}/withdraw': {
    params: { "id": string };
    query: null;
    body: Record<string, never>;
    replies: { 200: Product };
  };
  /** Archive an own product. */
  'POST /account/vendor/products/{id}/archive': {
    params: { "id": string };
    query: null;
    body: Record<string, never>;
    replies: { 200: Product };
  };
  /** List changes and suggestions of an own product. */
  'GET /account/vendor/products/{id}/revisions': {
    params: { "id": string };
    query: { "limit"?: string | undefined; "cursor"?: string | undefined };
    body: null;
    replies: { 200: ProductRevisionPage };
  };
  /** Read a change or suggestion of an own product. */
  'GET /account/vendor/products/{id}/revisions/{revisionId}': {
    params: { "id": string; "revisionId": string };
    query: null;
    body: null;
    replies: { 200: ProductRevision };
  };
  /** Accept a suggestion, or fields of it. */
  'POST /account/vendor/products/{id}/revisions/{revisionId}/accept': {
    params: { "id": string; "revisionId": string };
    query: null;
    body: { "fields"?: readonly (string)[] | undefined };
    replies: { 200: ProductRevision };
  };
  /** Decline a suggestion. */
  'POST /account/vendor/products/{id}/revisions/{revisionId}/reject': {
    params: { "id": string; "revisionId": string };
    query: null;
    body: { "note": string };
    replies: { 200: ProductRevision };
  };
  /** Take an own change back. */
  'POST /account/vendor/products/{id}/revisions/{revisionId}/withdraw': {
    params: { "id": string; "revisionId": string };
    query: null;
    body: Record<string, never>;
    replies: { 200: ProductRevision };
  };
  /** List the own tickets. */
  'GET /support/tickets': {
    params: null;
    query: { "limit"?: string | undefined; "cursor"?: string | undefined };
    body: null;
    replies: { 200: TicketPage };
  };
  /** Open a ticket. */
  'POST /support/tickets': {
    params: null;
    query: null;
    body: NewTicket;
    replies: { 201: Ticket };
  };
  /** Read an own ticket. */
  'GET /support/tickets/{id}': {
    params: { "id": string };
    query: null;
    body: null;
    replies: { 200: Ticket };
  };
  /** Write in an own ticket. */
  'POST /support/tickets/{id}/messages': {
    params: { "id": string };
    query: null;
    body: { "body": string };
    replies: { 201: Ticket };
  };
  /** Open a resolved ticket again. */
  'POST /support/tickets/{id}/reopen': {
    params: { "id": string };
    query: null;
    body: { "body"?: string | null | undefined };
    replies: { 200: Ticket };
  };
  /** List countries. */
  'GET /reference/countries': {
    params: null;
    query: { "q"?: string | undefined; "region"?: string | undefined; "currency"?: string | undefined; "callingCode"?: string | undefined; "sort"?: 'name' | '-name' | 'iso2' | '-iso2' | 'region' | '-region' | 'currency' | '-currency' | undefined; "page"?: string | undefined; "pageSize"?: string | undefined };
    body: null;
    replies: { 200: CountryPage; 304: null };
  };
  /** Read a country. */
  'GET /reference/countries/{iso2}': {
    params: { "iso2": string };
    query: null;
    body: null;
    replies: { 200: Country };
  };
  /** Read a store. */
  'GET /catalog/vendors/{slug}': {
    params: { "slug": string };
    query: null;
    body: null;
    replies: { 200: StorefrontVendor; 304: null };
  };
  /** List the categories. */
  'GET /catalog/categories': {
    params: null;
    query: null;
    body: null;
    replies: { 200: StorefrontCategories; 304: null };
  };
  /** List products that are sold. */
  'GET /catalog/products': {
    params: null;
    query: { "limit"?: string | undefined; "cursor"?: string | undefined; "category"?: string | undefined; "vendor"?: string | undefined; "minPrice"?: string | undefined; "maxPrice"?: string | undefined; "condition"?: 'new' | 'used' | 'refurbished' | undefined; "gender"?: 'men' | 'women' | 'unisex' | 'boys' | 'girls' | 'kids' | undefined; "q"?: string | undefined; "sort"?: 'newest' | 'price' | '-price' | 'relevance' | undefined };
    body: null;
    replies: { 200: StorefrontProductPage; 304: null };
  };
  /** Read a product that is sold. */
  'GET /catalog/products/{slug}': {
    params: { "slug": string };
    query: null;
    body: null;
    replies: { 200: StorefrontProduct; 304: null };
  };
  /** Read a picture of a product or store. */
  'GET /catalog/images/{fileId}': {
    params: { "fileId": string };
    query: null;
    body: null;
    replies: { 200: null; 304: null };
  };
};
