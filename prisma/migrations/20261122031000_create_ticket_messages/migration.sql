-- Conversations of tickets, and what claims, clocks, escalation and merging need (product.md 3.5, 4.6).
SET lock_timeout = '5s';
SET statement_timeout = '60s';
SET ROLE migrator;

CREATE TYPE support.message_visibility AS ENUM ('public', 'internal');
CREATE TYPE support.message_state AS ENUM ('draft', 'sent', 'discarded');

-- `body_enc` is under the data key of the person the ticket is about, whom `subject_user_id` names.
CREATE TABLE support.ticket_message (
    id UUID NOT NULL DEFAULT uuidv7(),
    created_at TIMESTAMPTZ(6) NOT NULL DEFAULT CURRENT_TIMESTAMP,
    updated_at TIMESTAMPTZ(6) NOT NULL DEFAULT CURRENT_TIMESTAMP,
    version INTEGER NOT NULL DEFAULT 1,
    ticket_id UUID NOT NULL,
    subject_user_id UUID NOT NULL,
    author_id UUID NOT NULL,
    drafted_by UUID,
    visibility support.message_visibility NOT NULL,
    state support.message_state NOT NULL,
    body_enc BYTEA NOT NULL,
    file_ids UUID[] NOT NULL DEFAULT '{}',
    sent_at TIMESTAMPTZ(6),

    CONSTRAINT ticket_message_pkey PRIMARY KEY (id),
    CONSTRAINT ticket_message_sent_check CHECK ((state = 'sent') = (sent_at IS NOT NULL)),
    CONSTRAINT ticket_message_draft_check CHECK (state = 'sent' OR visibility = 'public'),
    CONSTRAINT ticket_message_drafted_check CHECK (drafted_by <> author_id OR state <> 'sent'),
    CONSTRAINT ticket_message_ticket_id_fkey FOREIGN KEY (ticket_id) REFERENCES support.ticket(id) ON DELETE RESTRICT ON UPDATE CASCADE
);
-- squawk-ignore require-concurrent-index-creation
CREATE INDEX ticket_message_ticket_id_created_at_idx ON support.ticket_message(ticket_id, created_at);
-- squawk-ignore require-concurrent-index-creation
CREATE INDEX ticket_message_subject_user_id_idx ON support.ticket_message(subject_user_id);

-- `paused_at`: since when the clocks stand still. `sla_risk_at`, `sla_breach_at`: of the clock that runs (first response, then
-- resolution); the two `told` columns say when the leads heard of it.
ALTER TABLE support.ticket ADD COLUMN paused_at TIMESTAMPTZ(6);
ALTER TABLE support.ticket ADD COLUMN sla_risk_at TIMESTAMPTZ(6);
ALTER TABLE support.ticket ADD COLUMN sla_breach_at TIMESTAMPTZ(6);
ALTER TABLE support.ticket ADD COLUMN sla_risk_told_at TIMESTAMPTZ(6);
ALTER TABLE support.ticket ADD COLUMN sla_breach_told_at TIMESTAMPTZ(6);
ALTER TABLE support.ticket ADD COLUMN escalated_by UUID;
ALTER TABLE support.ticket ADD COLUMN escalation_answered_at TIMESTAMPTZ(6);
ALTER TABLE support.ticket ADD COLUMN escalation_answered_by UUID;
ALTER TABLE support.ticket ADD COLUMN merged_into_id UUID;
ALTER TABLE support.ticket ADD CONSTRAINT ticket_merged_into_id_fkey
  FOREIGN KEY (merged_into_id) REFERENCES support.ticket(id) ON DELETE SET NULL ON UPDATE CASCADE NOT VALID;
ALTER TABLE support.ticket ADD CONSTRAINT ticket_merged_check CHECK (merged_into_id <> id AND (merged_into_id IS NULL OR status = 'closed')) NOT VALID;
ALTER TABLE support.ticket ADD CONSTRAINT ticket_holder_check CHECK (status <> 'in_progress' OR assigned_to IS NOT NULL) NOT VALID;
ALTER TABLE support.ticket ADD CONSTRAINT ticket_claim_check CHECK (claim_expires_at IS NULL OR status = 'in_progress') NOT VALID;
ALTER TABLE support.ticket ADD CONSTRAINT ticket_pause_check
  CHECK (status IN ('resolved', 'closed') OR (paused_at IS NOT NULL) = (status IN ('awaiting_customer', 'awaiting_vendor'))) NOT VALID;
