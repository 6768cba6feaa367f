-- Passkeys keep whether they may be backed up (WebAuthn L3 section 6.1.3: fixed at registration, compared at each use); devices keep how
-- the list of trusted devices names them.
SET lock_timeout = '5s';
SET statement_timeout = '60s';
SET ROLE migrator;

ALTER TABLE identity.passkey ADD COLUMN backup_eligible BOOLEAN NOT NULL DEFAULT false;
ALTER TABLE identity.passkey ADD CONSTRAINT passkey_backup_check CHECK (backup_eligible OR NOT backup_state) NOT VALID;

ALTER TABLE identity.known_device
  ADD COLUMN device_name VARCHAR(120),
  ADD COLUMN country_code CHAR(2);

RESET ROLE;
SET ROLE audit_owner;

-- The history names that a credential id was there; the id itself is in no log, audit value or event (auth-api.md section 7).
INSERT INTO audit.policy (tbl, field, mode) VALUES ('identity.passkey', 'credential_id', 'secret');

RESET ROLE;
SET ROLE migrator;

SELECT audit.enable_table('identity.passkey');

RESET ROLE;
