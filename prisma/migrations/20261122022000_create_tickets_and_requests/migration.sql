-- Tickets, two-person approvals and privacy requests (product.md 3.5).
SET lock_timeout = '5s';
SET statement_timeout = '60s';
SET ROLE migrator;

CREATE TYPE support.ticket_category AS ENUM ('account_access', 'order_dispute', 'payment_issue', 'product_complaint', 'vendor_conduct',
  'delivery_problem', 'refund_request', 'measurement_issue', 'privacy', 'general');
CREATE TYPE support.ticket_priority AS ENUM ('low', 'medium', 'high', 'urgent');
CREATE TYPE support.ticket_status AS ENUM ('open', 'in_progress', 'awaiting_customer', 'awaiting_vendor', 'resolved', 'closed');
CREATE TYPE support.approval_kind AS ENUM ('mfa_reset', 'contact_change', 'erasure', 'bank_change', 'staff_grant');
CREATE TYPE support.approval_status AS ENUM ('requested', 'approved', 'awaiting_proof', 'executed', 'denied', 'cancelled', 'expired', 'failed', 'undone');
CREATE TYPE support.privacy_kind AS ENUM ('export', 'erase', 'restrict', 'object', 'rectify');
CREATE TYPE support.privacy_status AS ENUM ('received', 'identity_verified', 'approved', 'processing', 'completed', 'refused', 'withdrawn');
CREATE TYPE support.privacy_law AS ENUM ('ndpa', 'gdpr', 'ccpa');

-- T-1, T-2 ...; a number is never given twice.
CREATE SEQUENCE support.ticket_number_seq AS bigint;
CREATE FUNCTION support.next_ticket_number() RETURNS text
  LANGUAGE sql VOLATILE
  BEGIN ATOMIC
    SELECT 'T-' || nextval('support.ticket_number_seq')::text;
  END;

CREATE TABLE support.ticket (
    id UUID NOT NULL DEFAULT uuidv7(),
    created_at TIMESTAMPTZ(6) NOT NULL DEFAULT CURRENT_TIMESTAMP,
    updated_at TIMESTAMPTZ(6) NOT NULL DEFAULT CURRENT_TIMESTAMP,
    version INTEGER NOT NULL DEFAULT 1,
    number VARCHAR(14) NOT NULL DEFAULT support.next_ticket_number(),
    subject_user_id UUID,
    submitter_user_id UUID,
    order_id UUID,
    case_id UUID,
    linked_ticket_id UUID,
    category support.ticket_category NOT NULL,
    priority support.ticket_priority NOT NULL,
    status support.ticket_status NOT NULL DEFAULT 'open',
    title VARCHAR(300) NOT NULL,
    tags TEXT[] NOT NULL DEFAULT '{}',
    assigned_to UUID,
    claim_expires_at TIMESTAMPTZ(6),
    first_response_due_at TIMESTAMPTZ(6) NOT NULL,
    resolution_due_at TIMESTAMPTZ(6) NOT NULL,
    first_responded_at TIMESTAMPTZ(6),
    paused_s INTEGER NOT NULL DEFAULT 0,
    resolved_at TIMESTAMPTZ(6),
    closed_at TIMESTAMPTZ(6),
    resolution VARCHAR(2000),
    escalated_at TIMESTAMPTZ(6),
    escalated_to UUID,
    escalation_reason VARCHAR(500),
    checklist JSONB NOT NULL DEFAULT '[]',

    CONSTRAINT ticket_pkey PRIMARY KEY (id),
    CONSTRAINT ticket_number_check CHECK (number ~ '^T-[0-9]{1,12}$'),
    CONSTRAINT ticket_text_check CHECK (title <> '' AND resolution <> '' AND escalation_reason <> ''),
    CONSTRAINT ticket_due_check CHECK (first_response_due_at <= resolution_due_at),
    CONSTRAINT ticket_paused_check CHECK (paused_s >= 0),
    CONSTRAINT ticket_resolved_check CHECK (status NOT IN ('resolved', 'closed') OR resolved_at IS NOT NULL),
    CONSTRAINT ticket_closed_check CHECK ((status = 'closed') = (closed_at IS NOT NULL)),
    CONSTRAINT ticket_link_check CHECK (linked_ticket_id <> id),
    CONSTRAINT ticket_checklist_check CHECK (jsonb_typeof(checklist) = 'array'),
    CONSTRAINT ticket_linked_ticket_id_fkey FOREIGN KEY (linked_ticket_id) REFERENCES support.ticket(id) ON DELETE SET NULL ON UPDATE CASCADE
);
ALTER SEQUENCE support.ticket_number_seq OWNED BY support.ticket.number;
-- squawk-ignore require-concurrent-index-creation
CREATE UNIQUE INDEX ticket_number_key ON support.ticket(number);
-- squawk-ignore require-concurrent-index-creation
CREATE INDEX ticket_subject_user_id_created_at_idx ON support.ticket(subject_user_id, created_at DESC);
-- squawk-ignore require-concurrent-index-creation
CREATE INDEX ticket_submitter_user_id_created_at_idx ON support.ticket(submitter_user_id, created_at DESC);
-- squawk-ignore require-concurrent-index-creation
CREATE INDEX ticket_status_priority_first_response_due_at_idx ON support.ticket(status, priority, first_response_due_at);
-- squawk-ignore require-concurrent-index-creation
CREATE INDEX ticket_assigned_to_idx ON support.ticket(assigned_to);

