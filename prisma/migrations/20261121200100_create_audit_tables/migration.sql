-- The history of everything (docs/audit.md). Fixed-width columns come first: with the row header they are the bulk of a row.
-- value and snapshot are the only tables whose rows may ever be erased.
SET ROLE audit_owner;

CREATE TABLE audit."action" (
    occurred_at TIMESTAMPTZ(6) NOT NULL DEFAULT clock_timestamp(),
    id UUID NOT NULL DEFAULT uuidv7(),
    txid xid8 NOT NULL,
    request_id UUID NOT NULL,
    actor_id UUID,
    approval_id UUID,
    ticket_id UUID,
    reverts UUID,
    epoch INTEGER NOT NULL,
    ms INTEGER NOT NULL,
    record_count INTEGER NOT NULL,
    mfa BOOLEAN NOT NULL,
    outcome TEXT NOT NULL,
    door TEXT NOT NULL,
    actor_type TEXT NOT NULL,
    resource TEXT NOT NULL,
    "action" TEXT NOT NULL,
    error_code TEXT,
    actor_roles TEXT[] NOT NULL,
    record_ids TEXT[] NOT NULL,
    session_hash BYTEA,
    value_commit BYTEA NOT NULL,

    CONSTRAINT action_pkey PRIMARY KEY (occurred_at,id)
) PARTITION BY RANGE (occurred_at);

CREATE TABLE audit.event (
    occurred_at TIMESTAMPTZ(6) NOT NULL DEFAULT clock_timestamp(),
    id UUID NOT NULL DEFAULT uuidv7(),
    txid xid8 NOT NULL,
    action_id UUID,
    actor_id UUID,
    subject_id UUID,
    epoch INTEGER NOT NULL,
    op SMALLINT NOT NULL,
    tbl TEXT NOT NULL,
    record_id TEXT NOT NULL,
    actor_type TEXT NOT NULL,
    db_user name NOT NULL,
    changed TEXT[] NOT NULL,
    value_commit BYTEA,
    snapshot_commit BYTEA,

    CONSTRAINT event_pkey PRIMARY KEY (occurred_at,id)
) PARTITION BY RANGE (occurred_at);

CREATE TABLE audit."value" (
    occurred_at TIMESTAMPTZ(6) NOT NULL,
    row_id UUID NOT NULL,
    subject_id UUID,
    salt BYTEA NOT NULL,
    body TEXT NOT NULL,

    CONSTRAINT value_pkey PRIMARY KEY (occurred_at,row_id)
) PARTITION BY RANGE (occurred_at);

CREATE TABLE audit.snapshot (
    occurred_at TIMESTAMPTZ(6) NOT NULL,
    row_id UUID NOT NULL,
    subject_id UUID,
    tbl TEXT NOT NULL,
    record_id TEXT NOT NULL,
    salt BYTEA NOT NULL,
    body TEXT NOT NULL,

    CONSTRAINT snapshot_pkey PRIMARY KEY (occurred_at,row_id)
) PARTITION BY RANGE (occurred_at);

CREATE TABLE audit.control (
    occurred_at TIMESTAMPTZ(6) NOT NULL DEFAULT clock_timestamp(),
    id UUID NOT NULL DEFAULT uuidv7(),
    txid xid8 NOT NULL,
    epoch INTEGER NOT NULL,
    type TEXT NOT NULL,
    body TEXT NOT NULL,

    CONSTRAINT control_pkey PRIMARY KEY (id)
);

CREATE TABLE audit.leaf (
    seq BIGINT NOT NULL,
    row_id UUID NOT NULL,
    occurred_at TIMESTAMPTZ(6) NOT NULL,
    kind SMALLINT NOT NULL,
    leaf BYTEA NOT NULL,

    CONSTRAINT leaf_pkey PRIMARY KEY (seq)
);

