-- Tables of the business modules as in prisma/schema. Rules that Prisma cannot express follow in the next file.
SET ROLE migrator;

-- FASTAR000001, FASTAR000002 ... and past a million without a ceiling; a number is never given twice.
CREATE SEQUENCE identity.member_id_seq AS bigint;
CREATE FUNCTION identity.next_member_id() RETURNS text
  LANGUAGE sql VOLATILE
  BEGIN ATOMIC
    SELECT 'FASTAR' || lpad(n.value, greatest(6, length(n.value)), '0')
    FROM (SELECT nextval('identity.member_id_seq')::text AS value) AS n;
  END;

CREATE TYPE identity.user_kind AS ENUM ('client', 'vendor', 'staff');
CREATE TYPE identity.auth_method AS ENUM ('email', 'phone', 'google');
CREATE TYPE identity.verified_how AS ENUM ('otp', 'google', 'manual', 'invite');
CREATE TYPE identity.gender AS ENUM ('female', 'male', 'other', 'undisclosed');
CREATE TYPE identity.user_status AS ENUM ('active', 'suspended', 'closed', 'erased');
CREATE TYPE identity.preferred_size AS ENUM ('XS', 'S', 'M', 'L', 'XL', 'XXL', 'XXXL');
CREATE TYPE identity.loyalty_tier AS ENUM ('standard', 'silver', 'gold', 'platinum');
CREATE TYPE identity.business_type AS ENUM ('sole_trader', 'registered_business', 'fashion_house', 'tailor', 'designer');
CREATE TYPE identity.vendor_status AS ENUM ('draft', 'submitted', 'in_review', 'changes_requested', 'approved', 'rejected', 'suspended', 'closed');
CREATE TYPE identity.subscription_tier AS ENUM ('free', 'pro', 'elite');
CREATE TYPE identity.order_mode AS ENUM ('auto', 'manual');
CREATE TYPE identity.bank_account_status AS ENUM ('pending', 'verified', 'failed', 'removed');
CREATE TYPE identity.identity_provider AS ENUM ('google', 'facebook');
CREATE TYPE identity.pending_kind AS ENUM ('client', 'vendor');
CREATE TYPE identity.pending_auth_method AS ENUM ('email', 'phone');
CREATE TYPE identity.otp_purpose AS ENUM ('register', 'login', 'reset', 'contact_change', 'step_up', 'link');
CREATE TYPE identity.otp_channel AS ENUM ('email', 'sms');
CREATE TYPE identity.otp_subject AS ENUM ('pending', 'user', 'approval');
CREATE TYPE identity.surface AS ENUM ('api', 'admin');
CREATE TYPE identity.staff_role AS ENUM ('assistant', 'support', 'reviewer', 'enhancer', 'moderator', 'finance', 'auditor', 'admin', 'super_admin');
CREATE TYPE identity.consent_purpose AS ENUM ('terms', 'privacy', 'marketing_email', 'marketing_sms', 'profiling');
CREATE TYPE identity.login_method AS ENUM ('password', 'otp', 'google', 'passkey', 'refresh');
CREATE TYPE identity.login_outcome AS ENUM ('success', 'failed', 'blocked', 'challenged');
CREATE TYPE identity.file_purpose AS ENUM ('avatar', 'logo', 'cover', 'kyc', 'export', 'ticket');
CREATE TYPE notifications.message_channel AS ENUM ('email', 'sms');
CREATE TYPE notifications.delivery_status AS ENUM ('queued', 'sent', 'delivered', 'failed', 'bounced', 'suppressed');
CREATE TYPE notifications.webhook_attempt_status AS ENUM ('queued', 'sent', 'failed');
CREATE TYPE platform.admin_session_stage AS ENUM ('password', 'enrol', 'full');
CREATE TYPE platform.idempotency_state AS ENUM ('running', 'done');
CREATE TYPE platform.bulk_run_status AS ENUM ('queued', 'running', 'completed', 'cancelled', 'failed');
CREATE TYPE platform.bulk_row_outcome AS ENUM ('waiting', 'changed', 'unchanged', 'refused');
CREATE TYPE platform.workflow_status AS ENUM ('running', 'waiting', 'completed', 'failed', 'cancelled');
CREATE TYPE reference.refresh_run_status AS ENUM ('running', 'succeeded', 'failed');
CREATE TYPE support.note_subject AS ENUM ('user', 'vendor', 'product', 'case', 'ticket');

CREATE TABLE identity."user" (
    id UUID NOT NULL DEFAULT uuidv7(),
    created_at TIMESTAMPTZ(6) NOT NULL DEFAULT CURRENT_TIMESTAMP,
    updated_at TIMESTAMPTZ(6) NOT NULL DEFAULT CURRENT_TIMESTAMP,
    version INTEGER NOT NULL DEFAULT 1,
    member_id VARCHAR(16) NOT NULL DEFAULT identity.next_member_id(),
    kind identity.user_kind NOT NULL,
    auth_method identity.auth_method NOT NULL,
    email_enc BYTEA,
    email_bidx BYTEA,
    email_masked VARCHAR(80),
    phone_enc BYTEA,
    phone_bidx BYTEA,
    phone_masked VARCHAR(24),
    bidx_kid VARCHAR(16) NOT NULL DEFAULT 'b1',
    identifier_verified_at TIMESTAMPTZ(6),
    verified_how identity.verified_how,
    first_name VARCHAR(150),
    last_name VARCHAR(150),
    display_name VARCHAR(301),
    avatar_file_id UUID,
    bio VARCHAR(1000),
    gender identity.gender,
    country_code CHAR(2),
    state VARCHAR(100),
    city VARCHAR(100),
    address_enc BYTEA,
    language VARCHAR(10) NOT NULL DEFAULT 'en',
    timezone VARCHAR(64) NOT NULL DEFAULT 'Africa/Lagos',
    status identity.user_status NOT NULL DEFAULT 'active',
    status_reason_code VARCHAR(40),
    status_reason VARCHAR(500),
    status_changed_at TIMESTAMPTZ(6),
    status_changed_by UUID,
    failed_logins INTEGER NOT NULL DEFAULT 0,
    failed_consecutive INTEGER NOT NULL DEFAULT 0,
    locked_until TIMESTAMPTZ(6),
    lock_level INTEGER NOT NULL DEFAULT 0,
    password_disabled BOOLEAN NOT NULL DEFAULT false,
    risk_score INTEGER NOT NULL DEFAULT 0,
    last_login_at TIMESTAMPTZ(6),
    login_count INTEGER NOT NULL DEFAULT 0,
    processing_restricted BOOLEAN NOT NULL DEFAULT false,
    objected_purposes TEXT[] NOT NULL DEFAULT '{}',
    legal_hold BOOLEAN NOT NULL DEFAULT false,
    payout_hold_until TIMESTAMPTZ(6),
    frozen_until TIMESTAMPTZ(6),
    referred_by UUID,

    CONSTRAINT user_pkey PRIMARY KEY (id)
);

CREATE TABLE identity.user_key (
    user_id UUID NOT NULL,
    wrapped_key BYTEA,
    kek_kid VARCHAR(16) NOT NULL,
    created_at TIMESTAMPTZ(6) NOT NULL DEFAULT CURRENT_TIMESTAMP,
    destroyed_at TIMESTAMPTZ(6),

    CONSTRAINT user_key_pkey PRIMARY KEY (user_id)
);

CREATE TABLE identity.client (
    id UUID NOT NULL DEFAULT uuidv7(),
    created_at TIMESTAMPTZ(6) NOT NULL DEFAULT CURRENT_TIMESTAMP,
    updated_at TIMESTAMPTZ(6) NOT NULL DEFAULT CURRENT_TIMESTAMP,
    version INTEGER NOT NULL DEFAULT 1,
    user_id UUID NOT NULL,
    preferred_size identity.preferred_size,
    style_preferences JSONB NOT NULL DEFAULT '[]',
    favourite_colours JSONB NOT NULL DEFAULT '[]',
    email_notifications BOOLEAN NOT NULL DEFAULT true,
    sms_notifications BOOLEAN NOT NULL DEFAULT false,
    loyalty_tier identity.loyalty_tier NOT NULL DEFAULT 'standard',
    total_orders INTEGER NOT NULL DEFAULT 0,
    last_active_at TIMESTAMPTZ(6),

    CONSTRAINT client_pkey PRIMARY KEY (id)
);