ALTER TABLE support.ticket ADD CONSTRAINT ticket_escalation_check
  CHECK (escalated_at IS NOT NULL OR num_nonnulls(escalated_by, escalation_answered_at, escalation_answered_by) = 0) NOT VALID;

-- The queue: highest priority, then most overdue.
-- squawk-ignore require-concurrent-index-creation
CREATE INDEX ticket_queue_idx ON support.ticket (priority DESC, sla_breach_at, id) WHERE status = 'open';
-- squawk-ignore require-concurrent-index-creation
CREATE INDEX ticket_claim_expires_at_idx ON support.ticket (claim_expires_at) WHERE claim_expires_at IS NOT NULL;
-- squawk-ignore require-concurrent-index-creation
CREATE INDEX ticket_sla_risk_at_idx ON support.ticket (sla_risk_at) WHERE status IN ('open', 'in_progress') AND sla_risk_told_at IS NULL;
-- squawk-ignore require-concurrent-index-creation
CREATE INDEX ticket_sla_breach_at_idx ON support.ticket (sla_breach_at) WHERE status IN ('open', 'in_progress');
-- squawk-ignore require-concurrent-index-creation
CREATE INDEX ticket_resolved_at_idx ON support.ticket (resolved_at) WHERE status = 'resolved';
-- squawk-ignore require-concurrent-index-creation
CREATE INDEX ticket_escalated_at_idx ON support.ticket (escalated_at) WHERE escalated_at IS NOT NULL AND escalation_answered_at IS NULL;
-- squawk-ignore require-concurrent-index-creation
CREATE INDEX ticket_created_at_id_idx ON support.ticket (created_at DESC, id);
-- squawk-ignore require-concurrent-index-creation
CREATE INDEX ticket_resolution_due_at_id_idx ON support.ticket (resolution_due_at, id);
-- squawk-ignore require-concurrent-index-creation
CREATE INDEX ticket_first_responded_at_idx ON support.ticket (first_responded_at);
-- squawk-ignore require-concurrent-index-creation
CREATE INDEX ticket_linked_ticket_id_idx ON support.ticket (linked_ticket_id);
-- squawk-ignore require-concurrent-index-creation
CREATE INDEX ticket_merged_into_id_idx ON support.ticket (merged_into_id);
-- squawk-ignore require-concurrent-index-creation
CREATE INDEX ticket_title_idx ON support.ticket USING GIN (title public.gin_trgm_ops);

GRANT SELECT, INSERT, UPDATE, DELETE ON support.ticket_message TO app_web, app_worker;

RESET ROLE;
SET ROLE audit_owner;
INSERT INTO audit.policy (tbl, field, mode, snapshot, subject_column, pk_columns) VALUES
  ('support.ticket_message', '*', 'audit', false, 'subject_user_id', '{id}');
INSERT INTO audit.policy (tbl, field, mode, why) VALUES
  ('support.ticket_message', 'updated_at', 'ignore', 'stamp of the row itself'),
  ('support.ticket_message', 'version', 'ignore', 'stamp of the row itself'),
  ('support.ticket', 'claim_expires_at', 'ignore', 'moves with every activity, which has its own action'),
  ('support.ticket', 'sla_risk_at', 'ignore', 'follows from the due dates, which are audited'),
  ('support.ticket', 'sla_breach_at', 'ignore', 'follows from the due dates, which are audited'),
  ('support.ticket', 'sla_risk_told_at', 'ignore', 'mark of the job; what it tells is an event of the outbox'),
  ('support.ticket', 'sla_breach_told_at', 'ignore', 'mark of the job; what it tells is an event of the outbox');
RESET ROLE;
SET ROLE migrator;

SELECT audit.enable_table('support.ticket_message'::regclass), audit.enable_table('support.ticket'::regclass);

RESET ROLE;