CREATE TABLE audit.checkpoint (
    size BIGINT NOT NULL,
    at TIMESTAMPTZ(6) NOT NULL,
    epoch INTEGER NOT NULL,
    watermark xid8 NOT NULL,
    root BYTEA NOT NULL,
    frontier BYTEA[] NOT NULL,
    key_id TEXT NOT NULL,
    sig BYTEA NOT NULL,

    CONSTRAINT checkpoint_pkey PRIMARY KEY (size)
);

CREATE TABLE audit.anchor (
    id UUID NOT NULL DEFAULT uuidv7(),
    checkpoint_size BIGINT NOT NULL,
    at TIMESTAMPTZ(6) NOT NULL DEFAULT clock_timestamp(),
    target TEXT NOT NULL,
    ref TEXT NOT NULL,

    CONSTRAINT anchor_pkey PRIMARY KEY (id)
);

CREATE TABLE audit.search (
    occurred_at TIMESTAMPTZ(6) NOT NULL,
    row_id UUID NOT NULL,
    actor_id UUID,
    subject_id UUID,
    kind SMALLINT NOT NULL,
    tbl TEXT,
    "action" TEXT,
    text TEXT NOT NULL,

    CONSTRAINT search_pkey PRIMARY KEY (occurred_at,row_id)
) PARTITION BY RANGE (occurred_at);

CREATE TABLE audit.enrichment (
    row_id UUID NOT NULL,
    score SMALLINT,
    country TEXT,
    city TEXT,
    device TEXT,
    browser TEXT,
    os TEXT,
    reasons TEXT[] NOT NULL DEFAULT '{}',

    CONSTRAINT enrichment_pkey PRIMARY KEY (row_id)
);

CREATE TABLE audit.hold (
    id UUID NOT NULL DEFAULT uuidv7(),
    placed_at TIMESTAMPTZ(6) NOT NULL DEFAULT clock_timestamp(),
    released_at TIMESTAMPTZ(6),
    subject_id UUID,
    placed_by UUID NOT NULL,
    month DATE,
    tbl TEXT,
    record_id TEXT,
    reason TEXT NOT NULL,

    CONSTRAINT hold_pkey PRIMARY KEY (id)
);

CREATE TABLE audit.policy (
    tbl TEXT NOT NULL,
    field TEXT NOT NULL,
    mode TEXT NOT NULL,
    why TEXT,
    snapshot BOOLEAN NOT NULL DEFAULT false,
    subject_column TEXT,
    pk_columns TEXT[] NOT NULL DEFAULT '{}',

    CONSTRAINT policy_pkey PRIMARY KEY (tbl,field)
);

CREATE TABLE audit.epoch (
    epoch INTEGER NOT NULL,
    system_identifier BIGINT NOT NULL,
    started_at TIMESTAMPTZ(6) NOT NULL DEFAULT clock_timestamp(),
    reason TEXT NOT NULL,

    CONSTRAINT epoch_pkey PRIMARY KEY (epoch)
);
CREATE INDEX action_actor_id_occurred_at_id_idx ON audit."action"(actor_id, occurred_at DESC, id DESC);
CREATE INDEX action_resource_action_occurred_at_idx ON audit."action"(resource, "action", occurred_at DESC);
CREATE INDEX action_request_id_idx ON audit."action"(request_id);
CREATE INDEX action_epoch_txid_id_idx ON audit."action"(epoch, txid, id);
CREATE INDEX event_tbl_record_id_occurred_at_id_idx ON audit.event(tbl, record_id, occurred_at DESC, id DESC);
CREATE INDEX event_actor_id_occurred_at_idx ON audit.event(actor_id, occurred_at DESC);
CREATE INDEX event_subject_id_occurred_at_idx ON audit.event(subject_id, occurred_at DESC);
CREATE INDEX event_action_id_idx ON audit.event(action_id);
CREATE INDEX event_epoch_txid_id_idx ON audit.event(epoch, txid, id);
CREATE INDEX value_subject_id_idx ON audit."value"(subject_id);
CREATE INDEX snapshot_tbl_record_id_occurred_at_idx ON audit.snapshot(tbl, record_id, occurred_at DESC);
CREATE INDEX snapshot_subject_id_idx ON audit.snapshot(subject_id);
CREATE INDEX control_type_occurred_at_idx ON audit.control(type, occurred_at DESC);
CREATE INDEX control_epoch_txid_id_idx ON audit.control(epoch, txid, id);
CREATE UNIQUE INDEX leaf_row_id_key ON audit.leaf(row_id);
CREATE INDEX checkpoint_at_idx ON audit.checkpoint(at);
CREATE INDEX anchor_checkpoint_size_idx ON audit.anchor(checkpoint_size);
CREATE INDEX search_subject_id_idx ON audit.search(subject_id);
CREATE INDEX search_text_idx ON audit.search USING GIN (text gin_trgm_ops);
CREATE INDEX hold_subject_id_idx ON audit.hold(subject_id);

