-- Files of people: what they are for, one key per file, and the bytes that are nobody's any more (docs/adr/0033).
SET lock_timeout = '5s';
SET statement_timeout = '60s';
SET ROLE migrator;

-- `upload`: handed in and not used for anything yet; becomes what it is used for, once.
ALTER TYPE identity.file_purpose ADD VALUE IF NOT EXISTS 'upload' AFTER 'ticket';
ALTER TYPE identity.file_purpose ADD VALUE IF NOT EXISTS 'product' AFTER 'ticket';
ALTER TYPE identity.single_use_kind ADD VALUE IF NOT EXISTS 'file_link' AFTER 'contact_undo';

-- squawk-ignore require-concurrent-index-creation
CREATE UNIQUE INDEX private_file_storage_key_key ON identity.private_file(storage_key);
ALTER TABLE identity.private_file ADD CONSTRAINT private_file_sizes_check CHECK (bytes > 0 AND octet_length(sha256) = 32) NOT VALID;
-- squawk-ignore constraint-missing-not-valid
ALTER TABLE identity.private_file VALIDATE CONSTRAINT private_file_sizes_check;

-- Names of stored bytes that have to go: written before bytes are stored and taken back by the transaction that keeps them, and written
-- again when they are deleted. So nothing lies in the store that no row knows of.
CREATE TABLE identity.file_removal (
    storage_key VARCHAR(200) NOT NULL,
    due_at TIMESTAMPTZ(6) NOT NULL,

    CONSTRAINT file_removal_pkey PRIMARY KEY (storage_key)
);
-- squawk-ignore require-concurrent-index-creation
CREATE INDEX file_removal_due_at_idx ON identity.file_removal(due_at);

GRANT SELECT, INSERT, UPDATE, DELETE ON identity.file_removal TO app_web, app_worker;

-- A file proves one thing of one person.
-- squawk-ignore require-concurrent-index-creation
CREATE UNIQUE INDEX kyc_document_file_id_key ON review.kyc_document(file_id);
-- squawk-ignore require-concurrent-index-creation
CREATE INDEX kyc_document_owner_user_id_idx ON review.kyc_document(owner_user_id);
-- The list is read newest first; the nightly job asks for what is past its time.
-- squawk-ignore require-concurrent-index-creation
CREATE INDEX kyc_submission_created_at_id_idx ON review.kyc_submission(created_at DESC, id);
-- squawk-ignore require-concurrent-index-creation
CREATE INDEX kyc_submission_owner_user_id_idx ON review.kyc_submission(owner_user_id);
-- squawk-ignore require-concurrent-index-creation
CREATE INDEX kyc_submission_retention_until_idx ON review.kyc_submission(retention_until) WHERE retention_until IS NOT NULL;

RESET ROLE;
SET ROLE audit_owner;
INSERT INTO audit.policy (tbl, field, mode, why) VALUES
  ('identity.file_removal', '*', 'ignore', 'random names of bytes that wait for their removal; deleting a file is recorded where it is deleted');
RESET ROLE;