CREATE TABLE identity.client_address (
    id UUID NOT NULL DEFAULT uuidv7(),
    created_at TIMESTAMPTZ(6) NOT NULL DEFAULT CURRENT_TIMESTAMP,
    updated_at TIMESTAMPTZ(6) NOT NULL DEFAULT CURRENT_TIMESTAMP,
    version INTEGER NOT NULL DEFAULT 1,
    client_id UUID NOT NULL,
    owner_user_id UUID,
    label VARCHAR(40) NOT NULL,
    full_name_enc BYTEA NOT NULL,
    phone_enc BYTEA,
    phone_masked VARCHAR(24),
    street_enc BYTEA NOT NULL,
    city VARCHAR(100) NOT NULL,
    state VARCHAR(100),
    country_code CHAR(2) NOT NULL,
    postal_code VARCHAR(16),
    is_default BOOLEAN NOT NULL DEFAULT false,

    CONSTRAINT client_address_pkey PRIMARY KEY (id)
);

CREATE TABLE identity.vendor (
    id UUID NOT NULL DEFAULT uuidv7(),
    created_at TIMESTAMPTZ(6) NOT NULL DEFAULT CURRENT_TIMESTAMP,
    updated_at TIMESTAMPTZ(6) NOT NULL DEFAULT CURRENT_TIMESTAMP,
    version INTEGER NOT NULL DEFAULT 1,
    user_id UUID NOT NULL,
    store_name VARCHAR(150),
    store_name_folded VARCHAR(150),
    store_slug VARCHAR(160),
    tagline VARCHAR(200),
    description VARCHAR(2000),
    business_type identity.business_type,
    collections TEXT[] NOT NULL DEFAULT '{}',
    tax_id_enc BYTEA,
    tax_id_bidx BYTEA,
    tax_id_masked VARCHAR(24),
    bidx_kid VARCHAR(16) NOT NULL DEFAULT 'b1',
    logo_file_id UUID,
    cover_file_id UUID,
    country_code CHAR(2),
    state VARCHAR(100),
    city VARCHAR(100),
    address VARCHAR(300),
    business_hours JSONB,
    instagram_url VARCHAR(300),
    tiktok_url VARCHAR(300),
    website_url VARCHAR(300),
    status identity.vendor_status NOT NULL DEFAULT 'draft',
    submitted_at TIMESTAMPTZ(6),
    reviewed_at TIMESTAMPTZ(6),
    reviewed_by UUID,
    second_reviewed_by UUID,
    verified_at TIMESTAMPTZ(6),
    decision_code VARCHAR(40),
    decision_reason VARCHAR(1000),
    suspended_at TIMESTAMPTZ(6),
    suspended_reason VARCHAR(500),
    subscription_tier identity.subscription_tier NOT NULL DEFAULT 'free',
    commission_bps INTEGER NOT NULL DEFAULT 1000,
    max_products INTEGER NOT NULL DEFAULT 50,
    is_featured BOOLEAN NOT NULL DEFAULT false,
    risk_score INTEGER NOT NULL DEFAULT 0,
    trust_score INTEGER NOT NULL DEFAULT 0,

    CONSTRAINT vendor_pkey PRIMARY KEY (id)
);

CREATE TABLE identity.vendor_setup (
    id UUID NOT NULL DEFAULT uuidv7(),
    created_at TIMESTAMPTZ(6) NOT NULL DEFAULT CURRENT_TIMESTAMP,
    updated_at TIMESTAMPTZ(6) NOT NULL DEFAULT CURRENT_TIMESTAMP,
    version INTEGER NOT NULL DEFAULT 1,
    vendor_id UUID NOT NULL,
    owner_user_id UUID,
    profile_done_at TIMESTAMPTZ(6),
    kyc_sent_at TIMESTAMPTZ(6),
    bank_added_at TIMESTAMPTZ(6),
    first_product_at TIMESTAMPTZ(6),

    CONSTRAINT vendor_setup_pkey PRIMARY KEY (id)
);

CREATE TABLE identity.vendor_settings (
    id UUID NOT NULL DEFAULT uuidv7(),
    created_at TIMESTAMPTZ(6) NOT NULL DEFAULT CURRENT_TIMESTAMP,
    updated_at TIMESTAMPTZ(6) NOT NULL DEFAULT CURRENT_TIMESTAMP,
    version INTEGER NOT NULL DEFAULT 1,
    vendor_id UUID NOT NULL,
    owner_user_id UUID,
    order_mode identity.order_mode NOT NULL DEFAULT 'manual',
    notify_orders BOOLEAN NOT NULL DEFAULT true,
    notify_reviews BOOLEAN NOT NULL DEFAULT true,
    holiday_from DATE,
    holiday_to DATE,
    return_days INTEGER NOT NULL DEFAULT 7,

    CONSTRAINT vendor_settings_pkey PRIMARY KEY (id)
);

CREATE TABLE identity.vendor_bank_account (
    id UUID NOT NULL DEFAULT uuidv7(),
    created_at TIMESTAMPTZ(6) NOT NULL DEFAULT CURRENT_TIMESTAMP,
    updated_at TIMESTAMPTZ(6) NOT NULL DEFAULT CURRENT_TIMESTAMP,
    version INTEGER NOT NULL DEFAULT 1,
    vendor_id UUID NOT NULL,
    owner_user_id UUID,
    bank_code VARCHAR(10) NOT NULL,
    bank_name VARCHAR(150) NOT NULL,
    account_name_enc BYTEA NOT NULL,
    account_name_masked VARCHAR(80) NOT NULL,
    account_number_enc BYTEA NOT NULL,
    account_number_bidx BYTEA NOT NULL,
    bidx_kid VARCHAR(16) NOT NULL DEFAULT 'b1',
    account_last4 CHAR(4) NOT NULL,
    status identity.bank_account_status NOT NULL DEFAULT 'pending',
    is_default BOOLEAN NOT NULL DEFAULT false,
    name_matched BOOLEAN,
    verified_at TIMESTAMPTZ(6),
    verified_by UUID,
    approved_by UUID,

    CONSTRAINT vendor_bank_account_pkey PRIMARY KEY (id)
);

CREATE TABLE identity.external_identity (
    id UUID NOT NULL DEFAULT uuidv7(),
    created_at TIMESTAMPTZ(6) NOT NULL DEFAULT CURRENT_TIMESTAMP,
    updated_at TIMESTAMPTZ(6) NOT NULL DEFAULT CURRENT_TIMESTAMP,
    version INTEGER NOT NULL DEFAULT 1,
    user_id UUID NOT NULL,
    provider identity.identity_provider NOT NULL,
    issuer VARCHAR(200) NOT NULL,
    subject_bidx BYTEA NOT NULL,
    subject_enc BYTEA NOT NULL,
    bidx_kid VARCHAR(16) NOT NULL DEFAULT 'b1',
    email_at_link_masked VARCHAR(80),
    last_used_at TIMESTAMPTZ(6),

    CONSTRAINT external_identity_pkey PRIMARY KEY (id)
);

CREATE TABLE identity.credential (
    id UUID NOT NULL DEFAULT uuidv7(),
    created_at TIMESTAMPTZ(6) NOT NULL DEFAULT CURRENT_TIMESTAMP,
    updated_at TIMESTAMPTZ(6) NOT NULL DEFAULT CURRENT_TIMESTAMP,
    version INTEGER NOT NULL DEFAULT 1,
    user_id UUID NOT NULL,
    password_hash TEXT,
    hash_version INTEGER NOT NULL DEFAULT 1,
    changed_at TIMESTAMPTZ(6) NOT NULL DEFAULT CURRENT_TIMESTAMP,
    must_change BOOLEAN NOT NULL DEFAULT false,

    CONSTRAINT credential_pkey PRIMARY KEY (id)
);

