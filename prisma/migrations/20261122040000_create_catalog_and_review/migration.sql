-- Products, review cases and proofs of identity (product.md 3.3, 3.4).
SET lock_timeout = '5s';
SET statement_timeout = '60s';

CREATE SCHEMA catalog AUTHORIZATION migrator;
CREATE SCHEMA review AUTHORIZATION migrator;

SET ROLE migrator;
GRANT USAGE ON SCHEMA catalog, review TO audit_owner, app_web, app_worker;

-- ---------------------------------------------------------------- catalog

CREATE TYPE catalog.product_status AS ENUM ('draft', 'pending', 'in_review', 'published', 'changes_requested', 'rejected', 'archived', 'suspended');
CREATE TYPE catalog.product_condition AS ENUM ('new', 'used', 'refurbished');
CREATE TYPE catalog.gender_target AS ENUM ('men', 'women', 'unisex', 'boys', 'girls', 'kids');
CREATE TYPE catalog.revision_kind AS ENUM ('vendor_edit', 'suggestion');
CREATE TYPE catalog.revision_status AS ENUM ('draft', 'proposed', 'accepted', 'partly_accepted', 'rejected', 'withdrawn', 'superseded');
CREATE TYPE catalog.author_kind AS ENUM ('vendor', 'enhancer');

CREATE TABLE catalog.category (
    id UUID NOT NULL DEFAULT uuidv7(),
    created_at TIMESTAMPTZ(6) NOT NULL DEFAULT CURRENT_TIMESTAMP,
    updated_at TIMESTAMPTZ(6) NOT NULL DEFAULT CURRENT_TIMESTAMP,
    version INTEGER NOT NULL DEFAULT 1,
    code VARCHAR(60) NOT NULL,
    name VARCHAR(120) NOT NULL,
    parent_code VARCHAR(60),
    is_active BOOLEAN NOT NULL DEFAULT true,
    median_price NUMERIC(14,2),

    CONSTRAINT category_pkey PRIMARY KEY (id),
    CONSTRAINT category_code_check CHECK (code ~ '^[a-z0-9]+(-[a-z0-9]+)*$'),
    CONSTRAINT category_parent_check CHECK (parent_code <> code),
    CONSTRAINT category_name_check CHECK (name <> ''),
    CONSTRAINT category_median_check CHECK (median_price > 0)
);
-- squawk-ignore require-concurrent-index-creation
CREATE UNIQUE INDEX category_code_key ON catalog.category(code);