ALTER TABLE audit."action"
  ADD CONSTRAINT action_outcome_check CHECK (outcome IN ('ok', 'denied', 'error', 'read')),
  ADD CONSTRAINT action_door_check CHECK (door IN ('admin', 'api', 'worker', 'cli')),
  ADD CONSTRAINT action_actor_type_check CHECK (actor_type IN ('staff', 'client', 'vendor', 'anonymous') OR starts_with(actor_type, 'system:')),
  ADD CONSTRAINT action_record_ids_check CHECK (cardinality(record_ids) <= 100);
ALTER TABLE audit.event
  ADD CONSTRAINT event_op_check CHECK (op BETWEEN 1 AND 5),
  ADD CONSTRAINT event_actor_type_check CHECK (actor_type IN ('staff', 'client', 'vendor', 'anonymous') OR starts_with(actor_type, 'system:'));
ALTER TABLE audit."value" ADD CONSTRAINT value_salt_check CHECK (octet_length(salt) = 16);
ALTER TABLE audit.snapshot ADD CONSTRAINT snapshot_salt_check CHECK (octet_length(salt) = 16);
ALTER TABLE audit.control
  ADD CONSTRAINT control_type_check CHECK (type IN ('erasure', 'partition_seal', 'policy', 'verify', 'hold', 'hold_release', 'epoch'));
ALTER TABLE audit.leaf
  ADD CONSTRAINT leaf_kind_check CHECK (kind BETWEEN 1 AND 3),
  ADD CONSTRAINT leaf_leaf_check CHECK (octet_length(leaf) = 32),
  ADD CONSTRAINT leaf_seq_check CHECK (seq >= 0);
ALTER TABLE audit.hold
  ADD CONSTRAINT hold_target_check CHECK (num_nonnulls(subject_id, month, tbl) = 1 AND (tbl IS NULL) = (record_id IS NULL));
ALTER TABLE audit.policy
  ADD CONSTRAINT policy_mode_check CHECK (mode IN ('audit', 'ignore') OR (field <> '*' AND mode IN ('keep', 'secret'))),
  ADD CONSTRAINT policy_why_check CHECK (mode <> 'ignore' OR (why IS NOT NULL AND length(why) >= 10));
ALTER TABLE audit.enrichment ADD CONSTRAINT enrichment_score_check CHECK (score BETWEEN 0 AND 100);

-- Refusals and errors are few and often looked for.
CREATE INDEX action_refused_idx ON audit."action" (occurred_at DESC, id DESC) WHERE outcome IN ('denied', 'error');
CREATE INDEX enrichment_score_idx ON audit.enrichment (score) WHERE score >= 70;

CREATE VIEW audit.erasure AS SELECT occurred_at, id, txid, epoch, body FROM audit.control WHERE type = 'erasure';
CREATE VIEW audit.partition_seal AS SELECT occurred_at, id, txid, epoch, body FROM audit.control WHERE type = 'partition_seal';

INSERT INTO audit.epoch (epoch, system_identifier, reason)
SELECT 1, system_identifier, 'installation' FROM pg_control_system();

RESET ROLE;