CREATE TABLE identity.pending_registration (
    id UUID NOT NULL DEFAULT uuidv7(),
    created_at TIMESTAMPTZ(6) NOT NULL DEFAULT CURRENT_TIMESTAMP,
    updated_at TIMESTAMPTZ(6) NOT NULL DEFAULT CURRENT_TIMESTAMP,
    version INTEGER NOT NULL DEFAULT 1,
    flow_id UUID NOT NULL,
    kind identity.pending_kind NOT NULL DEFAULT 'client',
    auth_method identity.pending_auth_method NOT NULL,
    identifier_enc BYTEA,
    identifier_bidx BYTEA NOT NULL,
    bidx_kid VARCHAR(16) NOT NULL DEFAULT 'b1',
    identifier_masked VARCHAR(80) NOT NULL,
    wrapped_row_key BYTEA,
    kek_kid VARCHAR(16),
    password_hash TEXT,
    first_name_enc BYTEA,
    last_name_enc BYTEA,
    country_code CHAR(2),
    locale VARCHAR(10) NOT NULL DEFAULT 'en',
    consent JSONB NOT NULL DEFAULT '{}',
    marketing_consent BOOLEAN NOT NULL DEFAULT false,
    terms_version VARCHAR(20),
    client_id VARCHAR(60) NOT NULL DEFAULT 'public',
    decoy BOOLEAN NOT NULL DEFAULT false,
    owner_user_id UUID,
    expires_at TIMESTAMPTZ(6) NOT NULL,
    consumed_at TIMESTAMPTZ(6),

    CONSTRAINT pending_registration_pkey PRIMARY KEY (id)
);

CREATE TABLE identity.otp_flow (
    id UUID NOT NULL DEFAULT uuidv7(),
    created_at TIMESTAMPTZ(6) NOT NULL DEFAULT CURRENT_TIMESTAMP,
    updated_at TIMESTAMPTZ(6) NOT NULL DEFAULT CURRENT_TIMESTAMP,
    version INTEGER NOT NULL DEFAULT 1,
    purpose identity.otp_purpose NOT NULL,
    channel identity.otp_channel NOT NULL,
    subject_type identity.otp_subject,
    subject_id UUID,
    target_bidx BYTEA,
    bidx_kid VARCHAR(16) NOT NULL DEFAULT 'b1',
    target_enc BYTEA,
    destination VARCHAR(80) NOT NULL,
    locale VARCHAR(10) NOT NULL DEFAULT 'en',
    client_id VARCHAR(60) NOT NULL DEFAULT 'public',
    device_id UUID,
    session_id UUID,
    send_no INTEGER NOT NULL DEFAULT 1,
    code_hash BYTEA,
    link_hash BYTEA,
    expires_at TIMESTAMPTZ(6) NOT NULL,
    flow_expires_at TIMESTAMPTZ(6) NOT NULL,
    attempts_left INTEGER NOT NULL DEFAULT 5,
    next_send_at TIMESTAMPTZ(6) NOT NULL,
    sends INTEGER NOT NULL DEFAULT 1,
    consumed_at TIMESTAMPTZ(6),
    superseded_at TIMESTAMPTZ(6),
    grant_hash BYTEA,
    grant_expires_at TIMESTAMPTZ(6),
    ip INET,
    decoy BOOLEAN NOT NULL DEFAULT false,
    data JSONB NOT NULL DEFAULT '{}',

    CONSTRAINT otp_flow_pkey PRIMARY KEY (id)
);

CREATE TABLE identity."session" (
    id UUID NOT NULL DEFAULT uuidv7(),
    created_at TIMESTAMPTZ(6) NOT NULL DEFAULT CURRENT_TIMESTAMP,
    updated_at TIMESTAMPTZ(6) NOT NULL DEFAULT CURRENT_TIMESTAMP,
    version INTEGER NOT NULL DEFAULT 1,
    user_id UUID NOT NULL,
    surface identity.surface NOT NULL,
    client_id VARCHAR(60) NOT NULL DEFAULT 'public',
    family_id UUID NOT NULL DEFAULT uuidv7(),
    amr TEXT[] NOT NULL,
    acr VARCHAR(8) NOT NULL,
    auth_time TIMESTAMPTZ(6) NOT NULL,
    mfa_at TIMESTAMPTZ(6),
    device_id UUID,
    device_name VARCHAR(120),
    browser VARCHAR(60),
    os VARCHAR(60),
    fingerprint_hash BYTEA,
    ip INET,
    last_ip INET,
    country_code CHAR(2),
    city VARCHAR(100),
    last_refresh_seq INTEGER NOT NULL DEFAULT 0,
    last_used_at TIMESTAMPTZ(6) NOT NULL DEFAULT CURRENT_TIMESTAMP,
    idle_expires_at TIMESTAMPTZ(6) NOT NULL,
    absolute_expires_at TIMESTAMPTZ(6) NOT NULL,
    revoked_at TIMESTAMPTZ(6),
    revoked_reason VARCHAR(40),
    revoked_by UUID,

    CONSTRAINT session_pkey PRIMARY KEY (id)
);

CREATE TABLE identity.refresh_token (
    id UUID NOT NULL DEFAULT uuidv7(),
    created_at TIMESTAMPTZ(6) NOT NULL DEFAULT CURRENT_TIMESTAMP,
    updated_at TIMESTAMPTZ(6) NOT NULL DEFAULT CURRENT_TIMESTAMP,
    version INTEGER NOT NULL DEFAULT 1,
    session_id UUID NOT NULL,
    seq INTEGER NOT NULL,
    token_hash BYTEA NOT NULL,
    consumed_at TIMESTAMPTZ(6),
    client_id VARCHAR(60),
    device_hash BYTEA,
    successor_box BYTEA,
    successor_until TIMESTAMPTZ(6),

    CONSTRAINT refresh_token_pkey PRIMARY KEY (id)
);

CREATE TABLE identity.known_device (
    id UUID NOT NULL DEFAULT uuidv7(),
    created_at TIMESTAMPTZ(6) NOT NULL DEFAULT CURRENT_TIMESTAMP,
    updated_at TIMESTAMPTZ(6) NOT NULL DEFAULT CURRENT_TIMESTAMP,
    version INTEGER NOT NULL DEFAULT 1,
    user_id UUID NOT NULL,
    device_hash BYTEA NOT NULL,
    first_seen_at TIMESTAMPTZ(6) NOT NULL DEFAULT CURRENT_TIMESTAMP,
    last_seen_at TIMESTAMPTZ(6) NOT NULL DEFAULT CURRENT_TIMESTAMP,
    failures INTEGER NOT NULL DEFAULT 0,
    mfa_trusted_until TIMESTAMPTZ(6),

    CONSTRAINT known_device_pkey PRIMARY KEY (id)
);

CREATE TABLE identity.totp (
    id UUID NOT NULL DEFAULT uuidv7(),
    created_at TIMESTAMPTZ(6) NOT NULL DEFAULT CURRENT_TIMESTAMP,
    updated_at TIMESTAMPTZ(6) NOT NULL DEFAULT CURRENT_TIMESTAMP,
    version INTEGER NOT NULL DEFAULT 1,
    user_id UUID NOT NULL,
    secret_enc BYTEA NOT NULL,
    confirmed_at TIMESTAMPTZ(6),
    last_step BIGINT,
    failures INTEGER NOT NULL DEFAULT 0,
    locked_until TIMESTAMPTZ(6),

    CONSTRAINT totp_pkey PRIMARY KEY (id)
);