-- `vendor_id` and `owner_user_id` are ids of identity: the shop, and the person whose shop it is. What is live is what stands here;
-- a change of a live product waits in product_revision.
CREATE TABLE catalog.product (
    id UUID NOT NULL DEFAULT uuidv7(),
    created_at TIMESTAMPTZ(6) NOT NULL DEFAULT CURRENT_TIMESTAMP,
    updated_at TIMESTAMPTZ(6) NOT NULL DEFAULT CURRENT_TIMESTAMP,
    version INTEGER NOT NULL DEFAULT 1,
    vendor_id UUID NOT NULL,
    owner_user_id UUID NOT NULL,
    title VARCHAR(255) NOT NULL,
    slug VARCHAR(280) NOT NULL,
    description VARCHAR(5000),
    category_codes TEXT[] NOT NULL DEFAULT '{}',
    tags TEXT[] NOT NULL DEFAULT '{}',
    price NUMERIC(14,2) NOT NULL,
    old_price NUMERIC(14,2),
    currency CHAR(3) NOT NULL DEFAULT 'NGN',
    stock_qty INTEGER NOT NULL DEFAULT 0,
    condition catalog.product_condition NOT NULL DEFAULT 'new',
    gender_target catalog.gender_target NOT NULL DEFAULT 'unisex',
    requires_measurement BOOLEAN NOT NULL DEFAULT false,
    is_pre_order BOOLEAN NOT NULL DEFAULT false,
    pre_order_date DATE,
    meta_title VARCHAR(160),
    meta_description VARCHAR(320),
    style_tags TEXT[] NOT NULL DEFAULT '{}',
    occasion_tags TEXT[] NOT NULL DEFAULT '{}',
    status catalog.product_status NOT NULL DEFAULT 'draft',
    submitted_at TIMESTAMPTZ(6),
    published_at TIMESTAMPTZ(6),
    reviewed_by UUID,
    last_editor_id UUID,
    decision_code VARCHAR(40),
    decision_reason VARCHAR(2000),
    live_revision INTEGER NOT NULL DEFAULT 0,
    deleted_at TIMESTAMPTZ(6),
    featured BOOLEAN NOT NULL DEFAULT false,
    risk_score INTEGER NOT NULL DEFAULT 0,

    CONSTRAINT product_pkey PRIMARY KEY (id),
    CONSTRAINT product_slug_check CHECK (slug ~ '^[a-z0-9]+(-[a-z0-9]+)*$'),
    CONSTRAINT product_text_check CHECK (title <> '' AND description <> '' AND meta_title <> '' AND meta_description <> '' AND decision_reason <> ''),
    CONSTRAINT product_price_check CHECK (price > 0 AND price <= 100000000 AND (old_price IS NULL OR old_price > price)),
    CONSTRAINT product_currency_check CHECK (currency ~ '^[A-Z]{3}$'),
    CONSTRAINT product_stock_check CHECK (stock_qty >= 0),
    CONSTRAINT product_lists_check CHECK (cardinality(category_codes) <= 15 AND cardinality(tags) <= 30
      AND cardinality(style_tags) <= 30 AND cardinality(occasion_tags) <= 30),
    CONSTRAINT product_category_check CHECK (status IN ('draft', 'archived') OR cardinality(category_codes) >= 1),
    CONSTRAINT product_pre_order_check CHECK (is_pre_order = (pre_order_date IS NOT NULL)),
    CONSTRAINT product_published_check CHECK (status <> 'published' OR (published_at IS NOT NULL AND live_revision >= 1)),
    CONSTRAINT product_deleted_check CHECK (deleted_at IS NULL OR status <> 'published'),
    CONSTRAINT product_risk_check CHECK (risk_score BETWEEN 0 AND 100)
);
-- squawk-ignore require-concurrent-index-creation
CREATE UNIQUE INDEX product_slug_key ON catalog.product(slug);
-- squawk-ignore require-concurrent-index-creation
CREATE INDEX product_vendor_id_created_at_id_idx ON catalog.product(vendor_id, created_at DESC, id);
-- squawk-ignore require-concurrent-index-creation
CREATE INDEX product_status_created_at_id_idx ON catalog.product(status, created_at DESC, id);
-- squawk-ignore require-concurrent-index-creation
CREATE INDEX product_created_at_id_idx ON catalog.product(created_at DESC, id);
-- squawk-ignore require-concurrent-index-creation
CREATE INDEX product_title_idx ON catalog.product USING gin (title gin_trgm_ops);
-- squawk-ignore require-concurrent-index-creation
CREATE INDEX product_live_idx ON catalog.product(published_at DESC, id DESC) WHERE status = 'published' AND deleted_at IS NULL;

CREATE TABLE catalog.product_media (
    id UUID NOT NULL DEFAULT uuidv7(),
    created_at TIMESTAMPTZ(6) NOT NULL DEFAULT CURRENT_TIMESTAMP,
    updated_at TIMESTAMPTZ(6) NOT NULL DEFAULT CURRENT_TIMESTAMP,
    version INTEGER NOT NULL DEFAULT 1,
    product_id UUID NOT NULL,
    owner_user_id UUID NOT NULL,
    file_id UUID NOT NULL,
    url VARCHAR(500),
    alt VARCHAR(200),
    position INTEGER NOT NULL,
    is_cover BOOLEAN NOT NULL DEFAULT false,

    CONSTRAINT product_media_pkey PRIMARY KEY (id),
    CONSTRAINT product_media_alt_check CHECK (alt <> ''),
    CONSTRAINT product_media_position_check CHECK (position BETWEEN 0 AND 19),
    CONSTRAINT product_media_product_id_fkey FOREIGN KEY (product_id) REFERENCES catalog.product(id) ON DELETE CASCADE ON UPDATE CASCADE
);
-- squawk-ignore require-concurrent-index-creation
CREATE UNIQUE INDEX product_media_product_id_position_key ON catalog.product_media(product_id, position);
-- squawk-ignore require-concurrent-index-creation
CREATE UNIQUE INDEX product_media_cover_key ON catalog.product_media(product_id) WHERE is_cover;

