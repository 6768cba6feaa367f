-- The address of a linked account as it was at linking, under its owner's data key: the owner sees it masked their own way.
SET lock_timeout = '5s';
SET statement_timeout = '60s';
SET ROLE migrator;

-- No linked account exists before this migration: nothing wrote to the table.
-- squawk-ignore adding-required-field
ALTER TABLE identity.external_identity ADD COLUMN email_at_link_enc BYTEA NOT NULL;

SELECT audit.enable_table('identity.external_identity');

RESET ROLE;