CREATE TABLE identity.recovery_code (
    id UUID NOT NULL DEFAULT uuidv7(),
    created_at TIMESTAMPTZ(6) NOT NULL DEFAULT CURRENT_TIMESTAMP,
    updated_at TIMESTAMPTZ(6) NOT NULL DEFAULT CURRENT_TIMESTAMP,
    version INTEGER NOT NULL DEFAULT 1,
    user_id UUID NOT NULL,
    slot INTEGER NOT NULL,
    code_hash TEXT NOT NULL,
    used_at TIMESTAMPTZ(6),

    CONSTRAINT recovery_code_pkey PRIMARY KEY (id)
);

CREATE TABLE identity.passkey (
    id UUID NOT NULL DEFAULT uuidv7(),
    created_at TIMESTAMPTZ(6) NOT NULL DEFAULT CURRENT_TIMESTAMP,
    updated_at TIMESTAMPTZ(6) NOT NULL DEFAULT CURRENT_TIMESTAMP,
    version INTEGER NOT NULL DEFAULT 1,
    user_id UUID NOT NULL,
    credential_id BYTEA NOT NULL,
    public_key BYTEA NOT NULL,
    sign_count BIGINT NOT NULL DEFAULT 0,
    backup_state BOOLEAN NOT NULL DEFAULT false,
    transports TEXT[] NOT NULL DEFAULT '{}',
    aaguid UUID,
    name VARCHAR(60) NOT NULL,
    last_used_at TIMESTAMPTZ(6),

    CONSTRAINT passkey_pkey PRIMARY KEY (id)
);

CREATE TABLE identity.mfa_challenge (
    id UUID NOT NULL DEFAULT uuidv7(),
    created_at TIMESTAMPTZ(6) NOT NULL DEFAULT CURRENT_TIMESTAMP,
    updated_at TIMESTAMPTZ(6) NOT NULL DEFAULT CURRENT_TIMESTAMP,
    version INTEGER NOT NULL DEFAULT 1,
    token_hash BYTEA NOT NULL,
    user_id UUID NOT NULL,
    surface identity.surface NOT NULL,
    client_id VARCHAR(60) NOT NULL DEFAULT 'public',
    device_id UUID,
    amr TEXT[] NOT NULL,
    methods TEXT[] NOT NULL,
    attempts_left INTEGER NOT NULL DEFAULT 5,
    expires_at TIMESTAMPTZ(6) NOT NULL,
    consumed_at TIMESTAMPTZ(6),
    webauthn_challenge BYTEA,
    link_flow_id UUID,
    ip INET,
    data JSONB NOT NULL DEFAULT '{}',

    CONSTRAINT mfa_challenge_pkey PRIMARY KEY (id)
);

CREATE TABLE identity.staff_profile (
    id UUID NOT NULL DEFAULT uuidv7(),
    created_at TIMESTAMPTZ(6) NOT NULL DEFAULT CURRENT_TIMESTAMP,
    updated_at TIMESTAMPTZ(6) NOT NULL DEFAULT CURRENT_TIMESTAMP,
    version INTEGER NOT NULL DEFAULT 1,
    user_id UUID NOT NULL,
    job_title VARCHAR(80),
    manager_user_id UUID,
    disabled_at TIMESTAMPTZ(6),
    disabled_reason VARCHAR(500),
    ip_allow INET[] NOT NULL DEFAULT '{}',
    theme VARCHAR(10) NOT NULL DEFAULT 'system',
    density VARCHAR(12) NOT NULL DEFAULT 'comfortable',

    CONSTRAINT staff_profile_pkey PRIMARY KEY (id)
);

CREATE TABLE identity.staff_role_grant (
    id UUID NOT NULL DEFAULT uuidv7(),
    created_at TIMESTAMPTZ(6) NOT NULL DEFAULT CURRENT_TIMESTAMP,
    updated_at TIMESTAMPTZ(6) NOT NULL DEFAULT CURRENT_TIMESTAMP,
    version INTEGER NOT NULL DEFAULT 1,
    user_id UUID NOT NULL,
    role identity.staff_role NOT NULL,
    is_lead BOOLEAN NOT NULL DEFAULT false,
    reason VARCHAR(500) NOT NULL,
    granted_by UUID NOT NULL,
    approval_id UUID,
    expires_at TIMESTAMPTZ(6),
    revoked_at TIMESTAMPTZ(6),
    revoked_by UUID,
    revoke_reason VARCHAR(500),
    confirmed_at TIMESTAMPTZ(6),

    CONSTRAINT staff_role_grant_pkey PRIMARY KEY (id)
);

CREATE TABLE identity.staff_invite (
    id UUID NOT NULL DEFAULT uuidv7(),
    created_at TIMESTAMPTZ(6) NOT NULL DEFAULT CURRENT_TIMESTAMP,
    updated_at TIMESTAMPTZ(6) NOT NULL DEFAULT CURRENT_TIMESTAMP,
    version INTEGER NOT NULL DEFAULT 1,
    email_enc BYTEA,
    email_bidx BYTEA,
    bidx_kid VARCHAR(16) NOT NULL DEFAULT 'b1',
    email_masked VARCHAR(80) NOT NULL,
    wrapped_row_key BYTEA,
    kek_kid VARCHAR(16),
    roles JSONB NOT NULL,
    invited_by UUID NOT NULL,
    token_hash BYTEA NOT NULL,
    expires_at TIMESTAMPTZ(6) NOT NULL,
    accepted_at TIMESTAMPTZ(6),
    accepted_user_id UUID,
    cancelled_at TIMESTAMPTZ(6),

    CONSTRAINT staff_invite_pkey PRIMARY KEY (id)
);

CREATE TABLE identity.consent (
    id UUID NOT NULL DEFAULT uuidv7(),
    user_id UUID NOT NULL,
    purpose identity.consent_purpose NOT NULL,
    version VARCHAR(20) NOT NULL,
    granted BOOLEAN NOT NULL,
    ip INET,
    user_agent VARCHAR(400),
    at TIMESTAMPTZ(6) NOT NULL DEFAULT CURRENT_TIMESTAMP,

    CONSTRAINT consent_pkey PRIMARY KEY (id)
);

CREATE TABLE identity.login_event (
    at TIMESTAMPTZ(6) NOT NULL DEFAULT CURRENT_TIMESTAMP,
    id UUID NOT NULL DEFAULT uuidv7(),
    user_id UUID,
    identifier_bidx BYTEA,
    surface identity.surface NOT NULL,
    method identity.login_method NOT NULL,
    outcome identity.login_outcome NOT NULL,
    reason_code VARCHAR(60),
    ip INET,
    country_code CHAR(2),
    city VARCHAR(100),
    device_id UUID,
    device_name VARCHAR(120),
    is_new_device BOOLEAN NOT NULL DEFAULT false,
    is_new_country BOOLEAN NOT NULL DEFAULT false,
    risk_score INTEGER NOT NULL DEFAULT 0,
    rule_trace JSONB NOT NULL DEFAULT '[]',
    session_id UUID,

    CONSTRAINT login_event_pkey PRIMARY KEY (at,id)
) PARTITION BY RANGE (at);

CREATE TABLE identity.private_file (
    id UUID NOT NULL DEFAULT uuidv7(),
    created_at TIMESTAMPTZ(6) NOT NULL DEFAULT CURRENT_TIMESTAMP,
    updated_at TIMESTAMPTZ(6) NOT NULL DEFAULT CURRENT_TIMESTAMP,
    version INTEGER NOT NULL DEFAULT 1,
    owner_user_id UUID NOT NULL,
    storage_key VARCHAR(200) NOT NULL,
    sha256 BYTEA NOT NULL,
    mime VARCHAR(80) NOT NULL,
    bytes INTEGER NOT NULL,
    purpose identity.file_purpose NOT NULL,
    scanned_at TIMESTAMPTZ(6),
    deleted_at TIMESTAMPTZ(6),

    CONSTRAINT private_file_pkey PRIMARY KEY (id)
);