CREATE TABLE catalog.product_revision (
    id UUID NOT NULL DEFAULT uuidv7(),
    created_at TIMESTAMPTZ(6) NOT NULL DEFAULT CURRENT_TIMESTAMP,
    updated_at TIMESTAMPTZ(6) NOT NULL DEFAULT CURRENT_TIMESTAMP,
    version INTEGER NOT NULL DEFAULT 1,
    product_id UUID NOT NULL,
    owner_user_id UUID NOT NULL,
    base_version INTEGER NOT NULL,
    kind catalog.revision_kind NOT NULL,
    status catalog.revision_status NOT NULL DEFAULT 'draft',
    changes JSONB NOT NULL DEFAULT '[]',
    checks JSONB NOT NULL DEFAULT '[]',
    author_id UUID NOT NULL,
    author_kind catalog.author_kind NOT NULL,
    decided_by UUID,
    decided_at TIMESTAMPTZ(6),
    accepted_fields TEXT[] NOT NULL DEFAULT '{}',
    note VARCHAR(500),

    CONSTRAINT product_revision_pkey PRIMARY KEY (id),
    CONSTRAINT product_revision_json_check CHECK (jsonb_typeof(changes) = 'array' AND jsonb_typeof(checks) = 'array'),
    CONSTRAINT product_revision_kind_check CHECK ((kind = 'suggestion') = (author_kind = 'enhancer')),
    -- Nobody decides on what they wrote.
    CONSTRAINT product_revision_author_check CHECK (decided_by <> author_id),
    CONSTRAINT product_revision_decided_check CHECK (status NOT IN ('accepted', 'partly_accepted', 'rejected') OR decided_at IS NOT NULL),
    CONSTRAINT product_revision_note_check CHECK (note <> ''),
    CONSTRAINT product_revision_product_id_fkey FOREIGN KEY (product_id) REFERENCES catalog.product(id) ON DELETE CASCADE ON UPDATE CASCADE
);
-- squawk-ignore require-concurrent-index-creation
CREATE INDEX product_revision_product_id_status_idx ON catalog.product_revision(product_id, status);
-- squawk-ignore require-concurrent-index-creation
CREATE INDEX product_revision_author_id_created_at_idx ON catalog.product_revision(author_id, created_at DESC);
-- The owner has one edit of a live product waiting at a time.
-- squawk-ignore require-concurrent-index-creation
CREATE UNIQUE INDEX product_revision_edit_key ON catalog.product_revision(product_id) WHERE kind = 'vendor_edit' AND status IN ('draft', 'proposed');

-- ---------------------------------------------------------------- review

CREATE TYPE review.case_kind AS ENUM ('vendor', 'kyc', 'product', 'product_revision');
CREATE TYPE review.case_status AS ENUM ('queued', 'claimed', 'pending_second', 'changes_requested', 'approved', 'rejected', 'withdrawn');
CREATE TYPE review.case_decision AS ENUM ('approve', 'reject', 'request_changes');
CREATE TYPE review.kyc_status AS ENUM ('draft', 'submitted', 'in_review', 'approved', 'resubmit', 'rejected');
CREATE TYPE review.document_type AS ENUM ('nin_card', 'bvn_slip', 'passport', 'drivers_licence', 'voters_card', 'selfie', 'cac_certificate', 'utility_bill');
CREATE TYPE review.document_status AS ENUM ('uploaded', 'accepted', 'refused');