-- `payload_enc` is under the data key of the subject; `payload_summary` is masked. `error_code`: why an approved request failed.
CREATE TABLE support.approval_request (
    id UUID NOT NULL DEFAULT uuidv7(),
    created_at TIMESTAMPTZ(6) NOT NULL DEFAULT CURRENT_TIMESTAMP,
    updated_at TIMESTAMPTZ(6) NOT NULL DEFAULT CURRENT_TIMESTAMP,
    version INTEGER NOT NULL DEFAULT 1,
    kind support.approval_kind NOT NULL,
    subject_user_id UUID NOT NULL,
    subject_id UUID NOT NULL,
    payload_enc BYTEA,
    payload_summary VARCHAR(200),
    status support.approval_status NOT NULL DEFAULT 'requested',
    reason VARCHAR(1000),
    evidence JSONB NOT NULL DEFAULT '{}',
    ticket_id UUID,
    requested_by UUID NOT NULL,
    decided_by UUID,
    decided_at TIMESTAMPTZ(6),
    decision_reason VARCHAR(1000),
    expires_at TIMESTAMPTZ(6) NOT NULL,
    executed_at TIMESTAMPTZ(6),
    undo_until TIMESTAMPTZ(6),
    error_code VARCHAR(60),

    CONSTRAINT approval_request_pkey PRIMARY KEY (id),
    CONSTRAINT approval_request_four_eyes_check CHECK (decided_by <> requested_by AND decided_by <> subject_user_id),
    CONSTRAINT approval_request_decided_check CHECK (decided_at IS NOT NULL OR num_nonnulls(decided_by, decision_reason) = 0),
    CONSTRAINT approval_request_people_check CHECK (status NOT IN ('approved', 'awaiting_proof', 'executed', 'denied', 'failed', 'undone') OR decided_by IS NOT NULL),
    CONSTRAINT approval_request_executed_check CHECK ((status IN ('executed', 'undone')) = (executed_at IS NOT NULL)),
    CONSTRAINT approval_request_undo_check CHECK (undo_until IS NULL OR (kind = 'contact_change' AND executed_at IS NOT NULL)),
    CONSTRAINT approval_request_undone_check CHECK (status <> 'undone' OR undo_until IS NOT NULL),
    CONSTRAINT approval_request_proof_check CHECK (kind = 'contact_change' OR status NOT IN ('awaiting_proof', 'undone')),
    CONSTRAINT approval_request_failed_check CHECK ((status = 'failed') = (error_code IS NOT NULL)),
    CONSTRAINT approval_request_evidence_check CHECK (jsonb_typeof(evidence) = 'object'),
    CONSTRAINT approval_request_text_check CHECK (reason <> '' AND decision_reason <> '' AND payload_summary <> ''),
    CONSTRAINT approval_request_ticket_id_fkey FOREIGN KEY (ticket_id) REFERENCES support.ticket(id) ON DELETE SET NULL ON UPDATE CASCADE
);
-- One open per subject and kind, whatever the number of callers.
-- squawk-ignore require-concurrent-index-creation
CREATE UNIQUE INDEX approval_request_open_key ON support.approval_request (subject_id, kind) WHERE status IN ('requested', 'approved', 'awaiting_proof');
-- squawk-ignore require-concurrent-index-creation
CREATE INDEX approval_request_subject_user_id_kind_created_at_idx ON support.approval_request(subject_user_id, kind, created_at DESC);
-- squawk-ignore require-concurrent-index-creation
CREATE INDEX approval_request_status_expires_at_idx ON support.approval_request(status, expires_at);
-- squawk-ignore require-concurrent-index-creation
CREATE INDEX approval_request_requested_by_idx ON support.approval_request(requested_by);