CREATE TABLE notifications.delivery (
    id UUID NOT NULL DEFAULT uuidv7(),
    created_at TIMESTAMPTZ(6) NOT NULL DEFAULT CURRENT_TIMESTAMP,
    updated_at TIMESTAMPTZ(6) NOT NULL DEFAULT CURRENT_TIMESTAMP,
    version INTEGER NOT NULL DEFAULT 1,
    user_id UUID,
    template VARCHAR(60) NOT NULL,
    channel notifications.message_channel NOT NULL,
    recipient_enc BYTEA,
    wrapped_row_key BYTEA,
    kek_kid VARCHAR(16),
    recipient_bidx BYTEA,
    bidx_kid VARCHAR(16) NOT NULL DEFAULT 'b1',
    recipient_masked VARCHAR(80),
    language VARCHAR(10) NOT NULL DEFAULT 'en',
    subject VARCHAR(200),
    variables JSONB NOT NULL DEFAULT '{}',
    event_id UUID NOT NULL,
    status notifications.delivery_status NOT NULL DEFAULT 'queued',
    attempts INTEGER NOT NULL DEFAULT 0,
    next_attempt_at TIMESTAMPTZ(6),
    provider VARCHAR(40),
    provider_ref VARCHAR(200),
    error_code VARCHAR(60),
    sent_at TIMESTAMPTZ(6),

    CONSTRAINT delivery_pkey PRIMARY KEY (id)
);

CREATE TABLE notifications.staff_notice (
    id UUID NOT NULL DEFAULT uuidv7(),
    created_at TIMESTAMPTZ(6) NOT NULL DEFAULT CURRENT_TIMESTAMP,
    updated_at TIMESTAMPTZ(6) NOT NULL DEFAULT CURRENT_TIMESTAMP,
    version INTEGER NOT NULL DEFAULT 1,
    staff_user_id UUID NOT NULL,
    event_id UUID,
    kind VARCHAR(60) NOT NULL,
    title VARCHAR(200) NOT NULL,
    resource VARCHAR(60),
    record_id VARCHAR(64),
    read_at TIMESTAMPTZ(6),

    CONSTRAINT staff_notice_pkey PRIMARY KEY (id)
);

CREATE TABLE notifications.webhook_endpoint (
    id UUID NOT NULL DEFAULT uuidv7(),
    created_at TIMESTAMPTZ(6) NOT NULL DEFAULT CURRENT_TIMESTAMP,
    updated_at TIMESTAMPTZ(6) NOT NULL DEFAULT CURRENT_TIMESTAMP,
    version INTEGER NOT NULL DEFAULT 1,
    url VARCHAR(500) NOT NULL,
    secret_enc BYTEA NOT NULL,
    events TEXT[] NOT NULL,
    is_active BOOLEAN NOT NULL DEFAULT true,
    failing_since TIMESTAMPTZ(6),

    CONSTRAINT webhook_endpoint_pkey PRIMARY KEY (id)
);

CREATE TABLE notifications.webhook_attempt (
    id UUID NOT NULL DEFAULT uuidv7(),
    created_at TIMESTAMPTZ(6) NOT NULL DEFAULT CURRENT_TIMESTAMP,
    updated_at TIMESTAMPTZ(6) NOT NULL DEFAULT CURRENT_TIMESTAMP,
    version INTEGER NOT NULL DEFAULT 1,
    endpoint_id UUID NOT NULL,
    event_id UUID NOT NULL,
    status notifications.webhook_attempt_status NOT NULL DEFAULT 'queued',
    http_status SMALLINT,
    attempts INTEGER NOT NULL DEFAULT 0,
    next_at TIMESTAMPTZ(6),

    CONSTRAINT webhook_attempt_pkey PRIMARY KEY (id)
);

CREATE TABLE notifications.dev_message (
    id UUID NOT NULL DEFAULT uuidv7(),
    channel notifications.message_channel NOT NULL,
    "to" VARCHAR(254) NOT NULL,
    subject VARCHAR(200),
    text TEXT NOT NULL,
    html TEXT,
    template VARCHAR(60),
    delivery_id UUID,
    at TIMESTAMPTZ(6) NOT NULL DEFAULT CURRENT_TIMESTAMP,

    CONSTRAINT dev_message_pkey PRIMARY KEY (id)
);

CREATE TABLE platform.outbox_event (
    id UUID NOT NULL DEFAULT uuidv7(),
    name VARCHAR(80) NOT NULL,
    payload JSONB NOT NULL,
    aggregate_id UUID,
    action_id UUID,
    occurred_at TIMESTAMPTZ(6) NOT NULL DEFAULT CURRENT_TIMESTAMP,
    published_at TIMESTAMPTZ(6),

    CONSTRAINT outbox_event_pkey PRIMARY KEY (id)
);

CREATE TABLE platform.outbox_consumed (
    consumer VARCHAR(80) NOT NULL,
    event_id UUID NOT NULL,
    consumed_at TIMESTAMPTZ(6) NOT NULL DEFAULT CURRENT_TIMESTAMP,

    CONSTRAINT outbox_consumed_pkey PRIMARY KEY (consumer,event_id)
);

CREATE TABLE platform.idempotency_key (
    scope VARCHAR(300) NOT NULL,
    "key" VARCHAR(128) NOT NULL,
    body_hash BYTEA NOT NULL,
    state platform.idempotency_state NOT NULL DEFAULT 'running',
    status SMALLINT,
    response JSONB,
    action_id UUID,
    created_at TIMESTAMPTZ(6) NOT NULL DEFAULT CURRENT_TIMESTAMP,
    locked_until TIMESTAMPTZ(6) NOT NULL,
    expires_at TIMESTAMPTZ(6) NOT NULL,

    CONSTRAINT idempotency_key_pkey PRIMARY KEY (scope,"key")
);

CREATE TABLE platform.rate_bucket (
    "key" VARCHAR(200) NOT NULL,
    count INTEGER NOT NULL DEFAULT 0,
    consecutive INTEGER NOT NULL DEFAULT 0,
    level INTEGER NOT NULL DEFAULT 0,
    window_started_at TIMESTAMPTZ(6) NOT NULL DEFAULT CURRENT_TIMESTAMP,
    expires_at TIMESTAMPTZ(6) NOT NULL,
    locked_until TIMESTAMPTZ(6),

    CONSTRAINT rate_bucket_pkey PRIMARY KEY ("key")
);

CREATE TABLE platform.cache_namespace (
    name VARCHAR(80) NOT NULL,
    epoch BIGINT NOT NULL DEFAULT 1,
    changed_at TIMESTAMPTZ(6) NOT NULL DEFAULT CURRENT_TIMESTAMP,

    CONSTRAINT cache_namespace_pkey PRIMARY KEY (name)
);

CREATE TABLE platform.workflow_run (
    id UUID NOT NULL DEFAULT uuidv7(),
    created_at TIMESTAMPTZ(6) NOT NULL DEFAULT CURRENT_TIMESTAMP,
    updated_at TIMESTAMPTZ(6) NOT NULL DEFAULT CURRENT_TIMESTAMP,
    version INTEGER NOT NULL DEFAULT 1,
    name VARCHAR(80) NOT NULL,
    "key" VARCHAR(120) NOT NULL,
    status platform.workflow_status NOT NULL DEFAULT 'running',
    step VARCHAR(60) NOT NULL,
    state JSONB NOT NULL DEFAULT '{}',
    attempts INTEGER NOT NULL DEFAULT 0,
    next_at TIMESTAMPTZ(6),
    error_code VARCHAR(60),
    completed_at TIMESTAMPTZ(6),

    CONSTRAINT workflow_run_pkey PRIMARY KEY (id)
);

CREATE TABLE platform.admin_session (
    id UUID NOT NULL DEFAULT uuidv7(),
    created_at TIMESTAMPTZ(6) NOT NULL DEFAULT CURRENT_TIMESTAMP,
    updated_at TIMESTAMPTZ(6) NOT NULL DEFAULT CURRENT_TIMESTAMP,
    id_hash BYTEA NOT NULL,
    user_id UUID NOT NULL,
    session_id UUID,
    stage platform.admin_session_stage NOT NULL,
    amr TEXT[] NOT NULL DEFAULT '{}',
    auth_time TIMESTAMPTZ(6) NOT NULL DEFAULT CURRENT_TIMESTAMP,
    factor_at TIMESTAMPTZ(6),
    device_id UUID,
    ip INET,
    user_agent VARCHAR(400),
    last_used_at TIMESTAMPTZ(6) NOT NULL DEFAULT CURRENT_TIMESTAMP,
    idle_expires_at TIMESTAMPTZ(6) NOT NULL,
    absolute_expires_at TIMESTAMPTZ(6) NOT NULL,
    revoked_at TIMESTAMPTZ(6),
    data JSONB NOT NULL DEFAULT '{}',

    CONSTRAINT admin_session_pkey PRIMARY KEY (id)
);

