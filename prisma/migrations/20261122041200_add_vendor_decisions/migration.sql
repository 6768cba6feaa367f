-- What the decisions about a store leave behind: the notes on single fields that its owner reads, that it was rejected once, who
-- suspended it (somebody else has to lift that), and when two people approved its KYC.
SET lock_timeout = '5s';
SET statement_timeout = '60s';

SET ROLE migrator;

ALTER TABLE identity.vendor
  ADD COLUMN decision_notes JSONB NOT NULL DEFAULT '[]',
  ADD COLUMN rejected_at TIMESTAMPTZ(6),
  ADD COLUMN suspended_by UUID;
ALTER TABLE identity.vendor ADD CONSTRAINT vendor_notes_check CHECK (jsonb_typeof(decision_notes) = 'array') NOT VALID;

ALTER TABLE identity.vendor_setup ADD COLUMN kyc_done_at TIMESTAMPTZ(6);

-- Which stores share a device, and the list of payout accounts, newest first.
-- squawk-ignore require-concurrent-index-creation
CREATE INDEX known_device_device_hash_idx ON identity.known_device(device_hash);
-- squawk-ignore require-concurrent-index-creation
CREATE INDEX vendor_bank_account_created_at_id_idx ON identity.vendor_bank_account(created_at DESC, id);

SELECT audit.enable_table('identity.vendor'::regclass), audit.enable_table('identity.vendor_setup'::regclass);

RESET ROLE;