-- `subject_id` is a store, a KYC submission, a product or a revision; `owner_user_id` the person whose it is. `second_*` is the answer
-- of the second person; the first one's stands in `decision_*`. `snapshot_id` is the state that was decided on.
CREATE TABLE review.review_case (
    id UUID NOT NULL DEFAULT uuidv7(),
    created_at TIMESTAMPTZ(6) NOT NULL DEFAULT CURRENT_TIMESTAMP,
    updated_at TIMESTAMPTZ(6) NOT NULL DEFAULT CURRENT_TIMESTAMP,
    version INTEGER NOT NULL DEFAULT 1,
    kind review.case_kind NOT NULL,
    subject_id UUID NOT NULL,
    subject_version INTEGER NOT NULL,
    vendor_id UUID NOT NULL,
    owner_user_id UUID NOT NULL,
    round INTEGER NOT NULL DEFAULT 1,
    previous_case_id UUID,
    status review.case_status NOT NULL DEFAULT 'queued',
    priority INTEGER NOT NULL DEFAULT 0,
    risk_score INTEGER NOT NULL DEFAULT 0,
    needs_second BOOLEAN NOT NULL DEFAULT false,
    needs_lead BOOLEAN NOT NULL DEFAULT false,
    sla_due_at TIMESTAMPTZ(6) NOT NULL,
    sla_paused_s INTEGER NOT NULL DEFAULT 0,
    claimed_by UUID,
    claimed_at TIMESTAMPTZ(6),
    claim_expires_at TIMESTAMPTZ(6),
    prepared_by UUID,
    checklist JSONB NOT NULL DEFAULT '[]',
    decision review.case_decision,
    decision_code VARCHAR(40),
    decision_text VARCHAR(2000),
    field_notes JSONB NOT NULL DEFAULT '[]',
    decided_by UUID,
    decided_at TIMESTAMPTZ(6),
    second_by UUID,
    second_at TIMESTAMPTZ(6),
    second_decision review.case_decision,
    second_text VARCHAR(2000),
    snapshot_id UUID,
    sampled BOOLEAN NOT NULL DEFAULT false,
    sample_of_id UUID,
    escalated_at TIMESTAMPTZ(6),
    escalated_by UUID,
    escalation_reason VARCHAR(500),

    CONSTRAINT review_case_pkey PRIMARY KEY (id),
    -- Two people: the second is never the first.
    CONSTRAINT review_case_four_eyes_check CHECK (second_by <> decided_by),
    CONSTRAINT review_case_claim_check CHECK ((status = 'claimed') = (claimed_by IS NOT NULL) AND num_nonnulls(claimed_by, claimed_at, claim_expires_at) IN (0, 3)),
    CONSTRAINT review_case_decided_check CHECK (status NOT IN ('pending_second', 'changes_requested', 'approved', 'rejected')
      OR num_nonnulls(decision, decided_by, decided_at) = 3),
    CONSTRAINT review_case_second_check CHECK (num_nonnulls(second_by, second_at, second_decision) IN (0, 3)),
    CONSTRAINT review_case_needs_second_check CHECK (status <> 'approved' OR NOT needs_second OR second_by IS NOT NULL),
    CONSTRAINT review_case_round_check CHECK (round >= 1 AND (previous_case_id IS NULL) = (round = 1)),
    CONSTRAINT review_case_scores_check CHECK (risk_score BETWEEN 0 AND 100 AND priority BETWEEN 0 AND 100 AND sla_paused_s >= 0),
    CONSTRAINT review_case_json_check CHECK (jsonb_typeof(checklist) = 'array' AND jsonb_typeof(field_notes) = 'array'),
    CONSTRAINT review_case_text_check CHECK (decision_text <> '' AND second_text <> '' AND escalation_reason <> ''),
    CONSTRAINT review_case_previous_case_id_fkey FOREIGN KEY (previous_case_id) REFERENCES review.review_case(id) ON DELETE RESTRICT ON UPDATE CASCADE,
    CONSTRAINT review_case_sample_of_id_fkey FOREIGN KEY (sample_of_id) REFERENCES review.review_case(id) ON DELETE RESTRICT ON UPDATE CASCADE
);
-- One open case per subject; a quality sample looks at a closed one again and is not in its way.
-- squawk-ignore require-concurrent-index-creation
CREATE UNIQUE INDEX review_case_open_key ON review.review_case(kind, subject_id)
  WHERE status IN ('queued', 'claimed', 'pending_second') AND sample_of_id IS NULL;