CREATE TABLE platform.feature_flag (
    id UUID NOT NULL DEFAULT uuidv7(),
    created_at TIMESTAMPTZ(6) NOT NULL DEFAULT CURRENT_TIMESTAMP,
    updated_at TIMESTAMPTZ(6) NOT NULL DEFAULT CURRENT_TIMESTAMP,
    version INTEGER NOT NULL DEFAULT 1,
    name VARCHAR(60) NOT NULL,
    description VARCHAR(300),
    is_enabled BOOLEAN NOT NULL DEFAULT false,
    rules JSONB NOT NULL DEFAULT '{}',

    CONSTRAINT feature_flag_pkey PRIMARY KEY (id)
);

CREATE TABLE platform.saved_view (
    id UUID NOT NULL DEFAULT uuidv7(),
    created_at TIMESTAMPTZ(6) NOT NULL DEFAULT CURRENT_TIMESTAMP,
    updated_at TIMESTAMPTZ(6) NOT NULL DEFAULT CURRENT_TIMESTAMP,
    version INTEGER NOT NULL DEFAULT 1,
    owner_user_id UUID NOT NULL,
    resource VARCHAR(60) NOT NULL,
    name VARCHAR(80) NOT NULL,
    query JSONB NOT NULL DEFAULT '{}',
    is_shared BOOLEAN NOT NULL DEFAULT false,
    position INTEGER NOT NULL DEFAULT 0,

    CONSTRAINT saved_view_pkey PRIMARY KEY (id)
);

CREATE TABLE platform.bulk_run (
    id UUID NOT NULL DEFAULT uuidv7(),
    created_at TIMESTAMPTZ(6) NOT NULL DEFAULT CURRENT_TIMESTAMP,
    updated_at TIMESTAMPTZ(6) NOT NULL DEFAULT CURRENT_TIMESTAMP,
    version INTEGER NOT NULL DEFAULT 1,
    command VARCHAR(80) NOT NULL,
    resource VARCHAR(60) NOT NULL,
    requested_by UUID NOT NULL,
    reason_code VARCHAR(40),
    reason_text VARCHAR(500),
    ticket_id UUID,
    input JSONB NOT NULL DEFAULT '{}',
    status platform.bulk_run_status NOT NULL DEFAULT 'queued',
    total INTEGER NOT NULL DEFAULT 0,
    done INTEGER NOT NULL DEFAULT 0,
    started_at TIMESTAMPTZ(6),
    finished_at TIMESTAMPTZ(6),

    CONSTRAINT bulk_run_pkey PRIMARY KEY (id)
);

CREATE TABLE platform.bulk_row (
    id UUID NOT NULL DEFAULT uuidv7(),
    run_id UUID NOT NULL,
    position INTEGER NOT NULL,
    record_id UUID NOT NULL,
    outcome platform.bulk_row_outcome NOT NULL DEFAULT 'waiting',
    error_code VARCHAR(60),
    action_id UUID,
    done_at TIMESTAMPTZ(6),

    CONSTRAINT bulk_row_pkey PRIMARY KEY (id)
);

CREATE TABLE platform.reveal_quota (
    staff_user_id UUID NOT NULL,
    day DATE NOT NULL,
    kind VARCHAR(20) NOT NULL,
    used INTEGER NOT NULL DEFAULT 0,
    bonus INTEGER NOT NULL DEFAULT 0,
    granted_by UUID,

    CONSTRAINT reveal_quota_pkey PRIMARY KEY (staff_user_id,day,kind)
);

CREATE TABLE platform.reveal_quota_subject (
    staff_user_id UUID NOT NULL,
    day DATE NOT NULL,
    kind VARCHAR(20) NOT NULL,
    subject_id UUID NOT NULL,

    CONSTRAINT reveal_quota_subject_pkey PRIMARY KEY (staff_user_id,day,kind,subject_id)
);

CREATE TABLE platform.signing_key (
    id UUID NOT NULL DEFAULT uuidv7(),
    created_at TIMESTAMPTZ(6) NOT NULL DEFAULT CURRENT_TIMESTAMP,
    updated_at TIMESTAMPTZ(6) NOT NULL DEFAULT CURRENT_TIMESTAMP,
    version INTEGER NOT NULL DEFAULT 1,
    kid VARCHAR(64) NOT NULL,
    algorithm VARCHAR(10) NOT NULL DEFAULT 'EdDSA',
    public_jwk JSONB NOT NULL,
    published_at TIMESTAMPTZ(6) NOT NULL DEFAULT CURRENT_TIMESTAMP,
    activated_at TIMESTAMPTZ(6),
    retired_at TIMESTAMPTZ(6),

    CONSTRAINT signing_key_pkey PRIMARY KEY (id)
);

CREATE TABLE platform.api_log (
    occurred_at TIMESTAMPTZ(6) NOT NULL DEFAULT CURRENT_TIMESTAMP,
    id UUID NOT NULL DEFAULT uuidv7(),
    request_id VARCHAR(64) NOT NULL,
    actor_id UUID,
    status SMALLINT NOT NULL,
    ms INTEGER NOT NULL,
    req_bytes INTEGER NOT NULL DEFAULT 0,
    res_bytes INTEGER NOT NULL DEFAULT 0,
    method VARCHAR(10) NOT NULL,
    path_template VARCHAR(200) NOT NULL,
    door VARCHAR(10) NOT NULL,
    error_code VARCHAR(60),
    slow BOOLEAN NOT NULL DEFAULT false,
    sampled BOOLEAN NOT NULL DEFAULT false,
    headers JSONB NOT NULL DEFAULT '{}',
    body JSONB,

    CONSTRAINT api_log_pkey PRIMARY KEY (occurred_at,id)
) PARTITION BY RANGE (occurred_at);

CREATE TABLE reference.country (
    id UUID NOT NULL DEFAULT uuidv7(),
    created_at TIMESTAMPTZ(6) NOT NULL DEFAULT CURRENT_TIMESTAMP,
    updated_at TIMESTAMPTZ(6) NOT NULL DEFAULT CURRENT_TIMESTAMP,
    version INTEGER NOT NULL DEFAULT 1,
    iso2 CHAR(2) NOT NULL,
    iso3 CHAR(3) NOT NULL,
    name VARCHAR(100) NOT NULL,
    capital VARCHAR(100),
    region VARCHAR(60),
    currency CHAR(3),
    calling_code VARCHAR(8),
    flag VARCHAR(16),
    is_active BOOLEAN NOT NULL DEFAULT true,
    sort_order INTEGER NOT NULL DEFAULT 0,

    CONSTRAINT country_pkey PRIMARY KEY (id)
);

CREATE TABLE reference.refresh_run (
    id UUID NOT NULL DEFAULT uuidv7(),
    created_at TIMESTAMPTZ(6) NOT NULL DEFAULT CURRENT_TIMESTAMP,
    updated_at TIMESTAMPTZ(6) NOT NULL DEFAULT CURRENT_TIMESTAMP,
    version INTEGER NOT NULL DEFAULT 1,
    source VARCHAR(60) NOT NULL,
    status reference.refresh_run_status NOT NULL DEFAULT 'running',
    added INTEGER NOT NULL DEFAULT 0,
    changed INTEGER NOT NULL DEFAULT 0,
    unchanged INTEGER NOT NULL DEFAULT 0,
    error VARCHAR(500),
    started_at TIMESTAMPTZ(6) NOT NULL DEFAULT CURRENT_TIMESTAMP,
    finished_at TIMESTAMPTZ(6),

    CONSTRAINT refresh_run_pkey PRIMARY KEY (id)
);

