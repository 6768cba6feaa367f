-- Removing one passkey takes two people too, and staff handle privacy requests: who did which step, on which ticket, and what came of it.
SET lock_timeout = '5s';
SET statement_timeout = '60s';
SET ROLE migrator;

ALTER TYPE support.approval_kind ADD VALUE IF NOT EXISTS 'passkey_removal' AFTER 'staff_grant';

-- `checklist`: items of the identity check that passed, never an answer. `purposes`: what is objected to. `outcome`: what a rectification
-- corrected, in words. `alerted_days`: the last alert before the due date that went out, in days left; 0 before the first.
ALTER TABLE support.privacy_request
  ADD COLUMN ticket_id UUID,
  ADD COLUMN purposes TEXT[] NOT NULL DEFAULT '{}',
  ADD COLUMN checklist JSONB NOT NULL DEFAULT '[]',
  ADD COLUMN received_by UUID,
  ADD COLUMN verified_by UUID,
  ADD COLUMN verified_at TIMESTAMPTZ(6),
  ADD COLUMN decided_by UUID,
  ADD COLUMN decided_at TIMESTAMPTZ(6),
  ADD COLUMN decision_reason VARCHAR(500),
  ADD COLUMN extension_reason VARCHAR(500),
  ADD COLUMN outcome VARCHAR(2000),
  ADD COLUMN alerted_days SMALLINT NOT NULL DEFAULT 0;

ALTER TABLE support.privacy_request
  ADD CONSTRAINT privacy_request_ticket_id_fkey FOREIGN KEY (ticket_id) REFERENCES support.ticket(id) ON DELETE SET NULL ON UPDATE CASCADE NOT VALID;
ALTER TABLE support.privacy_request ADD CONSTRAINT privacy_request_purposes_check CHECK (kind = 'object' OR purposes = '{}') NOT VALID;
ALTER TABLE support.privacy_request ADD CONSTRAINT privacy_request_checklist_check CHECK (jsonb_typeof(checklist) = 'array') NOT VALID;
ALTER TABLE support.privacy_request
  ADD CONSTRAINT privacy_request_words_check CHECK (decision_reason <> '' AND extension_reason <> '' AND outcome <> '') NOT VALID;
ALTER TABLE support.privacy_request ADD CONSTRAINT privacy_request_alerted_check CHECK (alerted_days IN (0, 10, 3)) NOT VALID;
ALTER TABLE support.privacy_request VALIDATE CONSTRAINT privacy_request_ticket_id_fkey;
ALTER TABLE support.privacy_request VALIDATE CONSTRAINT privacy_request_purposes_check;
ALTER TABLE support.privacy_request VALIDATE CONSTRAINT privacy_request_checklist_check;
ALTER TABLE support.privacy_request VALIDATE CONSTRAINT privacy_request_words_check;
ALTER TABLE support.privacy_request VALIDATE CONSTRAINT privacy_request_alerted_check;

-- The lists are read newest first.
-- squawk-ignore require-concurrent-index-creation
CREATE INDEX approval_request_created_at_id_idx ON support.approval_request (created_at DESC, id DESC);
-- squawk-ignore require-concurrent-index-creation
CREATE INDEX privacy_request_created_at_id_idx ON support.privacy_request (created_at DESC, id DESC);
-- squawk-ignore require-concurrent-index-creation
CREATE INDEX privacy_request_due_at_id_idx ON support.privacy_request (due_at, id);

RESET ROLE;
SET ROLE audit_owner;
INSERT INTO audit.policy (tbl, field, mode, why) VALUES
  ('support.privacy_request', 'alerted_days', 'ignore', 'which alert of the clock went out');
RESET ROLE;
SET ROLE migrator;
SELECT audit.enable_table('support.privacy_request'::regclass);

RESET ROLE;