-- squawk-ignore require-concurrent-index-creation
CREATE UNIQUE INDEX review_case_sample_of_id_key ON review.review_case(sample_of_id);
-- The order of "take next": priority, then what is due first, then risk.
-- squawk-ignore require-concurrent-index-creation
CREATE INDEX review_case_queue_idx ON review.review_case(priority DESC, sla_due_at, risk_score DESC, id) WHERE status = 'queued';
-- squawk-ignore require-concurrent-index-creation
CREATE INDEX review_case_lease_idx ON review.review_case(claim_expires_at) WHERE status = 'claimed';
-- squawk-ignore require-concurrent-index-creation
CREATE INDEX review_case_claimed_by_idx ON review.review_case(claimed_by) WHERE status = 'claimed';
-- squawk-ignore require-concurrent-index-creation
CREATE INDEX review_case_status_created_at_id_idx ON review.review_case(status, created_at DESC, id);
-- squawk-ignore require-concurrent-index-creation
CREATE INDEX review_case_vendor_id_created_at_idx ON review.review_case(vendor_id, created_at DESC);
-- squawk-ignore require-concurrent-index-creation
CREATE INDEX review_case_subject_id_created_at_idx ON review.review_case(subject_id, created_at DESC);
-- squawk-ignore require-concurrent-index-creation
CREATE INDEX review_case_decided_by_decided_at_idx ON review.review_case(decided_by, decided_at DESC);

-- Boxes are under the data key of the owner.
CREATE TABLE review.kyc_submission (
    id UUID NOT NULL DEFAULT uuidv7(),
    created_at TIMESTAMPTZ(6) NOT NULL DEFAULT CURRENT_TIMESTAMP,
    updated_at TIMESTAMPTZ(6) NOT NULL DEFAULT CURRENT_TIMESTAMP,
    version INTEGER NOT NULL DEFAULT 1,
    vendor_id UUID NOT NULL,
    owner_user_id UUID NOT NULL,
    status review.kyc_status NOT NULL DEFAULT 'draft',
    legal_name_enc BYTEA,
    legal_name_masked VARCHAR(80),
    date_of_birth_enc BYTEA,
    notes_to_vendor VARCHAR(1000),
    submitted_at TIMESTAMPTZ(6),
    reviewed_at TIMESTAMPTZ(6),
    reviewed_by UUID,
    second_reviewed_by UUID,
    retention_until TIMESTAMPTZ(6),
    provider_reference VARCHAR(120),

    CONSTRAINT kyc_submission_pkey PRIMARY KEY (id),
    CONSTRAINT kyc_submission_four_eyes_check CHECK (second_reviewed_by <> reviewed_by),
    CONSTRAINT kyc_submission_approved_check CHECK (status <> 'approved' OR num_nonnulls(reviewed_by, second_reviewed_by, reviewed_at, retention_until) = 4),
    CONSTRAINT kyc_submission_name_check CHECK ((legal_name_enc IS NULL) = (legal_name_masked IS NULL)),
    CONSTRAINT kyc_submission_notes_check CHECK (notes_to_vendor <> '')
);
-- squawk-ignore require-concurrent-index-creation
CREATE UNIQUE INDEX kyc_submission_vendor_id_key ON review.kyc_submission(vendor_id);
-- squawk-ignore require-concurrent-index-creation
CREATE INDEX kyc_submission_status_created_at_id_idx ON review.kyc_submission(status, created_at DESC, id);

