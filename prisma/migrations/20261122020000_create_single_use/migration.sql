-- Things that serve exactly once (auth-api.md P17): hashes of what was given out, or of what was redeemed.
SET lock_timeout = '5s';
SET statement_timeout = '60s';
SET ROLE migrator;

CREATE TYPE identity.single_use_kind AS ENUM
  ('handoff', 'oauth_state', 'google_nonce', 'google_id_token', 'passkey_sign_in', 'passkey_registration', 'passkey_reauth', 'totp_enrolment', 'not_me', 'contact_undo');

CREATE TABLE identity.single_use (
    id UUID NOT NULL DEFAULT uuidv7(),
    created_at TIMESTAMPTZ(6) NOT NULL DEFAULT CURRENT_TIMESTAMP,
    kind identity.single_use_kind NOT NULL,
    token_hash BYTEA NOT NULL,
    client_id VARCHAR(60),
    user_id UUID,
    box BYTEA,
    expires_at TIMESTAMPTZ(6) NOT NULL,
    consumed_at TIMESTAMPTZ(6),

    CONSTRAINT single_use_pkey PRIMARY KEY (id),
    CONSTRAINT single_use_hash_check CHECK (octet_length(token_hash) = 32)
);
-- squawk-ignore require-concurrent-index-creation
CREATE UNIQUE INDEX single_use_kind_token_hash_key ON identity.single_use(kind, token_hash);
-- squawk-ignore require-concurrent-index-creation
CREATE INDEX single_use_user_id_idx ON identity.single_use(user_id);
-- squawk-ignore require-concurrent-index-creation
CREATE INDEX single_use_expires_at_idx ON identity.single_use(expires_at);

GRANT SELECT, INSERT, UPDATE, DELETE ON identity.single_use TO app_web, app_worker;

RESET ROLE;
SET ROLE audit_owner;
INSERT INTO audit.policy (tbl, field, mode, why) VALUES
  ('identity.single_use', '*', 'ignore', 'hashes of tokens that serve once and live minutes to days; each use is recorded as an action');
RESET ROLE;