CREATE TABLE support.note (
    id UUID NOT NULL DEFAULT uuidv7(),
    created_at TIMESTAMPTZ(6) NOT NULL DEFAULT CURRENT_TIMESTAMP,
    updated_at TIMESTAMPTZ(6) NOT NULL DEFAULT CURRENT_TIMESTAMP,
    version INTEGER NOT NULL DEFAULT 1,
    subject_type support.note_subject NOT NULL,
    subject_id UUID NOT NULL,
    subject_user_id UUID,
    body_enc BYTEA NOT NULL,
    author_id UUID NOT NULL,
    mentions UUID[] NOT NULL DEFAULT '{}',
    locked_at TIMESTAMPTZ(6) NOT NULL,
    deleted_at TIMESTAMPTZ(6),

    CONSTRAINT note_pkey PRIMARY KEY (id)
);
CREATE UNIQUE INDEX user_member_id_key ON identity."user"(member_id);
CREATE UNIQUE INDEX user_email_bidx_key ON identity."user"(email_bidx);
CREATE UNIQUE INDEX user_phone_bidx_key ON identity."user"(phone_bidx);
CREATE INDEX user_kind_status_created_at_id_idx ON identity."user"(kind, status, created_at DESC, id);
CREATE INDEX user_created_at_id_idx ON identity."user"(created_at DESC, id);
CREATE INDEX user_status_created_at_idx ON identity."user"(status, created_at DESC);
CREATE INDEX user_locked_until_idx ON identity."user"(locked_until);
CREATE INDEX user_referred_by_idx ON identity."user"(referred_by);
CREATE UNIQUE INDEX client_user_id_key ON identity.client(user_id);
CREATE INDEX client_address_client_id_idx ON identity.client_address(client_id);
CREATE UNIQUE INDEX vendor_user_id_key ON identity.vendor(user_id);
CREATE UNIQUE INDEX vendor_store_name_folded_key ON identity.vendor(store_name_folded);
CREATE UNIQUE INDEX vendor_store_slug_key ON identity.vendor(store_slug);
CREATE INDEX vendor_status_created_at_id_idx ON identity.vendor(status, created_at DESC, id);
CREATE INDEX vendor_tax_id_bidx_idx ON identity.vendor(tax_id_bidx);
CREATE INDEX vendor_created_at_id_idx ON identity.vendor(created_at DESC, id);
CREATE UNIQUE INDEX vendor_setup_vendor_id_key ON identity.vendor_setup(vendor_id);
CREATE UNIQUE INDEX vendor_settings_vendor_id_key ON identity.vendor_settings(vendor_id);
CREATE INDEX vendor_bank_account_vendor_id_idx ON identity.vendor_bank_account(vendor_id);
CREATE INDEX vendor_bank_account_account_number_bidx_idx ON identity.vendor_bank_account(account_number_bidx);
CREATE INDEX external_identity_user_id_idx ON identity.external_identity(user_id);
CREATE UNIQUE INDEX external_identity_issuer_subject_bidx_key ON identity.external_identity(issuer, subject_bidx);
CREATE UNIQUE INDEX credential_user_id_key ON identity.credential(user_id);
CREATE UNIQUE INDEX pending_registration_flow_id_key ON identity.pending_registration(flow_id);
CREATE INDEX pending_registration_identifier_bidx_created_at_idx ON identity.pending_registration(identifier_bidx, created_at DESC);
CREATE INDEX pending_registration_expires_at_idx ON identity.pending_registration(expires_at);
CREATE UNIQUE INDEX otp_flow_grant_hash_key ON identity.otp_flow(grant_hash);
CREATE INDEX otp_flow_target_bidx_purpose_created_at_idx ON identity.otp_flow(target_bidx, purpose, created_at DESC);
CREATE INDEX otp_flow_subject_id_purpose_idx ON identity.otp_flow(subject_id, purpose);
CREATE INDEX otp_flow_link_hash_idx ON identity.otp_flow(link_hash);
CREATE INDEX otp_flow_flow_expires_at_idx ON identity.otp_flow(flow_expires_at);
CREATE UNIQUE INDEX session_family_id_key ON identity."session"(family_id);
CREATE INDEX session_user_id_last_used_at_idx ON identity."session"(user_id, last_used_at DESC);
CREATE INDEX session_absolute_expires_at_idx ON identity."session"(absolute_expires_at);
CREATE INDEX session_created_at_id_idx ON identity."session"(created_at DESC, id);
CREATE UNIQUE INDEX refresh_token_token_hash_key ON identity.refresh_token(token_hash);
CREATE INDEX refresh_token_created_at_idx ON identity.refresh_token(created_at);
CREATE UNIQUE INDEX refresh_token_session_id_seq_key ON identity.refresh_token(session_id, seq);
CREATE UNIQUE INDEX known_device_user_id_device_hash_key ON identity.known_device(user_id, device_hash);
CREATE UNIQUE INDEX totp_user_id_key ON identity.totp(user_id);
CREATE UNIQUE INDEX recovery_code_user_id_slot_key ON identity.recovery_code(user_id, slot);
CREATE UNIQUE INDEX passkey_credential_id_key ON identity.passkey(credential_id);
CREATE INDEX passkey_user_id_idx ON identity.passkey(user_id);
CREATE UNIQUE INDEX mfa_challenge_token_hash_key ON identity.mfa_challenge(token_hash);
CREATE INDEX mfa_challenge_user_id_idx ON identity.mfa_challenge(user_id);
CREATE INDEX mfa_challenge_expires_at_idx ON identity.mfa_challenge(expires_at);
CREATE UNIQUE INDEX staff_profile_user_id_key ON identity.staff_profile(user_id);
CREATE INDEX staff_role_grant_user_id_idx ON identity.staff_role_grant(user_id);
CREATE INDEX staff_role_grant_role_idx ON identity.staff_role_grant(role);
CREATE INDEX staff_role_grant_expires_at_idx ON identity.staff_role_grant(expires_at);
CREATE UNIQUE INDEX staff_invite_token_hash_key ON identity.staff_invite(token_hash);
CREATE INDEX staff_invite_email_bidx_idx ON identity.staff_invite(email_bidx);
CREATE INDEX consent_user_id_purpose_at_idx ON identity.consent(user_id, purpose, at DESC);
CREATE INDEX login_event_user_id_at_id_idx ON identity.login_event(user_id, at DESC, id DESC);
CREATE INDEX login_event_identifier_bidx_at_idx ON identity.login_event(identifier_bidx, at DESC);
CREATE INDEX login_event_ip_at_idx ON identity.login_event(ip, at DESC);
CREATE INDEX login_event_outcome_at_idx ON identity.login_event(outcome, at DESC);
CREATE INDEX private_file_owner_user_id_idx ON identity.private_file(owner_user_id);
CREATE INDEX delivery_user_id_created_at_idx ON notifications.delivery(user_id, created_at DESC);
CREATE INDEX delivery_recipient_bidx_created_at_idx ON notifications.delivery(recipient_bidx, created_at DESC);
CREATE INDEX delivery_status_next_attempt_at_idx ON notifications.delivery(status, next_attempt_at);
CREATE UNIQUE INDEX delivery_event_id_template_channel_key ON notifications.delivery(event_id, template, channel);
CREATE INDEX staff_notice_staff_user_id_created_at_idx ON notifications.staff_notice(staff_user_id, created_at DESC);
CREATE UNIQUE INDEX staff_notice_staff_user_id_event_id_kind_key ON notifications.staff_notice(staff_user_id, event_id, kind);
CREATE INDEX webhook_attempt_status_next_at_idx ON notifications.webhook_attempt(status, next_at);
CREATE UNIQUE INDEX webhook_attempt_endpoint_id_event_id_key ON notifications.webhook_attempt(endpoint_id, event_id);
CREATE UNIQUE INDEX dev_message_delivery_id_key ON notifications.dev_message(delivery_id);
CREATE INDEX dev_message_to_at_idx ON notifications.dev_message("to", at DESC);
CREATE INDEX dev_message_at_idx ON notifications.dev_message(at DESC);
CREATE INDEX outbox_event_aggregate_id_idx ON platform.outbox_event(aggregate_id);
CREATE INDEX outbox_event_occurred_at_idx ON platform.outbox_event(occurred_at);
CREATE INDEX outbox_consumed_consumed_at_idx ON platform.outbox_consumed(consumed_at);
CREATE INDEX idempotency_key_expires_at_idx ON platform.idempotency_key(expires_at);
CREATE INDEX rate_bucket_expires_at_idx ON platform.rate_bucket(expires_at);
CREATE INDEX workflow_run_status_next_at_idx ON platform.workflow_run(status, next_at);
CREATE UNIQUE INDEX workflow_run_name_key_key ON platform.workflow_run(name, "key");
CREATE UNIQUE INDEX admin_session_id_hash_key ON platform.admin_session(id_hash);
CREATE INDEX admin_session_user_id_idx ON platform.admin_session(user_id);
CREATE INDEX admin_session_absolute_expires_at_idx ON platform.admin_session(absolute_expires_at);
CREATE UNIQUE INDEX feature_flag_name_key ON platform.feature_flag(name);
CREATE UNIQUE INDEX saved_view_owner_user_id_resource_name_key ON platform.saved_view(owner_user_id, resource, name);
CREATE INDEX bulk_run_requested_by_created_at_idx ON platform.bulk_run(requested_by, created_at DESC);
CREATE INDEX bulk_run_status_idx ON platform.bulk_run(status);
CREATE INDEX bulk_row_run_id_position_idx ON platform.bulk_row(run_id, position);
CREATE UNIQUE INDEX bulk_row_run_id_record_id_key ON platform.bulk_row(run_id, record_id);
CREATE UNIQUE INDEX signing_key_kid_key ON platform.signing_key(kid);
CREATE INDEX api_log_occurred_at_idx ON platform.api_log(occurred_at DESC);
CREATE INDEX api_log_path_template_occurred_at_idx ON platform.api_log(path_template, occurred_at);
CREATE INDEX api_log_actor_id_occurred_at_idx ON platform.api_log(actor_id, occurred_at);
CREATE UNIQUE INDEX country_iso2_key ON reference.country(iso2);
CREATE UNIQUE INDEX country_iso3_key ON reference.country(iso3);
CREATE UNIQUE INDEX country_name_key ON reference.country(name);
CREATE INDEX country_sort_order_name_idx ON reference.country(sort_order, name);
CREATE INDEX note_subject_type_subject_id_created_at_idx ON support.note(subject_type, subject_id, created_at DESC);
CREATE INDEX note_author_id_idx ON support.note(author_id);
ALTER TABLE identity."user" ADD CONSTRAINT user_referred_by_fkey FOREIGN KEY (referred_by) REFERENCES identity."user"(id) ON DELETE SET NULL ON UPDATE CASCADE;
ALTER TABLE identity.user_key ADD CONSTRAINT user_key_user_id_fkey FOREIGN KEY (user_id) REFERENCES identity."user"(id) ON DELETE RESTRICT ON UPDATE CASCADE;
ALTER TABLE identity.client ADD CONSTRAINT client_user_id_fkey FOREIGN KEY (user_id) REFERENCES identity."user"(id) ON DELETE RESTRICT ON UPDATE CASCADE;
ALTER TABLE identity.client_address ADD CONSTRAINT client_address_client_id_fkey FOREIGN KEY (client_id) REFERENCES identity.client(id) ON DELETE CASCADE ON UPDATE CASCADE;
ALTER TABLE identity.vendor ADD CONSTRAINT vendor_user_id_fkey FOREIGN KEY (user_id) REFERENCES identity."user"(id) ON DELETE RESTRICT ON UPDATE CASCADE;
ALTER TABLE identity.vendor_setup ADD CONSTRAINT vendor_setup_vendor_id_fkey FOREIGN KEY (vendor_id) REFERENCES identity.vendor(id) ON DELETE CASCADE ON UPDATE CASCADE;
ALTER TABLE identity.vendor_settings ADD CONSTRAINT vendor_settings_vendor_id_fkey FOREIGN KEY (vendor_id) REFERENCES identity.vendor(id) ON DELETE CASCADE ON UPDATE CASCADE;
ALTER TABLE identity.vendor_bank_account ADD CONSTRAINT vendor_bank_account_vendor_id_fkey FOREIGN KEY (vendor_id) REFERENCES identity.vendor(id) ON DELETE RESTRICT ON UPDATE CASCADE;
ALTER TABLE identity.external_identity ADD CONSTRAINT external_identity_user_id_fkey FOREIGN KEY (user_id) REFERENCES identity."user"(id) ON DELETE RESTRICT ON UPDATE CASCADE;
ALTER TABLE identity.credential ADD CONSTRAINT credential_user_id_fkey FOREIGN KEY (user_id) REFERENCES identity."user"(id) ON DELETE RESTRICT ON UPDATE CASCADE;
ALTER TABLE identity."session" ADD CONSTRAINT session_user_id_fkey FOREIGN KEY (user_id) REFERENCES identity."user"(id) ON DELETE RESTRICT ON UPDATE CASCADE;
ALTER TABLE identity.refresh_token ADD CONSTRAINT refresh_token_session_id_fkey FOREIGN KEY (session_id) REFERENCES identity."session"(id) ON DELETE CASCADE ON UPDATE CASCADE;
ALTER TABLE identity.known_device ADD CONSTRAINT known_device_user_id_fkey FOREIGN KEY (user_id) REFERENCES identity."user"(id) ON DELETE RESTRICT ON UPDATE CASCADE;
ALTER TABLE identity.totp ADD CONSTRAINT totp_user_id_fkey FOREIGN KEY (user_id) REFERENCES identity."user"(id) ON DELETE RESTRICT ON UPDATE CASCADE;
ALTER TABLE identity.recovery_code ADD CONSTRAINT recovery_code_user_id_fkey FOREIGN KEY (user_id) REFERENCES identity."user"(id) ON DELETE RESTRICT ON UPDATE CASCADE;
ALTER TABLE identity.passkey ADD CONSTRAINT passkey_user_id_fkey FOREIGN KEY (user_id) REFERENCES identity."user"(id) ON DELETE RESTRICT ON UPDATE CASCADE;
ALTER TABLE identity.mfa_challenge ADD CONSTRAINT mfa_challenge_user_id_fkey FOREIGN KEY (user_id) REFERENCES identity."user"(id) ON DELETE CASCADE ON UPDATE CASCADE;
ALTER TABLE identity.staff_profile ADD CONSTRAINT staff_profile_user_id_fkey FOREIGN KEY (user_id) REFERENCES identity."user"(id) ON DELETE RESTRICT ON UPDATE CASCADE;
ALTER TABLE identity.staff_role_grant ADD CONSTRAINT staff_role_grant_user_id_fkey FOREIGN KEY (user_id) REFERENCES identity."user"(id) ON DELETE RESTRICT ON UPDATE CASCADE;
ALTER TABLE identity.consent ADD CONSTRAINT consent_user_id_fkey FOREIGN KEY (user_id) REFERENCES identity."user"(id) ON DELETE RESTRICT ON UPDATE CASCADE;
ALTER TABLE notifications.webhook_attempt ADD CONSTRAINT webhook_attempt_endpoint_id_fkey FOREIGN KEY (endpoint_id) REFERENCES notifications.webhook_endpoint(id) ON DELETE CASCADE ON UPDATE CASCADE;
ALTER TABLE platform.bulk_row ADD CONSTRAINT bulk_row_run_id_fkey FOREIGN KEY (run_id) REFERENCES platform.bulk_run(id) ON DELETE CASCADE ON UPDATE CASCADE;

RESET ROLE;