CREATE TABLE review.kyc_document (
    id UUID NOT NULL DEFAULT uuidv7(),
    created_at TIMESTAMPTZ(6) NOT NULL DEFAULT CURRENT_TIMESTAMP,
    updated_at TIMESTAMPTZ(6) NOT NULL DEFAULT CURRENT_TIMESTAMP,
    version INTEGER NOT NULL DEFAULT 1,
    submission_id UUID NOT NULL,
    owner_user_id UUID NOT NULL,
    type review.document_type NOT NULL,
    number_enc BYTEA,
    number_bidx BYTEA,
    bidx_kid VARCHAR(16) NOT NULL DEFAULT 'b1',
    number_last4 CHAR(4),
    file_id UUID NOT NULL,
    provider_verified BOOLEAN,
    status review.document_status NOT NULL DEFAULT 'uploaded',
    note VARCHAR(500),

    CONSTRAINT kyc_document_pkey PRIMARY KEY (id),
    CONSTRAINT kyc_document_number_check CHECK (num_nonnulls(number_enc, number_bidx, number_last4) IN (0, 3)),
    CONSTRAINT kyc_document_bidx_check CHECK (octet_length(number_bidx) = 32),
    CONSTRAINT kyc_document_note_check CHECK (note <> ''),
    CONSTRAINT kyc_document_submission_id_fkey FOREIGN KEY (submission_id) REFERENCES review.kyc_submission(id) ON DELETE CASCADE ON UPDATE CASCADE
);
-- squawk-ignore require-concurrent-index-creation
CREATE UNIQUE INDEX kyc_document_submission_id_type_key ON review.kyc_document(submission_id, type);
-- squawk-ignore require-concurrent-index-creation
CREATE INDEX kyc_document_number_bidx_idx ON review.kyc_document(number_bidx);

GRANT SELECT, INSERT, UPDATE, DELETE ON catalog.category, catalog.product, catalog.product_media, catalog.product_revision,
  review.review_case, review.kyc_submission, review.kyc_document TO app_web, app_worker;

RESET ROLE;
SET ROLE audit_owner;
INSERT INTO audit.policy (tbl, field, mode, snapshot, subject_column, pk_columns) VALUES
  ('catalog.category', '*', 'audit', false, NULL, '{id}'),
  ('catalog.product', '*', 'audit', true, 'owner_user_id', '{id}'),
  ('catalog.product_media', '*', 'audit', false, 'owner_user_id', '{id}'),
  ('catalog.product_revision', '*', 'audit', true, 'owner_user_id', '{id}'),
  ('review.review_case', '*', 'audit', true, 'owner_user_id', '{id}'),
  ('review.kyc_submission', '*', 'audit', true, 'owner_user_id', '{id}'),
  ('review.kyc_document', '*', 'audit', true, 'owner_user_id', '{id}');
INSERT INTO audit.policy (tbl, field, mode, why)
SELECT t.tbl, f.field, 'ignore', 'stamp of the row itself'
  FROM audit.policy AS t CROSS JOIN (VALUES ('updated_at'), ('version')) AS f (field)
 WHERE t.field = '*' AND (t.tbl LIKE 'catalog.%' OR t.tbl LIKE 'review.%');
-- Renewing a lease is no event: who held the case, and from when, is.
INSERT INTO audit.policy (tbl, field, mode, why) VALUES
  ('review.review_case', 'claim_expires_at', 'ignore', 'moves with every activity of the holder');
INSERT INTO audit.policy (tbl, field, mode) VALUES
  ('review.kyc_submission', 'legal_name_enc', 'secret'),
  ('review.kyc_submission', 'date_of_birth_enc', 'secret'),
  ('review.kyc_document', 'number_enc', 'secret'),
  ('review.kyc_document', 'number_bidx', 'secret');
RESET ROLE;
SET ROLE migrator;

SELECT audit.enable_table(name::regclass)
  FROM unnest(ARRAY['catalog.category', 'catalog.product', 'catalog.product_media', 'catalog.product_revision',
    'review.review_case', 'review.kyc_submission', 'review.kyc_document']) AS list (name);

RESET ROLE;