CREATE TABLE support.privacy_request (
    id UUID NOT NULL DEFAULT uuidv7(),
    created_at TIMESTAMPTZ(6) NOT NULL DEFAULT CURRENT_TIMESTAMP,
    updated_at TIMESTAMPTZ(6) NOT NULL DEFAULT CURRENT_TIMESTAMP,
    version INTEGER NOT NULL DEFAULT 1,
    subject_user_id UUID NOT NULL,
    kind support.privacy_kind NOT NULL,
    status support.privacy_status NOT NULL DEFAULT 'received',
    law support.privacy_law NOT NULL DEFAULT 'ndpa',
    received_via VARCHAR(20) NOT NULL,
    due_at TIMESTAMPTZ(6) NOT NULL,
    extended_to TIMESTAMPTZ(6),
    approval_id UUID,
    result_file_id UUID,
    counts JSONB NOT NULL DEFAULT '{}',
    refusal_code VARCHAR(60),
    refusal_text VARCHAR(2000),
    handled_by UUID,
    cancel_until TIMESTAMPTZ(6),
    completed_at TIMESTAMPTZ(6),
    download_at TIMESTAMPTZ(6),
    error_code VARCHAR(60),

    CONSTRAINT privacy_request_pkey PRIMARY KEY (id),
    CONSTRAINT privacy_request_via_check CHECK (received_via IN ('account', 'ticket', 'email', 'phone', 'letter')),
    CONSTRAINT privacy_request_due_check CHECK (due_at > created_at AND extended_to > due_at),
    CONSTRAINT privacy_request_erase_check CHECK (kind = 'erase' OR (cancel_until IS NULL AND approval_id IS NULL)),
    CONSTRAINT privacy_request_export_check CHECK (kind = 'export' OR (download_at IS NULL AND result_file_id IS NULL)),
    CONSTRAINT privacy_request_refused_check CHECK ((status = 'refused') = (refusal_code IS NOT NULL)),
    CONSTRAINT privacy_request_completed_check CHECK ((status = 'completed') = (completed_at IS NOT NULL)),
    CONSTRAINT privacy_request_counts_check CHECK (jsonb_typeof(counts) = 'object'),
    CONSTRAINT privacy_request_text_check CHECK (refusal_text <> '' AND refusal_code <> ''),
    CONSTRAINT privacy_request_approval_id_fkey FOREIGN KEY (approval_id) REFERENCES support.approval_request(id) ON DELETE RESTRICT ON UPDATE CASCADE
);
-- squawk-ignore require-concurrent-index-creation
CREATE UNIQUE INDEX privacy_request_open_key ON support.privacy_request (subject_user_id, kind)
  WHERE status IN ('received', 'identity_verified', 'approved', 'processing');
-- squawk-ignore require-concurrent-index-creation
CREATE INDEX privacy_request_subject_user_id_created_at_idx ON support.privacy_request(subject_user_id, created_at DESC);
-- squawk-ignore require-concurrent-index-creation
CREATE INDEX privacy_request_status_due_at_idx ON support.privacy_request(status, due_at);
-- squawk-ignore require-concurrent-index-creation
CREATE INDEX privacy_request_approval_id_idx ON support.privacy_request(approval_id);

GRANT USAGE ON SEQUENCE support.ticket_number_seq TO app_web, app_worker;
GRANT SELECT, INSERT, UPDATE, DELETE ON support.ticket, support.approval_request, support.privacy_request TO app_web, app_worker;

RESET ROLE;
SET ROLE audit_owner;
INSERT INTO audit.policy (tbl, field, mode, snapshot, subject_column, pk_columns) VALUES
  ('support.ticket', '*', 'audit', false, 'subject_user_id', '{id}'),
  ('support.approval_request', '*', 'audit', true, 'subject_user_id', '{id}'),
  ('support.privacy_request', '*', 'audit', true, 'subject_user_id', '{id}');
INSERT INTO audit.policy (tbl, field, mode, why)
SELECT t.tbl, f.field, 'ignore', 'stamp of the row itself'
  FROM audit.policy AS t CROSS JOIN (VALUES ('updated_at'), ('version')) AS f (field)
 WHERE t.field = '*' AND t.tbl IN ('support.ticket', 'support.approval_request', 'support.privacy_request');
-- What was asked for is read from the row while it is open; a copy in the history would outlive it.
INSERT INTO audit.policy (tbl, field, mode) VALUES ('support.approval_request', 'payload_enc', 'secret');
RESET ROLE;
SET ROLE migrator;

SELECT audit.enable_table('support.ticket'::regclass), audit.enable_table('support.approval_request'::regclass),
  audit.enable_table('support.privacy_request'::regclass);

RESET ROLE;
